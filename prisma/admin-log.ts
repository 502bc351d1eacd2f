/**
 * The log of administration: what people and operators change about the product itself, as opposed to what they do with orders. Each
 * entry carries SHA-256 over (hash of the one before, entry); the table refuses a gap, a change and a removal.
 */
import type pg from 'pg'
import type { AdminAction } from '../domain/admin.ts'
import { canonical, digest, GENESIS } from '../domain/order/hash.ts'

export interface AdminEntry {
  /** Person, or `cli` for a program of an operator, or `machine`. */
  actor: string
  action: AdminAction
  /** Id of what it was done to. */
  subject: string
  /** What exactly, as JSON; short, without secrets and personal data: an entry can't be taken back. */
  detail?: object
  at: Date
}

export interface LoggedEntry extends Omit<AdminEntry, 'detail'> {
  seq: number
  detail: object
  prevHash: string
  hash: string
}

/** Held to the end of the transaction, so that entries come one after the other. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('admin-log', 0))`

/**
 * Writes an entry in the caller's transaction, with what it is about: both are there, or neither. Call it last, since others who log
 * wait until the transaction has ended; and at READ COMMITTED, since the last entry is read after the wait.
 *
 * @returns number of the entry
 */
export async function logAdmin(client: pg.ClientBase, { actor, action, subject, detail = {}, at }: AdminEntry): Promise<number> {
  await client.query(LOCK)
  const { rows } = await client.query<{ seq: string; hash: string }>('SELECT seq, hash FROM admin_log ORDER BY seq DESC LIMIT 1')
  const seq = Number(rows[0]?.seq ?? 0) + 1
  const prevHash = rows[0]?.hash ?? GENESIS
  const json = JSON.stringify(detail)
  const entry = { seq, at, actor, action, subject, detail: JSON.parse(json) as object }
  await client.query(
    'INSERT INTO admin_log (seq, at, actor, action, subject, detail, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [seq, at, actor, action, subject, json, prevHash, adminHash(prevHash, entry)],
  )
  return seq
}

/** As {@link logAdmin}, in a transaction of its own: for what takes effect elsewhere, such as in the engine. */
export async function logAdminAlone(pool: pg.Pool, entry: AdminEntry): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const seq = await logAdmin(client, entry)
    await client.query('COMMIT')
    return seq
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

function adminHash(previous: string, { seq, at, actor, action, subject, detail }: Omit<LoggedEntry, 'prevHash' | 'hash'>): string {
  return digest(`${previous}\n${canonical({ seq, at: at.toISOString(), actor, action, subject, detail })}`)
}

interface Row {
  seq: string
  at: Date
  actor: string
  action: AdminAction
  subject: string
  detail: object
  prev_hash: string
  hash: string
}

const entryOf = ({ seq, prev_hash: prevHash, ...row }: Row): LoggedEntry => ({ ...row, seq: Number(seq), prevHash })

export interface AdminFilter {
  actor?: string | undefined
  action?: AdminAction | undefined
  subject?: string | undefined
  /** Only entries with a smaller number. */
  before?: number | undefined
  limit: number
}

/** Entries, the latest first. */
export async function readAdminLog(db: pg.Pool | pg.ClientBase, { actor, action, subject, before, limit }: AdminFilter) {
  const { rows } = await db.query<Row>(
    `SELECT seq, at, actor, action, subject, detail, prev_hash, hash FROM admin_log
      WHERE ($1::text IS NULL OR actor = $1) AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR subject = $3)
        AND ($4::bigint IS NULL OR seq < $4) ORDER BY seq DESC LIMIT $5`,
    [actor ?? null, action ?? null, subject ?? null, before ?? null, limit],
  )
  return rows.map(entryOf)
}

const PAGE = 5_000

/** Walks the whole chain. `broken` is the number of the first entry that does not follow from the one before; null: the chain holds. */
export async function checkAdminLog(db: pg.Pool | pg.ClientBase): Promise<{ entries: number; head: string; broken: number | null }> {
  let entries = 0
  let head = GENESIS
  for (;;) {
    const { rows } = await db.query<Row>('SELECT * FROM admin_log WHERE seq > $1 ORDER BY seq LIMIT $2', [entries, PAGE])
    for (const entry of rows.map(entryOf)) {
      if (entry.seq !== entries + 1 || entry.prevHash !== head || entry.hash !== adminHash(head, entry))
        return { entries, head, broken: entries + 1 }
      entries = entry.seq
      head = entry.hash
    }
    if (rows.length < PAGE) return { entries, head, broken: null }
  }
}
