/** The whole product as `npm start` runs it, in a folder of its own, whose parts a test may kill. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { newSecret, secretHash } from '../../api/auth/tokens.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { runningStack } from '../../worker/config/running.ts'
import { freePort } from '../../worker/stack/ports.ts'
import { type Caller, historyOf, type Played, type Reply } from './world.ts'

export type PartName = 'worker' | 'api' | 'temporal' | 'postgresql'

export interface Stack {
  url: string
  /** Ends the process of a part with SIGKILL; the stack starts it again. */
  kill(part: PartName): void
  /** Asks until there is an answer. @throws Error with what the stack said, after `within` ms */
  waitFor<T>(what: () => Promise<T | undefined>, name: string, within?: number): Promise<T>
  close(): Promise<void>
  home: string
}

export async function openStack(): Promise<Stack> {
  const home = mkdtempSync(join(tmpdir(), 'paidan-killed-'))
  chmodSync(home, 0o755)
  const env = { ...process.env, PAIDAN_HOME: home, DATABASE_URL: '', TEMPORAL_ADDRESS: '', PORT: String(await freePort()) }
  const program = spawn(process.execPath, ['--import', 'tsx', 'worker/stack/main.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const waitFor = async <T>(what: () => Promise<T | undefined>, name: string, within = 60_000): Promise<T> => {
    const end = Date.now() + within
    for (;;) {
      const found = await what().catch(() => undefined)
      if (found !== undefined) return found
      if (Date.now() > end) throw new Error(`waited in vain until ${name}; the stack said:\n${output}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const url = await waitFor(async () => /Ready after .*?(http:\/\/[\d.:]+)/.exec(output)?.[1], 'the stack is ready', 120_000)
  return { url, home, waitFor, kill: (part) => kill(home, part), close: () => close(program, home) }
}

function kill(home: string, part: PartName): void {
  const { parts } = JSON.parse(readFileSync(join(home, 'stack.lock'), 'utf8')) as { parts: { name: string; pid: number }[] }
  const found = parts.find(({ name }) => name.toLowerCase() === part)
  if (!found) throw new Error(`no part ${part} among ${parts.map(({ name }) => name).join(', ')}`)
  process.kill(found.pid, 'SIGKILL')
}

async function close(program: ChildProcess, home: string): Promise<void> {
  program.kill('SIGTERM')
  if (program.exitCode === null) await new Promise((resolve) => program.once('exit', resolve))
  rmSync(home, { recursive: true, force: true })
}

/** Of a world what a story needs, on a stack: whoever asks insists, with the same key, until a part that died is back. */
export function worldOf({ home, url, waitFor }: Stack): Played & { end(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: runningStack(home)!.env.DATABASE_URL!, max: 2 })
  pool.on('error', () => {})
  const query = (text: string, values?: unknown[]) => waitFor(() => pool.query(text, values), 'the record answers')
  const tokens = new Map<string, Promise<string>>()
  const token = (staff: string): Promise<string> => {
    const known = tokens.get(staff) ?? session(query, staff)
    tokens.set(staff, known)
    return known
  }
  return {
    db: { pool: { query } } as unknown as Played['db'],
    as: (staff) => insisting(`${url}/api/v1`, () => token(staff), waitFor),
    state: async (order) => (await query('SELECT state FROM orders WHERE id = $1', [order])).rows[0]?.state as OrderState,
    history: (order) => historyOf({ query } as unknown as pg.Pool, order),
    patience: 60_000,
    end: () => pool.end(),
  }
}

type Query = (text: string, values?: unknown[]) => Promise<pg.QueryResult>

async function session(query: Query, staff: string): Promise<string> {
  const secret = newSecret()
  await query(
    `INSERT INTO session (token_hash, staff_id, kind, created_at, expires_at, last_seen_at) VALUES ($1, $2, 'bearer', now(), now() + interval '1 day', now())`,
    [secretHash(secret), staff],
  )
  return secret
}

function insisting(base: string, token: () => Promise<string>, waitFor: Stack['waitFor']): Caller {
  const ask = <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply<T>> =>
    waitFor(async () => {
      const response = await fetch(`${base}${path}`, {
        method,
        signal: AbortSignal.timeout(15_000),
        headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      // Not recorded yet, or a part is away: the same again takes effect once.
      if (response.status === 202 || response.status >= 500) return undefined
      const text = await response.text()
      return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T, headers: response.headers }
    }, `${method} ${path} is answered`)
  const post = <T>(path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask<T>('POST', path, body, { 'idempotency-key': randomUUID(), ...headers })
  return {
    get: (path) => ask('GET', path),
    post,
    command: (order, command, headers) => post(`/orders/${order}/commands`, command, headers),
  }
}
