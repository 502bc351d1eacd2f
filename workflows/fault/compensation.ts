/** The compensation branch that P-12 and P-13 share. */
import type { compensationSteps } from '../../domain/processes/compensation.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Order } from '../kit/process.ts'

type Compensated = Omit<ProcessSpec, 'steps'> & { steps: ReturnType<typeof compensationSteps> }

/** The branch in any process that has its steps; narrowed to them, so that their outcomes are checked here too. */
export const compensate = <S extends Compensated>(order: Order<S>): Promise<void> => settle(order as unknown as Order<Compensated>)

/** By the clause of the contract where there is one, otherwise by a signed agreement; nothing is paid without one of the two. */
async function settle(order: Order<Compensated>): Promise<void> {
  if ((await order.step('decide-compensation')) === 'no') return
  order.undo('void-compensation')
  if ((await order.step('decide-clause')) === 'yes') {
    while ((await order.step('propose-by-contract')) === 'rejected');
  } else if (!(await agreed(order))) return
  await order.step('execute-compensation')
}

/** True once the agreement is signed, false when the customer waives. */
async function agreed(order: Order<Compensated>): Promise<boolean> {
  do {
    if ((await order.step('negotiate-compensation')) === 'waived') return false
  } while ((await order.step('sign-agreement')) === 'abandoned')
  return true
}
