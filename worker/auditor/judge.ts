/** Judges orders by the engine's histories of them: the record must be what they say, and code must make the same moves again. */
import { brotliDecompressSync } from 'node:zlib'
import type { Client } from '@temporalio/client'
import type pg from 'pg'
import type { KeptOrder } from '../../domain/order/verify/kept.ts'
import { archivedRuns, readBundle, wasArchived } from '../../prisma/verification/archive.ts'
import { keptOrders } from '../../prisma/verification/kept.ts'
import type { CodeVerdict, EngineVerdict } from '../../prisma/verification/verdicts.ts'
import { againstCode, againstHistory, covered } from './compare.ts'
import { type AnsweredMove, answeredMoves, bundleOf, fetchRuns, hasBegun, type Run, unpack } from './history.ts'
import { type Code, type Replayed, replay } from './replay.ts'

export interface JudgeDeps {
  pool: pg.Pool
  client: Client
  /** The worker's own. */
  code: Code
}

/** Where an order's history comes from. */
export type Source = { source: 'engine' | 'archive'; runs: Run[] } | { source: 'archive'; flaw: string } | undefined

/** From the engine; where it has none any more, or for an order that is archived, from the archive. */
export async function sourceOf({ pool, client }: JudgeDeps, order: string): Promise<Source> {
  const archived = await archivedRuns(pool, order)
  if (archived.length === 0) {
    if (await wasArchived(pool, order)) return { source: 'archive', flaw: 'the archive of this order was removed' }
    const runs = await fetchRuns(client, order)
    return runs.length > 0 ? { source: 'engine', runs } : undefined
  }
  const runs: Run[] = []
  for (const [i, { runNo, runId, content, sha256 }] of archived.entries()) {
    if (runNo !== i + 1) return { source: 'archive', flaw: `run ${i + 1} of the archive is missing` }
    try {
      runs.push({ id: runId, history: unpack({ content, sha256 }) })
    } catch (error) {
      return { source: 'archive', flaw: `run ${runNo} of the archive was changed: ${(error as Error).message}` }
    }
  }
  return { source: 'archive', runs }
}

/** The last codes that were asked for by their hash; one takes a few megabytes. */
const stored = new Map<string, Code | undefined>()
const STORED_MOST = 3

async function storedCode(pool: pg.Pool, hash: string): Promise<Code | undefined> {
  const known = stored.get(hash)
  if (known) return known
  const row = await readBundle(pool, hash)
  if (!row) return undefined
  const code = { hash, version: row.codeVersion, bundle: { code: brotliDecompressSync(row.content).toString() } }
  stored.set(hash, code)
  for (const oldest of stored.keys()) if (stored.size > STORED_MOST) stored.delete(oldest)
  return code
}

export interface Case {
  order: string
  source: Source
}

interface Trial {
  order: string
  run: number
  answered: AnsweredMove[]
  history: Run['history']
  made: Map<string, Replayed>
}

/**
 * Verdicts on orders, in their order. The sources must have been read before: the record, read after them, then has whatever they say.
 * @throws database errors as they are
 */
export async function judge(deps: JudgeDeps, cases: readonly Case[]): Promise<EngineVerdict[]> {
  const kept = new Map((await keptOrders(deps.pool, [...new Set(cases.map(({ order }) => order))])).map((each) => [each.id, each]))
  const trials = cases.map(({ order, source }) =>
    source && 'runs' in source
      ? source.runs.map(({ history }, i): Trial => ({ order, run: i + 1, answered: answeredMoves(history), history, made: new Map() }))
      : [],
  )
  const codes = await replayAll(deps, trials.flat())
  return cases.map(({ order, source }, i) => verdict(deps.code, kept.get(order), source, trials[i]!, codes))
}

/** All at once, which shares a replayer; where that fails, one by one, so that one bad case does not hold up the others. */
export async function together<T>(
  all: readonly T[],
  work: (some: readonly T[]) => Promise<void>,
  failed: (one: T, error: unknown) => Promise<void>,
): Promise<void> {
  if (all.length === 0) return
  try {
    return await work(all)
  } catch (error) {
    if (all.length === 1) return failed(all[0]!, error)
  }
  for (const one of all) await together([one], work, failed)
}

/** Every run with today's code, and with the code that it ran with, where that is another and was stored. */
async function replayAll({ pool, code }: JudgeDeps, trials: readonly Trial[]): Promise<Map<string, Code>> {
  const codes = new Map([[code.hash, code]])
  const wanted = new Map<Code, Trial[]>([[code, [...trials]]])
  for (const trial of trials) {
    const hash = bundleOf(trial.history)
    const then = hash === undefined || hash === code.hash ? undefined : (codes.get(hash) ?? (await storedCode(pool, hash)))
    if (!then) continue
    codes.set(then.hash, then)
    wanted.set(then, [...(wanted.get(then) ?? []), trial])
  }
  for (const [with_, of] of wanted) {
    // A run that no worker has looked at yet has made nothing, and the replayer would wait for it for ever.
    const begun = of.filter(({ history }) => hasBegun(history))
    const replayed = await replay(with_, begun)
    for (const trial of of) trial.made.set(with_.hash, { moves: [] })
    begun.forEach((trial, i) => trial.made.set(with_.hash, replayed[i]!))
  }
  return codes
}

function verdict(
  today: Code,
  kept: KeptOrder | undefined,
  source: Source,
  trials: readonly Trial[],
  codes: Map<string, Code>,
): EngineVerdict {
  if (!source) return { state: 'missing', message: 'the engine has no history of it any more, and it was not archived' }
  if ('flaw' in source) return { state: 'differs', source: source.source, message: source.flaw }
  const record = kept?.events ?? []
  const answered = trials.flatMap((trial) => trial.answered)
  const seen = { source: source.source, runs: trials.length, events: covered(record, answered) }
  const difference = againstHistory(record, answered)
  const verdicts = [...codes.values()].flatMap((code) => {
    const own = trials.filter(({ made }) => made.has(code.hash))
    return own.length === 0 ? [] : [codeVerdict(code, code === today, kept, own)]
  })
  if (difference) return { state: 'differs', ...seen, difference, codes: verdicts }
  // Each run by some code: the one that it ran with, or today's.
  const bad = trials.find((trial) => ![...trial.made.values()].some((replayed) => sameMoves(kept, trial, replayed)))
  const gap = seen.events < record.length && { message: `the histories that there are cover ${seen.events} of ${record.length} events` }
  if (!bad) return { state: 'same', ...seen, codes: verdicts, ...gap }
  const then = bundleOf(bad.history)
  const without = then !== undefined && !codes.has(then) && `; the code of then, ${then.slice(0, 12)}, was not stored`
  return { state: 'differs', ...seen, codes: verdicts, message: `no code makes the same moves of run ${bad.run} again${without || ''}` }
}

const sameMoves = (kept: KeptOrder | undefined, { answered }: Trial, { moves, error }: Replayed): boolean =>
  error === undefined && !againstCode(kept?.events ?? [], answered, moves)

function codeVerdict({ hash, version }: Code, today: boolean, kept: KeptOrder | undefined, trials: readonly Trial[]): CodeVerdict {
  const code = { bundle: hash, version, today }
  for (const { answered, made } of trials) {
    const { moves, error } = made.get(hash)!
    const difference = againstCode(kept?.events ?? [], answered, moves)
    if (difference || error !== undefined)
      return { ...code, same: false, ...(difference && { difference }), ...(error !== undefined && { message: error.slice(0, 500) }) }
  }
  return { ...code, same: true }
}
