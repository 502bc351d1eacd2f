/**
 * Who is asked to do a task, and why not the others. Pure and deterministic: the same candidates give the same choice. The
 * explanation is codes and numbers; whoever shows it puts them into words.
 */
import { canonical, digest } from './hash.ts'
import type { DispatchMode } from './rules.ts'

/** A person as far as offers go by it, at one instant. */
export interface Candidate {
  id: string
  unit: string
  /** What the person may see: this region and all below. */
  region: string
  active: boolean
  roles: readonly { role: string; unit: string; region: string }[]
  /** 1 (knows it) to 3 (expert). */
  skills: Readonly<Record<string, number>>
  absent: boolean
  /** Who acts for the person now; without roles, in all of them. */
  delegate?: { to: string; roles?: readonly string[] }
  /** On duty now; undefined where nobody has written hours down. */
  onShift?: boolean
  /** Open tasks. */
  load: number
  /** Open tasks from which on the machine asks him for no more; undefined: no limit. */
  capacity?: number
}

/** Why somebody is not asked whatever the score. */
export type Bar =
  | 'duties' // did a step that excludes him (separation of duties)
  | 'not-again' // refused or gave back this step
  | 'other-party' // signs for another party of the same task
type Not =
  | Bar
  | 'inactive'
  | 'out-of-region'
  | 'other-vendor'
  | 'at-capacity'
  | 'absent'
  | 'delegate-circle'
  | 'delegate-absent'
  | 'delegate-barred'

export interface OfferRequest {
  roles: readonly string[]
  /** Region path of the order, e.g. /cn/js/nj. */
  region: string
  skill?: string
  barred?: Readonly<Record<string, Bar>>
  /** The customer's own account manager, who is asked first where that role is. */
  accountManager?: string
  /** The vendor who repairs the product, asked before our own people; other vendors are not asked at all. */
  vendorUnit?: string
  /** Only members of this unit. */
  unit?: string
  /** Nobody better is there: absent and busy people are asked too, so that a signature is asked of somebody. */
  evenAbsent?: boolean
}

export interface Verdict {
  person: string
  unit: string
  role: string
  not?: Not
  score?: number
  /** Parts of the score. */
  near?: number
  skill?: number
  shift?: number
  load?: number
  own?: number
  /** Who would act for the absent person. */
  via?: string
}

export interface Chosen {
  unit: string
  person?: string
  /** The absent colleague for whom `person` is asked. */
  absent?: string
}

/** How it was decided: by score, because the step is held, because a form named it, by delegation, or that it has to wait. */
export type OfferBy = 'score' | 'unit' | 'held' | 'named' | 'delegate' | 'queue'

export interface Explanation {
  by: OfferBy
  reason?: string
  /** How the step is handed out, and the rule that says so, where the machine does not simply ask. */
  mode?: DispatchMode
  rule?: string
  roles?: readonly string[]
  region?: string
  skill?: string
  chosen?: Chosen
  candidates?: readonly Verdict[]
  /** Candidates beyond those listed. */
  more?: number
}

/** Listed at most; the rest is counted. */
const LISTED = 25

const weights = { near: 10, skill: 8, onShift: 15, unknownShift: 10, load: -4, own: 100, viaDelegate: -20, laterRole: -3 } as const

/** Names an explanation in an event: 16 hex digits. */
export const explanationDigest = (explanation: Explanation): string => digest(canonical(explanation)).slice(0, 16)

const depth = (region: string): number => region.split('/').length - 1

/** True when `region` is `of` or lies below it. */
export const covers = (of: string, region: string): boolean => region === of || region.startsWith(`${of}/`)

/** Steps from one region to the other through the tree: 0 the same, 1 county to its city, 2 county to its neighbour. */
export function distance(a: string, b: string): number {
  const [x, y] = [a.split('/'), b.split('/')]
  let common = 0
  while (common < x.length && common < y.length && x[common] === y[common]) common++
  return x.length + y.length - 2 * common
}

/**
 * Who acts for an absent person in a role: follows delegations until somebody is present.
 * @returns the person and the way there, or why nobody does
 */
export function delegateOf(
  person: string,
  role: string,
  people: ReadonlyMap<string, Candidate>,
  barred: OfferRequest['barred'] = {},
): { person: string } | { not: Not } {
  const seen = new Set([person])
  let at = people.get(person)
  for (;;) {
    const { delegate } = at ?? {}
    if (!delegate || (delegate.roles && delegate.roles.length > 0 && !delegate.roles.includes(role)))
      return { not: at?.id === person ? 'absent' : 'delegate-absent' }
    if (seen.has(delegate.to)) return { not: 'delegate-circle' }
    seen.add(delegate.to)
    at = people.get(delegate.to)
    if (!at?.active) return { not: 'delegate-absent' }
    if (at.absent) continue
    return barred[at.id] ? { not: 'delegate-barred' } : { person: at.id }
  }
}

/**
 * The person to ask among those with one of the roles: nearest unit, skill, shift and load decide; the account manager of the
 * customer goes first. Ties go to the lower load, then to the lower id.
 */
export function choose(people: ReadonlyMap<string, Candidate>, request: OfferRequest): { chosen?: Chosen; explanation: Explanation } {
  const verdicts = judged(people, request)
  const best = verdicts.find(({ not }) => not === undefined)
  const chosen =
    best &&
    (best.via
      ? { unit: people.get(best.via)?.unit ?? best.unit, person: best.via, absent: best.person }
      : { unit: best.unit, person: best.person })
  return { chosen, explanation: explain('score', request, verdicts, chosen, best ? undefined : nobody(verdicts)) }
}

/** The unit whose members help themselves: the nearest with somebody who may; then the one with more people on duty, then with less work. */
export function chooseUnit(people: ReadonlyMap<string, Candidate>, request: OfferRequest): { chosen?: Chosen; explanation: Explanation } {
  const verdicts = judged(people, request)
  const units = new Map<string, { near: number; onShift: number; load: number }>()
  for (const { unit, not, via, near = 0, shift = 0, load = 0 } of verdicts) {
    if (not !== undefined || via !== undefined) continue
    const sum = units.get(unit) ?? { near, onShift: 0, load: 0 }
    units.set(unit, { near: Math.max(sum.near, near), onShift: sum.onShift + (shift > 0 ? 1 : 0), load: sum.load - load })
  }
  const [best] = [...units].sort(([a, x], [b, y]) => y.near - x.near || y.onShift - x.onShift || x.load - y.load || (a < b ? -1 : 1))
  const chosen = best && { unit: best[0] }
  return { chosen, explanation: explain('unit', request, verdicts, chosen, best ? undefined : nobody(verdicts)) }
}

/** Members of a unit who may do a task offered to the unit. */
export const helpers = (people: ReadonlyMap<string, Candidate>, unit: string, roles: readonly string[]): string[] =>
  [...people.values()]
    .filter((person) => person.active && !person.absent && person.roles.some((grant) => grant.unit === unit && roles.includes(grant.role)))
    .map(({ id }) => id)
    .sort()

const nobody = (verdicts: readonly Verdict[]): string => (verdicts.length === 0 ? 'nobody-has-the-role' : 'nobody-is-free')

function explain(
  by: OfferBy,
  { roles, region, skill }: OfferRequest,
  verdicts: readonly Verdict[],
  chosen: Chosen | undefined,
  reason: string | undefined,
): Explanation {
  return {
    by,
    ...(reason && { reason }),
    roles,
    region,
    ...(skill && { skill }),
    ...(chosen && { chosen }),
    candidates: verdicts.slice(0, LISTED),
    ...(verdicts.length > LISTED && { more: verdicts.length - LISTED }),
  }
}

/** Everybody with one of the roles, the best first, those who can't be asked last. */
export function judged(people: ReadonlyMap<string, Candidate>, request: OfferRequest): Verdict[] {
  const verdicts = [...people.values()].flatMap((person) => judge(person, people, request) ?? [])
  const rank = ({ not, score = 0 }: Verdict) => (not === undefined ? score : Number.NEGATIVE_INFINITY)
  const load = ({ load: points = 0 }: Verdict) => -points
  return verdicts.sort((a, b) => rank(b) - rank(a) || load(a) - load(b) || (a.person < b.person ? -1 : a.person > b.person ? 1 : 0))
}

function judge(person: Candidate, people: ReadonlyMap<string, Candidate>, request: OfferRequest): Verdict | undefined {
  const { roles, region, barred = {} } = request
  // The grant that is nearest to the order; the earlier role of the step where two are as near.
  const [grant] = person.roles
    .filter(({ role, unit }) => roles.includes(role) && (request.unit === undefined || unit === request.unit))
    .map((held) => ({ ...held, far: distance(held.region, region), place: roles.indexOf(held.role) }))
    .sort((a, b) => a.far - b.far || a.place - b.place)
  if (!grant) return undefined
  const verdict = { person: person.id, unit: grant.unit, role: grant.role }
  const not = barOf(person, grant, request)
  if (not) return { ...verdict, not }
  const deputy = person.absent && !request.evenAbsent ? delegateOf(person.id, grant.role, people, barred) : undefined
  if (deputy && 'not' in deputy) return { ...verdict, not: deputy.not }
  const via = deputy?.person
  // What counts is who would do the work.
  const doer = (via !== undefined && people.get(via)) || person
  if (!request.evenAbsent && doer.capacity !== undefined && doer.load >= doer.capacity) return { ...verdict, not: 'at-capacity' }
  const near = Math.max(0, weights.near * (depth(region) - grant.far))
  const skill = request.skill === undefined ? 0 : weights.skill * (doer.skills[request.skill] ?? 0)
  const shift = doer.onShift === undefined ? weights.unknownShift : doer.onShift ? weights.onShift : 0
  const load = weights.load * doer.load
  const own = grant.role === 'vendor' || (grant.role === 'account-manager' && person.id === request.accountManager) ? weights.own : 0
  const rest = (via === undefined ? 0 : weights.viaDelegate) + weights.laterRole * grant.place
  const { unit, role } = grant
  const known = request.skill === undefined ? undefined : skill
  const score = near + skill + shift + load + own + rest
  return { person: person.id, unit, role, score, near, skill: known, shift, load, own: own > 0 ? own : undefined, via }
}

function barOf(person: Candidate, grant: { role: string; unit: string }, { region, barred, vendorUnit }: OfferRequest): Not | undefined {
  if (!person.active) return 'inactive'
  const bar = barred?.[person.id]
  if (bar) return bar
  if (!covers(person.region, region)) return 'out-of-region'
  if (grant.role === 'vendor' && grant.unit !== vendorUnit) return 'other-vendor'
  return undefined
}
