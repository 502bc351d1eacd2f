/** What the command palette finds as somebody types: a few of each, in sight. */
import { type AppAbility, mayStart, visibleOrders } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import type { orderStatuses } from '../schemas/order.ts'
import { listCustomers, listStaff } from './pickers.ts'
import { type Db, type Sql, contains, empty, rows, sql } from './sql.ts'

/** As many of each kind. */
const FEW = 8
/** Latest orders in sight that are looked through letter by letter, and hits of the index beyond them that are looked at. */
const LATEST = 1_000
const HITS = 200

interface Row {
  id: string
  no: string | null
  title: string
  process: string
  status: (typeof orderStatuses)[number]
  source_no: string | null
  customer_zh: string | null
  customer_en: string | null
  opened_at: Date
}

/** Everything that fits `q`. Kinds that the person may not read at all are empty. */
export async function search(
  deps: Pick<Deps, 'pool' | 'prisma' | 'catalogue'>,
  { principal, ability, now }: { principal: Principal; ability: AppAbility; now: Date },
  q: string,
) {
  const few = { q, limit: FEW }
  const [orders, customers, people] = await Promise.all([
    findOrders(deps.pool, visibleOrders(principal, ability), q),
    ability.can('read', 'Customer') ? listCustomers(deps, ability, few).then(({ items }) => items) : [],
    ability.can('read', 'Staff') ? listStaff(deps, ability, few, now).then(({ items }) => items) : [],
  ])
  const words = q.toLowerCase()
  const processes = deps.catalogue.specs
    .filter(({ id, no, title }) => [id, no, title.en, title.zh].some((text) => text.toLowerCase().includes(words)))
    .slice(0, FEW)
    .map(({ id, no, title }) => ({ id, no, title, startable: mayStart(ability, id) }))
  return { orders, customers, people, processes: ability.can('read', 'Process') ? processes : [] }
}

/**
 * Among the latest every letter counts; beyond them the index of their parts finds what two letters or more are enough for. So it takes
 * as long with a million orders as with a thousand.
 */
async function findOrders(db: Db, visible: Sql, q: string) {
  const like = contains(q.toLowerCase())
  const indexed =
    [...q].length < 2
      ? empty
      : sql`UNION (SELECT f.order_id FROM (
              SELECT f.order_id FROM order_find f WHERE f.parts @> letter_parts_wanted(${q}) AND f.words LIKE ${like} OFFSET 0
            ) f JOIN orders o ON o.id = f.order_id WHERE ${visible} LIMIT ${HITS})`
  const found = await rows<Row>(
    db,
    sql`
    WITH latest AS MATERIALIZED (SELECT o.id FROM orders o WHERE ${visible} ORDER BY o.opened_at DESC, o.id DESC LIMIT ${LATEST}),
    hit AS (
      SELECT f.order_id AS id FROM latest l JOIN order_find f ON f.order_id = l.id WHERE f.words LIKE ${like}
      UNION SELECT o.id FROM orders o WHERE o.no = ${q.toUpperCase()} AND ${visible}
      ${indexed}
    )
    SELECT o.id, o.no, o.title, o.process, o.status, o.source_no, c.name_zh AS customer_zh, c.name_en AS customer_en, o.opened_at
      FROM hit JOIN orders o USING (id) LEFT JOIN customer c ON c.id = o.customer_id
     ORDER BY (o.no = ${q.toUpperCase()} OR o.source_no = ${q}) IS TRUE DESC, o.status IN ('open', 'withdrawing') DESC, o.opened_at DESC, o.id DESC
     LIMIT ${FEW}`,
  )
  return found.map((row) => ({
    id: row.id,
    no: row.no,
    title: row.title,
    process: row.process,
    status: row.status,
    source: row.source_no,
    customer: row.customer_zh === null ? null : { zh: row.customer_zh, en: row.customer_en! },
    openedAt: row.opened_at.toISOString(),
  }))
}
