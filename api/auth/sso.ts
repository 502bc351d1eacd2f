/** Login at the company's identity provider: OpenID Connect, authorization code with PKCE, state and nonce. */
import type pg from 'pg'
import * as oidc from 'openid-client'
import { logAdmin } from '../../prisma/admin-log.ts'
import { isRole } from '../../domain/roles.ts'
import type { Config } from '../../worker/config/config.ts'
import { Problem } from '../problem.ts'
import { rows, sql, transaction } from '../queries/sql.ts'
import { newSecret, secretHash } from './tokens.ts'

type SsoConfig = Pick<
  Config,
  'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_LOGIN_CLAIM' | 'OIDC_GROUPS_CLAIM' | 'OIDC_SCOPES'
>

/** A login that was begun is good for so long. */
export const ATTEMPT_MS = 600_000
const TIMEOUT_S = 5

/** Providers by issuer and client; what discovery has found is kept while the program runs. */
const known = new Map<string, Promise<oidc.Configuration>>()

/** @throws Problem NOT_FOUND where no provider is set, SSO_UNAVAILABLE where it does not answer */
async function provider(config: SsoConfig): Promise<oidc.Configuration> {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: client, OIDC_CLIENT_SECRET: secret } = config
  if (issuer === undefined)
    throw new Problem('NOT_FOUND', {
      says: { zh: '未配置统一认证，请用密码登录', en: 'no identity provider is set: log in with a password' },
    })
  const name = `${issuer} ${client}`
  const url = new URL(issuer)
  // Without encryption only on this machine.
  const local = url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  const found =
    known.get(name) ??
    oidc.discovery(url, client, secret, secret === undefined ? oidc.None() : oidc.ClientSecretPost(secret), {
      timeout: TIMEOUT_S,
      ...(local && { execute: [oidc.allowInsecureRequests] }),
    })
  known.set(name, found)
  try {
    return await found
  } catch (error) {
    known.delete(name)
    throw new Problem('SSO_UNAVAILABLE', { headers: { 'Retry-After': '5' }, cause: error })
  }
}

/** A path of ours to go on to, and nothing else: a browser reads // and /\ as another host. */
export const localPath = (path: string | undefined): string => (path && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/')

/** Begins a login. `attempt` is for the browser's cookie: only the browser that began can end it. */
export async function beginSso(
  pool: pg.Pool,
  config: SsoConfig,
  { redirect, returnTo, now }: { redirect: string; returnTo: string | undefined; now: Date },
): Promise<{ url: string; attempt: string }> {
  const found = await provider(config)
  const [attempt, verifier, state, nonce] = [newSecret(), oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()]
  await rows(
    pool,
    sql`INSERT INTO sso_attempt (id_hash, state, nonce, verifier, return_to, created_at)
        VALUES (${secretHash(attempt)}, ${state}, ${nonce}, ${verifier}, ${localPath(returnTo)}, ${now})`,
  )
  const url = oidc.buildAuthorizationUrl(found, {
    redirect_uri: redirect,
    scope: config.OIDC_SCOPES,
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  return { url: url.href, attempt }
}

/**
 * Ends a login: the answer fits the attempt, which counts once, and names somebody who works here.
 * @throws Problem SSO_REFUSED with the reason, SSO_UNAVAILABLE
 */
export async function endSso(
  pool: pg.Pool,
  config: SsoConfig,
  { answer, attempt, now }: { answer: URL; attempt: string | undefined; now: Date },
): Promise<{ staff: string; returnTo: string }> {
  const found = await provider(config)
  const [begun] = await rows<{ state: string; nonce: string; verifier: string; return_to: string }>(
    pool,
    sql`DELETE FROM sso_attempt WHERE id_hash = ${secretHash(attempt ?? '')} AND created_at > ${new Date(now.getTime() - ATTEMPT_MS)}
        RETURNING state, nonce, verifier, return_to`,
  )
  if (!begun)
    throw new Problem('SSO_REFUSED', {
      says: { zh: '该登录不是从这里发起、已超时或已结束', en: 'this login was not begun here, took too long, or has ended already' },
    })
  const claims = await claimsOf(found, answer, begun)
  const login = claims[config.OIDC_LOGIN_CLAIM]
  if (typeof login !== 'string')
    throw new Problem('SSO_REFUSED', {
      says: { zh: `统一认证没有提供 ${config.OIDC_LOGIN_CLAIM}`, en: `the provider gave no ${config.OIDC_LOGIN_CLAIM}` },
    })
  const [staff] = await rows<{ id: string; unit_id: string }>(
    pool,
    sql`SELECT id, unit_id FROM staff WHERE login = ${login.trim().toLowerCase()} AND active`,
  )
  if (!staff)
    throw new Problem('SSO_REFUSED', {
      says: { zh: '统一认证认识您，但本系统没有您的在用账号', en: 'the provider knows you, but nobody active here has your login' },
    })
  const groups = claims[config.OIDC_GROUPS_CLAIM]
  if (Array.isArray(groups))
    await grantByGroups(
      pool,
      staff,
      groups.filter((group): group is string => typeof group === 'string'),
      now,
    )
  return { staff: staff.id, returnTo: begun.return_to }
}

async function claimsOf(found: oidc.Configuration, answer: URL, begun: { state: string; nonce: string; verifier: string }) {
  try {
    const tokens = await oidc.authorizationCodeGrant(found, answer, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()!
    if (found.serverMetadata().userinfo_endpoint === undefined) return claims
    // Providers put names and groups there or here.
    return { ...claims, ...(await oidc.fetchUserInfo(found, tokens.access_token, claims.sub)) } as Record<string, unknown>
  } catch (error) {
    if (error instanceof TypeError && error.message === 'fetch failed') throw new Problem('SSO_UNAVAILABLE', { cause: error })
    throw new Problem('SSO_REFUSED', {
      says: { zh: '统一认证的应答无效，请重新登录', en: 'the answer of the provider does not hold; log in again' },
      cause: error,
    })
  }
}

/**
 * Roles that groups mean are given and taken with the groups; what was given by hand stays. Without rows in sso_role the provider says
 * who somebody is, and nothing more.
 */
async function grantByGroups(pool: pg.Pool, staff: { id: string; unit_id: string }, groups: readonly string[], now: Date): Promise<void> {
  await transaction(pool, async (client) => {
    await rows(client, sql`SELECT 1 FROM staff WHERE id = ${staff.id} FOR UPDATE`)
    const meant = await rows<{ role: string; unit: string }>(
      client,
      sql`SELECT DISTINCT role, coalesce(unit_id, ${staff.unit_id}) AS unit FROM sso_role WHERE group_name = ANY (${[...groups]}) ORDER BY 1, 2`,
    )
    const wanted = meant.filter(({ role }) => isRole(role))
    const name = ({ role, unit }: { role: string; unit: string }) => `${role}@${unit}`
    const held = await rows<{ role: string; unit: string }>(
      client,
      sql`SELECT role, unit_id AS unit FROM sso_grant WHERE staff_id = ${staff.id}`,
    )
    const taken = held.filter((grant) => !wanted.some((one) => name(one) === name(grant)))
    const given: typeof wanted = []
    for (const { role, unit } of taken)
      for (const table of [sql`sso_grant`, sql`staff_role`])
        await rows(client, sql`DELETE FROM ${table} WHERE staff_id = ${staff.id} AND role = ${role} AND unit_id = ${unit}`)
    for (const { role, unit } of wanted) {
      const added = await rows(
        client,
        sql`INSERT INTO staff_role (staff_id, role, unit_id) VALUES (${staff.id}, ${role}, ${unit}) ON CONFLICT DO NOTHING RETURNING 1`,
      )
      if (added.length === 0) continue
      await rows(client, sql`INSERT INTO sso_grant (staff_id, role, unit_id) VALUES (${staff.id}, ${role}, ${unit}) ON CONFLICT DO NOTHING`)
      given.push({ role, unit })
    }
    if (given.length + taken.length === 0) return
    const detail = { by: 'identity provider', given: given.map(name), taken: taken.map(name) }
    await logAdmin(client, { actor: 'machine', action: 'scopes-changed', subject: staff.id, detail, at: now })
  })
}
