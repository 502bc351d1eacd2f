import { operation } from '../http/operation.ts'
import type { Ctx } from '../http/operation.ts'
import { resolveTexts } from '../orders/texts.ts'
import { Problem } from '../problem.ts'
import { listEvents, stateAt, verify } from '../queries/events.ts'
import { atQuery, eventList, eventsQuery, orderParams, stateAt as stateSchema, verification } from '../schemas/order.ts'
import { requireInSight } from './orders.ts'

/** @throws Problem NOT_FOUND, or NOT_ALLOWED for who may see the order but not its history */
async function requireHistory(ctx: Pick<Ctx, 'deps' | 'principal' | 'ability'>, order: string): Promise<void> {
  await requireInSight(ctx, order)
  if (!ctx.ability.can('audit', 'Order')) throw new Problem('NOT_ALLOWED', { detail: "histories are the company's own" })
}

export const historyOperations = [
  operation({
    id: 'listEvents',
    method: 'get',
    path: '/orders/{id}/events',
    tag: 'History',
    summary: 'Every event of an order, with its hash',
    params: orderParams,
    query: eventsQuery,
    answers: { 200: { description: 'A page, oldest first.', schema: eventList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      return { status: 200, body: await listEvents(ctx.deps.pool, ctx.params.id, ctx.query) }
    },
  }),
  operation({
    id: 'getOrderAt',
    method: 'get',
    path: '/orders/{id}/at',
    tag: 'History',
    summary: 'The state of an order at any moment',
    params: orderParams,
    query: atQuery,
    answers: { 200: { description: 'The fold of the events up to that moment.', schema: stateSchema } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const { deps, params, query } = ctx
      await requireHistory(ctx, params.id)
      const moment = query.seq !== undefined ? { seq: query.seq } : { time: new Date(query.time!) }
      const found = await stateAt(deps.pool, params.id, moment)
      if (!found)
        throw new Problem('NOT_FOUND', {
          detail: query.seq !== undefined ? `the order has no event ${query.seq}` : 'the order was not open yet',
        })
      const { state, at } = found
      const body = { order: params.id, seq: state.seq, at: at.toISOString(), hash: state.hash, state: await resolveTexts(deps.pool, state) }
      return { status: 200, body }
    },
  }),
  operation({
    id: 'verifyOrder',
    method: 'get',
    path: '/orders/{id}/verification',
    tag: 'History',
    summary: 'Whether the history is unbroken',
    params: orderParams,
    answers: { 200: { description: 'What was looked at, and what was found.', schema: verification } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      const found = await verify(ctx.deps.pool, ctx.params.id)
      if (!found) throw new Problem('NOT_FOUND')
      return { status: 200, body: found }
    },
  }),
]
