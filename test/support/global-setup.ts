/**
 * The servers of a whole run: one PostgreSQL, one Temporal development server, the path of the time-skipping test server, a migrated and
 * seeded database to clone, and the workflow bundle. Started once, before the first test that needs a server; without one of them
 * the run fails, and nothing is skipped.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../prisma/migrate/index.ts'
import { seedDemo } from '../../prisma/seed/index.ts'
import { bundleWorkflows } from '../../worker/bundle.ts'
import { findTemporalCli, findTestServer } from '../../worker/stack/binaries.ts'
import { movedFolder } from '../../worker/stack/postgres-files.ts'
import { type PostgresServer, ensureDatabase, startPostgres } from '../../worker/stack/postgres.ts'
import { startTemporal } from '../../worker/stack/temporal.ts'

declare module 'vitest' {
  // What `inject('…')` gives to a test file of the project `servers`.
  export interface ProvidedContext {
    /** Administrator's URL of the database `postgres`; a test takes its own database with createTestDatabase(). */
    databaseUrl: string
    /** Database with all migrations and the demo data. Nobody connects to it. */
    databaseTemplate: string
    temporalAddress: string
    /** File with the workflow code, for `workflowBundle: { codePath }`. */
    bundlePath: string
    /** Program of the time-skipping server, for `createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`. */
    testServerPath: string
  }
}

const TEMPLATE = 'paidan_template'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'paidan-test-'))
  // PostgreSQL runs as another user where we are root, and must be able to enter.
  chmodSync(dir, 0o755)
  const folder = (name: string) => {
    const path = join(dir, name)
    mkdirSync(path)
    return path
  }
  const stops: (() => Promise<void>)[] = []
  const teardown = async () => {
    const results = await Promise.allSettled(stops.map((stop) => stop()))
    rmSync(dir, { recursive: true, force: true })
    const failed = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown)
    // The runner would only print an error of the teardown; the run must fail.
    if (failed.length > 0) process.exitCode = 1
    for (const error of failed) note(`did not stop: ${String(error)}`)
  }
  // Begun together, but all waited for: one that fails must not leave another half started.
  const started = await Promise.allSettled([
    timed('PostgreSQL with template', async () => {
      const server = await database(folder('postgres'), stops)
      project.provide('databaseUrl', server.url('postgres'))
      project.provide('databaseTemplate', TEMPLATE)
    }),
    timed('Temporal', async () => {
      const binary = await findTemporalCli({ log: note })
      const server = await startTemporal({ dir: folder('temporal'), binary: binary.path, log: note })
      stops.push(() => server.stop())
      project.provide('temporalAddress', server.address)
    }),
    timed('time-skipping server', async () => {
      project.provide('testServerPath', (await findTestServer({ log: note })).path)
    }),
    timed('workflow bundle', async () => {
      const bundlePath = join(dir, 'workflow-bundle.js')
      writeFileSync(bundlePath, await bundleWorkflows())
      project.provide('bundlePath', bundlePath)
    }),
  ])
  const failed = started.find((result) => result.status === 'rejected')
  if (failed) {
    await teardown()
    throw failed.reason
  }
  return teardown
}

async function database(dir: string, stops: (() => Promise<void>)[]): Promise<PostgresServer> {
  // Safe against a killed server, not against a power cut: the data lives no longer than the run.
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' }
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
  return server
}

async function timed(what: string, start: () => Promise<void>): Promise<void> {
  const began = performance.now()
  try {
    await start()
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  note(`${what} ready in ${((performance.now() - began) / 1000).toFixed(1)} s`)
}

function note(line: string): void {
  process.stderr.write(`[servers] ${line}\n`)
}
