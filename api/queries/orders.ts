/** The list of orders, as keyset pages. */
import { type AppAbility, visibleOrders } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import type { listQuery } from '../schemas/order.ts'
import { namesOf } from './names.ts'
import { type Db, type Sql, all, below, contains, empty, rows, sql } from './sql.ts'
import type { z } from 'zod'

export interface OrderRow {
  id: string
  no: string | null
  process: string
  title: string
  status: string
  end: string | null
  customer_id: string | null
  customer_no: string | null
  customer_zh: string | null
  customer_en: string | null
  customer_grade: string | null
  grade: string | null
  service_id: string | null
  region_path: string
  priority: number
  source_channel: string | null
  source_no: string | null
  parent_id: string | null
  opened_at: Date
  closed_at: Date | null
  next_due_at: Date | null
  seq: number
  overdue: boolean
  tasks:
    | {
        task: string
        step: string
        status: string
        person: string | null
        unit: string | null
        queue: string | null
        dueAt: string | null
      }[]
    | null
}

type Query = z.output<typeof listQuery>
/** What is listed, on whichever page. */
export type Filter = Omit<Query, 'cursor' | 'limit'>

/** Sorts: the column, its direction, and how the cursor continues. `nextDueAt` lists what is still due only. */
const sorts = {
  '-openedAt': { column: sql`o.opened_at`, order: sql`o.opened_at DESC, o.id DESC`, after: sql`<`, key: (row: OrderRow) => row.opened_at },
  openedAt: { column: sql`o.opened_at`, order: sql`o.opened_at, o.id`, after: sql`>`, key: (row: OrderRow) => row.opened_at },
  nextDueAt: { column: sql`o.next_due_at`, order: sql`o.next_due_at, o.id`, after: sql`>`, key: (row: OrderRow) => row.next_due_at! },
} as const

/** One page of the orders that the person may see. `now` decides what is overdue. */
export async function listOrders(db: Db, principal: Principal, ability: AppAbility, query: Query, now: Date) {
  const sort = sorts[query.sort]
  const cursor = decodeCursor<readonly [string, string]>(query.cursor, ['instant', 'text'])
  const conditions: (Sql | false | undefined)[] = [
    ...(await wanted(db, principal, ability, query, now)),
    cursor && sql`(${sort.column}, o.id) ${sort.after} (${new Date(cursor[0])}, ${cursor[1]})`,
  ]
  const chosen = sql`SELECT o.* FROM orders o WHERE ${all(conditions)} ORDER BY ${sort.order} LIMIT ${query.limit + 1}`
  const found = await rows<OrderRow>(db, sql`${summaries(chosen, now)} ORDER BY ${sort.order}`)
  const { items, page } = paged(found, query.limit, (row) => [sort.key(row).toISOString(), row.id])
  const names = await namesOf(
    db,
    items.flatMap(({ tasks }) => (tasks ?? []).flatMap(({ person, unit }) => [person, unit])),
  )
  return { items: items.map(summary), names, page }
}

/** The columns of a summary, of the orders that `chosen` selects. `more`: further columns of `o`. */
export const summaries = (chosen: Sql, now: Date, more: Sql = empty): Sql => sql`
    WITH page AS (${chosen})
    SELECT o.id, o.no, o.process, o.title, o.status, o."end", o.customer_id, c.no AS customer_no, c.name_zh AS customer_zh, c.name_en AS customer_en,
           c.grade AS customer_grade, o.grade, o.service_id, o.region_path, o.priority, o.source_channel, o.source_no, o.parent_id,
           o.opened_at, o.closed_at, o.next_due_at, o.seq, t.tasks, coalesce(t.overdue, false) AS overdue ${more}
      FROM page o
      LEFT JOIN customer c ON c.id = o.customer_id
      LEFT JOIN LATERAL (
        SELECT json_agg(json_build_object('task', t.task, 'step', t.step, 'status', t.status, 'person', t.person_id, 'unit', t.unit_id,
                                          'queue', t.queue, 'dueAt', t.due_at) ORDER BY t.due_at NULLS LAST, t.task) AS tasks,
               bool_or(t.due_at < ${now}) AS overdue
          FROM task t WHERE t.order_id = o.id AND t.closed_at IS NULL
      ) t ON true`

/** What every list of orders leaves out: what is out of sight, and what the filter does not want. */
const wanted = async (
  db: Db,
  principal: Principal,
  ability: AppAbility,
  query: Filter,
  now: Date,
): Promise<(Sql | false | undefined)[]> => [
  visibleOrders(principal, ability),
  ...filters(query, now),
  query.q !== undefined && (await matches(db, query.q)),
  query.sort === 'nextDueAt' && sql`o.next_due_at IS NOT NULL AND o.status IN ('open', 'withdrawing')`,
]

/** How many orders a filter leaves of those in sight, and how many events they have. */
export async function countOrders(db: Db, principal: Principal, ability: AppAbility, query: Filter, now: Date) {
  const [found] = await rows<{ orders: number; events: number }>(
    db,
    sql`SELECT count(*)::int AS orders, coalesce(sum(o.seq), 0)::float8 AS events FROM orders o WHERE ${all(await wanted(db, principal, ability, query, now))}`,
  )
  return found!
}

/** Orders by their ids, for somebody who has just found them in a list. */
export async function ordersById(db: Db, ids: readonly string[], now: Date) {
  const found = await rows<OrderRow>(db, sql`${summaries(sql`SELECT o.* FROM orders o WHERE o.id = ANY (${ids})`, now)} ORDER BY o.id`)
  return found.map(summary)
}

function filters(query: Filter, now: Date): (Sql | undefined)[] {
  const overdue = sql`o.id IN (SELECT t.order_id FROM task t WHERE t.closed_at IS NULL AND t.due_at < ${now})`
  return [
    query.status && sql`o.status = ANY (${query.status})`,
    query.process !== undefined ? sql`o.process = ${query.process}` : undefined,
    query.customer !== undefined ? sql`o.customer_id = ${query.customer}` : undefined,
    query.service !== undefined ? sql`o.service_id = ${query.service}` : undefined,
    query.region !== undefined ? below(sql`o.region_path`, query.region.replace(/\/+$/, '')) : undefined,
    query.parent !== undefined ? sql`o.parent_id = ${query.parent}` : undefined,
    query.unit !== undefined
      ? sql`o.id IN (SELECT t.order_id FROM task t WHERE t.closed_at IS NULL AND t.unit_id IS NOT NULL AND t.unit_id = ${query.unit})`
      : undefined,
    query.overdue === undefined
      ? undefined
      : query.overdue
        ? sql`o.status IN ('open', 'withdrawing') AND ${overdue}`
        : sql`NOT (${overdue})`,
  ]
}

/** Hits of the index that are looked at one by one; more are so many that the latest orders in sight hold a page of them. */
const HITS = 2_000
const FEW_CUSTOMERS = 20

/**
 * Orders `o` that `q` finds: by their number alone, where it is one; else by number, source number and title, and by their customer. What is
 * rare comes from the index of their parts, what is common from the list itself: both take as long with a million orders as with a thousand.
 */
async function matches(db: Db, q: string): Promise<Sql> {
  const like = contains(q.toLowerCase())
  const named = sql`c.name_zh ILIKE ${contains(q)} OR c.name_en ILIKE ${contains(q)} OR c.no = ${q}`
  const [found] = await rows<{ numbered: string | null; customers: string[]; hits: string[] }>(
    db,
    // Each part is read only where the number is not one: common pairs of letters are many, and a number is full of them.
    sql`WITH n AS (SELECT (SELECT o.id FROM orders o WHERE o.no = ${q.toUpperCase()}) AS id)
        SELECT n.id AS numbered,
               CASE WHEN n.id IS NULL THEN ARRAY(SELECT c.id FROM customer c WHERE ${named} LIMIT ${FEW_CUSTOMERS + 1}) ELSE '{}' END AS customers,
               CASE WHEN n.id IS NULL THEN ARRAY(
                 SELECT f.order_id FROM order_find f WHERE f.parts @> letter_parts_wanted(${q}) AND f.words LIKE ${like} LIMIT ${HITS + 1}) ELSE '{}' END AS hits
          FROM n`,
  )
  const { numbered, customers, hits } = found!
  if (numbered !== null) return sql`o.id = ${numbered}`
  const worded =
    hits.length > HITS ? sql`EXISTS (SELECT FROM order_find f WHERE f.order_id = o.id AND f.words LIKE ${like})` : sql`o.id = ANY (${hits})`
  const theirs =
    customers.length > FEW_CUSTOMERS
      ? sql`o.customer_id IN (SELECT c.id FROM customer c WHERE ${named})`
      : customers.length > 0 && sql`o.customer_id = ANY (${customers})`
  return theirs ? sql`(${worded} OR ${theirs})` : worded
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

export function summary(row: OrderRow) {
  return {
    id: row.id,
    no: row.no,
    process: row.process,
    title: row.title,
    status: row.status,
    end: row.end,
    customer:
      row.customer_id === null
        ? null
        : {
            id: row.customer_id,
            no: row.customer_no!,
            name: { en: row.customer_en!, zh: row.customer_zh! },
            grade: row.grade ?? row.customer_grade!,
          },
    service: row.service_id,
    region: row.region_path,
    priority: row.priority,
    source: row.source_channel !== null && row.source_no !== null ? { channel: row.source_channel, number: row.source_no } : null,
    parent: row.parent_id,
    openedAt: row.opened_at.toISOString(),
    closedAt: iso(row.closed_at),
    nextDueAt: iso(row.next_due_at),
    overdue: row.overdue,
    version: row.seq,
    tasks: (row.tasks ?? []).map((task) => ({ ...task, dueAt: task.dueAt && new Date(task.dueAt).toISOString() })),
  }
}
