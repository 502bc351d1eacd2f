import { describe, expect, it } from 'vitest'
import { differences } from '../../../domain/order/differences.ts'
import type { OrderEvent } from '../../../domain/order/event.ts'
import { ledgers } from '../../../domain/order/ledger.ts'

describe('differences', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['nothing', { a: 1, b: [1] }, { b: [1], a: 1 }, []],
    ['a leaf', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: ['a', 'b'], from: 1, to: 2 }]],
    ['what is new as a whole', {}, { a: { b: 1 } }, [{ path: ['a'], from: undefined, to: { b: 1 } }]],
    ['what is gone', { a: 1 }, {}, [{ path: ['a'], from: 1, to: undefined }]],
    ['a list as a whole', { a: [1, 2] }, { a: [2] }, [{ path: ['a'], from: [1, 2], to: [2] }]],
  ])('%s', (_what, from, to, expected) => {
    expect(differences(from, to)).toEqual(expected)
  })
})

describe('ledgers', () => {
  const actor = { kind: 'person' as const, id: 'p' }
  const set = (at: number, due: number) => ({
    type: 'clock-set',
    at,
    seq: at,
    actor,
    data: { clock: 'a.1/complete', cal: 'C@1', budget: 10, used: 0, from: at, due, rungs: [], ladder: 'l', mark: 'given', policy: '1@1' },
  })
  const event = (type: string, at: number, data: object) => ({ type, at, seq: at, actor, data })

  it('tell a start from a resumption, an extension and a limit that moved', () => {
    const events = [
      set(1, 11),
      event('task-suspended', 3, { task: 'a.1', reason: 'r', party: 'vendor' }),
      event('clock-paused', 3, { clock: 'a.1/complete', used: 2 }),
      event('task-resumed', 7, { task: 'a.1' }),
      set(7, 15),
      event('limit-extended', 8, { clock: 'a.1/complete', by: 5, reason: 'e' }),
      set(8, 20),
      set(9, 21),
      event('rung-fired', 21, { clock: 'a.1/complete', pct: 100, due: 21, late: 0 }),
      event('clock-stopped', 22, { clock: 'a.1/complete' }),
    ] as unknown as OrderEvent[]
    expect(
      ledgers(events)
        .get('a.1/complete')!
        .map(({ what, party, reason, by }) => [what, party, reason, by]),
    ).toEqual([
      ['started', undefined, undefined, undefined],
      ['paused', 'vendor', 'r', undefined],
      ['resumed', undefined, undefined, 4],
      ['extended', undefined, 'e', 5],
      ['set', undefined, undefined, undefined],
      ['rung', undefined, undefined, undefined],
      ['stopped', undefined, undefined, undefined],
    ])
  })
})
