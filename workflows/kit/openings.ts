/** What an opening of a step, and an outcome, bring with them by specification. */
import { timesMarked } from '../../domain/order/journal.ts'
import type { ChildRef, OrderState } from '../../domain/order/state.ts'
import type { OpenedTask } from '../../domain/order/event.ts'
import type { Fact, ProcessSpec, StepSpec } from '../../domain/order/spec.ts'

type StartedChild = ChildRef & { child: string }

/** Event data of a task; joint steps carry their parties, so that a history explains itself whatever the code says later. */
export function openedTask(
  step: StepSpec,
  { task, step: id, key, n }: { task: string; step: string; key?: string; n: number },
  state: OrderState,
): OpenedTask {
  const kind = step.automatic || step.waits ? 'automatic' : step.child ? 'child' : undefined
  const parties = step.joint?.parties.map(
    ({ id: party, who, mandatory }) => [party, { roles: who, ...(mandatory && { mandatory }) }] as const,
  )
  const roles = climbed(step, state, key)
  return {
    task,
    step: id,
    n,
    ...(key !== undefined && { key }),
    ...(kind && { kind }),
    ...(roles && { roles }),
    ...(parties && { parties: Object.fromEntries(parties) }),
  }
}

/** Roles that have the step now, where a mark stands in the journal as often as it takes. */
function climbed({ climbs }: StepSpec, { journal }: OrderState, key: string | undefined): readonly string[] | undefined {
  if (!climbs || climbs.to === 'supervisor') return undefined
  return timesMarked(journal, climbs.on, key) >= climbs.times ? climbs.to : undefined
}

/** The child order that a step consists of. */
export function childOf(step: StepSpec, { id, facts }: OrderState, task: string): StartedChild | undefined {
  if (!step.child) return undefined
  const { process } = step.child
  const chosen = typeof process === 'string' ? process : (process.when[String(facts[process.fact])] ?? process.otherwise)
  return { child: `${id}.${task}`, process: chosen, key: task, task, waits: true }
}

/** Orders that an outcome starts and does not wait for. */
export function started(
  spec: ProcessSpec,
  order: string,
  task: string,
  outcome: string,
  form: Readonly<Record<string, Fact>> | undefined,
): StartedChild[] {
  const step = spec.steps[task.slice(0, task.search(/[:.]/))]
  return (step?.starts ?? []).flatMap(({ on, process, whenField }) =>
    on !== outcome || (whenField && form?.[whenField] !== true)
      ? []
      : [{ child: `${order}.${task}.${process}`, process, key: `${task}.${process}`, waits: false }],
  )
}
