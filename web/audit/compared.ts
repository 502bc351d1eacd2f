/** What differs between two states of an order, by what it belongs to. */
import { differences } from '../../domain/order/differences.ts'

export type Sign = 'added' | 'removed' | 'changed'

export interface Change {
  sign: Sign
  /** Under which name: of the order, a task, a limit; or the name of a fact, the id of a step. */
  name: string
  /** Party of a signature. */
  party?: string
  before: unknown
  after: unknown
}

export const areas = ['order', 'facts', 'tasks', 'clocks', 'children', 'doers', 'refusals', 'notAgain'] as const
export type Area = (typeof areas)[number]

export interface Group {
  area: Area
  /** Of the task, the limit, the child. */
  id?: string
  /** It is there as a whole, or no longer. */
  whole?: Change
  changes: Change[]
}

/** Grows with every event, repeats what others say, or never changes after the first. */
const left = new Set(['seq', 'hash', 'at', 'recent', 'journal', 'input'])
/** Things with an id of their own, each a group. */
const things = new Set(['tasks', 'clocks', 'children'])
const named = new Set(['facts', 'doers', 'refusals', 'notAgain'])

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)

/** An empty list is not there. */
const there = (value: unknown): unknown => (Array.isArray(value) && value.length === 0 ? undefined : value)

/** As far as a reader is told of it as one. */
function reach([area, , key]: readonly string[]): number {
  if (things.has(area!)) return key === 'parties' ? 4 : 3
  return named.has(area!) ? 2 : 1
}

/** The order first, then its facts, its tasks, and so on; inside each by name. */
export function compared(before: object, after: object): Group[] {
  const seen = new Set<string>()
  const groups = new Map<string, Group>()
  for (const { path: deep } of differences(before, after)) {
    if (left.has(deep[0]!)) continue
    const path = deep.slice(0, reach(deep))
    const key = JSON.stringify(path)
    if (seen.has(key)) continue
    seen.add(key)
    const [was, is] = [there(at(before, path)), there(at(after, path))]
    const sign = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
    const [area, id, name = '', party] = path as [Area, string?, string?, string?]
    const thing = things.has(area)
    const group: Group = thing ? { area, id: id!, changes: [] } : { area: named.has(area) ? area : 'order', changes: [] }
    const held = groups.get(`${group.area} ${group.id ?? ''}`) ?? group
    groups.set(`${group.area} ${group.id ?? ''}`, held)
    const change: Change = {
      sign,
      name: thing ? name : named.has(area) ? id! : area,
      ...(party !== undefined && { party }),
      before: was,
      after: is,
    }
    if (thing && path.length === 2) held.whole = change
    else held.changes.push(change)
  }
  return [...groups.values()].sort((a, b) => areas.indexOf(a.area) - areas.indexOf(b.area))
}
