/** What the machine does in P-32: the arrears in the customer's record, his services restricted and restored. Each may run twice. */
import type pg from 'pg'
import type { AutomaticInput, AutomaticResult } from '../types.ts'

export async function recordArrears(pool: pg.Pool, { order, facts, at }: AutomaticInput): Promise<AutomaticResult> {
  const { rowCount } = await pool.query(
    `INSERT INTO arrears (order_id, customer_id, account, period, amount, due_at, recorded_at, services)
     SELECT o.id, o.customer_id, $2, $3, $4, $5, $6, '{}' FROM orders o WHERE o.id = $1 ON CONFLICT (order_id) DO UPDATE SET order_id = excluded.order_id`,
    [
      order,
      typeof facts.account === 'string' ? facts.account : '',
      facts.period,
      facts.amount,
      new Date(Number(facts.dueDate)),
      new Date(at),
    ],
  )
  if (rowCount === 0) throw new Error(`the record has no order ${order} yet; trying again`)
  return { outcome: 'recorded' }
}

/**
 * What is in use is restricted, and noted, so that nothing else is restored later. The order's row is locked: a payment that has ended the
 * step meanwhile leaves nothing restricted.
 */
export async function restrictService(pool: pg.Pool, { order, task, at }: AutomaticInput): Promise<AutomaticResult> {
  await pool.query(
    `WITH open AS (
       SELECT o.id, o.customer_id FROM orders o WHERE o.id = $1 AND o.state -> 'tasks' ? $2 FOR UPDATE),
     restricted AS (
       UPDATE service s SET status = 'suspended' FROM open, arrears a
        WHERE a.order_id = open.id AND a.restricted_at IS NULL AND s.customer_id = open.customer_id AND s.status = 'active' RETURNING s.id)
     UPDATE arrears a SET restricted_at = $3, services = ARRAY(SELECT id FROM restricted ORDER BY id)
       FROM open WHERE a.order_id = open.id AND a.restricted_at IS NULL`,
    [order, task, new Date(at)],
  )
  // A payment, or the clock, says how it ends.
  return {}
}

export async function restoreService(pool: pg.Pool, { order, at }: AutomaticInput): Promise<AutomaticResult> {
  await pool.query(
    `WITH due AS (SELECT a.order_id, a.services FROM arrears a WHERE a.order_id = $1 AND a.restored_at IS NULL FOR UPDATE),
     restored AS (UPDATE service s SET status = 'active' FROM due WHERE s.id = ANY (due.services) AND s.status = 'suspended'
       AND NOT EXISTS (SELECT FROM arrears other WHERE other.order_id <> due.order_id AND other.restored_at IS NULL AND s.id = ANY (other.services)))
     UPDATE arrears a SET restored_at = $2 FROM due WHERE a.order_id = due.order_id`,
    [order, new Date(at)],
  )
  return { outcome: 'restored' }
}
