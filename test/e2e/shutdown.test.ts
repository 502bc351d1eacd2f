/**
 * Programs that are told to stop in the middle of their work: whoever got through to them gets his answer, the answers hold, and
 * they end by themselves.
 */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../worker/stack/ports.ts'
import { metricsOf, metricsUsed } from '../support/monitoring.ts'
import { type Program, startProgram, tokenOf } from '../support/program.ts'
import { begin, openWorld, type World } from '../support/world.ts'

let world: World
let orders: string[]
let token: string

beforeAll(async () => {
  world = await openWorld()
  orders = await Promise.all(Array.from({ length: 6 }, () => begin(world, 'fault-level-1')))
  token = await tokenOf(world, 'director')
})
afterAll(() => world?.close())

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

async function start(module: 'api/main.ts' | 'worker/main.ts', env: Record<string, string>): Promise<Program> {
  const program = await startProgram(world, module, env)
  children.push(program.child)
  return program
}

/** People who comment without a pause, each over a connection that he keeps, until nobody lets them in or they are stopped. */
function load(url: string, people: number) {
  const answered: { key: string; status: number }[] = []
  let late = 0
  const failed: string[] = []
  let stopped = false
  const person = async (n: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!stopped) {
      const key = randomUUID()
      try {
        let status = await comment(agent, `${url}/orders/${orders[n % orders.length]}/commands`, key)
        // Sent, and not recorded in time: the same again gets the answer.
        for (; status === 202; late++) {
          await sleep(1_000)
          status = await comment(agent, `${url}/orders/${orders[n % orders.length]}/commands`, key)
        }
        answered.push({ key, status })
      } catch (error) {
        const { code, message } = error as { code?: string; message: string }
        // Nobody listens any more: it was never taken.
        if (code === 'ECONNREFUSED') break
        failed.push(code ?? message)
      }
    }
    agent.destroy()
  }
  const all = Promise.all(Array.from({ length: people }, (_, n) => person(n)))
  return {
    answered,
    failed,
    stop: () => {
      stopped = true
      return all
    },
    over: () => all,
    late: () => late,
  }
}

function comment(agent: Agent, url: string, key: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => resolve(response.statusCode!))
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ type: 'comment', text: `under load ${key}` }))
  })
}

/** Each of the commands is in the record, and made one event. */
async function expectRecorded(keys: readonly string[]): Promise<void> {
  const { rows } = await world.db.pool.query<{ n: number; events: number }>(
    `SELECT (SELECT count(*)::int FROM order_command WHERE command_id = ANY ($1)) AS n,
            (SELECT count(*)::int FROM order_event WHERE cmd = ANY ($1) AND type = 'comment-added') AS events`,
    [keys],
  )
  expect(rows[0]).toEqual({ n: keys.length, events: keys.length })
}

describe('a program that is told to stop under load', () => {
  it('the API: answers everybody who got through, and ends', async () => {
    const port = await freePort()
    const { child, exited, output } = await start('api/main.ts', { PORT: String(port), DRAIN_NOTICE_MS: '700' })
    const { answered, failed, over } = load(`http://127.0.0.1:${port}/api/v1`, 12)
    while (answered.length < 40) await sleep(20)
    child.kill('SIGTERM')
    const before = answered.length
    await over()
    expect(await exited).toBe(0)
    expect(failed).toEqual([])
    expect(answered.filter(({ status }) => status !== 200)).toEqual([])
    expect(answered.length).toBeGreaterThan(before)
    await expectRecorded(answered.map(({ key }) => key))
    expect(output()).toMatch(/draining[\s\S]*stopped/)
  })

  // The task that the engine hands over with the answer to the last one is lost when a worker stops; the engine gives it to another
  // after its 10 s, and whoever waits for it is told "late".
  it('a worker: what it has taken is done or given back, and another goes on', async () => {
    const metrics = await freePort()
    const { child, exited, output } = await start('worker/main.ts', { METRICS_PORT: String(metrics), LOG_LEVEL: 'debug' })
    // Orders that it shares with the other worker; those before are in the other's memory.
    orders = await Promise.all(Array.from({ length: 8 }, () => begin(world, 'fault-level-1')))
    const { answered, failed, stop } = load(world.url, 8)
    const told = async () => (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text()
    const moves = (text: string) => Number(/^paidan_moves_total\{.*by="person",process="fault-level-1".*\} (\d+)/m.exec(text)?.[1] ?? 0)
    let text = await told()
    for (const end = Date.now() + 20_000; moves(text) < 20 && Date.now() < end; await sleep(50)) text = await told()
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
    const after = answered.length
    while (answered.length < after + 20) await sleep(20)
    await stop()
    expect(failed).toEqual([])
    expect(answered.filter(({ status }) => status !== 200)).toEqual([])
    await expectRecorded(answered.map(({ key }) => key))
    // Its own figures stand beside those of Temporal's SDK.
    expect(moves(text)).toBeGreaterThanOrEqual(20)
    for (const name of ['paidan_move_lag_seconds_bucket', 'paidan_record_seconds_bucket', 'paidan_unrecorded_age_seconds'])
      expect(text).toMatch(new RegExp(`^${name}[{ ]`, 'm'))
    expect(text).toMatch(/^temporal_workflow_task_schedule_to_start_latency_bucket\{.*le="0\.\d+"/m)
    // What dashboard and alerts look at exists, here or at the API.
    const there = new Set([...metricsOf(text), ...metricsOf(await (await fetch(world.url.replace('/api/v1', '/metrics'))).text())])
    for (const [file, names] of metricsUsed()) expect([file, names.filter((name) => !there.has(name))]).toEqual([file, []])
    // Each move is logged with the order and the command that made it.
    const given = new Set(answered.map(({ key }) => key))
    const logged = output()
      .split('\n')
      .map((one) => (one.startsWith('{') ? (JSON.parse(one) as Record<string, unknown>) : {}))
      .filter(({ msg, command }) => msg === 'recorded' && given.has(String(command)))
    expect(logged.length).toBeGreaterThanOrEqual(10)
    expect(logged.filter(({ order }) => !orders.includes(String(order)))).toEqual([])
  })
})
