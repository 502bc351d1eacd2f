import { describe, expect, it } from 'vitest'
import { addWorkingTime, type CalendarSpec, compileCalendar, nextOpening, workingTimeBetween } from '../../../domain/calendar/calendar.ts'
import type { Shift } from '../../../domain/calendar/shifts.ts'
import { HOUR } from './arbitraries.ts'

const base: CalendarSpec = {
  id: 'X',
  version: 3,
  timeZone: 'Asia/Shanghai',
  shifts: [{ weekday: 1, from: '09:00', to: '17:00' }],
  holidays: [],
  makeUpDays: [],
  publishedYears: [2026],
}
const shift = (weekday: number, from: string, to: string): Shift => ({ weekday: weekday as Shift['weekday'], from, to })
const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`)

describe('a calendar that cannot be is refused', () => {
  it.each<[string, Partial<CalendarSpec>, RegExp]>([
    ['no shifts: nothing would ever fall due', { shifts: [] }, /no shifts.*add a shift or set continuous/],
    ['unknown zone', { timeZone: 'Asia/Paidan' }, /Unknown time zone 'Asia\/Paidan'/],
    ['empty zone', { timeZone: '' }, /Unknown time zone/],
    ['overlapping shifts', { shifts: [shift(2, '08:00', '12:00'), shift(2, '11:30', '15:00')] }, /overlap: weekday 2 08:00-12:00/],
    ['the same shift twice', { shifts: [shift(2, '08:00', '12:00'), shift(2, '08:00', '12:00')] }, /overlap/],
    [
      'a night shift into the next morning',
      { shifts: [shift(2, '22:00', '06:00'), shift(3, '05:59', '10:00')] },
      /overlap: weekday 2 22:00-06:00/,
    ],
    ['a night shift from Sunday into Monday', { shifts: [shift(7, '22:00', '06:00'), shift(1, '05:00', '10:00')] }, /overlap: weekday 7/],
    ['a shift without length', { shifts: [shift(2, '08:00', '08:00')] }, /08:00-08:00 of weekday 2 has no length/],
    ['a start at 24:00', { shifts: [shift(2, '24:00', '08:00')] }, /can't begin at 24:00/],
    ['25:00', { shifts: [shift(2, '08:00', '25:00')] }, /'25:00' is not a time of day/],
    ['24:01', { shifts: [shift(2, '08:00', '24:01')] }, /'24:01' is not a time of day/],
    ['8:00', { shifts: [shift(2, '8:00', '12:00')] }, /'8:00' is not a time of day/],
    ['weekday 0', { shifts: [shift(0, '08:00', '12:00')] }, /'0' is not a weekday/],
    ['weekday 8', { shifts: [shift(8, '08:00', '12:00')] }, /'8' is not a weekday/],
    ['weekday 1.5', { shifts: [shift(1.5, '08:00', '12:00')] }, /'1.5' is not a weekday/],
    ['30 February', { holidays: ['2026-02-30'] }, /'2026-02-30' is not a date/],
    ['a date in another notation', { makeUpDays: ['20260220'] }, /'20260220' is not a date/],
    ['a date with a time', { holidays: ['2026-02-20T08:00'] }, /is not a date/],
    ['a day both off and worked', { holidays: ['2026-02-20'], makeUpDays: ['2026-02-20'] }, /2026-02-20 is both/],
    ['a year that is none', { publishedYears: [2026.5] }, /'2026.5' is not a year/],
    ['continuous with shifts', { continuous: true }, /continuous calendar has no shifts/],
    ['continuous with holidays', { continuous: true, shifts: [], holidays: ['2026-01-01'] }, /continuous calendar has no shifts/],
  ])('%s', (_, change, message) => {
    const compiling = () => compileCalendar({ ...base, ...change })
    expect(compiling).toThrow(RangeError)
    expect(compiling).toThrow(message)
    expect(compiling).toThrow(/^Calendar 'X' version 3: /)
  })
})

describe('shifts over midnight', () => {
  const night = compileCalendar({
    ...base,
    shifts: [shift(1, '22:00', '06:00'), shift(3, '18:00', '09:00'), shift(5, '20:00', '00:00'), shift(7, '20:00', '24:00')],
  })

  it.each([
    ['into the next day', '2026-03-09 23:00', 2, '2026-03-10 01:00'],
    ["begun after midnight, still Monday's", '2026-03-10 05:00', 2, '2026-03-11 19:00'],
    ['of fifteen hours', '2026-03-11 18:00', 15, '2026-03-12 09:00'],
    ["until 00:00 is until the day's end", '2026-03-13 23:00', 2, '2026-03-15 21:00'],
    ['until 24:00 too', '2026-03-15 23:00', 2, '2026-03-16 23:00'],
  ])('%s: %s + %s h = %s', (_, start, hours, due) => {
    expect(addWorkingTime(night, at(start), hours * HOUR)).toBe(at(due))
  })

  it('belong to the day on which they begin: a holiday removes the whole of its own, and nothing of the night before', () => {
    const shifts = [1, 2, 3].map((weekday) => shift(weekday, '22:00', '06:00'))
    const cal = compileCalendar({ ...base, shifts, holidays: ['2026-03-10'] })
    // Monday's night ends on the holiday morning; Tuesday's does not take place
    expect(workingTimeBetween(cal, at('2026-03-10 00:00'), at('2026-03-11 00:00'))).toBe(6 * HOUR)
    expect(nextOpening(cal, at('2026-03-10 06:00'))).toBe(at('2026-03-11 22:00'))
  })

  it('that meet a make-up day count once', () => {
    const shifts = [shift(1, '00:00', '08:00'), shift(5, '22:00', '06:00')]
    const cal = compileCalendar({ ...base, shifts, makeUpDays: ['2026-03-14'] })
    // Friday 22:00-06:00 and Saturday by Monday's 00:00-08:00
    expect(workingTimeBetween(cal, at('2026-03-13 12:00'), at('2026-03-14 12:00'))).toBe(10 * HOUR)
    expect(addWorkingTime(cal, at('2026-03-13 12:00'), 10 * HOUR)).toBe(at('2026-03-14 08:00'))
  })
})

describe('make-up days', () => {
  const makeUpDays = ['2026-03-14']
  const worked = (shifts: Shift[], days = makeUpDays, holidays: string[] = []) =>
    workingTimeBetween(compileCalendar({ ...base, shifts, makeUpDays: days, holidays }), at('2026-03-14 00:00'), at('2026-03-15 00:00'))

  it("use Monday's shifts", () => {
    expect(worked([shift(1, '09:00', '17:00'), shift(5, '09:00', '12:00')])).toBe(8 * HOUR)
  })

  it("use the weekday's own where it has any", () => {
    expect(worked([shift(1, '09:00', '17:00'), shift(6, '09:00', '12:00')])).toBe(3 * HOUR)
  })

  it('use the first working weekday where Monday is off', () => {
    expect(worked([shift(3, '09:00', '15:00'), shift(5, '09:00', '12:00')])).toBe(6 * HOUR)
  })

  it('touch nothing but their date', () => {
    expect(worked([shift(1, '09:00', '17:00')], ['2026-03-15'])).toBe(0)
  })
})

describe('shifts side by side', () => {
  it('are one stretch: no due instant jumps, no instant between them is closed', () => {
    const cal = compileCalendar({ ...base, shifts: [shift(1, '09:00', '12:00'), shift(1, '12:00', '17:00')] })
    expect(nextOpening(cal, at('2026-03-09 12:00'))).toBe(at('2026-03-09 12:00'))
    expect(addWorkingTime(cal, at('2026-03-09 09:00'), 8 * HOUR)).toBe(at('2026-03-09 17:00'))
  })
})
