import { describe, expect, it } from 'vitest'
import type { Session } from '../../../cli/simulate/api.ts'
import { flaw, hasWayOn, verifyAll } from '../../../cli/simulate/verify.ts'
import { aClock, aTask, anOrder } from './fixtures.ts'

const sound = { order: 'o', events: 9, head: 'h', ok: true, chain: null, rows: null, body: null }
const at = (of: string) => ({ of, field: 'hash', told: 'a', kept: 'b' })
const closedAt = '2026-01-05T01:00:00.000Z'

describe('a history', () => {
  it.each([
    [{}, undefined],
    [{ ok: false, chain: at('4') }, 'its chain is broken at event 4'],
    [{ ok: false, rows: { table: 'task', ...at('visit.1') } }, 'task visit.1 hash is not what its events tell'],
    [{ ok: false, body: 'the body failed' }, 'the body failed'],
    [{ ok: false }, 'its history does not verify'],
  ])('%j: %s', (change, expected) => {
    expect(flaw({ ...sound, ...change })).toBe(expected)
  })
})

describe('an open order', () => {
  const child = { id: 'c', no: null, process: 'p', status: 'open', end: null, key: 'k' }
  it.each([
    ['with an open task', anOrder([aTask()]), true],
    ['with closed tasks only', anOrder([aTask({ closedAt })]), false],
    ['with a running clock', anOrder([], { clocks: [aClock()] }), true],
    ['with a stopped clock', anOrder([], { clocks: [aClock({ stoppedAt: closedAt })] }), false],
    ['with a paused clock', anOrder([], { clocks: [aClock({ pausedAt: closedAt })] }), false],
    ['with a child at work', anOrder([], { children: [child] }), true],
    ['with an ended child', anOrder([], { children: [{ ...child, status: 'closed' }] }), false],
  ])('%s', (_, order, expected) => {
    expect(hasWayOn(order)).toBe(expected)
  })
})

describe('the verification', () => {
  it('reads every touched history, every page of open orders and of stray resources, and names what it finds', async () => {
    const summary = (id: string, tasks: number) => ({ id, tasks: Array(tasks).fill({}) })
    const asked: string[] = []
    const answers: Record<string, unknown> = {
      '/orders/a/verification': sound,
      '/orders/b/verification': { ...sound, ok: false, chain: at('3') },
      '/orders?status=open%2Cwithdrawing&limit=200': { items: [summary('a', 1), summary('d', 0)], page: { next: 'X' } },
      '/orders?status=open%2Cwithdrawing&limit=200&cursor=X': { items: [summary('e', 0), summary('f', 0)], page: { next: null } },
      '/resources?stray=true&limit=200': {
        items: [{ no: 'NJ-C0001', state: 'reserved', hold: { order: { id: 'c' } } }],
        page: { next: 'Y' },
      },
      '/resources?stray=true&limit=200&cursor=Y': {
        items: [{ no: 'NJ-C0002', state: 'used', hold: { order: null } }],
        page: { next: null },
      },
      '/orders/d': anOrder([], { clocks: [aClock()] }),
      '/orders/e': anOrder([]),
      // It has ended since the list was read.
      '/orders/f': anOrder([], { status: 'closed' }),
    }
    const auditor = {
      get: (path: string) => {
        asked.push(path)
        return Promise.resolve(
          path in answers ? { ok: true, status: 200, body: answers[path] } : { ok: false, status: 404, code: 'NOT_FOUND', fields: [] },
        )
      },
    } as unknown as Session
    expect(await verifyAll(auditor, ['a', 'b', 'gone'])).toEqual({
      histories: 3,
      events: 18,
      open: 4,
      stray: 2,
      problems: [
        { order: 'b', what: 'its chain is broken at event 3' },
        { order: 'gone', what: "its history can't be read: NOT_FOUND" },
        { order: 'e', what: 'is open without a task, a timer or a child' },
        { order: 'c', what: 'has ended, and NJ-C0001 is still reserved' },
        { order: '-', what: 'has ended, and NJ-C0002 is still used' },
      ],
    })
    expect(asked).not.toContain('/orders/a')
  })
})
