/** What a limit comes to, and what becomes of a clock's budget when it starts, pauses, resumes and is extended. */
import { addWorkingTime, type Calendar, isProvisional, workingTimeBetween } from '../calendar/calendar.ts'
import { budgetMs } from '../calendar/duration.ts'
import type { ClockSetData } from './event.ts'
import { calendarAt, calendarOf, ladderAt, type Limits, nameOf, type PolicyRow } from './policy.ts'
import type { Clock } from './state.ts'

/** A working day, for limits that are a date and have no length of their own. */
const DAY_MS = 8 * 3_600_000
/** Instants that a form may have brought but that no calendar covers. */
const EARLIEST_MS = Date.UTC(1971, 0, 1)
const LATEST_MS = Date.UTC(2150, 0, 1)

/** An instant that a form brought, or nothing where it is none. */
const instant = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= EARLIEST_MS && value < LATEST_MS ? value : undefined

/** What a limit comes to, once it is known from when it runs. */
export interface Length {
  calendar: Calendar
  /** Working ms in all, and of these already used at `from`. */
  budget: number
  used: number
  from: number
  due: number
  /** The due instant goes by a date of the order. */
  dated: boolean
}

/**
 * When a limit is due.
 * @param from anchor (epoch ms): the opening of the task or an earlier mark
 * @param dueFact a fact that is the due instant; the policy's budget then comes on top of it
 * @param notAfter a fact that is the due instant instead where it is nearer, and not past at `now`
 * @returns nothing where the row has no budget and the fact is missing
 * @throws Error where the row names a calendar that the record does not have
 */
export function lengthOf(
  limits: Limits,
  policy: PolicyRow,
  { from, now, dueFact, notAfter }: { from: number; now: number; dueFact?: unknown; notAfter?: unknown },
): Length | undefined {
  const calendar = calendarAt(limits, policy.calendar, now)
  if (!calendar)
    throw new Error(
      `Policy ${policy.id} names the calendar ${policy.calendar}, which the record does not have: add it or correct the policy`,
    )
  const given = policy.budget === undefined ? undefined : budgetMs(policy.budget)
  const date = instant(dueFact)
  if (date === undefined && given === undefined) return undefined
  const last = instant(notAfter)
  const usual =
    date === undefined ? addWorkingTime(calendar, from, given!) : given === undefined ? date : addWorkingTime(calendar, date, given)
  const nearer = last !== undefined && last > now && last < usual
  if (date === undefined && !nearer) return { calendar, budget: given!, used: 0, from, due: usual, dated: false }
  const due = nearer ? last : usual
  // A date gives no length. What lies before it is the budget; where that is less than usual, the rest counts as used.
  const left = workingTimeBetween(calendar, from, due)
  const budget = Math.max(given ?? DAY_MS, left)
  return { calendar, budget, used: budget - left, from, due, dated: true }
}

/**
 * A clock that starts.
 * @param openedAt the order's opening: the ladder is the one that held then
 * @returns nothing where the row has no budget and the fact is missing; see {@link lengthOf} for the rest
 */
export function startClock(
  limits: Limits,
  policy: PolicyRow,
  clock: string,
  { openedAt, ...when }: { from: number; now: number; openedAt: number; dueFact?: unknown; notAfter?: unknown },
): ClockSetData | undefined {
  const length = lengthOf(limits, policy, when)
  if (!length) return undefined
  const { calendar, budget, used, from, due } = length
  const pcts = ladderAt(limits, policy.ladder, openedAt)?.rungs.map(({ pct }) => pct) ?? [100]
  return {
    clock,
    cal: nameOf(calendar),
    budget,
    used,
    from,
    due,
    rungs: rungsOf(calendar, { from, due, budget, used }, pcts),
    ladder: policy.ladder,
    mark: policy.mark,
    policy: `${policy.id}@${policy.version}`,
    ...(isProvisional(calendar, from, due) && { provisional: true as const }),
  }
}

/** Working ms that a running clock has used by now. */
export const usedBy = (limits: Limits, clock: Clock, now: number): number =>
  clock.used + workingTimeBetween(calendarOf(limits, clock.cal), clock.from, now)

/** A paused clock that runs on: what it had used stays used, rungs that have fired stay fired. */
export function resumeClock(limits: Limits, clock: Clock, now: number): ClockSetData {
  const calendar = calendarOf(limits, clock.cal)
  // An overrun clock keeps the instant that it missed.
  const due = clock.used >= clock.budget ? clock.due : addWorkingTime(calendar, now, clock.budget - clock.used)
  return again(calendar, clock, { from: now, due, budget: clock.budget })
}

/** A clock with `by` working ms more. A rung that has fired does not fire again. */
export function extendClock(limits: Limits, clock: Clock, by: number): ClockSetData {
  const calendar = calendarOf(limits, clock.cal)
  return again(calendar, clock, { from: clock.from, due: addWorkingTime(calendar, clock.due, by), budget: clock.budget + by })
}

function again(calendar: Calendar, clock: Clock, next: { from: number; due: number; budget: number }): ClockSetData {
  const { used } = clock
  return {
    clock: clock.clock,
    cal: clock.cal,
    ...next,
    used,
    rungs: rungsOf(
      calendar,
      { ...next, used },
      clock.rungs.map(([pct]) => pct),
    ),
    ladder: clock.ladder,
    mark: clock.mark,
    policy: clock.policy,
    ...(isProvisional(calendar, next.from, next.due) && { provisional: true as const }),
  }
}

/** Percents of a budget, and when each of them is used up. */
export function rungsOf(
  calendar: Calendar,
  { from, due, budget, used }: { from: number; due: number; budget: number; used: number },
  pcts: readonly number[],
): [number, number][] {
  return [...pcts]
    .sort((a, b) => a - b)
    .map((pct) => [pct, pct === 100 ? due : addWorkingTime(calendar, from, Math.max(0, (budget * pct) / 100 - used))])
}
