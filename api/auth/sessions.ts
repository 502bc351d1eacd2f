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
  /** Of a token; a person's session has all. */
  scopes?: readonly string[]
}

/** Rewritten at most this often, so that reading costs no writing. */
const SEEN_EVERY_MS = 60_000

/** Sessions that were used after this instant live. */
export const seenSince = (now: Date, idleHours: number): Date => new Date(now.getTime() - idleHours * 3_600_000)

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

interface Found {
  staff_id: string
  kind: SessionKind
  expires_at: Date | null
  last_seen_at: Date | null
  scopes: string[] | null
}

/**
 * The live session or token of a secret. A cookie's secret is no bearer token, and the other way round. A session that nobody has used
 * for `idleHours` has ended.
 */
export async function findSession(
  pool: pg.Pool,
  secret: string,
  by: 'cookie' | 'bearer',
  now: Date,
  idleHours: number,
): Promise<Session | undefined> {
  const hash = secretHash(secret)
  const [found] = await hotRows<Found>(
    pool,
    sql`SELECT staff_id, kind, expires_at, last_seen_at, NULL::text[] AS scopes FROM session
         WHERE token_hash = ${hash} AND kind = ${by} AND revoked_at IS NULL AND expires_at > ${now} AND last_seen_at > ${seenSince(now, idleHours)}
        UNION ALL
        SELECT staff_id, 'token', expires_at, NULL, scopes FROM api_token
         WHERE ${by} = 'bearer' AND token_hash = ${hash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now})`,
  )
  if (!found) return undefined
  if (found.last_seen_at && now.getTime() - found.last_seen_at.getTime() > SEEN_EVERY_MS)
    await rows(pool, sql`UPDATE session SET last_seen_at = ${now} WHERE token_hash = ${hash}`)
  const { kind, staff_id: staff, expires_at: expiresAt, scopes } = found
  return { kind, hash, staff, expiresAt, ...(scopes && { scopes }) }
}

/** Ends a session, or revokes the token that was used. */
export async function endSession(pool: pg.Pool, { kind, hash }: Pick<Session, 'kind' | 'hash'>, now: Date): Promise<void> {
  const table = kind === 'token' ? sql`api_token` : sql`session`
  await rows(pool, sql`UPDATE ${table} SET revoked_at = ${now} WHERE token_hash = ${hash} AND revoked_at IS NULL`)
}

/** Ends the session of a cookie, if it is one: who logs in anew leaves no old session behind, nor one that somebody has planted. */
export async function endCookie(pool: pg.Pool, secret: string | undefined, now: Date): Promise<void> {
  if (secret !== undefined) await endSession(pool, { kind: 'cookie', hash: secretHash(secret) }, now)
}

/** Begins of a hash name a session without opening it. */
const ID = 24

export const sessionId = (hash: string): string => hash.slice(0, ID)

export interface SessionRow {
  hash: string
  kind: SessionKind
  created_at: Date
  last_seen_at: Date
  expires_at: Date
  user_agent: string | null
}

/** Live sessions of a person, the one used last first. */
export const liveSessions = (pool: pg.Pool, staff: string, now: Date, idleHours: number): Promise<SessionRow[]> =>
  rows(
    pool,
    sql`SELECT token_hash AS hash, kind, created_at, last_seen_at, expires_at, user_agent FROM session
         WHERE staff_id = ${staff} AND revoked_at IS NULL AND expires_at > ${now} AND last_seen_at > ${seenSince(now, idleHours)}
         ORDER BY last_seen_at DESC, token_hash LIMIT 200`,
  )

/** Ends a session of the person by its id. @returns false where there is none */
export async function revokeSession(pool: pg.Pool, staff: string, id: string, now: Date): Promise<boolean> {
  const found = await rows(
    pool,
    sql`UPDATE session SET revoked_at = coalesce(revoked_at, ${now}) WHERE staff_id = ${staff} AND left(token_hash, ${ID}) = ${id} RETURNING 1`,
  )
  return found.length > 0
}
