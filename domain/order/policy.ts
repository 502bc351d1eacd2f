/** Limits: which policy row holds, and what becomes of a clock's budget when it starts, pauses, resumes and is extended. */
import { addWorkingTime, type Calendar, isProvisional, workingTimeBetween } from '../calendar/calendar.ts'
import { budgetMs } from '../calendar/duration.ts'
import type { ClockSetData } from './event.ts'
import type { Clock } from './state.ts'

/** A limit as its row holds it. Absent columns match anything. Instants in epoch ms. */
export interface PolicyRow {
  id: string
  version: number
  kind: 'dispatch' | 'accept' | 'complete' | 'order'
  clock?: string
  process?: string
  step?: string
  productGroup?: string
  product?: string
  customerGrade?: string
  circuitGrade?: string
  tag?: string
  budget?: string
  calendar: string
  ladder: string
  mark: string
  validFrom: number
  validTo?: number
}

export interface LadderRow {
  id: string
  version: number
  /** Percent of the budget, who is told, and in which words. */
  rungs: readonly { pct: number; to: readonly string[]; template?: string }[]
  validFrom: number
}

/** Everything that limits are made of, in all versions. */
export interface Limits {
  policies: readonly PolicyRow[]
  ladders: readonly LadderRow[]
  calendars: readonly { calendar: Calendar; validFrom: number }[]
}

/** What an order is about, as far as limits go by it (P-14 rule 2). */
export interface Subject {
  productGroup?: string
  product?: string
  customerGrade?: string
  circuitGrade?: string
  tags: readonly string[]
}

/** A working day, for limits that are a date and have no length of their own. */
const DAY_MS = 8 * 3_600_000
/** Instants that a form may have brought but that no calendar covers. */
const EARLIEST_MS = Date.UTC(1971, 0, 1)
const LATEST_MS = Date.UTC(2150, 0, 1)

/** Columns from the most telling on: where as many are named, the row with the more telling one wins. */
const columns = ['tag', 'product', 'circuitGrade', 'customerGrade', 'productGroup', 'step', 'process'] as const

/** The versioned row that held at an instant; the first ever, where the instant is older than all. */
function versionAt<T extends { validFrom: number }>(rows: readonly T[], at: number): T | undefined {
  const inOrder = [...rows].sort((a, b) => a.validFrom - b.validFrom)
  return inOrder.findLast((row) => row.validFrom <= at) ?? inOrder[0]
}

/** The ladder of this name as it was at an instant. */
export const ladderAt = (limits: Limits, id: string, at: number): LadderRow | undefined =>
  versionAt(
    limits.ladders.filter((row) => row.id === id),
    at,
  )

/** The calendar that a clock began with: `W@1`. @throws Error when the record has lost it */
export function calendarOf(limits: Limits, cal: string): Calendar {
  const found = limits.calendars.find(({ calendar }) => `${calendar.id}@${calendar.version}` === cal)
  if (!found) throw new Error(`The record has no calendar ${cal}: put the row back, versions are never deleted`)
  return found.calendar
}

/**
 * The policy row that holds for a task or an order clock: the one with the most named columns among those that match.
 * @param at the order's opening, so that a later change of the table leaves running orders alone (P-14 rule 4)
 */
export function bestPolicy(
  limits: Limits,
  of: { kind: PolicyRow['kind']; process: string; step?: string; clock?: string },
  subject: Subject,
  at: number,
): PolicyRow | undefined {
  const wanted: Record<(typeof columns)[number], string | undefined> = {
    tag: undefined,
    product: subject.product,
    circuitGrade: subject.circuitGrade,
    customerGrade: subject.customerGrade,
    productGroup: subject.productGroup,
    step: of.step,
    process: of.process,
  }
  let best: PolicyRow | undefined
  let bestRank = -1
  for (const row of limits.policies) {
    if (row.kind !== of.kind || row.clock !== of.clock || row.validFrom > at || (row.validTo !== undefined && row.validTo <= at)) continue
    let rank = 0
    const matches = columns.every((column, i) => {
      const value = row[column]
      if (value === undefined) return true
      rank += 1000 + (1 << (columns.length - 1 - i))
      return column === 'tag' ? subject.tags.includes(value) : value === wanted[column]
    })
    if (matches && rank > bestRank) {
      best = row
      bestRank = rank
    }
  }
  return best
}

/** An instant that a form brought, or nothing where it is none. */
const instant = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= EARLIEST_MS && value < LATEST_MS ? value : undefined

/**
 * A clock that starts.
 * @param from anchor (epoch ms): the opening of the task or an earlier mark
 * @param dueFact a fact that is the due instant; the policy's budget then comes on top of it
 * @returns nothing where the row has no budget and the fact is missing
 */
export function startClock(
  limits: Limits,
  policy: PolicyRow,
  clock: string,
  { from, now, openedAt, dueFact }: { from: number; now: number; openedAt: number; dueFact?: unknown },
): ClockSetData | undefined {
  const calendar = versionAt(
    limits.calendars.filter((row) => row.calendar.id === policy.calendar),
    now,
  )?.calendar
  if (!calendar)
    throw new Error(
      `Policy ${policy.id} names the calendar ${policy.calendar}, which the record does not have: add it or correct the policy`,
    )
  const given = policy.budget === undefined ? undefined : budgetMs(policy.budget)
  const date = instant(dueFact)
  if (date === undefined && given === undefined) return undefined
  let budget = given ?? DAY_MS
  let used = 0
  let due: number
  if (date === undefined) due = addWorkingTime(calendar, from, budget)
  else {
    // A date gives no length. What lies before it is the budget; where that is less than usual, the rest counts as used.
    due = given === undefined ? date : addWorkingTime(calendar, date, given)
    const left = workingTimeBetween(calendar, from, due)
    budget = Math.max(budget, left)
    used = budget - left
  }
  const pcts = ladderAt(limits, policy.ladder, openedAt)?.rungs.map(({ pct }) => pct) ?? [100]
  return {
    clock,
    cal: `${calendar.id}@${calendar.version}`,
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

function rungsOf(
  calendar: Calendar,
  { from, due, budget, used }: { from: number; due: number; budget: number; used: number },
  pcts: readonly number[],
): [number, number][] {
  return [...pcts]
    .sort((a, b) => a - b)
    .map((pct) => [pct, pct === 100 ? due : addWorkingTime(calendar, from, Math.max(0, (budget * pct) / 100 - used))])
}
