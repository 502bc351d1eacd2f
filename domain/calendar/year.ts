/** A calendar's year day by day, and what differs between two wordings of it. */
import { type CalendarSpec, compileCalendar } from './calendar.ts'
import { DAY_MS, dayNumber, weekdayOf } from './shifts.ts'

export type DayKind = 'work' | 'off' | 'holiday' | 'make-up'

export interface Day {
  date: string
  /** 1 = Monday. */
  weekday: number
  kind: DayKind
  /** Working time, ms. */
  work: number
}

const dateOf = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10)

/** Every day of a year. @throws BadWording where the wording is no calendar */
export function daysOf(spec: CalendarSpec, year: number): Day[] {
  const calendar = compileCalendar(spec)
  const [holidays, makeUps] = [new Set(spec.holidays), new Set(spec.makeUpDays)]
  const first = dayNumber(`${year}-01-01`)
  const last = dayNumber(`${year}-12-31`)
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const number = first + i
    const date = dateOf(number)
    const work = calendar.continuous ? DAY_MS : calendar.day(number).total
    const kind = holidays.has(date) ? 'holiday' : makeUps.has(date) ? 'make-up' : work > 0 ? 'work' : 'off'
    return { date, weekday: weekdayOf(number), kind, work }
  })
}

export interface DayChange {
  date: string
  from: { kind: DayKind; work: number }
  to: { kind: DayKind; work: number }
}

/** Days on which two wordings differ, in the years from `first` to `last`. @throws BadWording */
export function dayChanges(before: CalendarSpec, after: CalendarSpec, [first, last]: readonly [number, number]): DayChange[] {
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  return years.flatMap((year) => {
    const old = daysOf(before, year)
    return daysOf(after, year).flatMap((day, i) => {
      const was = old[i]!
      if (was.kind === day.kind && was.work === day.work) return []
      return [{ date: day.date, from: { kind: was.kind, work: was.work }, to: { kind: day.kind, work: day.work } }]
    })
  })
}
