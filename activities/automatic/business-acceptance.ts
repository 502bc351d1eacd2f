/** P-08 start-business-acceptance: the opportunity is recorded as a request, which the customer visit (P-02) that it starts takes. */
import type pg from 'pg'
import { bodyOf } from '../projections/projection.ts'
import type { AutomaticInput, AutomaticResult } from '../types.ts'

/** One request for each order, however often it is asked for. */
export async function startBusinessAcceptance(pool: pg.Pool, { order, facts, at }: AutomaticInput): Promise<AutomaticResult> {
  const description = typeof facts.opportunity === 'string' ? facts.opportunity : ''
  const { rowCount } = await pool.query(
    `INSERT INTO business_request (id, order_id, customer_id, description, created_at)
     SELECT 'br-' || o.id, o.id, o.customer_id, ${bodyOf('$2::text')}, $3
     FROM orders o WHERE o.id = $1 ON CONFLICT (order_id) DO UPDATE SET order_id = excluded.order_id`,
    [order, description, new Date(at)],
  )
  if (rowCount === 0) throw new Error(`the record has no order ${order} yet; trying again`)
  return { outcome: 'started', form: { request: `br-${order}`, fromVisit: order, ...(description && { demand: description }) } }
}
