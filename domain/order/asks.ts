/** Which of a move's tasks and parties have to be offered to somebody, and under what conditions. */
import type { OrderEvent } from './event.ts'
import { timesMarked } from './journal.ts'
import type { Bar } from './offer.ts'
import { rolesOf } from './permission.ts'
import type { ProcessSpec, StepSpec } from './spec.ts'
import type { OrderState, Task } from './state.ts'

/** Two refusals of the same step go to the supervisor (catalogue 0.3 REF). */
const REFUSALS_TO_SUPERVISOR = 2

export type Ask = { task: string; party?: string; step: StepSpec; roles: readonly string[]; barred: Readonly<Record<string, Bar>> } & (
  | { how: 'choose' }
  | { how: 'unit' }
  /** Goes, accepted, to whoever did an earlier step. */
  | { how: 'held'; person: string }
  /** A form named unit or person, or the task's key is the unit. */
  | { how: 'named'; unit?: string; person?: string }
  /** A dispatcher named a person, or added a signer by name: only an absence changes that. */
  | { how: 'check'; unit?: string; person: string }
  | { how: 'dispatcher'; reason: 'refused' | 'returned' | 'offer-expired' }
  | { how: 'supervisor'; reason: 'refused-twice' | 'climbed'; unit?: string; person?: string }
)

/** What the events of a move leave to be offered. `state` is the state after them, `before` the one before the move. */
export function asks(spec: ProcessSpec, before: OrderState, state: OrderState, events: readonly OrderEvent[]): Ask[] {
  const found = new Map<string, Ask>()
  const add = (ask: Ask | undefined) => {
    if (ask) found.set(`${ask.task} ${ask.party ?? ''}`, ask)
  }
  for (const event of events) {
    const id = 'task' in event.data ? event.data.task : undefined
    const task = id === undefined ? undefined : state.tasks[id]
    const step = task && spec.steps[task.step]
    if (!task || !step) continue
    switch (event.type) {
      case 'task-opened':
        for (const party of dueParties(step, task)) add(ofParty(state, step, task, party))
        if (!task.parties && task.status === 'undispatched') add(ofTask(state, step, task))
        break
      case 'signed':
      case 'signer-added':
      case 'signer-removed':
        for (const party of dueParties(step, task)) add(ofParty(state, step, task, party))
        break
      case 'task-refused':
        if (task.status === 'undispatched') add(refused(before, state, step, task, event.data.times))
        break
      case 'task-returned':
        if (task.status === 'undispatched') add({ ...base(state, step, task), how: 'dispatcher', reason: 'returned' })
        break
      case 'task-rerouted':
        if (task.status === 'undispatched') add({ ...base(state, step, task), how: 'choose' })
        break
      case 'offer-expired':
        if (task.status === 'undispatched') add(expired(state, step, task, event.data.person))
        break
      case 'task-dispatched':
      case 'task-reassigned':
        if (task.status === 'offered' && task.person)
          add({ ...base(state, step, task), how: 'check', person: task.person, ...(task.unit && { unit: task.unit }) })
        break
      default:
    }
  }
  return [...found.values()]
}

const base = (state: OrderState, step: StepSpec, task: Task) => ({
  task: task.id,
  step,
  roles: rolesOf(step, task),
  barred: barredFrom(state, step, task),
})

/** An open task as if it were to be offered by score now: what a dispatcher weighs. */
export const askOf = (state: OrderState, step: StepSpec, task: Task): Ask => ({ ...base(state, step, task), how: 'choose' })

function ofTask(state: OrderState, step: StepSpec, task: Task): Ask {
  const ask = base(state, step, task)
  if (step.refusalsOf && (state.refusals[step.refusalsOf] ?? 0) >= REFUSALS_TO_SUPERVISOR)
    return { ...ask, how: 'supervisor', reason: 'refused-twice' }
  if (step.climbs?.to === 'supervisor' && timesMarked(state.journal, step.climbs.on, task.key) >= step.climbs.times) {
    const person = state.doers[task.step]
    return { ...ask, how: 'supervisor', reason: 'climbed', ...(person !== undefined && { person }) }
  }
  if (step.keyIs === 'unit' && task.key !== undefined) return { ...ask, how: 'named', unit: task.key }
  const named = step.unitFact === undefined ? undefined : state.facts[step.unitFact]
  if (typeof named === 'string') return { ...ask, how: 'named', unit: named }
  // A name in a form is a decision; without one the step stays with its holder; what the start named comes last.
  const chosen = step.offerFrom === undefined ? undefined : namedBy(state, step.offerFrom, task.key)
  if (chosen?.latest) return { ...ask, how: 'named', ...chosen.target }
  const holder = step.heldBy === undefined ? undefined : doerOf(state, step.heldBy, task.key)
  if (holder !== undefined && !ask.barred[holder]) return { ...ask, how: 'held', person: holder }
  if (chosen) return { ...ask, how: 'named', ...chosen.target }
  return { ...ask, how: step.offer === 'unit' ? 'unit' : 'choose' }
}

/** Somebody else is asked; a unit that let the offer lie has no other members, so that the desk decides. */
const expired = (state: OrderState, step: StepSpec, task: Task, person: string | undefined): Ask =>
  person === undefined ? { ...base(state, step, task), how: 'dispatcher', reason: 'offer-expired' } : ofTask(state, step, task)

function refused(before: OrderState, state: OrderState, step: StepSpec, task: Task, times: number): Ask {
  const ask = base(state, step, task)
  if (times < REFUSALS_TO_SUPERVISOR) return { ...ask, how: 'dispatcher', reason: 'refused' }
  const { unit, person } = before.tasks[task.id] ?? {}
  return { ...ask, how: 'supervisor', reason: 'refused-twice', ...(unit && { unit }), ...(person && { person }) }
}

/** Latest outcome of a step; for a task of a keyed branch that of its own branch, where the step has branches too. */
function latestOf({ journal }: OrderState, step: string, key: string | undefined) {
  const own = journal.findLast((e) => 'step' in e && e.step === step && (key === undefined || e.key === undefined || e.key === key))
  return own && 'step' in own ? own : undefined
}

/** Who did a step last. */
const doerOf = (state: OrderState, step: string, key: string | undefined): string | undefined =>
  key === undefined ? state.doers[step] : latestOf(state, step, key)?.by

/** Unit and person that the form of a step's latest outcome named; those of the start, where the step was done before the order began. */
function namedBy(
  state: OrderState,
  step: string,
  key: string | undefined,
): { latest: boolean; target: { unit?: string; person?: string } } | undefined {
  const entry = latestOf(state, step, key)
  const { unit, person } = (entry ? entry.data : state.input) ?? {}
  if (typeof unit !== 'string' && typeof person !== 'string') return undefined
  const target = { ...(typeof unit === 'string' && { unit }), ...(typeof person === 'string' && { person }) }
  return { latest: entry !== undefined, target }
}

/** Parties whom nobody has been asked for yet: all of them, or in turn the next. Added ones come after those of the specification. */
function dueParties(step: StepSpec, task: Task): string[] {
  const parties = task.parties ?? {}
  const specified = step.joint?.parties.map(({ id }) => id).filter((id) => Object.hasOwn(parties, id)) ?? []
  const added = Object.keys(parties)
    .filter((id) => !specified.includes(id))
    .sort()
  const open = [...specified, ...added].filter((id) => parties[id]?.answer === undefined)
  const due = step.joint?.order === 'in-turn' ? open.slice(0, 1) : open
  return due.filter((id) => {
    const party = parties[id]!
    return party.unit === undefined && party.absent === undefined
  })
}

function ofParty(state: OrderState, step: StepSpec, task: Task, id: string): Ask {
  const party = task.parties![id]!
  const barred = barredFrom(state, step, task, id)
  const ask = { task: task.id, party: id, step, roles: party.roles, barred }
  return party.person === undefined ? { ...ask, how: 'choose' } : { ...ask, how: 'check', person: party.person }
}

function barredFrom(state: OrderState, step: StepSpec, task: Task, party?: string): Record<string, Bar> {
  const barred: Record<string, Bar> = {}
  if (party !== undefined)
    for (const [id, { person, by }] of Object.entries(task.parties ?? {}))
      for (const other of [person, by]) if (id !== party && other !== undefined) barred[other] = 'other-party'
  for (const person of state.notAgain[task.step] ?? []) barred[person] = 'not-again'
  if (step.notByStarter && state.startedBy !== undefined) barred[state.startedBy] = 'duties'
  for (const earlier of step.notBy ?? []) {
    const doer = state.doers[earlier]
    if (doer !== undefined) barred[doer] = 'duties'
  }
  return barred
}
