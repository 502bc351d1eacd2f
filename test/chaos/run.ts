/** A run: open, work and break, heal, wait until it is quiet, look. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { openOffice } from '../../cli/simulate/office.ts'
import { Stats } from '../../cli/simulate/stats.ts'
import { work } from '../../cli/simulate/work.ts'
import { createPool } from '../../prisma/client.ts'
import { chance } from '../../prisma/seed/rows.ts'
import { type Fault, isKill, kill, killPlan, Troubles } from './faults.ts'
import { Ledger, readLedger } from './ledger.ts'
import { checkEngine, checkLedger, checkOrders, type Finding } from './reconcile.ts'
import { Recovery } from './recovery.ts'
import type { Report } from './report.ts'
import { type ChaosStack, openChaosStack } from './stack.ts'

export interface ChaosOptions {
  moves: number
  kills: number
  seed: number
  people: number
  minutes: number
  home: string
  /** Only looks at what an earlier run has left. */
  reportOnly: boolean
}

/** Of how many kills one more trouble of another kind comes. */
/** Longest wait for what follows the last kill. */
const GET_OVER_MS = 30_000
const KILLS_PER_TROUBLE = 3
/** People insist for so long: longer than anything here takes. */
const PATIENCE_MS = 240_000
/** How long record and engine may take to agree when nothing is broken any more. */
const QUIET_MS = 180_000

export async function chaos(options: ChaosOptions, interrupt: AbortSignal, log: (line: string) => void): Promise<Report> {
  const began = performance.now()
  const stack = await openChaosStack(options.home, log)
  try {
    log(`Stack ready after ${((performance.now() - began) / 1_000).toFixed(1)} s at ${stack.url}, in ${options.home}.`)
    const run = options.reportOnly ? undefined : await breakAndWork(options, stack, interrupt, log)
    return await look(options, stack, run, log)
  } finally {
    await stack.close()
  }
}

interface Run {
  seconds: number
  recovery: Recovery
  interrupted: boolean
  leftOut: string[]
}

const files = (home: string) => ({ ledger: join(home, 'ledger.jsonl'), faults: join(home, 'faults.jsonl') })

async function breakAndWork(options: ChaosOptions, stack: ChaosStack, interrupt: AbortSignal, log: (line: string) => void): Promise<Run> {
  const { home, seed, moves, people, kills } = options
  const ledger = new Ledger(files(home).ledger)
  const over = new AbortController()
  const stop = AbortSignal.any([interrupt, over.signal])
  const stats = new Stats()
  const opened = await openOffice({ url: stack.url, stats, stop, fetch: ledger.fetch, patience: PATIENCE_MS, longestPause: 500 })
  const recovery = new Recovery()
  ledger.onAcknowledged(({ key, at }, asked) => recovery.acknowledged(key, asked, at))
  stack.onUp = (part) => recovery.up(part)

  const began = performance.now()
  const bound = began + options.minutes * 60_000
  const longest = Math.min(12_000, Math.max(1_500, (options.minutes * 60_000) / 60))
  const troubles = new Troubles(stack, chance(seed * 7 + 1), longest)
  for (const kind of troubles.leftOut) log(`Left out: ${kind}.`)
  const plan = killPlan(chance(seed * 7 + 2), kills)
  const note = (fault: Fault) => {
    appendFileSync(files(home).faults, `${JSON.stringify({ ...fault, acknowledged: ledger.acknowledged })}\n`)
    log(`    ${fault.kind}: ${fault.what}`)
  }
  let next = moves / (kills + 1)
  let lastKill = performance.now()
  let killed = 0
  const busy = { is: false }
  const every = (options.minutes * 60_000 * 0.7) / (kills + 1)
  const breaking = (async () => {
    while (!stop.aborted) {
      await sleep(50)
      recovery.settled(new Set(ledger.underWay().keys()))
      const late = performance.now() > bound
      const kind = late ? undefined : plan[killed]
      if (kind === undefined) {
        // Not before the last kill is got over, too.
        const gotOver = recovery.served && recovery.down.length === 0
        if ((late || ledger.acknowledged >= moves) && (gotOver || performance.now() > bound + GET_OVER_MS)) over.abort()
        continue
      }
      // By the work done, so that kills are spread over all of it; by the clock where nothing is done.
      const due = ledger.acknowledged >= next || performance.now() - lastKill > Math.max(every, 1_000)
      if (!due || (kind === 'stack' ? recovery.down.length > 0 : !stack.isUp(kind))) continue
      const underWay = ledger.underWay().keys()
      const fault = kill(stack, kind)
      recovery.killed(fault, underWay)
      note(fault)
      killed++
      next = Math.max(next + moves / (kills + 1), ledger.acknowledged)
      lastKill = performance.now()
      const trouble = killed % KILLS_PER_TROUBLE === 0 ? troubles.make(busy) : undefined
      if (trouble) note(trouble)
      if (killed % 10 === 0) log(`${killed} kills, ${ledger.acknowledged} moves, ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    }
  })()
  const { office, claims, processes } = opened
  const working = work({ office, claims, people, seed, processes, done: () => stop.aborted })
  await Promise.all([working, breaking]).finally(() => {
    over.abort()
    return troubles.end()
  })
  await troubles.end()
  recovery.settled(new Set())
  const seconds = (performance.now() - began) / 1_000
  ledger.close()
  return { seconds, recovery, interrupted: interrupt.aborted || performance.now() > bound, leftOut: troubles.leftOut }
}

async function look({ home, seed }: ChaosOptions, stack: ChaosStack, run: Run | undefined, log: (line: string) => void): Promise<Report> {
  const pool = createPool(stack.databaseUrl, { max: 4 })
  const connection = await connected(stack.temporalAddress)
  const client = new Client({ connection })
  try {
    log('Waiting until it is quiet.')
    const began = performance.now()
    const apart = await untilQuiet(() => checkEngine(pool, client, stack.taskQueue, Date.now()))
    const quietAfter = (performance.now() - began) / 1_000
    const entries = existsSync(files(home).ledger) ? readLedger(files(home).ledger) : []
    const told = await checkLedger(pool, entries)
    const { orders, events, rungs, findings } = await checkOrders(pool)
    const faults = existsSync(files(home).faults) ? readFaults(files(home).faults) : []
    const acknowledged = entries.filter(({ status }) => status < 300).length
    return {
      seed,
      interrupted: run?.interrupted ?? true,
      seconds: run?.seconds ?? 0,
      acknowledged,
      refused: entries.length - acknowledged,
      kills: counted(faults.filter(({ kind }) => isKill(kind))),
      troubles: counted(faults.filter(({ kind }) => !isKill(kind))),
      leftOut: run?.leftOut ?? [],
      recovery: Object.fromEntries(run?.recovery.byKind ?? []),
      orders,
      events,
      rungs,
      quietAfter,
      findings: [...told, ...apart, ...findings],
    }
  } finally {
    await pool.end()
    await connection.close()
  }
}

const counted = (faults: readonly Fault[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

const readFaults = (file: string): Fault[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Fault)

async function connected(address: string): Promise<Connection> {
  for (const end = Date.now() + 60_000; ; await sleep(250)) {
    try {
      return await Connection.connect({ address, connectTimeout: 3_000 })
    } catch (error) {
      if (Date.now() > end) throw error
    }
  }
}

/** What is found still when it had the time to settle. Errors of a part that is just coming up count as something found. */
async function untilQuiet(check: () => Promise<Finding[]>): Promise<Finding[]> {
  for (const end = Date.now() + QUIET_MS; ; await sleep(500)) {
    const found = await check().catch((error: unknown): Finding[] => [{ kind: 'apart', of: 'the check', what: String(error) }])
    if (found.length === 0 || Date.now() > end) return found
  }
}
