import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkCampaign } from '../../../domain/retention/campaign.ts'
import { uplift, wilson } from '../../../domain/retention/uplift.ts'

describe('uplift', () => {
  it.each([
    // Newcombe 1998, table II, method 10: 56/70 − 48/80, 9/10 − 3/10, 6/7 − 2/7
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
  ])('of %d/%d over %d/%d has the published interval', (a, m, b, n, low, high) => {
    const found = uplift({ n: m, stayed: a }, { n, stayed: b })!
    expect([found.difference, found.low, found.high].map((value) => value.toFixed(4))).toEqual(
      [a / m - b / n, low, high].map((value) => value.toFixed(4)),
    )
  })

  it('can not be said of an empty group', () => {
    expect(uplift({ n: 0, stayed: 0 }, { n: 5, stayed: 1 })).toBeUndefined()
    expect(uplift({ n: 5, stayed: 1 }, { n: 0, stayed: 0 })).toBeUndefined()
  })

  const share = fc.nat(500).chain((n) => fc.nat(n).map((stayed) => ({ n: n + 1, stayed })))
  it('lies within its interval, and turns round with its groups', () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [one, other] = [uplift(a, b)!, uplift(b, a)!]
        expect(one.low).toBeLessThanOrEqual(one.difference)
        expect(one.high).toBeGreaterThanOrEqual(one.difference)
        expect(one.low).toBeCloseTo(-other.high, 12)
        expect(Math.max(-one.low, one.high)).toBeLessThanOrEqual(1 + 1e-12)
        const { low, high } = wilson(a)
        expect(low).toBeLessThanOrEqual(a.stayed / a.n + 1e-12)
        expect(high).toBeGreaterThanOrEqual(a.stayed / a.n - 1e-12)
      }),
    )
  })
})

describe('a campaign', () => {
  const good = { target: { values: ['high' as const] }, scheme: 's', budget: 1, holdout: 0, from: '2026-01-01', to: '2026-01-01' }
  it.each([
    [{}, []],
    [{ target: {} }, ['target']],
    [{ scheme: ' ' }, ['scheme']],
    [{ budget: 0 }, ['budget']],
    [{ budget: 0.5 }, ['budget']],
    [{ holdout: 5_001 }, ['holdout']],
    [{ from: '2026-13-01' }, ['from', 'to']],
    [{ to: '2025-12-31' }, ['to']],
    [{ target: { tenureFrom: 5, tenureBelow: 5 } }, ['target.tenureBelow']],
    [{ target: { chargeFrom: -1 } }, ['target.chargeFrom']],
  ])('with %j is wrong in %j', (more, fields) => {
    expect(checkCampaign({ ...good, ...more }).map(({ field }) => field)).toEqual(fields)
  })
})
