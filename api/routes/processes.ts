import { z } from 'zod'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { purposeOf } from '../../domain/processes/purposes.ts'
import { type AppAbility, mayStart } from '../auth/ability.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { processDetail, processParams, processSummary } from '../schemas/process.ts'

const readable = (ability: AppAbility): void => {
  if (!ability.can('read', 'Process')) throw new Problem('NOT_ALLOWED')
}

const head = ({ no, id, family, title, input, internal }: ProcessSpec, ability: AppAbility) => ({
  no,
  id,
  family,
  title,
  purpose: purposeOf(id) ?? null,
  input,
  customer: internal === true ? ('none' as const) : internal === 'also' ? ('optional' as const) : ('required' as const),
  startable: mayStart(ability, id),
})

export const processOperations = [
  operation({
    id: 'listProcesses',
    method: 'get',
    path: '/processes',
    tag: 'Processes',
    summary: 'All processes',
    answers: { 200: { description: 'In the order of the catalogue.', schema: z.object({ items: z.array(processSummary) }) } },
    problems: ['NOT_ALLOWED'],
    handle({ deps, ability }) {
      readable(ability)
      const items = deps.catalogue.specs.map((spec) => ({ ...head(spec, ability), steps: Object.keys(spec.steps).length }))
      return Promise.resolve({ status: 200, body: { items } })
    },
  }),
  operation({
    id: 'getProcess',
    method: 'get',
    path: '/processes/{id}',
    tag: 'Processes',
    summary: 'One process with its computed graph',
    params: processParams,
    answers: { 200: { description: 'Specification and graph.', schema: processDetail } },
    problems: ['NOT_ALLOWED'],
    async handle({ deps, ability, params }) {
      readable(ability)
      const spec = deps.catalogue.spec(params.id)
      const graph = await deps.catalogue.graph(params.id)
      if (!spec || !graph) throw new Problem('NOT_FOUND')
      const { steps, ends, clocks, raise, rules, differences } = spec
      const body = {
        ...head(spec, ability),
        steps,
        ends,
        ...(clocks && { clocks }),
        ...(raise && { raise }),
        ...(rules && { rules }),
        ...(differences && { differences }),
        graph,
      }
      return { status: 200, body }
    },
  }),
]
