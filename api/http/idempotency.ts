/**
 * Repeats of POSTs that the engine does not see. The key is taken in the transaction of its effect: a repeat finds the first answer,
 * or waits for it, and what failed has left no key behind.
 */
import type pg from 'pg'
import { canonical, digest } from '../../domain/order/hash.ts'
import { Problem } from '../problem.ts'
import { type Db, rows, sql, transaction } from '../queries/sql.ts'
import type { Reply } from './operation.ts'

interface Request {
  principal: string
  key: string
  /** Id of the operation. */
  route: string
  /** What the request says; the same key with something else is refused. */
  content: unknown
  now: Date
}

const LOCK_NOT_AVAILABLE = '55P03'

/**
 * Does `work` once for the key. `keep` is what a repeat is answered with, where that differs from the first answer.
 * @throws Problem IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_PROGRESS
 */
export async function once(
  pool: pg.Pool,
  { principal, key, route, content, now }: Request,
  work: (client: pg.PoolClient) => Promise<Reply & { keep?: unknown }>,
): Promise<Reply> {
  const requestHash = digest(canonical({ route, content: content ?? null }))
  const run = transaction(pool, async (client): Promise<Reply> => {
    await client.query(`SET LOCAL lock_timeout = '5s'`)
    const [mine] = await rows<{ key: string }>(
      client,
      sql`INSERT INTO idempotency_key (principal, key, route, request_hash, created_at)
          VALUES (${principal}, ${key}, ${route}, ${requestHash}, ${now}) ON CONFLICT DO NOTHING RETURNING key`,
    )
    if (!mine) return repeat(client, principal, key, requestHash)
    const { keep, ...reply } = await work(client)
    const response = { body: keep ?? reply.body ?? null, headers: reply.headers ?? {} }
    await rows(
      client,
      sql`UPDATE idempotency_key SET status = ${reply.status}, response = ${JSON.stringify(response)}::jsonb
           WHERE principal = ${principal} AND key = ${key}`,
    )
    return reply
  })
  try {
    return await run
  } catch (error) {
    if ((error as { code?: unknown }).code === LOCK_NOT_AVAILABLE)
      throw new Problem('IDEMPOTENCY_IN_PROGRESS', { headers: { 'Retry-After': '1' } })
    throw error
  }
}

/**
 * As `once`, for work that has its own ways of taking effect once and should hold no transaction meanwhile. What is not `final` is not
 * kept: a repeat does it again.
 * @throws Problem IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_PROGRESS
 */
export async function onceDone(
  pool: pg.Pool,
  { principal, key, route, content, now }: Request,
  work: () => Promise<Reply & { final: boolean }>,
): Promise<Reply> {
  const requestHash = digest(canonical({ route, content: content ?? null }))
  const known = () => rows(pool, sql`SELECT 1 FROM idempotency_key WHERE principal = ${principal} AND key = ${key}`)
  if ((await known()).length > 0) return repeat(pool, principal, key, requestHash)
  const { final, ...reply } = await work()
  if (!final) return reply
  const response = JSON.stringify({ body: reply.body ?? null, headers: reply.headers ?? {} })
  const mine = await rows(
    pool,
    sql`INSERT INTO idempotency_key (principal, key, route, request_hash, created_at, status, response)
        VALUES (${principal}, ${key}, ${route}, ${requestHash}, ${now}, ${reply.status}, ${response}::jsonb) ON CONFLICT DO NOTHING RETURNING key`,
  )
  // Two at the same time: the answer that was kept is the answer of both.
  return mine.length > 0 ? reply : repeat(pool, principal, key, requestHash)
}

async function repeat(client: Db, principal: string, key: string, requestHash: string): Promise<Reply> {
  const [first] = await rows<{
    request_hash: string
    status: number | null
    response: { body: unknown; headers: Record<string, string> } | null
  }>(client, sql`SELECT request_hash, status, response FROM idempotency_key WHERE principal = ${principal} AND key = ${key}`)
  if (!first?.response || first.status === null) throw new Problem('IDEMPOTENCY_IN_PROGRESS', { headers: { 'Retry-After': '1' } })
  if (first.request_hash !== requestHash) throw new Problem('IDEMPOTENCY_MISMATCH')
  const { body, headers } = first.response
  // What was created then is not created again.
  return {
    status: first.status === 201 ? 200 : first.status,
    body: body ?? undefined,
    headers: { ...headers, 'Idempotent-Replayed': 'true' },
  }
}
