/**
 * The whole product on this machine, started and kept up by the parts of `npm start`, with a wire before each server and two workers
 * of different builds. Every part can be killed.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPool } from '../../prisma/client.ts'
import { migrate } from '../../prisma/migrate/index.ts'
import { seedDemo } from '../../prisma/seed/index.ts'
import { bundleWorkflows } from '../../worker/bundle.ts'
import { freePort } from '../../worker/stack/ports.ts'
import { ensureDatabase, startPostgres } from '../../worker/stack/postgres.ts'
import { type Handle, modulePath } from '../../worker/stack/process.ts'
import { startProgram } from '../../worker/stack/program.ts'
import { type Supervised, supervise } from '../../worker/stack/supervise.ts'
import { startTemporal } from '../../worker/stack/temporal.ts'
import { openWire, type Wire } from './proxy.ts'

export const partNames = ['worker', 'worker-2', 'api', 'temporal', 'postgresql'] as const
export type PartName = (typeof partNames)[number]

export interface ChaosStack {
  /** As the crew reaches the API: through a wire. */
  url: string
  /** The servers themselves. */
  databaseUrl: string
  temporalAddress: string
  taskQueue: string
  wires: Record<'api' | 'temporal' | 'postgresql', Wire>
  /** The folder of the record, where it is a file system of its own that can be filled. */
  disk: string | undefined
  /** Shifts the clock of the API and of the second worker by seconds; undefined where libfaketime is not installed. */
  clock: ((seconds: number) => void) | undefined
  pid(part: PartName): number
  isUp(part: PartName): boolean
  /** SIGKILL. */
  kill(part: PartName): void
  /** Called when a part is up again after it ended. */
  onUp: (part: PartName) => void
  close(): Promise<void>
}

const QUEUE = 'paidan'
const FAKETIME = ['/usr/lib/x86_64-linux-gnu/faketime', '/usr/lib/aarch64-linux-gnu/faketime', '/usr/lib64/faketime', '/usr/lib/faketime']

/** Opens a stack on a folder, a new one or one that an earlier run has left. */
export async function openChaosStack(home: string, log: (line: string) => void, diskMb = 1_500): Promise<ChaosStack> {
  mkdirSync(home, { recursive: true })
  chmodSync(home, 0o755)
  const logs = join(home, 'logs')
  mkdirSync(logs, { recursive: true })
  const ports = await portsOf(home)
  const disk = mountDisk(join(home, 'postgres'), diskMb, log)
  const clockFile = join(home, 'clock')
  const library = FAKETIME.map((dir) => join(dir, 'libfaketimeMT.so.1')).find((path) => existsSync(path))
  const faked = library && {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_CACHE_DURATION: '1',
    // What waits, waits by the clock that only goes on; the time of day is what jumps.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  }
  const setClock = (seconds: number) => writeFileSync(clockFile, `${seconds >= 0 ? '+' : ''}${seconds}\n`)
  setClock(0)

  const stopping = new AbortController()
  const parts = new Map<PartName, Supervised<Handle>>()
  const pids = new Map<PartName, number>()
  const up = new Set<PartName>()
  const stack = { onUp: (_part: PartName) => {} }
  const keep = async (
    name: PartName,
    start: (common: { logFile: string; onSpawn: (pid: number) => void; signal: AbortSignal }) => Promise<Handle>,
  ) => {
    const common = { logFile: join(logs, `${name}.log`), onSpawn: (pid: number) => void pids.set(name, pid) }
    const supervised = await supervise<Handle>({
      name,
      signal: stopping.signal,
      backoff: 100,
      log: (line) => log(`    ${line}`),
      start: async (signal) => {
        const handle = await start({ ...common, signal })
        up.add(name)
        void handle.exited.then(() => up.delete(name))
        stack.onUp(name)
        return handle
      },
    })
    parts.set(name, supervised)
  }
  const close = async () => {
    for (const name of partNames) await parts.get(name)?.stop()
    stopping.abort()
    await Promise.all(Object.values(wires).map((wire) => wire.close()))
    if (disk) execFileSync('umount', ['-l', disk])
  }

  const wires = {
    api: await openWire(ports.api, ports.apiWire),
    temporal: await openWire(ports.temporal, ports.temporalWire),
    postgresql: await openWire(ports.postgres, ports.postgresWire),
  }
  try {
    // Little is kept ahead, so that the disk is as full as its data.
    const settings = { max_wal_size: '128MB', min_wal_size: '32MB', max_connections: '120' }
    let databaseUrl = ''
    await keep('postgresql', async (common) => {
      const server = await startPostgres({ dir: join(home, 'postgres'), port: ports.postgres, settings, ...common })
      databaseUrl = server.url('paidan')
      return server
    })
    await keep('temporal', (common) => startTemporal({ dir: join(home, 'temporal'), port: ports.temporal, ...common }))
    await ensureDatabase(databaseUrl)
    await migrate(databaseUrl)
    await prepare(databaseUrl)
    const bundles = await twoBuilds(home)
    const wired = new URL(databaseUrl)
    wired.port = String(wires.postgresql.port)
    const env = (bundle: string, fake: boolean) => ({
      ...process.env,
      PAIDAN_HOME: home,
      DATABASE_URL: wired.href,
      TEMPORAL_ADDRESS: `127.0.0.1:${wires.temporal.port}`,
      TASK_QUEUE: QUEUE,
      PORT: String(ports.api),
      HOST: '127.0.0.1',
      WORKFLOW_BUNDLE: bundle,
      METRICS_PORT: '',
      SMTP_URL: '',
      ...(fake && faked),
    })
    const program = (name: PartName, module: string, bundle: string, fake: boolean) =>
      keep(name, (common) => startProgram({ name, module, env: env(bundle, fake), ...common }))
    const worker = modulePath('../../worker/main', import.meta.url)
    await Promise.all([
      program('worker', worker, bundles[0], false),
      program('worker-2', worker, bundles[1], true),
      program('api', modulePath('../../api/main', import.meta.url), bundles[0], true),
    ])
    return Object.assign(stack, {
      url: `http://127.0.0.1:${wires.api.port}`,
      databaseUrl,
      temporalAddress: `127.0.0.1:${ports.temporal}`,
      taskQueue: QUEUE,
      wires,
      disk,
      clock: faked ? setClock : undefined,
      pid: (part: PartName) => pids.get(part)!,
      isUp: (part: PartName) => up.has(part),
      kill: (part: PartName) => {
        up.delete(part)
        signal(pids.get(part)!, 'SIGKILL')
      },
      close,
    })
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}

/** A process that has just ended by itself needs no signal. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const portNames = ['postgres', 'postgresWire', 'temporal', 'temporalWire', 'api', 'apiWire'] as const

/** The same as last time, so that a folder that was left can be opened again. */
async function portsOf(home: string): Promise<Record<(typeof portNames)[number], number>> {
  const file = join(home, 'chaos-ports.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Record<(typeof portNames)[number], number>
  const ports = {} as Record<(typeof portNames)[number], number>
  for (const name of portNames) ports[name] = await freePort()
  writeFileSync(file, JSON.stringify(ports))
  return ports
}

/** A small file system for the record, where we may make one. */
function mountDisk(dir: string, mb: number, log: (line: string) => void): string | undefined {
  mkdirSync(dir, { recursive: true })
  if (readFileSync('/proc/mounts', 'utf8').includes(` ${dir} tmpfs `)) return dir
  if (existsSync(join(dir, 'data'))) return undefined
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mb}m,mode=0755`, 'paidan-chaos', dir], { stdio: 'pipe' })
    return dir
  } catch {
    log('No file system of its own for the record (that takes root): a full disk is left out.')
    return undefined
  }
}

/** Demo data, with limits short enough that ladders fire while things break. */
async function prepare(databaseUrl: string): Promise<void> {
  const pool = createPool(databaseUrl, { max: 2 })
  try {
    const { seeded } = await seedDemo(pool)
    if (!seeded) return
    await pool.query('DELETE FROM delegation; DELETE FROM absence')
    await pool.query(
      `UPDATE policy SET budget = '40s', calendar = 'C'
        WHERE kind = 'complete' AND budget IS NOT NULL AND process IN ('graded-fault', 'fault-level-1', 'fault-level-2', 'complaint', 'customer-visit')`,
    )
  } finally {
    await pool.end()
  }
}

/** The workflow code twice: as it is, and as a release that changes texts. Both see all orders. */
async function twoBuilds(home: string): Promise<[string, string]> {
  const code = await bundleWorkflows()
  const next = code.replace(/('|")Level-1 fault\1/g, '$1Level-1 fault, next release$1')
  if (next === code) throw new Error('The text that the second build changes is not in the bundle.')
  const paths: [string, string] = [join(home, 'bundle-1.js'), join(home, 'bundle-2.js')]
  writeFileSync(paths[0], code)
  writeFileSync(paths[1], next)
  return paths
}
