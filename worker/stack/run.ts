import { mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type pg from 'pg'
import { createPool } from '../../prisma/client.ts'
import { migrate } from '../../prisma/migrate/index.ts'
import { redactConfig, type Config } from '../config/config.ts'
import { describeFound, findTemporal } from './binaries.ts'
import { findServerPrograms, SERVER_VERSION } from './binaries/server.ts'
import { acquireLock, type Lock, type Part } from './lock.ts'
import { choosePorts } from './ports.ts'
import { ensureDatabase, startPostgres } from './postgres.ts'
import { stopProcess, type Handle } from './process.ts'
import { startProgram } from './program.ts'
import { supervise, type Supervised } from './supervise.ts'
import { startTemporal } from './temporal.ts'
import { startTemporalServer } from './temporal-server.ts'

export interface StackOptions {
  config: Config
  /** Temporal's development server, or its production server on the same PostgreSQL. */
  engine?: 'development' | 'production'
  /** Environment of the worker and the API; what they must know of the stack is added. */
  env: NodeJS.ProcessEnv
  /** Modules of our two programs. */
  programs: { worker: string; api: string }
  /** Builds the console where that is needed; says what it did. */
  console: () => Promise<string>
  /** Writes the demo data into an empty database. */
  seed: (pool: pg.Pool) => Promise<{ seeded: boolean }>
  /** Takes one line of progress. */
  out: (line: string) => void
  /** Aborted when the stack is to stop. */
  signal: AbortSignal
}

/** What runs, once everything is ready. */
export interface RunningStack {
  url: string
  temporalUi: string | undefined
  /** True where the stack runs its own database, with the demo data in it. */
  demo: boolean
}

// Reversed, this is the order of stopping: who uses a thing stops before it.
const startOrder = ['PostgreSQL', 'Temporal', 'worker', 'API'] as const
type PartName = (typeof startOrder)[number]

const LOG_LIMIT = 10_000_000

/**
 * Runs everything until the signal: PostgreSQL, Temporal, migrations, demo data, worker, API. Parts that end by themselves are
 * started again. On the signal, and on a failure, they are stopped in the opposite order, each drained before the next.
 *
 * @param ready called when all of it is ready
 * @throws FolderHeldError when another stack holds the folder; Error that says which part did not start and why
 */
export async function runStack(options: StackOptions, ready: (stack: RunningStack) => void): Promise<void> {
  const home = options.config.PAIDAN_HOME
  const lock = acquireLock(home)
  const parts: { name: PartName; part: Supervised<Handle> }[] = []
  try {
    await stopLeftOver(lock, options.out)
    ready(await startAll(options, lock, parts))
    if (!options.signal.aborted) await new Promise((resolve) => options.signal.addEventListener('abort', resolve, { once: true }))
  } catch (error) {
    if (!options.signal.aborted) throw error
  } finally {
    for (const { name, part } of parts.sort((a, b) => startOrder.indexOf(b.name) - startOrder.indexOf(a.name))) {
      const began = performance.now()
      await part.stop()
      lock.setPart(name, undefined)
      options.out(progress(name, 'stopped', began))
    }
    lock.release()
  }
}

async function startAll(options: StackOptions, lock: Lock, parts: { name: PartName; part: Supervised<Handle> }[]): Promise<RunningStack> {
  const { config, out, signal } = options
  const home = config.PAIDAN_HOME
  const logs = join(home, 'logs')
  mkdirSync(logs, { recursive: true })
  const ports = await choosePorts(home, {
    postgres: {},
    temporal: {},
    temporalUi: {},
    api: options.env.PORT?.trim()
      ? { exactly: config.PORT, variable: 'PORT', host: config.HOST }
      : { preferred: config.PORT, host: config.HOST },
  })
  const note = (line: string) => out(`    ${line}`)

  const step = async <T>(name: string, work: () => Promise<{ value: T; detail: string }>): Promise<T> => {
    signal.throwIfAborted()
    const began = performance.now()
    const { value, detail } = await work()
    out(progress(name, detail, began))
    return value
  }
  const part = async <H extends Handle>(name: PartName, start: (common: Common) => Promise<H>): Promise<H> => {
    const logFile = rotated(join(logs, `${name.toLowerCase()}.log`))
    const onSpawn = (pid: number) => lock.setPart(name, pid)
    const supervised = await supervise({
      name,
      signal,
      log: note,
      start: (abandon) => start({ logFile, onSpawn, log: note, signal: abandon }),
    })
    parts.push({ name, part: supervised })
    return supervised.current()
  }

  // Beside the servers, because it only computes.
  const built = options.console()
  built.catch(() => {})

  const databaseUrl = await step('PostgreSQL', async () => {
    if (config.DATABASE_URL) return { value: config.DATABASE_URL, detail: `${String(redactConfig(config).DATABASE_URL)}, by DATABASE_URL` }
    const server = await part('PostgreSQL', (common) =>
      startPostgres({ dir: join(home, 'postgres'), port: ports.postgres, settings: engineSettings(options.engine), ...common }),
    )
    const value = server.url('paidan')
    await ensureDatabase(value)
    return { value, detail: `${server.version}, 127.0.0.1:${server.port}, ${server.created ? 'new database' : 'the database of before'}` }
  })

  const temporal = await step('Temporal', async () => {
    const { env } = options
    const namespaces = config.TEMPORAL_NAMESPACE === 'default' ? [] : [config.TEMPORAL_NAMESPACE]
    if (options.engine === 'production' && !config.TEMPORAL_ADDRESS) {
      const programs = await findServerPrograms({ env, cacheDir: config.PAIDAN_CACHE, log: note, signal })
      const places = { dir: join(home, 'temporal-server'), port: ports.temporal, database: databaseUrl }
      const server = await part('Temporal', (common) => startTemporalServer({ ...places, programs, namespaces, ...common }))
      return {
        value: { address: server.address, ui: undefined },
        detail: `${SERVER_VERSION} on PostgreSQL, ${programs.route}, ${server.address}`,
      }
    }
    const source = await findTemporal({
      env: { ...env, TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS },
      cacheDir: config.PAIDAN_CACHE,
      log: note,
    })
    if ('address' in source) return { value: { address: source.address, ui: undefined }, detail: `${source.address}, by TEMPORAL_ADDRESS` }
    const { path: binary, version } = source.binary
    const places = { dir: join(home, 'temporal'), port: ports.temporal, uiPort: ports.temporalUi }
    const server = await part('Temporal', (common) => startTemporal({ ...places, binary, version, namespaces, ...common }))
    return { value: { address: server.address, ui: server.uiUrl }, detail: `${describeFound(source.binary)}, ${server.address}` }
  })

  await step('migrations', async () => {
    const { applied } = await migrate(databaseUrl, { log: note })
    return { value: undefined, detail: applied.length > 0 ? `${applied.length} applied` : 'nothing to apply' }
  })

  // A database that somebody brings along is not ours to fill, least of all with people whose password everybody knows.
  const demo = !config.DATABASE_URL
  await step('demo data', async () => ({
    value: undefined,
    detail: demo ? await seedOnce(options, databaseUrl) : 'none, the database is not ours',
  }))

  await step('console', async () => ({ value: undefined, detail: await built }))

  const env = { ...options.env, PAIDAN_HOME: home, DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporal.address, PORT: String(ports.api) }
  const url = `http://${config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST}:${ports.api}`
  // Side by side, because most of their time goes into reading code. Both are waited for: what failed must not leave the other behind.
  const started = await Promise.allSettled([
    step('worker', async () => {
      const program = await part('worker', (common) =>
        startProgram({ name: 'The worker', module: options.programs.worker, env, ...common }),
      )
      return { value: undefined, detail: `pid ${program.pid}, task queue ${config.TASK_QUEUE}` }
    }),
    step('API', async () => {
      const program = await part('API', (common) => startProgram({ name: 'The API', module: options.programs.api, env, ...common }))
      return { value: undefined, detail: `pid ${program.pid}, ${url}` }
    }),
  ])
  for (const result of started) if (result.status === 'rejected') throw result.reason
  lock.setAddress(url)
  return { url, temporalUi: temporal.ui, demo }
}

/** The engine's own connections come on top of ours. */
const engineSettings = (engine: StackOptions['engine']): Record<string, string> =>
  engine === 'production' ? { max_connections: '200' } : {}

interface Common {
  logFile: string
  onSpawn: (pid: number) => void
  log: (line: string) => void
  signal: AbortSignal
}

async function seedOnce(options: StackOptions, databaseUrl: string): Promise<string> {
  const pool = createPool(databaseUrl, { max: 2, applicationName: 'paidan-seed' })
  try {
    return (await options.seed(pool)).seeded ? 'written' : 'there already'
  } finally {
    await pool.end()
  }
}

/** Stops what a killed stack has left running, so that two workers or two servers never share one folder. */
async function stopLeftOver(lock: Lock, out: (line: string) => void): Promise<void> {
  if (lock.leftOver.length === 0) return
  out(`  The last start was killed; stopping what it left: ${lock.leftOver.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ')}`)
  const place = (part: Part) => startOrder.indexOf(part.name as PartName)
  for (const part of [...lock.leftOver].sort((a, b) => place(b) - place(a))) {
    // PostgreSQL calls SIGINT what others call SIGTERM, and its SIGTERM waits for every client to leave.
    const steps =
      part.name === 'PostgreSQL'
        ? ([
            ['SIGINT', 30_000],
            ['SIGQUIT', 5_000],
          ] as const)
        : ([
            ['SIGTERM', 20_000],
            ['SIGKILL', 5_000],
          ] as const)
    if (!(await stopProcess(part, steps)))
      throw new Error(`${part.name} (pid ${part.pid}) was left by a killed start and does not stop. Stop it by hand: kill -9 ${part.pid}`)
    lock.setPart(part.name, undefined)
  }
}

/** `  PostgreSQL    18.4, 127.0.0.1:5432    1.2 s` */
function progress(name: string, detail: string, began: number): string {
  return `  ${name.padEnd(12)}${detail.padEnd(68)} ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`
}

function rotated(file: string): string {
  try {
    if (statSync(file).size > LOG_LIMIT) renameSync(file, `${file}.1`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return file
}
