/** The clock of the promise: set when an order opens, and again when what can be promised has moved. */
import { type Calendar, isProvisional, workingTimeBetween } from '../calendar/calendar.ts'
import { rungsOf } from './budget.ts'
import { PROMISE } from './clocks.ts'
import type { EventBody } from './event.ts'
import { calendarOf, ladderAt, nameOf } from './policy.ts'
import { type PromiseInput, promisedAt, type PromiseLine, promiseOf } from './promise.ts'

/**
 * A promise that came forward or back by less than an hour of work is still the same one: nobody plans by it to the minute, and an order
 * that keeps roughly to its limits should not tell its customer another time at every move.
 */
export const MOVED_MS = 3_600_000

const LADDER = 'promise'

/** The event that sets the promise, where there is none yet or it has moved. A rung fires once, however often the promise moves. */
export function planPromise(input: PromiseInput): EventBody[] {
  const { state, limits, now } = input
  const at = promisedAt(input)
  // Where nothing that remains has a limit there is nothing to promise by: what was promised stands, kept or missed.
  if (at <= now) return []
  const was = state.clocks[PROMISE]
  if (was && Math.abs(at - was.due) < MOVED_MS) return []
  const calendar = was ? calendarOf(limits, was.cal) : calendarFor(input, promiseOf(input).lines)
  if (!calendar || (was && workingTimeBetween(calendar, Math.min(at, was.due), Math.max(at, was.due)) < MOVED_MS)) return []

  const from = state.openedAt
  const budget = workingTimeBetween(calendar, from, at)
  const fired = was?.fired ?? []
  const pcts = (ladderAt(limits, LADDER, from)?.rungs.map(({ pct }) => pct) ?? [80, 100]).filter((pct) => !fired.includes(pct))
  // A rung that would have fired had the promise always been this one fires now, and is not late.
  const rungs = rungsOf(calendar, { from, due: at, budget, used: 0 }, pcts).map(([pct, due]) => [pct, Math.max(now, due)] as const)
  const data = {
    clock: PROMISE,
    cal: nameOf(calendar),
    budget,
    used: 0,
    from,
    due: at,
    rungs,
    ladder: LADDER,
    mark: 'default',
    policy: 'promise@1',
    ...(isProvisional(calendar, from, at) && { provisional: true as const }),
  }
  return [{ type: 'clock-set', data }]
}

/** Working days, unless every limit on the way runs round the clock. */
function calendarFor({ limits }: PromiseInput, lines: readonly PromiseLine[]): Calendar | undefined {
  const found = lines.flatMap(({ calendar }) => (calendar === undefined ? [] : [calendarOf(limits, calendar)]))
  return found.find(({ continuous }) => !continuous) ?? found[0]
}
