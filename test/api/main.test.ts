/** The program itself: its start, its end, and what it says when it cannot start. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { freePort } from '../../worker/stack/ports.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/main.ts'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  children.push(child)
  let output = ''
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  return { child, exited, output: () => output }
}

const env = async () => ({ DATABASE_URL: db.url, TEMPORAL_ADDRESS: inject('temporalAddress'), PORT: String(await freePort()) })

describe('npm run api', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says when it is ready, and on %s is no longer ready, answers what is under way and ends',
    async (signal) => {
      const settings = await env()
      const { child, exited, output } = start(settings)
      const [message] = await once(child, 'message')
      expect(message).toBe('ready')
      const url = `http://127.0.0.1:${settings.PORT}`
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
      const me = await fetch(`${url}/api/v1/me`)
      expect(me.status).toBe(401)
      child.kill(signal)
      let ready = await fetch(`${url}/readyz`)
      for (let i = 0; i < 20 && ready.status === 200; i++) ready = await fetch(`${url}/readyz`)
      expect([ready.status, ((await ready.json()) as { status: string }).status]).toEqual([503, 'draining'])
      // Still taken, until the balancer has noticed.
      expect(
        (
          await fetch(`${url}/api/v1/sessions`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"login":"monitor","password":"demo"}',
          })
        ).status,
      ).toBe(201)
      expect(await exited).toBe(0)
      expect(output()).toContain('stopped')
      expect(output()).not.toMatch(/demo"|postgres:[^*]+@/)
      await expect(fetch(`${url}/healthz`)).rejects.toThrow()
    },
  )

  it.each([
    ['without a database', { DATABASE_URL: '' }, /DATABASE_URL is not set/],
    ['with a wrong port', { PORT: '70000' }, /PORT is "70000"; allowed: a port/],
  ])('%s names the variable and ends with 1', async (_what, wrong, says) => {
    const { exited, output } = start({ ...(await env()), ...wrong })
    expect(await exited).toBe(1)
    expect(output()).toMatch(says)
    expect(output()).not.toContain('    at ')
  })

  it('on a port that is taken says so and ends with 1', async () => {
    const settings = await env()
    const holder = createServer().listen(Number(settings.PORT), '127.0.0.1')
    await once(holder, 'listening')
    const { exited, output } = start(settings)
    expect(await exited).toBe(1)
    expect(output()).toMatch(/EADDRINUSE.*Set PORT to a free port/)
    holder.close()
  })

  it('opens without the engine, and says so', async () => {
    const settings = { ...(await env()), TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` }
    const { child, exited } = start(settings)
    await once(child, 'message')
    const ready = await fetch(`http://127.0.0.1:${settings.PORT}/readyz`)
    expect([ready.status, ((await ready.json()) as { checks: object }).checks]).toEqual([503, { database: 'ok', engine: 'failed' }])
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })
})
