/** Record against engine, both ways: what is safe to repair is repaired, the rest is listed with what to do (domain/health). */
import type pg from 'pg'
import type { Finding, FindingKindId } from '../domain/health/findings.ts'
import type { ProcessSpec } from '../domain/order/spec.ts'
import type { Histories, Revivals, Running } from '../prisma/recovery/engine.ts'
import {
  clocksBehind,
  freeHold,
  heldByEnded,
  keepReconciliation,
  latestReconciliation,
  openByKind,
  openVersions,
  stoppedOrders,
  tasksWithoutHolder,
  versionsOf,
} from '../prisma/recovery/findings.ts'
import { owed } from '../prisma/recovery/owed.ts'
import { rehydrate } from '../prisma/recovery/rehydrate.ts'
import type { Reconciled } from './types.ts'

export interface ReconcileDeps {
  pool: pg.Pool
  engine: Revivals & Histories
  specOf: (process: string) => ProcessSpec
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** What is younger is on its way. */
export const quiet = {
  /** An order whose workflow the engine's list does not show yet. */
  order: 10 * SECOND,
  /** A word between relatives. */
  word: 30 * SECOND,
  /** A workflow whose opening is being recorded. */
  opening: MINUTE,
  /** A due instant. */
  due: MINUTE,
  /** A workflow that ends, and tells its relatives. */
  ending: 10 * MINUTE,
} as const

/** Relatives of orders that ended earlier have been looked at before. */
const ENDED_MS = 3 * 24 * 60 * MINUTE
/** Histories that one comparison looks into; the next takes others. */
const SAMPLE = 100
const CHUNK = 500

type Found = Pick<Finding, 'kind' | 'subject' | 'detail' | 'repaired'>

/**
 * One comparison at `at`. May run twice.
 * @param beat told now and then, so that the engine sees that it lives
 */
export async function reconcile(deps: ReconcileDeps, at: number, beat: () => void = () => {}): Promise<Reconciled> {
  const { pool, engine, specOf } = deps
  const began = performance.now()
  const before = (ms: number) => new Date(at - ms)
  const list = (kind: FindingKindId, found: readonly { subject: string; detail: string }[]): Found[] =>
    found.map(({ subject, detail }) => ({ kind, subject, detail, repaired: false }))

  const open = await openVersions(pool)
  const running = new Map<string, Running>()
  for await (const workflow of engine.running()) running.set(workflow.order, workflow)
  beat()
  const found: Found[] = [
    ...(await lost(deps, open, running, at, beat)),
    ...(await foreign(deps, open, running, at)),
    ...(await unrecorded(deps, open, running, at, beat)),
    ...list('task-without-holder', await tasksWithoutHolder(pool)),
    ...list('order-stopped', await stoppedOrders(pool)),
    ...(await behind(deps, before(quiet.due))),
    ...(await freed(deps, before(quiet.ending), new Date(at))),
  ]
  for (const { kind, id, detail, pay } of await owed(pool, specOf, { quietSince: before(quiet.word), endedSince: before(ENDED_MS) })) {
    const repaired = await pay(engine).catch(() => false)
    found.push({ kind, subject: id, detail, repaired })
    beat()
  }

  const findings = since(found, (await latestReconciliation(pool))?.findings ?? [], new Date(at).toISOString())
  const repaired = findings.filter((finding) => finding.repaired).length
  const looked = new Set([...open.keys(), ...running.keys()]).size
  await keepReconciliation(pool, { at: new Date(at), tookMs: Math.round(performance.now() - began), looked, repaired, findings })
  return { looked, repaired, open: openByKind(findings) }
}

/** Since when each is known: what the comparison before has found too keeps its instant. */
function since(found: readonly Found[], earlier: readonly Finding[], now: string): Finding[] {
  const known = new Map(earlier.map(({ kind, subject, since }) => [`${kind} ${subject}`, since]))
  return found.map((finding) => ({ ...finding, since: known.get(`${finding.kind} ${finding.subject}`) ?? now }))
}

type Versions = ReadonlyMap<string, { seq: number; movedAt: number }>
type Workflows = ReadonlyMap<string, Running>

/** Open orders without a workflow go on from the record. The list may be late: starting one that runs changes nothing. */
async function lost({ pool, engine, specOf }: ReconcileDeps, open: Versions, running: Workflows, at: number, beat: () => void) {
  const missing = [...open].flatMap(([id, { movedAt }]) => (running.has(id) || movedAt > at - quiet.order ? [] : [id]))
  const found: Found[] = []
  for (let i = 0; i < missing.length; i += CHUNK) {
    const orders = missing.slice(i, i + CHUNK)
    const became = new Map<string, string>()
    const noting: Revivals = {
      ...engine,
      revive: async (revival) => {
        const how = await engine.revive(revival)
        became.set(revival.id, how)
        return how
      },
    }
    const { failed } = await rehydrate({ pool, engine: noting, specOf }, { orders, onProgress: beat })
    for (const [subject, how] of became) {
      if (how === 'revived') found.push({ kind: 'order-without-workflow', subject, detail: 'started again', repaired: true })
      if (how === 'ahead') found.push({ kind: 'moves-not-recorded', subject, detail: 'its workflow has ended', repaired: false })
    }
    for (const { order: subject, error } of failed)
      found.push({ kind: 'order-without-workflow', subject, detail: error.slice(0, 300), repaired: false })
  }
  return found
}

/** Workflows of orders that the record does not have, or has as ended. */
async function foreign({ pool, engine }: ReconcileDeps, open: Versions, running: Workflows, at: number): Promise<Found[]> {
  const others = [...running.values()].filter(({ order }) => !open.has(order))
  const found: Found[] = []
  for (let i = 0; i < others.length; i += CHUNK) {
    const chunk = others.slice(i, i + CHUNK)
    const known = await versionsOf(
      pool,
      chunk.map(({ order }) => order),
    )
    for (const { order: subject, type, startedAt } of chunk) {
      const row = known.get(subject)
      const kind = row ? 'workflow-of-ended-order' : 'workflow-without-order'
      const old = row ? row.closedAt !== undefined && row.closedAt < at - quiet.ending : startedAt < at - quiet.opening
      if (!old || !(await engine.isRunning(subject))) continue
      found.push({ kind, subject, detail: `${type}, since ${new Date(startedAt).toISOString()}`, repaired: false })
    }
  }
  return found
}

/** Of some of the workflows that run: whether the record has what their histories have. All are looked at in turn. */
async function unrecorded({ pool, engine }: ReconcileDeps, open: Versions, running: Workflows, at: number, beat: () => void) {
  const ids = [...open.keys()].filter((id) => running.has(id)).sort()
  const first = ids.length > SAMPLE ? (Math.floor(at / MINUTE) * SAMPLE) % ids.length : 0
  const found: Found[] = []
  for (const subject of [...ids, ...ids].slice(first, first + Math.min(SAMPLE, ids.length))) {
    beat()
    const moves = (await engine.movesSince(subject, open.get(subject)!.seq)).filter(({ recorded }) => recorded)
    if (moves.length === 0) continue
    // Recorded between our two looks, or not at all.
    const seq = (await versionsOf(pool, [subject])).get(subject)?.seq ?? 0
    const missing = moves.filter(({ base }) => base >= seq).length
    if (missing > 0) found.push({ kind: 'moves-not-recorded', subject, detail: `${missing} moves after event ${seq}`, repaired: false })
  }
  return found
}

/** Instants that passed without anything firing, and whether the workflow is why. */
async function behind({ pool, engine }: ReconcileDeps, before: Date): Promise<Found[]> {
  const found: Found[] = []
  for (const { subject, detail } of await clocksBehind(pool, before)) {
    const failing = found.length < SAMPLE ? await engine.failing(subject) : undefined
    const why = failing ? `; its workflow task has failed ${failing.attempt - 1} times` : ''
    found.push({ kind: 'clock-not-armed', subject, detail: `${detail}${why}`, repaired: false })
  }
  return found
}

async function freed({ pool }: ReconcileDeps, before: Date, at: Date): Promise<Found[]> {
  const found: Found[] = []
  for (const { hold, subject, detail, freed: repaired } of await heldByEnded(pool, before)) {
    if (repaired) await freeHold(pool, hold, at)
    found.push({ kind: 'resource-without-order', subject, detail, repaired })
  }
  return found
}
