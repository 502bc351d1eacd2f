/** The tools of the chaos run: the wire, the ledger and the times of recovery. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { killPlan } from './faults.ts'
import { chance } from '../../prisma/seed/rows.ts'
import { Ledger, readLedger } from './ledger.ts'
import { openWire, type Wire } from './proxy.ts'
import { Recovery, spread } from './recovery.ts'

const servers: { close(): unknown }[] = []
const wires: Wire[] = []
afterEach(async () => {
  await Promise.all(wires.splice(0).map((wire) => wire.close()))
  for (const server of servers.splice(0)) server.close()
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function echo(): Promise<Wire> {
  const wire = await openWire(await listening(createServer((socket) => void socket.on('error', () => {}).pipe(socket))))
  wires.push(wire)
  return wire
}

/** Says something and answers what comes back, and after how many ms. */
function say(port: number, text: string): Promise<{ back: string; ms: number }> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let back = ''
    socket.on('data', (chunk) => {
      back += chunk.toString()
      if (back.length < text.length) return
      socket.destroy()
      resolve({ back, ms: performance.now() - began })
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('closed')))
  })
}

describe('a wire', () => {
  it('passes on what is said, later where it is slow, in order', async () => {
    const wire = await echo()
    expect((await say(wire.port, 'hello')).back).toBe('hello')
    wire.delay(200)
    const slow = await say(wire.port, 'slow')
    expect(slow.back).toBe('slow')
    expect(slow.ms).toBeGreaterThanOrEqual(195)
    const long = 'x'.repeat(300_000)
    expect((await say(wire.port, long)).back).toBe(long)
    wire.delay(0)
    expect((await say(wire.port, 'quick')).ms).toBeLessThan(190)
  })

  it('is cut in the middle of what is said, and lets nobody through while it is out', async () => {
    const wire = await echo()
    wire.delay(10_000)
    const said = say(wire.port, 'never heard')
    const outcome = expect(said).rejects.toThrow(/ECONNRESET|closed/)
    while (wire.cut() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await outcome
    wire.delay(0)
    wire.out(true)
    await expect(say(wire.port, 'hello')).rejects.toThrow(/ECONNRESET|closed/)
    wire.out(false)
    expect((await say(wire.port, 'hello')).back).toBe('hello')
  })
})

describe('the ledger', () => {
  const dir = mkdtempSync(join(tmpdir(), 'paidan-ledger-'))
  afterAll(() => rmSync(dir, { recursive: true }))

  it('has what was answered for good, once, and knows what is under way', async () => {
    const answers = [
      { status: 503, body: { code: 'ENGINE_UNAVAILABLE' } },
      { status: 202, body: { order: 'o1' } },
      { status: 200, body: { order: 'o1', seq: 7 } },
      { status: 409, body: { code: 'TASK_TAKEN' } },
      { status: 201, body: { order: 'o2', seq: 3 } },
    ]
    const http = createHttp((_req, res) => {
      const { status, body } = answers.shift()!
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    const url = `http://127.0.0.1:${await listening(http)}/api/v1`
    const file = join(dir, 'ledger.jsonl')
    const ledger = new Ledger(file)
    const heard: string[] = []
    ledger.onAcknowledged(({ key }) => heard.push(key))
    const post = (path: string, key: string) => ledger.fetch(`${url}${path}`, { method: 'POST', headers: { 'idempotency-key': key } })
    for (const _ of [1, 2]) await post('/orders/o1/commands', 'a')
    expect([...ledger.underWay().keys()]).toEqual(['a'])
    const last = await post('/orders/o1/commands', 'a')
    expect([last.status, await last.json()]).toEqual([200, { order: 'o1', seq: 7 }])
    await post('/orders/o1/commands', 'b')
    await post('/orders', 'c')
    expect([ledger.acknowledged, heard, ledger.underWay().size]).toEqual([2, ['a', 'c'], 0])
    ledger.close()
    appendFileSync(file, '{"key":"half')
    expect(readLedger(file).map(({ key, kind, order, seq, status, code }) => [key, kind, order, seq, status, code])).toEqual([
      ['a', 'command', 'o1', 7, 200, undefined],
      ['b', 'command', 'o1', undefined, 409, 'TASK_TAKEN'],
      ['c', 'start', 'o2', 3, 201, undefined],
    ])
  })
})

describe('recovery', () => {
  it('is counted until the parts are up, until somebody gets on, and until the last who waited is answered', () => {
    const recovery = new Recovery()
    recovery.killed({ kind: 'stack', kills: ['api', 'worker'], at: 1_000, what: '' }, ['a', 'b'])
    expect(recovery.down).toEqual(['api', 'worker'])
    recovery.up('api', 2_000)
    recovery.acknowledged('a', 500, 2_500)
    recovery.acknowledged('c', 1_500, 2_600)
    recovery.up('worker', 3_000)
    recovery.settled(new Set(), 4_000)
    recovery.killed({ kind: 'api', kills: ['api'], at: 5_000, what: '' }, [])
    expect(recovery.down).toEqual(['api'])
    const times = recovery.byKind.get('stack')!
    expect([times.up.median, times.served.median, times.caught.median]).toEqual([2_000, 1_600, 3_000])
    expect(spread([3, undefined, 1, 2])).toEqual({ n: 3, min: 1, median: 2, max: 3 })
  })
})

describe('the plan of kills', () => {
  it('has every kind, is as long as wanted, and is the same for the same seed', () => {
    const plan = killPlan(chance(5), 200)
    expect(plan).toHaveLength(200)
    expect(new Set(plan).size).toBe(6)
    expect(killPlan(chance(5), 200)).toEqual(plan)
    expect(killPlan(chance(6), 200)).not.toEqual(plan)
  })
})
