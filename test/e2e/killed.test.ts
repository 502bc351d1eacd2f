/**
 * The whole product as `npm start` runs it, each part killed with -9 in the middle of an order: what was acknowledged stays, what
 * was asked is done once, and the order goes on to its end. And the README's walkthrough, pasted.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const home = mkdtempSync(join(tmpdir(), 'paidan-killed-'))
chmodSync(home, 0o755)

let stack: ChildProcess
let output = ''
let url: string

beforeAll(async () => {
  const env = { ...process.env, PAIDAN_HOME: home, DATABASE_URL: '', TEMPORAL_ADDRESS: '', PORT: '' }
  stack = spawn(process.execPath, ['--import', 'tsx', 'worker/stack/main.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [stack.stdout!, stack.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  url = await waitFor(async () => /Ready after .*?(http:\/\/[\d.:]+)/.exec(output)?.[1], 'the stack is ready', 120_000)
}, 150_000)

afterAll(async () => {
  stack?.kill('SIGTERM')
  if (stack && stack.exitCode === null) await new Promise((resolve) => stack.once('exit', resolve))
  rmSync(home, { recursive: true, force: true })
}, 60_000)

async function waitFor<T>(what: () => Promise<T | undefined>, name: string, within = 60_000): Promise<T> {
  const end = Date.now() + within
  for (;;) {
    const found = await what().catch(() => undefined)
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`waited in vain until ${name}; the stack said:\n${output}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

interface Json {
  [name: string]: unknown
}

async function ask(
  token: string,
  method: string,
  path: string,
  body?: unknown,
  key: string = randomUUID(),
): Promise<{ status: number; body: Json }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key }
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers,
    signal: AbortSignal.timeout(15_000),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Json }
}

/** As a careful client does it: the same key again until there is an answer. */
function insist(token: string, path: string, body: unknown): Promise<Json> {
  const key = randomUUID()
  return waitFor(
    async () => {
      const reply = await ask(token, 'POST', path, body, key)
      if (reply.status === 200 || reply.status === 201) return reply.body
      if (reply.status < 500 && reply.status !== 202) throw new Error(`${reply.status}: ${JSON.stringify(reply.body)}`)
      return undefined
    },
    `POST ${path} ${JSON.stringify(body)} is answered`,
  )
}

const login = async (name: string): Promise<string> => {
  const response = await fetch(`${url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: name, password: 'demo', kind: 'bearer' }),
  })
  return ((await response.json()) as { token: string }).token
}

function kill(part: string): void {
  const { parts } = JSON.parse(readFileSync(join(home, 'stack.lock'), 'utf8')) as { parts: { name: string; pid: number }[] }
  const found = parts.find(({ name }) => name.toLowerCase() === part)
  if (!found) throw new Error(`no part ${part} among ${parts.map(({ name }) => name).join(', ')}`)
  process.kill(found.pid, 'SIGKILL')
}

const fault = { process: 'graded-fault', customerId: 'cu-013', title: 'Line down' }
const input = { service: 'sv-013-3', symptom: 'No light', reporter: 'Zhao Min', source: 'monitoring' }

describe('a stack whose parts are killed', () => {
  it.each(['worker', 'api', 'temporal', 'postgresql'])(
    'loses and doubles nothing when the %s dies in the middle of an order',
    async (part) => {
      const token = await login('monitor')
      const { order } = await insist(token, '/orders', { ...fault, input })
      const commands = `/orders/${order}/commands`
      await insist(token, commands, { type: 'accept', task: 'accept-fault.1' })
      // Killed while a command is under way.
      const underWay = insist(token, commands, { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
      kill(part)
      await underWay
      await insist(token, commands, {
        type: 'complete',
        task: 'diagnose.1',
        outcome: 'cleared-remotely',
        form: { diagnosis: 'restarted the port' },
      })
      const events = await waitFor(
        async () => (await ask(token, 'GET', `/orders/${order}/events?limit=100`)).body.items as Json[] | undefined,
        'the history is there',
      )
      for (const outcome of ['accepted', 'cleared-remotely'])
        expect(events.filter((event) => event.type === 'task-completed' && (event.data as Json).outcome === outcome)).toHaveLength(1)
      expect((await ask(token, 'GET', `/orders/${order}/verification`)).body).toMatchObject({ ok: true })
      const { body } = await ask(token, 'GET', `/orders/${order}`)
      expect((body.tasks as Json[]).map(({ step }) => step)).toContain('confirm-recovery')
    },
    120_000,
  )

  it('still does what the README says, pasted', async () => {
    const [, script] = /<!-- walkthrough -->\n```sh\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script!], { env: { ...process.env, PAIDAN_URL: url } })
    const lines = stdout.trim().split('\n')
    expect(lines.at(-1)).toBe('true')
    expect(Number(lines.at(-2))).toBeGreaterThan(15)
    expect(lines.some((line) => line.includes('"pct":'))).toBe(true)
  }, 120_000)
})
