/**
 * What follows from a move that needs the record to say: its number, deadlines by policy and calendar, and whom each opened
 * task is offered to. Pure: the recorder brings the facts, so that the same move with the same facts is planned the same.
 */
import { asks } from './asks.ts'
import type { Holders, Unit } from './desks.ts'
import { type EventActor, type EventBody, inPlace, type OrderEvent } from './event.ts'
import { evolve } from './evolve.ts'
import { type Candidate, type Explanation, explanationDigest } from './offer.ts'
import { planClocks } from './plan-clocks.ts'
import { eventOf, resolve } from './plan-offers.ts'
import { planPromise } from './plan-promise.ts'
import type { Limits, Subject } from './policy.ts'
import type { RuleRow } from './rules.ts'
import type { Fact, ProcessSpec } from './spec.ts'
import type { OrderState } from './state.ts'

const PLANNER: EventActor = { kind: 'system', id: 'planner' }

/** Where a customer belongs, and what is known of him. */
export interface Place {
  region: string
  facts: Readonly<Record<string, Fact>>
}

/** What the record knows, as far as the plan of one move needs it. */
export interface PlanFacts {
  /** Number for an order that opens. */
  no?: string
  /** Of an order that another opened for a customer of its own. */
  place?: Place
  limits: Limits
  /** How steps are handed out. */
  rules: readonly RuleRow[]
  people: ReadonlyMap<string, Candidate>
  holders: readonly Holders[]
  units: ReadonlyMap<string, Unit>
  customer?: { grade: string; tags: readonly string[]; accountManager?: string; contact?: string }
  service?: { product: string; productGroup: string; circuitGrade?: string; vendorUnit?: string }
}

export interface PlanInput {
  spec: ProcessSpec
  /** Of the processes that the order runs as children. */
  specOf: (process: string) => ProcessSpec | undefined
  /** Before the move, and after its own events. */
  before: OrderState
  state: OrderState
  /** The move's own events. */
  events: readonly OrderEvent[]
  facts: PlanFacts
  /** Roles at whose desks the process is dispatched. */
  desks: readonly string[]
  /** The move's instant, epoch ms. */
  now: number
}

/** An offer's explanation, for the event of this index among the planned ones. */
export interface OfferRecord {
  index: number
  task: string
  party?: string
  digest: string
  explanation: Explanation
}

export interface Plan {
  events: EventBody[]
  offers: OfferRecord[]
}

/** Plans a move. Deterministic; never throws for what a user may have typed. */
export function plan(asked: PlanInput): Plan {
  const { place } = asked.facts
  const planned: EventBody[] = place ? [{ type: 'customer-known', data: place }] : []
  const input = place
    ? { ...asked, state: { ...asked.state, region: place.region, facts: { ...asked.state.facts, ...place.facts } } }
    : asked
  const { spec, specOf, before, state, events, facts, now } = input
  const offers: OfferRecord[] = []
  if (facts.no !== undefined && events.some(({ type }) => type === 'order-opened'))
    planned.push({ type: 'order-numbered', data: { no: facts.no } })
  // What was opened before the body threw is handed out: there it stays until the order goes on with a body that does not.
  if (state.status !== 'open' && state.stopped?.code !== 'BODY_FAILED') return { events: planned, offers }

  const subject = subjectOf(state, facts)
  const clocks = planClocks(input, subject)
  planned.push(...clocks.ofEvents())
  const taken = new Map<string, string[]>()
  let { people } = facts
  for (const ask of asks(spec, before, state, events)) {
    const answer = resolve(ask, { ...input, facts: { ...facts, people } }, taken.get(ask.task) ?? [])
    if (answer) {
      const why = explanationDigest(answer.explanation)
      offers.push({
        index: planned.length,
        task: ask.task,
        ...(ask.party && { party: ask.party }),
        digest: why,
        explanation: answer.explanation,
      })
      planned.push(eventOf(ask, answer, why))
      if (answer.chosen?.person) taken.set(ask.task, [...(taken.get(ask.task) ?? []), answer.chosen.person])
      if (answer.chosen?.person && !ask.party) people = busier(people, answer.chosen.person)
    }
    if (!ask.party)
      planned.push(...clocks.ofOffer(ask.task, answer ? (answer.queue ? 'queued' : answer.held ? 'held' : 'offered') : 'offered'))
  }
  // A dispatch to a unit asks nobody in particular, but its acceptance is waited for all the same.
  for (const event of events)
    if ((event.type === 'task-dispatched' || event.type === 'task-reassigned') && !event.data.person)
      planned.push(...clocks.ofOffer(event.data.task, 'offered'))
  planned.push(...planPromise({ spec, specOf, state: after(state, planned, now), limits: facts.limits, subject, now }))
  return { events: planned, offers }
}

/** Several tasks of one move are not heaped on whoever had least to do before it. */
function busier(people: PlanFacts['people'], id: string): PlanFacts['people'] {
  const person = people.get(id)
  return person ? new Map(people).set(id, { ...person, load: person.load + 1 }) : people
}

/** The state with the clocks that have just been planned. Its hash is nobody's business yet. */
const after = (state: OrderState, planned: readonly EventBody[], now: number): OrderState =>
  planned.reduce((was, event) => evolve(was, inPlace(event, was.seq + 1, now, PLANNER), was.hash), state)

/** What an order is about: the facts that its start froze, else what the record says now. */
export function subjectOf(
  { facts: known }: Pick<OrderState, 'facts'>,
  { customer, service }: Pick<PlanFacts, 'customer' | 'service'>,
): Subject {
  const text = (name: string) => (typeof known[name] === 'string' ? known[name] : undefined)
  const tags = known.tags
  return {
    product: text('product') ?? service?.product,
    productGroup: text('productGroup') ?? service?.productGroup,
    circuitGrade: text('circuitGrade') ?? service?.circuitGrade,
    customerGrade: text('customerGrade') ?? customer?.grade,
    tags: Array.isArray(tags) ? tags : typeof tags === 'string' ? [tags] : (customer?.tags ?? []),
  }
}
