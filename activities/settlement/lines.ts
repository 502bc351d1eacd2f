/** Users' bills, page by page: a page and the mark that it is done are one transaction, so that a kill anywhere loses a page at most. */
import type pg from 'pg'
import { linesSql } from '../../prisma/settlement/compile.ts'
import type { Run } from '../../prisma/settlement/runs.ts'
import { businessVersions } from '../../prisma/settlement/schemes.ts'
import { never } from '../errors.ts'
import { chooseAnew } from './choose.ts'
import { takenSql } from './extract.ts'
import { inTransaction, lockedRun, matchByHash, pause, type Pulse, runOf } from './shared.ts'

/** Pages computed at the same time by one worker. */
const AT_ONCE = 2
/** How often a page that another worker has, or a pause, is looked at again. */
const LOOK_MS = 100
const PAUSED_MS = 1_000

export type Computed = { outcome: 'computed'; rows: number } | { outcome: 'stopped'; rows: number }

/**
 * Computes what is left of a run. Any number of workers may do it at once; each page is done once.
 *
 * @param task opening of the step: at another one than the last (a review that said "wrong", a repair) the choice is made anew, and pages
 *   whose schemes, volumes or users have changed are computed again
 */
export async function computeLines(pool: pg.Pool, id: string, at: number, pulse: Pulse, task?: string): Promise<Computed> {
  const run = await begin(pool, id, at, task)
  if (run.state !== 'computing') return { outcome: 'computed', rows: run.rowsDone }
  const page = await pageOf(pool, run)
  const pace = { began: Date.now(), rows: 0 }
  const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => work(pool, run, page, pace, pulse)))
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason as Error
  const stopped = workers.some((worker) => worker.status === 'fulfilled' && worker.value === 'stopped')
  return stopped ? { outcome: 'stopped', rows: pace.rows } : finish(pool, id)
}

/** Whether this is another opening of the step than the one that computed. */
const isAnew = (run: Run, task: string | undefined): boolean =>
  task !== undefined && run.task !== task && (run.state === 'computing' || run.state === 'computed')

async function begin(pool: pg.Pool, id: string, at: number, task: string | undefined): Promise<Run> {
  return inTransaction(pool, async (client) => {
    // A worker that was given up may still be at a page: it is waited for, so that what it writes is what is thrown away. Pages before
    // the run, as a page locks them.
    const before = await runOf(client, id)
    if (isAnew(before, task)) await client.query('SELECT FROM settlement_page WHERE run_no = $1 ORDER BY n FOR UPDATE', [before.no])
    const run = await lockedRun(client, id)
    if (!['chosen', 'computing', 'computed', 'closed', 'replaced'].includes(run.state))
      throw never('NOT_CHOSEN', `run ${id} is ${run.state}: its schemes are not chosen`)
    const anew = isAnew(run, task)
    if (anew) await computeAnew(client, run, at)
    if (anew || run.state === 'chosen')
      await client.query(
        `UPDATE settlement_run SET state = 'computing', task = coalesce($2, task), began_at = coalesce(began_at, $3), wanted = 'run' WHERE id = $1`,
        [id, task ?? null, new Date(at)],
      )
    return runOf(client, id)
  })
}

/** Pages whose schemes, volumes and users are as they were stay done. */
async function computeAnew(client: pg.ClientBase, run: Run, at: number): Promise<void> {
  const { id, no, fingerprint } = run
  await chooseAnew(client, run, at)
  if ((await runOf(client, id)).fingerprint === fingerprint) return
  await client.query('DELETE FROM settlement_line WHERE run_no = $1', [no])
  await client.query('UPDATE settlement_page SET done_at = NULL, rows = NULL WHERE run_no = $1', [no])
  await client.query('UPDATE settlement_run SET rows_done = 0 WHERE id = $1', [id])
}

/** The one statement of a page, from its bounds. */
async function pageOf(pool: pg.Pool, run: Run): Promise<string> {
  const { where } = await takenSql(pool, run)
  const { rows } = await pool.query<{ no: number }>('SELECT DISTINCT scheme_no AS no FROM settlement_choice WHERE run_no = $1', [run.no])
  const schemes = await businessVersions(
    pool,
    rows.map(({ no }) => no),
  )
  const from = `FROM settlement_user u JOIN settlement_choice c ON c.run_no = ${run.no} AND c.agent_id = u.agent_id AND c.business_type = u.business_type
      WHERE u.id >= $1 AND u.id < $2 AND ${where}`
  return `INSERT INTO settlement_line (run_no, agent_id, user_id, scheme_no, tier, basis, amount)
  SELECT ${run.no}, l.* FROM (${linesSql(schemes, run.period, from)}) l ORDER BY agent_id, user_id`
}

type Pace = { began: number; rows: number }

async function work(pool: pg.Pool, run: Run, page: string, pace: Pace, pulse: Pulse): Promise<'done' | 'stopped'> {
  for (;;) {
    pulse.signal.throwIfAborted()
    const { wanted, left } = await state(pool, run)
    if (wanted === 'stop') return 'stopped'
    if (left === 0) return 'done'
    if (wanted === 'pause') {
      pulse.heartbeat({ run: run.id, paused: true })
      await pause(PAUSED_MS, pulse)
      continue
    }
    const rows = await onePage(pool, run, page, pace)
    if (rows === undefined) await pause(LOOK_MS, pulse)
    else pulse.heartbeat({ run: run.id, rows: pace.rows })
  }
}

async function state(pool: pg.Pool, { no }: Run): Promise<{ wanted: Run['wanted']; left: number }> {
  const { rows } = await pool.query<{ wanted: Run['wanted']; left: number }>(
    `SELECT CASE WHEN state = 'computing' THEN wanted ELSE 'stop' END AS wanted,
      (SELECT count(*)::int FROM settlement_page WHERE run_no = $1 AND done_at IS NULL) AS left FROM settlement_run WHERE no = $1`,
    [no],
  )
  return rows[0]!
}

/** @returns rows of the page, nothing where others have all that are left */
function onePage(pool: pg.Pool, run: Run, page: string, pace: Pace): Promise<number | undefined> {
  return inTransaction(pool, async (client) => {
    // Nobody is told anything before the run is closed, and that transaction waits for the disk; a page lost with the power is done again.
    await client.query('SET LOCAL synchronous_commit = off')
    await matchByHash(client)
    const { rows } = await client.query<{ n: number; from_id: string; to_id: string }>(
      'SELECT n, from_id, to_id FROM settlement_page WHERE run_no = $1 AND done_at IS NULL ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED',
      [run.no],
    )
    const next = rows[0]
    if (!next) return undefined
    const { rows: now } = await client.query<{ fingerprint: string }>('SELECT fingerprint FROM settlement_run WHERE no = $1', [run.no])
    if (now[0]?.fingerprint !== run.fingerprint)
      throw never('CHOSEN_ANEW', `run ${run.id} has been chosen anew: another worker computes it`)
    const { rowCount } = await client.query(page, [next.from_id, next.to_id])
    const done = rowCount ?? 0
    pace.rows += done
    const seconds = Math.max(0.001, (Date.now() - pace.began) / 1000)
    const rate = Math.round(pace.rows / seconds)
    await client.query('UPDATE settlement_page SET done_at = clock_timestamp(), rows = $3 WHERE run_no = $1 AND n = $2', [
      run.no,
      next.n,
      done,
    ])
    await client.query(
      `UPDATE settlement_run SET rows_done = rows_done + $2, progress_at = clock_timestamp(), rate = $3,
        left_ms = CASE WHEN $3 > 0 THEN greatest(0, rows_total - rows_done - $2)::bigint * 1000 / $3 END WHERE no = $1`,
      [run.no, done, rate],
    )
    return done
  })
}

/** @throws ApplicationFailure LINES_MISSING where the lines are not those that were chosen for */
async function finish(pool: pg.Pool, id: string): Promise<Computed> {
  const run = await runOf(pool, id)
  if (run.rowsDone !== run.rowsTotal)
    throw never('LINES_MISSING', `run ${id} has ${run.rowsDone} lines for ${run.rowsTotal} user records: the record was changed beside it`)
  return { outcome: 'computed', rows: run.rowsDone }
}
