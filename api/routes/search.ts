import { operation } from '../http/operation.ts'
import { search } from '../queries/search.ts'
import { found, searchQuery } from '../schemas/search.ts'

export const searchOperations = [
  operation({
    id: 'search',
    method: 'get',
    path: '/search',
    tag: 'Pickers',
    summary: 'Orders, customers, people and processes that fit a few letters',
    query: searchQuery,
    answers: { 200: { description: 'A few of each kind.', schema: found } },
    async handle({ deps, principal, ability, now, query }) {
      return { status: 200, body: await search(deps, { principal, ability, now }, query.q) }
    },
  }),
]
