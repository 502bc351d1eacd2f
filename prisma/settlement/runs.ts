/** Settlement runs in the record: opened once, watched, paused, stopped. */
import type pg from 'pg'

type Db = pg.Pool | pg.ClientBase

export type Origin = 'unified' | 'single' | 'special' | 'rerun'

export interface Run {
  id: string
  no: number
  origin: Origin
  departmentId: string
  agentId: string | null
  agents: string[]
  period: string
  kind: 'commission' | 'sharing'
  schemeId: string | null
  replaces: string | null
  state: string
  loadTo: number | null
  extractedAt: Date | null
  task: string | null
  fingerprint: string | null
  wanted: 'run' | 'pause' | 'stop'
  rowsTotal: number
  rowsDone: number
}

const columns = `id, no, origin, department_id AS "departmentId", agent_id AS "agentId", agents, period, kind, scheme_id AS "schemeId", replaces,
  state, load_to AS "loadTo", extracted_at AS "extractedAt", task, fingerprint, wanted, rows_total AS "rowsTotal", rows_done AS "rowsDone"`

/** The run of an order, or undefined. */
export async function findRun(db: Db, id: string): Promise<Run | undefined> {
  const { rows } = await db.query<Run>(`SELECT ${columns} FROM settlement_run WHERE id = $1`, [id])
  return rows[0]
}

export interface RunToOpen {
  /** The run gets its id. */
  order: string
  department: string
  /** Of a single run. */
  agent?: string
  period: string
  kind: string
  by?: string
  at?: number
}

/**
 * Opens the run of a clerk's order (P-57, P-58 open-run): once for a department, period and kind, or for an agent, whoever clicks first.
 * Asked again for the same order, it answers `opened` again.
 *
 * @returns `already-open` where another order has that run, or the agent is settled already
 */
export async function openRun(
  client: Db,
  { order, department, agent, period, kind, by, at }: RunToOpen,
): Promise<'opened' | 'already-open'> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO settlement_run AS r (id, origin, department_id, agent_id, agents, period, kind, opened_by, opened_at)
     SELECT $1, $2, $3, $4, CASE WHEN $4::text IS NULL THEN '{}' ELSE ARRAY[$4::text] END, $5, $6, $7, $8
      WHERE $4::text IS NULL OR NOT EXISTS (SELECT FROM settlement_bill b WHERE b.agent_id = $4 AND b.period = $5 AND b.kind = $6 AND NOT b.special
        AND b.state IN ('open', 'computed', 'settled', 'paid'))
     ON CONFLICT DO NOTHING RETURNING id`,
    [order, agent === undefined ? 'unified' : 'single', department, agent ?? null, period, kind, by ?? null, new Date(at ?? Date.now())],
  )
  if (rows[0]) return 'opened'
  const run = await findRun(client, order)
  return run && run.state !== 'stopped' ? 'opened' : 'already-open'
}

/** Asks a run to pause, go on, or stop; it looks between two pages. @returns false where there is no such run that still computes */
export async function askRun(db: Db, id: string, wanted: Run['wanted']): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE settlement_run SET wanted = $2 WHERE id = $1 AND state IN ('open', 'extracted', 'chosen', 'computing')`,
    [id, wanted],
  )
  return rowCount === 1
}

/**
 * What an ended order leaves of its run: the agents are free for another run, lines and bills stay for who wants to look.
 * A closed run stays closed.
 */
export async function stopRun(client: Db, id: string, at: number): Promise<void> {
  await client.query(stopSql('$1', '$2::timestamptz'), [id, new Date(at)])
}

/** As a part of a statement. */
export const stopSql = (id: string, at: string): string => `WITH stopped AS (
    UPDATE settlement_run SET state = 'stopped', closed_at = ${at}
     WHERE id = ${id} AND state NOT IN ('closed', 'stopped', 'replaced') RETURNING no)
  UPDATE settlement_bill b SET state = 'void', voided_at = ${at} FROM stopped WHERE b.run_no = stopped.no AND b.state IN ('open', 'computed', 'proposed')`
