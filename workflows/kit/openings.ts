/** What an opening of a step, and an outcome, bring with them by specification. */
import type { ChildRef } from '../../domain/order/state.ts'
import type { OpenedTask } from '../../domain/order/event.ts'
import type { Fact, ProcessSpec, StepSpec } from '../../domain/order/spec.ts'

type StartedChild = ChildRef & { child: string }

/** Event data of a task; joint steps carry their parties, so that a history explains itself whatever the code says later. */
export function openedTask(
  step: StepSpec,
  { task, step: id, key, n }: { task: string; step: string; key?: string; n: number },
): OpenedTask {
  const kind = step.automatic ? 'automatic' : step.child ? 'child' : undefined
  const parties = step.joint?.parties.map(
    ({ id: party, who, mandatory }) => [party, { roles: who, ...(mandatory && { mandatory }) }] as const,
  )
  return {
    task,
    step: id,
    n,
    ...(key !== undefined && { key }),
    ...(kind && { kind }),
    ...(parties && { parties: Object.fromEntries(parties) }),
  }
}

/** The child order that a step consists of. */
export const childOf = (step: StepSpec, order: string, task: string): StartedChild | undefined =>
  step.child && { child: `${order}.${task}`, process: step.child.process, key: task, task, waits: true }

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
