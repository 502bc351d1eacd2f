/**
 * The whole product as `npm start` runs it, each part killed with -9 in the middle of an order: what was acknowledged stays, what
 * was asked is done once, and the order goes on to its end. And the README's walkthrough, pasted.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStack, type PartName, type Stack, worldOf } from '../support/stack.ts'
import { newRoute, stages, treeOf } from '../support/whole-order.ts'
import { verify } from '../support/world.ts'

let stack: Stack
let url: string

beforeAll(async () => {
  stack = await openStack()
  url = stack.url
}, 150_000)

afterAll(() => stack?.close(), 60_000)

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
  return stack.waitFor(
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

/** What the command says at its end. */
async function rehydrate(): Promise<string> {
  const env = { ...process.env, PAIDAN_HOME: stack.home, DATABASE_URL: '', TEMPORAL_ADDRESS: '' }
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'cli/rehydrate.ts', '--missing'], { env })
  return stderr.trim().split('\n').at(-1) ?? ''
}

const parts: readonly PartName[] = ['worker', 'api', 'temporal', 'postgresql']

const fault = { process: 'graded-fault', customerId: 'cu-013', title: 'Line down' }
const input = { service: 'sv-013-3', symptom: 'No light', reporter: 'Zhao Min', source: 'monitoring' }

describe('a stack whose parts are killed', () => {
  it.each(parts)(
    'loses and doubles nothing when the %s dies in the middle of an order',
    async (part) => {
      const token = await login('monitor')
      const { order } = await insist(token, '/orders', { ...fault, input })
      const commands = `/orders/${order}/commands`
      await insist(token, commands, { type: 'accept', task: 'accept-fault.1' })
      // Killed while a command is under way.
      const underWay = insist(token, commands, { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
      stack.kill(part)
      await underWay
      await insist(token, commands, {
        type: 'complete',
        task: 'diagnose.1',
        outcome: 'cleared-remotely',
        form: { diagnosis: 'restarted the port' },
      })
      const events = await stack.waitFor(
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

  it('brings a whole order to its end though a part dies between any two of its chapters', async () => {
    const world = worldOf(stack)
    const route = await newRoute(world)
    for (const [n, [, stage]] of stages.entries()) {
      stack.kill(parts[n % parts.length]!)
      await stage(world, route)
    }
    const tree = await treeOf(world, route)
    expect(tree.map(({ end }) => String(end)).sort()).toEqual(['accepted', 'activated', 'approved', 'completed', 'intent-signed', 'signed'])
    for (const { id } of tree) await verify(world, id)
    await world.end()
  }, 300_000)

  it("goes on after the engine's database is gone, by one command", async () => {
    const world = worldOf(stack)
    const route = await newRoute(world)
    for (const [n, [, stage]] of stages.entries()) {
      if (n % 2 === 1) {
        for (const end of ['', '-wal', '-shm']) rmSync(join(stack.home, 'temporal', `temporal.db${end}`), { force: true })
        stack.kill('temporal')
        const said = await stack.waitFor(() => rehydrate(), 'orders are brought back')
        expect(said).toMatch(/[1-9]\d* started again, 0 ran; 0 continuations opened, \d+ relatives told, 0 failed/)
        expect(await rehydrate()).toMatch(/ 0 started again/)
      }
      await stage(world, route)
    }
    const tree = await treeOf(world, route)
    expect(tree.map(({ status }) => status)).toEqual(tree.map(() => 'closed'))
    for (const { id } of tree) await verify(world, id)
    await world.end()
  }, 300_000)

  it('still does what the README says, pasted', async () => {
    const [, script] = /<!-- walkthrough -->\n```sh\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script!], { env: { ...process.env, PAIDAN_URL: url } })
    const lines = stdout.trim().split('\n')
    expect(lines.at(-1)).toBe('true')
    expect(Number(lines.at(-2))).toBeGreaterThan(15)
    expect(lines.some((line) => line.includes('"pct":'))).toBe(true)
  }, 120_000)
})
