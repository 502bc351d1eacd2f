import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chanceOf, fitLogistic, type Row } from '../../../domain/retention/fit.ts'
import { fitScorecard, type History, split } from '../../../domain/retention/fit-scorecard.ts'
import { auc, bestCutoff, precisionOf } from '../../../domain/retention/metrics.ts'
import type { Profile } from '../../../domain/retention/profile.ts'
import { checkScorecard, pointsOf } from '../../../domain/retention/scorecard.ts'
import { profile } from './arbitrary.ts'

const times = (n: number, columns: number[], left: boolean): Row[] => Array.from({ length: n }, () => ({ columns, left }))
const rows = fc
  .array(fc.record({ columns: fc.subarray([0, 1, 2, 3]), left: fc.boolean() }), { minLength: 5, maxLength: 60 })
  .filter((list) => list.some(({ left }) => left) && list.some(({ left }) => !left))

describe('the regression', () => {
  it('finds the shares of two groups where the ridge is nearly nothing', () => {
    const fitted = fitLogistic(
      [...times(30, [0], true), ...times(10, [0], false), ...times(20, [1], true), ...times(60, [1], false)],
      2,
      1e-7,
    )
    expect(chanceOf(fitted, [0])).toBeCloseTo(0.75, 5)
    expect(chanceOf(fitted, [1])).toBeCloseTo(0.25, 5)
    expect(fitted.weights[0]! - fitted.weights[1]!).toBeCloseTo(2 * Math.log(3), 4)
  })

  it('ends where the penalised likelihood has no slope, even for columns that add up to one', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(0.1, 1, 10), (list, ridge) => {
        const closed = list.map(({ columns, left }) => ({ left, columns: [...columns, columns.includes(0) ? 5 : 4] }))
        const fitted = fitLogistic(closed, 6, ridge)
        const slope = (column: number) =>
          closed.reduce((sum, row) => sum + (row.columns.includes(column) ? (row.left ? 1 : 0) - chanceOf(fitted, row.columns) : 0), 0)
        for (let column = 0; column < 6; column++) expect(slope(column) - ridge * fitted.weights[column]!).toBeCloseTo(0, 6)
        // Without a penalty on the intercept as many are expected to leave as have left.
        expect(closed.reduce((sum, row) => sum + chanceOf(fitted, row.columns), 0)).toBeCloseTo(closed.filter(({ left }) => left).length, 6)
      }),
    )
  })

  it('shrinks with the ridge, and stays finite where a column tells all', () => {
    const list = [...times(20, [0], true), ...times(20, [1], false)]
    const sizes = [0.01, 1, 100].map((ridge) => Math.abs(fitLogistic(list, 2, ridge).weights[0]!))
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    expect(sizes[0]).toBeLessThan(20)
  })

  it('refuses what can’t be fitted', () => {
    expect(() => fitLogistic(times(5, [0], true), 1)).toThrow(/who left and customers who stayed/)
    expect(() => fitLogistic([], 1)).toThrow(RangeError)
    expect(() => fitLogistic([...times(1, [0], true), ...times(1, [], false)], 1, 0)).toThrow(/ridge/)
  })
})

const judged = fc.array(fc.record({ points: fc.nat(8), left: fc.boolean() }), { minLength: 2, maxLength: 40 })

describe('the measures', () => {
  it('AUC is the share of pairs in which who left has more points', () => {
    fc.assert(
      fc.property(judged, (list) => {
        const [left, stayed] = [list.filter((one) => one.left), list.filter((one) => !one.left)]
        let wins = 0
        for (const a of left) for (const b of stayed) wins += a.points > b.points ? 1 : a.points === b.points ? 0.5 : 0
        const pairs = left.length * stayed.length
        if (pairs === 0) expect(auc(list)).toBeNaN()
        else expect(auc(list)).toBeCloseTo(wins / pairs, 12)
      }),
    )
  })

  it('precision and recall are what they are called', () => {
    const list = [9, 8, 7, 1].map((points, i) => ({ points, left: i !== 1 }))
    expect(precisionOf(list, ({ points }) => points >= 8)).toEqual({ precision: 0.5, recall: 1 / 3, alarmed: 2 })
    expect(precisionOf([], () => true)).toEqual({ precision: 0, recall: 0, alarmed: 0 })
  })

  it('no cut-off is better than the best', () => {
    fc.assert(
      fc.property(judged, fc.constantFrom(0.5, 1, 2), (list, beta) => {
        const f = (cutoff: number) => {
          const { precision, recall } = precisionOf(list, ({ points }) => points >= cutoff)
          return precision + recall > 0 ? ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall) : 0
        }
        const best = f(bestCutoff(list, beta))
        for (let cutoff = 0; cutoff <= 9; cutoff++) expect(best).toBeGreaterThanOrEqual(f(cutoff) - 1e-12)
      }),
    )
  })
})

/** Who leaves follows from the contract and, now and then, from nothing. */
const history = (n: number, seed: number): History[] =>
  fc.sample(fc.tuple(profile, fc.nat(9)), { numRuns: n, seed }).map(([who, luck]: [Profile, number], i) => ({
    id: `c${String(i).padStart(4, '0')}`,
    profile: who,
    left: luck < (who.contract === 'month-to-month' ? 8 : who.contract === 'one-year' ? 4 : 1),
  }))

describe('the card', () => {
  it('is split by the seed alone: a third held out, nobody in both', () => {
    const list = history(301, 1)
    const { fit, heldOut } = split(list, 4)
    expect(heldOut).toHaveLength(100)
    expect([...fit, ...heldOut].map(({ id }) => id).sort()).toEqual(list.map(({ id }) => id))
    expect(split(list.toReversed(), 4)).toEqual({ fit, heldOut })
    expect(split(list, 5).heldOut).not.toEqual(heldOut)
  })

  it('can be saved, finds what decides, and its measures are those of the points', () => {
    const list = history(900, 2)
    const { card, metrics } = fitScorecard(list, 3)
    expect(checkScorecard(card)).toEqual([])
    expect(fitScorecard(list.toReversed(), 3)).toEqual({ card, metrics })
    const contract = card.attributes.find(({ attribute }) => attribute === 'contract')!
    const most = Math.max(...card.attributes.flatMap(({ bins }) => bins.map(({ points }) => points)))
    expect(contract.bins.map(({ points }) => points)).toEqual([most, expect.any(Number), 0])
    const measured = split(list, 3).heldOut.map(({ profile: who, left }) => ({ points: pointsOf(card, who).points, left }))
    expect(metrics.auc).toBeCloseTo(auc(measured), 4)
    expect(metrics.auc).toBeGreaterThan(0.7)
    expect(metrics).toMatchObject({ fittedOn: 600, heldOut: 300, seed: 3 })
    // Points say how likely he is to leave: so many more double the odds.
    for (const { bins } of card.attributes) expect(Math.min(...bins.map(({ points }) => points))).toBe(0)
  })

  it('needs a history', () => {
    expect(() => fitScorecard(history(99, 1), 1)).toThrow(/needs 100 customers of history, not 99/)
    expect(() =>
      fitScorecard(
        history(200, 1).map((one) => ({ ...one, left: false })),
        1,
      ),
    ).toThrow(/who left/)
  })
})
