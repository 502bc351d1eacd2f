/** The read model's rows that a move changes, from the states before and after it and its events. */
import { nextDue } from '../domain/order/clocks.ts'
import type { OrderEvent } from '../domain/order/event.ts'
import { clockTask } from '../domain/order/notices.ts'
import { nextRung } from '../domain/order/plan-clocks.ts'
import type { Fact, ProcessSpec } from '../domain/order/spec.ts'
import type { Clock, OrderState, Task } from '../domain/order/state.ts'
import type { Folded } from './seal.ts'

type Json = Record<string, unknown>

/** An instant as the database reads it; nothing where a form brought one that no date has. */
export const iso = (ms: number | undefined): string | null => {
  if (ms === undefined) return null
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** Columns of the order itself that follow from its state. */
export function orderRow(state: OrderState): Json {
  return {
    no: state.no ?? null,
    process: state.process,
    status: state.status,
    end: state.end ?? null,
    customer_id: state.customer,
    region_path: state.region,
    title: state.title,
    priority: state.priority,
    source_channel: state.source?.channel ?? null,
    source_no: state.source?.no ?? null,
    parent_id: state.parent?.id ?? null,
    parent_key: state.parent?.key ?? null,
    continued_from: state.continuedFrom ?? null,
    started_by: state.startedBy ?? null,
    responsible_id: state.responsible.kind === 'person' ? state.responsible.id : null,
    seq: state.seq,
    hash: state.hash,
    state,
    opened_at: iso(state.openedAt),
    closed_at: state.status === 'closed' ? iso(state.at) : null,
    next_due_at: iso(nextDue(state)),
    updated_at: iso(state.at),
  }
}

/** Events as rows; `moveSeq` is the last of their move. */
export const eventRows = (events: readonly OrderEvent[], hashes: readonly string[], prev: string, moveSeq: number): Json[] =>
  events.map((event, i) => ({
    seq: event.seq,
    move_seq: moveSeq,
    type: event.type,
    data: event.data,
    actor_kind: event.actor.kind,
    actor_id: event.actor.id,
    on_behalf_of: event.actor.for ?? null,
    at: iso(event.at),
    cmd: event.cmd ?? null,
    prev_hash: i === 0 ? prev : hashes[i - 1],
    hash: hashes[i],
  }))

/** What a board shows of an open task. */
function openTask(state: OrderState, task: Task): Json {
  return {
    task: task.id,
    step: task.step,
    key: task.key ?? null,
    n: task.n,
    status: task.suspended ? 'suspended' : task.status,
    unit_id: task.status === 'undispatched' ? null : (task.unit ?? null),
    person_id: task.status === 'undispatched' ? null : (task.person ?? null),
    queue: task.queue ?? null,
    queue_unit_id: task.status === 'undispatched' ? (task.unit ?? null) : null,
    absent_id: task.absent ?? null,
    opened_at: iso(task.openedAt),
    due_at: iso(dueOf(state, task.id)),
    next_rung_at: iso(nextRung(state, task.id)),
    region_path: state.region,
    process: state.process,
    priority: state.priority,
    refusals: state.refusals[task.step] ?? 0,
  }
}

/** A task's own limit; else the nearest of the order's, which its work is to keep; else that of taking it. */
function dueOf(state: OrderState, task: string): number | undefined {
  const own = state.clocks[`${task}/complete`]
  if (own) return own.due
  const ofOrder = Object.values(state.clocks).filter((clock) => clock.task === undefined && clock.stopped === undefined)
  if (ofOrder.length > 0) return Math.min(...ofOrder.map(({ due }) => due))
  return (state.clocks[`${task}/accept`] ?? state.clocks[`${task}/dispatch`])?.due
}

/** Rows of tasks that the move opened, changed or closed. */
export function taskRows({ states, events, state: after }: Folded, advice: ReadonlyMap<string, unknown>): Json[] {
  const before = states[0]!
  const closing = new Map<string, Json>()
  const accepted = new Map<string, number>()
  const breached = new Map<string, number>()
  const refusals = new Map<string, number>()
  events.forEach((event, i) => {
    const at = states[i]!
    if (event.type === 'task-accepted' || (event.type === 'task-offered' && event.data.held)) accepted.set(event.data.task, event.at)
    if (event.type === 'task-refused') refusals.set(event.data.task, event.data.times)
    if (event.type === 'rung-fired' && event.data.pct >= 100) {
      const { task } = at.clocks[event.data.clock] ?? {}
      if (task !== undefined && event.data.clock === `${task}/complete` && !breached.has(task)) breached.set(task, event.data.due)
    }
    if (event.type === 'task-completed' || event.type === 'task-cancelled') {
      const open = at.tasks[event.data.task]
      if (open) closing.set(open.id, { ...openTask(at, open), ...closed(event) })
    }
  })
  const ids = new Set([...Object.keys(before.tasks), ...Object.keys(after.tasks), ...closing.keys()])
  return [...ids].flatMap((id) => {
    const was = before.tasks[id] && openTask(before, before.tasks[id])
    const is = after.tasks[id] ? { ...openTask(after, after.tasks[id]), ...OPEN } : (closing.get(id) ?? (was && { ...was, ...GONE, closed_at: iso(after.at) }))
    if (!is) return []
    const more = { accepted_at: iso(accepted.get(id)), breached_at: iso(breached.get(id)), advice: advice.get(id) ?? null }
    const changed = closing.has(id) || Object.values(more).some((value) => value !== null) || refusals.has(id)
    if (!changed && after.tasks[id] && was && JSON.stringify({ ...was, ...OPEN }) === JSON.stringify(is)) return []
    return [{ ...is, ...more, refusals: refusals.get(id) ?? is.refusals }]
  })
}

const OPEN = { closed_at: null, outcome: null, form: null, note: null, done_by: null, done_for: null }
const GONE = { ...OPEN, status: 'cancelled', queue: null, queue_unit_id: null, next_rung_at: null }

function closed(event: Extract<OrderEvent, { type: 'task-completed' | 'task-cancelled' }>): Json {
  const at = { closed_at: iso(event.at) }
  if (event.type === 'task-cancelled') return { ...GONE, ...at }
  const { outcome, form, note } = event.data
  // A clock's or the machine's outcome is nobody's.
  const person = event.actor.kind === 'person'
  return {
    ...GONE,
    ...at,
    status: 'done',
    outcome,
    form: form ?? null,
    note: note ?? null,
    done_by: person ? event.actor.id : null,
    done_for: person ? (event.actor.for ?? null) : null,
  }
}

/** Rows of parties that were asked, answered, added or removed. */
export function signatureRows(spec: ProcessSpec, { states, events, state: after }: Folded): Json[] {
  const rows = new Map<string, Json>()
  const put = (at: OrderState, task: string, party: string, more: Json) => {
    const open = at.tasks[task]
    const asked = open?.parties?.[party]
    if (!open || !asked) return
    const title = spec.steps[open.step]?.joint?.parties.find(({ id }) => id === party)?.title
    const row = {
      task,
      party,
      title_en: title?.en ?? null,
      title_zh: title?.zh ?? null,
      roles: asked.roles,
      mandatory: asked.mandatory ?? false,
      unit_id: asked.unit ?? null,
      person_id: asked.person ?? null,
      answer: null,
      opinion: null,
      signed_by: null,
      signed_for: null,
      asked_at: null,
      signed_at: null,
      removed_at: null,
    }
    rows.set(`${task} ${party}`, { ...row, ...rows.get(`${task} ${party}`), unit_id: row.unit_id, person_id: row.person_id, ...more })
  }
  events.forEach((event, i) => {
    const was = states[i]!
    const is = states[i + 1] ?? after
    if (event.type === 'task-opened') for (const party of Object.keys(event.data.parties ?? {})) put(is, event.data.task, party, {})
    if (event.type === 'task-offered' && event.data.party !== undefined) put(is, event.data.task, event.data.party, { asked_at: iso(event.at) })
    if (event.type === 'signer-added') put(is, event.data.task, event.data.party, {})
    if (event.type === 'signer-removed') put(was, event.data.task, event.data.party, { removed_at: iso(event.at) })
    if (event.type === 'signed') {
      const { task, party, answer, opinion } = event.data
      put(was, task, party, {
        answer,
        opinion: opinion ?? null,
        signed_by: event.actor.id,
        signed_for: event.actor.for ?? null,
        signed_at: iso(event.at),
      })
    }
  })
  return [...rows.values()]
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
  const suspended = clock.task === undefined ? Object.values(state.tasks).find((task) => task.suspended)?.suspended : state.tasks[clock.task]?.suspended
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

/** What the outside hears of: orders that begin, end and stop. */
export function outboxRows(events: readonly OrderEvent[], state: OrderState): Json[] {
  const payload = (more: Record<string, Fact>) => ({ order: state.id, ...(state.no && { no: state.no }), process: state.process, customer: state.customer, ...more })
  return events.flatMap((event): Json[] => {
    if (event.type === 'order-opened') return [{ topic: event.type, seq: event.seq, payload: payload({}) }]
    if (event.type === 'order-closed') return [{ topic: event.type, seq: event.seq, payload: payload({ end: event.data.end }) }]
    if (event.type === 'order-stopped') return [{ topic: event.type, seq: event.seq, payload: payload({ code: event.data.code }) }]
    return []
  })
}
