import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import request from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { liveEvents, type LiveEvent } from '../../api/schemas/live.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { Sse } from '../support/sse.ts'
import { API, type Caller, type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
const streams: Sse[] = []
beforeAll(async () => {
  door = await openDoor()
})
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close()
  door.now.value = MONDAY
})
afterAll(() => door.close())

const url = () => `http://127.0.0.1:${(door.server.address() as AddressInfo).port}${API}/stream`

/** A stream, once it is ready. Every event is held against its schema. */
async function watch(caller: Caller, lastId?: string): Promise<Sse> {
  const sse = await Sse.open(url(), { ...caller.identity, ...(lastId !== undefined && { 'Last-Event-ID': lastId }) }, ({ event, data }) => {
    expect(liveEvents[event as LiveEvent].parse(data), event).toEqual(data)
  })
  streams.push(sse)
  expect(sse.status).toBe(200)
  return sse
}

const ready = async (caller: Caller, lastId?: string) => {
  const sse = await watch(caller, lastId)
  await sse.next('ready')
  return sse
}

/** Until everything that was told has arrived: an order of which the watcher hears. */
const settled = async (sse: Sse, by = 'xiaomei.lin') => {
  const order = await startFault(door, { by })
  await sse.next('order', ({ id }) => id === order)
}

describe('the stream', () => {
  it('tells of every move as the list of orders shows it', async () => {
    const monitor = await door.as('xiaomei.lin')
    const sse = await ready(monitor)
    const order = await startFault(door)
    const { data } = await sse.next('order', ({ id }) => id === order)
    const { names, ...summary } = data
    const listed = (await monitor.get('/orders')).body.items.find(({ id }: { id: string }) => id === order)
    expect(summary).toEqual(listed)
    expect(Object.keys(names)).toEqual(expect.arrayContaining(summary.tasks.map(({ unit }: { unit: string }) => unit).filter(Boolean)))
    await monitor.command(order, { type: 'set-priority', priority: 1 })
    expect((await sse.next('order', ({ id, version }) => id === order && version > summary.version)).data.priority).toBe(1)
  })

  it('shows to each what he may see, and nothing to a stranger', async () => {
    const [suzhou, vendor, nanjing] = await Promise.all(['xue.feng', 'vendor', 'engineer'].map((login) => door.as(login)))
    const [ofSuzhou, ofVendor, ofNanjing] = await Promise.all([suzhou!, vendor!, nanjing!].map((caller) => ready(caller)))
    const here = await startFault(door, { region: '/cn/js/nj' })
    const there = await startFault(door, { region: '/cn/js/sz' })
    await ofNanjing!.next('order', ({ id }) => id === here)
    await ofSuzhou!.next('order', ({ id }) => id === there)
    expect(ofSuzhou!.events.filter(({ data }) => data.id === here)).toEqual([])
    expect(ofNanjing!.events.filter(({ data }) => data.id === there)).toEqual([])
    expect(ofVendor!.events.filter(({ event }) => event !== 'ready')).toEqual([])
  })

  it('says that an order has come into sight with a task, and when it is gone', async () => {
    const vendor = await door.as('vendor')
    const sse = await ready(vendor)
    const order = await startFault(door, { region: '/cn/js/sz' })
    const monitor = await door.as('xue.feng')
    for (const body of [
      { type: 'accept', task: 'accept-fault.1' },
      { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
      { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: 'theirs' } },
      { type: 'complete', task: 'dispatch-fault.1', outcome: 'dispatched', form: { unit: 'vendor-yunqiao' } },
    ])
      expect((await monitor.command(order, body)).status).toBe(200)
    expect((await sse.next('order', ({ id }) => id === order)).data.tasks).toMatchObject([{ unit: 'vendor-yunqiao' }])
    const supervisor = await door.as('supervisor')
    const away = await supervisor.command(order, { type: 'dispatch', task: 'take-ticket.1', person: person('engineer').id })
    expect([away.status, away.body.code]).toEqual([200, undefined])
    expect((await sse.next('gone')).data).toEqual({ id: order, version: away.body.seq })
    expect((await vendor.get(`/orders/${order}`)).status).toBe(404)
  })

  it('tells of rungs that fire, and each of what he is told', async () => {
    const [supervisor, suzhou] = [await door.as('xiaomei.lin'), await door.as('xue.feng')]
    const [here, there] = [await ready(supervisor), await ready(suzhou)]
    const order = await startFault(door)
    door.now.value = MONDAY + 60 * MINUTE
    await door.engine.tick(order)
    const rung = await here.next('rung', (data) => data.order === order && data.pct === 100)
    const { items } = (await supervisor.get('/breaches')).body
    expect(rung.data).toEqual(items.find((one: { order: string; pct: number }) => one.order === order && one.pct === 100))
    const { rows } = await door.db.pool.query<{ login: string }>(
      `SELECT DISTINCT s.login FROM notification n JOIN staff s ON s.id = n.staff_id WHERE n.order_id = $1 AND n.template = 'limit-breach'`,
      [order],
    )
    const told = await door.as(rows[0]!.login)
    const inbox = await ready(told)
    const other = await startFault(door)
    door.now.value = MONDAY + 120 * MINUTE
    await door.engine.tick(other)
    const message = await inbox.next('notification', (data) => data.order === other && data.template === 'limit-breach')
    const mine = (await told.get('/notifications')).body.items
    expect(mine).toContainEqual(message.data)
    await sleep(50)
    expect(there.events.filter(({ event }) => event === 'rung' || event === 'notification')).toEqual([])
  })

  it('goes on where it broke off, and asks to fetch anew where it cannot', async () => {
    const monitor = await door.as('xiaomei.lin')
    const first = await ready(monitor)
    await settled(first)
    const { lastId } = first
    first.close()
    const missed = [await startFault(door), await startFault(door)]
    const again = await watch(monitor, lastId)
    expect((await again.next('ready')).data).toEqual({ resumed: true })
    for (const order of missed) await again.next('order', ({ id }) => id === order)
    expect(again.events.filter(({ event }) => event === 'resync')).toEqual([])
    const lost = await watch(monitor, 'oabc.17')
    expect((await lost.next('ready')).data).toEqual({ resumed: false })
    expect((await lost.next('resync')).data).toEqual({ reason: 'gap' })
    const byQuery = await Sse.open(`${url()}?lastEventId=${encodeURIComponent(again.lastId)}`, monitor.identity)
    streams.push(byQuery)
    expect((await byQuery.next('ready')).data).toEqual({ resumed: true })
  })

  it('survives the loss of its connection to the database: everybody fetches anew, and hears on', async () => {
    const sse = await ready(await door.as('xiaomei.lin'))
    await door.db.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'paidan-live' AND datname = current_database()",
    )
    expect((await sse.next('resync')).data).toEqual({ reason: 'connection' })
    await settled(sse)
  })

  it('costs one connection, however many watch, and is counted', async () => {
    const monitor = await door.as('xiaomei.lin')
    await Promise.all(Array.from({ length: 12 }, () => ready(monitor)))
    const { rows } = await door.db.pool.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'paidan-live' AND datname = current_database()",
    )
    expect(rows[0].n).toBe(1)
    expect((await request(door.server).get('/metrics')).text).toMatch(/^paidan_sse_viewers 1[2-9]$/m)
  })

  it('is not opened without end by one session', async () => {
    const monitor = await door.as('zhiming.yan')
    await Promise.all(Array.from({ length: 20 }, () => ready(monitor)))
    const more = await monitor.get('/stream')
    expect([more.status, more.body.code]).toEqual([429, 'TOO_MANY_STREAMS'])
    const head = await request(door.server)
      .head(`${API}/stream`)
      .set((await door.as('xiaomei.lin')).identity)
    expect([head.status, head.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8'])
  })

  it('beats, and ends with its session', async () => {
    const login = await door.anybody.post('/sessions', { login: 'hotline', password: 'demo', kind: 'bearer' }, { 'Idempotency-Key': '' })
    const caller = { ...door.anybody, identity: { Authorization: `Bearer ${login.body.token}` } }
    const sse = await ready(caller)
    door.now.value += 20_000
    expect((await sse.next('beat')).id).toBe(sse.lastId)
    await request(door.server).delete(`${API}/sessions/current`).set(caller.identity)
    expect((await sse.next('end')).data).toEqual({ reason: 'session' })
    await sleep(50)
    expect(sse.ended).toBe(true)
  })

  it('ends when the server goes down', async () => {
    const sse = await ready(await door.as('xiaomei.lin'))
    door.now.draining = true
    expect((await sse.next('end')).data).toEqual({ reason: 'draining' })
    expect((await (await door.as('xiaomei.lin')).get('/stream')).body.code).toBe('DRAINING')
    door.now.draining = false
  })
})
