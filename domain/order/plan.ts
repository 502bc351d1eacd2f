/**
 * What follows from a move that needs the record to say: its number, deadlines by policy and calendar, and whom each opened
 * task is offered to. Pure: the recorder brings the facts, so that the same move with the same facts is planned the same.
 */
import { type Ask, asks } from './asks.ts'
import { planClocks } from './plan-clocks.ts'
import type { EventBody, OrderEvent } from './event.ts'
import { type Candidate, type Chosen, choose, chooseUnit, covers, delegateOf, type Explanation, explanationDigest, helpers, type OfferRequest } from './offer.ts'
import type { Limits, Subject } from './policy.ts'
import type { ProcessSpec } from './spec.ts'
import type { OrderState } from './state.ts'

/** People who have a role in a unit; desks are those whose role dispatches. */
export interface Holders {
  role: string
  unit: string
  region: string
  staff: readonly string[]
}

export interface Unit {
  parent?: string
  leader?: string
}

/** What the record knows, as far as the plan of one move needs it. */
export interface PlanFacts {
  /** Number for an order that opens. */
  no?: string
  limits: Limits
  people: ReadonlyMap<string, Candidate>
  holders: readonly Holders[]
  units: ReadonlyMap<string, Unit>
  customer?: { grade: string; tags: readonly string[]; accountManager?: string; contact?: string }
  service?: { product: string; productGroup: string; circuitGrade?: string; vendorUnit?: string }
}

export interface PlanInput {
  spec: ProcessSpec
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
export function plan(input: PlanInput): Plan {
  const { spec, before, state, events, facts } = input
  const planned: EventBody[] = []
  const offers: OfferRecord[] = []
  if (facts.no !== undefined && events.some(({ type }) => type === 'order-opened')) planned.push({ type: 'order-numbered', data: { no: facts.no } })
  if (state.status !== 'open') return { events: planned, offers }

  const clocks = planClocks(input, subjectOf(state, facts))
  planned.push(...clocks.ofEvents())
  const taken = new Map<string, string[]>()
  for (const ask of asks(spec, before, state, events)) {
    const answer = resolve(ask, input, taken.get(ask.task) ?? [])
    if (answer) {
      const why = explanationDigest(answer.explanation)
      offers.push({ index: planned.length, task: ask.task, ...(ask.party && { party: ask.party }), digest: why, explanation: answer.explanation })
      planned.push(eventOf(ask, answer, why))
      if (answer.chosen?.person) taken.set(ask.task, [...(taken.get(ask.task) ?? []), answer.chosen.person])
    }
    if (!ask.party) planned.push(...clocks.ofOffer(ask.task, answer ? (answer.queue ? 'queued' : answer.held ? 'held' : 'offered') : 'offered'))
  }
  // A dispatch to a unit asks nobody in particular, but its acceptance is waited for all the same.
  for (const event of events)
    if ((event.type === 'task-dispatched' || event.type === 'task-reassigned') && !event.data.person) planned.push(...clocks.ofOffer(event.data.task, 'offered'))
  return { events: planned, offers }
}

/** What an order is about: the facts that its start froze, else what the record says now. */
export function subjectOf({ facts: known }: OrderState, { customer, service }: PlanFacts): Subject {
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

/** The nearest desk that dispatches: the process's own roles before the dispatchers', the lower region before the higher. */
export function deskOf(holders: readonly Holders[], roles: readonly string[], region: string): Holders | undefined {
  const place = (role: string) => (roles.indexOf(role) === roles.length - 1 ? 1 : 0)
  return holders
    .filter(({ role, region: own }) => roles.includes(role) && covers(own, region))
    .sort((a, b) => place(a.role) - place(b.role) || b.region.length - a.region.length || (a.unit < b.unit ? -1 : 1))[0]
}

/** Leaders from a unit upwards, without the person himself: his superior, the next, … */
export function superiors(units: PlanFacts['units'], unit: string | undefined, person?: string): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  for (let at = unit; at !== undefined && !seen.has(at); at = units.get(at)?.parent) {
    seen.add(at)
    const leader = units.get(at)?.leader
    if (leader !== undefined && leader !== person && !found.includes(leader)) found.push(leader)
  }
  return found
}

type Answer = { explanation: Explanation; chosen?: Chosen; held?: true; queue?: { name: string; unit?: string; person?: string } }

function eventOf({ task, party }: Ask, { chosen, held, queue }: Answer, why: string): EventBody {
  const to = { task, ...(party && { party }) }
  if (queue) {
    const { name, unit, person } = queue
    return { type: 'task-queued', data: { ...to, queue: name, ...(unit && { unit }), ...(person && { person }), why } }
  }
  return { type: 'task-offered', data: { ...to, ...chosen, ...(held && { held }), why } }
}

function resolve(ask: Ask, input: PlanInput, taken: readonly string[]): Answer | undefined {
  const { people } = input.facts
  const request = requestOf(ask, input, taken)
  switch (ask.how) {
    case 'choose':
    case 'unit':
      return byScore(ask, input, request)
    case 'held': {
      const holder = people.get(ask.person)
      if (!holder?.active || holder.absent) return byScore(ask, input, request)
      const chosen = { unit: holder.unit, person: holder.id }
      return { chosen, held: true, explanation: { by: 'held', chosen } }
    }
    case 'named':
      return byName(ask, input, request)
    case 'check':
      return checked(ask, input, request)
    case 'dispatcher':
      return toDesk(input, { by: 'queue', reason: ask.reason })
    case 'supervisor':
      return toSupervisor(ask, input, request)
  }
}

function requestOf(ask: Ask, { state, facts }: PlanInput, taken: readonly string[]): OfferRequest {
  const { skillFact } = ask.step
  const skill = skillFact === undefined ? undefined : state.facts[skillFact]
  const { vendorUnit } = facts.service ?? {}
  const { accountManager } = facts.customer ?? {}
  return {
    roles: ask.roles,
    region: state.region,
    ...(typeof skill === 'string' && { skill }),
    barred: { ...Object.fromEntries(taken.map((person) => [person, 'other-party' as const])), ...ask.barred },
    ...(vendorUnit && { vendorUnit }),
    ...(accountManager && { accountManager }),
  }
}

function byScore(ask: Ask, input: PlanInput, request: OfferRequest, note?: string): Answer {
  const { people } = input.facts
  const pick = ask.how === 'unit' ? chooseUnit : choose
  let { chosen, explanation } = pick(people, request)
  // A party that nobody is asked for could never sign: then somebody absent is asked, who may come back or name a delegate.
  if (!chosen && ask.party !== undefined) ({ chosen, explanation } = choose(people, { ...request, evenAbsent: true }))
  if (note) explanation = { ...explanation, reason: note }
  return chosen ? { chosen, explanation } : toDesk(input, { ...explanation, by: 'queue' }, ask.party)
}

/** A form named unit or person: that holds, unless nobody there could do it. */
function byName(ask: Extract<Ask, { how: 'named' }>, input: PlanInput, request: OfferRequest): Answer {
  const { people } = input.facts
  const named = ask.person === undefined ? undefined : people.get(ask.person)
  if (named?.active && !request.barred?.[named.id]) {
    const unit = ask.unit ?? named.unit
    if (!named.absent) return offered('named', { unit, person: named.id })
    const deputy = deputyOf(named, ask, input, request)
    if (deputy) return offered('delegate', { unit, person: deputy, absent: named.id })
  }
  const { unit } = ask
  if (ask.person === undefined && unit !== undefined && helpers(people, unit, ask.roles).some((id) => !request.barred?.[id])) return offered('named', { unit })
  const within = unit === undefined ? undefined : choose(people, { ...request, unit })
  if (within?.chosen) return { chosen: within.chosen, explanation: { ...within.explanation, reason: 'named-not-free' } }
  return byScore(ask, input, request, 'named-not-free')
}

/** Somebody named a person outright. Only an absence with a delegate changes that; an added signer has to be asked in any case. */
function checked(ask: Extract<Ask, { how: 'check' }>, input: PlanInput, request: OfferRequest): Answer | undefined {
  const named = input.facts.people.get(ask.person)
  const unit = ask.unit ?? named?.unit
  const deputy = named?.absent ? deputyOf(named, ask, input, request) : undefined
  if (deputy && unit) return offered('delegate', { unit, person: deputy, absent: ask.person })
  return ask.party && unit ? offered('named', { unit, person: ask.person }) : undefined
}

/** Everybody whom the asks name: they must be known, whatever their roles. */
export const namedPeople = (all: readonly Ask[]): string[] => [...new Set(all.flatMap((ask) => ('person' in ask && ask.person !== undefined ? [ask.person] : [])))]

const offered = (by: 'named' | 'delegate', chosen: Chosen): Answer => ({ chosen, explanation: { by, chosen } })

function deputyOf(absent: Candidate, ask: Ask, { facts }: PlanInput, { barred }: OfferRequest): string | undefined {
  const role = absent.roles.find((grant) => ask.roles.includes(grant.role))?.role ?? ask.roles[0] ?? ''
  const deputy = delegateOf(absent.id, role, facts.people, barred)
  return 'person' in deputy ? deputy.person : undefined
}

/** A queued party has no unit, so that it is looked for again with the next signature. */
function toDesk({ facts, desks, state }: PlanInput, explanation: Explanation, party?: string): Answer {
  const unit = party === undefined ? deskOf(facts.holders, desks, state.region)?.unit : undefined
  return { explanation, queue: { name: 'dispatcher', ...(unit && { unit }) } }
}

/** Catalogue 0.3 REF: the leader of the unit that refused; of the unit that would be asked, where a later step brings the matter back. */
function toSupervisor(ask: Extract<Ask, { how: 'supervisor' }>, input: PlanInput, request: OfferRequest): Answer {
  const { people, units, holders } = input.facts
  const unit =
    ask.unit ??
    (ask.person === undefined ? undefined : people.get(ask.person)?.unit) ??
    chooseUnit(people, { ...request, barred: {} }).chosen?.unit ??
    deskOf(holders, input.desks, input.state.region)?.unit
  const [person] = superiors(units, unit, ask.person)
  return { explanation: { by: 'queue', reason: ask.reason }, queue: { name: 'supervisor', ...(unit && { unit }), ...(person && { person }) } }
}
