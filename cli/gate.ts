/** `npm run gate`: whether the code fits the orders that are open, before it is deployed. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { connectEngine } from '../api/engine.ts'
import { gate } from '../api/trust/gate.ts'
import { specOf } from '../domain/processes/index.ts'
import { keepGate } from '../prisma/recovery/gate.ts'
import { rehydrate } from '../prisma/recovery/rehydrate.ts'
import { processes } from '../workflows/processes.ts'
import { findConfig, openRecord, readOptions, run, UsageError } from './record.ts'
import { stopOnInterrupt } from './stop.ts'

const usage = `npm run gate -- [--histories <n>] [--json <file>] [--upgrade]

Runs the code of this checkout against every open order, in memory: its process against the order's journal must come to stand where
the record says. Then histories of running orders are replayed. Lists what would move, by process and step, and which of the orders
that have stopped would go on or stay so; keeps the verdict.

  --histories  histories replayed of each process, the longest. Default: 3; 0 replays none and needs no engine
  --json       write the whole verdict into a file
  --upgrade    orders that stand, and stopped ones that would go on, are ended in the engine and go on from the record, with the code
               that the workers have then: deploy the workers first. The others are left alone

Exit code: 0 when every order stands and every history replays, 1 when not, 2 when it could not be done.`

interface Line {
  bundle?: string
  version?: string
  order?: string
  error?: string
  missing?: true
}

/** The worker's program replays: it has the code as the engine sees it. */
async function replayed(orders: readonly string[], env: NodeJS.ProcessEnv): Promise<Line[]> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const program = fileURLToPath(new URL(`../worker/recovery/replay-main.${extension}`, import.meta.url))
  const child = spawn(process.execPath, [...(extension === 'ts' ? ['--import', 'tsx'] : []), program], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(orders))
  const lines: Line[] = []
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line) as Line)
  const code = child.exitCode ?? (await new Promise<number | null>((resolve) => child.once('exit', resolve)))
  if (code !== 0) throw new Error(`the replay of histories ended with ${code}`)
  return lines
}

async function main(): Promise<number> {
  const options = readOptions(usage, { histories: { type: 'string' }, json: { type: 'string' }, upgrade: { type: 'boolean' } })
  if (!options) return 0
  const perProcess = options.histories === undefined ? 3 : Number(options.histories)
  if (!Number.isInteger(perProcess) || perProcess < 0) throw new UsageError(`--histories is a number, not "${options.histories}".`)
  const config = perProcess > 0 || options.upgrade ? findConfig(['DATABASE_URL', 'TEMPORAL_ADDRESS']) : findConfig(['DATABASE_URL'])
  const pool = openRecord(config.DATABASE_URL, 'gate')
  const stop = stopOnInterrupt('Stopping after this page …')
  try {
    const { report, tookMs, sample } = await gate(pool, processes, { perProcess, signal: stop.signal })
    const rate = tookMs > 0 ? Math.round((report.orders / tookMs) * 1_000) : 0
    const { DATABASE_URL, TEMPORAL_ADDRESS } = config
    const lines = sample.length > 0 ? await replayed(sample, { ...process.env, DATABASE_URL, TEMPORAL_ADDRESS }) : []
    const differ = lines.filter(({ error }) => error !== undefined)
    const histories = lines.filter(({ order, missing }) => order !== undefined && !missing).length
    const { stands: stand, moved, refused, 'goes-on': goesOn, stays } = report.byFit
    const stopped = goesOn + stays > 0 ? `; of those that have stopped ${goesOn} would go on, ${stays} would stay so` : ''
    const ok = moved + refused + differ.length === 0
    const version = lines[0]?.version ?? 'unknown'
    const verdict = { at: new Date(), ok, version, orders: report.orders, stand, moved, refused, histories, differ: differ.length }
    const whole = {
      ...verdict,
      goesOn,
      stays,
      bundle: lines[0]?.bundle ?? null,
      ordersPerSecond: rate,
      processes: Object.fromEntries(report.processes),
      table: report.table(),
      differing: differ.map(({ order, error }) => ({ order, error })),
    }
    await keepGate(pool, verdict, whole)
    if (options.json) writeFileSync(options.json, `${JSON.stringify(whole, null, 2)}\n`)
    for (const { process: id, fit, step, orders, why } of whole.table)
      console.log(`${fit}: ${orders} orders of ${id} at ${step || '–'}: ${why}`)
    for (const { order, error } of differ) console.log(`history: ${order}: ${error}`)
    console.error(
      `${report.orders} open orders in ${tookMs.toFixed(0)} ms (${rate} a second): ${stand} stand, ${moved} would move, ${refused} refused${stopped}; ${histories} histories replayed, ${differ.length} differ: ${ok ? 'the code fits' : 'the code does not fit'}`,
    )
    if (options.upgrade && TEMPORAL_ADDRESS) await upgrade({ ...config, TEMPORAL_ADDRESS }, pool, report.passed, stop.signal)
    return ok ? 0 : 1
  } finally {
    stop.release()
    await pool.end()
  }
}

async function upgrade(
  config: Parameters<typeof connectEngine>[0],
  pool: ReturnType<typeof openRecord>,
  orders: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const engine = connectEngine(config)
  try {
    await engine.check()
    const onProgress = ({ looked, revived }: { looked: number; revived: number }) =>
      process.stderr.write(`${looked} orders looked at, ${revived} go on with the new code\n`)
    const done = await rehydrate({ pool, engine: engine.revivals, specOf }, { orders, replace: true, signal, onProgress })
    for (const { order, error } of done.failed) console.log(`${order}: ${error}`)
    if (done.failed.length + done.ahead.length > 0)
      throw new Error(`${done.failed.length + done.ahead.length} orders could not go on: run it again`)
  } finally {
    await engine.close()
  }
}

run(main)
