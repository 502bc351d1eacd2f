/** Repeats: seen before a complaint is saved, frozen into it when it is, and counted by a rule that is data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, faultInput, MONDAY, openDoor, serviceIn } from './support/door.ts'

const DAY = 86_400_000
const later = MONDAY + 100 * DAY

let door: Door
let nanjing: string
let suzhou: string
beforeAll(async () => {
  door = await openDoor()
  nanjing = (await serviceIn(door, '/cn/js/nj')).customer
  suzhou = (await serviceIn(door, '/cn/js/sz')).customer
})
afterAll(() => door.close())

type Item = Record<string, any>

async function complain(number: string, { at = later, login = 'kac', customer = nanjing, title = 'complaint' } = {}): Promise<Item> {
  door.now.value = at
  const input = {
    businessCategory: 'leased line',
    category: 'network',
    number,
    complainant: 'Mr Li',
    raisedAt: at,
    homeRegion: 'Nanjing',
    content: 'down every night',
    latestHandling: at + 9 * DAY,
  }
  const { status, body } = await (await door.as(login)).post('/orders', { process: 'complaint', customerId: customer, title, input })
  expect([status, body.code]).toEqual([201, undefined])
  const { rows } = await door.db.pool.query('SELECT id, no, state FROM orders WHERE id = $1', [body.order])
  return rows[0] as Item
}

async function ask(number: string, { at = later, login = 'kac', process = 'complaint' } = {}) {
  door.now.value = at
  return (await door.as(login)).get(`/orders/repeats?process=${process}&value=${encodeURIComponent(number)}`)
}

const changeRule = async (days: number) => {
  const boss = await door.as('vp')
  const { status } = await boss.post('/policies/repeat/complaint', { spec: { days }, note: 'the board wants it' })
  expect(status).toBe(201)
}

describe('a complaint about the same number', () => {
  it('is seen at reception before it is saved, and kept by the order', async () => {
    expect((await ask('025-1')).body).toEqual({ fact: 'number', rule: { version: 1, days: 30 }, days: 30, total: 0, unnamed: 0, items: [] })
    const first = await complain('025-1', { title: 'first' })
    expect([first.state.facts.repeats, first.state.facts.repeatOf]).toEqual([0, undefined])
    const { body } = await ask('025-1', { at: later + 2 * DAY })
    expect(body).toMatchObject({ total: 1, unnamed: 0, items: [{ id: first.id, no: first.no, title: 'first', status: 'open', end: null }] })
    const second = await complain('025-1', { at: later + 2 * DAY })
    expect([second.state.facts.repeats, second.state.facts.repeatOf]).toEqual([1, [first.no]])
    // What it kept stays, whatever comes after.
    const third = await complain('025-1', { at: later + 3 * DAY })
    expect([third.state.facts.repeats, third.state.facts.repeatOf]).toEqual([2, [second.no, first.no]])
    const { rows } = await door.db.pool.query(
      "SELECT data -> 'facts' -> 'repeats' AS kept, (SELECT state -> 'facts' -> 'repeats' FROM orders WHERE id = $1) AS now FROM order_event WHERE order_id = $1 AND seq = 1",
      [second.id],
    )
    expect(rows[0]).toEqual({ kept: 1, now: 1 })
  })

  it.each([
    [29, 1],
    [30, 1],
    [31, 0],
  ])('counts %i days after the first %i', async (days, count) => {
    const number = `025-edge-${days}`
    const first = await complain(number)
    expect((await ask(number, { at: later + days * DAY })).body.total).toBe(count)
    const again = await complain(number, { at: later + days * DAY })
    expect([again.state.facts.repeats, again.state.facts.repeatOf]).toEqual([count, count > 0 ? [first.no] : undefined])
  })

  it('is another number’s concern only where it is the very number', async () => {
    await complain('025-77')
    for (const other of ['025-7', '025-777', '025_77', '%']) expect([other, (await ask(other)).body.total]).toEqual([other, 0])
  })

  it('does not count what was withdrawn', async () => {
    const { id } = await complain('025-void')
    expect((await (await door.as('director')).command(id, { type: 'withdraw', reason: 'entered twice' })).status).toBe(200)
    expect((await ask('025-void')).body.total).toBe(0)
  })

  it('is counted where the earlier one is out of sight, and not named', async () => {
    const far = await complain('025-far', { login: 'tingting.zhu', customer: suzhou, title: 'their secret' })
    const response = await ask('025-far')
    expect(response.body).toMatchObject({ total: 1, unnamed: 1, items: [] })
    expect(response.text).not.toContain(far.id)
    const near = await complain('025-far', { title: 'ours' })
    expect([near.state.facts.repeats, near.state.facts.repeatOf]).toEqual([1, undefined])
    // The province sees both.
    expect((await ask('025-far', { login: 'director' })).body).toMatchObject({ total: 2, unnamed: 0 })
    expect((await ask('025-far', { login: 'tingting.zhu' })).body).toMatchObject({ total: 2, unnamed: 1, items: [{ id: far.id }] })
  })

  it('is named twenty times at most; the rest is counted', async () => {
    for (let i = 0; i < 22; i++) await complain('025-many', { at: later + i })
    const { body } = await ask('025-many', { at: later + DAY })
    expect([body.total, body.items.length, body.unnamed]).toEqual([22, 20, 2])
  })
})

describe('the rule', () => {
  it('is data: the next version answers otherwise from when it holds, and orders keep what they began with', async () => {
    const first = await complain('025-rule')
    const again = await complain('025-rule', { at: later + 10 * DAY })
    // It holds a second from now.
    await changeRule(7)
    expect((await ask('025-rule', { at: later + 10 * DAY + 1000 })).body).toMatchObject({ rule: { version: 2, days: 7 }, total: 1 })
    expect((await ask('025-rule', { at: later + 18 * DAY })).body).toMatchObject({ total: 0, items: [] })
    const third = await complain('025-rule', { at: later + 18 * DAY })
    expect(third.state.facts.repeats).toBe(0)
    const { rows } = await door.db.pool.query('SELECT state FROM orders WHERE id = $1', [again.id])
    expect([rows[0].state.facts.repeats, rows[0].state.facts.repeatOf]).toEqual([1, [first.no]])
    // Before the new version began, the old one holds.
    expect((await ask('025-rule', { at: later + 10 * DAY + 999 })).body.rule).toEqual({ version: 1, days: 30 })
  })

  it('is none where the process knows no repeats', async () => {
    const { body } = await ask('sv-001', { process: 'graded-fault' })
    expect(body).toEqual({ fact: null, rule: null, days: 30, total: 0, unnamed: 0, items: [] })
  })
})

describe('reports of one service', () => {
  const MINE = '/cn/js/nj'
  const since = later + 40 * DAY
  const repeats = async (login: string, service: string, at: number, process = 'graded-fault') => {
    door.now.value = at
    return (await door.as(login)).get(`/orders/repeats?process=${process}&service=${service}`)
  }

  it('are seen whatever the process, ended ones too, within the days; withdrawn ones are not', async () => {
    const { id: service, customer } = await serviceIn(door, MINE)
    const monitor = await door.as('monitor')
    const report = async (at: number, title: string) => {
      door.now.value = at
      const body = { process: 'graded-fault', customerId: customer, title, input: faultInput(service) }
      return (await monitor.post('/orders', body)).body.order as string
    }
    const old = await report(since - DAY, 'too long ago')
    const ended = await report(since, 'it was not a fault')
    await monitor.command(ended, { type: 'accept', task: 'accept-fault.1' })
    const over = { type: 'complete', task: 'accept-fault.1', outcome: 'not-a-fault', form: { reason: 'planned' } }
    expect((await monitor.command(ended, over)).status).toBe(200)
    const reply = { type: 'complete', task: 'reply-not-a-fault.1', outcome: 'replied', form: { reply: 'planned work' } }
    expect((await monitor.command(ended, reply)).status).toBe(200)
    const void_ = await report(since + 1, 'entered twice')
    expect((await (await door.as('supervisor')).command(void_, { type: 'withdraw', reason: 'entered twice' })).status).toBe(200)
    const open = await report(since + 2, 'dark again')
    const { body } = await repeats('monitor', service, since + 30 * DAY)
    expect(body).toMatchObject({ rule: null, days: 30, total: 2, unnamed: 0 })
    expect(body.items.map(({ id, status, process }: Item) => [id, status, process])).toEqual([
      [open, 'open', 'graded-fault'],
      [ended, 'closed', 'graded-fault'],
    ])
    expect((await repeats('monitor', service, since + 29 * DAY)).body.items.map(({ id }: Item) => id)).toContain(old)
    // The days are those of the process that is to be started: its rule says 7.
    expect((await repeats('director', service, since + 8 * DAY, 'complaint')).body).toMatchObject({ days: 7, total: 0 })
  })

  it('are of a service in sight only', async () => {
    const { id } = await serviceIn(door, '/cn/js/sz')
    const hidden = await repeats('kac', id, since, 'complaint')
    expect([hidden.status, hidden.body.code]).toEqual([422, 'UNKNOWN_REFERENCE'])
    expect((await repeats('kac', 'no-such', since, 'complaint')).body.code).toBe('UNKNOWN_REFERENCE')
  })
})

describe('asking', () => {
  it.each([
    ['a process that there is not', 'kac', 'process=nothing&value=1', 422, 'UNKNOWN_PROCESS'],
    ['no value', 'kac', 'process=complaint', 422, 'VALIDATION_FAILED'],
    ['value and service', 'kac', 'process=complaint&value=1&service=sv-001', 422, 'VALIDATION_FAILED'],
    ['an empty value', 'kac', 'process=complaint&value=%20', 422, 'VALIDATION_FAILED'],
    ['for somebody who may not start it', 'xiaomei.lin', 'process=complaint&value=1', 403, 'NOT_ALLOWED'],
    ['for a vendor', 'vendor', 'process=complaint&value=1', 403, 'NOT_ALLOWED'],
  ])('%s is refused', async (_what, login, query, status, code) => {
    const response = await (await door.as(login)).get(`/orders/repeats?${query}`)
    expect([response.status, response.body.code]).toEqual([status, code])
  })
})
