/** What differs between two states of an order, field by field. */

export interface Difference {
  field: string
  before: unknown
  after: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Grows with every event, or repeats what other fields say. */
const noise = new Set(['seq', 'hash', 'at', 'recent', 'journal', 'notAgain'])

/** In the sequence of the fields' names; a part that is not there is undefined. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (!isObject(before) || !isObject(after)) return [{ field: path, before, after }]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names
    .filter((name) => path !== '' || !noise.has(name))
    .flatMap((name) => differences(before[name], after[name], path === '' ? name : `${path} / ${name}`))
}
