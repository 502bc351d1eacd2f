/** Logins of people and lasting tokens of programs. */
import type pg from 'pg'
import { hotRows, rows, sql } from '../queries/sql.ts'
import { newSecret, secretHash } from './tokens.ts'

export type SessionKind = 'cookie' | 'bearer' | 'token'

export interface Session {
  kind: SessionKind
  hash: string
  staff: string
  expiresAt: Date | null
}

/** Rewritten at most this often, so that reading costs no writing. */
const SEEN_EVERY_MS = 60_000

/** Opens a session and answers its secret, which is not kept. */
export async function openSession(
  pool: pg.Pool,
  {
    staff,
    kind,
    now,
    hours,
    userAgent,
  }: { staff: string; kind: 'cookie' | 'bearer'; now: Date; hours: number; userAgent: string | undefined },
): Promise<{ secret: string; expiresAt: Date }> {
  const secret = newSecret()
  const expiresAt = new Date(now.getTime() + hours * 3_600_000)
  await rows(
    pool,
    sql`INSERT INTO session (token_hash, staff_id, kind, created_at, expires_at, last_seen_at, user_agent)
        VALUES (${secretHash(secret)}, ${staff}, ${kind}, ${now}, ${expiresAt}, ${now}, ${userAgent?.slice(0, 300) ?? null})`,
  )
  return { secret, expiresAt }
}

/** The live session or token of a secret. A cookie's secret is no bearer token, and the other way round. */
export async function findSession(pool: pg.Pool, secret: string, by: 'cookie' | 'bearer', now: Date): Promise<Session | undefined> {
  const hash = secretHash(secret)
  const [found] = await hotRows<{ staff_id: string; kind: SessionKind; expires_at: Date | null; last_seen_at: Date | null }>(
    pool,
    sql`SELECT staff_id, kind, expires_at, last_seen_at FROM session
         WHERE token_hash = ${hash} AND kind = ${by} AND revoked_at IS NULL AND expires_at > ${now}
        UNION ALL
        SELECT staff_id, 'token', expires_at, NULL FROM api_token
         WHERE ${by} = 'bearer' AND token_hash = ${hash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now})`,
  )
  if (!found) return undefined
  if (found.last_seen_at && now.getTime() - found.last_seen_at.getTime() > SEEN_EVERY_MS)
    await rows(pool, sql`UPDATE session SET last_seen_at = ${now} WHERE token_hash = ${hash}`)
  return { kind: found.kind, hash, staff: found.staff_id, expiresAt: found.expires_at }
}

/** Ends a session, or revokes the token that was used. */
export async function endSession(pool: pg.Pool, { kind, hash }: Session, now: Date): Promise<void> {
  const table = kind === 'token' ? sql`api_token` : sql`session`
  await rows(pool, sql`UPDATE ${table} SET revoked_at = ${now} WHERE token_hash = ${hash} AND revoked_at IS NULL`)
}
