import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from '@temporalio/client'
import { findTemporalCli } from './binaries.ts'
import { freePort, isListening } from './ports.ts'
import { describeExit, launch, stopChild, tail, type Handle } from './process.ts'

export interface TemporalServer extends Handle {
  /** `127.0.0.1:port`, for TEMPORAL_ADDRESS. */
  readonly address: string
  /** Address of Temporal's own pages, where they were asked for. */
  readonly uiUrl: string | undefined
}

export interface TemporalOptions {
  /** Folder of this server. Its database is the file `temporal.db` in it. */
  dir: string
  /** Port on 127.0.0.1. Default: a free one. */
  port?: number
  /** Port of Temporal's own pages. Default: none. */
  uiPort?: number
  /** The Temporal CLI. Default: the one that findTemporalCli finds. */
  binary?: string
  /** Version of the binary, to notice that another one wrote the database. */
  version?: string
  /** Namespaces besides `default`. */
  namespaces?: readonly string[]
  /** The server's dynamic settings. Default: its own. */
  settings?: Readonly<Record<string, string | number | boolean>>
  log?: (line: string) => void
  /** File for the server's own log. Default: `temporal.log` in `dir`. */
  logFile?: string
  /** Told the process as soon as there is one, before it is ready. */
  onSpawn?: (pid: number) => void
  /** Abandons a start under way. */
  signal?: AbortSignal
}

/**
 * Starts Temporal's development server with its database on disk and waits until it serves.
 *
 * @throws Error that says what happened, with the end of the server's log
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  // A port that was free may be taken before the server has it; then another is tried, unless a certain one was asked for.
  for (let left = 2; ; left--) {
    try {
      return await start(options)
    } catch (error) {
      if (options.port !== undefined || left === 0 || options.signal?.aborted) throw error
    }
  }
}

async function start(options: TemporalOptions): Promise<TemporalServer> {
  const log = options.log ?? (() => {})
  mkdirSync(options.dir, { recursive: true })
  const binary = options.binary ?? (await findTemporalCli({ log })).path
  const logFile = options.logFile ?? join(options.dir, 'temporal.log')
  const port = options.port ?? (await freePort())
  const note = otherVersion(options)
  if (note) log(note)
  const ui = options.uiPort === undefined ? ['--headless'] : ['--ui-port', String(options.uiPort), '--ui-disable-news-fetch']
  const { child, pid, exited } = await launch({
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), ...ui],
      ...['--db-filename', join(options.dir, 'temporal.db')],
      // Two to three times faster than the default, and safe against a killed process.
      ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
      ...['--log-level', 'warn'],
      ...(options.namespaces ?? []).flatMap((name) => ['--namespace', name]),
      ...Object.entries(options.settings ?? {}).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]),
    ],
    logFile,
    deathSignal: 'TERM',
  })
  options.onSpawn?.(pid)
  const stop = () =>
    stopChild(child, exited, [
      ['SIGTERM', 15_000],
      ['SIGKILL', 5_000],
    ])
  const address = `127.0.0.1:${port}`
  try {
    await serving(port, exited, options.signal)
  } catch (error) {
    await stop()
    if (options.signal?.aborted) throw error
    throw new Error(
      [`Temporal did not start on ${address}: ${(error as Error).message}`, tail(logFile), note, `(log: ${logFile})`]
        .filter(Boolean)
        .join('\n'),
    )
  }
  if (options.version) writeFileSync(versionFile(options), `${options.version}\n`)
  return { pid, exited, stop, address, uiUrl: options.uiPort === undefined ? undefined : `http://127.0.0.1:${options.uiPort}` }
}

const versionFile = ({ dir }: TemporalOptions) => join(dir, 'version')

/** The development server does not change the structure of a database that another version made. */
function otherVersion(options: TemporalOptions): string | undefined {
  if (!options.version || !existsSync(versionFile(options))) return undefined
  const before = readFileSync(versionFile(options), 'utf8').trim()
  if (before === options.version) return undefined
  return `the Temporal database was written by version ${before}, this is ${options.version}: if it does not work, use ${before} or start over with npm run reset`
}

/** Waits until a server answers. `prepare`: what is to be done with it before it does. */
export async function serving(
  port: number,
  exited: Handle['exited'],
  signal?: AbortSignal,
  prepare?: (connection: Connection) => Promise<void>,
): Promise<void> {
  let ended: string | undefined
  void exited.then((exit) => {
    ended = `it ended with ${describeExit(exit)}`
  })
  let last = 'no answer'
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    signal?.throwIfAborted()
    if (ended) throw new Error(ended)
    // A client that is refused once waits a second before it tries again.
    if (!(await isListening(port))) continue
    let connection: Connection | undefined
    try {
      connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: 2_000 })
      await prepare?.(connection)
      await connection.workflowService.describeNamespace({ namespace: 'default' })
      return
    } catch (error) {
      last = (error as Error).message
    } finally {
      await connection?.close()
    }
  }
  throw new Error(last)
}
