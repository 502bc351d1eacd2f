/** P-14: fault of a government-enterprise customer by grade. */
import { gradedFaultSpec } from '../../domain/processes/graded-fault.ts'
import { type Order, process } from '../kit/process.ts'

type Ticket = Order<typeof gradedFaultSpec>

export const gradedFault = process(gradedFaultSpec, async (order) => {
  if ((await order.step('accept-fault')) === 'not-a-fault') {
    await order.step('reply-not-a-fault')
    return 'not-a-fault'
  }
  if ((await order.step('diagnose')) === 'needs-dispatch') {
    await dispatch(order)
    await repair(order)
  }
  while ((await order.step('confirm-recovery')) === 'not-recovered') await repair(order)
  await order.step('upload-report')
  await order.step('archive-fault')
  return 'closed'
})

/** Until somebody takes the ticket; whoever is asked may refuse it, or return it up. */
async function dispatch(order: Ticket): Promise<void> {
  do await order.step('dispatch-fault')
  while ((await order.step('take-ticket')) !== 'taken')
}

/** By whoever took it, or by another level, until the receipt is back. */
async function repair(order: Ticket): Promise<void> {
  while ((await order.step('repair-fault')) === 'needs-other-level') await dispatch(order)
  await order.step('return-receipt')
}
