/** How much a campaign has kept beyond what would have stayed anyway: shares of two groups, and their difference with its interval. */

export interface Share {
  /** Of how many. */
  n: number
  stayed: number
}

export interface Interval {
  low: number
  high: number
}

/** Two-sided 95 %. */
const Z = 1.959963984540054

/** Wilson's interval of a share: holds for few and for shares near 0 or 1 too. @returns [0, 1] of none */
export function wilson({ n, stayed }: Share): Interval {
  if (n === 0) return { low: 0, high: 1 }
  const p = stayed / n
  const centre = p + (Z * Z) / (2 * n)
  const spread = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n))
  const whole = 1 + (Z * Z) / n
  return { low: Math.max(0, (centre - spread) / whole), high: Math.min(1, (centre + spread) / whole) }
}

export interface Uplift extends Interval {
  /** Share that stayed among those who were seen to, less that of the holdout. */
  difference: number
}

/**
 * Difference of two shares with Newcombe's interval (1998, method 10).
 * @returns undefined where one of the groups is empty: then nothing can be said
 */
export function uplift(treated: Share, holdout: Share): Uplift | undefined {
  if (treated.n === 0 || holdout.n === 0) return undefined
  const [p, q] = [treated.stayed / treated.n, holdout.stayed / holdout.n]
  const [a, b] = [wilson(treated), wilson(holdout)]
  const difference = p - q
  return {
    difference,
    low: difference - Math.hypot(p - a.low, b.high - q),
    high: difference + Math.hypot(a.high - p, q - b.low),
  }
}
