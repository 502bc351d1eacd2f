/** What a change of days, hours or years makes of a calendar's wording. */
import type { CalendarSpec, Shift } from './queries.ts'

export type Becomes = 'week' | 'holiday' | 'make-up'

const DAY_MS = 86_400_000
/** Beyond that somebody has mistyped a year. */
const MOST_DAYS = 400

/** Every date from the first to the last, both included. */
export function datesBetween(first: string, last: string): string[] {
  const [from, to] = [Date.parse(`${first}T00:00:00Z`), Date.parse(`${last}T00:00:00Z`)]
  const count = Math.min(MOST_DAYS, Math.floor((to - from) / DAY_MS) + 1)
  return Array.from({ length: Math.max(0, count) }, (_, i) => new Date(from + i * DAY_MS).toISOString().slice(0, 10))
}

/** A day is a holiday, a make-up day, or what the week says: never two of them. */
export function withDays(spec: CalendarSpec, dates: readonly string[], becomes: Becomes): CalendarSpec {
  const without = (days: readonly string[]) => days.filter((day) => !dates.includes(day))
  const add = (days: readonly string[], wanted: boolean) => (wanted ? [...without(days), ...dates].sort() : without(days))
  return { ...spec, holidays: add(spec.holidays, becomes === 'holiday'), makeUpDays: add(spec.makeUpDays, becomes === 'make-up') }
}

export const withPublished = (spec: CalendarSpec, year: number): CalendarSpec => ({
  ...spec,
  publishedYears: [...new Set([...spec.publishedYears, year])].sort((a, b) => a - b),
})

/** Days of the week that have the same hours, together. */
export function sameHours(shifts: readonly Shift[]): { weekdays: number[]; hours: string }[] {
  const groups = new Map<string, number[]>()
  for (let weekday = 1; weekday <= 7; weekday++) {
    const hours = shifts
      .filter((shift) => shift.weekday === weekday)
      .sort((a, b) => a.from.localeCompare(b.from))
      .map(({ from, to }) => `${from}\u2013${to}`)
      .join(', ')
    groups.set(hours, [...(groups.get(hours) ?? []), weekday])
  }
  return [...groups].map(([hours, weekdays]) => ({ weekdays, hours }))
}
