import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Connection } from '@temporalio/client'
import pg from 'pg'
import type { ServerPrograms } from './binaries/server.ts'
import { freeLowPorts, freePort } from './ports.ts'
import { ensureDatabase } from './postgres.ts'
import { launch, stopChild, tail } from './process.ts'
import { serving, type TemporalServer } from './temporal.ts'

/** As production has it, on one machine: the four services in one process, few shards, one database server for all. */
const SHARDS = 4
const databases = { default: 'temporal', visibility: 'temporal_visibility' } as const
const schemas = { default: 'postgresql/v12/temporal', visibility: 'postgresql/v12/visibility' } as const
const connections = { default: 20, visibility: 5 } as const
const PLUGIN = 'postgres12'
const DAY_SECONDS = 86_400

export interface TemporalServerOptions {
  programs: ServerPrograms
  /** Folder of its configuration and log. */
  dir: string
  /** URL of a database of the server that holds its own two: PostgreSQL, where they may be made. */
  database: string
  /** Port on 127.0.0.1. Default: a free one. */
  port?: number
  /** Namespaces besides `default`. */
  namespaces?: readonly string[]
  logFile?: string
  onSpawn?: (pid: number) => void
  signal?: AbortSignal
}

/**
 * Starts Temporal's production server on PostgreSQL and waits until it serves. Its databases are made, and brought to its schema, first.
 *
 * @throws Error that says what happened, with the end of the server's log
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const { programs, dir, signal } = options
  mkdirSync(dir, { recursive: true })
  for (const store of ['default', 'visibility'] as const) await prepare(programs.sql, options.database, store)
  signal?.throwIfAborted()
  const port = options.port ?? (await freePort())
  const logFile = options.logFile ?? join(dir, 'temporal.log')
  const config = join(dir, 'server.yaml')
  // The password of the database is in it. JSON is YAML.
  writeFileSync(config, JSON.stringify(await configuration({ ...options, port }), null, 2), { mode: 0o600 })
  const { child, pid, exited } = await launch({
    command: programs.server,
    args: ['--config-file', config, '--allow-no-auth', 'start'],
    logFile,
    deathSignal: 'TERM',
  })
  options.onSpawn?.(pid)
  const stop = () =>
    stopChild(child, exited, [
      ['SIGTERM', 30_000],
      ['SIGKILL', 5_000],
    ])
  const address = `127.0.0.1:${port}`
  try {
    await serving(port, exited, signal, (connection) => openNamespaces(connection, ['default', ...(options.namespaces ?? [])]))
  } catch (error) {
    await stop()
    if (signal?.aborted) throw error
    throw new Error(`Temporal did not start on ${address}: ${(error as Error).message}\n${tail(logFile)}\n(log: ${logFile})`)
  }
  return { pid, exited, stop, address, uiUrl: undefined }
}

/** Safe to repeat: a schema that is there is only brought up to date. */
async function prepare(sql: string, database: string, store: keyof typeof databases): Promise<void> {
  const url = new URL(database)
  url.pathname = `/${databases[store]}`
  await ensureDatabase(url.href)
  const flags = {
    SQL_PLUGIN: PLUGIN,
    SQL_HOST: url.hostname,
    SQL_PORT: url.port || '5432',
    SQL_USER: decodeURIComponent(url.username),
    SQL_PASSWORD: decodeURIComponent(url.password),
    SQL_DATABASE: databases[store],
  }
  const run = (...args: string[]) => promisify(execFile)(sql, args, { env: { ...process.env, ...flags }, maxBuffer: 1 << 24 })
  if (!(await hasSchema(url.href))) await run('setup-schema', '-v', '0.0')
  await run('update-schema', '--schema-name', schemas[store])
}

async function hasSchema(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('schema_version') IS NOT NULL AS there`)
    return rows[0]!.there
  } finally {
    await client.end()
  }
}

async function configuration({ dir, database, port }: TemporalServerOptions & { port: number }): Promise<unknown> {
  const { hostname, port: databasePort, username, password } = new URL(database)
  const store = (name: keyof typeof databases) => ({
    sql: {
      pluginName: PLUGIN,
      databaseName: databases[name],
      connectAddr: `${hostname}:${databasePort || 5432}`,
      connectProtocol: 'tcp',
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      maxConns: connections[name],
      maxIdleConns: connections[name],
      maxConnLifetime: '1h',
    },
  })
  const names = ['frontend', 'matching', 'history', 'worker'] as const
  const ports = await freeLowPorts(names.length * 2)
  const services = names.map((name, i) => {
    const rpc = { grpcPort: name === 'frontend' ? port : ports[i * 2], membershipPort: ports[i * 2 + 1], bindOnLocalHost: true }
    return [name, { rpc }] as const
  })
  const dynamic = join(dir, 'dynamic.yaml')
  // Without it a move takes two and a half times as long: the recorder waits to be fetched.
  writeFileSync(dynamic, JSON.stringify({ 'system.enableActivityEagerExecution': [{ value: true }] }, null, 2))
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      numHistoryShards: SHARDS,
      defaultStore: 'default',
      visibilityStore: 'visibility',
      datastores: { default: store('default'), visibility: store('visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(services),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: { active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${port}` } },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamic, pollInterval: '60s' },
  }
}

/** A new cluster has no namespace but its own. */
async function openNamespaces({ workflowService }: Connection, names: readonly string[]): Promise<void> {
  for (const namespace of names) {
    const there = await workflowService.describeNamespace({ namespace }).then(
      () => true,
      (error: { code?: number }) => {
        if (error.code === NOT_FOUND) return false
        throw error
      },
    )
    if (!there) await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: DAY_SECONDS as never } })
  }
}

const NOT_FOUND = 5
