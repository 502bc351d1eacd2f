import { mayGive } from '../auth/ability.ts'
import { language } from '../http/errors.ts'
import { onceDone } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { giveMany } from '../orders/bulk.ts'
import { Problem } from '../problem.ts'
import { candidatesFor } from '../queries/candidates.ts'
import { bulkIn, bulkResults, candidates } from '../schemas/dispatch.ts'
import { offerParams } from '../schemas/task.ts'
import { requireInSight } from './orders.ts'

export const dispatchOperations = [
  operation({
    id: 'listCandidates',
    method: 'get',
    path: '/tasks/{order}/{task}/candidates',
    tag: 'Work',
    summary: 'Who could do an open task, the best first, and why not the others',
    description: 'As the machine would judge now, by the rules that offers go by. For dispatchers.',
    params: offerParams,
    answers: {
      200: { description: 'The best first; those whom the machine would not ask come last, with the reason.', schema: candidates },
    },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const { deps, ability, params, now } = ctx
      await requireInSight(ctx, params.order)
      // It names colleagues and their load.
      if (!ability.can('audit', 'Order') || !mayGive(ability, 'dispatch')) throw new Problem('NOT_ALLOWED')
      const found = await candidatesFor(deps.pool, params, deps.catalogue.spec, now)
      if (!found) throw new Problem('NOT_FOUND', { says: { zh: '工单没有该待办环节', en: 'the order has no such open task' } })
      return { status: 200, body: found }
    },
  }),
  operation({
    id: 'giveMany',
    method: 'post',
    path: '/tasks/bulk',
    tag: 'Work',
    summary: 'Dispatch, reassign or urge many tasks at once',
    description:
      'Each task is decided on its own; the answer says of each what came of it. A repeat with the same Idempotency-Key is answered the same, and does what was not done because something was down.',
    body: bulkIn,
    answers: { 200: { description: 'What came of each.', schema: bulkResults, headers: ['Idempotent-Replayed'] } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const { deps, req, principal, ability, body, key, now } = ctx
      if (!mayGive(ability, body.type))
        throw new Problem('NOT_ALLOWED', {
          says: { zh: `您的角色不能进行此操作：${body.type}`, en: `your roles do not let you ${body.type}` },
        })
      return onceDone(deps.pool, { principal: principal.id, key, route: 'giveMany', content: body, now }, async () => {
        const { results, final } = await giveMany(deps, ctx, { key, body, lang: language(req) })
        return { status: 200, body: { results }, final }
      })
    },
  }),
]
