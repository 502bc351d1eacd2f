import { describe, expect, it } from 'vitest'
import { dayChanges, daysOf } from '../../../domain/calendar/year.ts'
import { calendarC, calendarW } from '../../../prisma/seed/calendars.ts'

describe('a year of a calendar', () => {
  it('has every day, with what it is', () => {
    const days = daysOf(calendarW, 2026)
    expect(days).toHaveLength(365)
    expect(daysOf(calendarW, 2028)).toHaveLength(366)
    const kind = (date: string) => days.find((day) => day.date === date)!.kind
    expect([kind('2026-01-01'), kind('2026-01-05'), kind('2026-01-10')]).toEqual(['holiday', 'work', 'off'])
    for (const date of calendarW.makeUpDays.filter((day) => day.startsWith('2026'))) expect([date, kind(date)]).toEqual([date, 'make-up'])
    expect(daysOf(calendarC, 2026).every(({ work }) => work === 86_400_000)).toBe(true)
  })

  it('differs from another wording on the days concerned, and no others', () => {
    const after = { ...calendarW, version: 2, holidays: [...calendarW.holidays, '2026-03-03'] }
    expect(dayChanges(calendarW, calendarW, [2025, 2027])).toEqual([])
    expect(dayChanges(calendarW, after, [2025, 2027]).map(({ date, from, to }) => [date, from.kind, to.kind])).toEqual([
      ['2026-03-03', 'work', 'holiday'],
    ])
    const shorter = { ...calendarW, shifts: calendarW.shifts.filter(({ weekday }) => weekday !== 5) }
    expect(
      dayChanges(calendarW, shorter, [2026, 2026]).every(
        ({ date }) => new Date(date).getUTCDay() === 5 || calendarW.makeUpDays.includes(date),
      ),
    ).toBe(true)
  })

  it('is refused where it is none', () => {
    expect(() => daysOf({ ...calendarW, shifts: [] }, 2026)).toThrow(RangeError)
  })
})
