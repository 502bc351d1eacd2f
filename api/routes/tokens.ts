import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { newSecret, secretHash } from '../auth/tokens.ts'
import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { rows, sql } from '../queries/sql.ts'
import { token, tokenIn, tokenMade, tokenParams } from '../schemas/session.ts'

interface Row {
  id: string
  name: string
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
}

const tokenOf = (row: Row) => ({
  id: row.id,
  name: row.name,
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
        sql`SELECT id, name, created_at, expires_at, revoked_at FROM api_token WHERE staff_id = ${principal.id} ORDER BY created_at DESC, id`,
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
      if (session.kind === 'token') throw new Problem('NOT_ALLOWED', { detail: 'log in to make a token' })
      const secret = newSecret()
      return once(deps.pool, { principal: principal.id, key, route: 'makeToken', content: body, now }, async (client) => {
        const expiresAt = new Date(now.getTime() + body.days * 86_400_000)
        const [made] = await rows<Row>(
          client,
          sql`INSERT INTO api_token (id, staff_id, name, token_hash, created_at, expires_at)
              VALUES (${randomUUID()}, ${principal.id}, ${body.name}, ${secretHash(secret)}, ${now}, ${expiresAt})
              RETURNING id, name, created_at, expires_at, revoked_at`,
        )
        const keep = tokenOf(made!)
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
      const [found] = await rows(
        deps.pool,
        sql`UPDATE api_token SET revoked_at = coalesce(revoked_at, ${now}) WHERE id = ${params.id} AND staff_id = ${principal.id} RETURNING id`,
      )
      if (!found) throw new Problem('NOT_FOUND')
      return { status: 204 }
    },
  }),
]
