import { describe, expect, it } from 'vitest'
import { compileCalendar } from '../../../domain/calendar/calendar.ts'
import type { Clock } from '../../../domain/order/state.ts'
import { extendClock, resumeClock, startClock, usedBy } from '../../../domain/order/budget.ts'
import { bestPolicy, calendarOf, ladderAt, type Limits, type PolicyRow, type Subject } from '../../../domain/order/policy.ts'
import { calendarC, calendarW } from '../../../prisma/seed/calendars.ts'

const HOUR = 3_600_000
const china = (text: string) => Date.parse(`${text}+08:00`)
/** Monday. */
const MONDAY = china('2026-01-05T09:00')

let ids = 0
const row = (more: Partial<PolicyRow>): PolicyRow => ({
  id: String(++ids),
  version: 1,
  kind: 'complete',
  budget: '4h',
  calendar: 'C',
  ladder: 'standard',
  mark: 'default',
  validFrom: 0,
  ...more,
})
const limits = (...policies: PolicyRow[]): Limits => ({
  policies,
  ladders: [
    { id: 'standard', version: 1, validFrom: 0, rungs: [80, 100, 150, 200].map((pct) => ({ pct, to: [] })) },
    { id: 'standard', version: 2, validFrom: MONDAY, rungs: [{ pct: 100, to: [] }] },
  ],
  calendars: [
    { calendar: compileCalendar(calendarC), validFrom: 0 },
    { calendar: compileCalendar(calendarW), validFrom: 0 },
  ],
})
const start = (policy: PolicyRow, more: { from?: number; now?: number; openedAt?: number; dueFact?: unknown; notAfter?: unknown } = {}) => {
  const { from = MONDAY, now = MONDAY, openedAt = MONDAY - 1, dueFact, notAfter } = more
  return startClock(limits(policy), policy, 'a.1/complete', { from, now, openedAt, dueFact, notAfter })
}
const asClock = (data: NonNullable<ReturnType<typeof start>>): Clock => ({ ...data, fired: [] })

describe('bestPolicy', () => {
  const subject: Subject = {
    product: '800',
    productGroup: 'voice-800',
    customerGrade: 'local-a',
    circuitGrade: 'B',
    tags: ['industry', 'brand'],
  }
  const of = { kind: 'complete' as const, process: 'p', step: 's' }
  const find = (...rows: PolicyRow[]) => bestPolicy(limits(...rows), of, subject, MONDAY)

  it('takes the row with most named columns, wherever it stands', () => {
    const general = row({})
    const process = row({ process: 'p' })
    const step = row({ process: 'p', step: 's' })
    const group = row({ process: 'p', step: 's', productGroup: 'voice-800' })
    const grade = row({ process: 'p', step: 's', productGroup: 'voice-800', customerGrade: 'local-a' })
    const tag = row({ process: 'p', step: 's', productGroup: 'voice-800', customerGrade: 'local-a', tag: 'industry' })
    const all = [general, process, step, group, grade, tag]
    all.forEach((expected, i) => {
      expect(find(...all.slice(0, i + 1))).toBe(expected)
      expect(find(...all.slice(0, i + 1).reverse())).toBe(expected)
    })
  })

  it('breaks a tie by the more telling column, not by chance', () => {
    const byTag = row({ productGroup: 'voice-800', tag: 'industry' })
    const byGrade = row({ productGroup: 'voice-800', customerGrade: 'local-a' })
    expect(find(byGrade, byTag)).toBe(byTag)
    expect(find(byTag, byGrade)).toBe(byTag)
  })

  it.each([
    ['another process', { process: 'q' }],
    ['another step', { step: 't' }],
    ['another product', { product: '4008' }],
    ['another group', { productGroup: 'desk' }],
    ['another grade', { customerGrade: 'group' }],
    ['another circuit grade', { circuitGrade: 'A' }],
    ['a tag that the customer does not have', { tag: 'high-end-cluster' }],
    ['another kind', { kind: 'accept' as const }],
    ['an order clock', { clock: 'repair' }],
    ['a row not yet valid', { validFrom: MONDAY + 1 }],
    ['a row no longer valid', { validTo: MONDAY }],
  ])('passes over %s', (_what, wrong) => {
    expect(find(row(wrong))).toBeUndefined()
  })

  it('goes by the instant that it is given: a later change of the table leaves an order alone', () => {
    const old = row({ validTo: MONDAY + HOUR })
    const next = row({ validFrom: MONDAY + HOUR })
    expect(bestPolicy(limits(old, next), of, subject, MONDAY)).toBe(old)
    expect(bestPolicy(limits(old, next), of, subject, MONDAY + HOUR)).toBe(next)
  })

  it('takes the ladder and calendar of the time', () => {
    expect(ladderAt(limits(), 'standard', MONDAY - 1)?.version).toBe(1)
    expect(ladderAt(limits(), 'standard', MONDAY)?.version).toBe(2)
    expect(ladderAt(limits(), 'gone', MONDAY)).toBeUndefined()
    expect(() => calendarOf(limits(), 'W@9')).toThrow(/W@9/)
  })
})

describe('startClock', () => {
  it('counts round the clock', () => {
    const policy = row({ budget: '10h' })
    expect(start(policy)).toEqual({
      clock: 'a.1/complete',
      cal: 'C@1',
      budget: 10 * HOUR,
      used: 0,
      from: MONDAY,
      due: MONDAY + 10 * HOUR,
      rungs: [80, 100, 150, 200].map((pct) => [pct, MONDAY + pct * (HOUR / 10)]),
      ladder: 'standard',
      mark: 'default',
      policy: `${policy.id}@1`,
    })
  })

  it('counts working time over lunch, night and weekend', () => {
    // Friday 16:00, 8 working hours: 2 on Friday, 3.5 before lunch on Monday, 2.5 after it.
    const friday = china('2026-01-09T16:00')
    const clock = start(row({ budget: '1WD', calendar: 'W' }), { from: friday, now: friday })!
    expect(clock.due).toBe(china('2026-01-12T16:00'))
    expect(clock.rungs).toEqual([
      [80, china('2026-01-12T14:24')],
      [100, china('2026-01-12T16:00')],
      [150, china('2026-01-13T10:30')],
      [200, china('2026-01-13T16:00')],
    ])
    expect(clock.provisional).toBeUndefined()
  })

  it('says when the year has no published holidays', () => {
    const later = china('2030-03-04T09:00')
    expect(start(row({ calendar: 'W' }), { from: later, now: later })?.provisional).toBe(true)
    expect(start(row({}), { from: later, now: later })?.provisional).toBeUndefined()
  })

  it('runs from an earlier mark, and is then late from the start', () => {
    expect(start(row({ budget: '1h' }), { from: MONDAY - 2 * HOUR })).toMatchObject({ from: MONDAY - 2 * HOUR, due: MONDAY - HOUR })
  })

  it('ends at a date, with the budget on top', () => {
    const appointment = china('2026-01-07T10:00')
    const clock = start(row({ budget: '1WD', calendar: 'W' }), { dueFact: appointment })!
    expect(clock.due).toBe(china('2026-01-08T10:00'))
    // 7.5 hours on Monday, two days, 1.5 hours on Thursday.
    expect(clock).toMatchObject({ used: 0, budget: 25 * HOUR })
    expect(start(row({ budget: undefined, calendar: 'W' }), { dueFact: appointment })!.due).toBe(appointment)
  })

  it('counts what a near date lacks of the usual length as used', () => {
    const clock = start(row({ budget: undefined }), { dueFact: MONDAY + HOUR })!
    expect(clock).toMatchObject({ budget: 8 * HOUR, used: 7 * HOUR, due: MONDAY + HOUR })
    expect(clock.rungs).toEqual([
      [80, MONDAY],
      [100, MONDAY + HOUR],
      [150, MONDAY + 5 * HOUR],
      [200, MONDAY + 9 * HOUR],
    ])
  })

  it.each([[undefined], ['soon'], [-5], [1.5], [Number.MAX_SAFE_INTEGER], [Number.NaN]])(
    'without a date (%s) takes the budget, and without that none',
    (dueFact) => {
      expect(start(row({ budget: '1h' }), { dueFact })?.due).toBe(MONDAY + HOUR)
      expect(start(row({ budget: undefined }), { dueFact })).toBeUndefined()
    },
  )

  it.each([
    ['nearer', MONDAY + 4 * HOUR, MONDAY + 4 * HOUR],
    ['the very instant', MONDAY + 10 * HOUR, MONDAY + 10 * HOUR],
    ['farther', MONDAY + 11 * HOUR, MONDAY + 10 * HOUR],
    ['past', MONDAY - HOUR, MONDAY + 10 * HOUR],
    ['now', MONDAY, MONDAY + 10 * HOUR],
    ['no instant', 'soon', MONDAY + 10 * HOUR],
    ['not there', undefined, MONDAY + 10 * HOUR],
  ])('is due at a last instant that is %s', (_what, notAfter, due) => {
    expect(start(row({ budget: '10h' }), { notAfter })).toMatchObject({
      due,
      budget: 10 * HOUR,
      used: due === MONDAY + 4 * HOUR ? 6 * HOUR : 0,
    })
  })

  it('spreads its rungs to a last instant as to a date: what is lacking of the usual length counts as used', () => {
    expect(start(row({ budget: '10h' }), { notAfter: MONDAY + 4 * HOUR })!.rungs).toEqual([
      [80, MONDAY + 2 * HOUR],
      [100, MONDAY + 4 * HOUR],
      [150, MONDAY + 9 * HOUR],
      [200, MONDAY + 14 * HOUR],
    ])
    // At night, on working days: nothing of the length is left, and the rungs beyond it still come after it.
    const evening = china('2026-01-05T18:30')
    expect(
      start(row({ budget: '1WD', calendar: 'W' }), { from: evening, now: evening, notAfter: china('2026-01-05T23:00') }),
    ).toMatchObject({
      due: china('2026-01-05T23:00'),
      rungs: [
        [80, evening],
        [100, china('2026-01-05T23:00')],
        [150, china('2026-01-06T14:00')],
        [200, china('2026-01-06T18:00')],
      ],
    })
  })

  it('is due at the nearer of an agreed date and a last instant', () => {
    const dates = { dueFact: MONDAY + 20 * HOUR, notAfter: MONDAY + 16 * HOUR }
    expect(start(row({ budget: undefined }), dates)).toMatchObject({ due: MONDAY + 16 * HOUR, budget: 16 * HOUR, used: 0 })
    expect(start(row({ budget: undefined }), { notAfter: MONDAY + HOUR })).toBeUndefined()
  })

  it('says which row names a calendar that there is not', () => {
    expect(() => start(row({ calendar: 'X' }))).toThrow(/names the calendar X/)
  })
})

describe('a running clock', () => {
  const policy = row({ budget: '10h' })
  const table = limits(policy)

  it('keeps what it used over a pause, and does not fire twice', () => {
    const clock = asClock(start(policy)!)
    const used = usedBy(table, clock, MONDAY + 9 * HOUR)
    expect(used).toBe(9 * HOUR)
    const paused: Clock = {
      ...clock,
      used,
      from: MONDAY + 9 * HOUR,
      rungs: clock.rungs.filter(([pct]) => pct !== 80),
      fired: [80],
      paused: { party: 'customer', reason: '' },
    }
    const resumed = resumeClock(table, paused, MONDAY + 30 * HOUR)
    expect(resumed).toMatchObject({ budget: 10 * HOUR, used: 9 * HOUR, from: MONDAY + 30 * HOUR, due: MONDAY + 31 * HOUR })
    expect(resumed.rungs).toEqual([
      [100, MONDAY + 31 * HOUR],
      [150, MONDAY + 36 * HOUR],
      [200, MONDAY + 41 * HOUR],
    ])
  })

  it('keeps the instant that it missed when it was overdue before the pause', () => {
    const clock = asClock(start(policy)!)
    const paused: Clock = {
      ...clock,
      used: 12 * HOUR,
      from: MONDAY + 12 * HOUR,
      rungs: clock.rungs.filter(([pct]) => pct > 100),
      fired: [80, 100],
    }
    const resumed = resumeClock(table, paused, MONDAY + 20 * HOUR)
    expect(resumed.due).toBe(MONDAY + 10 * HOUR)
    expect(resumed.rungs).toEqual([
      [150, MONDAY + 23 * HOUR],
      [200, MONDAY + 28 * HOUR],
    ])
  })

  it('is extended by working time of its own calendar', () => {
    const office = row({ budget: '4h', calendar: 'W' })
    const clock = asClock(start(office)!)
    const longer = extendClock(limits(office), clock, 4 * HOUR)
    expect(longer).toMatchObject({ from: MONDAY, budget: 8 * HOUR, used: 0, due: china('2026-01-06T09:00') })
    expect(longer.rungs.map(([, at]) => at)).toEqual(
      ['2026-01-05T16:54', '2026-01-06T09:00', '2026-01-06T14:30', '2026-01-07T09:00'].map(china),
    )
  })
})
