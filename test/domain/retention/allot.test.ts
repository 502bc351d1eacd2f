import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Alarm, allot, byValue } from '../../../domain/retention/allot.ts'

const alarm = (customer: string, more: Partial<Alarm> = {}): Alarm => ({
  customer,
  manager: 'm1',
  valueClass: 'mid',
  points: 50,
  monthlyCharge: 5_000,
  keys: ['scorecard'],
  hasCase: false,
  recent: [],
  ...more,
})
const free = (entries: Record<string, number>) => new Map(Object.entries(entries))
const said = (alarms: Alarm[], ...rest: Parameters<typeof allot> extends [unknown, ...infer R] ? R : never) =>
  allot(alarms, ...rest).map(({ alarm: { customer }, why }) => [customer, why ?? 'opened'])

describe('the alarms of a run', () => {
  it('open cases of the best customers first, as many as their managers can take', () => {
    const alarms = [
      alarm('c1', { valueClass: 'low', points: 200 }),
      alarm('c2', { points: 60 }),
      alarm('c3', { points: 70 }),
      alarm('c4', { valueClass: 'high', points: 10 }),
      alarm('c5', { manager: 'm2', valueClass: null, points: null }),
      alarm('c6', { manager: 'm3' }),
      alarm('c7', { manager: null }),
    ]
    expect(said(alarms, { free: free({ m1: 2, m2: 1 }), run: 10 })).toEqual([
      ['c4', 'opened'],
      ['c3', 'opened'],
      ['c2', 'capacity'],
      ['c6', 'capacity'],
      ['c7', 'no-manager'],
      ['c1', 'capacity'],
      ['c5', 'opened'],
    ])
  })

  it('hold back who has a case, and whom the same reasons have brought one lately', () => {
    const alarms = [
      alarm('c1', { hasCase: true }),
      alarm('c2', { recent: ['scorecard'] }),
      alarm('c3', { recent: ['scorecard'], keys: ['scorecard', 'open-complaint'] }),
      alarm('c4', { recent: ['charge-change'] }),
    ]
    expect(said(alarms, { free: free({ m1: 9 }), run: 10 })).toEqual([
      ['c1', 'open-case'],
      ['c2', 'quiet'],
      ['c3', 'opened'],
      ['c4', 'opened'],
    ])
  })

  it('open no more than a run may, and need no manager where managers are no limit', () => {
    expect(said([alarm('c1', { manager: null }), alarm('c2'), alarm('c3')], { run: 2 })).toEqual([
      ['c1', 'opened'],
      ['c2', 'opened'],
      ['c3', 'run-full'],
    ])
  })

  const any = fc.record({
    manager: fc.option(fc.constantFrom('m1', 'm2', 'm3')),
    valueClass: fc.option(fc.constantFrom('high' as const, 'mid' as const, 'low' as const)),
    points: fc.option(fc.nat(5)),
    monthlyCharge: fc.nat(3),
    keys: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
    hasCase: fc.boolean(),
    recent: fc.subarray(['a', 'b', 'c']),
  })

  it('never open more than there is room for, and hold nobody back for room while a lesser one gets it', () => {
    fc.assert(
      fc.property(
        fc.array(any, { maxLength: 40 }),
        fc.record({ m1: fc.integer({ min: -2, max: 6 }), m2: fc.nat(6) }),
        fc.nat(20),
        (list, room, run) => {
          const alarms = list.map((one, i) => ({ ...one, customer: `c${i}` }))
          const result = allot(alarms, { free: free(room), run })
          expect(result.map(({ alarm: { customer } }) => customer).sort()).toEqual(alarms.map(({ customer }) => customer).sort())
          const opened = result.filter(({ why }) => why === undefined).map((one) => one.alarm)
          expect(opened.length).toBeLessThanOrEqual(run)
          for (const manager of ['m1', 'm2', 'm3'] as const)
            expect(opened.filter((one) => one.manager === manager).length).toBeLessThanOrEqual(Math.max(0, free(room).get(manager) ?? 0))
          for (const one of opened)
            expect(one.hasCase || one.manager === null || one.keys.every((key) => one.recent.includes(key))).toBe(false)
          for (const { alarm: waits, why } of result)
            if (why === 'capacity')
              expect(opened.filter((one) => one.manager === waits.manager).every((one) => byValue(one, waits) < 0)).toBe(true)
            else if (why === 'run-full') expect(opened.length).toBe(run)
          // The same whatever the order in which they were found.
          expect(allot(alarms.toReversed(), { free: free(room), run })).toEqual(result)
        },
      ),
    )
  })
})
