/** Which alarms of a run open a case and which wait, and why (P-34: one open case, quiet period, capacity, best value first). Pure. */
import { type ValueClass, valueClasses } from './profile.ts'

export interface Alarm {
  customer: string
  manager: string | null
  /** Null where nothing is known of what he is worth. */
  valueClass: ValueClass | null
  points: number | null
  /** Fen a month. */
  monthlyCharge: number
  keys: readonly string[]
  hasCase: boolean
  /** Keys that have opened a case of his within the quiet period. */
  recent: readonly string[]
}

export type HeldBack = 'open-case' | 'quiet' | 'capacity' | 'no-manager' | 'run-full'

export interface Capacity {
  /** Cases that each account manager can take; absent: managers are no limit. */
  free?: ReadonlyMap<string, number>
  /** Cases of one run. */
  run: number
}

const rank = (value: ValueClass | null): number => (value === null ? valueClasses.length : valueClasses.indexOf(value))

/** High value first; among equals the more points, then the higher charges; the id makes it the same on every run. */
export const byValue = (a: Alarm, b: Alarm): number =>
  rank(a.valueClass) - rank(b.valueClass) ||
  (b.points ?? -1) - (a.points ?? -1) ||
  b.monthlyCharge - a.monthlyCharge ||
  (a.customer < b.customer ? -1 : a.customer > b.customer ? 1 : 0)

/** In the order of their value; `why` where the alarm is held back. */
export function allot<A extends Alarm>(alarms: readonly A[], { free, run }: Capacity): { alarm: A; why: HeldBack | undefined }[] {
  const left = new Map(free)
  let room = run
  return alarms.toSorted(byValue).map((alarm) => {
    const why = heldBack(alarm)
    if (why === undefined) {
      room--
      if (free && alarm.manager !== null) left.set(alarm.manager, left.get(alarm.manager)! - 1)
    }
    return { alarm, why }
  })

  function heldBack({ hasCase, keys, recent, manager }: Alarm): HeldBack | undefined {
    if (hasCase) return 'open-case'
    if (keys.every((key) => recent.includes(key))) return 'quiet'
    if (free && manager === null) return 'no-manager'
    if (free && manager !== null && (left.get(manager) ?? 0) <= 0) return 'capacity'
    return room <= 0 ? 'run-full' : undefined
  }
}
