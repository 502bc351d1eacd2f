/** Rows of tasks and signatures that a move changes. */
import type { OrderEvent } from '../event.ts'
import type { ProcessSpec } from '../spec.ts'
import type { OrderState, Task } from '../state.ts'
import { nextRung } from './clock.ts'
import { iso } from './order.ts'
import type { Folded } from './fold.ts'

type Json = Record<string, unknown>

/** What a board shows of an open task. */
function openTask(state: OrderState, task: Task): Json {
  return {
    task: task.id,
    step: task.step,
    key: task.key ?? null,
    n: task.n,
    status: statusOf(task),
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

/** A joint task is nobody's to dispatch: while a signature is asked of somebody, it is offered. */
function statusOf({ suspended, parties, status }: Task): string {
  if (suspended) return 'suspended'
  const asked = Object.values(parties ?? {}).some(({ person, unit, answer }) => answer === undefined && (person ?? unit) !== undefined)
  return asked ? 'offered' : status
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
  events.forEach((event, i) => {
    const at = states[i]!
    if (event.type === 'task-accepted' || (event.type === 'task-offered' && event.data.held)) accepted.set(event.data.task, event.at)
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
    const is = after.tasks[id]
      ? { ...openTask(after, after.tasks[id]), ...OPEN }
      : (closing.get(id) ?? (was && { ...was, ...GONE, closed_at: iso(after.at) }))
    if (!is) return []
    const more = { accepted_at: iso(accepted.get(id)), breached_at: iso(breached.get(id)), advice: advice.get(id) ?? null }
    const changed = closing.has(id) || Object.values(more).some((value) => value !== null)
    if (!changed && after.tasks[id] && was && JSON.stringify({ ...was, ...OPEN }) === JSON.stringify(is)) return []
    return [{ ...is, ...more }]
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
    if (event.type === 'task-offered' && event.data.party !== undefined)
      put(is, event.data.task, event.data.party, { asked_at: iso(event.at) })
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
