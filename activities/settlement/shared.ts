/** What the steps of a run share. */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { findRun, type Run } from '../../prisma/settlement/runs.ts'
import { never } from '../errors.ts'

/** How long work says that it lives, and hears that it is no longer wanted; activities/automatic has the same. */
export interface Pulse {
  heartbeat(details?: unknown): void
  signal: AbortSignal
}

export const noPulse = (): Pulse => ({ heartbeat: () => {}, signal: new AbortController().signal })

/** One transaction on a connection of its own. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let lost: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((broken: Error) => {
      lost = broken
    })
    throw error
  } finally {
    client.release(lost)
  }
}

/**
 * For the rest of the transaction: users and choices are matched by hashing. The table's figures are those of earlier runs, so that the
 * planner takes a new run for a row or two, and would go through its users, or its lines, once for each choice.
 */
export const matchByHash = async (client: pg.ClientBase): Promise<void> => {
  await client.query('SET LOCAL enable_nestloop = off')
}

/** @throws ApplicationFailure NO_RUN, not retryable */
export async function runOf(db: pg.Pool | pg.ClientBase, id: string): Promise<Run> {
  const run = await findRun(db, id)
  if (!run) throw never('NO_RUN', `there is no settlement run ${id}: another order has the run of this department, period and kind`)
  return run
}

/** Locks the run's row: what two workers would do at once, one does and the other finds done. */
export async function lockedRun(client: pg.ClientBase, id: string): Promise<Run> {
  await client.query('SELECT FROM settlement_run WHERE id = $1 FOR NO KEY UPDATE', [id])
  return runOf(client, id)
}

/** Waits, unless it is no longer wanted. */
export const pause = (ms: number, { signal }: Pulse): Promise<void> => sleep(ms, undefined, { signal })

/** Names for a note, the first few of them. */
export function named(ids: readonly string[], most = 10): string {
  const shown = ids.slice(0, most).join(', ')
  return ids.length > most ? `${shown} … (${ids.length})` : shown
}
