/** Links that show an order to its customer, and what he sees through one. */
import type pg from 'pg'
import { PROMISE } from '../../domain/order/clocks.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { type Asked, trackView } from '../../domain/order/track.ts'
import type { Member } from '../../domain/order/withdrawal.ts'
import { secretHash } from '../auth/tokens.ts'
import { resolveTexts } from '../orders/texts.ts'
import { type Db, rows, sql } from './sql.ts'
import { customersOrders } from './tree.ts'

/** A link that holds, and who acts through it. */
export interface Link {
  order: string
  /** The contact's id, else the customer's: the actor's in what he does. */
  actor: string
  name: string
}

/** The link of a token; nothing for one that is unknown, revoked or expired. */
export async function linkOf(db: Db, token: string, now: Date): Promise<Link | undefined> {
  const [found] = await rows<Link>(
    db,
    sql`SELECT l.order_id AS "order", coalesce(l.contact_id, o.customer_id) AS actor,
               CASE WHEN k.lang = 'en' THEN k.name_en ELSE coalesce(k.name_zh, c.name_zh) END AS name
          FROM track_link l JOIN orders o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
          LEFT JOIN contact k ON k.id = l.contact_id
         WHERE l.token_hash = ${secretHash(token)} AND l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > ${now})`,
  )
  return found
}

export interface LinkRow {
  id: string
  contact_id: string | null
  zh: string | null
  en: string | null
  created_by: string
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
}

export const linkAnswer = (row: LinkRow, now: Date) => ({
  id: row.id,
  contact: row.contact_id === null ? null : { id: row.contact_id, name: { en: row.en ?? '', zh: row.zh ?? '' } },
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
  active: row.revoked_at === null && (row.expires_at === null || row.expires_at > now),
})

/** All links of an order, the latest first. */
export async function linksOf(db: Db, order: string, now: Date) {
  const found = await rows<LinkRow>(
    db,
    sql`SELECT l.id, l.contact_id, k.name_zh AS zh, k.name_en AS en, l.created_by, l.created_at, l.expires_at, l.revoked_at
          FROM track_link l LEFT JOIN contact k ON k.id = l.contact_id WHERE l.order_id = ${order} ORDER BY l.created_at DESC, l.id`,
  )
  return found.map((row) => linkAnswer(row, now))
}

interface EventRow {
  order_id: string
  type: string
  at: Date
  by: string
  due: string | null
  text: string | null
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** The page of an order. Nothing where there is no such order. */
export async function trackOf(pool: pg.Pool, order: string, specOf: (process: string) => ProcessSpec | undefined) {
  const found = await customersOrders(pool, order)
  if (!found) return undefined
  const member = (state: OrderState): Member => {
    const spec = specOf(state.process)
    if (!spec) throw new Error(`order ${state.id} has the unknown process ${state.process}`)
    return { spec, state }
  }
  const chain = [found.order, ...found.continuations].map(member)
  const under = found.children.map(member)
  const events = await rows<EventRow>(
    pool,
    sql`SELECT order_id, type, at, actor_kind AS by, data ->> 'due' AS due, data ->> 'text' AS text
          FROM order_event
         WHERE order_id = ANY (${[...chain, ...under].map(({ state }) => state.id)})
           AND ((type = 'clock-set' AND data ->> 'clock' = ${PROMISE})
             OR (type = 'comment-added' AND (data ->> 'told' = 'customer' OR actor_kind = 'customer')))
         ORDER BY at, order_id, seq`,
  )
  const inChain = new Set(chain.map(({ state }) => state.id))
  const promised = events.flatMap(({ order_id, type, at, due }) =>
    type === 'clock-set' && inChain.has(order_id) ? [{ at: at.getTime(), due: Number(due) }] : [],
  )
  const messages = events.flatMap(({ type, at, by, text }) =>
    type === 'comment-added'
      ? [{ at: at.toISOString(), from: by === 'customer' ? ('you' as const) : ('us' as const), text: text ?? '' }]
      : [],
  )
  const { no, closedAt, openedAt, steps, promise, asked, ...view } = trackView({ chain, under, promised })
  return {
    ...view,
    no: no ?? null,
    openedAt: iso(openedAt),
    closedAt: closedAt === undefined ? null : iso(closedAt),
    steps: steps.map(({ at, ...step }) => ({ ...step, at: at === undefined ? null : iso(at) })),
    promise: promise
      ? {
          at: iso(promise.at),
          first: iso(promise.first),
          moved: promise.moved.map(({ at, from, to }) => ({ at: iso(at), from: iso(from), to: iso(to) })),
        }
      : null,
    asked: asked.map(({ party, ...one }: Asked) => ({ ...one, party: party ?? null })),
    messages: await resolveTexts(pool, messages),
  }
}

/** True where the link shows this order: its own, one that continues it, or one of the same customer under these. */
export async function showsOrder(db: Db, link: Link, order: string): Promise<boolean> {
  if (link.order === order) return true
  const found = await customersOrders(db, link.order)
  return found !== undefined && [...found.continuations, ...found.children].some(({ id }) => id === order)
}
