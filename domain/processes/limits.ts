/** Seeds of limits, in the words of the documents (catalogue 0.2). */
import { budgetMs } from '../calendar/duration.ts'
import type { LimitSpec, ProcessSpec } from '../order/spec.ts'

type More = Partial<LimitSpec>

const HOUR_MS = 3_600_000

const limit =
  (text: string, budget: string, calendar: 'C' | 'W') =>
  (mark: LimitSpec['mark'], more: More = {}): LimitSpec => ({ text, budget, calendar, mark, ...more })

/** 即時: 15 minutes, so that a breach can be seen; the meaning is a default (catalogue 0.2). */
export const atOnce = (calendar: 'C' | 'W', more: More = {}): LimitSpec => limit('即時', '15m', calendar)('default', more)

/** Technical part of fault processes: the clock runs day and night; half a day is 12 h, a day 24 h. */
export const continuous = {
  minutes30: limit('30分鐘', '30m', 'C'),
  halfDay: limit('半天', '12h', 'C'),
  day: limit('1天', '24h', 'C'),
}

/** Office work: half a day is 4 working hours, a day 8. */
export const office = {
  halfDay: limit('半天', '4h', 'W'),
  day: limit('1天', '1WD', 'W'),
  days3: limit('3天', '3WD', 'W'),
  hours: (hours: number) => limit(`${hours}小時`, `${hours}h`, 'W'),
  days: (days: number) => limit(`${days}天`, `${days}WD`, 'W'),
  /** In whatever words the document has for it. */
  written: (text: string, budget: string) => limit(text, budget, 'W'),
  /** As the catalogue writes its own defaults: '2 WD'. */
  workingDays: (days: number) => limit(`${days} WD`, `${days}WD`, 'W'),
}

/** What the system does itself runs day and night: a working day of the catalogue's is then one of 24 hours. */
export const system = {
  workingDays: (days: number) => limit(`${days} WD`, `${days * 24}h`, 'C'),
  hours: (hours: number) => limit(`${hours} h`, `${hours}h`, 'C'),
  written: (text: string, budget: string) => limit(text, budget, 'C'),
}

/**
 * The limits of a process one after the other, as a budget: 按合同簽定流程時限 is the sum of the limits of P-04 (catalogue 0.2).
 * @throws RangeError when a step's limit runs on another calendar than `calendar`, since hours of two calendars don't add up
 */
export function sumOfLimits(spec: ProcessSpec, calendar: 'C' | 'W'): string {
  let ms = 0
  for (const [id, step] of Object.entries(spec.steps)) {
    if (!step.limit?.budget) continue
    if (step.limit.calendar !== calendar)
      throw new RangeError(`${spec.id}/${id} runs on calendar ${step.limit.calendar}; only limits on ${calendar} can be added up`)
    ms += budgetMs(step.limit.budget)
  }
  return ms % HOUR_MS === 0 ? `${ms / HOUR_MS}h` : `${ms / 60_000}m`
}
