/** P-14 is the technical ticket; a P-12 or P-13 case may start one and wait for it (P-14, open questions). */
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import type { Order } from '../kit/process.ts'

/** The ticket's end, or nothing where the application asked for none. */
export async function technicalTicket(
  order: Pick<Order<ProcessSpec>, 'child'>,
  application: Readonly<Record<string, Fact>>,
): Promise<string | undefined> {
  if (application.openTicket !== true) return undefined
  return order.child('graded-fault', { key: 'ticket', input: { source: 'account-manager' } })
}
