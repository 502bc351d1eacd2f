/** A process as a table: the specification, and the graph that its body computes. */
import type { LimitSpec, ProcessSpec, StepSpec } from '../../domain/order/spec.ts'
import { type Edge, explore, standAfter } from '../../workflows/kit/explorer.ts'
import type { Process } from '../../workflows/kit/process.ts'

/** One step as the catalogue's step table has it. */
export interface StepRow {
  id: string
  zh: string
  title: string
  roles: string
  outcomes: Edge[]
  outcomesText: string
  /** As the document writes it; – where there is none. */
  limit: string
  /** given, inferred, default; – without a limit. */
  mapping: string
  child?: string
}

export interface ProcessTable {
  no: string
  id: string
  title: string
  zh: string
  /** Steps that a new order opens. */
  first: string[]
  steps: StepRow[]
  /** End states that the computed graph reaches. */
  ends: string[]
  differences: { step: string; outcome: string; reason: string }[]
}

/** The table of a process, its graph computed by running the body. */
export async function describe(process: Process): Promise<ProcessTable> {
  const { spec } = process
  const graph = await explore(process)
  const { waiting } = await standAfter(process, {}, [])
  const steps = graph.steps.map(({ id, outcomes }) => {
    const step = spec.steps[id]!
    const order = Object.keys(step.outcomes)
    return stepRow(
      spec,
      id,
      step,
      outcomes.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome) || (a.next < b.next ? -1 : 1)),
    )
  })
  return {
    no: spec.no,
    id: spec.id,
    title: spec.title.en,
    zh: spec.title.zh,
    first: waiting.map((task) => task.slice(0, task.search(/[:.]/))),
    steps,
    ends: Object.keys(spec.ends).filter((end) => graph.ends.includes(end)),
    differences: [...(spec.differences ?? [])],
  }
}

function stepRow(spec: ProcessSpec, id: string, step: StepSpec, outcomes: Edge[]): StepRow {
  const limit = limitOf(spec, id)
  return {
    id,
    zh: step.title.zh,
    title: step.title.en,
    roles: step.who.join(', '),
    outcomes,
    outcomesText: outcomesText(outcomes),
    limit: limit?.text ?? '–',
    mapping: limit?.mark ?? '–',
    ...(step.child && { child: childProcesses(step.child.process).join(' / ') }),
  }
}

/** The limit of a step; for a step that suspends a clock of the order and has none of its own, the limit of that clock. */
export function limitOf(spec: ProcessSpec, id: string): LimitSpec | undefined {
  const own = spec.steps[id]?.limit
  if (own) return own
  return Object.values(spec.clocks ?? {}).find((clock) => clock.pausedWith?.includes(id))?.limit
}

/** `drafted` → `a`, `b`; `withdrawn` → END `c`: each outcome once. */
export function outcomesText(outcomes: readonly Edge[]): string {
  const targets = new Map<string, string[]>()
  for (const { outcome, next, end } of outcomes)
    targets.set(outcome, [...(targets.get(outcome) ?? []), end ? `END \`${next}\`` : `\`${next}\``])
  return [...targets].map(([outcome, next]) => `\`${outcome}\` → ${next.join(' or ')}`).join('; ')
}

/** The processes that a step may run: one, or one of several by a fact of the order. */
const childProcesses = (process: NonNullable<StepSpec['child']>['process']): string[] =>
  typeof process === 'string' ? [process] : [...new Set([...Object.values(process.when), process.otherwise])]
