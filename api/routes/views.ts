import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { countViews, listViews, MOST_VIEWS, removeView, saveView } from '../queries/views.ts'
import { view, viewIn, viewList, viewParams, viewsQuery } from '../schemas/view.ts'

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
      if (body.unit !== null && !principal.units.includes(body.unit))
        throw new Problem('UNKNOWN_REFERENCE', { field: 'unit', detail: 'share it with a unit of your own' })
      if ((await countViews(deps.pool, principal)) >= MOST_VIEWS)
        throw new Problem('VALIDATION_FAILED', {
          errors: [{ field: 'name', code: 'INVALID', detail: `${MOST_VIEWS} views at most: remove some` }],
        })
      return once(deps.pool, { principal: principal.id, key, route: 'saveView', content: body, now }, async (client) => ({
        status: 200,
        body: await saveView(client, principal, body, now),
      }))
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
