import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** What a stack started by `npm start` offers to programs in another terminal. */
export interface Running {
  /** Where its API is reached. */
  url: string
  /** The servers that it runs itself. One that was set from outside is not here: whoever set it knows it. */
  env: { DATABASE_URL?: string; TEMPORAL_ADDRESS?: string }
}

interface LockFile {
  pid: number
  address?: string
  parts: { name: string }[]
}

/**
 * The stack that runs on the data of a folder, by what it has written down there (worker/stack: stack.lock, ports.json, the
 * database's password). Undefined when none runs, or it is not ready yet.
 *
 * @param home PAIDAN_HOME
 */
export function runningStack(home: string): Running | undefined {
  const lock = json<LockFile>(join(home, 'stack.lock'))
  if (!lock?.address || !isAlive(lock.pid)) return undefined
  const ports = json<{ postgres?: number; temporal?: number }>(join(home, 'ports.json')) ?? {}
  const runs = (name: string) => lock.parts?.some((part) => part.name === name)
  const password = runs('PostgreSQL') ? databasePassword(join(home, 'postgres')) : undefined
  return {
    url: lock.address,
    env: {
      ...(password && ports.postgres && { DATABASE_URL: `postgresql://postgres:${password}@127.0.0.1:${ports.postgres}/paidan` }),
      ...(runs('Temporal') && ports.temporal && { TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}` }),
    },
  }
}

/** Adds to an environment what a running stack offers; what is set there wins. */
export function withRunning(env: NodeJS.ProcessEnv, running: Running | undefined): NodeJS.ProcessEnv {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  return { ...running?.env, ...set }
}

function databasePassword(dir: string): string | undefined {
  if (!existsSync(dir)) return undefined
  // Root's data lies elsewhere where the user postgres can't enter the checkout (worker/stack/postgres-files).
  const id = createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 12)
  const outside = process.getuid?.() === 0 ? [`/var/lib/paidan/${id}`, `/var/tmp/paidan/${id}`] : []
  const file = [...outside, dir].map((base) => join(base, 'password')).find(existsSync)
  return file && readFileSync(file, 'utf8').trim()
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function json<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return undefined
  }
}
