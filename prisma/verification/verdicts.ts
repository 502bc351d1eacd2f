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

export interface KeptVerdict extends Verdict {
  id: string
  at: Date
  by: string
  /** Replay of the engine's history; null until the worker has done it. */
  engine: { state: 'same' | 'differs' | 'missing'; source?: 'engine' | 'archive'; runs?: number; message?: string } | null
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

/** Verdicts on an order, the latest first. */
export async function verdictsOn(db: Db, order: string, limit = 50): Promise<KeptVerdict[]> {
  const { rows } = await db.query<KeptVerdict>(`SELECT ${columns} FROM verification WHERE order_id = $1 ORDER BY id DESC LIMIT $2`, [
    order,
    limit,
  ])
  return rows
}
