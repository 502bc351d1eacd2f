/**
 * Brings orders back to life from the record: workflows that are no longer there (the engine's database was lost, somebody ended
 * them) start again where the state says, and learn what came of their relatives meanwhile. Safe to repeat and to interrupt: what
 * runs is left alone, and what is told twice counts once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Revivals } from './engine.ts'
import { owed } from './owed.ts'
import { type Db, openOrder, openOrders } from './rows.ts'

export interface RehydrateDeps {
  pool: Db
  engine: Revivals
  /** @throws RangeError for a process that there is not */
  specOf: (process: string) => ProcessSpec
}

export interface Rehydrated {
  /** Open orders that were looked at. */
  looked: number
  /** Workflows started again. */
  revived: number
  /** Orders opened that an ended one had still to open. */
  continued: number
  /** Ends that parents were told of, children that were told to end, facts from outside told again. */
  told: number
  /** Orders of which the engine has had moves that the record does not have; left alone: `npm run recover` records them. */
  ahead: string[]
  failed: { order: string; error: string }[]
}

export interface RehydrateOptions {
  /** Only these; else all that are open. */
  orders?: readonly string[] | undefined
  /** Also those that run: their workflows end, and others go on from the record. */
  replace?: boolean | undefined
  onProgress?: (done: Rehydrated) => void
  signal?: AbortSignal | undefined
}

const PAGE = 200
const AT_A_TIME = 16
const TRIES = 6
const FIRST_PAUSE_MS = 500

/** An engine to which everybody comes back at once is late now and then; all that is done here may be repeated. */
async function patiently(work: (again: boolean) => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await work(tried > 1)
    } catch (error) {
      if (tried === TRIES || signal?.aborted) throw error
      await sleep(FIRST_PAUSE_MS * 2 ** (tried - 1))
    }
  }
}

/** @throws what the engine throws before anything was done, when it does not answer at all */
export async function rehydrate(
  { pool, engine, specOf }: RehydrateDeps,
  { orders, replace = false, onProgress = () => {}, signal }: RehydrateOptions = {},
): Promise<Rehydrated> {
  const done: Rehydrated = { looked: 0, revived: 0, continued: 0, told: 0, ahead: [], failed: [] }
  const each = async <T extends { id: string }>(rows: readonly T[], work: (row: T, again: boolean) => Promise<void>): Promise<void> => {
    const rest = rows.values()
    const lane = async () => {
      for (const row of rest) {
        if (signal?.aborted) return
        await patiently((again) => work(row, again), signal).catch((error: unknown) => {
          done.failed.push({ order: row.id, error: error instanceof Error ? error.message : String(error) })
        })
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, lane))
    onProgress(done)
  }

  for (let before: string | undefined; !signal?.aborted; ) {
    const page = await openOrders(pool, orders, before, PAGE)
    done.looked += page.length
    await each(page, async (row, again) => {
      if (replace) await engine.retire(row.id)
      // Its last move may have been recorded while its workflow was being ended.
      const now = replace ? await openOrder(pool, row.id) : row
      if (!now) return
      const became = await engine.revive({ id: now.id, snapshot: now.state, started: now.started })
      // One whose answer did not come has started all the same.
      if (became === 'revived' || (again && became === 'ran')) done.revived++
      if (became === 'ahead') done.ahead.push(now.id)
    })
    before = page.at(-1)?.id
    if (page.length < PAGE) break
  }
  await each(await owed(pool, specOf, { orders }), async ({ kind, pay }) => {
    if (!(await pay(engine))) return
    if (kind === 'order-not-opened') done.continued++
    else done.told++
  })
  return done
}
