/** Billing periods (账期): calendar months, written `2026-10`. Dates are texts `2026-10-31`, so that no zone can move them. */

/** True for a text such as `2026-10`. */
export const isPeriod = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text)

const two = (n: number): string => String(n).padStart(2, '0')
const four = (n: number): string => String(n).padStart(4, '0')

/** Months since the year 0, so that periods can be counted with. */
export const monthIndex = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1

const ofIndex = (index: number): string => `${four(Math.floor(index / 12))}-${two((((index % 12) + 12) % 12) + 1)}`

/** The first day of the period so many months later. */
export const firstDay = (period: string, later = 0): string => `${ofIndex(monthIndex(period) + later)}-01`

/** The last day of a period; schemes are chosen by what holds on it. */
export function lastDay(period: string): string {
  const index = monthIndex(period)
  // day 0 of the next month
  return `${period}-${two(new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate())}`
}

/** The period before. */
export const periodBefore = (period: string): string => ofIndex(monthIndex(period) - 1)

/**
 * Months on the network at the end of a period: the months since that of joining, which itself counts 0. Whoever joined after the
 * period has less than 0.
 */
export const monthsOnNetwork = (joinedOn: string, period: string): number => monthIndex(period) - monthIndex(joinedOn)

/** SQL and the reference compare dates instead: at least so many months means joined before this day. */
export const joinedBefore = (months: number, period: string): string => firstDay(period, 1 - months)

/** True for a day that the calendar has. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text
}
