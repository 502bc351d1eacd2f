/** P-34: one open retention case for each customer (rule 3), from its opening to its end, with the alarm that opened it. */
import type { OrderState } from '../../domain/order/state.ts'
import { iso } from '../../domain/order/rows/order.ts'
import type { Statement } from '../write.ts'

/** A run over all customers is no case. A second case beside an open one leaves no row; detection opens none. */
export function opened({ customer, facts, startedBy }: OrderState, at: number): Statement | undefined {
  if (facts.entry === 'run' || !customer) return undefined
  return {
    name: 'retention_case_row',
    sql: `INSERT INTO retention_case (order_id, customer_id, alarm_id, opened_at)
  SELECT o.id, $rows ->> 'customer', (SELECT a.id FROM retention_alarm a WHERE a.run_id = $rows ->> 'run' AND a.customer_id = $rows ->> 'customer'
    AND a.state = 'opened'), ($rows ->> 'at')::timestamptz FROM o ON CONFLICT DO NOTHING`,
    param: { customer, run: startedBy ?? null, at: iso(at) },
  }
}

export const closed = (end: string, at: number): Statement => ({
  name: 'retention_case_closed',
  sql: `UPDATE retention_case SET closed_at = ($rows ->> 'at')::timestamptz, "end" = $rows ->> 'end' FROM o
  WHERE retention_case.order_id = o.id AND retention_case.closed_at IS NULL`,
  param: { end, at: iso(at) },
})

/** A case that came to nothing gives back what it had reserved of its campaign's budget. */
export const costReturned = (order: string): Statement => ({
  name: 'campaign_cost_returned',
  sql: `DELETE FROM campaign_cost WHERE order_id = $rows ->> 'order'`,
  param: { order },
})
