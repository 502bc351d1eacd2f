import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { logAdmin } from '../../prisma/admin-log.ts'
import { newSecret, secretHash } from '../auth/tokens.ts'
import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { rows, sql, transaction } from '../queries/sql.ts'
import { token, tokenIn, tokenMade, tokenParams } from '../schemas/session.ts'

interface Row {
  id: string
  name: string
  scopes: string[]
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
}

const tokenOf = (row: Row) => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
})

export const tokenOperations = [
  operation({
    id: 'listTokens',
    method: 'get',
    path: '/tokens',
    tag: 'Access',
    summary: 'My tokens',
    answers: { 200: { description: 'Tokens of the caller, the latest first.', schema: z.object({ items: z.array(token) }) } },
    async handle({ deps, principal }) {
      const found = await rows<Row>(
        deps.pool,
        sql`SELECT id, name, scopes, created_at, expires_at, revoked_at FROM api_token WHERE staff_id = ${principal.id} ORDER BY created_at DESC, id`,
      )
      return { status: 200, body: { items: found.map(tokenOf) } }
    },
  }),
  operation({
    id: 'makeToken',
    method: 'post',
    path: '/tokens',
    tag: 'Access',
    summary: 'Make a token for a program',
    description: 'The program acts as the caller. The secret is in the first answer only: a repeat shows the token without it.',
    body: tokenIn,
    answers: {
      201: { description: 'Made.', schema: tokenMade },
      200: { description: 'Had been made by the same request before.', schema: tokenMade },
    },
    problems: ['NOT_ALLOWED'],
    async handle({ deps, principal, session, body, key, now }) {
      // A token that makes tokens could never be got rid of.
      if (session.kind === 'token') throw new Problem('NOT_ALLOWED', { says: { zh: '请登录后创建令牌', en: 'log in to make a token' } })
      const secret = newSecret()
      return once(deps.pool, { principal: principal.id, key, route: 'makeToken', content: body, now }, async (client) => {
        const scopes = [...new Set(body.scopes)]
        const expiresAt = new Date(now.getTime() + body.days * 86_400_000)
        const [made] = await rows<Row>(
          client,
          sql`INSERT INTO api_token (id, staff_id, name, scopes, token_hash, created_at, expires_at)
              VALUES (${randomUUID()}, ${principal.id}, ${body.name}, ${scopes}, ${secretHash(secret)}, ${now}, ${expiresAt})
              RETURNING id, name, scopes, created_at, expires_at, revoked_at`,
        )
        const keep = tokenOf(made!)
        const detail = { name: body.name, scopes, expiresAt: expiresAt.toISOString() }
        await logAdmin(client, { actor: principal.id, action: 'token-made', subject: keep.id, detail, at: now })
        return { status: 201, body: { ...keep, token: secret }, keep }
      })
    },
  }),
  operation({
    id: 'revokeToken',
    method: 'delete',
    path: '/tokens/{id}',
    tag: 'Access',
    summary: 'Revoke a token of mine',
    params: tokenParams,
    answers: { 204: { description: 'Revoked.' } },
    async handle({ deps, principal, params, now }) {
      await transaction(deps.pool, async (client) => {
        const mine = sql`id = ${params.id} AND staff_id = ${principal.id}`
        const [ended] = await rows(client, sql`UPDATE api_token SET revoked_at = ${now} WHERE ${mine} AND revoked_at IS NULL RETURNING id`)
        if (ended) await logAdmin(client, { actor: principal.id, action: 'token-revoked', subject: params.id, at: now })
        else if ((await rows(client, sql`SELECT 1 FROM api_token WHERE ${mine}`)).length === 0) throw new Problem('NOT_FOUND')
      })
      return { status: 204 }
    },
  }),
]
