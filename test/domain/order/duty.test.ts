import { describe, expect, it } from 'vitest'
import { compileCalendar } from '../../../domain/calendar/calendar.ts'
import { dutyBetween, nextOnDuty, onShift } from '../../../domain/order/on-shift.ts'
import { calendarC, calendarW } from '../../../prisma/seed/calendars.ts'

const calendars = new Map([calendarC, calendarW].map((spec) => [spec.id, compileCalendar(spec)]))
const hour = (day: number, h: number) => Date.UTC(2026, 0, day) + (h - 8) * 3_600_000
const office = [1, 2, 3, 4, 5].flatMap((weekday) => [
  { weekday, from: 510, to: 720, calendar: 'W' },
  { weekday, from: 810, to: 1080, calendar: 'W' },
])

describe('hours of duty', () => {
  it('are those of the weekday, and none on a day that the calendar closes', () => {
    // Monday the 5th; Sunday the 4th is a make-up day for New Year.
    const monday = dutyBetween(office, calendars, hour(5, 0), hour(6, 0))!
    expect(monday).toEqual([
      { from: hour(5, 8.5), to: hour(5, 12) },
      { from: hour(5, 13.5), to: hour(5, 18) },
    ])
    expect(dutyBetween(office, calendars, hour(10, 0), hour(12, 0))).toEqual([])
  })

  it('are cut to what is asked for, and joined over midnight', () => {
    const night = [1, 2].flatMap((weekday) => [
      { weekday, from: 1080, to: 1440, calendar: 'C' },
      { weekday, from: 0, to: 480, calendar: 'C' },
    ])
    expect(dutyBetween(night, calendars, hour(5, 20), hour(6, 23))).toEqual([
      { from: hour(5, 20), to: hour(6, 8) },
      { from: hour(6, 18), to: hour(6, 23) },
    ])
  })

  it('agree with whether somebody is on duty, at every quarter of an hour of a month', () => {
    const [from, to] = [hour(1, 0), hour(31, 0)]
    const duty = dutyBetween(office, calendars, from, to)!
    for (let at = from; at < to; at += 15 * 60_000)
      expect([at, onShift(office, calendars, at)]).toEqual([at, duty.some((stretch) => stretch.from <= at && at < stretch.to)])
  })

  it('are not known where none are written down', () => {
    expect(dutyBetween([], calendars, hour(5, 0), hour(6, 0))).toBeUndefined()
  })
})

describe('the next instant on duty', () => {
  const duty = [
    { from: 10, to: 20 },
    { from: 30, to: 40 },
  ]
  it.each([
    ['now', [], 12, 12],
    ['at the next beginning', [], 25, 30],
    ['after an absence', [{ from: 5, to: 15 }], 12, 15],
    [
      'after absences that follow each other',
      [
        { from: 15, to: 18 },
        { from: 5, to: 15 },
      ],
      12,
      18,
    ],
    ['in the next shift, where the absence takes the rest', [{ from: 5, to: 25 }], 12, 30],
    ['never, where he is away for all of it', [{ from: 5, to: 50 }], 12, undefined],
  ])('is %s', (_what, away, now, expected) => {
    expect(nextOnDuty(duty, away, now)).toBe(expected)
  })

  it('is now where no hours are known', () => {
    expect(nextOnDuty(undefined, [], 12)).toBe(12)
    expect(nextOnDuty(undefined, [{ from: 0, to: 99 }], 12)).toBe(99)
  })
})
