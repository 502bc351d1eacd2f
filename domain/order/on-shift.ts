/** Whether somebody is on duty at an instant. */
import type { Calendar } from '../calendar/calendar.ts'
import { weekdayOf } from '../calendar/shifts.ts'

/** Hours of one weekday (1 = Monday), in minutes after midnight; days that the calendar closes are off. */
export interface DutyHours {
  weekday: number
  from: number
  to: number
  calendar: string
}

/**
 * True while one of the shifts runs. On a make-up day those of Monday count, where the person has none of that weekday's own.
 * @param calendars the calendars that the shifts name; a shift of an unknown one doesn't count
 * @returns undefined where no hours are written down
 */
export function onShift(shifts: readonly DutyHours[], calendars: ReadonlyMap<string, Calendar>, now: number): boolean | undefined {
  if (shifts.length === 0) return undefined
  return shifts.some(({ weekday, from, to, calendar: name }) => {
    const calendar = calendars.get(name)
    if (!calendar) return false
    const number = calendar.dayNumberAt(now)
    const day = calendar.day(number)
    const today = weekdayOf(number)
    const makeUp = !calendar.continuous && day.total > 0 && !shifts.some((s) => s.calendar === name && s.weekday === today)
    if (!calendar.continuous && day.total === 0) return false
    const minute = (now - day.start) / 60_000
    return weekday === (makeUp ? 1 : today) && from <= minute && minute < to
  })
}

/** From `from` (inclusive) to `to` (exclusive), epoch ms. */
export interface Stretch {
  from: number
  to: number
}

/**
 * Hours of duty between two instants, in order, joined where they touch.
 * @returns undefined where no hours are written down
 */
export function dutyBetween(
  shifts: readonly DutyHours[],
  calendars: ReadonlyMap<string, Calendar>,
  from: number,
  to: number,
): Stretch[] | undefined {
  if (shifts.length === 0) return undefined
  const found: Stretch[] = []
  for (const name of new Set(shifts.map(({ calendar }) => calendar))) {
    const calendar = calendars.get(name)
    if (!calendar) continue
    const own = shifts.filter((shift) => shift.calendar === name)
    for (let number = calendar.dayNumberAt(from); calendar.day(number).start < to; number++) {
      const day = calendar.day(number)
      if (!calendar.continuous && day.total === 0) continue
      const today = weekdayOf(number)
      const weekday = calendar.continuous || own.some((shift) => shift.weekday === today) ? today : 1
      for (const shift of own) {
        if (shift.weekday !== weekday) continue
        const stretch = { from: Math.max(from, day.start + shift.from * 60_000), to: Math.min(to, day.start + shift.to * 60_000) }
        if (stretch.from < stretch.to) found.push(stretch)
      }
    }
  }
  const joined: Stretch[] = []
  for (const stretch of found.sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && stretch.from <= last.to) last.to = Math.max(last.to, stretch.to)
    else joined.push({ ...stretch })
  }
  return joined
}

/**
 * The first instant from `now` on at which somebody is on duty and not away; where no hours are written down, on which he is not away.
 * Nothing where `duty` has no such instant.
 */
export function nextOnDuty(duty: readonly Stretch[] | undefined, away: readonly Stretch[], now: number): number | undefined {
  const hours = duty ?? [{ from: now, to: Number.POSITIVE_INFINITY }]
  for (const { from, to } of hours) {
    let at = Math.max(from, now)
    for (const absence of [...away].sort((a, b) => a.from - b.from)) if (absence.from <= at && at < absence.to) at = absence.to
    if (at < to) return at
  }
  return undefined
}
