/** Stands in for activities/write.ts: the same parts, taken by the model of the database instead of being put into SQL. */
import type { Part, Statement } from '../../../activities/write.ts'
import type { Connection } from './connection.ts'

export const write = (
  db: Connection,
  move: { order: string; base: number; prev: string },
  order: Record<string, unknown>,
  parts: readonly Part[],
  statements: readonly Statement[],
): Promise<boolean> => db.write(move, order, parts, statements)

export const settle = (ended: readonly string[], reopened: readonly string[], at: string): Statement[] => [
  ...(ended.length > 0 ? [{ name: 'settled', sql: '', param: { clocks: ended, at } }] : []),
  ...(reopened.length > 0 ? [{ name: 'unsettled', sql: '', param: { clocks: reopened, at: null } }] : []),
]
