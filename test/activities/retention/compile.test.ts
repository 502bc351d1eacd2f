/** The compiled SQL against the pure rules. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastMonth, measureSql, pointsSql, raisesSql, reachesSql } from '../../../activities/retention/compile.ts'
import { raises, type Rule } from '../../../domain/retention/rules.ts'
import { pointsOf } from '../../../domain/retention/scorecard.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { profile, scorecard } from '../../domain/retention/arbitrary.ts'
import { AT, DAY, Fixtures } from './fixtures.ts'

let database: TestDatabase
let fixtures: Fixtures
beforeAll(async () => {
  database = await createTestDatabase()
  fixtures = new Fixtures(database.pool)
  await fixtures.manager('m1')
})
afterAll(() => database.drop())

describe('a scorecard as SQL', () => {
  it('gives the points and the alarm that the pure card gives', async () => {
    const profiles = fc.sample(profile, { numRuns: 120, seed: 5 })
    const ids: string[] = []
    for (const who of profiles) {
      const id = await fixtures.customer({ profile: null })
      await fixtures.profile(id, who)
      ids.push(id)
    }
    await fc.assert(
      fc.asyncProperty(scorecard, async (card) => {
        const { rows } = await database.pool.query<{ id: string; points: number; reached: boolean }>(
          `SELECT id, points, ${reachesSql(card, 'points', 'value_class')} AS reached FROM (SELECT c.id, p.value_class, ${pointsSql(card)} AS points
             FROM customer c JOIN customer_profile p ON p.customer_id = c.id WHERE c.id = ANY ($1)) x ORDER BY id`,
          [ids],
        )
        expect(rows).toEqual(
          profiles.map((who, i) => {
            const { points } = pointsOf(card, who)
            return { id: ids[i], points, reached: points >= card.cutoff[who.valueClass] }
          }),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('has no points and no alarm for whom there is no profile', async () => {
    const [card] = fc.sample(scorecard, { numRuns: 1, seed: 1 })
    const id = await fixtures.customer({ profile: null })
    const { rows } = await database.pool.query(
      `SELECT points, ${reachesSql(card!, 'points', 'value_class')} AS reached FROM (SELECT p.value_class, ${pointsSql(card!)} AS points
         FROM customer c LEFT JOIN customer_profile p ON p.customer_id = c.id WHERE c.id = $1) x`,
      [id],
    )
    expect(rows).toEqual([{ points: null, reached: false }])
  })
})

describe('a rule as SQL', () => {
  const measure = async (id: string, rule: Rule, at = AT) => {
    const { rows } = await database.pool.query<{ m: number | null; raised: boolean }>(
      `SELECT m, ${raisesSql(rule, 'm')} AS raised FROM (SELECT ${measureSql(rule, '$2::timestamptz')} AS m FROM customer c
         LEFT JOIN customer_profile p ON p.customer_id = c.id LEFT JOIN ${lastMonth('$2::timestamptz')} l ON true WHERE c.id = $1 AND $2::timestamptz IS NOT NULL) x`,
      [id, new Date(at)],
    )
    expect(rows[0]!.raised).toBe(raises(rule, rows[0]!.m))
    return rows[0]!.m
  }

  it.each<[Record<string, number>, number | null]>([
    [{ '2026-09': 10_000, '2026-10': 13_000 }, 30],
    [{ '2026-09': 10_000, '2026-10': 12_999 }, 30],
    [{ '2026-09': 10_000, '2026-10': 12_994 }, 29.9],
    [{ '2026-09': 10_000, '2026-10': 7_000 }, -30],
    [{ '2026-09': 10_000, '2026-10': 5_000, '2026-11': 20_000 }, 300],
    [{ '2025-12': 100, '2026-01': 900, '2026-10': 7_000 }, null],
    [{ '2026-08': 10_000, '2026-09': 30_000 }, null],
    [{ '2026-09': 0, '2026-10': 7_000 }, null],
    [{ '2026-10': 7_000 }, null],
    [{}, null],
  ])('charges %j changed by %s', async (months, change) => {
    const id = await fixtures.customer()
    await fixtures.charges(id, months)
    expect(await measure(id, { signal: 'charge-change', percent: 30 })).toBe(change)
  })

  it('deviates from the average of the months before, or of all since he came where there are no bills', async () => {
    const rule = { signal: 'charge-deviation', percent: 30, months: 3 } as const
    const id = await fixtures.customer()
    await fixtures.charges(id, { '2026-06': 99_999, '2026-07': 9_000, '2026-08': 10_000, '2026-09': 11_000, '2026-10': 6_500 })
    expect(await measure(id, rule)).toBe(-35)
    const profiled = await fixtures.customer({ profile: { monthlyCharge: 6_000, totalCharge: 40_000, tenureMonths: 10 } })
    expect(await measure(profiled, rule)).toBe(50)
    expect(await measure(await fixtures.customer({ profile: { tenureMonths: 0, totalCharge: 0 } }), rule)).toBeNull()
    expect(await measure(await fixtures.customer({ profile: null }), rule)).toBeNull()
  })

  it('counts what was seen within its days, and not what comes later', async () => {
    const id = await fixtures.customer()
    for (const days of [-1, 0, 6.9, 7, 20]) await fixtures.seen(id, 'service-call', days)
    expect(await measure(id, { signal: 'service-calls', count: 3, days: 7 })).toBe(2)
    expect(await measure(id, { signal: 'service-calls', count: 3, days: 8 })).toBe(3)
    await fixtures.seen(id, 'call-forwarding', 2, 'own-network')
    expect(await measure(id, { signal: 'call-forwarding', days: 30 })).toBe(0)
    await fixtures.seen(id, 'call-forwarding', 3, 'other-operator')
    expect(await measure(id, { signal: 'call-forwarding', days: 30 })).toBe(1)
    expect(await measure(id, { signal: 'calling-behaviour', days: 30 })).toBe(0)
  })

  it('knows open complaints, credit and arrears at the instant', async () => {
    const id = await fixtures.customer()
    const complaint = { signal: 'open-complaint' } as const
    await fixtures.order('co-closed', 'complaint', { customer: id, at: AT - 9 * DAY, closedAt: AT - DAY })
    expect(await measure(id, complaint)).toBe(0)
    expect(await measure(id, complaint, AT - 2 * DAY)).toBe(1)
    await fixtures.order('co-open', 'complaint', { customer: id, at: AT - DAY })
    expect(await measure(id, complaint)).toBe(1)
    const rate = async (order: string, account: string, grade: string, daysAgo: number) => {
      await fixtures.order(order, 'credit-review', { customer: id })
      await database.pool.query(
        `INSERT INTO credit_rating (order_id, customer_id, account, class, "limit", factors, rated_by, at) VALUES ($1, $2, $3, $4, 0, '{}', 'machine', $5)`,
        [order, id, account, grade, new Date(AT - daysAgo * DAY)],
      )
    }
    await rate('cr-1', '', 'black', 9)
    expect(await measure(id, { signal: 'low-credit' })).toBe(1)
    await rate('cr-2', '', 'grey', 1)
    expect(await measure(id, { signal: 'low-credit' })).toBe(0)
    await rate('cr-3', 'a-2', 'black', 5)
    expect(await measure(id, { signal: 'low-credit' })).toBe(1)
    for (const [order, fen, recovered] of [
      ['ar-1', 30_000, null],
      ['ar-2', 20_000, null],
      ['ar-3', 70_000, AT - DAY],
    ] as const) {
      await fixtures.order(order, 'arrears-dunning', { customer: id })
      await database.pool.query(
        `INSERT INTO arrears (order_id, customer_id, period, amount, due_at, recorded_at, services, recovered_at) VALUES ($1, $2, '2026-09', $3, $4, $4, '{}', $5)`,
        [order, id, fen, new Date(AT - 5 * DAY), recovered === null ? null : new Date(recovered)],
      )
    }
    expect(await measure(id, { signal: 'arrears', fen: 50_000 })).toBe(50_000)
  })

  it('takes the bill of the month for the consumption, else what he usually pays', async () => {
    const id = await fixtures.customer({ monthlyCharge: 5_000 })
    expect(await measure(id, { signal: 'low-consumption', fen: 5_000 })).toBe(5_000)
    await fixtures.charges(id, { '2026-10': 900_000 })
    expect(await measure(id, { signal: 'high-consumption', fen: 500_000 })).toBe(900_000)
  })
})
