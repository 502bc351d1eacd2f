import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, openDoor, startFault } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

const prospect = (more: Record<string, unknown> = {}) => ({
  nameZh: '金陵智能制造',
  region: '/cn/js/nj/jiangning',
  contact: { name: '王女士', phone: '139-0000-1111' },
  ...more,
})
const count = async () => Number((await door.db.pool.query('SELECT count(*) AS n FROM customer')).rows[0].n)

describe('a potential customer', () => {
  it('is entered with the person to talk to, found again, and may have orders', async () => {
    const kac = await door.as('kac')
    const { status, body } = await kac.post(
      '/customers',
      prospect({ nameEn: 'Jinling Smart Works', address: '科学园路1号', industry: '制造' }),
    )
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^cu-/),
        no: expect.stringMatching(/^QZ\d{6}$/),
        name: { zh: '金陵智能制造', en: 'Jinling Smart Works' },
        grade: 'local-c',
        tags: ['industry:制造'],
        region: '/cn/js/nj/jiangning',
        accountManager: null,
        status: 'potential',
      },
    ])
    for (const query of [`q=${body.no}`, `q=${encodeURIComponent('智能制造')}`, 'status=potential'])
      expect((await kac.get(`/customers?${query}`)).body.items).toEqual([body])
    expect((await kac.get('/customers?status=active&limit=200')).body.items.map(({ id }: { id: string }) => id)).not.toContain(body.id)
    const { rows } = await door.db.pool.query('SELECT name_zh, name_en, phone, is_primary FROM contact WHERE customer_id = $1', [body.id])
    expect(rows).toEqual([{ name_zh: '王女士', name_en: '王女士', phone: '139-0000-1111', is_primary: true }])
    const started = await kac.post('/orders', { process: 'contract-countersign', customerId: body.id, title: 't' })
    expect(started.status).toBe(201)
    expect((await kac.get(`/orders/${started.body.order}`)).body.customer).toMatchObject({ no: body.no, grade: 'local-c' })
  })

  it('has the Chinese name where there is no other, and a number of his own', async () => {
    const kac = await door.as('kac')
    const [one, two] = [await kac.post('/customers', prospect()), await kac.post('/customers', prospect())]
    expect([one.body.name.en, one.body.tags]).toEqual(['金陵智能制造', []])
    expect(one.body.no).not.toBe(two.body.no)
  })

  it('is entered once for a key, however often it is sent', async () => {
    const kac = await door.as('kac')
    const headers = { 'Idempotency-Key': randomUUID() }
    const before = await count()
    const answers = await Promise.all(Array.from({ length: 8 }, () => kac.post('/customers', prospect(), headers)))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 200, 200, 201])
    expect((await kac.post('/customers', prospect({ nameZh: 'other' }), headers)).body.code).toBe('IDEMPOTENCY_MISMATCH')
    expect(await count()).toBe(before + 1)
  })

  it.each([
    ['without a name', { nameZh: ' ' }, 'VALIDATION_FAILED', 'nameZh'],
    ['without a contact', { contact: undefined }, 'VALIDATION_FAILED', 'contact'],
    ['without a phone', { contact: { name: 'x' } }, 'VALIDATION_FAILED', 'contact.phone'],
    ['with a grade', { grade: 'group' }, 'VALIDATION_FAILED', 'grade'],
    ['in another city', { region: '/cn/js/sz' }, 'UNKNOWN_REFERENCE', 'region'],
    ['in a region whose name begins alike', { region: '/cn/js/njx' }, 'UNKNOWN_REFERENCE', 'region'],
    ['in a region above', { region: '/cn/js' }, 'UNKNOWN_REFERENCE', 'region'],
    ['in a region that there is not', { region: '/cn/js/nj/moon' }, 'UNKNOWN_REFERENCE', 'region'],
  ])('is not entered %s', async (_what, more, code, field) => {
    const before = await count()
    const { body } = await (await door.as('kac')).post('/customers', prospect(more))
    expect([body.code, body.errors[0].field]).toEqual([code, field])
    expect(await count()).toBe(before)
  })

  it.each(['auditor', 'vendor'])('is not entered by %s, who starts no orders', async (login) => {
    const { status, body } = await (await door.as(login)).post('/customers', prospect())
    expect([status, body.code]).toEqual([403, 'NOT_ALLOWED'])
  })
})

describe('a customer all around', () => {
  let order: string
  let customer: string
  beforeAll(async () => {
    order = await startFault(door)
    customer = (await door.db.pool.query('SELECT customer_id FROM orders WHERE id = $1', [order])).rows[0].customer_id
  })

  it('is what is known of him, each part for whose work it is', async () => {
    const { pool } = door.db
    await pool.query(
      `INSERT INTO customer_profile (customer_id, tenure_months, contract, payment, flags, monthly_charge, total_charge, value_class, updated_at)
       VALUES ($1, 5, 'month-to-month', 'mailed-check', '{fiber}', 5000, 25000, 'mid', now())`,
      [customer],
    )
    await pool.query(`INSERT INTO customer_charge SELECT $1, '2025-' || lpad(n::text, 2, '0'), n * 100 FROM generate_series(1, 12) n`, [
      customer,
    ])
    await pool.query(`INSERT INTO customer_signal VALUES ($1, 'call-forwarding', now(), '10086')`, [customer])
    await pool.query(
      `INSERT INTO arrears (order_id, customer_id, period, amount, due_at, recorded_at, services) VALUES ($1, $2, '2025-12', 7700, now(), now(), '{}')`,
      [order, customer],
    )
    await pool.query(
      `INSERT INTO credit_rating (order_id, customer_id, class, "limit", factors, rated_by, at) VALUES ($1, $2, 'grey', 50000, '{}', 'machine', now())`,
      [order, customer],
    )
    await pool.query(
      `INSERT INTO retention_run (order_id, process, models, looked, alarmed, opened, held_back, at) VALUES ($1, 'retention', '[]', 9, 1, 1, 0, now())`,
      [order],
    )
    await pool.query(
      `INSERT INTO retention_alarm (run_id, customer_id, reasons, keys, state, at) VALUES ($1, $2, '[{"key": "open-complaint", "zh": "未结投诉", "en": "an open complaint"}]', '{open-complaint}', 'opened', now())`,
      [order, customer],
    )
    await pool.query(
      `INSERT INTO retention_case (order_id, customer_id, alarm_id, opened_at) SELECT $1, $2, max(id), now() FROM retention_alarm`,
      [order, customer],
    )
    const supervisor = await door.as('director')
    const { status, body } = await supervisor.get(`/customers/${customer}`)
    expect(status).toBe(200)
    const [listed] = (await supervisor.get(`/customers?q=${body.no}`)).body.items
    expect(body).toMatchObject(listed)
    expect(body.contacts.length).toBeGreaterThan(0)
    expect(body.services.items).toHaveLength(Object.values(body.services.byStatus as Record<string, number>).reduce((sum, n) => sum + n, 0))
    expect(body.orders.byProcess).toContainEqual({ process: 'graded-fault', open: 1, closed: 0, overdue: 0 })
    expect(body.orders.items[0]).toMatchObject({ id: order, process: 'graded-fault', status: 'open', closedAt: null })
    expect(body.money).toMatchObject({ arrears: [{ order, amount: 7700, restricted: false }], credit: [{ class: 'grey', limit: 50000 }] })
    expect(body.retention).toMatchObject({
      profile: { tenureMonths: 5, valueClass: 'mid', left: null },
      signals: [{ kind: 'call-forwarding' }],
      alarms: [{ run: order, reasons: [{ key: 'open-complaint' }] }],
      cases: [{ order, end: null }],
    })
    expect(body.retention.charges[0]).toEqual({ month: '2025-12', amount: 1200 })
    expect((await supervisor.get(`/detections/${order}`)).body).toMatchObject({ byReason: { 'open-complaint': 1 }, byWhy: {} })

    const engineer = (await (await door.as('engineer')).get(`/customers/${customer}`)).body
    expect([engineer.id, engineer.money, engineer.retention]).toEqual([customer, null, null])
    const manager = (await (await door.as('manager')).get(`/customers/${customer}`)).body
    expect([manager.money, manager.retention?.profile.tenureMonths]).toEqual([null, 5])
  })

  it('is of the own region, and nobody’s from outside', async () => {
    expect((await (await door.as('xue.feng')).get(`/customers/${customer}`)).status).toBe(404)
    expect((await (await door.as('director')).get('/customers/nobody')).status).toBe(404)
    for (const login of ['vendor', 'agent']) expect((await (await door.as(login)).get(`/customers/${customer}`)).status).toBe(403)
  })
})
