/** Orders as they stand in the record, for who verifies them: one statement for many, so that each is seen at one moment. */
import type pg from 'pg'
import type { KeptOrder } from '../../domain/order/verify/kept.ts'

type Db = Pick<pg.Pool, 'query'>

const of = (table: string, sort: string) => `(SELECT coalesce(json_agg(r ORDER BY ${sort}), '[]') FROM ${table} r WHERE r.order_id = o.id)`

const select = `
  SELECT o.id, to_json(o) AS "order", ${of('order_event', 'r.seq')} AS events, ${of('task', 'r.task')} AS tasks,
         ${of('signature', 'r.task, r.party')} AS signatures, ${of('clock', 'r.clock')} AS clocks, ${of('rung', 'r.clock, r.pct')} AS rungs
    FROM orders o`

/** These orders, as far as they exist. */
export async function keptOrders(db: Db, ids: readonly string[]): Promise<KeptOrder[]> {
  const { rows } = await db.query<KeptOrder>(`${select} WHERE o.id = ANY($1) ORDER BY o.id`, [ids])
  return rows
}

/** The next orders after `id`, by id; those changed since `since` only, where it is given. */
export async function keptAfter(db: Db, id: string, { since, limit }: { since?: Date | undefined; limit: number }): Promise<KeptOrder[]> {
  const { rows } = await db.query<KeptOrder>(
    `${select} WHERE o.id > $1 AND ($2::timestamptz IS NULL OR o.updated_at >= $2) ORDER BY o.id LIMIT $3`,
    [id, since ?? null, limit],
  )
  return rows
}
