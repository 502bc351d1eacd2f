/** Prints results on random calendars, and the zone of the process: run under several TZ by process-zone.test.ts. */
import fc from 'fast-check'
import { addWorkingTime, compileCalendar, isProvisional, nextOpening, workingTimeBetween } from '../../../domain/calendar/calendar.ts'
import { calendarW } from '../../../prisma/seed/calendars.ts'
import { budget, calendarSpec, instant } from './arbitraries.ts'

const cases = fc.sample(fc.tuple(calendarSpec, instant, budget), { seed: 20260920, numRuns: 300 })
const results = [...cases, ...cases.map(([, start, b]) => [calendarW, start, b] as const)].map(([spec, start, b]) => {
  const cal = compileCalendar(spec)
  const due = addWorkingTime(cal, start, b)
  return [due, nextOpening(cal, start), workingTimeBetween(cal, start, start + b), isProvisional(cal, start, due)]
})
console.log(JSON.stringify({ summerOffset: new Date(2026, 6, 1).getTimezoneOffset(), results }))
