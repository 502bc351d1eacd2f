import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { person } from '../../prisma/seed/organisation.ts'
import { type Caller, type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
let province: Caller
let monitor: Caller
let lead: Caller
/** Seven faults of Nanjing, a minute apart; three accepted by Liang Jia. */
const orders: string[] = []
beforeAll(async () => {
  door = await openDoor()
  province = await door.as('xiaomei.lin')
  monitor = await door.as('monitor')
  lead = await door.as('lixin.song')
  for (let i = 0; i < 7; i++) {
    door.now.value = MONDAY + i * MINUTE
    orders.push(await startFault(door))
  }
  for (const order of orders.slice(0, 3))
    expect((await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })).status).toBe(200)
})
afterAll(() => door.close())

interface Item {
  order: string
  task: string
  dueAt: string | null
  person: string | null
}

/** Every page of a list, one after the other. */
async function walk<T>(caller: Caller, path: string, limit: number): Promise<T[]> {
  const items: T[] = []
  let next: string | null = ''
  for (let pages = 0; next !== null; pages++) {
    expect(pages).toBeLessThan(50)
    const { body } = await caller.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${next && `&cursor=${next}`}`)
    expect(body.items.length).toBeLessThanOrEqual(limit)
    items.push(...(body.items as T[]))
    next = body.page.next as string | null
  }
  return items
}

describe('the lanes', () => {
  const lane = async (caller: Caller, name: string) => (await caller.get(`/tasks?lane=${name}`)).body

  it('mine: what I hold, the nearest limit first', async () => {
    const { items, counts } = await lane(monitor, 'mine')
    expect(items.map((one: Item) => one.order)).toEqual(orders.slice(0, 3))
    expect(counts).toEqual({
      mine: 3,
      unit: 7,
      undispatched: 0,
      offered: 4,
      working: 3,
      waiting: 0,
      risk: 0,
      overdue: 0,
      approvals: 0,
      all: 7,
    })
    expect(items[0]).toMatchObject({
      title: { en: 'Accept the fault at the monitoring centre' },
      process: 'graded-fault',
      person: monitor.id,
      overdue: false,
      party: null,
    })
  })

  it('unit: what is at my unit, whoever holds it', async () => {
    expect((await lane(lead, 'unit')).items.map((one: Item) => one.order)).toEqual(orders)
    expect((await lane(province, 'unit')).items).toEqual([])
  })

  it('overdue: by the instant of who asks', async () => {
    const now = door.now.value
    door.now.value = MONDAY + 15 * MINUTE + 1
    expect((await lane(province, 'overdue')).items.map((one: Item) => one.order)).toEqual(orders.slice(0, 1))
    door.now.value = MONDAY + 60 * MINUTE
    const { items, counts } = await lane(province, 'overdue')
    expect([items.length, counts.overdue, items.every((one: { overdue: boolean }) => one.overdue)]).toEqual([7, 7, true])
    door.now.value = now
  })

  it('undispatched: what came back', async () => {
    expect((await monitor.command(orders[0]!, { type: 'return', task: 'accept-fault.1', reason: 'not ours' })).status).toBe(200)
    const { items, counts } = await lane(province, 'undispatched')
    expect(items).toMatchObject([{ order: orders[0], status: 'undispatched', person: null }])
    expect(counts.undispatched).toBe(1)
    expect((await lead.command(orders[0]!, { type: 'dispatch', task: 'accept-fault.1', person: monitor.id })).status).toBe(200)
    expect((await lane(province, 'undispatched')).items).toEqual([])
    expect((await lane(monitor, 'mine')).items).toHaveLength(3)
  })

  it.each([1, 2, 3, 100])('in pages of %i, nothing twice and nothing left out, what has no limit last', async (limit) => {
    await door.db.pool.query('UPDATE task SET due_at = NULL WHERE order_id = ANY ($1)', [orders.slice(4, 6)])
    await door.db.pool.query('UPDATE task SET due_at = $2 WHERE order_id = ANY ($1)', [orders.slice(1, 3), new Date(MONDAY + 90 * MINUTE)])
    const items = await walk<Item>(province, '/tasks?lane=all', limit)
    expect(items.map(({ order }) => order).sort()).toEqual([...orders].sort())
    const keys = items.map(({ dueAt, order }) => `${dueAt ?? '9999'} ${order}`)
    expect(keys).toEqual([...keys].sort())
    expect(items.slice(-2).map(({ dueAt }) => dueAt)).toEqual([null, null])
  })

  it('in pages also where one person signs for several parties', async () => {
    const finance = await door.as('finance')
    for (const party of ['a', 'b', 'c', 'd', 'e'])
      await door.db.pool.query(
        "INSERT INTO signature (order_id, task, party, roles, mandatory, person_id, asked_at) VALUES ($1, 'accept-fault.1', $2, '{finance-dept}', true, $3, now())",
        [orders[3], party, finance.id],
      )
    for (const limit of [1, 2, 3]) {
      const items = await walk<{ party: string }>(finance, '/tasks', limit)
      expect(items.map(({ party }) => party)).toEqual(['a', 'b', 'c', 'd', 'e'])
    }
    await door.db.pool.query('UPDATE task SET due_at = NULL WHERE order_id = $1', [orders[3]])
    expect((await walk<{ party: string }>(finance, '/tasks', 2)).map(({ party }) => party)).toEqual(['a', 'b', 'c', 'd', 'e'])
    await door.db.pool.query('DELETE FROM signature')
  })

  it('by process, step, region, person and unit', async () => {
    const ids = async (query: string) => (await walk<Item>(province, `/tasks?lane=all&${query}`, 50)).map(({ order }) => order)
    expect(await ids('process=graded-fault')).toHaveLength(7)
    expect(await ids('process=return-visit')).toEqual([])
    expect(await ids('step=accept-fault')).toHaveLength(7)
    expect(await ids('region=/cn/js/nj')).toHaveLength(7)
    expect(await ids('region=/cn/js/sz')).toEqual([])
    expect(await ids(`person=${monitor.id}`)).toHaveLength(3)
    expect(await ids('unit=nj-monitor')).toEqual(expect.arrayContaining(orders.slice(3)))
  })

  it('count only when asked to', async () => {
    expect((await province.get('/tasks?lane=all&counts=false')).body.counts).toBeNull()
  })
})

describe('the list of orders', () => {
  const list = async (query: string) => (await walk<{ id: string }>(province, `/orders?${query}`, 3)).map(({ id }) => id)

  it('has every filter', async () => {
    const newest = [...orders].reverse()
    const detail = (await province.get(`/orders/${orders[0]}`)).body
    expect(await list('')).toEqual(newest)
    expect(await list('sort=openedAt')).toEqual(orders)
    expect((await list('sort=nextDueAt')).toSorted()).toEqual([...orders].sort())
    expect(await list('status=open,stopped')).toEqual(newest)
    expect(await list('status=open&status=stopped')).toEqual(newest)
    expect(await list('status=closed')).toEqual([])
    expect(await list('process=graded-fault')).toEqual(newest)
    expect(await list('process=return-visit')).toEqual([])
    expect(await list(`customer=${detail.customer.id}`)).toEqual(newest)
    expect(await list('customer=cu-999')).toEqual([])
    expect(await list(`service=${detail.service.id}`)).toEqual(newest)
    expect(await list('region=/cn/js/nj')).toEqual(newest)
    expect(await list('region=/cn/js/nj/')).toEqual(newest)
    expect(await list('region=/cn/js/n')).toEqual([])
    expect(await list('parent=onone')).toEqual([])
    expect(await list('unit=nj-monitor')).toEqual(expect.arrayContaining(orders.slice(3)))
    expect(await list('unit=js-kac')).toEqual([])
    expect(await list(`q=${detail.no.toLowerCase()}`)).toEqual([orders[0]])
    expect(await list('q=fault%20in')).toEqual(newest)
    expect(await list(`q=${encodeURIComponent(detail.customer.name.zh.slice(1, 4))}`)).toEqual(newest)
    expect(await list(`q=${detail.customer.no}`)).toEqual(newest)
    expect(await list('q=%25')).toEqual([])
    expect(await list('q=_ault')).toEqual([])
    const now = door.now.value
    door.now.value = MONDAY + 24 * 60 * MINUTE
    const overdue = await list('overdue=true')
    expect(overdue.length).toBeGreaterThan(0)
    expect((await list('overdue=false')).concat(overdue).sort()).toEqual([...orders].sort())
    door.now.value = now
  })

  it('shows what is open in each', async () => {
    const { body } = await province.get('/orders?limit=1')
    expect(body.items[0]).toMatchObject({
      id: orders[6],
      overdue: false,
      tasks: [{ task: 'accept-fault.1', step: 'accept-fault', status: 'offered', unit: 'nj-monitor' }],
    })
  })

  it('tells a client that nothing has happened', async () => {
    const first = await province.get(`/orders/${orders[6]}`)
    const again = await province.get(`/orders/${orders[6]}`, { 'If-None-Match': first.headers.etag as string })
    expect([again.status, again.text]).toEqual([304, ''])
    await province.command(orders[6]!, { type: 'urge' })
    expect((await province.get(`/orders/${orders[6]}`, { 'If-None-Match': first.headers.etag as string })).status).toBe(200)
  })
})

describe('an offer', () => {
  it('is explained: why this one, and why not the others', async () => {
    const order = orders[5]!
    for (const body of [
      { type: 'accept', task: 'accept-fault.1' },
      { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
      { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: 'd' } },
      {
        type: 'complete',
        task: 'dispatch-fault.1',
        outcome: 'dispatched',
        form: { person: person('engineer').id, unit: 'nj-maintenance' },
      },
    ])
      expect((await monitor.command(order, body)).status).toBe(200)
    const { status, body } = await province.get(`/tasks/${order}/take-ticket.1/offer`)
    expect(status).toBe(200)
    expect(body.items[0]).toMatchObject({ chosen: person('engineer').id, explanation: { by: 'named' } })
    expect(body.names[person('engineer').id]).toEqual({ en: 'Cao Yang', zh: '曹阳' })
    const events = (await province.get(`/orders/${order}/events?limit=500`)).body.items as {
      type: string
      seq: number
      data: { task: string; why: string }
    }[]
    const offered = events.find(({ type, data }) => type === 'task-offered' && data.task === 'take-ticket.1')!
    expect([body.items[0].seq, body.items[0].digest]).toEqual([offered.seq, offered.data.why])
    expect((await province.get(`/tasks/${order}/nothing.1/offer`)).status).toBe(404)
  })
})

describe('breaches and the inbox', () => {
  beforeAll(async () => {
    door.now.value = MONDAY + 40 * MINUTE
    await door.db.pool.query('DELETE FROM notification')
    await door.engine.tick(orders[6]!)
    await door.engine.tick(orders[4]!)
  })

  it('show every rung that fired, the latest first, with how late the engine was', async () => {
    const all = await walk<{ order: string; pct: number; lateMs: number; dueAt: string; firedAt: string; settledAt: string | null }>(
      province,
      '/breaches',
      2,
    )
    const mine = all.filter(({ order }) => order === orders[6])
    expect(mine.map(({ pct }) => pct)).toEqual([80, 100, 150, 200])
    for (const rung of mine) expect(rung.lateMs).toBe(Date.parse(rung.firedAt) - Date.parse(rung.dueAt))
    expect(all).toHaveLength(8)
    expect(await walk(province, '/breaches?minPct=100', 2)).toHaveLength(6)
    expect(await walk(province, '/breaches?state=open', 3)).toHaveLength(8)
    expect(await walk(province, '/breaches?state=settled', 3)).toEqual([])
    expect(await walk(province, '/breaches?process=return-visit', 3)).toEqual([])
    expect(await walk(province, '/breaches?region=/cn/js/sz', 3)).toEqual([])
    expect(await walk(province, '/breaches?unit=nj-monitor', 3)).toHaveLength(8)
  })

  it('settle when the task is done', async () => {
    await monitor.command(orders[6]!, { type: 'accept', task: 'accept-fault.1' })
    await monitor.command(orders[6]!, { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
    expect(await walk(province, '/breaches?state=open', 3)).toHaveLength(4)
    expect(await walk(province, '/breaches?state=settled', 3)).toHaveLength(4)
  })

  it('tell whom the ladder names; each reads his own, once', async () => {
    const { body } = await lead.get('/notifications?limit=100')
    expect(body.items.length).toBeGreaterThan(0)
    expect(body.unread).toBe(body.items.length)
    const first = body.items[0]
    expect(first).toMatchObject({ readAt: null, order: expect.any(String), template: expect.any(String) })
    const key = { 'Idempotency-Key': 'read-1' }
    const read = await lead.post(`/notifications/${first.id}/read`, {}, key)
    expect([read.status, read.body.state, read.body.readAt]).toEqual([200, 'read', new Date(door.now.value).toISOString()])
    const again = await lead.post(`/notifications/${first.id}/read`, {}, key)
    expect([again.status, again.body, again.headers['idempotent-replayed']]).toEqual([200, read.body, 'true'])
    door.now.value += MINUTE
    expect((await lead.post(`/notifications/${first.id}/read`, {})).body.readAt).toBe(read.body.readAt)
    expect((await lead.get('/notifications?unread=true')).body.unread).toBe(body.unread - 1)
    expect((await lead.get('/notifications?unread=false')).body.items.map((one: { id: string }) => one.id)).toEqual([first.id])
    expect((await walk<{ id: string }>(lead, '/notifications', 1)).map(({ id }) => id)).toEqual(
      body.items.map((one: { id: string }) => one.id),
    )
    const others = await province.post(`/notifications/${first.id}/read`, {})
    expect([others.status, others.body.code]).toEqual([404, 'NOT_FOUND'])
    expect((await province.post('/notifications/x/read', {})).status).toBe(404)
  })
})
