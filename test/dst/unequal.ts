/** Whether two values are the same, and if not, where they part. */

/**
 * The first place where two values part; what is undefined is as good as not there.
 * @param wasA with `wasB`: values that were equal. Where neither side has put another in its place they are so still.
 */
export function unequal(a: unknown, b: unknown, wasA?: unknown, wasB?: unknown): string | undefined {
  if (Object.is(a, b)) return undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b))
    return `: ${JSON.stringify(a)}, ${JSON.stringify(b)}`
  if (a === wasA && b === wasB) return undefined
  if (Array.isArray(a) && Array.isArray(b)) return unequalLists(a, b, Array.isArray(wasA) ? wasA : [], Array.isArray(wasB) ? wasB : [])
  const [x, y] = [a as Values, b as Values]
  const [wasX, wasY] = [(wasA ?? {}) as Values, (wasB ?? {}) as Values]
  for (const key in x) {
    const [p, q] = [x[key], y[key]]
    const found = p === q ? undefined : unequal(p, q, wasX[key], wasY[key])
    if (found) return `.${key}${found}`
  }
  for (const key in y) if (x[key] === undefined && y[key] !== undefined) return `.${key}: nothing, ${JSON.stringify(y[key])}`
  return undefined
}

type Values = Readonly<Record<string, unknown>>

function unequalLists(
  a: readonly unknown[],
  b: readonly unknown[],
  wasA: readonly unknown[],
  wasB: readonly unknown[],
): string | undefined {
  if (a.length !== b.length) return `: ${JSON.stringify(a)}, ${JSON.stringify(b)}`
  for (let i = 0; i < a.length; i++) {
    const found = unequal(a[i], b[i], wasA[i], wasB[i])
    if (found) return `.${i}${found}`
  }
  return undefined
}
