/** Limits, ladders and calendars as the record has them, kept until it has others. */
import type pg from 'pg'
import type { Limits } from '../../domain/order/policy.ts'
import { Kept, loadLimits } from '../../prisma/reference.ts'

const kept = new WeakMap<pg.Pool, Kept<Awaited<ReturnType<typeof loadLimits>>>>()

/** Those of a version that a query has just read (`limitsVersion`). */
export async function limitsOf(pool: pg.Pool, version: string): Promise<Limits> {
  let own = kept.get(pool)
  if (!own) kept.set(pool, (own = new Kept(() => loadLimits(pool))))
  return (await own.get(version)).limits
}
