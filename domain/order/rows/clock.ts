/** Rows of clocks and rungs that a move changes. */
import type { OrderEvent } from '../event.ts'
import { clockTask } from '../notices.ts'
import type { Clock, OrderState } from '../state.ts'
import { iso } from './order.ts'
import type { Folded } from './fold.ts'

type Json = Record<string, unknown>

/** The nearest rung of a task's running clocks, for the board. */
export function nextRung(state: OrderState, task: string): number | undefined {
  const instants = Object.values(state.clocks)
    .filter((clock) => clock.task === task && !clock.paused && clock.stopped === undefined)
    .flatMap((clock) => clock.rungs.map(([, at]) => at))
  return instants.length === 0 ? undefined : Math.min(...instants)
}

export interface ClockChanges {
  rows: Json[]
  rungs: Json[]
  /** Clocks that ended: their rungs are settled; and those that run on after having been stopped. */
  ended: string[]
  reopened: string[]
}

/** Rows of clocks that were set, paused, stopped or dropped, and of rungs that fired. */
export function clockRows({ states, events, state: after }: Folded): ClockChanges {
  const before = states[0]!
  const ended = new Set<string>()
  const reopened = new Set<string>()
  const rungs: Json[] = []
  events.forEach((event, i) => {
    const was = states[i]!
    const is = states[i + 1] ?? after
    if (event.type === 'rung-fired') rungs.push(rungRow(was, event))
    if (event.type === 'clock-reopened') reopened.add(event.data.clock)
    if (was.clocks === is.clocks) return
    for (const name of Object.keys(was.clocks)) {
      const gone = !is.clocks[name] || (is.clocks[name].stopped !== undefined && was.clocks[name]?.stopped === undefined)
      if (gone) ended.add(name)
    }
  })
  // A rung that fires with the outcome that its expiry gives is settled at once.
  const settled = rungs.map((rung): Json => ({ ...rung, settled_at: ended.has(String(rung.clock)) ? iso(after.at) : null }))
  const names = new Set([...Object.keys(before.clocks), ...Object.keys(after.clocks)])
  const rows = [...names].flatMap((name) => {
    const was = before.clocks[name]
    const is = after.clocks[name]
    if (was === is || !(is ?? was)) return []
    return [clockRow(is ?? was!, is ? after : before, is ? undefined : after.at)]
  })
  return { rows, rungs: settled, ended: [...ended], reopened: [...reopened] }
}

function clockRow(clock: Clock, state: OrderState, dropped: number | undefined): Json {
  const suspended =
    clock.task === undefined ? Object.values(state.tasks).find((task) => task.suspended)?.suspended : state.tasks[clock.task]?.suspended
  const { paused } = clock
  return {
    clock: clock.clock,
    task: clock.task ?? null,
    kind: clock.task === undefined ? 'order' : clock.clock.slice(clock.task.length + 1),
    calendar: clock.cal,
    budget_ms: clock.budget,
    used_ms: Math.round(clock.used),
    due_at: iso(clock.due),
    started_at: iso(clock.from),
    paused_at: paused ? iso(clock.from) : null,
    pause_party: paused?.party ?? null,
    pause_reason: paused?.reason ?? null,
    paused_until: paused ? iso(suspended?.until) : null,
    stopped_at: iso(dropped ?? clock.stopped),
    mark: clock.mark,
    policy: clock.policy,
    ladder: clock.ladder,
    provisional: clock.provisional ?? false,
  }
}

function rungRow(state: OrderState, { data, at }: Extract<OrderEvent, { type: 'rung-fired' }>): Json {
  const task = clockTask(state, data.clock)
  const party = Object.values(task?.parties ?? {}).find(({ answer, person }) => answer === undefined && person !== undefined)
  return {
    clock: data.clock,
    pct: data.pct,
    due_at: iso(data.due),
    task: task?.id ?? null,
    step: task?.step ?? null,
    fired_at: iso(at),
    late_ms: data.late,
    holder_id: task?.person ?? party?.person ?? null,
    unit_id: task?.unit ?? party?.unit ?? null,
    region_path: state.region,
  }
}
