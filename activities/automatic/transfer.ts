/** P-10 start-return-visit: what is under way for the customer goes to his new account manager, then the visit is planned (P-08). */
import type pg from 'pg'
import type { AutomaticInput, AutomaticResult } from '../types.ts'

const asking = `
  SELECT coalesce(t.account_manager_id, c.account_manager_id) AS manager, t.previous_manager AS previous,
    ARRAY (SELECT x.id FROM orders x WHERE x.customer_id = o.customer_id AND x.status = 'open' AND x.process <> o.process ORDER BY x.id) AS under_way
  FROM orders o JOIN customer c ON c.id = o.customer_id
    LEFT JOIN customer_transfer t ON t.customer_id = o.customer_id AND t.order_id = coalesce(o.parent_id, o.id)
  WHERE o.id = $1`

/** Orders are told once by the id of this transfer, however often the step runs. */
export async function startReturnVisit(pool: pg.Pool, { order }: AutomaticInput): Promise<AutomaticResult> {
  const { rows } = await pool.query<{ manager: string | null; previous: string | null; under_way: string[] }>(asking, [order])
  const row = rows[0]
  if (!row) throw new Error(`the record has no order ${order} yet; trying again`)
  const { manager, previous, under_way: underWay } = row
  if (manager === null || manager === previous) return { outcome: 'started', form: { handedOver: 0 } }
  const facts = { accountManager: manager, ...(previous !== null && { previous }) }
  return {
    outcome: 'started',
    form: { handedOver: underWay.length },
    tell: underWay.map((other) => ({ order: other, kind: 'customer-transferred', id: `transfer-${order}`, facts })),
  }
}
