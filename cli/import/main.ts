/**
 * `npm run import -- faults <folder>`: one order for each fault of a list, through the code path of POST /orders.
 * `npm run import -- customers <file>`: see customers-main.ts.
 */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { loadPrincipal } from '../../api/auth/principal.ts'
import { createCatalogue } from '../../api/catalogue.ts'
import { EngineDown } from '../../api/engine-errors.ts'
import { connectEngine } from '../../api/engine.ts'
import { startOrder } from '../../api/orders/start.ts'
import { createPool, createPrisma } from '../../prisma/client.ts'
import { ConfigError, type ConfigWith, loadConfig, loadDotEnv } from '../../worker/config/config.ts'
import { runningStack, withRunning } from '../../worker/config/running.ts'
import { processes } from '../../workflows/processes.ts'
import { stopOnInterrupt } from '../stop.ts'
import { InputError } from './csv.ts'
import { customersUsage, runCustomers } from './customers-main.ts'
import { type ImportRecord, prepareImport, runImport } from './import-faults.ts'
import { type Mapping, defaultMapping, readMapping } from './mapping.ts'
import { createProgress } from './progress.ts'
import { ensurePlaces, findReporter, knownOrders, noteRejected, noteStarted, readReference } from './record.ts'
import { writeRejects } from './rejects.ts'
import { previewLines, summaryLines } from './summary.ts'

const usage = `npm run import -- faults <folder> [options]

Starts one order for each fault of a list (train.csv, event_type.csv, resource_type.csv, severity_type.csv, log_feature.csv).
Run again, it goes on where it was: a fault that has its order gets no second one.

  --mapping <file>     which order a fault becomes (default: cli/import/telstra-mapping.json; copy and edit it)
  --rejects <file>     where rows that can't be imported are listed with line and reason (default: rejects-<channel>.csv)
  --limit <n>          start at most n orders
  --concurrency <n>    orders started at a time (default: 16)
  --as <login>         in whose name (default: the first of the monitoring centre)
  --dry-run            check everything, print what would be started, change nothing

The servers are those of a running \`npm start\` in this folder, or DATABASE_URL and TEMPORAL_ADDRESS.
Exit code: 0 when every fault of the list has its order (or the limit is reached), 1 otherwise.`

interface Arguments {
  folder: string
  mapping: Mapping
  rejects: string
  limit: number | undefined
  concurrency: number
  as: string | undefined
  dryRun: boolean
}

function readArguments(argv: string[]): Arguments | undefined {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      mapping: { type: 'string' },
      rejects: { type: 'string' },
      limit: { type: 'string' },
      concurrency: { type: 'string', default: '16' },
      as: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  const [what, folder, more] = positionals
  if (what !== 'faults' || folder === undefined || more !== undefined) throw new InputError(`${usage}\n\n${customersUsage}`)
  const mapping = readMapping(values.mapping ?? defaultMapping)
  return {
    folder,
    mapping,
    rejects: values.rejects ?? `rejects-${mapping.channel}.csv`,
    limit: values.limit === undefined ? undefined : whole('--limit', values.limit, 1_000_000),
    concurrency: whole('--concurrency', values.concurrency, 200),
    as: values.as,
    dryRun: values['dry-run'],
  }
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value
  throw new InputError(`${name} must be a whole number from 1 to ${most}, not "${text}".`)
}

/** @throws InputError saying how to get servers */
function configuration(): ConfigWith<'DATABASE_URL' | 'TEMPORAL_ADDRESS'> {
  loadDotEnv()
  const { PAIDAN_HOME: home } = loadConfig()
  const running = runningStack(home)
  const env = withRunning(process.env, running)
  if (!running && !(env.DATABASE_URL && env.TEMPORAL_ADDRESS))
    throw new InputError(
      `Nothing runs in ${home}: run \`npm start\` in another terminal and wait until it is ready, or set DATABASE_URL and TEMPORAL_ADDRESS.`,
    )
  return loadConfig(env, { require: ['DATABASE_URL', 'TEMPORAL_ADDRESS'] })
}

/** @throws InputError saying how to get a database */
function databaseUrl(): string {
  loadDotEnv()
  const env = withRunning(process.env, runningStack(loadConfig().PAIDAN_HOME))
  if (!env.DATABASE_URL)
    throw new InputError('No database: run `npm start` in another terminal and wait until it is ready, or set DATABASE_URL.')
  return loadConfig(env, { require: ['DATABASE_URL'] }).DATABASE_URL
}

async function main(): Promise<void> {
  const [what, ...rest] = process.argv.slice(2)
  if (what === 'customers') {
    process.exitCode = await runCustomers(rest, databaseUrl)
    return
  }
  const given = readArguments(process.argv.slice(2))
  if (!given) {
    console.log(usage)
    return
  }
  const config = configuration()
  const pool = createPool(config.DATABASE_URL, { max: given.concurrency + 4, applicationName: 'paidan-import' })
  const engine = connectEngine(config)
  const prisma = createPrisma(pool)
  try {
    process.exitCode = await importWith({ pool, prisma, engine, catalogue: createCatalogue(processes), now: Date.now }, given)
  } finally {
    await engine.close()
    await prisma.$disconnect()
    await pool.end()
  }
}

/** @returns the exit code */
async function importWith(deps: Parameters<typeof startOrder>[0], { mapping, ...given }: Arguments): Promise<number> {
  const { pool } = deps
  const { channel } = mapping
  const record: ImportRecord = {
    reference: () => readReference(pool),
    known: () => knownOrders(pool, channel),
    ensurePlaces: (places) => ensurePlaces(pool, places),
    noteStarted: (rows) => noteStarted(pool, channel, rows, new Date()),
    noteRejected: (rejects) => noteRejected(pool, channel, rejects, new Date()),
  }
  const began = performance.now()
  const prepared = await prepareImport({ ...given, mapping, specs: deps.catalogue.specs, record, now: Date.now() })
  const { todo, summary } = prepared
  console.log(
    `${summary.read} faults: ${summary.existing} have their order, ${summary.rejected} can't be imported, ${todo.length} to start.`,
  )
  if (given.dryRun) {
    for (const line of previewLines(prepared)) console.log(line)
    return summary.rejected > 0 ? 1 : 0
  }

  await deps.engine.check()
  const reporter = await findReporter(pool, given.as)
  const principal = reporter === undefined ? undefined : await loadPrincipal(pool, reporter, new Date())
  if (!principal)
    throw new InputError(
      given.as ? `Nobody active has the login "${given.as}".` : 'Nobody has the role monitor-centre; name somebody with --as.',
    )
  const { signal, release } = stopOnInterrupt('Finishing what is in flight. Once more to stop at once.')
  const progress = createProgress(todo.length)
  await runImport(prepared, {
    record,
    run: `import-${randomUUID()}`,
    concurrency: given.concurrency,
    stop: signal,
    onProgress: (done, rejected) => progress.update(done, rejected),
    start: async (plan, key) => {
      const { process, customer: customerId, title, input } = plan
      const source = { channel, number: plan.fault.id }
      const { order, existing } = await startOrder(deps, { principal, key, process, customerId, title, input, source })
      // The same key again is our own second attempt.
      return { order, existing: existing === 'source' }
    },
  })
  progress.stop()
  release()
  writeRejects(given.rejects, summary.rejects)
  const seconds = (performance.now() - began) / 1000
  for (const line of summaryLines(summary, { rejects: given.rejects, seconds, stopped: signal.aborted })) console.log(line)
  return summary.failure !== undefined || summary.rejected > 0 || signal.aborted ? 1 : 0
}

/** Errors that say themselves what to do. */
const isPlain = (error: unknown): error is Error =>
  error instanceof InputError ||
  error instanceof ConfigError ||
  error instanceof EngineDown ||
  /^ERR_PARSE_ARGS/.test(String((error as { code?: unknown }).code))

main().catch((error: unknown) => {
  if (error instanceof EngineDown) console.error('Temporal does not answer. Is `npm start` ready? Otherwise check TEMPORAL_ADDRESS.')
  else console.error(isPlain(error) ? error.message : error)
  process.exitCode = 1
})
