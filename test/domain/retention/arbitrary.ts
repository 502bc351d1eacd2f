/** Profiles and cards for property tests: every attribute, bins that hit edges. */
import fc from 'fast-check'
import { contracts, type Flag, flags, payments, type Profile, valueClassOf } from '../../../domain/retention/profile.ts'
import type { CardAttribute, Scorecard } from '../../../domain/retention/scorecard.ts'

const points = fc.integer({ min: 0, max: 90 })
const months = fc.integer({ min: 0, max: 80 })
const fen = fc.oneof(fc.constantFrom(0, 4_499, 4_500, 7_999, 8_000), fc.integer({ min: 0, max: 900_000 }))

export const profile: fc.Arbitrary<Profile> = fc
  .record({
    tenureMonths: months,
    contract: fc.constantFrom(...contracts),
    payment: fc.constantFrom(...payments),
    flags: fc.subarray(Object.keys(flags) as Flag[]),
    monthlyCharge: fen,
    totalCharge: fen,
  })
  .map((known) => ({ ...known, valueClass: valueClassOf(known.monthlyCharge) }))

const ranged = <A extends 'tenure' | 'monthly-charge' | 'total-charge'>(attribute: A, bound: fc.Arbitrary<number>) =>
  fc
    .uniqueArray(bound, { maxLength: 6 })
    .chain((bounds) =>
      fc.tuple(...[...new Set([0, ...bounds])].sort((a, b) => a - b).map((from) => points.map((p) => ({ from, points: p })))),
    )
    .map((bins) => ({ attribute, bins }))
const one = <V extends string | boolean>(values: readonly V[]) => fc.tuple(...values.map((is) => points.map((p) => ({ is, points: p }))))

export const scorecard: fc.Arbitrary<Scorecard> = fc
  .tuple(
    ranged('tenure', months),
    ranged('monthly-charge', fen),
    ranged('total-charge', fen),
    one(contracts).map((bins) => ({ attribute: 'contract' as const, bins })),
    one(payments).map((bins) => ({ attribute: 'payment' as const, bins })),
    ...(Object.keys(flags) as Flag[]).map((attribute) => one([true, false]).map((bins) => ({ attribute, bins }))),
  )
  .chain((all) => fc.subarray(all as CardAttribute[], { minLength: 1 }))
  .chain((attributes) =>
    fc.record({
      attributes: fc.constant(attributes),
      cutoff: fc.record({
        high: fc.integer({ min: 0, max: 300 }),
        mid: fc.integer({ min: 0, max: 300 }),
        low: fc.integer({ min: 0, max: 300 }),
      }),
      even: fc.constant(100),
      doubling: fc.constant(20),
    }),
  )
