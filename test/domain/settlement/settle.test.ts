import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkScheme } from '../../../domain/settlement/check.ts'
import { chooseScheme } from '../../../domain/settlement/choose.ts'
import { explainLine, yuan } from '../../../domain/settlement/explain.ts'
import { firstDay, isDate, isPeriod, joinedBefore, lastDay, monthsOnNetwork, periodBefore } from '../../../domain/settlement/period.ts'
import { capped, kept, share } from '../../../domain/settlement/rounding.ts'
import type { BusinessScheme, SchemeProblem, UserRecord } from '../../../domain/settlement/scheme.ts'
import { inRange, settleUser, tierAt, volumeOf } from '../../../domain/settlement/settle.ts'
import { feeKinds, variables } from '../../../domain/settlement/variables.ts'
import { businessScheme, userRecord } from './arbitrary.ts'

describe('rounding', () => {
  it.each([
    // basis, basis points, fen: just below, at and just above a half
    [99n, 50, 0n],
    [100n, 50, 1n],
    [101n, 50, 1n],
    [299n, 50, 1n],
    [300n, 50, 2n],
    [-99n, 50, 0n],
    [-100n, 50, -1n],
    [-300n, 50, -2n],
    [1n, 4_999, 0n],
    [1n, 5_000, 1n],
    [-1n, 5_000, -1n],
    [0n, 10_000, 0n],
    [123n, 10_000, 123n],
    [123n, 0, 0n],
    [5_000_000_000_000n, 10_000, 5_000_000_000_000n],
    [5_000_000_000_000n, 3_333, 1_666_500_000_000n],
  ])('a share of %s fen at %s basis points is %s fen', (basis, points, fen) => {
    expect(share(basis, points)).toBe(fen)
  })

  it('is within half a fen, takes a refund like the fee, and shares without loss', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), fc.integer({ min: 0, max: 10_000 }), (basis, points) => {
        const fen = share(basis, points)
        const off = fen * 10_000n - basis * BigInt(points)
        expect(off <= 5_000n && off >= -5_000n).toBe(true)
        expect(share(-basis, points)).toBe(-fen)
        expect(fen + kept(basis, fen)).toBe(basis)
        const most = basis < 0n ? -basis : basis
        expect((fen < 0n ? -fen : fen) <= most).toBe(true)
      }),
    )
  })

  it('caps what is paid, not what is taken back', () => {
    expect([capped(11n, 10), capped(10n, 10), capped(-11n, 10), capped(11n, undefined)]).toEqual([10n, 10n, -11n, 11n])
  })
})

describe('periods', () => {
  it('knows first and last days, leap years and the turn of the year', () => {
    expect(['2026-10', '2026-02', '2028-02', '2026-12'].map(lastDay)).toEqual(['2026-10-31', '2026-02-28', '2028-02-29', '2026-12-31'])
    expect([firstDay('2026-01', -1), firstDay('2026-12', 1), periodBefore('2026-01')]).toEqual(['2025-12-01', '2027-01-01', '2025-12'])
    expect(['2026-13', '2026-1', '26-01', '2026-00'].map(isPeriod)).toEqual([false, false, false, false])
    expect(['2026-02-29', '2028-02-29', '2026-2-1', 'x'].map(isDate)).toEqual([false, true, false, false])
  })

  it('compares months on the network by a date', () => {
    fc.assert(
      fc.property(userRecord, fc.integer({ min: 0, max: 100 }), ({ joinedOn }, months) => {
        expect(joinedOn < joinedBefore(months, '2026-10')).toBe(monthsOnNetwork(joinedOn, '2026-10') >= months)
      }),
    )
  })
})

const base: BusinessScheme = {
  nature: 'business',
  businessType: 'mobile',
  kind: 'commission',
  settlements: ['unified'],
  range: [],
  conditions: [],
  tiers: [{ from: 0, pay: { fixed: 100 } }],
}
const fieldsOf = (problems: SchemeProblem[]) => problems.map(({ field }) => field)
const check = (more: object) => fieldsOf(checkScheme({ ...base, ...more }, () => undefined))

describe('saving a scheme', () => {
  it('takes what is right', () => {
    expect(check({})).toEqual([])
    fc.assert(
      fc.property(businessScheme, (scheme) => {
        expect(checkScheme(scheme, () => undefined)).toEqual([])
      }),
    )
  })

  it.each([
    [
      'a variable of the agent among the conditions',
      { conditions: [{ variable: 'agent-type', is: 'in', value: ['dealer'] }] },
      'conditions[0].variable',
    ],
    ['a variable of the user in the range', { range: [{ variable: 'package', is: 'in', value: ['p'] }] }, 'range[0].variable'],
    ['steps by a text', { steps: { variable: 'package' } }, 'steps.variable'],
    [
      'months on the network in sharing',
      { kind: 'sharing', tiers: [{ from: 0, pay: { basisPoints: 1, of: ['rent'] } }], steps: { variable: 'months-on-network' } },
      'steps.variable',
    ],
    ['a volume in real time', { settlements: ['real-time'], steps: { variable: 'agent-users' } }, 'steps.variable'],
    ['an unknown variable', { conditions: [{ variable: 'weather', is: 'in', value: ['fine'] }] }, 'conditions[0].variable'],
    ['a comparison that does not fit', { conditions: [{ variable: 'package', is: 'at-least', value: 3 }] }, 'conditions[0].is'],
    ['no fees', { conditions: [{ variable: 'fee', fees: [], is: 'below', value: 3 }] }, 'conditions[0].fees'],
    ['a fee twice', { tiers: [{ from: 0, pay: { basisPoints: 1, of: ['rent', 'rent'] } }] }, 'tiers[0].pay.of'],
    ['an unknown fee', { tiers: [{ from: 0, pay: { basisPoints: 1, of: ['tax'] } }] }, 'tiers[0].pay.of'],
    ['half a fen', { tiers: [{ from: 0, pay: { fixed: 0.5 } }] }, 'tiers[0].pay.fixed'],
    ['more than all', { tiers: [{ from: 0, pay: { basisPoints: 10_001, of: ['rent'] } }] }, 'tiers[0].pay.basisPoints'],
    ['a fixed share of charges', { kind: 'sharing' }, 'tiers[0].pay'],
    ['no steps', { tiers: [] }, 'tiers'],
    ['several steps by nothing', { tiers: [...base.tiers, { from: 5, pay: { fixed: 1 } }] }, 'steps'],
    [
      'steps that do not rise',
      { steps: { variable: 'agent-users' }, tiers: [...base.tiers, { from: 0, pay: { fixed: 1 } }] },
      'tiers[1].from',
    ],
    ['a day that is none', { conditions: [{ variable: 'date-on-network', is: 'from', value: '2026-02-30' }] }, 'conditions[0].value'],
    ['a cap below nothing', { cap: -1 }, 'cap'],
    ['no settlement', { settlements: [] }, 'settlements'],
    ['a business type in capitals', { businessType: 'Mobile' }, 'businessType'],
  ])('refuses %s', (_what, more, field) => {
    expect(check(more)).toContain(field)
  })

  it('keeps a table of variables that can be used at all', () => {
    for (const [id, { uses, kinds, settlements, title }] of Object.entries(variables)) {
      expect(
        [uses.length, kinds.length, settlements.length].every((n) => n > 0),
        id,
      ).toBe(true)
      expect(title.zh && title.en).toBeTruthy()
    }
  })
})

describe('the choice of a scheme', () => {
  const first = { rank: 'first', scheme: 'a', validFrom: '2026-01-01', validTo: '2026-10-30' } as const
  const substitute = { rank: 'substitute', scheme: 'b', validFrom: '2026-01-01' } as const
  it('takes the first choice to its last day, then the substitute, else none', () => {
    expect(chooseScheme([substitute, first], '2026-10-30')?.scheme).toBe('a')
    expect(chooseScheme([substitute, first], '2026-10-31')?.scheme).toBe('b')
    expect(chooseScheme([first], '2026-10-31')).toBeUndefined()
    expect(chooseScheme([first, substitute], '2025-12-31')).toBeUndefined()
  })
})

const user: UserRecord = {
  businessType: 'mobile',
  package: 'p',
  region: '/cn/js/nj',
  joinedOn: '2026-07-31',
  fees: { rent: 1_999n, call: 1n, data: 0n, message: 0n, other: -500n },
}

describe('a line', () => {
  it('steps exactly at the number', () => {
    const tiers = [0, 10, 20].map((from) => ({ from, pay: { fixed: from } }))
    expect([-1n, 0n, 9n, 10n, 19n, 20n, 21n].map((volume) => tierAt(tiers, volume))).toEqual([0, 1, 1, 2, 2, 3, 3])
    const months: BusinessScheme = { ...base, steps: { variable: 'months-on-network' }, tiers: [{ from: 3, pay: { fixed: 7 } }] }
    expect(settleUser(months, user, '2026-10').amount).toBe(7n)
    expect(settleUser(months, { ...user, joinedOn: '2026-08-01' }, '2026-10')).toMatchObject({ tier: 0, amount: 0n })
  })

  it('is for agents in the range alone', () => {
    const scheme: BusinessScheme = { ...base, range: [{ variable: 'agent-level', is: 'not-in', value: ['bronze'] }] }
    expect(inRange(scheme, { type: 'x', level: 'gold', region: 'x' })).toBe(true)
    expect(inRange(scheme, { type: 'x', level: 'bronze', region: 'x' })).toBe(false)
  })

  it('counts for the volume only what meets the conditions, whatever the order', () => {
    fc.assert(
      fc.property(businessScheme, fc.array(userRecord, { maxLength: 30 }), (scheme, users) => {
        const all = volumeOf(scheme, users, '2026-10')
        const parts = volumeOf(scheme, users.slice(0, 10), '2026-10') + volumeOf(scheme, users.slice(10), '2026-10')
        expect(all).toBe(parts)
        expect(volumeOf(scheme, [...users].reverse(), '2026-10')).toBe(all)
      }),
    )
  })

  it('is explained to its last fen, whatever the scheme', () => {
    fc.assert(
      fc.property(businessScheme, userRecord, fc.bigInt({ min: 0n, max: 100_000n }), (scheme, record, volume) => {
        const facts = {
          scheme,
          schemeTitle: { zh: '方案', en: 'scheme' },
          version: 1,
          rank: 'first',
          period: '2026-10',
          user: record,
          volume,
        }
        const { settled, sentences } = explainLine(facts)
        expect(settled).toEqual(settleUser(scheme, record, '2026-10', volume))
        const last = sentences.at(-1)!
        expect(last.en).toContain(`${yuan(settled.amount)} yuan`)
        expect(last.zh).toContain(`${yuan(settled.amount)} 元`)
        expect(sentences.length).toBeGreaterThan(scheme.conditions.length)
        for (const { zh, en } of sentences) expect(`${zh}${en}`).not.toMatch(/undefined|NaN|null/)
      }),
    )
  })

  it('says scheme, conditions, step, rounding and cap', () => {
    const scheme: BusinessScheme = {
      ...base,
      conditions: [{ variable: 'package', is: 'in', value: ['p', 'q'] }],
      steps: { variable: 'fee', fees: ['rent', 'call'] },
      tiers: [
        { from: 0, pay: { fixed: 1 } },
        { from: 2_000, pay: { basisPoints: 333, of: ['rent', 'call'] } },
      ],
      cap: 50,
    }
    const facts = { scheme, schemeTitle: { zh: '移动', en: 'Mobile' }, version: 2, rank: 'substitute', period: '2026-10', user }
    expect(explainLine(facts).sentences.map(({ en }) => en)).toEqual([
      'Scheme "Mobile", version 2 (substitute, as the first choice does not hold), business type mobile, period 2026-10.',
      'Condition: Package is one of p, q; it is p: met.',
      'Steps by Fee combination: it is 19.99 + 0.01 = 20.00, which is step 2 (>= 20.00).',
      '3.33 % of rent + calls 20.00 yuan = 0.666000, rounded half away from zero to a fen (R1) = 0.67 yuan.',
      'At most 0.50 yuan per line (R2).',
    ])
  })

  it('writes fen as yuan', () => {
    expect([0n, 5n, -5n, 100n, -12_345n].map(yuan)).toEqual(['0.00', '0.05', '-0.05', '1.00', '-123.45'])
    expect(feeKinds).toHaveLength(5)
  })
})
