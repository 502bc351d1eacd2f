/** What the models saw and the cases that came of it. */
import type { z } from 'zod'
import type { Principal } from '../auth/principal.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import { Problem } from '../problem.ts'
import type { alarm, alarmsQuery, casesQuery, detectionsQuery, model, retentionCase } from '../schemas/retention.ts'
import { all, below, type Db, rows, type Sql, sql } from './sql.ts'

type Model = z.output<typeof model>

interface ModelRow extends Pick<Model, 'id' | 'version' | 'process' | 'kind' | 'state' | 'spec' | 'metrics'> {
  saved_by: string
  saved_at: Date
  released_by: string | null
  released_at: Date | null
  retired_at: Date | null
}

/** Versions of models; of one, where an id is given. */
export async function listModels(db: Db, id?: string): Promise<Model[]> {
  const found = await rows<ModelRow>(
    db,
    sql`SELECT * FROM retention_model WHERE ${id === undefined ? sql`TRUE` : sql`id = ${id}`} ORDER BY process, kind, id, version DESC`,
  )
  return found.map(
    ({ saved_by: savedBy, saved_at: savedAt, released_by: releasedBy, released_at: releasedAt, retired_at: retiredAt, ...row }) => ({
      ...row,
      savedBy,
      savedAt: savedAt.toISOString(),
      releasedBy,
      releasedAt: releasedAt?.toISOString() ?? null,
      retiredAt: retiredAt?.toISOString() ?? null,
    }),
  )
}

interface RunRow {
  order_id: string
  process: string
  models: { id: string; version: number }[]
  looked: number
  alarmed: number
  opened: number
  held_back: number
  at: Date
}

/** Runs whose order lies in the own region. */
const runs = (principal: Principal, more: readonly (Sql | false | undefined)[]): Sql =>
  sql`SELECT r.* FROM retention_run r JOIN orders o ON o.id = r.order_id WHERE ${all([below(sql`o.region_path`, principal.region.path), ...more])}`

const runOf = ({ order_id: id, held_back: heldBack, at, ...row }: RunRow) => ({ id, ...row, heldBack, at: at.toISOString() })

export async function listDetections(db: Db, principal: Principal, query: z.output<typeof detectionsQuery>) {
  const cursor = decodeCursor<readonly [string, string]>(query.cursor, ['instant', 'text'])
  const found = await rows<RunRow>(
    db,
    sql`${runs(principal, [
      query.process !== undefined && sql`r.process = ${query.process}`,
      cursor && sql`(r.at, r.order_id) < (${new Date(cursor[0])}, ${cursor[1]})`,
    ])} ORDER BY r.at DESC, r.order_id DESC LIMIT ${query.limit + 1}`,
  )
  const { items, page } = paged(found, query.limit, (row) => [row.at.toISOString(), row.order_id])
  return { items: items.map(runOf), page }
}

/** @throws Problem NOT_FOUND */
export async function requireDetection(db: Db, principal: Principal, id: string) {
  const [found] = await rows<RunRow>(db, runs(principal, [sql`r.order_id = ${id}`]))
  if (!found) throw new Problem('NOT_FOUND')
  return runOf(found)
}

/** What it raised and held back, and why. */
export async function reportOf(db: Db, id: string) {
  const [found] = await rows<Record<'byReason' | 'byWhy', Record<string, number>>>(
    db,
    sql`SELECT coalesce((SELECT jsonb_object_agg(k, n) FROM (SELECT k, count(*) AS n FROM retention_alarm a, unnest(a.keys) k WHERE a.run_id = ${id} GROUP BY 1) t), '{}')
                 AS "byReason",
               coalesce((SELECT jsonb_object_agg(why, n) FROM (SELECT why, count(*) AS n FROM retention_alarm a WHERE a.run_id = ${id} AND why IS NOT NULL GROUP BY 1) t), '{}')
                 AS "byWhy"`,
  )
  return found!
}

interface AlarmRow extends Pick<z.output<typeof alarm>, 'id' | 'points' | 'reasons' | 'state' | 'why' | 'order' | 'manager'> {
  customer_id: string
  customer_no: string
  name_zh: string
  name_en: string
}

/** Alarms of a run in the order in which they were looked at: the best value first. */
export async function listAlarms(db: Db, run: string, query: z.output<typeof alarmsQuery>) {
  const cursor = decodeCursor<readonly [string]>(query.cursor, ['text'])
  if (cursor && !/^\d{1,18}$/.test(cursor[0])) throw new Problem('BAD_CURSOR', { field: 'cursor' })
  const found = await rows<AlarmRow>(
    db,
    sql`SELECT a.id::text AS id, a.points, a.reasons, a.state, a.why, a.manager_id AS manager, c.id AS customer_id, c.no AS customer_no, c.name_zh, c.name_en,
               (SELECT k.order_id FROM retention_case k WHERE k.alarm_id = a.id LIMIT 1) AS order
          FROM retention_alarm a JOIN customer c ON c.id = a.customer_id
         WHERE ${all([
           sql`a.run_id = ${run}`,
           query.state !== undefined && sql`a.state = ${query.state}`,
           query.why !== undefined && sql`a.why = ${query.why}`,
           cursor && sql`a.id > ${cursor[0]}::bigint`,
         ])} ORDER BY a.id LIMIT ${query.limit + 1}`,
  )
  const { items, page } = paged(found, query.limit, ({ id }) => [id])
  return {
    items: items.map(({ customer_id: id, customer_no: no, name_zh: zh, name_en: en, ...row }) => ({
      ...row,
      customer: { id, no, name: { zh, en } },
    })),
    page,
  }
}

interface CaseRow {
  order_id: string
  no: string | null
  customer_id: string
  customer_no: string
  name_zh: string
  name_en: string
  campaign: string | null
  opened_at: Date
  closed_at: Date | null
  end: string | null
  cost: string | null
}

const caseOf = (row: CaseRow): z.output<typeof retentionCase> => ({
  order: row.order_id,
  no: row.no,
  customer: { id: row.customer_id, no: row.customer_no, name: { zh: row.name_zh, en: row.name_en } },
  campaign: row.campaign,
  openedAt: row.opened_at.toISOString(),
  closedAt: row.closed_at?.toISOString() ?? null,
  end: row.end,
  cost: row.cost === null ? null : Number(row.cost),
})

/** Retention cases of the own region, the latest first. */
export async function listCases(db: Db, principal: Principal, query: z.output<typeof casesQuery>) {
  const cursor = decodeCursor<readonly [string, string]>(query.cursor, ['instant', 'text'])
  const found = await rows<CaseRow>(
    db,
    sql`SELECT k.*, o.no, c.no AS customer_no, c.name_zh, c.name_en, o.state #>> '{facts,campaign}' AS campaign, s.amount AS cost
          FROM retention_case k JOIN orders o ON o.id = k.order_id JOIN customer c ON c.id = k.customer_id LEFT JOIN campaign_cost s ON s.order_id = k.order_id
         WHERE ${all([
           below(sql`o.region_path`, principal.region.path),
           query.campaign !== undefined && sql`o.state #>> '{facts,campaign}' = ${query.campaign}`,
           query.customer !== undefined && sql`k.customer_id = ${query.customer}`,
           query.open !== undefined && (query.open === 'true' ? sql`k.closed_at IS NULL` : sql`k.closed_at IS NOT NULL`),
           cursor && sql`(k.opened_at, k.order_id) < (${new Date(cursor[0])}, ${cursor[1]})`,
         ])} ORDER BY k.opened_at DESC, k.order_id DESC LIMIT ${query.limit + 1}`,
  )
  const { items, page } = paged(found, query.limit, (row) => [row.opened_at.toISOString(), row.order_id])
  return { items: items.map(caseOf), page }
}

/** Alarms and cases of one customer, the latest first. */
export async function customerCases(db: Db, principal: Principal, customer: string) {
  const alarms = await rows<Omit<AlarmRow, 'customer_id' | 'customer_no' | 'name_zh' | 'name_en'> & { run: string; at: Date }>(
    db,
    sql`SELECT a.id::text AS id, a.run_id AS run, a.points, a.reasons, a.state, a.why, a.manager_id AS manager, a.at,
               (SELECT k.order_id FROM retention_case k WHERE k.alarm_id = a.id LIMIT 1) AS order
          FROM retention_alarm a WHERE a.customer_id = ${customer} ORDER BY a.at DESC, a.id DESC LIMIT 10`,
  )
  const { items } = await listCases(db, principal, { customer, limit: 10 })
  return {
    alarms: alarms.map(({ at, ...one }) => ({ ...one, at: at.toISOString() })),
    cases: items.map(({ customer: _, ...one }) => one),
  }
}
