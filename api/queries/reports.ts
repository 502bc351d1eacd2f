/** Reports for supervisors, of what they may see. */
import type { z } from 'zod'
import type { Title } from '../../domain/title.ts'
import { type AppAbility, visibleOrders, visibleRungs, visibleTasks } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Catalogue } from '../catalogue.ts'
import type { breachReportQuery, loadReportQuery, timeLostQuery } from '../schemas/report.ts'
import { ofProduct } from './breaches.ts'
import { namesOf } from './names.ts'
import { type Db, type Sql, all, below, rows, sql } from './sql.ts'

interface Who {
  principal: Principal
  ability: AppAbility
  now: Date
}

/** Days are those of China, where the business is. */
const dayOf = (column: Sql): Sql => sql`to_char(${column} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')`
const MONTH_MS = 30 * 86_400_000
const MOST_KEYS = 100

function spanOf({ from, to }: { from?: number | undefined; to?: number | undefined }, now: Date): [Date, Date] {
  // What happens just now is in it.
  const end = to ?? Math.max(now.getTime(), from ?? 0) + 1
  return [new Date(from ?? end - MONTH_MS), new Date(end)]
}

const inRegion = (column: Sql, region: string | undefined): Sql | undefined =>
  region === undefined ? undefined : below(column, region.replace(/\/+$/, ''))

/** Names of keys, whatever they are. */
async function labelsOf(db: Db, catalogue: Catalogue, by: string, keys: readonly (string | null)[]): Promise<Record<string, Title>> {
  const ids = [...new Set(keys)].filter((key): key is string => key !== null && key !== '')
  if (by === 'step')
    return Object.fromEntries(
      ids.map((id) => {
        const [process, step] = id.split('/') as [string, string]
        const spec = catalogue.spec(process)
        return [id, spec?.steps[step]?.title ?? spec?.clocks?.[step]?.title ?? { en: step, zh: step }]
      }),
    )
  if (by === 'process') return Object.fromEntries(ids.map((id) => [id, catalogue.spec(id)?.title ?? { en: id, zh: id }]))
  if (by === 'region' || by === 'product') {
    const table =
      by === 'region'
        ? sql`SELECT path AS id, name_en AS en, name_zh AS zh FROM region WHERE path = ANY (${ids})`
        : sql`SELECT id, name_en AS en, name_zh AS zh FROM product WHERE id = ANY (${ids})`
    const found = await rows<{ id: string; en: string; zh: string }>(db, table)
    return Object.fromEntries(found.map(({ id, en, zh }) => [id, { en, zh }]))
  }
  return namesOf(db, ids)
}

const rungKeys: Readonly<Record<z.output<typeof breachReportQuery>['by'], Sql>> = {
  step: sql`o.process || '/' || coalesce(r.step, r.clock)`,
  process: sql`o.process`,
  unit: sql`r.unit_id`,
  region: sql`r.region_path`,
  product: sql`v.product_id`,
  holder: sql`r.holder_id`,
}

/** Rungs that fired, by day and by what is asked for. */
export async function breachReport(db: Db, catalogue: Catalogue, who: Who, query: z.output<typeof breachReportQuery>) {
  const [from, to] = spanOf(query, who.now)
  const conditions = all([
    visibleRungs(who.principal, who.ability),
    sql`r.fired_at >= ${from} AND r.fired_at < ${to}`,
    inRegion(sql`r.region_path`, query.region),
    query.process !== undefined && sql`o.process = ${query.process}`,
    query.unit !== undefined && sql`r.unit_id = ${query.unit}`,
    query.step !== undefined && sql`r.step = ${query.step}`,
    query.product !== undefined && ofProduct(query.product),
  ])
  const counts = sql`
    count(*) FILTER (WHERE pct < 100)::int AS warnings, count(*) FILTER (WHERE pct >= 100)::int AS breaches,
    count(DISTINCT order_id) FILTER (WHERE pct >= 100)::int AS orders`
  const found = await rows<{ day: string | null; key: string | null; warnings: number; breaches: number; orders: number; open: number }>(
    db,
    sql`
    WITH fired AS MATERIALIZED (
      SELECT ${dayOf(sql`r.fired_at`)} AS day, ${rungKeys[query.by]} AS key, r.pct, r.order_id, r.settled_at
        FROM rung r JOIN orders o ON o.id = r.order_id LEFT JOIN service v ON v.id = o.service_id WHERE ${conditions}
    ),
    top AS (SELECT key FROM fired GROUP BY key ORDER BY count(*) FILTER (WHERE pct >= 100) DESC, count(*) DESC, key LIMIT ${query.limit}),
    kept AS (SELECT f.day, CASE WHEN f.key IN (SELECT key FROM top) THEN f.key END AS key, f.pct, f.order_id, f.settled_at FROM fired f)
    SELECT day, key, ${counts}, count(*) FILTER (WHERE pct >= 100 AND settled_at IS NULL)::int AS open
      FROM kept GROUP BY GROUPING SETS ((day, key), (key)) ORDER BY day, breaches DESC, key`,
  )
  const totals = found.filter(({ day }) => day === null).map(({ day: _day, ...row }) => row)
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    items: found.flatMap(({ day, open: _open, ...row }) => (day === null ? [] : [{ day, ...row }])),
    totals,
    labels: await labelsOf(
      db,
      catalogue,
      query.by,
      totals.map(({ key }) => key),
    ),
  }
}

const parties = ['customer', 'vendor', 'own', 'third-party'] as const

interface LostRow {
  id: string
  no: string | null
  title: string
  process: string
  status: string
  customer_zh: string | null
  customer_en: string | null
  overrun: string | null
  pauses: { party: string; reason: string; step: string; from: string; to: string | null }[]
}

/** Time that suspensions took, by the party that each is put down to; and how far our own tasks ran over. */
export async function timeLostReport(db: Db, who: Who, query: z.output<typeof timeLostQuery>) {
  const [from, to] = spanOf(query, who.now)
  const found = await rows<LostRow>(
    db,
    sql`
    WITH paused AS MATERIALIZED (
      SELECT e.order_id, e.data ->> 'task' AS task, e.data ->> 'party' AS party, e.data ->> 'reason' AS reason, e.at,
             (SELECT min(x.at) FROM order_event x WHERE x.order_id = e.order_id AND x.seq > e.seq
                 AND (x.type = 'order-closed' OR (x.type IN ('task-resumed', 'task-completed', 'task-cancelled', 'task-suspended')
                                                  AND x.data ->> 'task' = e.data ->> 'task'))) AS until
        FROM order_event e WHERE e.type = 'task-suspended' AND e.at >= ${from} AND e.at < ${to}
    )
    SELECT o.id, o.no, o.title, o.process, o.status, c.name_zh AS customer_zh, c.name_en AS customer_en,
           (SELECT sum(extract(epoch FROM least(coalesce(t.closed_at, ${who.now}), ${who.now}) - t.due_at) * 1000)
              FROM task t WHERE t.order_id = o.id AND t.breached_at IS NOT NULL AND coalesce(t.closed_at, ${who.now}) > t.due_at) AS overrun,
           json_agg(json_build_object('party', p.party, 'reason', p.reason, 'step', t.step, 'from', p.at, 'to', p.until) ORDER BY p.at) AS pauses
      FROM paused p JOIN orders o ON o.id = p.order_id JOIN task t ON t.order_id = p.order_id AND t.task = p.task
      LEFT JOIN customer c ON c.id = o.customer_id
     WHERE ${all([
       visibleOrders(who.principal, who.ability),
       inRegion(sql`o.region_path`, query.region),
       query.process !== undefined && sql`o.process = ${query.process}`,
       query.customer !== undefined && sql`o.customer_id = ${query.customer}`,
       query.unit !== undefined && sql`t.unit_id = ${query.unit}`,
       query.step !== undefined && sql`t.step = ${query.step}`,
       query.product !== undefined && ofProduct(query.product),
     ])}
     GROUP BY o.id, c.id`,
  )
  const now = who.now.getTime()
  const items = found
    .map((row) => {
      const sum = Object.fromEntries(parties.map((party) => [party, 0])) as Record<(typeof parties)[number], number>
      for (const { party, from: began, to: ended } of row.pauses)
        if (Object.hasOwn(sum, party)) sum[party as 'own'] += Math.max(0, (ended === null ? now : Date.parse(ended)) - Date.parse(began))
      return {
        order: row.id,
        no: row.no,
        title: row.title,
        process: row.process,
        status: row.status,
        customer: row.customer_zh === null ? null : { zh: row.customer_zh, en: row.customer_en! },
        lost: sum,
        all: parties.reduce((total, party) => total + sum[party], 0),
        overrun: Math.round(Number(row.overrun ?? 0)),
        waitsFor: row.status === 'open' ? (row.pauses.findLast(({ to: ended }) => ended === null)?.party ?? null) : null,
        reasons: row.pauses.map(({ from: began, to: ended, ...pause }) => ({
          ...pause,
          from: new Date(began).toISOString(),
          to: ended && new Date(ended).toISOString(),
        })),
      }
    })
    .sort((a, b) => b.all - a.all || (a.order < b.order ? -1 : 1))
  const total = (of: (item: (typeof items)[number]) => number) => items.reduce((sum, item) => sum + of(item), 0)
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    totals: {
      lost: Object.fromEntries(parties.map((party) => [party, total(({ lost }) => lost[party])])) as Record<
        (typeof parties)[number],
        number
      >,
      all: total((item) => item.all),
      overrun: total((item) => item.overrun),
      orders: items.length,
    },
    items: items.slice(0, query.limit),
  }
}

const taskKeys: Readonly<Record<z.output<typeof loadReportQuery>['by'], Sql>> = {
  unit: sql`coalesce(t.unit_id, t.queue_unit_id, (SELECT p.unit_id FROM staff p WHERE p.id = t.person_id))`,
  person: sql`coalesce(t.person_id, t.done_by)`,
  process: sql`t.process`,
  step: sql`t.process || '/' || t.step`,
  region: sql`t.region_path`,
  product: sql`(SELECT v.product_id FROM orders o JOIN service v ON v.id = o.service_id WHERE o.id = t.order_id)`,
}

/** Open tasks as they are, tasks done and orders opened and closed in the span. */
export async function loadReport(db: Db, catalogue: Catalogue, who: Who, query: z.output<typeof loadReportQuery>) {
  const [from, to] = spanOf(query, who.now)
  const { now } = who
  const visible = all([
    visibleTasks(who.principal, who.ability),
    inRegion(sql`t.region_path`, query.region),
    query.process !== undefined && sql`t.process = ${query.process}`,
    query.step !== undefined && sql`t.step = ${query.step}`,
    query.unit !== undefined && sql`${taskKeys.unit} = ${query.unit}`,
    query.product !== undefined && sql`EXISTS (SELECT FROM orders o WHERE o.id = t.order_id AND ${ofProduct(query.product)})`,
  ])
  const key = taskKeys[query.by]
  const [found, days] = await Promise.all([
    rows<
      Record<'open' | 'undispatched' | 'offered' | 'working' | 'waiting' | 'atRisk' | 'overdue' | 'done', number> & {
        key: string | null
        medianMs: number | null
      }
    >(
      db,
      sql`
      WITH warned AS (SELECT DISTINCT r.order_id, r.task FROM rung r WHERE r.settled_at IS NULL AND r.pct < 100),
      open AS (
        SELECT ${key} AS key, count(*)::int AS open,
               count(*) FILTER (WHERE t.status = 'undispatched')::int AS undispatched,
               count(*) FILTER (WHERE t.status = 'offered')::int AS offered,
               count(*) FILTER (WHERE t.status IN ('accepted', 'automatic'))::int AS working,
               count(*) FILTER (WHERE t.status IN ('suspended', 'child'))::int AS waiting,
               count(*) FILTER (WHERE t.due_at >= ${now} AND w.task IS NOT NULL)::int AS "atRisk",
               count(*) FILTER (WHERE t.due_at < ${now})::int AS overdue
          FROM task t LEFT JOIN warned w ON w.order_id = t.order_id AND w.task = t.task WHERE t.closed_at IS NULL AND ${visible} GROUP BY 1
      ),
      done AS (
        SELECT ${key} AS key, count(*)::int AS done,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM t.closed_at - t.opened_at) * 1000) AS median
          FROM task t WHERE t.done_by IS NOT NULL AND t.closed_at >= ${from} AND t.closed_at < ${to} AND ${visible} GROUP BY 1
      )
      SELECT coalesce(o.key, d.key) AS key, coalesce(o.open, 0) AS open, coalesce(o.undispatched, 0) AS undispatched, coalesce(o.offered, 0) AS offered,
             coalesce(o.working, 0) AS working, coalesce(o.waiting, 0) AS waiting, coalesce(o."atRisk", 0) AS "atRisk",
             coalesce(o.overdue, 0) AS overdue, coalesce(d.done, 0) AS done, round(d.median)::float8 AS "medianMs"
        FROM open o FULL JOIN done d ON coalesce(d.key, '') = coalesce(o.key, '')
       ORDER BY open DESC, done DESC, key LIMIT ${MOST_KEYS}`,
    ),
    ordersByDay(db, who, query, [from, to]),
  ])
  const keys = found.map(({ key: one }) => one)
  const labels = await labelsOf(db, catalogue, query.by, keys)
  return { from: from.toISOString(), to: to.toISOString(), items: found, days, labels }
}

async function ordersByDay(db: Db, who: Who, query: z.output<typeof loadReportQuery>, [from, to]: [Date, Date]) {
  const visible = all([
    visibleOrders(who.principal, who.ability),
    inRegion(sql`o.region_path`, query.region),
    query.process !== undefined && sql`o.process = ${query.process}`,
    query.product !== undefined && ofProduct(query.product),
  ])
  return rows<{ day: string; opened: number; closed: number }>(
    db,
    sql`
    SELECT day, sum(opened)::int AS opened, sum(closed)::int AS closed FROM (
      SELECT ${dayOf(sql`o.opened_at`)} AS day, 1 AS opened, 0 AS closed FROM orders o WHERE o.opened_at >= ${from} AND o.opened_at < ${to} AND ${visible}
      UNION ALL
      SELECT ${dayOf(sql`o.closed_at`)}, 0, 1 FROM orders o WHERE o.closed_at >= ${from} AND o.closed_at < ${to} AND ${visible}
    ) x GROUP BY day ORDER BY day`,
  )
}
