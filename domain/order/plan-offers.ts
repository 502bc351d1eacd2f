/** Whom the tasks and parties of a move are offered to, or where they wait. */
import type { Ask } from './asks.ts'
import { deskOf, superiors } from './desks.ts'
import type { EventBody } from './event.ts'
import { type Candidate, type Chosen, choose, chooseUnit, delegateOf, type Explanation, helpers, type OfferRequest } from './offer.ts'
import type { PlanInput } from './plan.ts'
import { dispatchAt } from './rules.ts'
import type { OrderState } from './state.ts'

/** Who is asked, or where the task waits, and why. */
export interface Answer {
  explanation: Explanation
  chosen?: Chosen
  held?: true
  /** The offer returns unless it is accepted in time. */
  mode?: 'offer'
  queue?: { name: string; unit?: string; person?: string }
}

/** The event that says so. */
export function eventOf({ task, party }: Ask, { chosen, held, mode, queue }: Answer, why: string): EventBody {
  const to = { task, ...(party && { party }) }
  if (queue) {
    const { name, unit, person } = queue
    return { type: 'task-queued', data: { ...to, queue: name, ...(unit && { unit }), ...(person && { person }), why } }
  }
  return { type: 'task-offered', data: { ...to, ...chosen, ...(held && { held }), ...(mode && { mode }), why } }
}

/**
 * Whom to ask; nothing where somebody has been asked already and stays asked. The rule for the step says how: what a person or a form
 * has decided stays decided, and signatures are asked for whatever it says.
 * @param taken who signs for another party of the task
 */
export function resolve(ask: Ask, input: PlanInput, taken: readonly string[]): Answer | undefined {
  const { state, facts } = input
  const step = state.tasks[ask.task]?.step
  if (step === undefined || ask.party !== undefined) return answerTo(ask, input, taken)
  const { mode, rule } = dispatchAt(facts.rules, state.process, step, state.openedAt)
  const why = { mode, ...(rule && { rule }) }
  if (mode === 'manual' && (ask.how === 'choose' || ask.how === 'unit')) return toDesk(input, { by: 'queue', reason: 'manual', ...why })
  const answer = answerTo(ask, input, taken)
  if (mode !== 'offer' || !answer?.chosen || answer.held || ask.how === 'check') return answer
  return { ...answer, mode, explanation: { ...answer.explanation, ...why } }
}

function answerTo(ask: Ask, input: PlanInput, taken: readonly string[]): Answer | undefined {
  const { people } = input.facts
  const request = requestOf(ask, { state: input.state, ...input.facts }, taken)
  switch (ask.how) {
    case 'choose':
    case 'unit':
      return byScore(ask, input, request)
    case 'held': {
      const holder = people.get(ask.person)
      // A vendor who repaired does not write the department's report: only somebody of the step's roles holds it.
      const fits = holder?.roles.some(({ role }) => ask.roles.includes(role))
      if (!holder?.active || holder.absent || !fits) return byScore(ask, input, request)
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

/** Conditions under which people are judged for an ask. */
export function requestOf(
  ask: Ask,
  { state, customer, service }: { state: OrderState; customer?: { accountManager?: string }; service?: { vendorUnit?: string } },
  taken: readonly string[] = [],
): OfferRequest {
  const { skillFact } = ask.step
  const skill = skillFact === undefined ? undefined : state.facts[skillFact]
  const { vendorUnit } = service ?? {}
  const { accountManager } = customer ?? {}
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
  if (ask.person === undefined && unit !== undefined && helpers(people, unit, ask.roles).some((id) => !request.barred?.[id]))
    return offered('named', { unit })
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
export const namedPeople = (all: readonly Ask[]): string[] => [
  ...new Set(all.flatMap((ask) => ('person' in ask && ask.person !== undefined ? [ask.person] : []))),
]

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
  return {
    explanation: { by: 'queue', reason: ask.reason },
    queue: { name: 'supervisor', ...(unit && { unit }), ...(person && { person }) },
  }
}
