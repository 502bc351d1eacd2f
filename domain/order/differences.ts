/** What is different between two values of plain data. */

export interface Difference {
  /** Keys from the outside in. */
  path: readonly string[]
  /** Undefined: it was not there, or is no longer. */
  from: unknown
  to: unknown
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Every leaf that differs, in the order of its path. Lists are leaves, since what their places mean is known to others.
 * What is new or gone as a whole is one difference.
 */
export function differences(from: unknown, to: unknown, path: readonly string[] = []): Difference[] {
  if (isRecord(from) && isRecord(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()
    return keys.flatMap((key) => differences(from[key], to[key], [...path, key]))
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path, from, to }]
}
