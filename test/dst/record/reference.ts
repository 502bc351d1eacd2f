/** The limits, ladders, calendars and rules that the product begins with. */
import { compileCalendar } from '../../../domain/calendar/calendar.ts'
import type { LadderRow, Limits, PolicyRow } from '../../../domain/order/policy.ts'
import type { RuleRow } from '../../../domain/order/rules.ts'
import { specs } from '../../../domain/processes/index.ts'
import { calendarC, calendarW } from '../../../prisma/seed/calendars.ts'
import { ladders } from '../../../prisma/seed/ladders.ts'
import { allPolicies } from '../../../prisma/seed/policies.ts'
import { rules } from '../../../prisma/seed/rules.ts'
import { units } from './people.ts'

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

const policies = allPolicies(specs).map(({ source: _source, ...row }, i) => {
  const named = Object.entries(row).filter(([, value]) => value !== null)
  return {
    ...Object.fromEntries(named.map(([name, value]) => [camel(name), value])),
    id: String(i + 1),
    version: 1,
    validFrom: 0,
  } as PolicyRow
})

const limits: Limits = {
  policies,
  ladders: Object.entries(ladders).map(([id, { rungs }]): LadderRow => ({ id, version: 1, rungs, validFrom: 0 })),
  calendars: [calendarC, calendarW].map((spec) => ({ calendar: compileCalendar(spec), validFrom: 0 })),
}

export const allRules: readonly RuleRow[] = rules.map(({ kind, id, spec }) => ({ kind, id, spec, version: 1, validFrom: 0 }))

export const reference = {
  version: '1',
  limits,
  rules: allRules.filter(({ kind }) => kind === 'dispatch'),
  units,
}
