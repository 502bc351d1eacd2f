import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { person } from '../../prisma/seed/organisation.ts'
import { type Caller, type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
let province: Caller
let monitor: Caller
/** Of Nanjing: offered, accepted, suspended; of Suzhou: offered. */
let [offered, working, waiting, suzhou] = ['', '', '', '']
const at = (minutes: number) => {
  door.now.value = MONDAY + minutes * MINUTE
}
/** A fault that the engineer repairs. */
async function repairing(): Promise<string> {
  const order = await startFault(door)
  const unit = person('engineer').unit.id
  for (const body of [
    { type: 'accept', task: 'accept-fault.1' },
    { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
    { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: 'd' } },
    { type: 'complete', task: 'dispatch-fault.1', outcome: 'dispatched', form: { unit } },
  ])
    await monitor.command(order, body)
  await (await door.as('engineer')).command(order, { type: 'accept', task: 'take-ticket.1' })
  return order
}

beforeAll(async () => {
  door = await openDoor()
  province = await door.as('xiaomei.lin')
  monitor = await door.as('monitor')
  offered = await startFault(door)
  working = await startFault(door)
  waiting = await repairing()
  suzhou = await startFault(door, { region: '/cn/js/sz' })
  await monitor.command(working, { type: 'accept', task: 'accept-fault.1' })
  const until = '2026-01-06T09:00:00+08:00'
  const suspend = { type: 'suspend', task: 'repair-fault.1', reason: 'the customer is away', party: 'customer', until }
  expect((await (await door.as('supervisor')).command(waiting, suspend)).body.code).toBeUndefined()
})
afterAll(() => door.close())

const lane = async (caller: Caller, name: string, more = '') => {
  const { body } = await caller.get(`/tasks?lane=${name}${more}`)
  return { orders: body.items.map(({ order }: { order: string }) => order).sort(), counts: body.counts, items: body.items }
}

describe('lanes of a board', () => {
  it('are by status, each task in one of them', async () => {
    expect((await lane(province, 'offered')).orders).toEqual([offered, suzhou].sort())
    expect((await lane(province, 'working')).orders).toEqual([working])
    expect((await lane(province, 'waiting')).orders).toEqual([waiting])
    const { counts } = await lane(province, 'all')
    expect(counts).toMatchObject({ undispatched: 0, offered: 2, working: 1, waiting: 1, risk: 0, overdue: 0, all: 4 })
  })

  it('can be asked for a few orders alone, in sight only', async () => {
    expect((await lane(province, 'offered', `&order=${offered}`)).orders).toEqual([offered])
    expect((await lane(province, 'offered', `&order=${suzhou},${offered},${working}`)).orders).toEqual([offered, suzhou].sort())
    expect((await lane(province, 'working', `&order=${offered}`)).orders).toEqual([])
    // The numbers stay those of the whole lanes.
    expect((await lane(province, 'all', `&order=${offered}`)).counts).toMatchObject({ offered: 2, all: 4 })
    expect((await lane(monitor, 'all', `&order=${suzhou}`)).orders).toEqual([])
    for (const wrong of ['', 'a%20b', Array.from({ length: 51 }, (_, i) => `o${i}`).join(',')])
      expect([wrong.length, (await province.get(`/tasks?lane=all&order=${wrong}`)).status]).toEqual([wrong.length, 422])
  })

  it('at risk is what a warning has fired for, until it is overdue', async () => {
    at(12)
    for (const order of [offered, working, suzhou]) await door.engine.tick(order)
    const { orders, counts, items } = await lane(province, 'risk')
    expect(orders).toEqual([offered, working, suzhou].sort())
    expect(counts).toMatchObject({ risk: 3, overdue: 0 })
    expect(items[0].rung).toEqual({ pct: 80, firedAt: new Date(MONDAY + 12 * MINUTE).toISOString(), lateMs: 0 })
    at(20)
    for (const order of [offered, working, suzhou]) await door.engine.tick(order)
    expect((await lane(province, 'risk')).orders).toEqual([])
    const overdue = await lane(province, 'overdue')
    expect(overdue.counts).toMatchObject({ risk: 0, overdue: 3 })
    expect(overdue.items[0].rung).toMatchObject({ pct: 100, lateMs: 5 * MINUTE })
  })

  it('can be narrowed to a product, and breaches to a step', async () => {
    const { rows } = await door.db.pool.query(
      'SELECT v.product_id AS id FROM orders o JOIN service v ON v.id = o.service_id WHERE o.id = $1',
      [offered],
    )
    expect((await lane(province, 'all', `&product=${rows[0].id}`)).orders).toContain(offered)
    expect((await lane(province, 'all', '&product=none')).orders).toEqual([])
    const breaches = async (query: string) => (await province.get(`/breaches?minPct=100&${query}`)).body.items.length
    expect(await breaches(`step=accept-fault&product=${rows[0].id}`)).toBeGreaterThan(0)
    expect([await breaches('step=diagnose'), await breaches('product=none')]).toEqual([0, 0])
  })

  it('in pages, for every lane', async () => {
    for (const name of ['offered', 'overdue', 'all']) {
      const whole = (await lane(province, name)).orders
      const first = (await province.get(`/tasks?lane=${name}&limit=1`)).body
      const rest = first.page.next ? (await province.get(`/tasks?lane=${name}&limit=200&cursor=${first.page.next}`)).body.items : []
      const orders: string[] = [first, { items: rest }].flatMap(({ items }) => items.map(({ order }: { order: string }) => order))
      expect(orders.sort()).toEqual(whole)
    }
  })
})

describe('GET /staff/load', () => {
  const find = async (caller: Caller, login: string, query = '') =>
    (await caller.get(`/staff/load?limit=200${query}`)).body.items.find((one: { person: string }) => one.person === person(login).id)

  it('tells of each of the own units what he has to do', async () => {
    const mine = await find(monitor, 'monitor')
    expect(mine).toMatchObject({ tasks: 1, atRisk: 0, overdue: 1, absent: false, absences: [], doneToday: 3 })
    expect(mine.roles).toEqual([...person('monitor').roles].sort())
    const { items } = (await monitor.get('/staff/load')).body
    expect(new Set(items.map(({ unit }: { unit: string }) => unit))).toEqual(new Set([person('monitor').unit.id]))
  })

  it('of a unit that is named, and those under it, within the own region', async () => {
    const unit = person('monitor').unit.id
    expect((await find(province, 'monitor', `&unit=${unit}`)).tasks).toBe(1)
    expect(await find(await door.as('xue.feng'), 'monitor', `&unit=${unit}`)).toBeUndefined()
  })

  it('says who is on duty until when, who is away, and when he is free', async () => {
    await door.db.pool.query("INSERT INTO absence VALUES ('x', $1, '2026-01-05T00:00Z', '2026-01-07T00:00Z', 'sick')", [
      person('engineer').id,
    ])
    const away = await find(await door.as('engineer'), 'engineer')
    expect([away.absent, away.absences[0].reason]).toEqual([true, 'sick'])
    expect(Date.parse(away.freeAt)).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 7))
    await door.db.pool.query('UPDATE staff SET capacity = 1 WHERE id = $1', [person('monitor').id])
    await door.db.pool.query('DELETE FROM absence')
    expect((await find(monitor, 'monitor')).freeAt).toBeNull()
    await door.db.pool.query('UPDATE staff SET capacity = 2 WHERE id = $1', [person('monitor').id])
    const mine = await find(monitor, 'monitor')
    expect(mine.freeAt === new Date(door.now.value).toISOString()).toBe(mine.onShift)
    expect(mine.shiftEnds === null).toBe(!mine.onShift)
  })
})

describe('GET /staff/timeline', () => {
  const day = 'from=2026-01-05T00:00:00%2B08:00&to=2026-01-06T00:00:00%2B08:00'

  it('lays hours, absences and tasks beside each other', async () => {
    const { status, body } = await monitor.get(`/staff/timeline?${day}`)
    expect(status).toBe(200)
    const mine = body.items.find((one: { person: string }) => one.person === monitor.id)
    expect(mine.tasks.map(({ order }: { order: string }) => order).sort()).toEqual([working, waiting, waiting, waiting].sort())
    expect(mine.tasks.find(({ order }: { order: string }) => order === working)).toMatchObject({
      from: new Date(MONDAY).toISOString(),
      dueAt: new Date(MONDAY + 15 * MINUTE).toISOString(),
      overdue: true,
      status: 'accepted',
    })
    const hours = mine.shifts.reduce(
      (sum: number, { from, to }: { from: string; to: string }) => sum + Date.parse(to) - Date.parse(from),
      0,
    )
    expect(hours).toBeGreaterThan(0)
    expect(hours).toBeLessThanOrEqual(24 * 60 * MINUTE)
  })

  it('is of a few days, and for our own people', async () => {
    expect((await monitor.get('/staff/timeline?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z')).status).toBe(422)
    expect((await (await door.as('vendor')).get(`/staff/timeline?${day}`)).status).toBe(403)
  })
})

describe('reports', () => {
  it('breaches by day and step, and what is open', async () => {
    const { body } = await province.get('/reports/breaches')
    expect(body.items).toEqual([{ day: '2026-01-05', key: 'graded-fault/accept-fault', warnings: 3, breaches: 3, orders: 3 }])
    expect(body.totals).toEqual([{ key: 'graded-fault/accept-fault', warnings: 3, breaches: 3, orders: 3, open: 3 }])
    expect(body.labels['graded-fault/accept-fault'].en).toBe('Accept the fault at the monitoring centre')
  })

  it.each(['process', 'unit', 'region', 'product', 'holder'])('breaches by %s', async (by) => {
    const { body } = await province.get(`/reports/breaches?by=${by}`)
    expect(body.totals.reduce((sum: number, { breaches }: { breaches: number }) => sum + breaches, 0)).toBe(3)
    for (const { key } of body.totals) if (key !== null) expect(body.labels[key].zh).toBeTruthy()
  })

  it('sums up what is beyond the first keys', async () => {
    const { body } = await province.get('/reports/breaches?by=region&limit=1')
    expect(body.totals.map(({ key }: { key: string | null }) => key === null).sort()).toEqual([false, true])
  })

  it('time lost by party, per order and in total', async () => {
    at(60)
    const { body } = await province.get('/reports/time-lost')
    expect(body.totals).toMatchObject({ lost: { customer: 60 * MINUTE, vendor: 0, own: 0, 'third-party': 0 }, all: 60 * MINUTE, orders: 1 })
    expect(body.items).toMatchObject([
      { order: waiting, waitsFor: 'customer', reasons: [{ reason: 'the customer is away', to: null, step: 'repair-fault' }] },
    ])
    expect((await (await door.as('supervisor')).command(waiting, { type: 'resume', task: 'repair-fault.1' })).status).toBe(200)
    at(90)
    const after = (await province.get('/reports/time-lost')).body
    expect([after.totals.lost.customer, after.items[0].waitsFor]).toEqual([60 * MINUTE, null])
    expect((await province.get('/reports/time-lost?region=/cn/js/sz')).body.items).toEqual([])
  })

  it.each(['unit', 'person', 'process', 'step', 'region', 'product'])('load by %s', async (by) => {
    const { body } = await province.get(`/reports/load?by=${by}`)
    expect(body.items.reduce((sum: number, { open }: { open: number }) => sum + open, 0)).toBe(4)
    expect(body.days).toEqual([{ day: '2026-01-05', opened: 4, closed: 0 }])
    for (const { key } of body.items) if (key !== null) expect(body.labels[key].en).toBeTruthy()
  })

  it('tell each of his region, and a stranger of nothing', async () => {
    const suzhouOnly = (await (await door.as('xue.feng')).get('/reports/breaches')).body
    expect(suzhouOnly.totals[0].breaches).toBe(1)
    const stranger = await door.as('vendor')
    expect((await stranger.get('/reports/breaches')).body).toMatchObject({ items: [], totals: [] })
    expect((await stranger.get('/reports/time-lost')).body).toMatchObject({ items: [], totals: { all: 0, orders: 0 } })
    expect((await stranger.get('/reports/load')).body).toMatchObject({ items: [], days: [] })
    expect((await province.get('/reports/load?from=2024-01-01T00:00:00Z&to=2026-01-05T00:00:00Z')).status).toBe(422)
  })
})

describe('what waits for a word', () => {
  it('is a suspension that somebody asks for, until a supervisor other than himself has answered', async () => {
    at(600)
    const order = await repairing()
    const [engineer, supervisor] = [await door.as('engineer'), await door.as('supervisor')]
    expect(await lane(supervisor, 'approvals')).toMatchObject({ orders: [], counts: { approvals: 0 } })
    const until = '2026-01-06T09:00:00+08:00'
    const ask = { type: 'suspend', task: 'repair-fault.1', reason: 'nobody opens', party: 'customer', until }
    expect((await engineer.command(order, ask)).status).toBe(200)
    const found = await lane(supervisor, 'approvals')
    expect(found).toMatchObject({ orders: [order], counts: { approvals: 1 } })
    expect(found.items[0].pauseAsked).toEqual({
      reason: 'nobody opens',
      party: 'customer',
      until: '2026-01-06T01:00:00.000Z',
      by: engineer.id,
    })
    // Whoever asks does not answer, nor does somebody who may not.
    for (const other of [engineer, monitor]) expect((await lane(other, 'approvals')).orders).toEqual([])
    expect((await lane(supervisor, 'all')).items.find((one: { order: string }) => one.order === order).pauseAsked).toBeNull()
    expect((await lane(supervisor, 'approvals', '&process=complaint')).orders).toEqual([])
    expect((await supervisor.command(order, { type: 'resume', task: 'repair-fault.1', reason: 'go there' })).status).toBe(200)
    expect((await lane(supervisor, 'approvals')).orders).toEqual([])
    await engineer.command(order, ask)
    expect((await supervisor.command(order, ask)).status).toBe(200)
    expect((await lane(supervisor, 'approvals')).orders).toEqual([])
    expect((await supervisor.command(order, { type: 'withdraw', reason: 'done' })).status).toBe(200)
  })

  it('is more time that somebody asks for, beside the suspension that he asks for as well', async () => {
    const order = await repairing()
    const [engineer, supervisor] = [await door.as('engineer'), await door.as('supervisor')]
    const task = 'repair-fault.1'
    const ask = { type: 'ask-extension', task, clock: 'repair', by: 90 * MINUTE, reason: 'no spare part' }
    expect((await engineer.command(order, ask)).status).toBe(200)
    const found = await lane(supervisor, 'approvals')
    expect(found).toMatchObject({ orders: [order], counts: { approvals: 1 } })
    const extensionAsked = { clock: 'repair', moreMs: 90 * MINUTE, reason: 'no spare part', by: engineer.id }
    const title = { en: 'Repair limit', zh: '故障修复时限' }
    expect(found.items).toMatchObject([{ task, party: null, pauseAsked: null, extensionAsked: { ...extensionAsked, title } }])
    for (const other of [engineer, monitor]) expect(await lane(other, 'approvals')).toMatchObject({ orders: [], counts: { approvals: 0 } })
    expect((await lane(supervisor, 'all')).items.find((one: { order: string }) => one.order === order).extensionAsked).toBeNull()
    // Both at once are one task, and each is answered by itself.
    await engineer.command(order, { type: 'suspend', task, reason: 'nobody opens', party: 'customer' })
    const both = await lane(supervisor, 'approvals')
    expect(both).toMatchObject({ orders: [order], counts: { approvals: 1 } })
    expect(both.items).toMatchObject([{ pauseAsked: { reason: 'nobody opens', until: null }, extensionAsked }])
    expect((await supervisor.command(order, { type: 'grant-extension', task })).status).toBe(200)
    expect((await lane(supervisor, 'approvals')).items).toMatchObject([
      { order, pauseAsked: { reason: 'nobody opens' }, extensionAsked: null },
    ])
    expect((await supervisor.command(order, { type: 'resume', task })).status).toBe(200)
    expect(await lane(supervisor, 'approvals')).toMatchObject({ orders: [], counts: { approvals: 0 } })
    // What is reassigned is asked for no longer.
    await engineer.command(order, ask)
    expect((await lane(supervisor, 'approvals')).orders).toEqual([order])
    expect((await supervisor.command(order, { type: 'reassign', task, person: engineer.id, reason: 'anew' })).status).toBe(200)
    expect((await lane(supervisor, 'approvals')).orders).toEqual([])
    expect((await supervisor.command(order, { type: 'withdraw', reason: 'done' })).status).toBe(200)
  })

  it('is a signature that is asked for, with its party', async () => {
    const [finance, clerk] = [await door.as('finance'), await door.as('settlement')]
    const ask = (party: string, who: string | null, unit: string | null) =>
      door.db.pool.query(
        `INSERT INTO signature (order_id, task, party, roles, mandatory, person_id, unit_id, asked_at)
         VALUES ($1, 'accept-fault.1', $2, '{finance-dept}', true, $3, $4, now())`,
        [suzhou, party, who, unit],
      )
    await ask('mine', finance.id, null)
    await ask('of-my-unit', null, person('finance').unit.id)
    await ask('another', clerk.id, person('finance').unit.id)
    const { items, counts } = await lane(finance, 'approvals')
    expect(items.map(({ party, pauseAsked }: { party: string; pauseAsked: unknown }) => [party, pauseAsked])).toEqual([
      ['mine', null],
      ['of-my-unit', null],
    ])
    expect(counts.approvals).toBe(2)
    await door.db.pool.query('DELETE FROM signature WHERE order_id = $1', [suzhou])
  })
})
