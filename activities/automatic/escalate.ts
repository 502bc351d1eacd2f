/** P-09 escalate-next: one level above the one that answered; above the red channel there is none. */
import type pg from 'pg'
import type { Level } from '../projections/complaint.ts'
import type { AutomaticInput, AutomaticResult } from '../types.ts'

const above: Readonly<Record<Level, string>> = {
  self: 'to-departments',
  departments: 'to-yellow',
  yellow: 'to-red',
  red: 'answer-is-final',
}

/** The record says who answered; it does not change until the complaint has been raised, so that a second run says the same. */
export async function escalate(pool: pg.Pool, { order }: AutomaticInput): Promise<AutomaticResult> {
  const { rows } = await pool.query<{ level: Level | null }>('SELECT level FROM complaint WHERE order_id = $1', [order])
  const level = rows[0]?.level
  if (!level) throw new Error(`the record has no answer to complaint ${order} yet; trying again`)
  return { outcome: above[level] }
}
