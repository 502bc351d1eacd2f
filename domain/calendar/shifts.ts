import { Temporal } from 'temporal-polyfill'
import { BadWording } from './bad-wording.ts'

export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** One working period of a weekday (1 = Monday). `to` not after `from` means the next day: '22:00'-'06:00'. `to` may be '24:00'. */
export interface Shift {
  weekday: Weekday
  from: string
  to: string
}

/** A period in minutes since the midnight at which its day begins; `to` is over 1440 when it runs past the next midnight. */
export interface Period {
  from: number
  to: number
}

export const DAY_MS = 86_400_000
const DAY_MIN = 1440
const WEEK_MIN = 7 * DAY_MIN

/** Days since 1970-01-01 of an ISO date. @throws BadWording when it is no date of the calendar */
export function dayNumber(date: string): number {
  if (/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    try {
      const { year, month, day } = Temporal.PlainDate.from(date, { overflow: 'reject' })
      return Date.UTC(year, month - 1, day) / DAY_MS
    } catch {
      // falls through: 2026-02-30 is refused like any other text
    }
  }
  throw new BadWording(`“${date}”不是日期：请写作 YYYY-MM-DD`, `'${date}' is not a date: write it as YYYY-MM-DD`)
}

/** Weekday of a day number, 1 = Monday. */
export function weekdayOf(day: number): Weekday {
  return (((((day + 3) % 7) + 7) % 7) + 1) as Weekday
}

/**
 * Sorts shifts into periods by weekday (index 1-7).
 * @throws BadWording for a weekday or time that doesn't exist, a shift without length, two shifts that overlap, and a week without any
 */
export function weeklyPeriods(shifts: readonly Shift[]): Period[][] {
  const week: Period[][] = Array.from({ length: 8 }, () => [])
  for (const shift of shifts) week[weekdayIn(shift)]?.push(periodOf(shift))
  for (const periods of week) periods.sort((a, b) => a.from - b.from)

  const inOrder = week.flatMap((periods, weekday) =>
    periods.map((p) => ({ weekday, from: p.from + weekday * DAY_MIN, to: p.to + weekday * DAY_MIN })),
  )
  const first = inOrder[0]
  if (!first)
    throw new BadWording(
      '一周没有任何班次，永远不会到期：请添加班次或设为全天候',
      'the week has no shifts, so nothing would ever fall due: add a shift or set continuous',
    )
  inOrder.forEach((period, i) => {
    const next = inOrder[i + 1] ?? { ...first, from: first.from + WEEK_MIN }
    if (next.from < period.to) {
      throw new BadWording(
        `班次重叠：星期 ${period.weekday} ${clockText(period)} 与星期 ${next.weekday} ${clockText(next)}，请合并或缩短`,
        `shifts overlap: weekday ${period.weekday} ${clockText(period)} and weekday ${next.weekday} ${clockText(next)}: join or shorten them`,
      )
    }
  })
  return week
}

/**
 * Periods by weekday for a make-up day: the weekday's own, where it has any; else Monday's, as notices of make-up days mean an
 * ordinary working day; else those of the first weekday that works at all.
 */
export function makeUpPeriods(week: readonly Period[][]): Period[][] {
  const ordinary = week.find((periods) => periods.length > 0) ?? []
  return week.map((own) => (own.length > 0 ? own : ordinary))
}

/** Joins periods that touch or overlap, in order of time. */
export function joinPeriods(periods: readonly Period[]): Period[] {
  const joined: Period[] = []
  for (const { from, to } of [...periods].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else joined.push({ from, to })
  }
  return joined
}

/** The part of a day's periods that lies before its end (`own`), and the part that falls on the next day (`spill`). */
export function cutAtMidnight(periods: readonly Period[]): { own: Period[]; spill: Period[] } {
  return {
    own: periods.map(({ from, to }) => ({ from, to: Math.min(to, DAY_MIN) })),
    spill: periods.filter(({ to }) => to > DAY_MIN).map(({ to }) => ({ from: 0, to: to - DAY_MIN })),
  }
}

function weekdayIn(shift: Shift): number {
  if (Number.isInteger(shift.weekday) && shift.weekday >= 1 && shift.weekday <= 7) return shift.weekday
  throw new BadWording(
    `“${shift.weekday}”不是星期：请用 1（星期一）至 7（星期日）`,
    `'${shift.weekday}' is not a weekday: use 1 (Monday) to 7 (Sunday)`,
  )
}

function periodOf(shift: Shift): Period {
  const from = minutesOf(shift.from)
  const to = minutesOf(shift.to)
  if (from === DAY_MIN)
    throw new BadWording('班次不能从 24:00 开始：请写次日 00:00', `a shift can't begin at 24:00: use 00:00 of the next weekday`)
  if (from === to) {
    throw new BadWording(
      `星期 ${shift.weekday} 的班次 ${shift.from}-${shift.to} 没有长度：全天请写 00:00-24:00`,
      `shift ${shift.from}-${shift.to} of weekday ${shift.weekday} has no length: a whole day is 00:00-24:00`,
    )
  }
  return { from, to: to > from ? to : to + DAY_MIN }
}

function minutesOf(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/.exec(time)
  if (!match)
    throw new BadWording(
      `“${time}”不是时刻：请写作 HH:MM，00:00 至 24:00`,
      `'${time}' is not a time of day: write it as HH:MM, from 00:00 to 24:00`,
    )
  return match[1] === undefined ? DAY_MIN : Number(match[1]) * 60 + Number(match[2])
}

function clockText({ from, to }: Period): string {
  return `${timeOf(from)}-${timeOf(to)}`
}

function timeOf(minutes: number): string {
  const ofDay = minutes % DAY_MIN
  return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`
}
