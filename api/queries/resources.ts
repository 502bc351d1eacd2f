/** Resources and their holds: who holds what, what an order's tree occupies, and holds that nobody needs any more. */
import type { z } from 'zod'
import type { Prisma, ResourceHold } from '../../prisma/generated/client.ts'
import { type AppAbility, visibleOrders } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import type { resourcesQuery } from '../schemas/resource.ts'
import { scoped } from './scoped.ts'
import { type Db, rows, type Sql, sql } from './sql.ts'

type Reading = Pick<Deps, 'pool' | 'prisma'>

export interface Reader {
  principal: Principal
  ability: AppAbility
  now: Date
}

interface Link {
  id: string
  no: string | null
}

const HISTORY = 50

/** Holds in force: an asked one that has expired counts no longer. */
const inForce = (now: Date): Prisma.ResourceHoldWhereInput => ({ releasedAt: null, OR: [{ until: null }, { until: { gte: now } }] })

export async function listResources({ pool, prisma }: Reading, reader: Reader, query: z.output<typeof resourcesQuery>) {
  const { kind, product, free, stray, q, cursor, limit } = query
  const region = query.region?.replace(/\/+$/, '')
  const held = { some: inForce(reader.now) }
  const key = decodeCursor<readonly [string]>(cursor, ['text'])
  const strays = stray === undefined ? undefined : (await strayHolds(pool)).map(({ resource }) => resource)
  const found = await prisma.resource.findMany({
    where: {
      AND: [
        scoped(reader.ability, 'Resource'),
        { no: key && { gt: key[0] }, kind, product },
        region === undefined ? {} : { OR: [{ regionPath: region }, { regionPath: { startsWith: `${region}/` } }] },
        free === undefined ? {} : free ? { blocked: false, NOT: { holds: held } } : { OR: [{ blocked: true }, { holds: held }] },
        strays === undefined ? {} : { id: stray ? { in: strays } : { notIn: strays } },
        q === undefined ? {} : { no: { contains: q, mode: 'insensitive' } },
      ],
    },
    include: { holds: { where: inForce(reader.now) } },
    orderBy: { no: 'asc' },
    take: limit + 1,
  })
  const { items, page } = paged(found, limit, ({ no }) => [no])
  const orders = await ordersInSight(
    pool,
    reader,
    items.flatMap(({ holds }) => holds),
  )
  return { items: items.map((row) => resourceOf(row, orders)), page }
}

/** One resource with the holds of the past, or nothing where it is out of sight. */
export async function resourceInSight({ pool, prisma }: Reading, reader: Reader, id: string) {
  const row = await prisma.resource.findFirst({
    where: { AND: [scoped(reader.ability, 'Resource'), { id }] },
    include: { holds: { orderBy: [{ since: 'desc' }, { id: 'asc' }], take: HISTORY + 1 } },
  })
  if (!row) return undefined
  const orders = await ordersInSight(pool, reader, row.holds)
  const now = row.holds.filter(({ releasedAt, until }) => releasedAt === null && (until === null || until >= reader.now))
  const past = row.holds.filter((hold) => !now.includes(hold)).slice(0, HISTORY)
  return { ...resourceOf({ ...row, holds: now }, orders), history: past.map((hold) => holdOf(hold, orders)) }
}

async function ordersInSight(
  pool: Deps['pool'],
  { principal, ability }: Reader,
  holds: readonly ResourceHold[],
): Promise<Map<string, Link>> {
  const ids = [...new Set(holds.map(({ orderId }) => orderId))]
  if (ids.length === 0) return new Map()
  const found = await rows<Link>(
    pool,
    sql`SELECT o.id, o.no FROM orders o WHERE o.id = ANY (${ids}) AND ${visibleOrders(principal, ability)}`,
  )
  return new Map(found.map((order) => [order.id, order]))
}

type Row = Prisma.ResourceGetPayload<{ include: { holds: true } }>

const holdOf = (hold: ResourceHold, orders: ReadonlyMap<string, Link>) => ({
  state: hold.state,
  order: orders.get(hold.orderId) ?? null,
  since: hold.since.toISOString(),
  until: hold.until?.toISOString() ?? null,
  releasedAt: hold.releasedAt?.toISOString() ?? null,
})

function resourceOf({ id, no, kind, regionPath, product, blocked, holds: [hold] }: Row, orders: ReadonlyMap<string, Link>) {
  const state = hold?.state ?? 'free'
  return { id, no, kind, region: regionPath, product, blocked, state, hold: hold ? holdOf(hold, orders) : null }
}

/** The order that a tree hangs on: the topmost of those that wait for this one. */
const rootOf = (order: Sql): Sql => sql`
  (WITH RECURSIVE up (id, parent_id) AS (
     SELECT a.id, a.parent_id FROM orders a WHERE a.id = ${order}
     UNION ALL SELECT b.id, b.parent_id FROM up JOIN orders b ON b.id = up.parent_id)
   SELECT up.id FROM up WHERE up.parent_id IS NULL)`

/** The order itself, or one below it: ids of children begin with their parent's. */
const inTree = (column: Sql, root: Sql): Sql => sql`(${column} = ${root} OR starts_with(${column}, ${root} || '.'))`

/** True where both orders belong to one tree; `order` is an id. */
export const sameTree = (column: Sql, order: string): Sql =>
  sql`EXISTS (SELECT 1 FROM (SELECT ${rootOf(sql`${order}::text`)} AS id) root WHERE ${inTree(column, sql`root.id`)})`

/** What the order and those below it have reserved or use. */
export function occupiedBy(db: Db, order: string): Promise<{ id: string; no: string }[]> {
  return rows(
    db,
    sql`SELECT r.id, r.no FROM resource_hold h JOIN resource r ON r.id = h.resource_id
         WHERE h.released_at IS NULL AND h.state IN ('reserved', 'used') AND ${inTree(sql`h.order_id`, sql`${order}::text`)} ORDER BY r.no`,
  )
}

export interface StrayHold {
  resource: string
  no: string
  order: string
  state: string
}

/**
 * Holds that outlived their reason. A reserved resource belongs to a tree of orders that still runs; one in use, to a tree that runs or
 * has switched a service on; neither to an order that was withdrawn. A construction that was ordered by itself and accepted keeps its
 * circuit for the activation to come.
 */
export function strayHolds(db: Db): Promise<StrayHold[]> {
  const below = (column: Sql) => inTree(column, sql`r.id`)
  return rows(
    db,
    sql`WITH held AS (
          SELECT h.resource_id, h.order_id, h.state, ${rootOf(sql`h.order_id`)} AS root
            FROM resource_hold h WHERE h.released_at IS NULL AND h.state IN ('reserved', 'used')),
        tree AS (
          SELECT r.id, r.status <> 'closed' OR EXISTS (SELECT 1 FROM orders t WHERE t.status <> 'closed' AND ${below(sql`t.id`)}) AS runs,
                 r.process = 'construction' AND r."end" = 'accepted' AS built,
                 EXISTS (SELECT 1 FROM activation a WHERE ${below(sql`a.order_id`)}) AS active
            FROM orders r WHERE r.id IN (SELECT root FROM held))
        SELECT held.resource_id AS resource, c.no, held.order_id AS "order", held.state
          FROM held JOIN tree ON tree.id = held.root JOIN orders o ON o.id = held.order_id JOIN resource c ON c.id = held.resource_id
         WHERE (o.status = 'closed' AND o."end" = 'withdrawn') OR NOT (tree.runs OR tree.built OR (held.state = 'used' AND tree.active))
         ORDER BY c.no`,
  )
}
