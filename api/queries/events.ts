/** An order's history: pages, the state at any moment, and whether the chain holds. */
import type { OrderEvent } from '../../domain/order/event.ts'
import { blank, evolve } from '../../domain/order/evolve.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import { resolveTexts } from '../orders/texts.ts'
import { historyNames, idsOfEvent } from './history-names.ts'
import { type Db, type Sql, all, empty, rows, sql } from './sql.ts'
import type pg from 'pg'

interface EventRow {
  seq: number
  move_seq: number
  type: string
  data: Record<string, unknown>
  actor_kind: string
  actor_id: string
  on_behalf_of: string | null
  at: Date
  cmd: string | null
  prev_hash: string
  hash: string
}

const select = (conditions: Sql, rest: Sql = sql`ORDER BY seq`): Sql =>
  sql`SELECT seq, move_seq, type, data, actor_kind, actor_id, on_behalf_of, at, cmd, prev_hash, hash FROM order_event WHERE ${conditions} ${rest}`

/** The event as the chain covers it. */
const toEvent = (row: EventRow): OrderEvent =>
  ({
    type: row.type,
    data: row.data,
    seq: row.seq,
    at: row.at.getTime(),
    actor: { kind: row.actor_kind, id: row.actor_id, ...(row.on_behalf_of !== null && { for: row.on_behalf_of }) },
    ...(row.cmd !== null && { cmd: row.cmd }),
  }) as OrderEvent

/** Whose history it is and what its process calls things: what names in it depend on. */
export interface Subject {
  spec: ProcessSpec | undefined
  customer: string | null
}

/** Nothing where there is no such order. */
export async function subjectOf(
  { pool, catalogue }: { pool: pg.Pool; catalogue: { spec: (process: string) => ProcessSpec | undefined } },
  order: string,
): Promise<Subject | undefined> {
  const [found] = await rows<{ process: string; customer: string | null }>(
    pool,
    sql`SELECT process, customer_id AS customer FROM orders WHERE id = ${order}`,
  )
  return found && { spec: catalogue.spec(found.process), customer: found.customer }
}

/** A page of the history, with its long texts and the names of what it mentions. */
export async function listEvents(
  pool: pg.Pool,
  order: string,
  { spec, customer }: Subject,
  query: { limit: number; cursor?: string | undefined; sort: 'seq' | '-seq' },
) {
  const cursor = decodeCursor<readonly [number]>(query.cursor, ['number'])
  const latest = query.sort === '-seq'
  const beyond = cursor && (latest ? sql`seq < ${cursor[0]}` : sql`seq > ${cursor[0]}`)
  const found = await rows<EventRow>(
    pool,
    select(all([sql`order_id = ${order}`, beyond]), sql`ORDER BY seq ${latest ? sql`DESC` : empty} LIMIT ${query.limit + 1}`),
  )
  const { items, page } = paged(found, query.limit, ({ seq }) => [seq])
  const mentioned = items.flatMap(({ actor_id, on_behalf_of, data }) => [actor_id, on_behalf_of ?? undefined, ...idsOfEvent(data, spec)])
  const [texts, names] = await Promise.all([
    resolveTexts(
      pool,
      items.map(({ data }) => data),
    ),
    historyNames(pool, mentioned, customer),
  ])
  return {
    items: items.map((row, i) => {
      const { actor } = toEvent(row)
      return {
        seq: row.seq,
        move: row.move_seq,
        type: row.type,
        at: row.at.toISOString(),
        actor,
        data: texts[i]!,
        command: row.cmd,
        prevHash: row.prev_hash,
        hash: row.hash,
      }
    }),
    names,
    page,
  }
}

/** The whole history with its long texts and the names in it: for files. */
export async function everyEvent(pool: pg.Pool, order: string, subject: Subject) {
  const items: Awaited<ReturnType<typeof listEvents>>['items'] = []
  let names: Awaited<ReturnType<typeof listEvents>>['names'] = {}
  for (let cursor: string | undefined; ; ) {
    const found = await listEvents(pool, order, subject, { limit: 500, cursor, sort: 'seq' })
    items.push(...found.items)
    names = { ...names, ...found.names }
    if (found.page.next === null) return { items, names }
    cursor = found.page.next
  }
}

/** The whole history as the rules know it. */
export const historyOf = async (db: Db, order: string): Promise<OrderEvent[]> =>
  (await rows<EventRow>(db, select(sql`order_id = ${order}`))).map(toEvent)

/** The state after event `seq`, or after the last event at or before `time`. Nothing where there was none yet, or is none so far. */
export async function stateAt(
  db: Db,
  order: string,
  moment: { seq: number } | { time: Date },
): Promise<{ state: OrderState; at: Date } | undefined> {
  const until = 'seq' in moment ? sql`seq <= ${moment.seq}` : sql`at <= ${moment.time}`
  const history = await rows<EventRow>(db, select(sql`order_id = ${order} AND ${until}`))
  const last = history.at(-1)
  if (!last || ('seq' in moment && last.seq !== moment.seq)) return undefined
  let state = blank(order)
  for (const row of history) state = evolve(state, toEvent(row), row.hash)
  return { state, at: last.at }
}
