/** Extraction (用户信息提取): from here on the run sees the loads that are complete now, and no others. */
import pg from 'pg'
import type { Run } from '../../prisma/settlement/runs.ts'
import { inTransaction, lockedRun } from './shared.ts'

/** Rows of a page: long enough that a transaction costs nothing beside it, short enough that a kill loses little. */
export const PAGE_ROWS = 50_000

export type Extracted = { outcome: 'complete'; loads: number } | { outcome: 'incomplete'; why: string }

/** Two settle the same department and period in turn; events settled at once wait for the extraction (activities/settlement/events.ts). */
export const periodLock = (department: string, period: string): string =>
  `hashtext('settlement'), hashtext(${pg.escapeLiteral(`${department}/${period}`)})`

/**
 * Freezes what the run takes: P-57 rule 1, extraction with its period and time. Done again, it changes nothing.
 * @param at instant of the step, epoch ms
 * @returns incomplete while the billing system has delivered nothing, or is delivering
 */
export function extract(pool: pg.Pool, id: string, at: number, pageRows = PAGE_ROWS): Promise<Extracted> {
  return inTransaction(pool, async (client): Promise<Extracted> => {
    const run = await lockedRun(client, id)
    if (run.extractedAt) return { outcome: 'complete', loads: 0 }
    await client.query(`SELECT pg_advisory_xact_lock(${periodLock(run.departmentId, run.period)})`)
    const { rows: loads } = await client.query<{ id: number; state: string; rows: number }>(
      'SELECT id, state, rows FROM settlement_load WHERE department_id = $1 AND period = $2 ORDER BY id',
      [run.departmentId, run.period],
    )
    if (loads.length === 0) return { outcome: 'incomplete', why: `no user records of ${run.period} for ${run.departmentId} yet` }
    const open = loads.find(({ state }) => state === 'open')
    if (open) return { outcome: 'incomplete', why: `delivery ${open.id} of ${run.period} is not complete yet` }
    const total = run.agents.length > 0 ? await countOf(client, run) : loads.reduce((sum, { rows }) => sum + rows, 0)
    await client.query(`UPDATE settlement_run SET state = 'extracted', load_to = $2, extracted_at = $3, rows_total = $4 WHERE id = $1`, [
      id,
      loads.at(-1)!.id,
      new Date(at),
      total,
    ])
    await cut(client, { ...run, loadTo: loads.at(-1)!.id }, pageRows)
    return { outcome: 'complete', loads: loads.length }
  })
}

async function countOf(client: pg.ClientBase, run: Run): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM settlement_user WHERE agent_id = ANY($1) AND period = $2 AND replaced_by IS NULL',
    [run.agents, run.period],
  )
  return rows[0]!.n
}

/** Cuts what the run takes into pages of about so many rows. */
async function cut(client: pg.ClientBase, run: Run, pageRows: number): Promise<void> {
  if (run.agents.length === 0)
    // A load lies together: its ids are cut, not its rows counted.
    await client.query(
      `INSERT INTO settlement_page (run_no, n, from_id, to_id)
       SELECT $1, row_number() OVER (ORDER BY l.id, f), f, least(f + $4, l.last_id + 1)
       FROM settlement_load l, generate_series(l.first_id, l.last_id, $4::bigint) AS f
       WHERE l.department_id = $2 AND l.period = $3 AND l.id <= $5 AND l.rows > 0`,
      [run.no, run.departmentId, run.period, pageRows, run.loadTo],
    )
  else
    await client.query(
      `INSERT INTO settlement_page (run_no, n, from_id, to_id)
       SELECT $1, row_number() OVER (ORDER BY id), id, coalesce(lead(id) OVER (ORDER BY id), last + 1)
       FROM (SELECT u.id, row_number() OVER (ORDER BY u.id) AS n, max(u.id) OVER () AS last FROM settlement_user u
         WHERE u.agent_id = ANY($2) AND u.period = $3) u
       WHERE (n - 1) % $4 = 0`,
      [run.no, run.agents, run.period, pageRows],
    )
}

/**
 * SQL over `u`: the user records that a run takes. What came or was corrected after the extraction is not seen, and what was settled in
 * real time before it is left out (P-60).
 */
export async function takenSql(db: pg.Pool | pg.ClientBase, run: Run): Promise<{ where: string; leftOut: string | undefined }> {
  const { rows } = await db.query<{ loads: number[]; events: boolean }>(
    `SELECT coalesce((SELECT array_agg(id) FROM settlement_load WHERE department_id = $1 AND period = $2 AND id <= $3), '{}') AS loads,
      EXISTS (SELECT FROM settlement_event e JOIN agent a ON a.id = e.agent_id WHERE a.department_id = $1 AND e.period = $2) AS events`,
    [run.departmentId, run.period, run.loadTo],
  )
  const { loads, events } = rows[0]!
  const seen = [
    `u.load_id = ANY('{${loads.join(',')}}'::int[])`,
    `(u.replaced_by IS NULL OR u.replaced_by > ${Number(run.loadTo)})`,
    ...(run.agents.length > 0
      ? [`u.period = '${run.period}' AND u.agent_id IN (${run.agents.map((id) => pg.escapeLiteral(id)).join(', ')})`]
      : []),
  ].join(' AND ')
  if (!events || run.origin === 'special') return { where: seen, leftOut: undefined }
  const at = `'${run.extractedAt!.toISOString()}'::timestamptz`
  const settled = `EXISTS (SELECT FROM settlement_event e WHERE e.period = '${run.period}' AND e.kind = '${run.kind}' AND e.user_no = u.user_no
    AND e.business_type = u.business_type AND e.booked_at <= ${at} AND (e.state <> 'reversed' OR e.checked_at > ${at}))`
  return { where: `${seen} AND NOT ${settled}`, leftOut: `${seen} AND ${settled}` }
}
