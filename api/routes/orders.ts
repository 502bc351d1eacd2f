import { z } from 'zod'
import { EngineLate } from '../engine-errors.ts'
import { maySee } from '../auth/ability.ts'
import { etag, expectedVersion, isFresh } from '../http/etag.ts'
import { type Ctx, type Reply, operation } from '../http/operation.ts'
import { giveCommand } from '../orders/command.ts'
import { offeredCommands } from '../orders/offered.ts'
import { previewCommand } from '../orders/preview.ts'
import { startOrder, startedOrderId } from '../orders/start.ts'
import { Problem } from '../problem.ts'
import { orderDetail, orderInSight } from '../queries/order.ts'
import { listOrders } from '../queries/orders.ts'
import { rows, sql } from '../queries/sql.ts'
import { refusalCodes } from '../../domain/order/refusal.ts'
import type { ProblemCode } from '../problem-codes.ts'
import { answer } from '../schemas/common.ts'
import { command, commandParams, commandQuery, pending, recordedCommand } from '../schemas/command.ts'
import { preview } from '../schemas/tree.ts'
import { listQuery, orderDetail as orderSchema, orderList, orderParams, startIn, started } from '../schemas/order.ts'

export const API = '/api/v1'

/** @throws Problem NOT_FOUND when the order does not exist or is out of sight */
export async function requireInSight(
  { deps, principal, ability }: Pick<Ctx, 'deps' | 'principal' | 'ability'>,
  order: string,
): Promise<{ version: number }> {
  const found = await orderInSight(deps, principal, order)
  if (!found || !maySee(ability, found)) throw new Problem('NOT_FOUND')
  return found
}

/** Sent, and not recorded in time: where to ask, and that repeating is safe. */
function notYet(order: string, key: string): Reply {
  const location = `${API}/orders/${order}/commands/${encodeURIComponent(key)}`
  return { status: 202, body: { order, location }, headers: { Location: location, 'Retry-After': '2' } }
}

const later = {
  description:
    'Sent, but not recorded in time. Ask at Location, or repeat the request with the same Idempotency-Key: it takes effect once.',
  schema: pending,
  headers: ['Location', 'Retry-After'],
}

export const orderOperations = [
  operation({
    id: 'startOrder',
    method: 'post',
    path: '/orders',
    tag: 'Orders',
    summary: 'Start an order',
    description: 'With a `source`, the same channel and number answer with the order that exists already, whoever asks.',
    body: startIn,
    answers: {
      201: { description: 'Started and recorded.', schema: started, headers: ['Location', 'ETag'] },
      200: {
        description: 'It was there: by the same key, or by its source number.',
        schema: started,
        headers: ['Location', 'ETag', 'Idempotent-Replayed'],
      },
      202: later,
    },
    problems: [
      'UNKNOWN_PROCESS',
      'UNKNOWN_REFERENCE',
      'NOT_ALLOWED',
      'FORM_INVALID',
      'SOURCE_TAKEN',
      'IDEMPOTENCY_MISMATCH',
      'ENGINE_UNAVAILABLE',
      'ENGINE_ORDER_MISSING',
    ],
    async handle({ deps, principal, body, key }) {
      const request = { principal, key, ...body }
      try {
        const { order, seq, existing } = await startOrder(deps, request)
        const headers = {
          Location: `${API}/orders/${order}`,
          ETag: etag(seq),
          ...(existing === 'key' && { 'Idempotent-Replayed': 'true' }),
        }
        return { status: existing ? 200 : 201, body: { order, seq, existing: existing === 'source' }, headers }
      } catch (error) {
        if (error instanceof EngineLate) return notYet(startedOrderId(request), key)
        throw error
      }
    },
  }),
  operation({
    id: 'listOrders',
    method: 'get',
    path: '/orders',
    tag: 'Orders',
    summary: 'Orders in sight',
    query: listQuery,
    answers: { 200: { description: 'A page.', schema: orderList } },
    problems: ['BAD_CURSOR'],
    async handle({ deps, principal, ability, query, now }) {
      return { status: 200, body: await listOrders(deps.pool, principal, ability, query, now) }
    },
  }),
  operation({
    id: 'getOrder',
    method: 'get',
    path: '/orders/{id}',
    tag: 'Orders',
    summary: 'One order: tasks, clocks, parties, relatives, and what the caller may do now',
    params: orderParams,
    headers: [{ name: 'If-None-Match', description: 'The ETag that the client has: 304 where nothing has happened since.' }],
    answers: {
      200: { description: 'The order.', schema: orderSchema, headers: ['ETag'] },
      304: { description: 'Nothing has happened since.' },
    },
    async handle(ctx) {
      const { deps, req, params, now } = ctx
      const { version } = await requireInSight(ctx, params.id)
      const headers = { 'Cache-Control': 'private, no-cache' }
      if (isFresh(req, version)) return { status: 304, headers: { ...headers, ETag: etag(version) } }
      const order = await orderDetail(deps, params.id, {
        specOf: deps.catalogue.spec,
        offer: (spec, state) => offeredCommands(deps, ctx, spec, state),
        now,
      })
      if (!order) throw new Problem('NOT_FOUND')
      return { status: 200, body: order, headers: { ...headers, ETag: etag(order.version) } }
    },
  }),
  operation({
    id: 'giveCommand',
    method: 'post',
    path: '/orders/{id}/commands',
    tag: 'Orders',
    summary: 'Accept, complete, dispatch, sign …',
    description: 'Decided by the order itself. The answer comes once the move is recorded: who gets it can read it.',
    params: orderParams,
    query: commandQuery,
    body: command,
    headers: [{ name: 'If-Match', description: 'The ETag on which it was decided: 412 where the order has changed since.' }],
    answers: {
      200: {
        description: 'Done and recorded; with Idempotent-Replayed, before. With `preview`: what it would do.',
        schema: z.union([preview, answer]),
        headers: ['ETag', 'Idempotent-Replayed'],
      },
      202: later,
    },
    problems: [
      ...(Object.keys(refusalCodes) as ProblemCode[]),
      'UNKNOWN_REFERENCE',
      'UNFIT_TARGET',
      'PAYMENT_CONFLICT',
      'RESOURCE_TAKEN',
      'RESOURCE_UNNAMED',
      'RESOURCE_NOT_OCCUPIED',
      'BAD_VERSION',
      'IDEMPOTENCY_MISMATCH',
      'ENGINE_UNAVAILABLE',
      'ENGINE_ORDER_MISSING',
    ],
    async handle(ctx) {
      const { deps, req, res, params, query, body, key } = ctx
      const request = { order: params.id, body, expect: expectedVersion(req) }
      if (query.preview) return { status: 200, body: await previewCommand(deps, ctx, request) }
      res.locals.command = body.type
      try {
        const { order, seq, replayed } = await giveCommand(deps, ctx, { ...request, key })
        return { status: 200, body: { order, seq }, headers: { ETag: etag(seq), ...(replayed && { 'Idempotent-Replayed': 'true' }) } }
      } catch (error) {
        if (error instanceof EngineLate) return notYet(params.id, key)
        throw error
      }
    },
  }),
  operation({
    id: 'getCommand',
    method: 'get',
    path: '/orders/{id}/commands/{command}',
    tag: 'Orders',
    summary: 'Whether a command has been recorded',
    description: 'The id of a command, or of a start, is its Idempotency-Key.',
    params: commandParams,
    answers: { 200: { description: 'It has.', schema: recordedCommand } },
    problems: ['NOT_RECORDED'],
    async handle(ctx) {
      const { deps, principal, ability, params } = ctx
      const seen = await orderInSight(deps, principal, params.id)
      // An order that is not there yet, and one that is out of sight, look the same.
      const [found] =
        seen && maySee(ability, seen)
          ? await rows<{ seq: number; at: Date }>(
              deps.pool,
              sql`SELECT seq, at FROM order_command WHERE order_id = ${params.id} AND command_id = ${params.command}`,
            )
          : []
      if (!found) throw new Problem('NOT_RECORDED', { headers: { 'Retry-After': '2' } })
      return { status: 200, body: { order: params.id, command: params.command, seq: found.seq, at: found.at.toISOString() } }
    },
  }),
]
