import { describe, expect, it } from 'vitest'
import {
  addWorkingTime,
  type CalendarSpec,
  compileCalendar,
  isWorkingTime,
  nextOpening,
  workingTimeBetween,
} from '../../../domain/calendar/calendar.ts'
import { HOUR, MINUTE } from './arbitraries.ts'

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7] as const
const daily = (timeZone: string, ...periods: string[]): CalendarSpec => ({
  id: 'D',
  version: 1,
  timeZone,
  shifts: EVERY_DAY.flatMap((weekday) => periods.map((p) => ({ weekday, from: p.split('-')[0] as string, to: p.split('-')[1] as string }))),
  holidays: [],
  makeUpDays: [],
  publishedYears: [2026],
})
const ms = (iso: string): number => Date.parse(iso)
const iso = (value: number): string => new Date(value).toISOString().slice(0, 16)

// New York: 2026-03-08 02:00 EST -> 03:00 EDT, 2026-11-01 02:00 EDT -> 01:00 EST
// Berlin:   2026-03-29 02:00 CET -> 03:00 CEST, 2026-10-25 03:00 CEST -> 02:00 CET
describe('changes of clocks', () => {
  it.each([
    ['America/New_York', '2026-03-08T05:00Z', '2026-03-09T04:00Z', 23],
    ['America/New_York', '2026-11-01T04:00Z', '2026-11-02T05:00Z', 25],
    ['Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z', 23],
    ['Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z', 25],
  ])('%s: the day from %s to %s has %s hours', (zone, from, to, hours) => {
    const cal = compileCalendar(daily(zone, '00:00-24:00'))
    expect(workingTimeBetween(cal, ms(from), ms(to))).toBe(hours * HOUR)
    expect(addWorkingTime(cal, ms(from), hours * HOUR)).toBe(ms(to))
  })

  it.each([
    ['America/New_York', '2026-03-06T14:00Z', '2026-03-09T13:00Z', 'spring'],
    ['America/New_York', '2026-10-30T13:00Z', '2026-11-02T14:00Z', 'autumn'],
    ['Europe/Berlin', '2026-03-27T08:00Z', '2026-03-30T07:00Z', 'spring'],
    ['Europe/Berlin', '2026-10-23T07:00Z', '2026-10-26T08:00Z', 'autumn'],
  ])('%s: office hours keep to the wall clock, 09:00 on %s and on %s (%s)', (zone, friday, monday) => {
    const cal = compileCalendar({ ...daily(zone, '09:00-17:00'), shifts: daily(zone, '09:00-17:00').shifts.slice(0, 5) })
    expect(nextOpening(cal, ms(friday) - HOUR)).toBe(ms(friday))
    expect(addWorkingTime(cal, ms(friday), 9 * HOUR)).toBe(ms(monday) + HOUR)
    expect(workingTimeBetween(cal, ms(friday), ms(monday) + HOUR)).toBe(9 * HOUR)
  })

  it.each([
    ['America/New_York', '2026-03-08T03:00Z', 7],
    ['America/New_York', '2026-11-01T02:00Z', 9],
    ['Europe/Berlin', '2026-03-28T21:00Z', 7],
    ['Europe/Berlin', '2026-10-24T20:00Z', 9],
  ])('%s: the night shift of 22:00-06:00 that begins at %s lasts %s hours', (zone, from, hours) => {
    const cal = compileCalendar(daily(zone, '22:00-06:00'))
    expect(nextOpening(cal, ms(from) - 5 * HOUR)).toBe(ms(from))
    expect(addWorkingTime(cal, ms(from), hours * HOUR)).toBe(ms(from) + hours * HOUR)
    expect(nextOpening(cal, ms(from) + hours * HOUR)).toBe(ms(from) + hours * HOUR + 16 * HOUR)
    expect(workingTimeBetween(cal, ms(from), ms(from) + 12 * HOUR)).toBe(hours * HOUR)
  })

  it('a shift that the clock jumps over does not take place', () => {
    const cal = compileCalendar(daily('Europe/Berlin', '02:00-03:00'))
    expect(workingTimeBetween(cal, ms('2026-03-28T23:00Z'), ms('2026-03-29T22:00Z'))).toBe(0)
    expect(iso(nextOpening(cal, ms('2026-03-28T23:00Z')))).toBe('2026-03-30T00:00')
    expect(isWorkingTime(cal, ms('2026-03-29T01:00Z'))).toBe(false)
  })

  it('a boundary inside the skipped hour means the jump', () => {
    const cal = compileCalendar(daily('Europe/Berlin', '01:00-02:30', '03:00-05:00'))
    // 01:00-02:00 CET, then at once 03:00-05:00 CEST
    expect(workingTimeBetween(cal, ms('2026-03-29T00:00Z'), ms('2026-03-29T03:00Z'))).toBe(3 * HOUR)
    expect(addWorkingTime(cal, ms('2026-03-29T00:00Z'), 90 * MINUTE)).toBe(ms('2026-03-29T01:30Z'))
    const late = compileCalendar(daily('Europe/Berlin', '02:30-10:00'))
    expect(iso(nextOpening(late, ms('2026-03-28T23:00Z')))).toBe('2026-03-29T01:00')
    expect(workingTimeBetween(late, ms('2026-03-28T23:00Z'), ms('2026-03-29T22:00Z'))).toBe(7 * HOUR)
  })

  it('a boundary inside the repeated hour means its first occurrence, so neighbours neither overlap nor part', () => {
    const early = compileCalendar(daily('Europe/Berlin', '00:00-02:30'))
    const late = compileCalendar(daily('Europe/Berlin', '02:30-10:00'))
    const [from, to] = [ms('2026-10-24T22:00Z'), ms('2026-10-25T23:00Z')]
    expect(workingTimeBetween(early, from, to)).toBe(2.5 * HOUR)
    expect(workingTimeBetween(late, from, to)).toBe(8.5 * HOUR)
    expect(addWorkingTime(early, from, 2.5 * HOUR)).toBe(ms('2026-10-25T00:30Z'))
    expect(nextOpening(late, from)).toBe(ms('2026-10-25T00:30Z'))
  })

  it('the repeated hour counts twice for who works through it', () => {
    const cal = compileCalendar(daily('America/New_York', '01:00-02:00'))
    expect(workingTimeBetween(cal, ms('2026-11-01T04:00Z'), ms('2026-11-02T05:00Z'))).toBe(2 * HOUR)
  })

  it('a zone that changes at midnight, and one that left out a whole day', () => {
    // Santiago goes from Saturday 24:00 back to 23:00 (2026-04-05T03:00Z), and in September from 00:00 on to 01:00 (2026-09-06T04:00Z)
    const santiago = compileCalendar(daily('America/Santiago', '00:00-24:00'))
    expect(workingTimeBetween(santiago, ms('2026-04-04T03:00Z'), ms('2026-04-05T04:00Z'))).toBe(25 * HOUR)
    const morning = compileCalendar(daily('America/Santiago', '00:00-08:00'))
    expect(iso(nextOpening(morning, ms('2026-09-05T20:00Z')))).toBe('2026-09-06T04:00')
    expect(workingTimeBetween(morning, ms('2026-09-06T03:00Z'), ms('2026-09-07T03:00Z'))).toBe(7 * HOUR)
    // Samoa had no 2011-12-30: Thursday evening is followed by Saturday
    const apia = compileCalendar(daily('Pacific/Apia', '09:00-17:00'))
    expect(addWorkingTime(apia, ms('2011-12-30T02:00Z'), 2 * HOUR)).toBe(ms('2011-12-30T20:00Z'))
    expect(addWorkingTime(apia, ms('2011-12-30T02:00Z'), HOUR)).toBe(ms('2011-12-30T03:00Z'))
  })
})
