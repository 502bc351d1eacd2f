/** What the machine does in P-33: who has given up everything becomes history; who gave up single numbers stays a customer. */
import type pg from 'pg'
import type { AutomaticInput, AutomaticResult } from '../types.ts'

export async function deregisterCustomer(pool: pg.Pool, { order }: AutomaticInput): Promise<AutomaticResult> {
  const { rows } = await pool.query<{ remains: boolean }>(
    `WITH about AS (
       SELECT o.customer_id AS id, EXISTS (SELECT FROM service s WHERE s.customer_id = o.customer_id AND s.status <> 'ended') AS remains
         FROM orders o WHERE o.id = $1),
     gone AS (UPDATE customer c SET status = 'left' FROM about WHERE c.id = about.id AND NOT about.remains)
     SELECT remains FROM about`,
    [order],
  )
  if (!rows[0]) throw new Error(`the record has no order ${order} yet; trying again`)
  return { outcome: 'done', form: { remains: rows[0].remains } }
}
