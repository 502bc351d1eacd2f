/**
 * Records moves again that the record has lost: it was restored from a backup that is older than the engine. The engine's histories
 * have what the recorder was given and what it answered; the same events go into the same chain, and nothing is planned anew.
 */
import type pg from 'pg'
import { specOf } from '../domain/processes/index.ts'
import type { Histories, PastMove, Running } from '../prisma/recovery/engine.ts'
import { versionsOf } from '../prisma/recovery/findings.ts'
import { record } from './record.ts'
import { ReferenceCache } from './reference.ts'

export interface Recovered {
  /** Workflows whose histories were looked into. */
  looked: number
  /** Orders of which moves were missing, and moves recorded again. */
  orders: number
  moves: number
  /** Moves that the engine asked to be recorded and that were never answered: they are recorded when their workflow runs. */
  pending: number
  failed: { order: string; error: string }[]
}

export interface RecoverOptions {
  /** Workflows that ended before are not looked into, epoch ms. Default: the last instant in the record, less an hour. */
  since?: number | undefined
  onProgress?: (done: Recovered) => void
  signal?: AbortSignal | undefined
}

const AT_A_TIME = 16
const SLACK_MS = 3_600_000

/**
 * Safe to repeat and to interrupt. No worker may run meanwhile: it would record on from where the record is not.
 * @throws what the engine or the database throws before anything was done
 */
export async function recover(
  { pool, engine }: { pool: pg.Pool; engine: Histories },
  { since, onProgress = () => {}, signal }: RecoverOptions = {},
): Promise<Recovered> {
  const done: Recovered = { looked: 0, orders: 0, moves: 0, pending: 0, failed: [] }
  const orders = new Set<string>()
  const note = ({ order }: Running) => orders.add(order)
  for await (const workflow of engine.running()) note(workflow)
  for await (const workflow of engine.ended((since ?? (await lastInstant(pool))) - SLACK_MS)) note(workflow)

  const missing: PastMove[] = []
  const versions = await versionsOf(pool, [...orders])
  await lanes([...orders], signal, async (order) => {
    const moves = await engine.movesSince(order, versions.get(order)?.seq ?? 0)
    done.looked++
    const answered = moves.filter(({ recorded }) => recorded)
    done.pending += moves.length - answered.length
    missing.push(...answered)
    if (done.looked % 500 === 0) onProgress(done)
  })
  // In the order in which they were made: an order that another opened comes after it.
  missing.sort((a, b) => a.at - b.at || (a.order < b.order ? -1 : a.order > b.order ? 1 : a.base - b.base))
  await pastNumbers(pool, missing)
  const deps = { pool, reference: new ReferenceCache(pool), specOf, email: false }
  const touched = new Set<string>()
  const broken = new Set<string>()
  for (const { recorded, ...move } of missing) {
    if (signal?.aborted) break
    if (broken.has(move.order)) continue
    try {
      await record(deps, move, recorded)
      done.moves++
      touched.add(move.order)
      done.orders = touched.size
      if (done.moves % 500 === 0) onProgress(done)
    } catch (error) {
      broken.add(move.order)
      done.failed.push({ order: move.order, error: error instanceof Error ? error.message : String(error) })
    }
  }
  onProgress(done)
  return done
}

async function lanes(orders: readonly string[], signal: AbortSignal | undefined, work: (order: string) => Promise<void>): Promise<void> {
  const rest = orders.values()
  const lane = async () => {
    for (const order of rest) {
      if (signal?.aborted) return
      await work(order)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, lane))
}

async function lastInstant(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ at: Date | null }>('SELECT max(updated_at) AS at FROM orders')
  return rows[0]?.at?.getTime() ?? 0
}

/** Numbers that people say, given after the backup was made, are not given again. */
async function pastNumbers(pool: pg.Pool, moves: readonly PastMove[]): Promise<void> {
  const given = moves.flatMap(({ recorded }) =>
    (recorded?.plan ?? []).flatMap((event) => (event.type === 'order-numbered' ? [Number(/(\d+)$/.exec(event.data.no)?.[1] ?? 0)] : [])),
  )
  if (given.length === 0) return
  await pool.query(`SELECT setval('order_no', greatest($1::bigint, (SELECT last_value FROM order_no)))`, [Math.max(...given)])
}
