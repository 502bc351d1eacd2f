/** What nobody needs any more goes: ended sessions, remembered keys of requests, logins begun and never ended, texts that nothing names. */
import type pg from 'pg'

const DAY = 86_400_000

/** Ended sessions stay so long that an auditor can see where somebody was logged in. */
const SESSION_DAYS = 30
/** A client that repeats a request after that does it anew; commands of orders are remembered for good. */
const KEY_DAYS = 30
const ATTEMPT_MS = 3_600_000
/** A command that brought a text is recorded within minutes; after an outage of the engine within days. */
const TEXT_DAYS = 7
const TEXTS = 5_000
const BATCH = 5_000

export interface Pruned {
  sessions: number
  keys: number
  attempts: number
  texts: number
}

/** Safe to repeat and to run twice at once. `now` in epoch ms. */
export async function prune(pool: pg.Pool, now = Date.now()): Promise<Pruned> {
  const before = (ms: number) => new Date(now - ms)
  const sessions = await inBatches(pool, 'session', 'least(expires_at, revoked_at) < $1', before(SESSION_DAYS * DAY))
  const keys = await inBatches(pool, 'idempotency_key', 'created_at < $1', before(KEY_DAYS * DAY))
  const attempts = await inBatches(pool, 'sso_attempt', 'created_at < $1', before(ATTEMPT_MS))
  return { sessions, keys, attempts, texts: await pruneTexts(pool, before(TEXT_DAYS * DAY)) }
}

async function inBatches(pool: pg.Pool, table: string, condition: string, instant: Date): Promise<number> {
  for (let gone = 0; ; ) {
    const { rowCount } = await pool.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`,
      [instant],
    )
    gone += rowCount ?? 0
    if ((rowCount ?? 0) < BATCH) return gone
  }
}

/**
 * Texts whose command was refused are named by no event. Those that are named are marked, so that each is looked for once. A text that
 * a command brings again just now is left: its row says so.
 */
async function pruneTexts(pool: pg.Pool, before: Date): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    // The table refuses removals from everybody else.
    await client.query(`SET LOCAL paidan.pruning = 'on'`)
    const { rows } = await client.query<{ gone: number }>(
      `WITH old AS MATERIALIZED (
         SELECT digest, created_at FROM order_text WHERE NOT named AND coalesce(stored_at, created_at) < $1
         ORDER BY created_at LIMIT ${TEXTS} FOR UPDATE SKIP LOCKED
       ), said AS MATERIALIZED (
         SELECT DISTINCT m[1] AS digest FROM order_event e, regexp_matches(e.data::text, 'digest:([0-9a-f]{64})', 'g') m
          WHERE e.at >= (SELECT min(created_at) - interval '1 hour' FROM old)
       ), marked AS (
         UPDATE order_text t SET named = true FROM old JOIN said USING (digest) WHERE t.digest = old.digest
       ), gone AS (
         DELETE FROM order_text t USING old WHERE t.digest = old.digest AND NOT EXISTS (SELECT FROM said WHERE said.digest = t.digest) RETURNING 1
       )
       SELECT count(*)::int AS gone FROM gone`,
      [before],
    )
    await client.query('COMMIT')
    return rows[0]?.gone ?? 0
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}
