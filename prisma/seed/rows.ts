/** Rows as the tables take them: the keys are column names, so that one statement writes a table. */
import type pg from 'pg'

export type Row = Readonly<Record<string, unknown>>

/** Writes rows that all have the same columns. Instants are ISO texts, lists and JSON are given as they are. */
export async function insertRows(client: pg.ClientBase, table: string, rows: readonly Row[]): Promise<void> {
  const first = rows[0]
  if (!first) return
  const columns = Object.keys(first)
    .map((column) => `"${column}"`)
    .join(', ')
  await client.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`, [
    JSON.stringify(rows),
  ])
}

/** Number with leading zeros. */
export const pad = (n: number, width: number) => String(n).padStart(width, '0')

/** Stands in for chance: small, and the same on every run. */
export function chance(seed: number): () => number {
  let a = seed
  // mulberry32
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
