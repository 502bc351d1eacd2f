import { logAdmin } from '../../prisma/admin-log.ts'
import { keptOrders } from '../../prisma/verification/kept.ts'
import { type KeptVerdict, keepVerdict, verdictById, verdictsOn } from '../../prisma/verification/verdicts.ts'
import type { Verdict } from '../../workflows/kit/verdict.ts'
import { once } from '../http/idempotency.ts'
import { type Ctx, operation } from '../http/operation.ts'
import { resolveTexts } from '../orders/texts.ts'
import { Problem } from '../problem.ts'
import { listEvents, stateAt, subjectOf } from '../queries/events.ts'
import { historyNames, idsOfState } from '../queries/history-names.ts'
import { namesOf } from '../queries/names.ts'
import {
  atQuery,
  eventList,
  eventsQuery,
  keptVerification,
  orderParams,
  stateAt as stateSchema,
  verification,
  verificationList,
  verificationParams,
} from '../schemas/order.ts'
import { verify } from '../trust/verify.ts'
import { API, requireInSight } from './orders.ts'

/** @throws Problem NOT_FOUND, or NOT_ALLOWED for who may see the order but not its history */
export async function requireHistory(ctx: Pick<Ctx, 'deps' | 'principal' | 'ability'>, order: string): Promise<void> {
  await requireInSight(ctx, order)
  if (!ctx.ability.can('audit', 'Order'))
    throw new Problem('NOT_ALLOWED', { says: { zh: '历史仅限公司内部查看', en: "histories are the company's own" } })
}

/** Sees one moment of the record. @throws Problem NOT_FOUND */
async function lookAt({ deps }: Pick<Ctx, 'deps'>, order: string): Promise<Verdict> {
  const [kept] = await keptOrders(deps.pool, [order])
  if (!kept) throw new Problem('NOT_FOUND')
  return verify(deps.catalogue.process(String(kept.order.process)), kept)
}

const answerOf = ({ at, ...kept }: KeptVerdict) => ({ ...kept, at: at.toISOString() })

export const historyOperations = [
  operation({
    id: 'listEvents',
    method: 'get',
    path: '/orders/{id}/events',
    tag: 'History',
    summary: 'Every event of an order, with its hash',
    params: orderParams,
    query: eventsQuery,
    answers: { 200: { description: 'A page, the oldest first unless the latest is asked for.', schema: eventList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      const subject = await subjectOf(ctx.deps, ctx.params.id)
      if (!subject) throw new Problem('NOT_FOUND')
      return { status: 200, body: await listEvents(ctx.deps.pool, ctx.params.id, subject, ctx.query) }
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
          says:
            query.seq !== undefined
              ? { zh: `工单没有事件 ${query.seq}`, en: `the order has no event ${query.seq}` }
              : { zh: '当时工单尚未建立', en: 'the order was not open yet' },
        })
      const { state, at } = found
      const customer = state.customer || null
      const [whole, names] = await Promise.all([
        resolveTexts(deps.pool, state),
        historyNames(deps.pool, idsOfState(state, deps.catalogue.spec(state.process)), customer),
      ])
      return { status: 200, body: { order: params.id, seq: state.seq, at: at.toISOString(), hash: state.hash, state: whole, names } }
    },
  }),
  operation({
    id: 'verifyOrder',
    method: 'get',
    path: '/orders/{id}/verification',
    tag: 'History',
    summary: 'Whether chain, rows and process agree, without keeping the verdict',
    params: orderParams,
    answers: { 200: { description: 'What was looked at, and what was found.', schema: verification } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      return { status: 200, body: await lookAt(ctx, ctx.params.id) }
    },
  }),
  operation({
    id: 'makeVerification',
    method: 'post',
    path: '/orders/{id}/verifications',
    tag: 'History',
    summary: 'Verify an order, and keep the verdict',
    description:
      "Chain, rows and process are looked at at once. A worker replays the engine's history then: ask the Location for its part.",
    params: orderParams,
    answers: {
      202: {
        description: 'The verdict is kept, and its replay has begun; the Location tells more.',
        schema: keptVerification,
        headers: ['Location', 'Retry-After'],
      },
    },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const { deps, principal, params, key, now } = ctx
      await requireHistory(ctx, params.id)
      const request = { principal: principal.id, key, route: 'makeVerification', content: { order: params.id }, now }
      return once(deps.pool, request, async (client) => {
        const kept = await keepVerdict(client, await lookAt(ctx, params.id), principal.id, now)
        const detail = { ok: kept.ok, events: kept.events, head: kept.head }
        await logAdmin(client, { actor: principal.id, action: 'order-verified', subject: params.id, detail, at: now })
        const headers = { Location: `${API}/orders/${params.id}/verifications/${kept.id}`, 'Retry-After': '1' }
        return { status: 202, body: answerOf(kept), headers }
      })
    },
  }),
  operation({
    id: 'getVerification',
    method: 'get',
    path: '/orders/{id}/verifications/{verification}',
    tag: 'History',
    summary: 'One verdict on an order',
    params: verificationParams,
    answers: {
      200: {
        description: 'The verdict; with Retry-After while its replay is not done.',
        schema: keptVerification,
        headers: ['Retry-After'],
      },
    },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      const found = await verdictById(ctx.deps.pool, ctx.params.id, ctx.params.verification)
      if (!found) throw new Problem('NOT_FOUND')
      return { status: 200, body: answerOf(found), ...(!found.engine && { headers: { 'Retry-After': '1' } }) }
    },
  }),
  operation({
    id: 'listVerifications',
    method: 'get',
    path: '/orders/{id}/verifications',
    tag: 'History',
    summary: 'Verdicts on an order, the latest first',
    params: orderParams,
    answers: { 200: { description: 'Up to 50.', schema: verificationList } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      const items = await verdictsOn(ctx.deps.pool, ctx.params.id)
      const names = await namesOf(
        ctx.deps.pool,
        items.map(({ by }) => by),
      )
      return { status: 200, body: { items: items.map(answerOf), names } }
    },
  }),
]
