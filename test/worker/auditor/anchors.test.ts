/** Anchors, on a real record, with a real receiver: what they are over, how they go out, and what they find. */
import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chainHash } from '../../../domain/order/hash.ts'
import { checkChain } from '../../../domain/order/verify/check.ts'
import { eventOf, type KeptEvent } from '../../../domain/order/verify/kept.ts'
import { checkAnchors } from '../../../prisma/verification/anchors.ts'
import { keptOrders } from '../../../prisma/verification/kept.ts'
import { type AnchorDeps, anchorDue } from '../../../worker/auditor/anchor.ts'
import { type Door, openDoor, startFault } from '../../api/support/door.ts'

let door: Door
let folder: string
let receiver: Server
let answer = 200
const heard: { headers: Record<string, unknown>; body: string }[] = []
let deps: AnchorDeps

beforeAll(async () => {
  door = await openDoor()
  folder = mkdtempSync(join(tmpdir(), 'paidan-anchors-'))
  receiver = createServer((req, res) => {
    let body = ''
    req.on('data', (part: Buffer) => {
      body += part.toString()
    })
    req.on('end', () => {
      heard.push({ headers: req.headers, body })
      res.writeHead(answer).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => receiver.once('listening', resolve))
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/anchors`
  deps = { pool: door.db.pool, logger: pino({ level: 'silent' }), folder, webhook: { url, secret: 'geheim' } }
})
afterAll(async () => {
  receiver.close()
  rmSync(folder, { recursive: true, force: true })
  await door.close()
})

const day = (n: number) => new Date(Date.UTC(2026, 10, n, 0, 5))
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const orders: string[] = []

it('is one a day over the heads that have moved, in a file and signed to whoever keeps it', async () => {
  orders.push(await startFault(door), await startFault(door))
  expect(await anchorDue(deps, day(1))).toBe(1)
  expect(await anchorDue(deps, day(1))).toBe(0)
  const [name] = readdirSync(folder)
  expect(name).toBe('anchor-000001-2026-11-01.txt')
  const { rows } = await door.db.pool.query('SELECT id, seq, hash FROM orders ORDER BY id COLLATE "C"')
  const lines = rows.map(({ id, seq, hash }) => `${id} ${seq} ${hash} -\n`).join('')
  const root = createHash('sha256').update(`\n${lines}`).digest('hex')
  expect(read(name!)).toBe(
    `anchor 1\nday 2026-11-01\nat 2026-11-01T00:05:00.000Z\nprevious -\nroot ${root}\norders ${rows.length}\n\n${lines}`,
  )
  expect(heard).toHaveLength(1)
  const { headers, body } = heard[0]!
  expect(JSON.parse(body)).toEqual({ n: 1, day: '2026-11-01', at: '2026-11-01T00:05:00.000Z', previous: '', root, orders: rows.length })
  expect(headers['paidan-signature']).toBe(`sha256=${createHmac('sha256', 'geheim').update(body).digest('hex')}`)

  // The next day only what has moved, after the root before.
  const monitor = await door.as('monitor')
  await monitor.command(orders[0]!, { type: 'comment', text: 'still there' })
  await anchorDue(deps, day(2))
  const second = read('anchor-000002-2026-11-02.txt')
  expect(second).toContain(`previous ${root}\n`)
  expect(second.split('\n\n')[1]!.trim().split('\n')).toEqual([expect.stringMatching(new RegExp(`^${orders[0]} \\d+ [0-9a-f]{64} -$`))])
  expect(await checkAnchors(door.db.pool, folder)).toEqual({ anchors: 2, lines: rows.length + 1, faults: [] })
})

it('is told again until the receiver has taken it, and written again where the file was not', async () => {
  answer = 500
  await anchorDue(deps, day(3))
  const state = async () => (await door.db.pool.query('SELECT attempts, error, posted_at FROM anchor WHERE n = 3')).rows[0]
  expect(await state()).toEqual({ attempts: 1, error: 'the webhook answered 500', posted_at: null })
  expect(readdirSync(folder)).toHaveLength(3)
  answer = 200
  expect(await anchorDue(deps, new Date(day(3).getTime() + 1_000))).toBe(0)
  expect(await anchorDue(deps, new Date(day(3).getTime() + 60_000))).toBe(1)
  expect(await state()).toMatchObject({ attempts: 2, error: null, posted_at: expect.any(Date) })
  expect(heard.map(({ headers }) => headers['idempotency-key'])).toEqual(['anchor-1', 'anchor-2', 'anchor-3', 'anchor-3'])
})

/** Every event written again, with hashes that fit, and the order with its new head. */
async function writeAnew(order: string, events: readonly KeptEvent[]): Promise<void> {
  const client = await door.db.pool.connect()
  try {
    await client.query('ALTER TABLE order_event DISABLE TRIGGER USER')
    let previous = ''
    for (const row of events) {
      const hash = chainHash(previous, eventOf(row))
      await client.query(
        `UPDATE order_event SET type = $3, data = $4, at = $5, actor_kind = $6, actor_id = $7, cmd = $8, prev_hash = $9, hash = $10
          WHERE order_id = $1 AND seq = $2`,
        [order, row.seq, row.type, row.data, row.at, row.actor_kind, row.actor_id, row.cmd, previous, hash],
      )
      previous = hash
    }
    await client.query(`UPDATE orders SET hash = $2, state = jsonb_set(state, '{hash}', to_jsonb($2::text)) WHERE id = $1`, [
      order,
      previous,
    ])
    await client.query('ALTER TABLE order_event ENABLE TRIGGER USER')
  } finally {
    client.release()
  }
}

const eventsOf = async (order: string): Promise<readonly KeptEvent[]> => (await keptOrders(door.db.pool, [order]))[0]!.events
/** Of an event's hash: what the file has, and what the record has now. */
const sides = (seq: number, told: string, kept: string) => ({ told: `event ${seq} hashed to ${told}`, kept: `it hashes to ${kept}` })

it('finds a history that was written anew, hashes, rows and all', async () => {
  const order = orders[1]!
  const before = await eventsOf(order)
  await writeAnew(
    order,
    before.map((row) => (row.seq === 1 ? { ...row, actor_id: 'st-001' } : row)),
  )
  const after = await eventsOf(order)
  expect((await checkAnchors(door.db.pool, folder)).faults).toEqual([
    { anchor: 1, order, ...sides(before.length, before.at(-1)!.hash, after.at(-1)!.hash) },
  ])
  await writeAnew(order, before)
  expect((await checkAnchors(door.db.pool, folder)).faults).toEqual([])
})

it('finds two neighbours that changed places, though the chain was hashed anew and holds', async () => {
  const order = orders[1]!
  const before = await eventsOf(order)
  const [first, second, ...rest] = before.slice(1)
  const swapped = [before[0]!, second!, first!, ...rest].map((row, i) => ({ ...row, seq: i + 1 }))
  await writeAnew(order, swapped)
  const [kept] = await keptOrders(door.db.pool, [order])
  expect(checkChain(kept!)).toBeUndefined()
  expect((await checkAnchors(door.db.pool, folder)).faults).toEqual([
    { anchor: 1, order, ...sides(before.length, before.at(-1)!.hash, kept!.events.at(-1)!.hash) },
  ])
  await writeAnew(order, before)
})

it('finds an edited file, one that is missing, and an edited root', async () => {
  const path = join(folder, 'anchor-000002-2026-11-02.txt')
  const content = readFileSync(path, 'utf8')
  const told = async () =>
    (await checkAnchors(door.db.pool, folder)).faults.filter(({ order }) => !order).map(({ anchor, told }) => [anchor, told.slice(0, 9)])
  writeFileSync(path, content.replace(/ -\n$/, ' 0\n'))
  expect(await told()).toEqual([[2, content.slice(content.indexOf('root '), content.indexOf('root ') + 9)]])
  rmSync(path)
  expect(await told()).toEqual([[3, 'a file of']])
  writeFileSync(path, content)
  await door.db.pool.query(`UPDATE anchor SET root = 'x' WHERE n = 3`)
  expect(await told()).toEqual([[3, expect.stringMatching(/^root /)]])
})
