import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { contractInSight, listContracts } from '../queries/contracts.ts'
import { listSolutions, solutionInSight } from '../queries/solutions.ts'
import {
  contractDetail,
  contractList,
  contractsQuery,
  documentParams,
  solutionDetail,
  solutionList,
  solutionsQuery,
} from '../schemas/document.ts'

export const documentOperations = [
  operation({
    id: 'listContracts',
    method: 'get',
    path: '/contracts',
    tag: 'Documents',
    summary: 'Contracts of the customers in sight',
    query: contractsQuery,
    answers: { 200: { description: 'A page by number.', schema: contractList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    handle: async ({ deps, ability, query }) => ({ status: 200, body: await listContracts(deps, ability, query) }),
  }),
  operation({
    id: 'getContract',
    method: 'get',
    path: '/contracts/{id}',
    tag: 'Documents',
    summary: 'One contract: every version, and what was said about each',
    params: documentParams,
    answers: { 200: { description: 'The contract.', schema: contractDetail } },
    problems: ['NOT_ALLOWED'],
    async handle({ deps, ability, params }) {
      const found = await contractInSight(deps, ability, params.id)
      if (!found) throw new Problem('NOT_FOUND')
      return { status: 200, body: found }
    },
  }),
  operation({
    id: 'listSolutions',
    method: 'get',
    path: '/solutions',
    tag: 'Documents',
    summary: 'Technical solutions of the customers in sight',
    query: solutionsQuery,
    answers: { 200: { description: 'A page by number.', schema: solutionList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    handle: async ({ deps, ability, query, now }) => ({ status: 200, body: await listSolutions(deps, ability, query, now) }),
  }),
  operation({
    id: 'getSolution',
    method: 'get',
    path: '/solutions/{id}',
    tag: 'Documents',
    summary: 'One solution: every version, the votes, what the customer saw and answered',
    params: documentParams,
    answers: { 200: { description: 'The solution.', schema: solutionDetail } },
    problems: ['NOT_ALLOWED'],
    async handle({ deps, ability, params, now }) {
      const found = await solutionInSight(deps, ability, params.id, now)
      if (!found) throw new Problem('NOT_FOUND')
      return { status: 200, body: found }
    },
  }),
]
