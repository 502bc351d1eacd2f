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
