/** What an order is promised, how that moved, and what it rests on. */
import type pg from 'pg'
import { formatBudget } from '../../domain/calendar/duration.ts'
import { PROMISE } from '../../domain/order/clocks.ts'
import { subjectOf } from '../../domain/order/plan.ts'
import { type PromiseLine, promiseOf } from '../../domain/order/promise.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { limitsVersion, type SubjectColumns, subjectColumns } from '../../prisma/reference.ts'
import { Prisma } from '../../prisma/generated/client.ts'
import { limitsOf } from './limits.ts'
import { rows, sql } from './sql.ts'

interface Found extends SubjectColumns {
  version: string
  state: OrderState
  /** Each time that the promise was set. */
  sets: { seq: number; at: string; due: number }[]
}

const iso = (ms: number) => new Date(ms).toISOString()

/** Reckoned from the state and at the instant of the order's latest move, as the recorder did. Nothing where there is no such order. */
export async function promiseOfOrder(pool: pg.Pool, order: string, specOf: (process: string) => ProcessSpec | undefined) {
  const [found] = await rows<Found>(
    pool,
    sql`SELECT ${Prisma.raw(limitsVersion)} AS version, o.state, ${Prisma.raw(subjectColumns)},
               (SELECT coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'at', e.at, 'due', e.data -> 'due') ORDER BY e.seq), '[]')
                  FROM order_event e WHERE e.order_id = o.id AND e.type = 'clock-set' AND e.data ->> 'clock' = ${PROMISE}) AS sets
          FROM orders o WHERE o.id = ${order}`,
  )
  if (!found) return undefined
  const { state, sets, version, customer, service } = found
  const spec = specOf(state.process)
  if (!spec) throw new Error(`order ${order} has the unknown process ${state.process}`)
  const limits = await limitsOf(pool, version)
  const subject = subjectOf(state, { ...(customer && { customer }), ...(service && { service }) })
  const reckoned = state.status === 'open' ? promiseOf({ spec, specOf, state, limits, subject, now: state.at }) : undefined
  const [first] = sets
  const last = sets.at(-1)
  return {
    order,
    at: last ? iso(last.due) : null,
    firstAt: first ? iso(first.due) : null,
    moves: sets.slice(1).map(({ seq, at, due }, i) => ({ seq, at: new Date(at).toISOString(), from: iso(sets[i]!.due), to: iso(due) })),
    expectedAt: reckoned && reckoned.at > state.at ? iso(reckoned.at) : null,
    lines: (reckoned?.lines ?? []).map((line) => shown(line, specOf(line.process ?? state.process))),
  }
}

const shown = (
  { step, process, key, why, child, clock, budgetMs, calendar, mark, policy, from, until }: PromiseLine,
  spec: ProcessSpec | undefined,
) => ({
  step,
  title: spec?.steps[step]?.title ?? { en: step, zh: step },
  process: process ?? null,
  key: key ?? null,
  why,
  child: child ?? null,
  clock: clock ?? null,
  limit: budgetMs === undefined ? null : { en: formatBudget(budgetMs, 'en'), zh: formatBudget(budgetMs, 'zh') },
  calendar: calendar ?? null,
  mark: mark ?? null,
  policy: policy ?? null,
  from: iso(from),
  until: iso(until),
})
