/** From history to a points card: a seeded split, a regression on bins, points in whole numbers, cut-offs, and what it is worth. Pure. */
import { type Fitted, fitLogistic } from './fit.ts'
import { auc, bestCutoff, type Judged, precisionOf } from './metrics.ts'
import { contracts, type Flag, flags, payments, type Profile, type ValueClass, valueClasses } from './profile.ts'
import { binOf, type CardAttribute, pointsOf, type Scorecard } from './scorecard.ts'

export interface History {
  id: string
  profile: Profile
  left: boolean
}

export interface Metrics {
  /** On the held-out third, by the points in whole numbers. */
  auc: number
  precision: number
  recall: number
  byValue: Readonly<Record<ValueClass, { precision: number; recall: number; customers: number }>>
  fittedOn: number
  heldOut: number
  seed: number
}

/** Bounds of the bins in numbers: months; fen. */
const BOUNDS = {
  tenure: [0, 2, 4, 7, 10, 13, 19, 25, 37, 49, 61],
  'monthly-charge': [0, 2_500, 4_500, 6_000, 7_000, 8_000, 9_000, 10_000],
  'total-charge': [0, 5_000, 15_000, 30_000, 60_000, 120_000, 200_000, 350_000, 550_000],
} as const
/** Points that double the odds of leaving. */
const DOUBLING = 20
/** A missed customer of high value costs more than a needless call; with one of low value it is the other way round (default). */
const BETA: Readonly<Record<ValueClass, number>> = { high: 2, mid: 1.5, low: 1 }
/** With fewer than these in a class of value the cut-off of all is taken. */
const ENOUGH = 50

/** The card before it has points. */
function blank(): CardAttribute[] {
  const numbers = (Object.keys(BOUNDS) as (keyof typeof BOUNDS)[]).map((attribute) => ({
    attribute,
    bins: BOUNDS[attribute].map((from) => ({ from, points: 0 })),
  }))
  const marks = (Object.keys(flags) as Flag[]).map((attribute) => ({ attribute, bins: [true, false].map((is) => ({ is, points: 0 })) }))
  return [
    ...numbers,
    { attribute: 'contract', bins: contracts.map((is) => ({ is, points: 0 })) },
    { attribute: 'payment', bins: payments.map((is) => ({ is, points: 0 })) },
    ...marks,
  ]
}

/** Two thirds to fit on and a third to measure with; the same for a seed, whatever the order of the rows. */
export function split<R extends { id: string }>(rows: readonly R[], seed: number): { fit: R[]; heldOut: R[] } {
  const shuffled = rows.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const next = chance(seed)
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
  }
  const third = Math.floor(rows.length / 3)
  return { fit: shuffled.slice(third), heldOut: shuffled.slice(0, third) }
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function chance(seed: number): () => number {
  let a = seed | 0
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Fewer customers than these fit no card. */
export const LEAST_HISTORY = 100

/** @throws RangeError where the history is too small or knows only one outcome */
export function fitScorecard(history: readonly History[], seed: number): { card: Scorecard; metrics: Metrics } {
  if (history.length < LEAST_HISTORY) throw new RangeError(`a scorecard needs ${LEAST_HISTORY} customers of history, not ${history.length}`)
  const { fit, heldOut } = split(history, seed)
  const attributes = blank()
  const starts = attributes.map((_, i) => attributes.slice(0, i).reduce((sum, { bins }) => sum + bins.length, 0))
  const size = attributes.reduce((sum, { bins }) => sum + bins.length, 0)
  const fitted = fitLogistic(
    fit.map(({ profile, left }) => ({ left, columns: attributes.map((entry, i) => starts[i]! + binOf(entry, profile)) })),
    size,
  )
  const card = inPoints(attributes, starts, fitted)
  const judge = (rows: readonly History[]) => rows.map(({ profile, left }) => ({ points: pointsOf(card, profile).points, left, profile }))
  const fitJudged = judge(fit)
  const cutoff = Object.fromEntries(valueClasses.map((value) => [value, cutoffOf(fitJudged, value)])) as Scorecard['cutoff']
  const measured = judge(heldOut)
  const alarms = ({ points, profile }: { points: number; profile: Profile }) => points >= cutoff[profile.valueClass]
  const { precision, recall } = precisionOf(measured, alarms)
  const byValue = Object.fromEntries(
    valueClasses.map((value) => {
      const those = measured.filter(({ profile }) => profile.valueClass === value)
      const of = precisionOf(those, alarms)
      return [value, { precision: round(of.precision), recall: round(of.recall), customers: those.length }]
    }),
  ) as Metrics['byValue']
  return {
    card: { ...card, cutoff },
    metrics: {
      auc: round(auc(measured)),
      precision: round(precision),
      recall: round(recall),
      byValue,
      fittedOn: fit.length,
      heldOut: heldOut.length,
      seed,
    },
  }
}

const round = (value: number) => Math.round(value * 10_000) / 10_000

function cutoffOf(judged: readonly (Judged & { profile: Profile })[], value: ValueClass): number {
  const those = judged.filter(({ profile }) => profile.valueClass === value)
  const enough = those.length >= ENOUGH && those.some(({ left }) => left)
  return bestCutoff(enough ? those : judged, BETA[value])
}

/** Weights as points; the lowest bin of each attribute has none, and attributes that say nothing are left out. */
function inPoints(attributes: readonly CardAttribute[], starts: readonly number[], { intercept, weights }: Fitted): Scorecard {
  const scale = DOUBLING / Math.LN2
  let lowest = intercept
  const scored = attributes.map((entry, i) => {
    const own = weights.slice(starts[i], starts[i]! + entry.bins.length)
    const least = Math.min(...own)
    lowest += least
    return { ...entry, bins: entry.bins.map((bin, b) => ({ ...bin, points: Math.round((own[b]! - least) * scale) })) } as CardAttribute
  })
  return {
    attributes: scored.filter(({ bins }) => bins.some(({ points }) => points > 0)),
    cutoff: { high: 0, mid: 0, low: 0 },
    even: Math.round(-lowest * scale),
    doubling: DOUBLING,
  }
}
