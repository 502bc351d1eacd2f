import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import {
  addWorkingTime,
  type CalendarSpec,
  compileCalendar,
  isWorkingTime,
  nextOpening,
  workingTimeBetween,
} from '../../../domain/calendar/calendar.ts'
import { budget, calendarSpec, instant, MINUTE } from './arbitraries.ts'

const calendar = calendarSpec.map((spec) => ({ spec, cal: compileCalendar(spec) }))

describe('working time on any calendar', () => {
  it('add and between are inverse, and the due instant is the earliest', () => {
    fc.assert(
      fc.property(calendar, instant, budget, ({ cal }, start, b) => {
        const due = addWorkingTime(cal, start, b)
        expect(workingTimeBetween(cal, start, due)).toBe(b)
        if (b > 0) expect(workingTimeBetween(cal, start, due - 1)).toBe(b - 1)
        else expect(due).toBe(start)
      }),
      { numRuns: 500 },
    )
  })

  it('add is additive', () => {
    fc.assert(
      fc.property(calendar, instant, budget, budget, ({ cal }, start, a, b) => {
        expect(addWorkingTime(cal, addWorkingTime(cal, start, a), b)).toBe(addWorkingTime(cal, start, a + b))
      }),
      { numRuns: 500 },
    )
  })

  it('add is monotone in start and budget', () => {
    fc.assert(
      fc.property(calendar, instant, instant, budget, budget, ({ cal }, s1, s2, b1, b2) => {
        const early = addWorkingTime(cal, Math.min(s1, s2), Math.min(b1, b2))
        expect(early).toBeLessThanOrEqual(addWorkingTime(cal, Math.max(s1, s2), Math.min(b1, b2)))
        expect(early).toBeLessThanOrEqual(addWorkingTime(cal, Math.min(s1, s2), Math.max(b1, b2)))
      }),
      { numRuns: 500 },
    )
  })

  it('between sums up over any instant in the middle, and is never more than elapsed time', () => {
    fc.assert(
      fc.property(calendar, fc.tuple(instant, instant, instant), ({ cal }, three) => {
        const [a, b, c] = three.sort((x, y) => x - y)
        const whole = workingTimeBetween(cal, a, c)
        expect(workingTimeBetween(cal, a, b) + workingTimeBetween(cal, b, c)).toBe(whole)
        expect(whole).toBeLessThanOrEqual(c - a)
        expect(whole).toBeGreaterThanOrEqual(0)
        expect(workingTimeBetween(cal, c, a)).toBe(c === a ? whole : 0)
      }),
      { numRuns: 500 },
    )
  })

  it('the next opening is working time, and nothing is lost on the way to it', () => {
    fc.assert(
      fc.property(calendar, instant, budget, ({ cal }, ms, b) => {
        const open = nextOpening(cal, ms)
        expect(isWorkingTime(cal, open)).toBe(true)
        expect(workingTimeBetween(cal, ms, open)).toBe(0)
        expect(isWorkingTime(cal, ms)).toBe(open === ms)
        expect(workingTimeBetween(cal, open, open + 1)).toBe(1)
        if (b > 0) expect(addWorkingTime(cal, ms, b)).toBe(addWorkingTime(cal, open, b))
      }),
      { numRuns: 500 },
    )
  })

  it('what is cached changes nothing: a used calendar answers like a fresh one', () => {
    fc.assert(
      fc.property(calendar, fc.array(fc.tuple(instant, budget), { maxLength: 10 }), ({ spec, cal }, calls) => {
        const used = calls.map(([s, b]) => addWorkingTime(cal, s, b))
        const fresh = calls.map(([s, b]) => addWorkingTime(compileCalendar(spec), s, b))
        expect(used).toEqual(fresh)
      }),
      { numRuns: 100 },
    )
  })

  it('agrees with looking at the wall clock every five minutes', () => {
    fc.assert(
      fc.property(calendar, instant, fc.integer({ min: 1, max: 4 * 288 }), ({ spec, cal }, at, steps) => {
        const start = at - (at % (5 * MINUTE))
        let worked = 0
        for (let i = 0; i < steps; i++) {
          const ms = start + i * 5 * MINUTE
          const working = onWallClock(spec, ms)
          expect(isWorkingTime(cal, ms)).toBe(working)
          if (working) worked += 5 * MINUTE
        }
        expect(workingTimeBetween(cal, start, start + steps * 5 * MINUTE)).toBe(worked)
      }),
      { numRuns: 80 },
    )
  })
})

/** The definition, word for word and slowly: is this wall-clock time inside a shift of today, or of yesterday over midnight? */
function onWallClock(spec: CalendarSpec, ms: number): boolean {
  const now = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(spec.timeZone)
  const time = now.toPlainTime().toString({ smallestUnit: 'minute' })
  const today = now.toPlainDate()
  return (
    shiftsOn(spec, today).some(({ from, to }) => from <= time && (time < to || to <= from)) ||
    shiftsOn(spec, today.subtract({ days: 1 })).some(({ from, to }) => to <= from && time < to)
  )
}

function shiftsOn(spec: CalendarSpec, date: Temporal.PlainDate): CalendarSpec['shifts'] {
  const iso = date.toString()
  if (spec.holidays.includes(iso)) return []
  const own = spec.shifts.filter(({ weekday }) => weekday === date.dayOfWeek)
  if (own.length > 0 || !spec.makeUpDays.includes(iso)) return own
  const ordinary = Math.min(...spec.shifts.map(({ weekday }) => weekday))
  return spec.shifts.filter(({ weekday }) => weekday === ordinary)
}
