/**
 * What a worker does beside the moves: replays that verifications ask for, histories of ended orders into the archive, the day's anchor.
 * All of it is work that the record lists, so that it outlives the engine and any worker; several workers share it.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import type { Logger } from '../../activities/index.ts'
import { type Rounds, startRounds } from '../../activities/rounds.ts'
import { bundleKept, keepBundle, listMissed } from '../../prisma/verification/archive.ts'
import { keepReplay, postponeReplay, takeReplays } from '../../prisma/verification/verdicts.ts'
import { type AnchorDeps, anchorDue } from './anchor.ts'
import { archiveDue } from './archive.ts'
import { judge, type JudgeDeps, sourceOf, together } from './judge.ts'
import type { Code } from './replay.ts'

export interface AuditorDeps extends JudgeDeps {
  logger: Logger
  /** Where the day's anchor goes. */
  anchors: Pick<AnchorDeps, 'folder' | 'webhook'>
}

/** The highest quality takes ten seconds for a tenth less. */
const QUICKLY = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }
const REPLAYS_AT_ONCE = 10
const LEASE_MS = 300_000
const RETRY_MS = 30_000
const MISSED_EVERY_MS = 3_600_000
/** Looks whether a new day has begun, and whether something is still to go out. */
const ANCHOR_EVERY_MS = 10_000

/** The code of a bundle, by its hash as the engine's histories name it. */
export async function codeOf(bundle: Code['bundle'], version: string): Promise<Code> {
  const text = 'code' in bundle ? bundle.code : await readFile(bundle.codePath, 'utf8')
  return { hash: createHash('sha256').update(text).digest('hex'), version, bundle }
}

/** Keeps the worker's code, once. */
export async function storeCode({ pool, code }: JudgeDeps, now = new Date()): Promise<void> {
  if (await bundleKept(pool, code.hash)) return
  const text = 'code' in code.bundle ? code.bundle.code : await readFile(code.bundle.codePath, 'utf8')
  await keepBundle(pool, { hash: code.hash, codeVersion: code.version, content: await promisify(brotliCompress)(text, QUICKLY) }, now)
}

/** Completes verdicts that wait for their replay. Answers how many were looked at. */
export async function replayDue(deps: AuditorDeps, now = new Date()): Promise<number> {
  const taken = await takeReplays(deps.pool, REPLAYS_AT_ONCE, now, LEASE_MS)
  await together(
    taken,
    (some) => complete(deps, some),
    async ({ id, order }, error) => {
      deps.logger.warn({ order, err: error }, 'a replay failed; it will be tried again')
      await postponeReplay(deps.pool, id, new Date(now.getTime() + RETRY_MS))
    },
  )
  return taken.length
}

async function complete(deps: AuditorDeps, taken: readonly { id: string; order: string }[]): Promise<void> {
  const cases = []
  for (const { order } of taken) cases.push({ order, source: await sourceOf(deps, order) })
  const verdicts = await judge(deps, cases)
  for (const [i, engine] of verdicts.entries()) {
    const { id, order } = taken[i]!
    if (engine.state === 'differs') deps.logger.error({ order, engine }, 'the record is not what the history of the engine says')
    await keepReplay(deps.pool, id, engine)
  }
}

/** Works until stopped. `stop` waits for the round that is under way. */
export function startAuditor(deps: AuditorDeps & { intervalMs?: number }): Rounds {
  const { pool, logger, intervalMs = 1_000 } = deps
  let missed = 0
  let anchored = 0
  let known = false
  const round = async (stopping: () => boolean): Promise<boolean> => {
    try {
      if (!known) await storeCode(deps)
      known = true
      if (performance.now() >= missed) {
        await listMissed(pool, new Date())
        missed = performance.now() + MISSED_EVERY_MS
      }
      if (performance.now() >= anchored) {
        await anchorDue({ pool, logger, ...deps.anchors })
        anchored = performance.now() + ANCHOR_EVERY_MS
      }
      const looked = (await replayDue(deps)) + (stopping() ? 0 : await archiveDue(deps))
      return looked > 0
    } catch (error) {
      logger.error({ err: error }, 'the auditor could not reach the record or the engine; trying again')
      return false
    }
  }
  return startRounds(round, intervalMs)
}
