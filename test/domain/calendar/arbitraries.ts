import fc from 'fast-check'
import type { CalendarSpec } from '../../../domain/calendar/calendar.ts'

const WEEK = 7 * 1440
const DAY_MS = 86_400_000
export const HOUR = 3_600_000
export const MINUTE = 60_000

/** A week of up to 20 shifts on a 5-minute grid: several a day, over midnight, from Sunday into Monday; some days without any. */
const shifts = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 0, max: WEEK / 5 - 1 }), { minLength: 2, maxLength: 40 }), fc.boolean())
  .map(([points, rotated]) => {
    // boundaries inside the hours that change clocks are snapped to the full hour: what they mean is the subject of dst.test.ts
    const grid = points.map((p) => snapped(p * 5)).sort((a, b) => a - b)
    const paired = rotated ? [...grid.slice(1), (grid[0] as number) + WEEK] : grid
    return pairs(paired)
      .filter(([from, to]) => to > from && to - from < 1440)
      .map(([from, to]) => ({
        weekday: ((Math.floor(from / 1440) % 7) + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7,
        from: time(from % 1440),
        to: to % 1440 === 0 ? '24:00' : time(to % 1440),
      }))
  })
  // minutes a week would take any budget past the years that calendars cover
  .filter((week) => week.reduce((sum, { from, to }) => sum + length(from, to), 0) >= 4 * 60)

const date = fc.integer({ min: 0, max: 400 }).map((n) => new Date(Date.UTC(2026, 0, 1) + n * DAY_MS).toISOString().slice(0, 10))

export const calendarSpec: fc.Arbitrary<CalendarSpec> = fc
  .record({
    timeZone: fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'UTC', 'Asia/Kolkata', 'Pacific/Auckland'),
    shifts,
    off: fc.uniqueArray(date, { maxLength: 80 }),
    makeUps: fc.uniqueArray(date, { maxLength: 20 }),
  })
  .map(({ timeZone, shifts, off, makeUps }) => ({
    id: 'R',
    version: 1,
    timeZone,
    shifts,
    holidays: off,
    makeUpDays: makeUps.filter((d) => !off.includes(d)),
    publishedYears: [2026],
  }))

/** Any ms of 2026, often close to a change of clocks, a year's edge or the hours of a shift. */
export const instant = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
  fc
    .tuple(
      fc.constantFrom('2026-01-01', '2026-03-08', '2026-03-29', '2026-04-05', '2026-09-27', '2026-10-25', '2026-11-01', '2026-12-31'),
      fc.integer({ min: -36 * 60, max: 36 * 60 }),
    )
    .map(([day, minutes]) => Date.parse(`${day}T00:00Z`) + minutes * MINUTE),
)

export const budget = fc.oneof(
  fc.integer({ min: 0, max: 20 * 24 * HOUR }),
  fc.integer({ min: 0, max: 240 }).map((quarters) => quarters * 15 * MINUTE),
  fc.integer({ min: 0, max: 5 }),
)

function snapped(weekMinute: number): number {
  const ofDay = weekMinute % 1440
  return ofDay > 60 && ofDay < 180 ? weekMinute - (ofDay % 60) : weekMinute
}

function pairs(points: number[]): [number, number][] {
  const result: [number, number][] = []
  for (let i = 0; i + 1 < points.length; i += 2) result.push([points[i] as number, points[i + 1] as number])
  return result
}

function length(from: string, to: string): number {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  return (minutes(to) - minutes(from) + 1440) % 1440
}

function time(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
