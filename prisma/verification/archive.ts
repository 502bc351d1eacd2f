/** Histories of ended orders as they are stored, and how far that has come. */
import type pg from 'pg'

type Db = Pick<pg.Pool, 'query'>

export interface ArchivedRun {
  runNo: number
  runId: string
  events: number
  /** Brotli over the history as JSON. */
  content: Buffer
  /** Of the JSON. */
  sha256: string
  codeVersion: string
  bundleHash: string
}

export const archivedRuns = async (db: Db, order: string): Promise<ArchivedRun[]> =>
  (
    await db.query<ArchivedRun>(
      `SELECT run_no AS "runNo", run_id AS "runId", events, content, sha256, code_version AS "codeVersion", bundle_hash AS "bundleHash"
         FROM history_archive WHERE order_id = $1 ORDER BY run_no`,
      [order],
    )
  ).rows

/** Whether an order's history was stored and found true, once. */
export const wasArchived = async (db: Db, order: string): Promise<boolean> =>
  (await db.query(`SELECT 1 FROM archive_state WHERE order_id = $1 AND state = 'done'`, [order])).rows.length > 0

/** Stores runs; those that are there already stay as they are. */
export async function keepRuns(db: Db, order: string, runs: readonly ArchivedRun[], at: Date): Promise<void> {
  for (const { runNo, runId, events, content, sha256, codeVersion, bundleHash } of runs)
    await db.query(
      `INSERT INTO history_archive (order_id, run_no, run_id, events, content, sha256, code_version, bundle_hash, archived_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
      [order, runNo, runId, events, content, sha256, codeVersion, bundleHash, at],
    )
}

/** waiting: for its turn, or for its workflow to end; failed: will be tried again; dead: the engine has no history of it any more. */
export type ArchiveState = 'waiting' | 'done' | 'failed' | 'dead'

export interface ArchiveJob {
  order: string
  state: ArchiveState
  attempts: number
}

/** Takes orders that are due, for as long as the lease; whoever dies with them gives them back by that. */
export const takeArchiveJobs = async (db: Db, limit: number, now: Date, leaseMs: number): Promise<ArchiveJob[]> =>
  (
    await db.query<ArchiveJob>(
      `UPDATE archive_state s SET next_at = $3 FROM (
         SELECT order_id FROM archive_state WHERE state IN ('waiting', 'failed') AND next_at <= $1
          ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED) due
        WHERE s.order_id = due.order_id RETURNING s.order_id AS "order", s.state, s.attempts`,
      [now, limit, new Date(now.getTime() + leaseMs)],
    )
  ).rows

export async function markArchive(
  db: Db,
  order: string,
  { state, attempts, error, nextAt }: { state: ArchiveState; attempts: number; error?: string; nextAt: Date },
): Promise<void> {
  await db.query(`UPDATE archive_state SET state = $2, attempts = $3, error = $4, next_at = $5 WHERE order_id = $1`, [
    order,
    state,
    attempts,
    error?.slice(0, 1_000) ?? null,
    nextAt,
  ])
}

export interface ArchiveOverview {
  states: { state: ArchiveState; count: number }[]
  /** Up to 100, the next to be tried first. */
  failures: { order: string; state: ArchiveState; attempts: number; error: string | null; nextAt: Date }[]
}

/** What is archived, what waits, and why the rest does not. */
export async function archiveOverview(db: Db): Promise<ArchiveOverview> {
  const states = await db.query<ArchiveOverview['states'][number]>(
    'SELECT state, count(*)::int AS count FROM archive_state GROUP BY state ORDER BY state',
  )
  const failures = await db.query<ArchiveOverview['failures'][number]>(
    `SELECT order_id AS "order", state, attempts, error, next_at AS "nextAt" FROM archive_state WHERE state IN ('failed', 'dead')
      ORDER BY next_at, order_id LIMIT 100`,
  )
  return { states: states.rows, failures: failures.rows }
}

/** Ended orders that nobody has put on the list: a copy of rows from elsewhere, made with triggers off. Answers how many. */
export const listMissed = async (db: Db, now: Date): Promise<number> =>
  (
    await db.query(
      `INSERT INTO archive_state (order_id, state, attempts, next_at)
       SELECT o.id, 'waiting', 0, $1 FROM orders o WHERE o.status = 'closed' AND NOT EXISTS (SELECT FROM archive_state s WHERE s.order_id = o.id)
       ON CONFLICT DO NOTHING`,
      [now],
    )
  ).rowCount ?? 0

/** Keeps the code of a worker, so that what it ran can be replayed by it. */
export async function keepBundle(db: Db, bundle: { hash: string; codeVersion: string; content: Buffer }, at: Date): Promise<void> {
  await db.query('INSERT INTO workflow_bundle (hash, code_version, content, stored_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
    bundle.hash,
    bundle.codeVersion,
    bundle.content,
    at,
  ])
}

export const bundleKept = async (db: Db, hash: string): Promise<boolean> =>
  (await db.query('SELECT 1 FROM workflow_bundle WHERE hash = $1', [hash])).rows.length > 0

export const readBundle = async (db: Db, hash: string): Promise<{ codeVersion: string; content: Buffer } | undefined> =>
  (
    await db.query<{ codeVersion: string; content: Buffer }>(
      'SELECT code_version AS "codeVersion", content FROM workflow_bundle WHERE hash = $1',
      [hash],
    )
  ).rows[0]
