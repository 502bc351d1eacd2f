/** Stores the engine's histories of ended orders, before the engine forgets them. */
import type { Logger } from '../../activities/index.ts'
import { type ArchiveJob, keepRuns, markArchive, takeArchiveJobs } from '../../prisma/verification/archive.ts'
import { bundleOf, hasEnded, pack, type Run } from './history.ts'
import { type Case, judge, type JudgeDeps, sourceOf, together } from './judge.ts'

export interface ArchiveDeps extends JudgeDeps {
  logger: Logger
}

/** Orders of one round: replayed by one worker, and their histories in memory together. */
const AT_ONCE = 20
const LEASE_MS = 300_000
/** An engine that knows nothing of an order for so many looks has lost it. */
const MOST_LOOKS = 4
const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 3_600_000

const retryAt = (attempts: number, now: Date): Date =>
  new Date(now.getTime() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 20)))

/**
 * Archives orders that are due. A history is stored as it is fetched and then replayed: one that does not hold is evidence too, and
 * the engine will not keep it. It is looked at again until it holds.
 * @returns how many were looked at
 */
export async function archiveDue(deps: ArchiveDeps, now = new Date()): Promise<number> {
  const { pool } = deps
  const jobs = await takeArchiveJobs(pool, AT_ONCE, now, LEASE_MS)
  const cases: (Case & { job: ArchiveJob })[] = []
  for (const job of jobs) {
    try {
      const source = await stored(deps, job, now)
      if (source) cases.push({ order: job.order, source, job })
    } catch (error) {
      await failed(deps, job, error instanceof Error ? error.message : String(error), now)
    }
  }
  await together(
    cases,
    (some) => prove(deps, some, now),
    ({ job }, error) => failed(deps, job, error instanceof Error ? error.message : String(error), now),
  )
  return jobs.length
}

async function prove(deps: ArchiveDeps, cases: readonly (Case & { job: ArchiveJob })[], now: Date): Promise<void> {
  const verdicts = await judge(deps, cases)
  for (const [i, { job }] of cases.entries()) {
    const { state, message, difference, codes } = verdicts[i]!
    const why = message ?? (difference && `event ${difference.of}, ${difference.field}`) ?? codes?.find(({ same }) => !same)?.message
    if (state === 'same') await markArchive(deps.pool, job.order, { state: 'done', attempts: job.attempts + 1, nextAt: now })
    else await failed(deps, job, `it was stored, and does not hold: ${why ?? state}`, now)
  }
}

/** Fetches and stores; nothing where it is not the time yet. */
async function stored({ pool, client, code, ...deps }: ArchiveDeps, job: ArchiveJob, now: Date) {
  const { order } = job
  const found = await sourceOf({ pool, client, code }, order)
  if (!found) {
    await lost(deps, pool, job, now)
    return undefined
  }
  if ('flaw' in found || found.source === 'archive') return found
  if (!hasEnded(found.runs.at(-1)!.history)) {
    const next = { attempts: job.attempts + 1, nextAt: retryAt(job.attempts, now) }
    await markArchive(pool, order, { state: 'waiting', ...next, error: 'its workflow has not ended yet' })
    return undefined
  }
  await keepRuns(
    pool,
    order,
    found.runs.map((run, i) => row(run, i + 1, code)),
    now,
  )
  return sourceOf({ pool, client, code }, order)
}

function row({ id, history }: Run, runNo: number, code: JudgeDeps['code']) {
  const bundleHash = bundleOf(history) ?? ''
  const codeVersion = bundleHash === code.hash ? code.version : ''
  return { runNo, runId: id, events: history.events?.length ?? 0, ...pack(history), codeVersion, bundleHash }
}

async function lost({ logger }: Pick<ArchiveDeps, 'logger'>, pool: ArchiveDeps['pool'], { order, attempts }: ArchiveJob, now: Date) {
  const dead = attempts + 1 >= MOST_LOOKS
  if (dead) logger.warn({ order }, 'the engine has no history of this order any more: it stays without an archive')
  const next = { attempts: attempts + 1, nextAt: retryAt(attempts, now) }
  await markArchive(pool, order, { state: dead ? 'dead' : 'failed', ...next, error: 'the engine has no history of it' })
}

async function failed({ pool, logger }: ArchiveDeps, { order, attempts }: ArchiveJob, error: string, now: Date) {
  logger.error({ order, attempts: attempts + 1 }, `not archived: ${error}`)
  await markArchive(pool, order, { state: 'failed', attempts: attempts + 1, error, nextAt: retryAt(attempts, now) })
}
