/** The half that P-06 and P-07 share: money in, checked against the documents until they match, and the invoice. */
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { serviceActivationSpec } from '../../domain/processes/service-activation.ts'
import type { Order } from '../kit/process.ts'

type Shared = 'collect-payment' | 'finance-check' | 'issue-invoice' | 'activate-service'
type Charged = Omit<ProcessSpec, 'steps'> & { steps: Pick<(typeof serviceActivationSpec)['steps'], Shared> }

/** Any process that has the shared steps; narrowed to them, so that their outcomes are checked here too. */
const charged = <S extends Charged>(order: Order<S>) => order as unknown as Order<Charged>

/** 單款相符: no invoice before document and payment match. */
export async function pay<S extends Charged>(of: Order<S>, correct: () => Promise<unknown>): Promise<void> {
  const order = charged(of)
  await order.step('collect-payment')
  order.undo('refund-payment')
  while ((await order.step('finance-check')) === 'mismatch') await correct()
  await order.step('issue-invoice')
}

/** True where the service has been on and paid for, and only did not work; no start may say so, but an order that ran the first activation. */
export const again = ({ input }: Pick<Order<ProcessSpec>, 'input'>): boolean => input.activatedAt !== undefined

/** Until the service is on. */
export async function activate<S extends Charged>(of: Order<S>): Promise<void> {
  const order = charged(of)
  while ((await order.step('activate-service')) === 'failed');
}
