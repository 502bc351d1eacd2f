/** `npm run verify`: whether the record can be believed. */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { logAdminAlone } from '../prisma/admin-log.ts'
import { checkAnchors } from '../prisma/verification/anchors.ts'
import { archiveOverview } from '../prisma/verification/archive.ts'
import { keptAfter, keptOrders } from '../prisma/verification/kept.ts'
import { type KeptVerdict, keepVerdict, replayedVerdicts } from '../prisma/verification/verdicts.ts'
import type { Verdict } from '../workflows/kit/verdict.ts'
import { processes } from '../workflows/processes.ts'
import { verify } from '../api/trust/verify.ts'
import { findConfig, openRecord, readOptions, run, UsageError } from './record.ts'
import { stopOnInterrupt } from './stop.ts'

const usage = `npm run verify -- --order <id>[,<id>…] | --all | --since <instant> [--replay] [--json]
npm run verify -- --anchors [--folder <folder>]
npm run verify -- --archive

Checks of each order: the chain of its events, every row against what the events tell, and that its process run against the journal
comes to stand where the record says. Names the first difference with both sides. Verdicts of --order, and of what does not hold, are
kept and shown to the auditor.

  --replay    keep every verdict, and wait until a worker has replayed the engine's history, or the archived one; always so for --order
  --wait <s>  how long a worker may take without finishing one (120)
  --json      one line of JSON for each order that does not hold
  --anchors   hold the record against the files of the daily anchors (in ANCHOR_DIR, or in --folder)
  --archive   what is still to be archived, and what could not be

Exit code: 0 when all hold, 1 when one does not, 2 when it could not be done.`

const PAGE = 200

const text = (value: unknown): string => JSON.stringify(value ?? null).slice(0, 300)

function explain({ order, chain, rows, body }: Verdict): string {
  if (chain) return `${order}: event ${chain.of}, ${chain.field}: should be ${text(chain.told)}, is ${text(chain.kept)}`
  if (rows)
    return `${order}: ${rows.table} ${rows.of}, ${rows.field || 'row'}: the history tells ${text(rows.told)}, the row says ${text(rows.kept)}`
  return `${order}: ${body ?? ''}`
}

const difference = ({ of, field, told, kept }: { of: string; field: string; told: unknown; kept: unknown }, by: string) =>
  `event ${of}${field && `, ${field}`}: ${by} ${text(told)}, the record ${text(kept)}`

/** What the replay found, where it found something. */
function explainReplay({ order, engine }: KeptVerdict): string {
  const { difference: first, message, codes = [] } = engine!
  if (first) return `${order}: ${difference(first, 'the engine’s history says')}`
  const lines = codes.flatMap((code) =>
    code.same
      ? []
      : [
          `  code ${code.version} ${code.bundle.slice(0, 12)}: ${code.difference ? difference(code.difference, 'it makes') : (code.message ?? '')}`,
        ],
  )
  return [`${order}: ${message ?? 'its history does not replay'}`, ...lines].join('\n')
}

/** Waits for the workers. Answers how many do not hold. @throws UsageError where none takes them */
async function awaitReplays(pool: pg.Pool, ids: readonly string[], options: { patienceMs: number; json: boolean; signal: AbortSignal }) {
  const waiting = new Set(ids)
  const states: Record<string, number> = {}
  let bad = 0
  let patience = performance.now() + options.patienceMs
  while (waiting.size > 0 && !options.signal.aborted) {
    const done = await replayedVerdicts(pool, [...waiting].slice(0, PAGE))
    for (const verdict of done) {
      waiting.delete(verdict.id)
      const { state, source } = verdict.engine!
      const name = source ? `${state} (${source})` : state
      states[name] = (states[name] ?? 0) + 1
      if (state !== 'differs') continue
      bad++
      console.log(options.json ? JSON.stringify(verdict) : explainReplay(verdict))
    }
    if (done.length > 0) {
      patience = performance.now() + options.patienceMs
      if (ids.length > PAGE) process.stderr.write(`${ids.length - waiting.size} of ${ids.length} histories replayed …\n`)
    } else if (performance.now() > patience)
      throw new UsageError(`${waiting.size} histories still wait for a worker: start one (npm run worker). It will complete the verdicts.`)
    else await sleep(200)
  }
  const found = Object.entries(states).map(([name, count]) => `${count} ${name}`)
  console.error(`${ids.length - waiting.size} histories replayed: ${found.join(', ') || 'none'}`)
  return bad
}

async function anchors(pool: pg.Pool, folder: string): Promise<number> {
  const {
    anchors: count,
    lines,
    faults,
  } = await checkAnchors(pool, folder).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new UsageError(`There is no folder ${folder}: a worker makes it with the first anchor.`) : error
  })
  for (const { anchor, order, told, kept } of faults) console.log(`anchor ${anchor}${order ? `, ${order}` : ''}: ${told}; now ${kept}`)
  console.error(
    `${count} anchors with ${lines} heads held against the record: ${faults.length === 0 ? 'all hold' : `${faults.length} do not hold`}`,
  )
  return faults.length === 0 ? 0 : 1
}

async function archive(pool: pg.Pool): Promise<number> {
  const { states, failures } = await archiveOverview(pool)
  for (const { order, state, attempts, error, nextAt } of failures)
    console.log(
      `${order}: ${state} after ${attempts} attempts, ${error ?? ''}${state === 'failed' ? `; again at ${nextAt.toISOString()}` : ''}`,
    )
  console.error(states.map(({ state, count }) => `${count} ${state}`).join(', ') || 'no order has ended yet')
  return failures.length === 0 ? 0 : 1
}

async function main(): Promise<number> {
  const options = readOptions(usage, {
    order: { type: 'string' },
    all: { type: 'boolean' },
    since: { type: 'string' },
    replay: { type: 'boolean' },
    wait: { type: 'string' },
    json: { type: 'boolean' },
    anchors: { type: 'boolean' },
    archive: { type: 'boolean' },
    folder: { type: 'string' },
  })
  if (!options) return 0
  const { order, all, since, json = false } = options
  const chosen = [order, all, since, options.anchors, options.archive].filter((given) => given !== undefined)
  if (chosen.length !== 1) throw new UsageError(usage)
  const from = since === undefined ? undefined : new Date(since)
  if (from && Number.isNaN(from.getTime())) throw new UsageError(`--since must be an instant such as 2026-01-31T00:00:00Z, not "${since}".`)
  const patienceMs = Number(options.wait ?? 120) * 1_000
  if (!(patienceMs > 0)) throw new UsageError(`--wait must be a number of seconds, not "${options.wait}".`)

  const config = findConfig(['DATABASE_URL'])
  const pool = openRecord(config.DATABASE_URL, 'verify')
  const stop = stopOnInterrupt('Stopping after this page …')
  try {
    if (options.anchors) return await anchors(pool, options.folder ?? config.ANCHOR_DIR)
    if (options.archive) return await archive(pool)
    const keep = order !== undefined || options.replay === true
    const { looked, events, bad, kept } = await records(pool, { wanted: order?.split(','), from, keep, json, signal: stop.signal })
    const subject = order ?? (all ? 'all' : `since ${from!.toISOString()}`)
    await logAdminAlone(pool, { actor: 'cli', action: 'order-verified', subject, detail: { looked, events, bad }, at: new Date() })
    const badToo = keep ? await awaitReplays(pool, kept, { patienceMs, json, signal: stop.signal }) : 0
    return bad + badToo === 0 ? 0 : 1
  } finally {
    stop.release()
    await pool.end()
  }
}

interface Looking {
  wanted: readonly string[] | undefined
  from: Date | undefined
  /** Verdicts on all; else only on what does not hold. */
  keep: boolean
  json: boolean
  signal: AbortSignal
}

/** Chain, rows and process of the orders. Answers how many do not hold, and the verdicts that were kept. */
async function records(
  pool: pg.Pool,
  { wanted, from, keep, json, signal }: Looking,
): Promise<{ looked: number; events: number; bad: number; kept: string[] }> {
  const byId = new Map(processes.map((process) => [process.spec.id, process]))
  const began = performance.now()
  const kept: string[] = []
  let [looked, events, bad, reading] = [0, 0, 0, 0]
  const load = async (last: string) => {
    const from_ = performance.now()
    const page = wanted ? await keptOrders(pool, wanted) : await keptAfter(pool, last, { since: from, limit: PAGE })
    reading += performance.now() - from_
    return page
  }
  for (let page = await load(''); page.length > 0 && !signal.aborted; ) {
    for (const one of page) {
      const verdict = await verify(byId.get(String(one.order.process)), one)
      looked++
      events += verdict.events
      if (!verdict.ok) bad++
      if (!verdict.ok) console.log(json ? JSON.stringify(verdict) : explain(verdict))
      if (!verdict.ok || keep) kept.push((await keepVerdict(pool, verdict, 'cli', new Date())).id)
    }
    const missing = wanted?.filter((id) => !page.some((one) => one.id === id)) ?? []
    if (missing.length > 0) throw new UsageError(`There is no order ${missing.join(', ')}.`)
    if (looked % 2_000 < PAGE && looked >= 2_000) process.stderr.write(`${looked} orders …\n`)
    if (wanted || page.length < PAGE) break
    page = await load(page.at(-1)!.id)
  }
  const seconds = (performance.now() - began) / 1_000
  const rate = Math.round((looked / seconds) * 60)
  console.error(
    `${looked} orders with ${events} events looked at in ${seconds.toFixed(1)} s (${rate} a minute, ${(reading / 1_000).toFixed(1)} s of it reading): ${bad === 0 ? 'all hold' : `${bad} do not hold`}`,
  )
  return { looked, events, bad, kept }
}

run(main)
