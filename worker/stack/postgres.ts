import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './ports.ts'
import { handOver, preparePostgresFiles, type PostgresFiles } from './postgres-files.ts'
import { commandLine, describeExit, launch, refTo, stopChild, stopProcess, tail, type Handle } from './process.ts'

/** Major version of the bundled PostgreSQL; a data folder of another one is refused. */
export const POSTGRES_MAJOR = 18

export interface PostgresServer extends Handle {
  readonly port: number
  /** As the server says it, e.g. `18.4`. */
  readonly version: string
  /** True when this start made the data folder. */
  readonly created: boolean
  /** Connection URL of a database on this server; the database need not exist. */
  url(database: string): string
}

export interface PostgresOptions {
  /** Folder of this server. Its data is in `data` below it. */
  dir: string
  /** Port on 127.0.0.1. Default: a free one. */
  port?: number
  log?: (line: string) => void
  /** File for the server's own log. Default: `postgres.log` in `dir`. */
  logFile?: string
  /** More settings, e.g. `{ max_connections: '200' }`. */
  settings?: Readonly<Record<string, string>>
  /** Told the process as soon as there is one, before it is ready. */
  onSpawn?: (pid: number) => void
  /** Abandons a start under way. */
  signal?: AbortSignal
}

// fsync and synchronous_commit keep their defaults (on): an acknowledged move survives a power cut.
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Every statement here is short; compiling plans costs more than it gives.
  jit: 'off',
}

// SIGINT is PostgreSQL's fast shutdown (transactions are rolled back), SIGQUIT the immediate one (recovers at the next start).
const stopSteps = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const

/**
 * Starts a PostgreSQL server on 127.0.0.1 and waits until it answers. A server left over in the same folder is stopped first.
 *
 * @throws Error that says what happened, with the end of the server's log
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const log = options.log ?? (() => {})
  const files = preparePostgresFiles(options.dir, log)
  const logFile = options.logFile ?? join(options.dir, 'postgres.log')
  const data = join(files.base, 'data')
  const created = !existsSync(join(data, 'PG_VERSION'))
  if (created) await initialise(files, data)
  refuseOtherMajor(data)
  await stopLeftOver(data, log)
  const password = readFileSync(join(files.base, 'password'), 'utf8').trim()

  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted()
    const port = options.port ?? (await freePort())
    const flags = Object.entries({ ...settings, port: String(port), ...options.settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ])
    const { child, pid, exited } = await launch({
      command: files.postgres,
      args: ['-D', data, ...flags],
      logFile,
      cwd: '/',
      env: { ...process.env, LC_ALL: 'C' },
      ...files.user,
      deathSignal: 'INT',
    })
    options.onSpawn?.(pid)
    const url = (database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
    const stop = () => stopChild(child, exited, stopSteps)
    try {
      const version = await ready({ url: url('postgres'), data, exited, signal: options.signal })
      return { pid, exited, stop, port, version, created, url }
    } catch (error) {
      await stop()
      if (options.signal?.aborted) throw error
      const end = tail(logFile)
      // A server that was killed leaves its helpers for a moment, and a free port can be taken in between: both pass.
      const passes = /pre-existing shared memory block/.test(end) || (options.port === undefined && /could not bind/.test(end))
      if (passes && attempt < 20) await sleep(250)
      else throw new Error(`PostgreSQL did not start on port ${port}: ${(error as Error).message}\n${end}\n(log: ${logFile})`)
    }
  }
}

/** Creates the database that a URL names, if it does not exist. Needs a user who may create databases. */
export async function ensureDatabase(url: string): Promise<void> {
  const target = new URL(url)
  const name = decodeURIComponent(target.pathname.slice(1))
  target.pathname = '/postgres'
  const client = new pg.Client({ connectionString: target.href, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
  } catch (error) {
    // 42P04: somebody else created it in between.
    if ((error as { code?: string }).code !== '42P04') throw error
  } finally {
    await client.end()
  }
}

async function initialise(files: PostgresFiles, data: string): Promise<void> {
  // Made beside its place and renamed: a start that is killed here must not leave half a database.
  const fresh = `${data}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700 })
  handOver(fresh, files.user)
  const password = randomBytes(18).toString('base64url')
  const passwordFile = join(tmpdir(), `paidan-${randomBytes(8).toString('hex')}`)
  writeFileSync(passwordFile, password, { mode: 0o600 })
  handOver(passwordFile, files.user)
  // The built-in C.UTF-8 sorts alike on every system, so that an index survives an upgrade of the host's C library.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  try {
    const args = [`--pgdata=${fresh}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', ...locale]
    await promisify(execFile)(files.initdb, args, { ...files.user, cwd: '/', env: { ...process.env, LC_ALL: 'C' } })
  } catch (error) {
    throw new Error(
      `PostgreSQL's data folder ${data} could not be made: ${(error as { stderr?: string }).stderr || (error as Error).message}`,
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
  writeFileSync(join(files.base, 'password'), `${password}\n`, { mode: 0o600 })
  rmSync(data, { recursive: true, force: true })
  renameSync(fresh, data)
}

function refuseOtherMajor(data: string): void {
  const major = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  if (major === String(POSTGRES_MAJOR)) return
  throw new Error(
    [
      `The data in ${data} was written by PostgreSQL ${major}; this version of Paidan brings PostgreSQL ${POSTGRES_MAJOR}, which cannot read it.`,
      `Either start the version of Paidan that wrote it and copy the data out, or run a PostgreSQL ${major} server on that folder and set DATABASE_URL,`,
      'or start over with `npm run reset` (this deletes all local data).',
    ].join('\n'),
  )
}

async function stopLeftOver(data: string, log: (line: string) => void): Promise<void> {
  const pidFile = join(data, 'postmaster.pid')
  const pid = existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, 'utf8'), 10) : Number.NaN
  const ref = Number.isInteger(pid) && pid > 1 ? refTo(pid) : undefined
  if (!ref) return
  if (!commandLine(pid).includes(data)) {
    // Another program has got the number of a server that was killed; PostgreSQL would take it for a running one.
    rmSync(pidFile, { force: true })
    return
  }
  log(`stopping the PostgreSQL server (pid ${pid}) that was left over in ${data}`)
  if (!(await stopProcess(ref, stopSteps)))
    throw new Error(`The PostgreSQL server with pid ${pid} uses ${data} and does not stop. Stop it by hand.`)
}

async function ready(start: { url: string; data: string; exited: Handle['exited']; signal?: AbortSignal }): Promise<string> {
  let ended: string | undefined
  void start.exited.then((exit) => {
    ended = `it ended with ${describeExit(exit)}`
  })
  let last = 'no answer'
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(40)) {
    start.signal?.throwIfAborted()
    if (ended) throw new Error(ended)
    const client = new pg.Client({ connectionString: start.url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      const { rows } = await client.query<{ version: string; data: string }>(
        "SELECT current_setting('server_version') AS version, current_setting('data_directory') AS data",
      )
      if (rows[0]?.data === start.data) return rows[0].version
      last = `another server answers on this port, with its data in ${rows[0]?.data}`
    } catch (error) {
      last = (error as Error).message
    } finally {
      await client.end().catch(() => {})
    }
  }
  throw new Error(last)
}
