import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { listResources, resourceInSight } from '../queries/resources.ts'
import { resourceDetail, resourceList, resourceParams, resourcesQuery } from '../schemas/resource.ts'

export const resourceOperations = [
  operation({
    id: 'listResources',
    method: 'get',
    path: '/resources',
    tag: 'Resources',
    summary: 'Circuits, ports and numbers of the own region, and who holds them',
    description: 'A form field of type `resources` takes their ids; giving the command holds them for the order.',
    query: resourcesQuery,
    answers: { 200: { description: 'A page by number.', schema: resourceList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    handle: async (ctx) => ({ status: 200, body: await listResources(ctx.deps, ctx, ctx.query) }),
  }),
  operation({
    id: 'getResource',
    method: 'get',
    path: '/resources/{id}',
    tag: 'Resources',
    summary: 'One resource and who held it',
    params: resourceParams,
    answers: { 200: { description: 'The resource.', schema: resourceDetail } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const found = await resourceInSight(ctx.deps, ctx, ctx.params.id)
      if (!found) throw new Problem('NOT_FOUND')
      return { status: 200, body: found }
    },
  }),
]
