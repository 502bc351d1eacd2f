/** Our programs as processes of their own, on a world's record, engine and queue. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { inject } from 'vitest'
import { newSecret, secretHash } from '../../api/auth/tokens.ts'
import type { World } from './world.ts'

export interface Program {
  child: ChildProcess
  exited: Promise<number | null>
  output(): string
}

/** @throws Error with what it said, when it does not become ready */
export async function startProgram(world: World, module: 'api/main.ts' | 'worker/main.ts', env: Record<string, string>): Promise<Program> {
  const child = spawn(process.execPath, ['--import', 'tsx', module], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATABASE_URL: world.db.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TASK_QUEUE: world.queue,
      WORKFLOW_BUNDLE: inject('bundlePath'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  await Promise.race([once(child, 'message'), exited.then(() => Promise.reject(new Error(output)))])
  return { child, exited, output: () => output }
}

/** A bearer token of a person, without the cost of a password. */
export async function tokenOf(world: World, login: string): Promise<string> {
  const secret = newSecret()
  const { rowCount } = await world.db.pool.query(
    `INSERT INTO session (token_hash, staff_id, kind, created_at, expires_at, last_seen_at)
     SELECT $1, id, 'bearer', now(), now() + interval '1 day', now() FROM staff WHERE login = $2`,
    [secretHash(secret), login],
  )
  if (rowCount !== 1) throw new Error(`there is nobody with the login ${login}`)
  return secret
}
