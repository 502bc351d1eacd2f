import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CreditModel, rate } from '../../../domain/customer/credit.ts'

const model: CreditModel = {
  start: 60,
  onTime: 2,
  arrears: -15,
  restriction: -25,
  blemish: -20,
  redFrom: 80,
  blackBelow: 30,
  redLimit: 5_000_000,
  greyLimit: 1_000_000,
  blackLimit: 0,
}
const factors = (onTime = 0, arrears = 0, restrictions = 0, blemish = false) => ({ onTime, arrears, restrictions, blemish })

describe('a rating', () => {
  it.each([
    [factors(), 60, 'grey', 1_000_000],
    [factors(9), 78, 'grey', 1_000_000],
    [factors(10), 80, 'red', 5_000_000],
    [factors(0, 2), 30, 'grey', 1_000_000],
    [factors(0, 2, 0, true), 10, 'black', 0],
    [factors(12, 1, 1, true), 24, 'black', 0],
  ])('of %j is %i points, %s', (known, points, creditClass, creditLimit) => {
    expect(rate(model, known)).toMatchObject({ points, creditClass, creditLimit })
  })

  it('says what it is made of', () => {
    expect(rate(model, factors(3, 1)).grounds).toBe('start 起评 +60; 3 paid in time 按时缴费 +6; 1 in arrears 欠费 -15 = 51')
  })

  it('never gets better by what is bad, nor worse by what is good', () => {
    const known = fc.record({ onTime: fc.nat(50), arrears: fc.nat(20), restrictions: fc.nat(20), blemish: fc.boolean() })
    fc.assert(
      fc.property(known, (one) => {
        const { points } = rate(model, one)
        expect(rate(model, { ...one, onTime: one.onTime + 1 }).points).toBeGreaterThan(points)
        expect(rate(model, { ...one, arrears: one.arrears + 1 }).points).toBeLessThan(points)
        expect(rate(model, { ...one, restrictions: one.restrictions + 1 }).points).toBeLessThan(points)
      }),
    )
  })
})
