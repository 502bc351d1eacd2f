/**
 * Brings orders back to life from the record: workflows that are no longer there (the engine's database was lost, somebody ended
 * them) start again where the state says, and learn what came of their relatives meanwhile. Safe to repeat and to interrupt: what
 * runs is left alone, and what is told twice counts once.
 */
import type pg from 'pg'
import type { OrderState } from '../../domain/order/state.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { childEnd, nextArgs } from '../../workflows/kit/offspring.ts'
import type { Engine, Revival, Revivals } from '../engine.ts'
import { EngineOrderMissing } from '../engine-errors.ts'

export interface RehydrateDeps {
  pool: Pick<pg.Pool, 'query'>
  engine: Pick<Engine, 'open'> & Revivals
  processOf: (id: string) => Process | undefined
}

export interface Rehydrated {
  /** Open orders that were looked at. */
  looked: number
  /** Workflows started again. */
  revived: number
  /** Orders opened that an ended one had still to open. */
  continued: number
  /** Ends that parents were told of, and children that were told to end. */
  told: number
  failed: { order: string; error: string }[]
}

export interface RehydrateOptions {
  /** Only these; else all that are open. */
  orders?: readonly string[] | undefined
  onProgress?: (done: Rehydrated) => void
  signal?: AbortSignal | undefined
}

const PAGE = 200
const AT_A_TIME = 16

interface OpenRow {
  id: string
  state: OrderState
  /** Children that the record has. */
  started: string[]
}

/** @throws EngineDown, EngineLate before anything was done, when the engine does not answer at all */
export async function rehydrate(
  deps: RehydrateDeps,
  { orders, onProgress = () => {}, signal }: RehydrateOptions = {},
): Promise<Rehydrated> {
  const done: Rehydrated = { looked: 0, revived: 0, continued: 0, told: 0, failed: [] }
  const each = async <T extends { id: string }>(rows: readonly T[], work: (row: T) => Promise<void>): Promise<void> => {
    const rest = rows.values()
    const lane = async () => {
      for (const row of rest) {
        if (signal?.aborted) return
        await work(row).catch((error: unknown) => {
          done.failed.push({ order: row.id, error: error instanceof Error ? error.message : String(error) })
        })
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, lane))
    onProgress(done)
  }

  // Children come after their parents by id, and have to be there first: a parent that is being withdrawn tells them at once.
  for (let before: string | undefined; !signal?.aborted; ) {
    const page: OpenRow[] = await openOrders(deps.pool, orders, before)
    await each(page, async ({ id, state, started }) => {
      done.looked++
      const revival: Revival = { id, snapshot: state, started }
      if (await deps.engine.revive(revival)) done.revived++
    })
    before = page.at(-1)?.id
    if (page.length < PAGE) break
  }
  await each(await unopened(deps.pool, orders), async ({ state }) => {
    const process = deps.processOf(state.process)
    if (!process) throw new Error(`there is no process ${state.process}`)
    await deps.engine.open(nextArgs(process.spec, state))
    done.continued++
  })
  await each(await untold(deps.pool, orders), async ({ parent, state }) => {
    const spec = deps.processOf(state.process)?.spec
    if (!spec) throw new Error(`there is no process ${state.process}`)
    const end = state.end ?? state.released ?? ''
    if (await reached(() => deps.engine.childEnded(parent, childEnd(spec, state, end)))) done.told++
  })
  await each(await unwanted(deps.pool, orders), async ({ id, parent, withdrawing }) => {
    const reason = withdrawing ? 'parent withdrawn' : 'no longer needed'
    if (await reached(() => deps.engine.parentWithdrew(id, { parent, reason }))) done.told++
  })
  return done
}

/** False where it has ended meanwhile. */
async function reached(tell: () => Promise<void>): Promise<boolean> {
  try {
    await tell()
    return true
  } catch (error) {
    if (error instanceof EngineOrderMissing) return false
    throw error
  }
}

async function openOrders(
  pool: RehydrateDeps['pool'],
  orders: readonly string[] | undefined,
  before: string | undefined,
): Promise<OpenRow[]> {
  const { rows } = await pool.query<OpenRow>(
    `SELECT o.id, o.state, ARRAY(SELECT c.id FROM jsonb_object_keys(o.state -> 'children') k JOIN orders c ON c.id = k) AS started
       FROM orders o
      WHERE o.status <> 'closed' AND ($1::text[] IS NULL OR o.id = ANY($1)) AND ($2::text IS NULL OR o.id COLLATE "C" < $2)
      ORDER BY o.id COLLATE "C" DESC LIMIT ${PAGE}`,
    [orders ?? null, before ?? null],
  )
  return rows
}

/** Ended orders that another was to continue, which is not there. */
async function unopened(pool: RehydrateDeps['pool'], orders?: readonly string[]): Promise<{ id: string; state: OrderState }[]> {
  const { rows } = await pool.query<{ id: string; state: OrderState }>(
    `SELECT o.id, o.state FROM orders o
      WHERE o.status = 'closed' AND o.continued_as IS NOT NULL AND ($1::text[] IS NULL OR o.id = ANY($1))
        AND NOT EXISTS (SELECT FROM orders n WHERE n.id = o.continued_as)`,
    [orders ?? null],
  )
  return rows
}

/** Children that have ended, or given their parent leave to go on, of open parents that do not know it. */
async function untold(
  pool: RehydrateDeps['pool'],
  orders?: readonly string[],
): Promise<{ id: string; parent: string; state: OrderState }[]> {
  const { rows } = await pool.query<{ id: string; parent: string; state: OrderState }>(
    `SELECT c.id, p.id AS parent, c.state
       FROM orders p CROSS JOIN LATERAL jsonb_each(p.state -> 'children') AS k (child, ref) JOIN orders c ON c.id = k.child
      WHERE p.status <> 'closed' AND ($1::text[] IS NULL OR p.id = ANY($1)) AND NOT k.ref ? 'end' AND (k.ref -> 'waits')::boolean
        AND (c.status = 'closed' OR c.state ? 'released')`,
    [orders ?? null],
  )
  return rows
}

/** Open children whose parent is being withdrawn, or has ended without them. */
async function unwanted(
  pool: RehydrateDeps['pool'],
  orders?: readonly string[],
): Promise<{ id: string; parent: string; withdrawing: boolean }[]> {
  const { rows } = await pool.query<{ id: string; parent: string; withdrawing: boolean }>(
    `SELECT c.id, p.id AS parent, p.status = 'withdrawing' OR p."end" = 'withdrawn' AS withdrawing
       FROM orders c JOIN orders p ON p.id = c.parent_id
      WHERE c.status = 'open' AND p.status IN ('withdrawing', 'closed') AND ($1::text[] IS NULL OR c.id = ANY($1))
        AND NOT c.state ? 'released'`,
    [orders ?? null],
  )
  return rows
}
