import { mayStart, visibleOrders } from '../auth/ability.ts'
import { operation } from '../http/operation.ts'
import { repeatsOf, repeatsOfService } from '../orders/repeats.ts'
import { Problem } from '../problem.ts'
import { seesService } from '../queries/pickers.ts'
import { repeatQuery, repeats } from '../schemas/repeat.ts'

export const repeatOperations = [
  operation({
    id: 'getRepeats',
    method: 'get',
    path: '/orders/repeats',
    tag: 'Orders',
    summary: 'Earlier orders about the same thing, before another is started',
    description:
      'Within the days of the repeat rule, which is data; by the fact that the process knows, or of one service. Orders out of sight are counted, not named.',
    query: repeatQuery,
    answers: { 200: { description: 'How many there are, and those in sight, the latest first.', schema: repeats } },
    problems: ['UNKNOWN_PROCESS', 'UNKNOWN_REFERENCE', 'NOT_ALLOWED'],
    async handle({ deps, principal, ability, query: { process, value, service }, now }) {
      const spec = deps.catalogue.spec(process)
      if (!spec) throw new Problem('UNKNOWN_PROCESS', { field: 'process' })
      if (!mayStart(ability, process))
        throw new Problem('NOT_ALLOWED', { says: { zh: `您的角色不能发起 ${process}`, en: `your roles may not start ${process}` } })
      if (service !== undefined && !(await seesService(deps, ability, service)))
        throw new Problem('UNKNOWN_REFERENCE', { field: 'service', says: { zh: `没有业务 ${service}`, en: `no service ${service}` } })
      const scope = visibleOrders(principal, ability)
      const { rule, days, total, earlier } = await (service === undefined
        ? repeatsOf(deps.pool, spec, { value, now, scope })
        : repeatsOfService(deps.pool, process, { service, now, scope }))
      const items = earlier.map(({ opened_at, ...order }) => ({ ...order, openedAt: opened_at.toISOString() }))
      const body = { fact: spec.repeat?.fact ?? null, rule: rule ?? null, days, total, unnamed: total - items.length, items }
      return { status: 200, body }
    },
  }),
]
