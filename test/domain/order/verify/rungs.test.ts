/** A rung that fires again, for an offer made anew, is a row of its own: the auditor looks at both. */
import { expect, it } from 'vitest'
import type { ClockSetData, OrderEvent } from '../../../../domain/order/event.ts'
import { chainHash, GENESIS } from '../../../../domain/order/hash.ts'
import { eventRows } from '../../../../domain/order/rows/order.ts'
import { checkRecord } from '../../../../domain/order/verify/check.ts'
import type { KeptEvent, KeptOrder, Row } from '../../../../domain/order/verify/kept.ts'
import { told } from '../../../../domain/order/verify/told.ts'
import { sampleSpec } from '../../../support/sample.ts'

const at = Date.UTC(2026, 0, 5, 1)
const actor = { kind: 'system', id: 'planner' } as const
const clock = 'draft.1/accept'
const set = (from: number): ClockSetData => ({
  clock,
  cal: 'C@1',
  budget: 100,
  used: 0,
  from,
  due: from + 100,
  rungs: [[80, from + 80]],
  ladder: 'standard',
  mark: 'default',
  policy: '1@1',
})
const fired = (from: number, now: number) => ({
  type: 'rung-fired' as const,
  at: now,
  data: { clock, pct: 80, due: from + 80, late: now - from - 80 },
})
const opened = { process: 'sample', customer: 'c1', title: 't', region: '/cn', facts: {}, priority: 3 }
const events = [
  { type: 'order-opened' as const, at, data: opened },
  { type: 'task-opened' as const, at, data: { task: 'draft.1', step: 'draft', n: 1 } },
  { type: 'clock-set' as const, at, data: set(at) },
  fired(at, at + 90),
  { type: 'task-refused' as const, at: at + 95, data: { task: 'draft.1', reason: 'no', times: 1 } },
  { type: 'clock-set' as const, at: at + 95, data: set(at + 95) },
  fired(at + 95, at + 180),
].map((event, i): OrderEvent => ({ ...event, seq: i + 1, actor }))

function kept(): KeptOrder {
  const hashes: string[] = []
  for (const event of events) hashes.push(chainHash(hashes.at(-1) ?? GENESIS, event))
  const { order, tasks, signatures, clocks, rungs } = told(sampleSpec, 'o1', [{ events, hashes }])
  const rows = (of: ReadonlyMap<string, Row>) => [...of.values()]
  const history = eventRows(events, hashes, GENESIS, events.length) as unknown as KeptEvent[]
  return { id: 'o1', order, events: history, tasks: rows(tasks), signatures: rows(signatures), clocks: rows(clocks), rungs: rows(rungs) }
}

it('keeps both, in whatever order they are read', () => {
  const order = kept()
  expect(order.rungs).toHaveLength(2)
  expect(checkRecord(sampleSpec, order).rows).toBeUndefined()
  expect(checkRecord(sampleSpec, { ...order, rungs: [...order.rungs].reverse() }).rows).toBeUndefined()
})

it('finds an edit of the first, and its loss', () => {
  const order = kept()
  const [first, second] = order.rungs
  expect(checkRecord(sampleSpec, { ...order, rungs: [{ ...first, late_ms: 0 }, second!] }).rows).toMatchObject({
    table: 'rung',
    field: 'late_ms',
  })
  expect(checkRecord(sampleSpec, { ...order, rungs: [second!] }).rows).toMatchObject({ table: 'rung', told: first, kept: null })
})
