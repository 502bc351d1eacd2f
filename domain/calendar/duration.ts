import { BadWording } from './bad-wording.ts'

/** Units of a budget. A working day (WD) is 8 working hours; a natural day (d) is 24 hours (catalogue 0.2). */
export type BudgetUnit = 's' | 'm' | 'h' | 'd' | 'WD'

export interface Budget {
  /** Working ms of whichever calendar the policy names. */
  ms: number
  /** As written, so that a policy can refuse 'd' on a calendar of working days, or 'WD' on a continuous one. */
  unit: BudgetUnit
}

const UNIT_MS: Readonly<Record<BudgetUnit, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  WD: 8 * 3_600_000,
}
const LONGEST_MS = 36_500 * UNIT_MS.d

/**
 * Reads the budget notation of policies: '30s', '15m', '4h', '3WD' (3 × 8 h of working time), '1d' (24 h). Halves are allowed: '3.5WD'.
 * @throws BadWording naming the text: unknown notation, zero, not whole ms, more than 36500 days
 */
export function parseBudget(text: string): Budget {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(s|m|h|d|WD)$/.exec(text)
  if (!match)
    throw new BadWording(
      `“${text}”不是时限：请写数字加 s、m、h、d 或 WD，例如 30s、15m、4h、1d 或 3WD`,
      `'${text}' is not a budget: write a number and s, m, h, d or WD, for example 30s, 15m, 4h, 1d or 3WD`,
    )
  const unit = match[2] as BudgetUnit
  // thousandths first: 1.1 × 60000 is not a whole number in binary
  const ms = (Math.round(Number(match[1]) * 1000) * UNIT_MS[unit]) / 1000
  if (ms === 0)
    throw new BadWording(
      `“${text}”不是时限：须大于零；没有时限请留空`,
      `'${text}' is no budget: it must be longer than zero; leave the limit out where there is none`,
    )
  if (ms > LONGEST_MS) throw new BadWording(`时限“${text}”过长：最长 36500d`, `'${text}' is too long for a budget: 36500d is the most`)
  return { ms, unit }
}

/** There are as many as limits have been written, and a promise asks for one at every step ahead. */
const read = new Map<string, number>()

/** The ms of a budget text, see {@link parseBudget}. @throws BadWording naming the text */
export function budgetMs(text: string): number {
  let ms = read.get(text)
  if (ms === undefined) read.set(text, (ms = parseBudget(text).ms))
  return ms
}

/**
 * Writes a length of time for people, in hours, minutes and seconds: "1 h 30 min", "1小时30分钟". There are no days in it, because a day
 * has 8 hours on one calendar and 24 on another. Parts of a second are dropped; what is overdue has a minus.
 * @throws RangeError when `ms` is not a finite number
 */
export function formatBudget(ms: number, lang: 'en' | 'zh'): string {
  if (!Number.isFinite(ms)) throw new RangeError(`${ms} is not a length of time: give finite ms`)
  const seconds = Math.floor(Math.abs(ms) / 1000)
  const parts: [number, string, string][] = [
    [Math.floor(seconds / 3600), 'h', '小时'],
    [Math.floor(seconds / 60) % 60, 'min', '分钟'],
    [seconds % 60, 's', '秒'],
  ]
  const shown = parts.filter(([value]) => value > 0)
  if (shown.length === 0) return lang === 'en' ? '0 min' : '0分钟'
  const sign = ms < 0 ? '-' : ''
  if (lang === 'en') return sign + shown.map(([value, en]) => `${value} ${en}`).join(' ')
  return sign + shown.map(([value, , zh]) => `${value}${zh}`).join('')
}
