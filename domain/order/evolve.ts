/** What is true after an event. Total: an event that was recorded is never refused here. */
import type { EventActor, OrderEvent } from './event.ts'
import { GENESIS, chainHash } from './hash.ts'
import { openingName } from './journal.ts'
import type { Clock, OrderState, Party, Task } from './state.ts'
import { RECENT_COMMANDS } from './state.ts'

type Of<T extends OrderEvent['type']> = Extract<OrderEvent, { type: T }>

/** The record without some of its keys; the same where it has none of them. */
function without<T>(record: Readonly<Record<string, T>>, ...keys: string[]): Readonly<Record<string, T>> {
  if (!keys.some((key) => Object.hasOwn(record, key))) return record
  const rest: Record<string, T> = {}
  for (const key in record) if (!keys.includes(key)) rest[key] = record[key]!
  return rest
}

/** The state before the first event. */
export const blank = (id: string): OrderState => ({
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

/** State after the event; `hash` where it is known already (a verified chain), else computed. */
export function evolve(state: OrderState, event: OrderEvent, hash = chainHash(state.hash, event)): OrderState {
  const recent = event.cmd ? [...state.recent.slice(1 - RECENT_COMMANDS), [event.cmd, event.seq] as const] : state.recent
  const next = apply(state, event)
  // What `apply` made is ours to complete: copying it once more would double the cost of every event.
  return Object.assign(next === state ? { ...state } : next, { seq: event.seq, hash, at: event.at, recent })
}

/** State after a whole history. */
export const replay = (id: string, events: Iterable<OrderEvent>): OrderState => {
  let state = blank(id)
  for (const event of events) state = evolve(state, event)
  return state
}

function apply(state: OrderState, event: OrderEvent): OrderState {
  switch (event.type) {
    case 'order-opened':
      return opened(state, event)
    case 'order-numbered':
      return { ...state, no: event.data.no }
    case 'customer-known':
      return { ...state, region: event.data.region, facts: { ...state.facts, ...event.data.facts } }
    case 'task-opened':
      return { ...state, tasks: { ...state.tasks, [event.data.task]: openedTask(event) } }
    case 'task-offered':
      return offered(state, event)
    case 'task-queued':
      return queued(state, event)
    case 'task-dispatched':
    case 'task-reassigned': {
      const { task, unit, person } = event.data
      return withTask(dropClocks(state, `${task}/dispatch`, `${task}/accept`), task, (t) => ({
        ...idle(t),
        status: 'offered',
        unit,
        person,
      }))
    }
    case 'task-accepted': {
      const { task } = event.data
      const step = state.tasks[task]?.step ?? ''
      const next = withTask(dropClocks(state, `${task}/dispatch`, `${task}/accept`), task, (t) => ({
        ...t,
        status: 'accepted',
        person: event.actor.for ?? event.actor.id,
        absent: undefined,
        queue: undefined,
      }))
      return { ...next, responsible: event.actor, refusals: without(state.refusals, step) }
    }
    case 'task-refused': {
      const step = state.tasks[event.data.task]?.step ?? ''
      return givenBack({ ...state, refusals: { ...state.refusals, [step]: event.data.times } }, event.data.task, event.actor)
    }
    case 'task-returned':
      return givenBack(state, event.data.task, event.actor)
    case 'offer-expired':
      return givenBack(state, event.data.task, event.data.person === undefined ? undefined : { kind: 'person', id: event.data.person })
    case 'task-rerouted': {
      const { task, to } = event.data
      return withTask(dropClocks(state, `${task}/dispatch`, `${task}/accept`), task, (t) => ({
        ...idle(t),
        status: 'undispatched',
        roles: to,
      }))
    }
    case 'task-completed':
      return completed(state, event)
    case 'task-cancelled':
      return closeTask(state, event.data.task)
    case 'suspend-requested': {
      const { task, ...asked } = event.data
      return withTask(state, task, (t) => ({ ...t, suspendAsked: { ...asked, by: event.actor.id } }))
    }
    case 'suspend-denied':
      return withTask(state, event.data.task, (t) => ({ ...t, suspendAsked: undefined }))
    case 'task-suspended': {
      const { task, ...why } = event.data
      return withTask(state, task, (t) => ({ ...t, suspendAsked: undefined, suspended: why }))
    }
    case 'task-resumed':
      return withTask(state, event.data.task, (t) => ({ ...t, suspended: undefined }))
    case 'signed': {
      const { task, party, answer } = event.data
      return withParty(state, task, party, (p) => ({ ...p, answer, by: event.actor.for ?? event.actor.id }))
    }
    case 'signer-added': {
      const { task, party, roles, mandatory, person } = event.data
      return withTask(state, task, (t) => ({
        ...t,
        parties: { ...t.parties, [party]: { roles, added: true, ...(mandatory && { mandatory }), ...(person && { person }) } },
      }))
    }
    case 'signer-removed':
      return withTask(state, event.data.task, (t) => ({ ...t, parties: without(t.parties ?? {}, event.data.party) }))
    case 'clock-set': {
      const { clock, ...data } = event.data
      const task = clock.includes('/') ? clock.slice(0, clock.lastIndexOf('/')) : undefined
      const fired = state.clocks[clock]?.fired ?? []
      return { ...state, clocks: { ...state.clocks, [clock]: { clock, ...data, fired, ...(task && { task }) } } }
    }
    case 'clock-paused': {
      const { clock, used } = event.data
      const own = state.tasks[state.clocks[clock]?.task ?? '']?.suspended
      const [first] = Object.keys(state.tasks)
        .filter((id) => state.tasks[id]?.suspended)
        .sort()
      const suspended = own ?? state.tasks[first ?? '']?.suspended
      return withClock(state, clock, (c) => ({
        ...c,
        used,
        from: event.at,
        paused: { party: suspended?.party ?? 'own', reason: suspended?.reason ?? '' },
      }))
    }
    case 'clock-stopped':
      return withClock(unasked(state, event.data.clock), event.data.clock, (c) => ({ ...c, stopped: event.at }))
    case 'clock-reopened':
      return withClock(state, event.data.clock, (c) => ({ ...c, stopped: undefined }))
    case 'rung-fired':
      return withClock(state, event.data.clock, (c) => ({
        ...c,
        rungs: c.rungs.filter(([pct]) => pct !== event.data.pct),
        fired: [...c.fired, event.data.pct],
      }))
    case 'priority-set':
      return { ...state, priority: event.data.priority }
    case 'automatic-failed': {
      const { task, message, times } = event.data
      return withTask(state, task, (t) => ({ ...t, failed: { message, times } }))
    }
    case 'child-started': {
      const { child, ...ref } = event.data
      const next = { ...state, children: { ...state.children, [child]: ref } }
      return ref.task ? withTask(next, ref.task, (t) => ({ ...t, child })) : next
    }
    case 'child-ended': {
      const { child, end } = event.data
      const ref = state.children[child]
      if (!ref) return state
      const children = { ...state.children, [child]: { ...ref, end } }
      const journal = ref.waits && !ref.task && !ref.left ? [...state.journal, { child, key: ref.key, end, at: event.at }] : state.journal
      // What a waiting parent's child leaves to undo is the parent's now, beside what it has to undo itself.
      const left = ref.waits ? (event.data.undo ?? []).map((entry) => ({ ...entry, j: state.journal.length })) : []
      const stays = ref.waits ? (event.data.stays ?? []) : []
      return {
        ...state,
        children,
        journal,
        undo: [...state.undo, ...left],
        ...(stays.length > 0 && { stays: [...(state.stays ?? []), ...stays] }),
      }
    }
    case 'child-left': {
      const ref = state.children[event.data.child]
      return ref ? { ...state, children: { ...state.children, [event.data.child]: { ...ref, left: true } } } : state
    }
    case 'fact-received': {
      const { kind, id, facts } = event.data
      const received = [...(state.received ?? []), { kind, id, facts, at: event.at }]
      return { ...state, received, facts: { ...state.facts, ...facts } }
    }
    case 'order-amended':
      return amended(state, event)
    case 'undo-added':
      return { ...state, undo: [...state.undo, { ...event.data, j: Math.max(0, state.journal.length - 1) }] }
    case 'undo-done':
      return { ...state, undo: state.undo.toSpliced(nextUndo(state), 1) }
    case 'order-withdrawn':
      return { ...state, status: 'withdrawing' }
    case 'order-closed':
      return { ...state, status: 'closed', end: event.data.end, next: event.data.next, tasks: {}, clocks: {} }
    case 'order-stopped':
      return { ...state, status: 'stopped', stopped: event.data }
    case 'order-resumed':
      return { ...state, status: 'open', stopped: undefined }
    case 'extension-requested': {
      const { task, clock, by: more, reason } = event.data
      return withTask(state, task, (t) => ({ ...t, extensionAsked: { clock, more, reason, by: event.actor.id } }))
    }
    case 'extension-denied':
      return withTask(state, event.data.task, (t) => ({ ...t, extensionAsked: undefined }))
    case 'limit-extended':
      return unasked(state, event.data.clock)
    case 'order-urged':
    case 'comment-added':
    case 'order-raised':
      return state
  }
}

function opened(state: OrderState, event: Of<'order-opened'>): OrderState {
  const { facts, ...data } = event.data
  return { ...state, ...data, input: facts, facts, openedAt: event.at, responsible: event.actor }
}

function openedTask({ data, at }: Of<'task-opened'>): Task {
  const { task, step, key, n, kind, roles, parties } = data
  return {
    id: task,
    step,
    n,
    status: kind ?? 'undispatched',
    openedAt: at,
    ...(key !== undefined && { key }),
    ...(roles && { roles }),
    ...(parties && { parties }),
  }
}

/** The journal is cut back; occurrences that no longer count keep their numbers to themselves. */
function amended(state: OrderState, { data }: Of<'order-amended'>): OrderState {
  const facts = { ...state.facts, ...data.facts }
  if (data.kept === undefined) return { ...state, facts }
  const { kept } = data
  const top: Record<string, number> = { ...state.amended?.top }
  for (const of of [...state.journal, ...Object.values(state.tasks)]) {
    if (!('step' in of)) continue
    const name = openingName(of.step, of.key)
    top[name] = Math.max(top[name] ?? 0, of.n)
  }
  const undo = state.undo.map((entry) => (entry.j >= kept ? { ...entry, due: true as const } : entry))
  // The end of a child that was cut off is no news to the body, which opens another in its place.
  const cut = state.journal.slice(kept).flatMap((entry) => ('child' in entry ? [entry.child] : []))
  const left = cut.flatMap((child) => {
    const ref = state.children[child]
    return ref ? [[child, { ...ref, left: true as const }]] : []
  })
  const children = left.length > 0 ? { ...state.children, ...Object.fromEntries(left) } : state.children
  return { ...state, facts, journal: state.journal.slice(0, kept), amended: { kept, top }, undo, children }
}

/** Place of the effect to undo next, the latest first: any while the order is withdrawn, otherwise what an amendment made due; or -1. */
export const nextUndo = ({ undo, status }: OrderState): number =>
  undo.findLastIndex((entry) => status === 'withdrawing' || entry.due === true)

function offered(state: OrderState, { data }: Of<'task-offered'>): OrderState {
  const { task, party, unit, person, absent, held, mode } = data
  if (party) return withParty(state, task, party, (p) => ({ ...p, unit, person, absent }))
  return withTask(dropClocks(state, `${task}/dispatch`), task, (t) => ({
    ...idle(t),
    status: held ? 'accepted' : 'offered',
    unit,
    person,
    absent,
    ...(mode && { mode }),
  }))
}

function queued(state: OrderState, { data }: Of<'task-queued'>): OrderState {
  const { task, party, queue, unit, person } = data
  if (party) return withParty(state, task, party, (p) => ({ ...p, unit, person }))
  return withTask(state, task, (t) => ({ ...idle(t), status: 'undispatched', queue, unit, person }))
}

function completed(state: OrderState, event: Of<'task-completed'>): OrderState {
  const { task, outcome, form, irreversible, release, settles } = event.data
  const open = state.tasks[task]
  if (!open) return state
  const by = event.actor.kind === 'person' ? event.actor.id : undefined
  const entry = {
    step: open.step,
    n: open.n,
    outcome,
    at: event.at,
    ...(open.key !== undefined && { key: open.key }),
    ...(form && { data: form }),
    ...(by && { by }),
  }
  return {
    ...closeTask(state, task),
    journal: [...state.journal, entry],
    facts: form ? { ...state.facts, ...form } : state.facts,
    doers: by ? { ...state.doers, [open.step]: by } : state.doers,
    ...(irreversible && {
      irreversible,
      stays: [...(state.stays ?? []), { order: state.id, process: state.process, step: open.step, outcome }],
    }),
    ...(release && { released: release }),
    ...(settles && { undo: state.undo.filter(({ effect }) => !settles.includes(effect)) }),
  }
}

/** A unit that let its offer lie bars nobody. */
function givenBack(state: OrderState, task: string, actor: EventActor | undefined): OrderState {
  const step = state.tasks[task]?.step ?? ''
  const notAgain = actor ? { ...state.notAgain, [step]: [...(state.notAgain[step] ?? []), actor.for ?? actor.id] } : state.notAgain
  return withTask(dropClocks({ ...state, notAgain }, `${task}/accept`), task, (t) => ({ ...idle(t), status: 'undispatched' }))
}

/** The task with nobody holding it; the time that its holder asked for was his to ask. */
const idle = ({
  unit: _unit,
  person: _person,
  absent: _absent,
  queue: _queue,
  mode: _mode,
  extensionAsked: _extensionAsked,
  ...task
}: Task): Task => task

/** Nobody waits for more time on this clock: it has got longer, or stands. */
const unasked = (state: OrderState, clock: string): OrderState =>
  Object.values(state.tasks)
    .filter(({ extensionAsked }) => extensionAsked?.clock === clock)
    .reduce((next, { id }) => withTask(next, id, (t) => ({ ...t, extensionAsked: undefined })), state)

const closeTask = (state: OrderState, task: string): OrderState => ({
  ...dropClocks(state, `${task}/dispatch`, `${task}/accept`, `${task}/complete`),
  tasks: without(state.tasks, task),
})

const dropClocks = (state: OrderState, ...clocks: string[]): OrderState => ({ ...state, clocks: without(state.clocks, ...clocks) })

function withTask(state: OrderState, task: string, change: (task: Task) => Task): OrderState {
  const open = state.tasks[task]
  return open ? { ...state, tasks: { ...state.tasks, [task]: change(open) } } : state
}

const withParty = (state: OrderState, task: string, party: string, change: (party: Party) => Party): OrderState =>
  withTask(state, task, (t) => {
    const asked = t.parties?.[party]
    return asked ? { ...t, parties: { ...t.parties, [party]: change(asked) } } : t
  })

function withClock(state: OrderState, clock: string, change: (clock: Clock) => Clock): OrderState {
  const running = state.clocks[clock]
  return running ? { ...state, clocks: { ...state.clocks, [clock]: change(running) } } : state
}
