/**
 * The servers of a whole run: one PostgreSQL, one Temporal development server (with PAIDAN_TEST_ENGINE=production: its production server on
 * that PostgreSQL, for `npm run test:production-like`), the path of the time-skipping test server, a migrated and
 * seeded database to clone, and the workflow bundle. Started once, before the first test that needs a server; without one of them
 * the run fails, and nothing is skipped.
 *
 * A program of its own, started by global-setup.ts: the product's code runs here as it does in production (the runner's own loader
 * lacks import.meta.resolve), and when the run is killed, this notices and still stops the servers.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { ProvidedContext } from 'vitest'
import { migrate } from '../../prisma/migrate/index.ts'
import { seedDemo } from '../../prisma/seed/index.ts'
import { bundleWorkflows } from '../../worker/bundle.ts'
import { loadConfig } from '../../worker/config/config.ts'
import { findTemporalCli, findTestServer } from '../../worker/stack/binaries.ts'
import { findServerPrograms } from '../../worker/stack/binaries/server.ts'
import { movedFolder } from '../../worker/stack/postgres-files.ts'
import { ensureDatabase, startPostgres } from '../../worker/stack/postgres.ts'
import { startTemporal } from '../../worker/stack/temporal.ts'
import { startTemporalServer } from '../../worker/stack/temporal-server.ts'

/** What this program tells the one that started it. */
export type Message = { provided: ProvidedContext } | { failed: string }

interface Servers {
  provided: ProvidedContext
  /** Stops all and removes their folder. Throws when one did not stop. */
  stop(): Promise<void>
}

const TEMPLATE = 'paidan_template'

/** The server deletes a workflow only once it has noted that its end is filed, which it does every half minute: too long to wait in a test. */
const PROMPT = { 'history.transferProcessorUpdateAckInterval': '1s', 'history.visibilityProcessorUpdateAckInterval': '1s' }

/** @throws Error that names the first part that did not start; the others are stopped again */
async function startServers(): Promise<Servers> {
  const dir = mkdtempSync(join(tmpdir(), 'paidan-test-'))
  // PostgreSQL runs as another user where we are root, and must be able to enter.
  chmodSync(dir, 0o755)
  const folder = (name: string) => {
    const path = join(dir, name)
    mkdirSync(path)
    return path
  }
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    const results = await Promise.allSettled(stops.map((each) => each()))
    rmSync(dir, { recursive: true, force: true })
    const failed = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown)
    if (failed.length > 0) throw new AggregateError(failed, `The test servers did not stop: ${failed.map(String).join('; ')}`)
  }
  // Begun together, but all waited for: one that fails must not leave another half started.
  const database = timed('PostgreSQL with template', () => startDatabase(folder('postgres'), stops))
  const started = await Promise.allSettled([
    database,
    timed('Temporal', async () => {
      if (process.env.PAIDAN_TEST_ENGINE === 'production') {
        const { PAIDAN_CACHE: cacheDir } = loadConfig()
        const programs = await findServerPrograms({ cacheDir, env: process.env, log: note })
        const server = await startTemporalServer({ programs, dir: folder('temporal'), database: await database })
        stops.unshift(() => server.stop())
        return server.address
      }
      const binary = await findTemporalCli({ log: note })
      const server = await startTemporal({ dir: folder('temporal'), binary: binary.path, settings: PROMPT, log: note })
      stops.push(() => server.stop())
      return server.address
    }),
    timed('time-skipping server', async () => (await findTestServer({ log: note })).path),
    timed('workflow bundle', async () => {
      const path = join(dir, 'workflow-bundle.js')
      writeFileSync(path, await bundleWorkflows())
      return path
    }),
  ])
  const [databaseUrl, temporalAddress, testServerPath, bundlePath] = started
  if (
    databaseUrl.status === 'fulfilled' &&
    temporalAddress.status === 'fulfilled' &&
    testServerPath.status === 'fulfilled' &&
    bundlePath.status === 'fulfilled'
  ) {
    const provided = {
      databaseUrl: databaseUrl.value,
      databaseTemplate: TEMPLATE,
      temporalAddress: temporalAddress.value,
      testServerPath: testServerPath.value,
      bundlePath: bundlePath.value,
    }
    return { provided, stop }
  }
  await stop()
  throw started.find((result) => result.status === 'rejected')?.reason
}

async function startDatabase(dir: string, stops: (() => Promise<void>)[]): Promise<string> {
  // Safe against a killed server, not against a power cut: the data lives no longer than the run.
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '300' }
  const server = await startPostgres({ dir, settings, log: note })
  stops.push(async () => {
    await server.stop()
    const moved = movedFolder(dir)
    if (moved) rmSync(moved, { recursive: true, force: true })
  })
  const url = server.url(TEMPLATE)
  await ensureDatabase(url)
  await migrate(url)
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  try {
    await seedDemo(pool)
  } finally {
    await pool.end()
  }
  // Cloning is refused while anybody is connected to the original.
  const admin = new pg.Client({ connectionString: server.url('postgres') })
  await admin.connect()
  try {
    await admin.query(`ALTER DATABASE ${TEMPLATE} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`)
  } finally {
    await admin.end()
  }
  return server.url('postgres')
}

async function timed<T>(what: string, start: () => Promise<T>): Promise<T> {
  const began = performance.now()
  try {
    return await start()
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    note(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  }
}

function note(line: string): void {
  process.stderr.write(`[servers] ${line}\n`)
}

if (process.send) {
  // Ctrl-C reaches us too; the runner ends its tests first and then lets go of us.
  process.on('SIGINT', () => {})
  const released = new Promise((resolve) => process.once('disconnect', resolve))
  const tell = (message: Message) => process.connected && process.send?.(message)
  try {
    const { provided, stop } = await startServers()
    tell({ provided })
    await released
    await stop()
  } catch (error) {
    tell({ failed: error instanceof Error ? error.message : String(error) })
    note(String(error))
    process.exitCode = 1
    process.disconnect?.()
  }
}
