/** Limits as rows: those of the specifications, and what holds for dispatching and accepting in every process. */
import { budgetMs } from '../../domain/calendar/duration.ts'
import type { LimitRow, LimitSpec, Mark, ProcessSpec } from '../../domain/order/spec.ts'

/** Columns of the policy table that a limit has. Null matches anything. */
export interface PolicyRow {
  process: string | null
  step: string | null
  kind: 'dispatch' | 'accept' | 'complete' | 'order'
  clock: string | null
  product_group: string | null
  product: string | null
  customer_grade: string | null
  circuit_grade: string | null
  tag: string | null
  /** Null: the due instant is a fact of the order. */
  budget: string | null
  calendar: 'C' | 'W'
  ladder: string
  mark: Mark
  source: string
}

type Values = Pick<PolicyRow, 'kind' | 'budget' | 'calendar' | 'ladder' | 'mark' | 'source'>

const policy = (values: Values & Partial<PolicyRow>): PolicyRow => ({
  process: null,
  step: null,
  clock: null,
  product_group: null,
  product: null,
  customer_grade: null,
  circuit_grade: null,
  tag: null,
  ...values,
})

type Specs = readonly ProcessSpec[] | Readonly<Record<string, ProcessSpec>>

/** Where a limit of a specification holds. */
type Place = Pick<PolicyRow, 'process' | 'kind'> & Partial<PolicyRow>

/** A limit and its particular rows. A limit with neither budget nor due fact holds by its rows alone. */
function ofLimit(place: Place, source: string, limit: LimitSpec | undefined): PolicyRow[] {
  if (!limit) return []
  const row = (l: Pick<LimitSpec, 'text' | 'budget' | 'calendar' | 'mark' | 'ladder'>, where: Partial<PolicyRow> = {}) =>
    policy({
      ...place,
      ...where,
      budget: l.budget ?? null,
      calendar: l.calendar,
      ladder: l.ladder ?? limit.ladder ?? 'standard',
      mark: l.mark,
      source: `${source}: ${l.text}`,
    })
  const conditions = (l: LimitRow) => ({
    product: l.product ?? null,
    product_group: l.productGroup ?? null,
    customer_grade: l.customerGrade ?? null,
    circuit_grade: l.circuitGrade ?? null,
    tag: l.tag ?? null,
  })
  const general = limit.budget || limit.dueFact ? [row(limit)] : []
  return [...general, ...(limit.rows ?? []).map((l) => row(l, conditions(l)))]
}

/** Limits of all steps and order clocks of the specifications, with their marks and their rows by product, grade and tag. */
export function policiesFromSpecs(specs: Specs): PolicyRow[] {
  return Object.values(specs).flatMap((spec: ProcessSpec) => [
    ...Object.entries(spec.steps).flatMap(([step, { limit }]) =>
      ofLimit({ process: spec.id, kind: 'complete', step }, `${spec.no} ${step}`, limit),
    ),
    ...Object.entries(spec.clocks ?? {}).flatMap(([clock, { limit }]) =>
      ofLimit({ process: spec.id, kind: 'order', clock }, `${spec.no} ${clock}`, limit),
    ),
  ])
}

/** Work on them goes on day and night (catalogue 0.2, calendar C). */
const FAULTS = ['fault-level-1', 'fault-level-2', 'graded-fault'] as const

const taking = (
  place: Partial<PolicyRow>,
  calendar: 'C' | 'W',
  mark: Mark,
  budgets: readonly [string, string],
  sources: readonly [string, string],
) => {
  const rest = { ...place, calendar, mark, ladder: 'take-ticket' }
  return [
    policy({ ...rest, kind: 'dispatch', budget: budgets[0], source: sources[0] }),
    policy({ ...rest, kind: 'accept', budget: budgets[1], source: sources[1] }),
  ]
}

const asP14 = ['as P-14: 15 分钟内必须派单', 'as P-14: 30 分钟内必须接单'] as const

/** What the source says of P-14 alone is the default of every process; for the demo product half a minute. */
export const everyProcess: readonly PolicyRow[] = [
  ...taking({}, 'W', 'default', ['15m', '30m'], asP14),
  ...FAULTS.flatMap((process) => [
    ...taking({ process }, 'C', 'default', ['15m', '30m'], asP14),
    ...taking({ process, product_group: 'demo' }, 'C', 'demo', ['30s', '30s'], ['演示 demo', '演示 demo']),
  ]),
]

const SHORT_MS = 3_600_000

/** Seconds for the demo product in every timed step of a fault that has no such row yet, so that a newcomer need not wait anywhere. */
function demoSteps(specs: Specs): PolicyRow[] {
  const rows = policiesFromSpecs(specs)
  return Object.values(specs)
    .filter((spec: ProcessSpec) => FAULTS.some((id) => id === spec.id))
    .flatMap((spec: ProcessSpec) =>
      Object.entries(spec.steps).flatMap(([step, { limit, child }]) => {
        // a child has limits of its own, in days
        if (!limit?.budget || child) return []
        if (rows.some((row) => row.process === spec.id && row.step === step && row.product_group === 'demo')) return []
        const text = '演示'
        const budget = budgetMs(limit.budget) <= SHORT_MS ? '30s' : '1m'
        const place: Place = { process: spec.id, kind: 'complete', step, product_group: 'demo' }
        return ofLimit(place, `${spec.no} ${step}`, { text, budget, calendar: 'C', mark: 'demo', ladder: limit.ladder })
      }),
    )
}

/** All limits that the product starts with. */
export const allPolicies = (specs: Specs): PolicyRow[] => [...policiesFromSpecs(specs), ...demoSteps(specs), ...everyProcess]
