/** Rungs that fired, the latest first. */
import type { z } from 'zod'
import { type AppAbility, visibleRungs } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import type { breachesQuery } from '../schemas/task.ts'
import { namesOf } from './names.ts'
import { type Db, all, below, rows, sql } from './sql.ts'

export interface RungRow {
  order_id: string
  order_no: string | null
  order_title: string
  process: string
  clock: string
  task: string | null
  step: string | null
  pct: number
  due_at: Date
  fired_at: Date
  late_ms: string
  holder_id: string | null
  unit_id: string | null
  region_path: string
  settled_at: Date | null
}

export async function listBreaches(db: Db, principal: Principal, ability: AppAbility, query: z.output<typeof breachesQuery>) {
  const cursor = decodeCursor<readonly [string, string, string, number, string]>(query.cursor, [
    'instant',
    'text',
    'text',
    'number',
    'instant',
  ])
  const conditions = [
    visibleRungs(principal, ability),
    query.state === 'open' && sql`r.settled_at IS NULL`,
    query.state === 'settled' && sql`r.settled_at IS NOT NULL`,
    query.minPct > 0 && sql`r.pct >= ${query.minPct}`,
    query.process !== undefined && sql`o.process = ${query.process}`,
    query.region !== undefined && below(sql`r.region_path`, query.region.replace(/\/+$/, '')),
    query.holder !== undefined && sql`r.holder_id = ${query.holder}`,
    query.unit !== undefined && sql`r.unit_id = ${query.unit}`,
    query.step !== undefined && sql`r.step = ${query.step}`,
    query.product !== undefined && ofProduct(query.product),
    // Newest first, the rest ascending: the leading comparison is a range of the index.
    cursor &&
      sql`r.fired_at <= ${new Date(cursor[0])}
          AND (r.fired_at < ${new Date(cursor[0])} OR (r.order_id, r.clock, r.pct, r.due_at) > (${cursor[1]}, ${cursor[2]}, ${cursor[3]}::int, ${new Date(cursor[4])}))`,
  ]
  const found = await rows<RungRow>(
    db,
    sql`SELECT ${rungColumns}
          FROM rung r JOIN orders o ON o.id = r.order_id
         WHERE ${all(conditions)}
         ORDER BY r.fired_at DESC, r.order_id, r.clock, r.pct, r.due_at LIMIT ${query.limit + 1}`,
  )
  const { items, page } = paged(found, query.limit, (row) => [
    row.fired_at.toISOString(),
    row.order_id,
    row.clock,
    row.pct,
    row.due_at.toISOString(),
  ])
  const names = await namesOf(
    db,
    items.flatMap(({ holder_id, unit_id }) => [holder_id, unit_id]),
  )
  return {
    items: items.map(breachOf),
    names,
    page,
  }
}

/** Orders `o` about a service of the product. */
export const ofProduct = (product: string) => sql`o.service_id IN (SELECT v.id FROM service v WHERE v.product_id = ${product})`

/** The columns of a rung `r` and its order `o`. */
export const rungColumns = sql`
  r.order_id, o.no AS order_no, o.title AS order_title, o.process, r.clock, r.task, r.step, r.pct, r.due_at, r.fired_at, r.late_ms,
  r.holder_id, r.unit_id, r.region_path, r.settled_at`

export const breachOf = (row: RungRow) => ({
  order: row.order_id,
  orderNo: row.order_no,
  orderTitle: row.order_title,
  process: row.process,
  clock: row.clock,
  task: row.task,
  step: row.step,
  pct: row.pct,
  dueAt: row.due_at.toISOString(),
  firedAt: row.fired_at.toISOString(),
  lateMs: Number(row.late_ms),
  holder: row.holder_id,
  unit: row.unit_id,
  region: row.region_path,
  settledAt: row.settled_at?.toISOString() ?? null,
})
