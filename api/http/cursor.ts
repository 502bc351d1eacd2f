/** Cursors of keyset pages: the sort key of the last row, opaque to clients. */
import { Problem } from '../problem.ts'

/** The text of a key. */
export const encodeCursor = (key: readonly (string | number | null)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url')

const isKind = (value: unknown, kind: Kind): boolean => {
  if (value === null) return kind.endsWith('?')
  if (kind.startsWith('instant')) return typeof value === 'string' && !Number.isNaN(Date.parse(value))
  if (kind.startsWith('number')) return Number.isSafeInteger(value)
  return typeof value === 'string' && !value.includes('\0')
}

/** What stands at a place of a key; with ?, null may. */
type Kind = 'text' | 'number' | 'instant' | 'instant?'

/** The key that a cursor stands for. @throws Problem BAD_CURSOR when it is not one of ours, or of another list */
export function decodeCursor<T extends readonly (string | number | null)[]>(
  cursor: string | undefined,
  kinds: readonly Kind[],
): T | undefined {
  if (cursor === undefined) return undefined
  let key: unknown
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw new Problem('BAD_CURSOR', { field: 'cursor' })
  }
  if (!Array.isArray(key) || key.length !== kinds.length || !kinds.every((kind, i) => isKind(key[i], kind)))
    throw new Problem('BAD_CURSOR', { field: 'cursor' })
  return key as unknown as T
}

/** The page of up to `limit + 1` rows, and the cursor of the next one. */
export function paged<T>(
  found: readonly T[],
  limit: number,
  keyOf: (row: T) => readonly (string | number | null)[],
): { items: T[]; page: { limit: number; next: string | null } } {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, page: { limit, next: found.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null } }
}
