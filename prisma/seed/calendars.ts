import { createRequire } from 'node:module'
import type { CalendarSpec } from '../../domain/calendar/calendar.ts'

/**
 * China's days off and make-up days by the State Council's notices, one per year. Only the package's data is used: its own arithmetic
 * depends on the time zone of the process, and takes an unpublished year for one without holidays.
 */
const china = createRequire(import.meta.url)('chinese-days/dist/chinese-days.json') as {
  holidays: Record<string, string>
  workdays: Record<string, string>
}

const FIRST_YEAR = 2024
const holidays = since(FIRST_YEAR, china.holidays)
const makeUpDays = since(FIRST_YEAR, china.workdays)

/** Continuous, 24×7 (catalogue 0.2): the technical part of fault processes, and what the system does itself. */
export const calendarC: CalendarSpec = {
  id: 'C',
  version: 1,
  timeZone: 'Asia/Shanghai',
  continuous: true,
  shifts: [],
  holidays: [],
  makeUpDays: [],
  publishedYears: [],
}

/** Working days of 8 hours, 08:30-12:00 and 13:30-18:00 (catalogue 0.2), with China's holidays and make-up days: everything else. */
export const calendarW: CalendarSpec = {
  id: 'W',
  version: 1,
  timeZone: 'Asia/Shanghai',
  shifts: ([1, 2, 3, 4, 5] as const).flatMap((weekday) => [
    { weekday, from: '08:30', to: '12:00' },
    { weekday, from: '13:30', to: '18:00' },
  ]),
  holidays,
  makeUpDays,
  publishedYears: publishedYears(holidays),
}

function since(year: number, table: Record<string, string>): string[] {
  return Object.keys(table)
    .filter((date) => Number(date.slice(0, 4)) >= year)
    .sort()
}

/** A year counts once its National Day is listed: its first days alone may come from the notice of the year before. */
function publishedYears(dates: string[]): number[] {
  return dates.filter((date) => date.endsWith('-10-01')).map((date) => Number(date.slice(0, 4)))
}
