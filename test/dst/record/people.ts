/** Who is there: two of each role in a unit of its own, a dispatcher, and those above. Absence comes and goes with the time. */
import type { Actor } from '../../../domain/order/event.ts'
import type { Unit } from '../../../domain/order/desks.ts'
import { type RoleId, roles } from '../../../domain/roles.ts'
import type { PersonRow } from '../../../prisma/people.ts'

export const PROVINCE = '/cn/js'
export const CITY = '/cn/js/nj'
const HOUR = 3_600_000

interface Person {
  id: string
  role: RoleId
  unit: string
}

const machines: readonly RoleId[] = ['system', 'customer', 'auditor']
const people: readonly Person[] = (Object.keys(roles) as RoleId[])
  .filter((role) => !machines.includes(role))
  .flatMap((role) => [1, 2, 3].map((n) => ({ id: `${role}-${n}`, role, unit: `u-${role}` })))

export const byId: ReadonlyMap<string, Person> = new Map(people.map((person) => [person.id, person]))
const ofRole = new Map<string, Person[]>()
for (const person of people) ofRole.set(person.role, [...(ofRole.get(person.role) ?? []), person])
export const byRole: ReadonlyMap<string, readonly Person[]> = ofRole

export const unitIds: readonly string[] = [...new Set(people.map(({ unit }) => unit))]
export const units: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ...unitIds.map((unit): [string, Unit] => [unit, { parent: 'u-supervisor', leader: `${unit.slice(2)}-1` }]),
  ['u-supervisor', { parent: 'u-vp-in-charge', leader: 'supervisor-1' }],
  ['u-vp-in-charge', { leader: 'vp-in-charge-1' }],
])

/** The second of each role is away one shift in three, and the third stands in; the third is sometimes away too. */
const isAway = (id: string, now: number): boolean => {
  const shift = Math.floor(now / (8 * HOUR))
  return id.endsWith('-2') ? shift % 3 === 0 : id.endsWith('-3') && shift % 12 === 3
}
const delegate = (id: string) => (id.endsWith('-2') ? { to: `${id.slice(0, -1)}3`, roles: null } : null)

export function personRow(id: string, now: number, load: number): PersonRow | undefined {
  const person = byId.get(id)
  if (!person) return undefined
  const { role, unit } = person
  return {
    id,
    unit,
    region: PROVINCE,
    active: true,
    roles: [{ role, unit, region: PROVINCE }],
    skills: null,
    shifts: null,
    absent: isAway(id, now),
    delegate: delegate(id),
    capacity: null,
    load,
  }
}

/** As the door would build him: with those for whom he stands now. */
export function actorOf(id: string, now: number): Actor {
  const person = byId.get(id)
  if (!person) return { kind: 'person', id, roles: [], units: [] }
  const absent = `${id.slice(0, -1)}2`
  const stands = id.endsWith('-3') && isAway(absent, now)
  return {
    kind: 'person',
    id,
    roles: [person.role],
    units: [person.unit],
    ...(stands && { standsFor: [absent] }),
    authority: { rule: 'sim@1', maxAmount: 1_000_000, maxTermMonths: 36, maxDiscountPct: 50 },
  }
}
