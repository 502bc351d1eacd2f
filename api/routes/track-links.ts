import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { newSecret, secretHash } from '../auth/tokens.ts'
import { once } from '../http/idempotency.ts'
import { type Ctx, operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { rows, sql } from '../queries/sql.ts'
import { type LinkRow, linkAnswer, linksOf } from '../queries/track.ts'
import { orderParams } from '../schemas/order.ts'
import { trackLink, trackLinkIn, trackLinkMade, trackLinkParams } from '../schemas/track.ts'
import { requireInSight } from './orders.ts'

/** Whoever may give the order commands may let its customer look. @throws Problem NOT_FOUND, NOT_ALLOWED */
async function requireCommand(ctx: Pick<Ctx, 'deps' | 'principal' | 'ability'>, order: string): Promise<void> {
  await requireInSight(ctx, order)
  if (!ctx.ability.can('command', 'Order'))
    throw new Problem('NOT_ALLOWED', { says: { zh: '您的角色不能操作工单', en: 'your roles do not let you give orders commands' } })
}

export const trackLinkOperations = [
  operation({
    id: 'makeTrackLink',
    method: 'post',
    path: '/orders/{id}/track-links',
    tag: "Customer's page",
    summary: 'Make a link that shows the order to its customer',
    description: 'Who has the link needs no login. Its token is in the first answer only.',
    params: orderParams,
    body: trackLinkIn,
    answers: {
      201: { description: 'Made.', schema: trackLinkMade },
      200: { description: 'Had been made by the same request before.', schema: trackLinkMade },
    },
    problems: ['NOT_ALLOWED', 'UNKNOWN_REFERENCE', 'DATE_IN_PAST'],
    async handle(ctx) {
      const { deps, principal, params, body, key, now } = ctx
      await requireCommand(ctx, params.id)
      const contact = body.contactId ?? null
      const expires = body.expiresAt === undefined ? null : new Date(body.expiresAt)
      const secret = newSecret()
      const request = { principal: principal.id, key, route: 'makeTrackLink', content: { order: params.id, ...body }, now }
      return once(deps.pool, request, async (client) => {
        if (expires && expires <= now) throw new Problem('DATE_IN_PAST', { field: 'expiresAt' })
        const [made] = await rows<LinkRow>(
          client,
          sql`WITH link AS (
                INSERT INTO track_link (id, order_id, token_hash, contact_id, created_by, created_at, expires_at)
                SELECT ${randomUUID()}, o.id, ${secretHash(secret)}, ${contact}, ${principal.id}, ${now}, ${expires}
                  FROM orders o
                 WHERE o.id = ${params.id}
                   AND (${contact}::text IS NULL OR EXISTS (SELECT 1 FROM contact k WHERE k.id = ${contact} AND k.customer_id = o.customer_id))
                RETURNING *)
              SELECT l.*, k.name_zh AS zh, k.name_en AS en FROM link l LEFT JOIN contact k ON k.id = l.contact_id`,
        )
        if (!made)
          throw new Problem('UNKNOWN_REFERENCE', {
            field: 'contactId',
            says: { zh: `客户没有联系人 ${contact}`, en: `the customer has no contact ${contact}` },
          })
        const keep = linkAnswer(made, now)
        const url = `${deps.config.PUBLIC_URL?.replace(/\/+$/, '') ?? ''}/track/${secret}`
        return { status: 201, body: { ...keep, token: secret, url }, keep }
      })
    },
  }),
  operation({
    id: 'listTrackLinks',
    method: 'get',
    path: '/orders/{id}/track-links',
    tag: "Customer's page",
    summary: 'Links that show the order to its customer',
    params: orderParams,
    answers: { 200: { description: 'The latest first, without their tokens.', schema: z.object({ items: z.array(trackLink) }) } },
    async handle(ctx) {
      await requireInSight(ctx, ctx.params.id)
      return { status: 200, body: { items: await linksOf(ctx.deps.pool, ctx.params.id, ctx.now) } }
    },
  }),
  operation({
    id: 'revokeTrackLink',
    method: 'delete',
    path: '/orders/{id}/track-links/{link}',
    tag: "Customer's page",
    summary: 'Revoke a link',
    params: trackLinkParams,
    answers: { 204: { description: 'Revoked: it leads nowhere from now on.' } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const { deps, params, now } = ctx
      await requireCommand(ctx, params.id)
      const [found] = await rows(
        deps.pool,
        sql`UPDATE track_link SET revoked_at = coalesce(revoked_at, ${now}) WHERE id = ${params.link} AND order_id = ${params.id} RETURNING id`,
      )
      if (!found) throw new Problem('NOT_FOUND')
      return { status: 204 }
    },
  }),
]
