/**
 * States as they are made: every field is named, whether it has a value or not. Values that are made alike are copied several times as
 * fast, and every event copies.
 */
import { GENESIS } from './hash.ts'
import type { Clock, OrderState, Task } from './state.ts'

type Made<T> = { [K in keyof Required<T>]: T[K] }

/** The state before the first event. */
export const blank = (id: string): OrderState =>
  copyOf({
    id,
    process: '',
    customer: '',
    title: '',
    region: '',
    priority: 3,
    status: 'open',
    seq: 0,
    hash: GENESIS,
    openedAt: 0,
    at: 0,
    input: {},
    facts: {},
    responsible: { kind: 'system', id: 'system' },
    tasks: {},
    clocks: {},
    journal: [],
    doers: {},
    refusals: {},
    notAgain: {},
    children: {},
    undo: [],
    recent: [],
  })

/** Another state with the same values: its fields may be given others, the values themselves are shared and never changed. */
export function copyOf(state: OrderState): OrderState {
  const copy: Made<OrderState> = {
    id: state.id,
    process: state.process,
    no: state.no,
    customer: state.customer,
    title: state.title,
    region: state.region,
    priority: state.priority,
    status: state.status,
    end: state.end,
    seq: state.seq,
    hash: state.hash,
    openedAt: state.openedAt,
    at: state.at,
    input: state.input,
    facts: state.facts,
    source: state.source,
    parent: state.parent,
    startedBy: state.startedBy,
    continuedFrom: state.continuedFrom,
    next: state.next,
    responsible: state.responsible,
    tasks: state.tasks,
    clocks: state.clocks,
    journal: state.journal,
    doers: state.doers,
    refusals: state.refusals,
    notAgain: state.notAgain,
    children: state.children,
    undo: state.undo,
    irreversible: state.irreversible,
    stays: state.stays,
    released: state.released,
    received: state.received,
    amended: state.amended,
    recent: state.recent,
    stopped: state.stopped,
  }
  return copy
}

export function copyOfTask(task: Task): Task {
  const copy: Made<Task> = {
    id: task.id,
    step: task.step,
    key: task.key,
    n: task.n,
    status: task.status,
    openedAt: task.openedAt,
    unit: task.unit,
    person: task.person,
    absent: task.absent,
    queue: task.queue,
    mode: task.mode,
    roles: task.roles,
    suspended: task.suspended,
    suspendAsked: task.suspendAsked,
    extensionAsked: task.extensionAsked,
    parties: task.parties,
    failed: task.failed,
    child: task.child,
  }
  return copy
}

export function copyOfClock(clock: Clock): Clock {
  const copy: Made<Clock> = {
    clock: clock.clock,
    task: clock.task,
    cal: clock.cal,
    budget: clock.budget,
    used: clock.used,
    from: clock.from,
    due: clock.due,
    rungs: clock.rungs,
    ladder: clock.ladder,
    mark: clock.mark,
    policy: clock.policy,
    provisional: clock.provisional,
    fired: clock.fired,
    paused: clock.paused,
    stopped: clock.stopped,
  }
  return copy
}

/** The task of the state, as a copy that is its own; nothing where it is not open. */
export function ownTask(state: OrderState, id: string): Task | undefined {
  const task = state.tasks[id]
  if (!task) return undefined
  const own = copyOfTask(task)
  state.tasks = { ...state.tasks, [id]: own }
  return own
}

/** The clock of the state, as a copy that is its own; nothing where there is none. */
export function ownClock(state: OrderState, name: string): Clock | undefined {
  const clock = state.clocks[name]
  if (!clock) return undefined
  const own = copyOfClock(clock)
  state.clocks = { ...state.clocks, [name]: own }
  return own
}

/** The record without some of its keys; the same where it has none of them. */
export function without<T>(record: Readonly<Record<string, T>>, ...keys: string[]): Readonly<Record<string, T>> {
  if (!keys.some((key) => Object.hasOwn(record, key))) return record
  const rest: Record<string, T> = {}
  for (const key in record) if (!keys.includes(key)) rest[key] = record[key]!
  return rest
}
