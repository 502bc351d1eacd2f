import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { Problem, wrongField } from '../problem.ts'
import { changeView, countViews, listViews, MOST_VIEWS, removeView, saveView } from '../queries/views.ts'
import { view, viewChange, viewIn, viewList, viewParams, viewsQuery } from '../schemas/view.ts'

function requireOwnUnit(unit: string | null | undefined, units: readonly string[]): void {
  if (unit != null && !units.includes(unit))
    throw new Problem('UNKNOWN_REFERENCE', { field: 'unit', says: { zh: '请与您自己的单位共享', en: 'share it with a unit of your own' } })
}

export const viewOperations = [
  operation({
    id: 'listViews',
    method: 'get',
    path: '/views',
    tag: 'Work',
    summary: 'Named views: the own ones, and those that the own units share',
    query: viewsQuery,
    answers: { 200: { description: 'The own ones first, by name.', schema: viewList } },
    handle: async ({ deps, principal, query }) => ({ status: 200, body: await listViews(deps.pool, principal, query.page) }),
  }),
  operation({
    id: 'saveView',
    method: 'post',
    path: '/views',
    tag: 'Work',
    summary: 'Keep the filters of a page under a name',
    description: "The caller's view of the same page and name is replaced.",
    body: viewIn,
    answers: { 200: { description: 'Kept.', schema: view, headers: ['Idempotent-Replayed'] } },
    problems: ['UNKNOWN_REFERENCE'],
    async handle({ deps, principal, body, key, now }) {
      requireOwnUnit(body.unit, principal.units)
      if ((await countViews(deps.pool, principal)) >= MOST_VIEWS)
        throw wrongField('name', 'INVALID', {
          zh: `最多 ${MOST_VIEWS} 个视图，请先删除一些`,
          en: `${MOST_VIEWS} views at most: remove some`,
        })
      return once(deps.pool, { principal: principal.id, key, route: 'saveView', content: body, now }, async (client) => ({
        status: 200,
        body: await saveView(client, principal, body, now),
      }))
    },
  }),
  operation({
    id: 'changeView',
    method: 'post',
    path: '/views/{id}',
    tag: 'Work',
    summary: 'Rename a view of the own, change its filters, share it or keep it to oneself',
    params: viewParams,
    body: viewChange,
    answers: { 200: { description: 'As it is now.', schema: view, headers: ['Idempotent-Replayed'] } },
    problems: ['UNKNOWN_REFERENCE'],
    async handle({ deps, principal, params, body, key, now }) {
      requireOwnUnit(body.unit, principal.units)
      const content = { ...params, body }
      return once(deps.pool, { principal: principal.id, key, route: 'changeView', content, now }, async (client) => {
        const changed = await changeView(client, principal, params.id, body, now)
        if (!changed) throw new Problem('NOT_FOUND')
        if (changed === 'taken') throw wrongField('name', 'TAKEN', { zh: '您已有同名视图', en: 'you have a view of this name' })
        return { status: 200, body: changed }
      })
    },
  }),
  operation({
    id: 'removeView',
    method: 'delete',
    path: '/views/{id}',
    tag: 'Work',
    summary: 'Remove a view of the own',
    params: viewParams,
    answers: { 204: { description: 'Removed.' } },
    async handle({ deps, principal, params }) {
      if (!(await removeView(deps.pool, principal, params.id))) throw new Problem('NOT_FOUND')
      return { status: 204 }
    },
  }),
]
