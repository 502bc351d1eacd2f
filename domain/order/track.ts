/** An order as its customer sees it: how far it is in his words, what was promised, what is asked of him. Nothing internal. */
import type { Title } from '../title.ts'
import { turn } from './signatures.ts'
import type { FieldSpec, FieldType, JointSpec, ProcessSpec, StepSpec } from './spec.ts'
import type { OrderState, Task } from './state.ts'
import type { Member } from './withdrawal.ts'

type Form = Readonly<Record<string, FieldSpec>>

export interface TrackStep {
  title: Title
  state: 'done' | 'now' | 'upcoming'
  /** Epoch ms: when it was done, or since when it is being done. */
  at?: number
}

/** Something to answer: one of `outcomes`, or for a `party` that signs one of `answers`. */
export interface Asked {
  order: string
  task: string
  ask: Title
  outcomes: { id: string; title: Title; form: Form }[]
  party?: string
  answers: { id: string; title: Title }[]
}

export interface TrackInput {
  /** The order and what continued it, in the order of time. */
  chain: readonly Member[]
  /** Orders under these about the same customer. */
  under: readonly Member[]
  /** Each time that something was promised, in the order of time; epoch ms. */
  promised: readonly { at: number; due: number }[]
}

export interface TrackView {
  no?: string
  title: Title
  status: 'open' | 'done' | 'withdrawn'
  openedAt: number
  closedAt?: number
  steps: TrackStep[]
  promise?: { at: number; first: number; moved: { at: number; from: number; to: number }[] }
  asked: Asked[]
}

/** Fields that say who of the customer's answered: whoever answers on the page is known. */
export const WHO_ANSWERED: readonly string[] = ['answeredBy']

/** What names our people, our places and other customers is not for a customer to fill in. */
const ours: readonly FieldType[] = ['unit', 'units', 'person', 'resources', 'customers', 'agent', 'agents']

export function trackView({ chain, under, promised }: TrackInput): TrackView {
  const [first] = chain
  const last = chain.at(-1)
  if (!first || !last) throw new RangeError('an order to look at is missing')
  const { state, spec } = last
  const closed = state.status === 'closed'
  return {
    ...(state.no !== undefined && { no: state.no }),
    title: spec.title,
    status: closed ? (state.end === 'withdrawn' ? 'withdrawn' : 'done') : 'open',
    openedAt: first.state.openedAt,
    ...(closed && { closedAt: state.at }),
    steps: chain.flatMap((member) => stepsOf(member, member === last && !closed)),
    ...promiseOf(promised),
    asked: [...chain, ...under].flatMap(askedOf),
  }
}

/** First, last, and each move between. */
function promiseOf(promised: TrackInput['promised']): Pick<TrackView, 'promise'> {
  const [first] = promised
  const last = promised.at(-1)
  if (!first || !last) return {}
  const moved = promised.slice(1).flatMap(({ at, due }, i) => {
    const from = promised[i]!.due
    return from === due ? [] : [{ at, from, to: due }]
  })
  return { promise: { at: last.due, first: first.due, moved } }
}

/** Steps that have words for the customer: those of the most likely way, and among them any other that the order came through. */
function stepsOf({ spec, state }: Member, upcoming: boolean): TrackStep[] {
  const words = (step: string): Title | undefined => spec.steps[step]?.shown
  const groups = spec.route.map((group): readonly string[] => (typeof group === 'string' ? [group] : group))
  const placeOf = (step: string): number => groups.findIndex((group) => group.includes(step))
  const done = new Map<string, number>()
  for (const entry of state.journal) if ('step' in entry) done.set(entry.step, entry.at)
  const open = Object.values(state.tasks).sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))

  const listed = groups.flat().filter(words)
  let before = -1
  for (const step of new Set([...done.keys(), ...open.map((task) => task.step)])) {
    if (!words(step)) continue
    if (!listed.includes(step)) listed.splice(before + 1, 0, step)
    before = listed.indexOf(step)
  }
  /** The way leads through it once more: a step before it has been opened again since. */
  const again = (step: string, at: number): boolean =>
    placeOf(step) >= 0 && open.some((task) => placeOf(task.step) >= 0 && placeOf(task.step) < placeOf(step) && task.openedAt > at)

  return listed.flatMap((step): TrackStep[] => {
    const title = words(step)!
    const now = open.find((task) => task.step === step)
    const at = done.get(step)
    if (now) return [{ title, state: 'now', at: now.openedAt }]
    if (at !== undefined && !again(step, at)) return [{ title, state: 'done', at }]
    return upcoming ? [{ title, state: 'upcoming' }] : []
  })
}

/** What an order asks of its customer now. */
export function askedOf({ spec, state }: Member): Asked[] {
  if (state.status !== 'open') return []
  return Object.values(state.tasks)
    .sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))
    .flatMap((task) => {
      const step = spec.steps[task.step]
      return step ? askedBy(state, step, task) : []
    })
}

function askedBy({ id: order }: Pick<OrderState, 'id'>, step: StepSpec, task: Task): Asked[] {
  if (task.suspended) return []
  const { joint, customer } = step
  if (task.parties)
    return partiesOf(step, task).map((party) => {
      const own = joint?.parties.find(({ id }) => id === party)
      const ask = customer?.ask ?? step.shown ?? own?.title ?? step.title
      const answers = (own?.answers ?? ['agree', 'object']).map((id) => ({ id, title: answerTitle(step, joint, party, id) }))
      return { order, task: task.id, ask, outcomes: [], party, answers }
    })
  if (!customer || task.status === 'automatic' || task.status === 'child') return []
  const outcomes = customer.outcomes.flatMap((id) => {
    const outcome = step.outcomes[id]
    return outcome ? [{ id, title: outcome.title, form: customersForm(outcome.form ?? {}) }] : []
  })
  return [{ order, task: task.id, ask: customer.ask, outcomes, answers: [] }]
}

/** Parties for whom the customer may sign now. */
function partiesOf({ joint }: StepSpec, { parties = {} }: Task): string[] {
  const next = joint?.order === 'in-turn' ? turn(joint, parties) : undefined
  return Object.entries(parties)
    .filter(([id, { roles, answer }]) => answer === undefined && roles.includes('customer') && (next === undefined || next === id))
    .map(([id]) => id)
    .sort()
}

const agreed: Readonly<Record<string, Title>> = { agree: { en: 'Agree', zh: '同意' }, object: { en: 'Object', zh: '有异议' } }

/** An answer bears the name of the outcome that it brings about. */
function answerTitle({ outcomes }: StepSpec, joint: JointSpec | undefined, party: string, answer: string): Title {
  const rule = joint?.rules.find((one) => one.answer === answer && (one.party === undefined || one.party === party))
  const outcome = rule?.outcome ?? (joint?.quorum?.answer === answer ? joint.quorum.outcome : undefined)
  return outcomes[outcome ?? answer]?.title ?? agreed[answer] ?? outcomes[joint?.else ?? '']?.title ?? { en: answer, zh: answer }
}

const customersForm = (form: Form): Form =>
  Object.fromEntries(Object.entries(form).filter(([name, { type }]) => !ours.includes(type) && !WHO_ANSWERED.includes(name)))

/** True where the step can ask its customer something at all. */
export const asksCustomer = ({ customer, joint }: StepSpec): boolean =>
  customer !== undefined || joint?.parties.some(({ who }) => (who as readonly string[]).includes('customer')) === true

/** What an open task asks of its customer; nothing where it asks nothing. */
export const askedByTask = (spec: ProcessSpec, task: Task): Asked[] => {
  const step = spec.steps[task.step]
  return step ? askedBy({ id: '' }, step, task) : []
}
