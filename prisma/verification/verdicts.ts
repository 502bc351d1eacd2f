/** Verdicts of verifications, as they are kept. */
import type pg from 'pg'

type Db = Pick<pg.Pool, 'query'>

/** A verdict as workflows/kit/verdict.ts gives it. */
interface Verdict {
  order: string
  events: number
  head: string
  ok: boolean
  chain: object | null
  rows: object | null
  body: string | null
}

/** How a version of the code stands to a history that was replayed with it. */
export interface CodeVerdict {
  /** SHA-256 of the workflow bundle. */
  bundle: string
  version: string
  /** The worker's own; else the code of then, as it was stored. */
  today: boolean
  /** It made the same moves again, to the end of the history. */
  same: boolean
  /** First event that it makes otherwise (told: by the code, kept: in the record). */
  difference?: Difference
  /** Why it did not come to the end. */
  message?: string
}

interface Difference {
  of: string
  field: string
  told: unknown
  kept: unknown
}

/** What the replay of the engine's history has shown. */
export interface EngineVerdict {
  /** same: the record is what the history says, and code makes the same moves of it; missing: there is no history to look at. */
  state: 'same' | 'differs' | 'missing'
  source?: 'engine' | 'archive'
  runs?: number
  /** Events of the record that the history covers. */
  events?: number
  /** First place where the record is not what the history says. */
  difference?: Difference
  codes?: CodeVerdict[]
  message?: string
}

export interface KeptVerdict extends Verdict {
  id: string
  at: Date
  by: string
  /** Replay of the engine's history; null until a worker has done it. */
  engine: EngineVerdict | null
}

const columns = 'id::text, order_id AS "order", at, asked_by AS by, events, head, ok, chain, rows, body, engine'

/** Keeps a verdict. The replay of the engine's history is asked for by that, and follows. */
export async function keepVerdict(db: Db, verdict: Verdict, by: string, at: Date): Promise<KeptVerdict> {
  const { order, events, head, ok, chain, rows, body } = verdict
  const json = (value: object | null) => value && JSON.stringify(value)
  const { rows: kept } = await db.query<KeptVerdict>(
    `INSERT INTO verification (order_id, at, asked_by, events, head, ok, chain, rows, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${columns}`,
    [order, at, by, events, head, ok, json(chain), json(rows), body],
  )
  return kept[0]!
}

/** One verdict of an order. */
export async function verdictById(db: Db, order: string, id: string): Promise<KeptVerdict | undefined> {
  const { rows } = await db.query<KeptVerdict>(`SELECT ${columns} FROM verification WHERE order_id = $1 AND id = $2`, [order, id])
  return rows[0]
}

/** Those of these verdicts whose replay is done. */
export async function replayedVerdicts(db: Db, ids: readonly string[]): Promise<KeptVerdict[]> {
  const { rows } = await db.query<KeptVerdict>(`SELECT ${columns} FROM verification WHERE id = ANY($1::bigint[]) AND engine IS NOT NULL`, [
    ids,
  ])
  return rows
}

/** Takes verdicts that wait for their replay, the oldest first; whoever dies with them gives them back when the lease ends. */
export async function takeReplays(db: Db, limit: number, now: Date, leaseMs: number): Promise<{ id: string; order: string }[]> {
  const { rows } = await db.query<{ id: string; order: string }>(
    `UPDATE verification v SET next_at = $3 FROM (
       SELECT id FROM verification WHERE engine IS NULL AND next_at <= $1 ORDER BY next_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) due
      WHERE v.id = due.id RETURNING v.id::text, v.order_id AS "order"`,
    [now, limit, new Date(now.getTime() + leaseMs)],
  )
  return rows
}

/** Gives a verdict back, to be replayed later. */
export async function postponeReplay(db: Db, id: string, nextAt: Date): Promise<void> {
  await db.query('UPDATE verification SET next_at = $2 WHERE id = $1', [id, nextAt])
}

/** Completes a verdict with what its replay has shown. */
export async function keepReplay(db: Db, id: string, engine: EngineVerdict): Promise<void> {
  await db.query(`UPDATE verification SET engine = $2, ok = ok AND $3 WHERE id = $1 AND engine IS NULL`, [
    id,
    JSON.stringify(engine),
    engine.state !== 'differs',
  ])
}

/** Verdicts on an order, the latest first. */
export async function verdictsOn(db: Db, order: string, limit = 50): Promise<KeptVerdict[]> {
  const { rows } = await db.query<KeptVerdict>(`SELECT ${columns} FROM verification WHERE order_id = $1 ORDER BY id DESC LIMIT $2`, [
    order,
    limit,
  ])
  return rows
}
