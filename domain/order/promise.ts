/**
 * When an order may be expected to be done: what is open ends when it is due, and the steps ahead on the most likely way follow one
 * after the other, each at its limit on its own calendar. Every line of the reckoning is kept, so that it can be shown.
 */
import { addWorkingTime } from '../calendar/calendar.ts'
import { type Length, lengthOf } from './budget.ts'
import { latestMark } from './journal.ts'
import { bestPolicy, calendarOf, type Limits, nameOf, type PolicyRow, type Subject } from './policy.ts'
import type { Fact, LimitSpec, ProcessSpec } from './spec.ts'
import type { Clock, OrderState, Task } from './state.ts'

export interface PromiseLine {
  step: string
  /** Process of the step, where it is one of an order under this one. */
  process?: string
  key?: string
  /**
   * `open`: is being done; `waiting`: is suspended; `ahead`: follows, at its limit; `date`: follows, and a date of the order says when;
   * `child`: is another order, whose own steps are the lines below it.
   */
  why: 'open' | 'waiting' | 'ahead' | 'date' | 'child'
  /** Process that a `child` runs. */
  child?: string
  /** The order's clock that gives a step without a limit of its own its time. */
  clock?: string
  budgetMs?: number
  /** Calendar and version, `W@1`. */
  calendar?: string
  mark?: string
  /** Policy row and version. */
  policy?: string
  /** Epoch ms. */
  from: number
  until: number
}

export interface PromiseInput {
  spec: ProcessSpec
  /** Specifications of the processes that the order runs; one that there is not costs no time. */
  specOf: (process: string) => ProcessSpec | undefined
  state: OrderState
  limits: Limits
  subject: Subject
  /** Instant of the move, epoch ms. */
  now: number
}

export interface Promised {
  /** Epoch ms. Not later than `now` where nothing that remains has a limit, or everything is overdue. */
  at: number
  lines: PromiseLine[]
}

type Facts = Readonly<Record<string, Fact>>

/** One order on its way: the order itself, or one that it will run. */
interface Way {
  spec: ProcessSpec
  facts: Facts
  /** Of the order: the policy rows that held then. */
  openedAt: number
  journal: OrderState['journal']
  clocks: OrderState['clocks']
  /** When steps that are open or ahead will have ended, as far as reckoned. */
  ends: Map<string, number>
  /** Processes above it, each of which costs its time once. */
  within: readonly string[]
  /** A step on it has a limit, so that it costs time. */
  limited: boolean
}

/** The reckoning as it is written down; nothing where only its end is asked for, which most moves do. */
type Lines = PromiseLine[] | undefined

/** What the limits promise. Deterministic: the same state with the same limits at the same instant is reckoned the same. */
export function promiseOf(input: PromiseInput): Promised {
  const lines: PromiseLine[] = []
  return { at: promisedAt(input, lines), lines }
}

/** The instant of {@link promiseOf}, epoch ms. */
export function promisedAt(input: PromiseInput, lines?: PromiseLine[]): number {
  const { spec, state } = input
  const { facts, openedAt, journal, clocks } = state
  const way: Way = { spec, facts, openedAt, journal, clocks, ends: new Map(), within: [spec.id], limited: false }
  const groups = groupsOf(spec)
  const placeOf = (step: string) => groups.findIndex((group) => group.includes(step))

  const tasks = Object.values(state.tasks).sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))
  const open = tasks.map((task) => {
    const until = openTask(input, way, task, lines)
    way.ends.set(task.step, Math.max(until, way.ends.get(task.step) ?? until))
    return { place: placeOf(task.step), until }
  })
  const onRoute = open.filter(({ place }) => place >= 0)
  const passed = journal.findLast((entry) => 'step' in entry && placeOf(entry.step) >= 0)
  const place = onRoute.length > 0 ? Math.max(...onRoute.map((task) => task.place)) : passed && 'step' in passed ? placeOf(passed.step) : -1
  // What runs beside the route holds nobody up; a detour from it does.
  const waitedFor = onRoute.length > 0 ? onRoute : open
  const start = waitedFor.length > 0 ? Math.max(...waitedFor.map(({ until }) => until)) : (passed?.at ?? openedAt)
  const end = groups
    .slice(place + 1)
    .reduce((from, group) => Math.max(from, ...group.map((step) => ahead(input, way, step, from, lines))), start)
  return Math.max(end, ...open.map(({ until }) => until))
}

const groupsOf = ({ route }: ProcessSpec): (readonly string[])[] => route.map((step) => (typeof step === 'string' ? [step] : step))

/** A task that is open: to its due instant, or to now where it has none or has missed it. */
function openTask(input: PromiseInput, way: Way, task: Task, lines: Lines): number {
  const { state, limits, now } = input
  const own = state.clocks[`${task.id}/complete`]
  const covering = own ? undefined : clockOf(way.spec, task.step)
  const clock = own ?? (covering === undefined ? undefined : state.clocks[covering])
  const line = { step: task.step, ...(task.key !== undefined && { key: task.key }) }
  if (task.suspended) {
    const from = Math.max(now, task.suspended.until ?? now)
    const until = clock ? resumed(limits, clock, from) : from
    lines?.push({ ...line, why: 'waiting', ...(clock && ofClock(clock, own ? undefined : covering)), from, until })
    return until
  }
  const child = task.child === undefined ? undefined : state.children[task.child]?.process
  const through = child === undefined ? undefined : childOrder(input, way, { ...line, child }, task.openedAt, lines, now)
  if (through !== undefined) return through
  const until = clock && clock.stopped === undefined ? Math.max(now, clock.due) : now
  lines?.push({ ...line, why: 'open', ...(clock && ofClock(clock, own ? undefined : covering)), from: clock?.from ?? task.openedAt, until })
  return until
}

const ofClock = ({ budget, cal, mark, policy }: Clock, covering?: string) => ({
  ...(covering !== undefined && { clock: covering }),
  budgetMs: budget,
  calendar: cal,
  mark,
  policy,
})

/** When a paused clock is due that runs on at an instant. */
const resumed = (limits: Limits, { cal, budget, used }: Clock, from: number): number =>
  addWorkingTime(calendarOf(limits, cal), from, Math.max(0, budget - used))

/** The order's clock that covers a step: the one that is suspended with it. */
function clockOf({ clocks }: ProcessSpec, step: string): string | undefined {
  for (const name in clocks) if (clocks[name]!.pausedWith?.includes(step)) return name
  return undefined
}

/**
 * A step that follows: through the order that it runs, to its own limit, or to that of the order's clock that covers it. What the steps of
 * an order under this one come to is nearer to the truth than a limit set on all of it: it has the dates, and the people's own limits.
 */
function ahead(input: PromiseInput, way: Way, id: string, from: number, lines: Lines): number {
  const { spec } = way
  const step = spec.steps[id]
  if (!step) return from
  const line = { step: id, ...(way.within.length > 1 && { process: spec.id }) }
  const child = step.child && { ...line, child: childProcess(step.child.process, way.facts) }
  const until = (child && childOrder(input, way, child, from, lines)) ?? atLimit(input, way, line, from, lines)
  way.ends.set(id, until)
  return until
}

/** A step by its limit; by none it takes no time. */
function atLimit(input: PromiseInput, way: Way, line: Pick<PromiseLine, 'step' | 'process'>, from: number, lines: Lines): number {
  const { limit, child } = way.spec.steps[line.step]!
  const own = reckon(input, way, { kind: 'complete', process: way.spec.id, step: line.step }, limit, anchored(way, limit, from), from)
  const covering = own || child ? undefined : clockOf(way.spec, line.step)
  const running = covering === undefined ? undefined : way.clocks[covering]
  if (running) {
    if (running.stopped !== undefined) return from
    const until = Math.max(from, running.due)
    way.limited = true
    lines?.push({ ...line, why: 'ahead', ...ofClock(running, covering), from, until })
    return until
  }
  const reckoned = own ?? (covering === undefined ? undefined : byClock(input, way, covering, from))
  if (!reckoned) return from
  // Where it counts from an earlier mark its time may be over before it begins.
  const until = Math.max(from, reckoned.length.due)
  way.limited = true
  lines?.push({ ...line, ...ofLength(reckoned), ...(!own && { clock: covering! }), from, until })
  return until
}

interface Reckoned {
  length: Length
  policy: PolicyRow
}

function reckon(
  { limits, subject }: PromiseInput,
  { facts, openedAt }: Way,
  of: { kind: PolicyRow['kind']; process: string; step?: string; clock?: string },
  limit: LimitSpec | undefined,
  from: number,
  now: number,
): Reckoned | undefined {
  const policy = bestPolicy(limits, of, subject, openedAt)
  const fact = (name: string | undefined) => (name === undefined ? undefined : facts[name])
  const length = policy && lengthOf(limits, policy, { from, now, dueFact: fact(limit?.dueFact), notAfter: fact(limit?.notAfter) })
  return length && { length, policy }
}

const ofLength = ({ length: { calendar, dated, budget }, policy }: Reckoned): Pick<PromiseLine, 'why'> & Partial<PromiseLine> => ({
  why: dated ? 'date' : 'ahead',
  ...(!dated && { budgetMs: budget }),
  calendar: nameOf(calendar),
  mark: policy.mark,
  policy: `${policy.id}@${policy.version}`,
})

/** The order's clock that has not begun, from the step that will begin it. */
function byClock(input: PromiseInput, way: Way, name: string, now: number): Reckoned | undefined {
  const { startedBy, limit } = way.spec.clocks![name]!
  const from = latestEnd(way, startedBy)
  return from === undefined ? undefined : reckon(input, way, { kind: 'order', process: way.spec.id, clock: name }, limit, from, now)
}

/** Instant from which a limit counts: where its mark will be set by a step that is open or ahead, that step's end. */
const anchored = (way: Way, limit: LimitSpec | undefined, from: number): number =>
  (limit?.from && (latestEnd(way, limit.from) ?? latestMark(way.journal, limit.from))) ?? from

function latestEnd({ ends }: Way, marks: readonly string[]): number | undefined {
  const found = marks.flatMap((mark) => ends.get(mark.split('=')[0]!) ?? [])
  return found.length > 0 ? Math.max(...found) : undefined
}

/** An order under this one, from when it opens to its end, or to where it lets this one go on. Nothing where it has no limits. */
function childOrder(
  input: PromiseInput,
  parent: Way,
  line: Pick<PromiseLine, 'step' | 'key' | 'process'> & { child: string },
  from: number,
  lines: Lines,
  least = from,
): number | undefined {
  const spec = input.specOf(line.child)
  const below: Lines = lines && []
  let limited = false
  let until = from
  if (spec && !parent.within.includes(spec.id)) {
    const { take, input: more } = parent.spec.steps[line.step]?.child ?? {}
    const taken = take
      ? Object.fromEntries(take.flatMap((name) => (parent.facts[name] === undefined ? [] : [[name, parent.facts[name]]])))
      : parent.facts
    const facts = { ...taken, ...more } as Facts
    const within = [...parent.within, spec.id]
    const way: Way = { spec, facts, openedAt: from, journal: [], clocks: {}, ends: new Map(), within, limited }
    for (const group of groupsOf(spec)) {
      const ends = group.map((step) => ahead(input, way, step, until, below))
      const released = group.findIndex((step) =>
        Object.values(spec.steps[step]?.outcomes ?? {}).some(({ release }) => release !== undefined),
      )
      until = released < 0 ? Math.max(until, ...ends) : ends[released]!
      if (released >= 0) break
    }
    ;({ limited } = way)
  }
  if (!limited) return undefined
  parent.limited = true
  until = Math.max(until, least)
  lines?.push({ ...line, why: 'child', from, until }, ...below!)
  return until
}

type ChildProcess = NonNullable<ProcessSpec['steps'][string]['child']>['process']

const childProcess = (process: ChildProcess, facts: Facts): string =>
  typeof process === 'string' ? process : (process.when[String(facts[process.fact])] ?? process.otherwise)
