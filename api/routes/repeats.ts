import { mayStart, visibleOrders } from '../auth/ability.ts'
import { operation } from '../http/operation.ts'
import { repeatsOf } from '../orders/repeats.ts'
import { Problem } from '../problem.ts'
import { repeatQuery, repeats } from '../schemas/repeat.ts'

export const repeatOperations = [
  operation({
    id: 'getRepeats',
    method: 'get',
    path: '/orders/repeats',
    tag: 'Orders',
    summary: 'Earlier orders about the same thing, before another is started',
    description: 'Within the days of the repeat rule, which is data. Orders out of sight are counted, not named.',
    query: repeatQuery,
    answers: { 200: { description: 'How many there are, and those in sight, the latest first.', schema: repeats } },
    problems: ['UNKNOWN_PROCESS', 'NOT_ALLOWED'],
    async handle({ deps, principal, ability, query: { process, value }, now }) {
      const spec = deps.catalogue.spec(process)
      if (!spec) throw new Problem('UNKNOWN_PROCESS', { field: 'process' })
      if (!mayStart(ability, process)) throw new Problem('NOT_ALLOWED', { detail: `your roles may not start ${process}` })
      const { rule, total, earlier } = await repeatsOf(deps.pool, spec, { value, now, scope: visibleOrders(principal, ability) })
      const items = earlier.map(({ opened_at, ...order }) => ({ ...order, openedAt: opened_at.toISOString() }))
      const body = { fact: spec.repeat?.fact ?? null, rule: rule ?? null, total, unnamed: total - items.length, items }
      return { status: 200, body }
    },
  }),
]
