/** Record and engine for a program: those that the environment names, those of a running stack, or the local ones for as long as it takes. */
import { join } from 'node:path'
import { type Config, loadConfig, loadDotEnv } from '../config/config.ts'
import { runningStack, withRunning } from '../config/running.ts'
import { findTemporal } from '../stack/binaries.ts'
import { acquireLock, holderOf } from '../stack/lock.ts'
import { startPostgres } from '../stack/postgres.ts'
import { startTemporal } from '../stack/temporal.ts'

type Servers = Config & { DATABASE_URL: string; TEMPORAL_ADDRESS: string }

export interface ServersOptions {
  /** The servers of a running stack may be used, whose workers work meanwhile. */
  live: boolean
  log: (line: string) => void
}

/** @throws Error where a stack runs and may not; and what a server throws that does not start */
export async function withServers<T>({ live, log }: ServersOptions, work: (config: Servers) => Promise<T>): Promise<T> {
  loadDotEnv()
  const plain = loadConfig()
  const home = plain.PAIDAN_HOME
  if (plain.DATABASE_URL && plain.TEMPORAL_ADDRESS) return work(plain as Servers)
  const holder = holderOf(home)
  if (holder) {
    if (!live)
      throw new Error(
        `npm start runs (process ${holder.pid}), and its workers with it. Stop it first: Ctrl-C there. With --live it is done all the same.`,
      )
    return work(loadConfig(withRunning(process.env, runningStack(home)), { require: ['DATABASE_URL', 'TEMPORAL_ADDRESS'] }))
  }
  const lock = acquireLock(home)
  const stops: (() => Promise<void>)[] = []
  try {
    const onSpawn = (name: string) => (pid: number) => lock.setPart(name, pid)
    let url = plain.DATABASE_URL
    if (!url) {
      const server = await startPostgres({ dir: join(home, 'postgres'), log, onSpawn: onSpawn('PostgreSQL') })
      stops.push(() => server.stop().then(() => lock.setPart('PostgreSQL', undefined)))
      url = server.url('paidan')
    }
    const source = await findTemporal({
      env: { ...process.env, TEMPORAL_ADDRESS: plain.TEMPORAL_ADDRESS },
      cacheDir: plain.PAIDAN_CACHE,
      log,
    })
    let address = 'address' in source ? source.address : undefined
    if ('binary' in source) {
      const { path: binary, version } = source.binary
      const namespaces = plain.TEMPORAL_NAMESPACE === 'default' ? [] : [plain.TEMPORAL_NAMESPACE]
      const server = await startTemporal({ dir: join(home, 'temporal'), binary, version, namespaces, log, onSpawn: onSpawn('Temporal') })
      stops.push(() => server.stop().then(() => lock.setPart('Temporal', undefined)))
      address = server.address
    }
    return await work({ ...plain, DATABASE_URL: url, TEMPORAL_ADDRESS: address! })
  } finally {
    for (const stop of stops.reverse()) await stop()
    lock.release()
  }
}
