/**
 * Logistic regression on one-hot columns by Newton's method with a ridge (docs/decisions/0012-scorecard-fit.md). A row is the list of
 * the columns that are one in it, so that columns which add up to one (all bins of an attribute) need no reference bin: the ridge
 * decides between them. Pure.
 */
export interface Row {
  columns: readonly number[]
  left: boolean
}

export interface Fitted {
  intercept: number
  weights: readonly number[]
}

const MOST_STEPS = 50
const CLOSE = 1e-9

/**
 * @param size number of columns
 * @param ridge penalty on the squared weights; the intercept has none. Greater than zero.
 * @throws RangeError where the rows don't hold both outcomes: there is nothing to tell apart
 */
export function fitLogistic(rows: readonly Row[], size: number, ridge = 1): Fitted {
  if (!(ridge > 0)) throw new RangeError('the ridge must be greater than zero')
  if (!rows.some(({ left }) => left) || rows.every(({ left }) => left))
    throw new RangeError('the history must hold customers who left and customers who stayed')
  // The last one is the intercept.
  const beta = new Float64Array(size + 1)
  for (let step = 0; step < MOST_STEPS; step++) {
    const change = solve(...derivatives(rows, beta, ridge))
    let most = 0
    for (let i = 0; i <= size; i++) {
      beta[i]! += change[i]!
      most = Math.max(most, Math.abs(change[i]!))
    }
    if (most < CLOSE) break
  }
  return { intercept: beta[size]!, weights: Array.from(beta.subarray(0, size)) }
}

/** Chance to leave, from 0 to 1. */
export const chanceOf = ({ intercept, weights }: Fitted, columns: readonly number[]): number =>
  1 / (1 + Math.exp(-columns.reduce((sum, column) => sum + weights[column]!, intercept)))

/** Gradient of the penalised log-likelihood, and its negative Hessian, which is positive definite. */
function derivatives(rows: readonly Row[], beta: Float64Array, ridge: number): [Float64Array[], Float64Array] {
  const n = beta.length
  const hessian = Array.from({ length: n }, () => new Float64Array(n))
  const gradient = new Float64Array(n)
  for (const { columns, left } of rows) {
    const ones = [...columns, n - 1]
    let z = 0
    for (const i of ones) z += beta[i]!
    const p = 1 / (1 + Math.exp(-z))
    const weight = p * (1 - p)
    for (const i of ones) {
      gradient[i]! += (left ? 1 : 0) - p
      const line = hessian[i]!
      for (const j of ones) line[j]! += weight
    }
  }
  for (let i = 0; i < n - 1; i++) {
    gradient[i]! -= ridge * beta[i]!
    hessian[i]![i]! += ridge
  }
  return [hessian, gradient]
}

/** Solves a·x = b for a symmetric positive definite matrix, by Cholesky. The matrix is used up. */
function solve(a: Float64Array[], b: Float64Array): Float64Array {
  const n = b.length
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = a[i]![j]!
      for (let k = 0; k < j; k++) sum -= a[i]![k]! * a[j]![k]!
      if (i === j && !(sum > 0)) throw new RangeError('the regression has no solution: the numbers of the history are out of range')
      a[i]![j] = i === j ? Math.sqrt(sum) : sum / a[j]![j]!
    }
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= a[i]![k]! * x[k]!
    x[i]! /= a[i]![i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= a[k]![i]! * x[k]!
    x[i]! /= a[i]![i]!
  }
  return x
}
