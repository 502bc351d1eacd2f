/** Any selection of orders with all their events, page by page, for exports. */
import type pg from 'pg'
import type { AppAbility } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import { resolveTexts } from '../orders/texts.ts'
import { type Filter, countOrders, listOrders, ordersById, type summary } from './orders.ts'
import { rows, sql } from './sql.ts'

export type OrderSummary = ReturnType<typeof summary>

export interface ExportedEvent {
  seq: number
  type: string
  at: string
  actor: { kind: string; id: string; for: string | null }
  data: Record<string, unknown>
  command: string | null
  hash: string
}

/** Some of an order's events; a long history comes in several pieces. */
export interface OrderEvents {
  order: OrderSummary
  events: readonly ExportedEvent[]
  first: boolean
  last: boolean
}

const PAGE = 200
/** Of one statement. */
const EVENTS = 2_000

export interface Selection {
  /** How many there are now, and their events. */
  size(): Promise<{ orders: number; events: number }>
  orders(): AsyncGenerator<OrderSummary>
  events(): AsyncGenerator<OrderEvents>
  /** Rows of orders that were in the selection. */
  again(ids: readonly string[]): Promise<OrderSummary[]>
}

/** What the person may see of the orders that the filter leaves. */
export function select(pool: pg.Pool, principal: Principal, ability: AppAbility, filter: Filter, now: Date): Selection {
  async function* orders(): AsyncGenerator<OrderSummary> {
    for (let cursor: string | undefined; ; ) {
      const { items, page } = await listOrders(pool, principal, ability, { ...filter, limit: PAGE, cursor }, now)
      yield* items
      if (page.next === null) return
      cursor = page.next
    }
  }
  return {
    orders,
    size: () => countOrders(pool, principal, ability, filter, now),
    again: (ids) => ordersById(pool, ids, now),
    async *events() {
      let some: OrderSummary[] = []
      for await (const order of orders()) {
        if (some.length > 0 && some.reduce((sum, { version }) => sum + version, order.version) > EVENTS) {
          yield* eventsOf(pool, some)
          some = []
        }
        some.push(order)
      }
      yield* eventsOf(pool, some)
    },
  }
}

interface Row {
  order_id: string
  seq: number
  type: string
  at: Date
  actor_kind: string
  actor_id: string
  on_behalf_of: string | null
  data: Record<string, unknown>
  cmd: string | null
  hash: string
}

/** Events of these orders, up to the versions that the orders were seen with. */
async function* eventsOf(pool: pg.Pool, orders: readonly OrderSummary[]): AsyncGenerator<OrderEvents> {
  if (orders.length === 0) return
  const most = Math.max(...orders.map(({ version }) => version))
  // A long history stands alone.
  if (orders.length > 1 || most <= EVENTS) {
    const found = await read(pool, orders, 0, most)
    for (const order of orders) yield { order, events: found.get(order.id) ?? [], first: true, last: true }
    return
  }
  const [order] = orders as [OrderSummary]
  for (let from = 0; from < order.version; from += EVENTS) {
    const found = await read(pool, [order], from, from + EVENTS)
    yield { order, events: found.get(order.id) ?? [], first: from === 0, last: from + EVENTS >= order.version }
  }
}

async function read(pool: pg.Pool, orders: readonly OrderSummary[], after: number, upTo: number): Promise<Map<string, ExportedEvent[]>> {
  const found = await rows<Row>(
    pool,
    sql`SELECT e.order_id, e.seq, e.type, e.at, e.actor_kind, e.actor_id, e.on_behalf_of, e.data, e.cmd, e.hash
          FROM unnest(${orders.map(({ id }) => id)}::text[], ${orders.map(({ version }) => version)}::int[]) AS o (id, version)
          JOIN order_event e ON e.order_id = o.id AND e.seq <= o.version
         WHERE e.seq > ${after} AND e.seq <= ${upTo} ORDER BY e.order_id, e.seq`,
  )
  const data = await resolveTexts(
    pool,
    found.map((row) => row.data),
  )
  const byOrder = new Map<string, ExportedEvent[]>()
  found.forEach(({ order_id: order, seq, type, at, actor_kind: kind, actor_id: id, on_behalf_of: absent, cmd, hash }, i) => {
    const event = { seq, type, at: at.toISOString(), actor: { kind, id, for: absent }, data: data[i]!, command: cmd, hash }
    const known = byOrder.get(order)
    if (known) known.push(event)
    else byOrder.set(order, [event])
  })
  return byOrder
}
