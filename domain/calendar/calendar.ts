import { BadWording } from './bad-wording.ts'
import { cutAtMidnight, DAY_MS, dayNumber, joinPeriods, makeUpPeriods, type Shift, weekdayOf, weeklyPeriods } from './shifts.ts'
import { openZone } from './zone.ts'

/** A calendar as its row stores it (catalogue 0.2: C is continuous, W has working days). */
export interface CalendarSpec {
  id: string
  version: number
  /** IANA name; shifts and dates are on this zone's wall clock. */
  timeZone: string
  /** 24×7: every instant is working time. Shifts, holidays and make-up days must then be empty. */
  continuous?: boolean
  /** Weekly shifts, several a day if need be. A shift over midnight ('22:00'-'06:00') belongs to the day on which it begins. */
  shifts: Shift[]
  /** ISO dates off. A night shift that began the day before still ends. */
  holidays: string[]
  /** ISO dates worked though on a weekend: with the weekday's own shifts where it has any, else with Monday's. */
  makeUpDays: string[]
  /** Years whose holidays are published; all others are provisional. */
  publishedYears: number[]
}

/** A calendar made ready for arithmetic; the functions of this module are the way to use it. Compile once per version and keep it. */
export interface Calendar {
  readonly id: string
  readonly version: number
  readonly timeZone: string
  readonly continuous: boolean
  readonly publishedYears: ReadonlySet<number>
  /** Number of the local day that holds an instant, counted from 1970-01-01. */
  readonly dayNumberAt: (ms: number) => number
  readonly day: (number: number) => WorkingDay
}

/** One local day: [start, end) and its working periods [opens[i], closes[i]), all epoch ms, in order, apart from each other. */
interface WorkingDay {
  readonly start: number
  readonly end: number
  readonly opens: readonly number[]
  readonly closes: readonly number[]
  readonly total: number
}

/** Outside of this nobody has a work order; it keeps a wrong number from becoming an endless search. */
const EARLIEST_MS = Date.UTC(1970, 0, 1)
const LATEST_MS = Date.UTC(2200, 0, 1)

/**
 * Checks a calendar and makes it ready. Days are worked out when first touched and then kept.
 * @throws BadWording naming the calendar and what is wrong: unknown zone, no working time at all, overlapping shifts, impossible times or dates
 */
export function compileCalendar(spec: CalendarSpec): Calendar {
  try {
    return compile(spec)
  } catch (error) {
    if (error instanceof BadWording)
      throw new BadWording(
        `日历 ${spec.id} 版本 ${spec.version}：${error.says.zh}`,
        `Calendar '${spec.id}' version ${spec.version}: ${error.says.en}`,
      )
    throw error
  }
}

/**
 * The instant at which a budget of working time, begun at `startMs`, is used up: the earliest one, so that a budget that ends with a
 * shift is due at its close, not at the next opening. A start outside working time begins to count at the next opening.
 * A budget of 0 is used up at the start, open or closed: so add(add(s, a), b) is add(s, a + b) for every a and b.
 * @param startMs epoch ms
 * @param budgetMs working time in ms, 0 or more; a fraction (80 % of a limit) is rounded to the whole ms
 * @returns epoch ms
 * @throws RangeError for a negative budget, and for instants that are not whole ms between 1970 and 2199
 */
export function addWorkingTime(cal: Calendar, startMs: number, budgetMs: number): number {
  checkInstant(startMs)
  if (!Number.isFinite(budgetMs) || budgetMs < 0) throw new RangeError(`A budget must be 0 ms or more, not ${budgetMs}`)
  let left = Math.round(budgetMs)
  if (startMs + left >= LATEST_MS) throw tooFar(budgetMs)
  if (cal.continuous) return startMs + left
  if (left === 0) return startMs
  let number = cal.dayNumberAt(startMs)
  let from = startMs
  for (;;) {
    const day = cal.day(number)
    if (from > day.start || left <= day.total) {
      for (let i = 0; i < day.opens.length; i++) {
        const open = Math.max(day.opens[i] as number, from)
        const usable = (day.closes[i] as number) - open
        if (usable <= 0) continue
        if (left <= usable) return open + left
        left -= usable
      }
    } else {
      left -= day.total
    }
    from = day.end
    number++
    if (from >= LATEST_MS) throw tooFar(budgetMs)
  }
}

/**
 * Working time between two instants, in ms. 0 when `toMs` is not after `fromMs`: hosts' clocks differ a little, and a clock that has
 * just started must not run backwards.
 * @throws RangeError for instants that are not whole ms between 1970 and 2199
 */
export function workingTimeBetween(cal: Calendar, fromMs: number, toMs: number): number {
  checkInstant(fromMs)
  checkInstant(toMs)
  if (toMs <= fromMs) return 0
  if (cal.continuous) return toMs - fromMs
  let worked = 0
  for (let number = cal.dayNumberAt(fromMs); ; number++) {
    const day = cal.day(number)
    if (day.start >= toMs) return worked
    if (day.start >= fromMs && day.end <= toMs) {
      worked += day.total
    } else {
      for (let i = 0; i < day.opens.length; i++) {
        const open = Math.max(day.opens[i] as number, fromMs)
        const close = Math.min(day.closes[i] as number, toMs)
        if (close > open) worked += close - open
      }
    }
  }
}

/**
 * The instant itself when it is working time, else the next one that is. A close is not working time: 12:00 gives 13:30.
 * @throws RangeError for an instant that is not a whole ms between 1970 and 2199
 */
export function nextOpening(cal: Calendar, ms: number): number {
  checkInstant(ms)
  if (cal.continuous) return ms
  for (let number = cal.dayNumberAt(ms); ; number++) {
    const day = cal.day(number)
    const i = day.closes.findIndex((close) => close > ms)
    if (i >= 0) return Math.max(day.opens[i] as number, ms)
  }
}

/**
 * Whether an instant is working time. Shifts include their first instant and exclude their last.
 * @throws RangeError for an instant that is not a whole ms between 1970 and 2199
 */
export function isWorkingTime(cal: Calendar, ms: number): boolean {
  return nextOpening(cal, ms) === ms
}

/**
 * Whether anything computed between two instants (both included, in either order) may still change, because it touches a local year
 * whose holidays are not published. Never for a continuous calendar.
 * @throws RangeError for instants that are not whole ms between 1970 and 2199
 */
export function isProvisional(cal: Calendar, fromMs: number, toMs: number): boolean {
  checkInstant(fromMs)
  checkInstant(toMs)
  if (cal.continuous) return false
  const last = yearAt(cal, Math.max(fromMs, toMs))
  for (let year = yearAt(cal, Math.min(fromMs, toMs)); year <= last; year++) {
    if (!cal.publishedYears.has(year)) return true
  }
  return false
}

function compile(spec: CalendarSpec): Calendar {
  const zone = openZone(spec.timeZone)
  const holidays = new Set(spec.holidays.map(dayNumber))
  const makeUps = new Set(spec.makeUpDays.map(dayNumber))
  const both = spec.makeUpDays.find((date) => holidays.has(dayNumber(date)))
  if (both) throw new BadWording(`${both} 既是节假日又是调休工作日：请保留其一`, `${both} is both a holiday and a make-up day: keep one`)
  const strangeYear = spec.publishedYears.find((year) => !Number.isInteger(year) || year < 1970 || year > 2199)
  if (strangeYear !== undefined)
    throw new BadWording(`“${strangeYear}”不是 1970 至 2199 之间的年份`, `'${strangeYear}' is not a year between 1970 and 2199`)
  const continuous = spec.continuous === true
  if (continuous && spec.shifts.length + holidays.size + makeUps.size > 0) {
    throw new BadWording(
      '全天候日历没有班次、节假日或调休工作日：请删除，或取消全天候',
      'a continuous calendar has no shifts, holidays or make-up days: remove them, or continuous',
    )
  }
  const week = continuous ? [] : weeklyPeriods(spec.shifts)
  const makeUpWeek = makeUpPeriods(week)
  const periodsOf = (number: number) => {
    if (holidays.has(number)) return []
    return (makeUps.has(number) ? makeUpWeek : week)[weekdayOf(number)] ?? []
  }

  const work = (number: number): WorkingDay => {
    const midnight = number * DAY_MS
    const opens: number[] = []
    const closes: number[] = []
    let total = 0
    // a make-up day can meet the night shift of the day before: nobody's hour counts twice
    for (const { from, to } of joinPeriods([...cutAtMidnight(periodsOf(number - 1)).spill, ...cutAtMidnight(periodsOf(number)).own])) {
      const open = zone.instantOf(midnight + from * 60_000)
      const close = zone.instantOf(midnight + to * 60_000)
      if (close === open) continue // the clock jumped over it
      opens.push(open)
      closes.push(close)
      total += close - open
    }
    return { start: zone.instantOf(midnight), end: zone.instantOf(midnight + DAY_MS), opens, closes, total }
  }

  const days = new Map<number, WorkingDay>()
  const day = (number: number): WorkingDay => {
    let found = days.get(number)
    if (!found) {
      found = work(number)
      days.set(number, found)
    }
    return found
  }
  const anyOffset = zone.offsetAt(Date.UTC(2026, 0, 1))
  const dayNumberAt = (ms: number): number => {
    let number = Math.floor((ms + anyOffset) / DAY_MS)
    while (day(number).end <= ms) number++
    while (day(number).start > ms) number--
    return number
  }
  return {
    id: spec.id,
    version: spec.version,
    timeZone: spec.timeZone,
    continuous,
    publishedYears: new Set(spec.publishedYears),
    dayNumberAt,
    day,
  }
}

function tooFar(budgetMs: number): RangeError {
  return new RangeError(`A budget of ${budgetMs} ms runs past the year 2199: check its unit (ms) and the calendar's holidays`)
}

function yearAt(cal: Calendar, ms: number): number {
  return new Date(cal.dayNumberAt(ms) * DAY_MS).getUTCFullYear()
}

function checkInstant(ms: number): number {
  if (Number.isInteger(ms) && ms >= EARLIEST_MS && ms < LATEST_MS) return ms
  throw new RangeError(`${ms} is not an instant that calendars cover: give whole epoch ms between 1970-01-01 and 2199-12-31`)
}
