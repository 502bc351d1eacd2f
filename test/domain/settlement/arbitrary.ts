/** Schemes and users for property tests: every kind of condition, step and pay. */
import fc from 'fast-check'
import type { BusinessScheme, Condition, Pay, UserRecord } from '../../../domain/settlement/scheme.ts'
import { type Fee, feeKinds } from '../../../domain/settlement/variables.ts'

const fees: fc.Arbitrary<Fee[]> = fc.subarray([...feeKinds], { minLength: 1 })
const packages = ['p-1', "p'2", 'p-3']
const regions = ['/cn/js/nj', '/cn/js/sz']
const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
/** Near what users have, so that edges are hit. */
const fen = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -20_000, max: 20_000 }))

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ variable: fc.constant('fee' as const), fees, is: fc.constantFrom('at-least' as const, 'below' as const), value: fen }),
  fc.record({ variable: fc.constant('date-on-network' as const), is: fc.constantFrom('from' as const, 'before' as const), value: day }),
  fc.record({
    variable: fc.constant('months-on-network' as const),
    is: fc.constantFrom('at-least' as const, 'below' as const),
    value: fc.integer({ min: 0, max: 80 }),
  }),
  fc.record({
    variable: fc.constant('package' as const),
    is: fc.constantFrom('in' as const, 'not-in' as const),
    value: fc.subarray(packages, { minLength: 1 }),
  }),
  fc.record({
    variable: fc.constant('user-region' as const),
    is: fc.constantFrom('in' as const, 'not-in' as const),
    value: fc.subarray(regions, { minLength: 1 }),
  }),
)

const pay: fc.Arbitrary<Pay> = fc.oneof(
  fc.record({ fixed: fc.integer({ min: 0, max: 5_000 }) }),
  fc.record({ basisPoints: fc.integer({ min: 0, max: 10_000 }), of: fees }),
)

const stepped = (
  steps: fc.Arbitrary<NonNullable<BusinessScheme['steps']>>,
  from: fc.Arbitrary<number>,
): fc.Arbitrary<Pick<BusinessScheme, 'steps' | 'tiers'>> =>
  fc.record({
    steps,
    tiers: fc
      .tuple(fc.uniqueArray(from, { minLength: 1, maxLength: 4 }), fc.array(pay, { minLength: 4, maxLength: 4 }))
      .map(([starts, pays]) => starts.sort((a, b) => a - b).map((start, i) => ({ from: start, pay: pays[i]! }))),
  })

const tiers = fc.oneof(
  pay.map((one) => ({ tiers: [{ from: 0, pay: one }] })),
  stepped(fc.record({ variable: fc.constant('fee' as const), fees }), fen),
  stepped(fc.constant({ variable: 'months-on-network' as const }), fc.integer({ min: 0, max: 80 })),
  stepped(fc.constant({ variable: 'agent-users' as const }), fc.integer({ min: 0, max: 60 })),
  stepped(fc.record({ variable: fc.constant('agent-fees' as const), fees }), fc.integer({ min: -50_000, max: 200_000 })),
)

export const businessScheme: fc.Arbitrary<BusinessScheme> = fc
  .tuple(tiers, fc.array(condition, { maxLength: 3 }), fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined }))
  .map(([stepping, conditions, cap]) => ({
    nature: 'business',
    businessType: 'mobile',
    kind: 'commission',
    settlements: ['unified'],
    range: [],
    conditions,
    ...stepping,
    ...(cap !== undefined && { cap }),
  }))

export const userRecord: fc.Arbitrary<UserRecord> = fc.record({
  businessType: fc.constantFrom('mobile', 'fixed'),
  package: fc.constantFrom(...packages),
  region: fc.constantFrom(...regions),
  joinedOn: day,
  fees: fc.record(Object.fromEntries(feeKinds.map((fee) => [fee, fen.map(BigInt)])) as Record<Fee, fc.Arbitrary<bigint>>),
})
