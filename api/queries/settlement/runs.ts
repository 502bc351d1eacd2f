/** Settlement runs with their progress, and who was left out. */
import type { z } from 'zod'
import type { Principal } from '../../auth/principal.ts'
import { decodeCursor, paged } from '../../http/cursor.ts'
import { Problem } from '../../problem.ts'
import type { runsQuery, skipsQuery } from '../../schemas/settlement.ts'
import { all, below, type Db, rows, type Sql, sql } from '../sql.ts'

export interface RunRow {
  id: string
  no: number
  origin: string
  department_id: string
  period: string
  kind: 'commission' | 'sharing'
  replaces: string | null
  state: string
  wanted: 'run' | 'pause' | 'stop'
  opened_by: string | null
  opened_at: Date
  extracted_at: Date | null
  closed_at: Date | null
  rows_total: number
  rows_done: number
  rate: number | null
  left_ms: string | null
  progress_at: Date | null
  users: number | null
  amount: string | null
  left_out: number
  note: string | null
}

const number = (text: string | null) => (text === null ? null : Number(text))

export const runOf = (row: RunRow) => ({
  id: row.id,
  no: row.no,
  origin: row.origin,
  department: row.department_id,
  period: row.period,
  kind: row.kind,
  replaces: row.replaces,
  state: row.state,
  wanted: row.wanted,
  openedBy: row.opened_by,
  openedAt: row.opened_at.toISOString(),
  extractedAt: row.extracted_at?.toISOString() ?? null,
  closedAt: row.closed_at?.toISOString() ?? null,
  progress: {
    total: row.rows_total,
    done: row.rows_done,
    rate: row.rate,
    leftMs: number(row.left_ms),
    at: row.progress_at?.toISOString() ?? null,
  },
  users: row.users,
  amount: number(row.amount),
})

/** Runs of departments of the own region. Who may read runs at all is asked before. */
const inSight = (principal: Principal): Sql => below(sql`u.region_path`, principal.region.path)
const select = sql`SELECT r.* FROM settlement_run r JOIN org_unit u ON u.id = r.department_id`

export async function listRuns(db: Db, principal: Principal, query: z.output<typeof runsQuery>) {
  const cursor = decodeCursor<readonly [number]>(query.cursor, ['number'])
  const found = await rows<RunRow>(
    db,
    sql`${select} WHERE ${all([
      inSight(principal),
      cursor && sql`r.no < ${cursor[0]}`,
      query.department !== undefined && sql`r.department_id = ${query.department}`,
      query.period !== undefined && sql`r.period = ${query.period}`,
      query.kind !== undefined && sql`r.kind = ${query.kind}`,
      query.state !== undefined && sql`r.state = ${query.state}`,
    ])} ORDER BY r.no DESC LIMIT ${query.limit + 1}`,
  )
  return paged(found, query.limit, ({ no }) => [no])
}

/** A run in sight. @throws Problem NOT_FOUND */
export async function requireRun(db: Db, principal: Principal, id: string): Promise<RunRow> {
  const [found] = await rows<RunRow>(db, sql`${select} WHERE r.id = ${id} AND ${inSight(principal)}`)
  if (!found) throw new Problem('NOT_FOUND')
  return found
}

/** Its bills by state, and the agents left out by reason. */
export async function tallies(db: Db, { no }: RunRow) {
  const bills = await rows<{ state: string; count: number; amount: string }>(
    db,
    sql`SELECT state, count(*)::int AS count, sum(amount)::text AS amount FROM settlement_bill WHERE run_no = ${no} GROUP BY 1 ORDER BY 1`,
  )
  const skips = await rows<{ reason: string; agents: number }>(
    db,
    sql`SELECT reason, count(DISTINCT agent_id)::int AS agents FROM settlement_skip WHERE run_no = ${no} GROUP BY 1 ORDER BY 1`,
  )
  return {
    bills: Object.fromEntries(bills.map(({ state, count, amount }) => [state, { count, amount: Number(amount) }])),
    skipped: Object.fromEntries(skips.map(({ reason, agents }) => [reason, agents])),
  }
}

interface SkipRow {
  agent: string
  business_type: string
  reason: string
  users: number
  name_zh: string | null
  name_en: string | null
}

/** Every agent of the run who took no part in it, or not with all his business. */
export async function listSkips(db: Db, { no }: RunRow, query: z.output<typeof skipsQuery>) {
  const cursor = decodeCursor<readonly [string, string]>(query.cursor, ['text', 'text'])
  const found = await rows<SkipRow>(
    db,
    sql`SELECT k.agent_id AS agent, k.business_type, k.reason, k.users, a.name_zh, a.name_en
          FROM settlement_skip k LEFT JOIN agent a ON a.id = k.agent_id
         WHERE ${all([
           sql`k.run_no = ${no}`,
           query.reason !== undefined && sql`k.reason = ${query.reason}`,
           cursor && sql`(k.agent_id, k.business_type) > (${cursor[0]}, ${cursor[1]})`,
         ])} ORDER BY k.agent_id, k.business_type LIMIT ${query.limit + 1}`,
  )
  const { items, page } = paged(found, query.limit, (row) => [row.agent, row.business_type])
  return {
    items: items.map(({ agent, business_type: type, reason, users, name_zh: zh, name_en: en }) => ({
      agent,
      name: zh === null || en === null ? null : { zh, en },
      businessType: type === '' ? null : type,
      reason,
      users,
    })),
    page,
  }
}
