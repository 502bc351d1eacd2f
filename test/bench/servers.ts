/** The servers and programs of a measurement, each a process of its own as in production; durable settings. */
import { type ChildProcess, fork } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import type pg from 'pg'
import { createPool } from '../../prisma/client.ts'
import { migrate } from '../../prisma/migrate/index.ts'
import { seedDemo } from '../../prisma/seed/index.ts'
import { findTemporalCli } from '../../worker/stack/binaries.ts'
import { freePort } from '../../worker/stack/ports.ts'
import { ensureDatabase, startPostgres } from '../../worker/stack/postgres.ts'
import { startTemporal } from '../../worker/stack/temporal.ts'

export interface Servers {
  /** Of the database. */
  url: string
  pool: pg.Pool
  client: Client
  api: string
  workerPid(): number
  stopWorker(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Ends the worker and starts another; resolves when that is ready. */
  restartWorker(settings: NodeJS.ProcessEnv, signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  stop(): Promise<void>
}

export async function startServers(): Promise<Servers> {
  const dir = mkdtempSync(join(tmpdir(), 'paidan-bench-'))
  chmodSync(dir, 0o755)
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), log: () => {} })
  const temporal = await startTemporal({ dir: join(dir, 'temporal'), binary: (await findTemporalCli({ log: () => {} })).path })
  const url = postgres.url('paidan')
  await ensureDatabase(url)
  await migrate(url)
  const pool = createPool(url, { max: 8 })
  await seedDemo(pool)
  const port = await freePort()
  const env = {
    ...process.env,
    DATABASE_URL: url,
    TEMPORAL_ADDRESS: temporal.address,
    PORT: String(port),
    LOG_LEVEL: 'warn',
    PAIDAN_HOME: join(dir, 'home'),
  }
  const WORKER = '../../worker/main.ts'
  const [first, ...others] = await Promise.all([WORKER, '../../api/main.ts', './bare-worker.ts'].map((file) => program(file, env)))
  let worker = first!
  const connection = await Connection.connect({ address: temporal.address })
  return {
    url,
    pool,
    client: new Client({ connection }),
    api: `http://127.0.0.1:${port}/api/v1`,
    workerPid: () => worker.pid!,
    stopWorker: (signal) => end(worker, signal),
    async restartWorker(settings, signal) {
      await end(worker, signal)
      worker = await program(WORKER, { ...env, ...settings })
    },
    async stop() {
      await Promise.all([worker, ...others].map((child) => end(child)))
      await connection.close()
      await pool.end()
      await temporal.stop()
      await postgres.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** One of our programs, once it is ready. `file` is named from here. */
export function program(file: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    env,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child))
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready`)))
  })
}

export function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  return ended
}
