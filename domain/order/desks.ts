/** Desks that dispatch, and who stands above whom. */
import { inGroup } from '../roles.ts'
import { covers } from './offer.ts'
import type { ProcessSpec } from './spec.ts'

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

const desks = new WeakMap<ProcessSpec, readonly string[]>()

/** Roles at whose desks this process is dispatched: those of its own steps, else the dispatchers'. Worked out once for each process. */
export function deskRoles(spec: ProcessSpec): readonly string[] {
  let found = desks.get(spec)
  if (!found) {
    const own = Object.values(spec.steps).flatMap(({ who }) => who)
    found = [...new Set(own.filter((role) => inGroup([role], 'dispatcher'))), 'dispatcher']
    desks.set(spec, found)
  }
  return found
}

/** The nearest desk that dispatches: the process's own roles before the dispatchers', the lower region before the higher. */
export function deskOf(holders: readonly Holders[], roles: readonly string[], region: string): Holders | undefined {
  const place = (role: string) => (roles.indexOf(role) === roles.length - 1 ? 1 : 0)
  return holders
    .filter(({ role, region: own }) => roles.includes(role) && covers(own, region))
    .sort((a, b) => place(a.role) - place(b.role) || b.region.length - a.region.length || (a.unit < b.unit ? -1 : 1))[0]
}

/** Leaders from a unit upwards, without the person himself: his superior, the next, … */
export function superiors(units: ReadonlyMap<string, Unit>, unit: string | undefined, person?: string): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  for (let at = unit; at !== undefined && !seen.has(at); at = units.get(at)?.parent) {
    seen.add(at)
    const leader = units.get(at)?.leader
    if (leader !== undefined && leader !== person && !found.includes(leader)) found.push(leader)
  }
  return found
}
