import { isWorkday } from 'chinese-workday'
import { describe, expect, it } from 'vitest'
import { compileCalendar, workingTimeBetween } from '../../../domain/calendar/calendar.ts'
import { calendarC, calendarW } from '../../../prisma/seed/calendars.ts'
import { HOUR } from './arbitraries.ts'

describe('calendars of the demo data', () => {
  const W = compileCalendar(calendarW)

  it('W is published from 2024 without a gap, at least to 2026', () => {
    const { publishedYears } = calendarW
    expect(publishedYears.length).toBeGreaterThanOrEqual(3)
    expect(publishedYears).toEqual(publishedYears.map((_, i) => 2024 + i))
  })

  it('W agrees with a second source on every day of the published years', () => {
    const differing: string[] = []
    let days = 0
    for (const year of calendarW.publishedYears) {
      for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 24 * HOUR) {
        const date = new Date(day).toISOString().slice(0, 10)
        const midnight = day - 8 * HOUR
        const worked = workingTimeBetween(W, midnight, midnight + 24 * HOUR)
        if (worked !== (isWorkday(date) ? 8 * HOUR : 0)) differing.push(`${date}: ${worked / HOUR} h`)
        days++
      }
    }
    expect(differing).toEqual([])
    expect(days).toBeGreaterThanOrEqual(366 + 365 + 365)
  })

  it('W has the published days of 2026', () => {
    const of2026 = (dates: string[]) => dates.filter((date) => date.startsWith('2026'))
    expect(of2026(calendarW.makeUpDays)).toEqual(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])
    expect(of2026(calendarW.holidays)).toHaveLength(33)
    expect(calendarW.makeUpDays.filter((date) => calendarW.holidays.includes(date))).toEqual([])
  })

  it('C compiles and has no holidays', () => {
    expect(compileCalendar(calendarC).continuous).toBe(true)
  })
})
