import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Profile, valueClassOf } from '../../../domain/retention/profile.ts'
import { checkRules, raises, type Rule, say } from '../../../domain/retention/rules.ts'
import { inWords, score } from '../../../domain/retention/score.ts'
import { binOf, checkScorecard, pointsOf, type Scorecard, sayScore } from '../../../domain/retention/scorecard.ts'
import { profile, scorecard } from './arbitrary.ts'

describe('a rule', () => {
  it.each<[Rule, number | null, boolean]>([
    [{ signal: 'charge-change', percent: 30 }, 30, true],
    [{ signal: 'charge-change', percent: 30 }, 29.9, false],
    [{ signal: 'charge-change', percent: 30 }, -30, true],
    [{ signal: 'charge-change', percent: 30 }, -29.9, false],
    [{ signal: 'charge-change', percent: 30 }, null, false],
    [{ signal: 'charge-deviation', percent: 30, months: 3 }, -31, true],
    [{ signal: 'call-forwarding', days: 30 }, 1, true],
    [{ signal: 'call-forwarding', days: 30 }, 0, false],
    [{ signal: 'service-calls', count: 3, days: 7 }, 3, true],
    [{ signal: 'service-calls', count: 3, days: 7 }, 2, false],
    [{ signal: 'open-complaint' }, 1, true],
    [{ signal: 'high-consumption', fen: 100 }, 100, true],
    [{ signal: 'high-consumption', fen: 100 }, 99, false],
    [{ signal: 'low-consumption', fen: 100 }, 100, true],
    [{ signal: 'low-consumption', fen: 100 }, 101, false],
    [{ signal: 'low-consumption', fen: 100 }, null, false],
    [{ signal: 'calling-behaviour', days: 30 }, 0, false],
    [{ signal: 'low-credit' }, 1, true],
    [{ signal: 'arrears', fen: 50_000 }, 49_999, false],
  ])('%j at %s: %s', (rule, measure, alarm) => {
    expect(raises(rule, measure)).toBe(alarm)
    if (measure === null) return
    const { zh, en } = say(rule, measure)
    expect(zh).toMatch(/[一-鿿]/)
    expect(en).not.toMatch(/[一-鿿]|undefined|NaN/)
  })

  it('is said with what was measured and the threshold', () => {
    expect(say({ signal: 'charge-change', percent: 30 }, -42.5)).toEqual({
      zh: '话费环比 −42.5%（阈值 ±30%）',
      en: 'charges changed by −42.5 % month on month (from ±30 %)',
    })
    expect(say({ signal: 'service-calls', count: 3, days: 7 }, 4).en).toBe('4 calls to the service number within 7 days (from 3)')
  })

  it('is refused where it makes no sense, by field', () => {
    const rules = [
      { signal: 'charge-change', percent: 0 },
      { signal: 'service-calls', count: 3, days: 7 },
      { signal: 'service-calls', count: 4, days: 7 },
      { signal: 'horoscope' },
      { signal: 'call-forwarding', days: 1.5 },
    ] as unknown as Rule[]
    expect(checkRules({ rules, quietDays: -1, perManager: 2_000 }).map(({ field }) => field)).toEqual([
      'rules.0.percent',
      'rules.2.signal',
      'rules.3.signal',
      'rules.4.days',
      'quietDays',
      'perManager',
    ])
    expect(checkRules({ rules: [], quietDays: 30 }).map(({ field }) => field)).toEqual(['rules'])
  })
})

const card: Scorecard = {
  attributes: [
    {
      attribute: 'tenure',
      bins: [
        { from: 0, points: 40 },
        { from: 2, points: 20 },
        { from: 13, points: 0 },
      ],
    },
    {
      attribute: 'monthly-charge',
      bins: [
        { from: 0, points: 0 },
        { from: 8_000, points: 5 },
      ],
    },
    {
      attribute: 'contract',
      bins: [
        { is: 'month-to-month', points: 30 },
        { is: 'one-year', points: 10 },
        { is: 'two-year', points: 0 },
      ],
    },
    {
      attribute: 'tech-support',
      bins: [
        { is: false, points: 8 },
        { is: true, points: 0 },
      ],
    },
  ],
  cutoff: { high: 50, mid: 60, low: 70 },
  even: 60,
  doubling: 20,
}
const someone = (more: Partial<Profile>): Profile => {
  const known = {
    tenureMonths: 5,
    contract: 'month-to-month',
    payment: 'credit-card',
    flags: [],
    monthlyCharge: 5_000,
    totalCharge: 25_000,
  } as const
  const all = { ...known, ...more }
  return { ...all, valueClass: valueClassOf(all.monthlyCharge) }
}

describe('a scorecard', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [12, 1],
    [13, 2],
    [72, 2],
  ])('%s months fall into bin %s', (tenureMonths, bin) => {
    expect(binOf(card.attributes[0]!, someone({ tenureMonths }))).toBe(bin)
  })

  it('adds the points up, and alarms from the cut-off of the class of value', () => {
    expect(pointsOf(card, someone({})).points).toBe(58)
    expect(sayScore(card, someone({}))).toBeUndefined()
    expect(sayScore(card, someone({ monthlyCharge: 7_999 }))).toBeUndefined()
    expect(sayScore(card, someone({ monthlyCharge: 8_000 }))?.points).toBe(63)
    expect(sayScore(card, someone({ tenureMonths: 1, monthlyCharge: 100 }))?.points).toBe(78)
    expect(sayScore(card, someone({ tenureMonths: 1, monthlyCharge: 100, flags: ['tech-support'] }))?.points).toBe(70)
  })

  it('says which points raised the alarm, the most first', () => {
    expect(sayScore(card, someone({ monthlyCharge: 9_000 }))).toEqual({
      points: 63,
      zh: '评分 63（高价值客户告警线 50）：按月合同 +30、在网 2–12 个月 +20、无技术支持 +8、月费 80.00 元以上 +5',
      en: '63 points (alarm for high-value customers from 50): month-to-month contract +30, on the network for 2 to 12 months +20, no technical support +8, monthly charge 80.00 yuan or more +5',
    })
  })

  it('is refused where a value has no bin or two', () => {
    const bad = {
      ...card,
      cutoff: { ...card.cutoff, mid: 0.5 },
      attributes: [
        { attribute: 'tenure', bins: [{ from: 1, points: 4 }] },
        { attribute: 'contract', bins: [{ is: 'one-year', points: 1 }] },
        {
          attribute: 'tech-support',
          bins: [
            { is: true, points: 1 },
            { is: true, points: 2 },
          ],
        },
        {
          attribute: 'fiber',
          bins: [
            { is: true, points: -1 },
            { is: false, points: 2 },
          ],
        },
        { attribute: 'payment', bins: [] },
      ],
    } as unknown as Scorecard
    expect(checkScorecard(bad).map(({ field }) => field)).toEqual([
      'attributes.tenure',
      'attributes.contract',
      'attributes.tech-support',
      'attributes.fiber',
      'attributes.payment',
      'cutoff.mid',
    ])
    expect(checkScorecard({ ...card, attributes: [] }).map(({ field }) => field)).toEqual(['attributes'])
  })

  it('that passes has a bin for every profile, and its reasons name no more points than there are', () => {
    fc.assert(
      fc.property(scorecard, profile, (any, who) => {
        expect(checkScorecard(any)).toEqual([])
        const { points, parts } = pointsOf(any, who)
        expect(parts.every(({ bin }) => bin >= 0)).toBe(true)
        const said = sayScore(any, who)
        expect(said !== undefined).toBe(points >= any.cutoff[who.valueClass])
        const named = [...(said?.en ?? '').matchAll(/ \+(\d+)/g)].map(([, n]) => Number(n))
        expect(named.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(points)
        expect(named).toEqual(named.toSorted((a, b) => b - a))
      }),
    )
  })
})

describe('a customer', () => {
  const rules: Rule[] = [{ signal: 'charge-change', percent: 30 }, { signal: 'open-complaint' }]

  it('is alarmed by any signal or by the card, with all reasons', () => {
    expect(score({ rules, card }, { profile: someone({}), measures: [10, 0] })).toEqual({ alarmed: false, points: 58, reasons: [] })
    const both = score({ rules, card }, { profile: someone({ monthlyCharge: 8_000 }), measures: [10, 2] })
    expect(both).toMatchObject({
      alarmed: true,
      points: 63,
      reasons: [{ key: 'open-complaint', en: '2 open complaints' }, { key: 'scorecard' }],
    })
    expect(score({ rules, card }, { measures: [-50, null] })).toMatchObject({
      alarmed: true,
      points: null,
      reasons: [{ key: 'charge-change' }],
    })
  })

  it('is alarmed exactly where there is a reason', () => {
    fc.assert(
      fc.property(scorecard, profile, fc.tuple(fc.option(fc.integer()), fc.option(fc.nat(3))), (any, who, measures) => {
        const { alarmed, reasons } = score({ rules, card: any }, { profile: who, measures })
        expect(alarmed).toBe(reasons.length > 0)
        expect(new Set(reasons.map(({ key }) => key)).size).toBe(reasons.length)
      }),
    )
  })

  it('has his reasons in one text, cut where it is too long', () => {
    const reasons = [
      { zh: '甲', en: 'a' },
      { zh: '乙', en: 'b' },
    ]
    expect(inWords(reasons, 100)).toBe('甲；乙 / a; b')
    expect(inWords(reasons, 6)).toBe('甲；乙 /…')
  })
})
