import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { orderIdOfKey, orderIdOfSource } from '../../api/orders/ids.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { type Door, faultInput, MINUTE, openDoor, serviceIn, startFault } from './support/door.ts'

let door: Door
let service: Awaited<ReturnType<typeof serviceIn>>
beforeAll(async () => {
  door = await openDoor()
  service = await serviceIn(door, '/cn/js/nj')
})
afterAll(() => door.close())
beforeEach(() => {
  door.engine.mood = 'well'
})

const fault = (more: object = {}) => ({
  process: 'graded-fault',
  customerId: service.customer,
  title: 'no light',
  input: faultInput(service.id),
  ...more,
})
const count = async () => Number((await door.db.pool.query('SELECT count(*) AS n FROM orders')).rows[0].n)

describe('starting an order', () => {
  it('answers once it is recorded, with the facts that the record adds', async () => {
    const monitor = await door.as('xiaomei.lin')
    const response = await monitor.post(
      '/orders',
      fault({ input: { ...faultInput(service.no), occurredAt: '2026-01-05T08:30:00+08:00' } }),
      { 'Idempotency-Key': 'first' },
    )
    expect(response.status).toBe(201)
    const order = orderIdOfKey(monitor.id, 'first')
    expect(response.body).toEqual({ order, seq: expect.any(Number), existing: false })
    expect(response.headers.location).toBe(`/api/v1/orders/${order}`)
    expect(response.headers.etag).toBe(`"${response.body.seq}"`)
    const { rows } = await door.db.pool.query('SELECT * FROM orders WHERE id = $1', [order])
    const [facts] = (
      await door.db.pool.query(
        'SELECT s.*, p.product_group, p.skill, c.grade, c.tags, c.account_manager_id, k.compensation_clause FROM service s JOIN product p ON p.id = s.product_id JOIN customer c ON c.id = s.customer_id JOIN contract k ON k.id = s.contract_id WHERE s.id = $1',
        [service.id],
      )
    ).rows
    expect(rows[0]).toMatchObject({
      service_id: service.id,
      contract_id: facts.contract_id,
      region_path: service.region,
      started_by: monitor.id,
      title: 'no light',
      seq: response.body.seq,
    })
    expect(rows[0].state.facts).toMatchObject({
      service: service.id,
      product: facts.product_id,
      productGroup: facts.product_group,
      skill: facts.skill,
      customerGrade: facts.grade,
      site: facts.site_id,
      contract: facts.contract_id,
      accountManager: facts.account_manager_id,
      occurredAt: Date.UTC(2026, 0, 5, 0, 30),
      ...(facts.circuit_grade && { circuitGrade: facts.circuit_grade }),
      ...(facts.tags.length > 0 && { tags: facts.tags }),
      ...(facts.compensation_clause && { contractClause: facts.compensation_clause }),
    })
  })

  it('takes the priority from the process and the grade, unless told', async () => {
    const kac = await door.as('kac')
    const priority = async (body: object) => {
      const { body: answer, status } = await kac.post('/orders', fault(body))
      expect(status).toBe(201)
      return (await kac.get(`/orders/${answer.order}`)).body.priority
    }
    const level = {
      input: { service: service.id, symptom: 's', occurredAt: door.now.value, reporter: 'r', reporterPhone: '1', channel: '1001' },
    }
    expect(await priority({ process: 'fault-level-1', ...level })).toBe(1)
    expect(await priority({ process: 'fault-level-2', ...level })).toBe(2)
    const { rows } = await door.db.pool.query('SELECT grade FROM customer WHERE id = $1', [service.customer])
    expect(await priority({})).toBe(['group', 'province'].includes(rows[0].grade) ? 2 : 3)
    expect(await priority({ priority: 4 })).toBe(4)
    expect(await priority({ process: 'contract-countersign', input: {} })).toBe(3)
  })

  it('belongs to the region of the service, else of the customer', async () => {
    const director = await door.as('director')
    const { rows } = await door.db.pool.query('SELECT id, region_path FROM customer ORDER BY id LIMIT 1')
    const { body } = await director.post('/orders', {
      process: 'contract-countersign',
      customerId: rows[0].id,
      title: 'contract',
      input: {},
    })
    expect((await director.get(`/orders/${body.order}`)).body.region).toBe(rows[0].region_path)
    const far = await serviceIn(door, '/cn/js/sz')
    const { body: second } = await director.post('/orders', {
      process: 'graded-fault',
      customerId: far.customer,
      title: 'far',
      input: faultInput(far.id),
    })
    expect((await director.get(`/orders/${second.order}`)).body.region).toBe(far.region)
  })

  it('keeps a long input apart and reads it back', async () => {
    const kac = await door.as('kac')
    const terms = '条'.repeat(5000)
    const { body } = await kac.post('/orders', {
      process: 'contract-countersign',
      customerId: service.customer,
      title: 'contract',
      input: { terms },
    })
    const { rows } = await door.db.pool.query(
      `SELECT data -> 'facts' ->> 'terms' AS terms FROM order_event WHERE order_id = $1 AND seq = 1`,
      [body.order],
    )
    expect(rows[0].terms).toMatch(/^digest:[0-9a-f]{64}$/)
    expect((await kac.get(`/orders/${body.order}`)).body.facts.terms).toBe(terms)
  })
})

describe('a repeated start', () => {
  it('with the same key is the same order', async () => {
    const monitor = await door.as('xiaomei.lin')
    const key = { 'Idempotency-Key': randomUUID() }
    const first = await monitor.post('/orders', fault(), key)
    const before = await count()
    const again = await monitor.post('/orders', fault(), key)
    expect([again.status, again.body, again.headers['idempotent-replayed']]).toEqual([200, first.body, 'true'])
    expect(await count()).toBe(before)
  })

  it('with the same key and another content is refused', async () => {
    const monitor = await door.as('xiaomei.lin')
    const key = { 'Idempotency-Key': randomUUID() }
    await monitor.post('/orders', fault(), key)
    const before = await count()
    const other = await monitor.post('/orders', fault({ title: 'other' }), key)
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
    expect(await count()).toBe(before)
  })

  it('with the same key of another person is another order', async () => {
    const key = { 'Idempotency-Key': randomUUID() }
    const one = await (await door.as('xiaomei.lin')).post('/orders', fault(), key)
    const two = await (await door.as('hotline')).post('/orders', fault(), key)
    expect([one.status, two.status]).toEqual([201, 201])
    expect(one.body.order).not.toBe(two.body.order)
  })

  it('twenty times at once is one order', async () => {
    const monitor = await door.as('xiaomei.lin')
    const key = { 'Idempotency-Key': randomUUID() }
    const before = await count()
    const answers = await Promise.all(Array.from({ length: 20 }, () => monitor.post('/orders', fault(), key)))
    expect(new Set(answers.map(({ body }) => body.order)).size).toBe(1)
    for (const { status } of answers) expect([200, 201]).toContain(status)
    expect(await count()).toBe(before + 1)
  })

  it('at once with other contents is one order, and refused for the rest', async () => {
    const monitor = await door.as('xiaomei.lin')
    const key = { 'Idempotency-Key': randomUUID() }
    const before = await count()
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => monitor.post('/orders', fault({ title: `title ${i}` }), key)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === 'IDEMPOTENCY_MISMATCH')).toHaveLength(5)
    expect(await count()).toBe(before + 1)
  })
})

describe('a number at the source', () => {
  it('stands for one order, whoever asks, with whichever key', async () => {
    const source = { channel: 'crm', number: randomUUID() }
    const first = await (await door.as('xiaomei.lin')).post('/orders', fault({ source }))
    expect([first.status, first.body.order, first.body.existing]).toEqual([201, orderIdOfSource(source.channel, source.number), false])
    const before = await count()
    const again = await (await door.as('hotline')).post('/orders', fault({ source, title: 'told again' }))
    expect([again.status, again.body]).toEqual([200, { order: first.body.order, seq: first.body.seq, existing: true }])
    expect(again.headers['idempotent-replayed']).toBeUndefined()
    expect(await count()).toBe(before)
    const other = await (await door.as('xiaomei.lin')).post('/orders', fault({ source: { ...source, channel: 'noc' } }))
    expect(other.status).toBe(201)
  })

  it('of an order out of sight is not told', async () => {
    const source = { channel: 'crm', number: randomUUID() }
    await (await door.as('xiaomei.lin')).post('/orders', fault({ source }))
    const far = await serviceIn(door, '/cn/js/sz')
    const stranger = await door.as('desheng.tang')
    const { status, body } = await stranger.post('/orders', {
      process: 'graded-fault',
      customerId: far.customer,
      title: 'x',
      input: faultInput(far.id),
      source,
    })
    expect([status, body.code]).toEqual([409, 'SOURCE_TAKEN'])
    expect(JSON.stringify(body)).not.toContain(orderIdOfSource(source.channel, source.number))
  })
})

describe('a start that is refused', () => {
  const cases: [string, string, () => object, number, string, string | undefined][] = [
    ['an unknown process', 'xiaomei.lin', () => fault({ process: 'nothing' }), 422, 'UNKNOWN_PROCESS', 'process'],
    ['an inherited name as process', 'xiaomei.lin', () => fault({ process: 'constructor' }), 422, 'UNKNOWN_PROCESS', 'process'],
    [
      'a role that may not start it',
      'xiaomei.lin',
      () => fault({ process: 'contract-countersign', input: {} }),
      403,
      'NOT_ALLOWED',
      undefined,
    ],
    ['an auditor', 'auditor', () => fault(), 403, 'NOT_ALLOWED', undefined],
    ['a vendor', 'vendor', () => fault(), 403, 'NOT_ALLOWED', undefined],
    ['an unknown customer', 'xiaomei.lin', () => fault({ customerId: 'cu-999' }), 422, 'UNKNOWN_REFERENCE', 'customerId'],
    ['a customer out of sight', 'desheng.tang', () => fault(), 422, 'UNKNOWN_REFERENCE', 'customerId'],
    ['an unknown service', 'xiaomei.lin', () => fault({ input: faultInput('sv-999') }), 422, 'UNKNOWN_REFERENCE', 'input.service'],
    ['a missing field', 'xiaomei.lin', () => fault({ input: { service: service.id } }), 422, 'FORM_INVALID', 'input.symptom'],
    [
      'a field that the process does not have',
      'xiaomei.lin',
      () => fault({ input: { ...faultInput(service.id), colour: 'red' } }),
      422,
      'FORM_INVALID',
      'input.colour',
    ],
    [
      'a fact that only the record may give',
      'xiaomei.lin',
      () => fault({ input: { ...faultInput(service.id), customerGrade: 'group' } }),
      422,
      'FORM_INVALID',
      'input.customerGrade',
    ],
    [
      'a choice that there is not',
      'xiaomei.lin',
      () => fault({ input: { ...faultInput(service.id), source: 'dream' } }),
      422,
      'FORM_INVALID',
      'input.source',
    ],
    [
      'a date that is none',
      'xiaomei.lin',
      () => fault({ input: { ...faultInput(service.id), occurredAt: 'yesterday' } }),
      422,
      'FORM_INVALID',
      'input.occurredAt',
    ],
    [
      'a text above the field’s length',
      'kac',
      () => fault({ process: 'contract-countersign', input: { letterOfIntent: 'x'.repeat(201) } }),
      422,
      'FORM_INVALID',
      'input.letterOfIntent',
    ],
    [
      'a long text above the field’s length',
      'kac',
      () => fault({ process: 'contract-countersign', input: { letterOfIntent: 'x'.repeat(500) } }),
      422,
      'FORM_INVALID',
      'input.letterOfIntent',
    ],
    [
      'customers that do not exist',
      'kac',
      () => fault({ process: 'return-visit', input: { occasion: 'own-plan', customers: [service.customer, 'cu-999'] } }),
      422,
      'UNKNOWN_REFERENCE',
      'input.customers',
    ],
    [
      'a visitor who does not exist',
      'kac',
      () => fault({ process: 'return-visit', input: { occasion: 'own-plan', person: 'st-999' } }),
      422,
      'UNKNOWN_REFERENCE',
      'input.person',
    ],
    [
      'a unit that does not exist',
      'kac',
      () => fault({ process: 'customer-transfer', input: { month: '2026-01', departments: ['nj-branch', 'nowhere'] } }),
      422,
      'UNKNOWN_REFERENCE',
      'input.departments',
    ],
    [
      'a contract of somebody else',
      'kac',
      () => fault({ process: 'contract-countersign', input: { contract: 'HT-0000-0000' } }),
      422,
      'UNKNOWN_REFERENCE',
      'input.contract',
    ],
  ]

  it.each(cases)('%s', async (_what, login, body, status, code, field) => {
    const before = await count()
    const response = await (await door.as(login)).post('/orders', body())
    expect([response.status, response.body.code, response.body.errors?.[0]?.field]).toEqual([status, code, field])
    expect(await count()).toBe(before)
  })

  it('what only a supervisor may give, by anybody else', async () => {
    const input = {
      businessCategory: 'leased line',
      category: 'network',
      number: '025-1',
      complainant: 'Mr Li',
      raisedAt: door.now.value,
      homeRegion: 'Nanjing',
      content: 'down',
      latestHandling: door.now.value + MINUTE,
      openOn: 'yellow',
    }
    const start = async (login: string, more: object = {}) =>
      (await door.as(login)).post('/orders', {
        process: 'complaint',
        customerId: service.customer,
        title: 'c',
        input: { ...input, ...more },
      })
    const before = await count()
    const refused = await start('kac')
    expect([refused.status, refused.body.code, refused.body.errors[0].field]).toEqual([403, 'NOT_ALLOWED', 'input.openOn'])
    expect(refused.body.detail).toMatch(/supervisor/)
    expect(await count()).toBe(before)
    // A wrong channel is wrong for a supervisor too.
    expect((await start('director', { openOn: 'green' })).body).toMatchObject({ code: 'FORM_INVALID', errors: [{ field: 'input.openOn' }] })
    const { status, body } = await start('director')
    expect(status).toBe(201)
    const { rows } = await door.db.pool.query('SELECT actor_kind, actor_id, data FROM order_event WHERE order_id = $1 AND seq = 1', [
      body.order,
    ])
    expect(rows[0]).toMatchObject({ actor_kind: 'person', actor_id: (await door.as('director')).id, data: { facts: { openOn: 'yellow' } } })
  })

  it('a service of another customer', async () => {
    const { rows } = await door.db.pool.query('SELECT id FROM service WHERE customer_id <> $1 ORDER BY id LIMIT 1', [service.customer])
    const { body } = await (await door.as('director')).post('/orders', fault({ input: faultInput(rows[0].id) }))
    expect([body.code, body.errors[0].field]).toEqual(['UNKNOWN_REFERENCE', 'input.service'])
  })

  it('a service that has ended', async () => {
    await door.db.pool.query("UPDATE service SET status = 'ended' WHERE id = $1", [service.id])
    const { body } = await (await door.as('xiaomei.lin')).post('/orders', fault())
    expect([body.code, body.errors[0].detail]).toEqual(['UNKNOWN_REFERENCE', `service ${service.id} has ended`])
    await door.db.pool.query("UPDATE service SET status = 'active' WHERE id = $1", [service.id])
  })
})

describe('when the engine', () => {
  it('is down, the request is to be repeated, and then takes effect once', async () => {
    const monitor = await door.as('xiaomei.lin')
    const key = { 'Idempotency-Key': randomUUID() }
    door.engine.mood = 'down'
    const failed = await monitor.post('/orders', fault(), key)
    expect([failed.status, failed.body.code, failed.headers['retry-after']]).toEqual([503, 'ENGINE_UNAVAILABLE', '2'])
    door.engine.mood = 'well'
    expect((await monitor.post('/orders', fault(), key)).status).toBe(201)
  })

  it.each(['late-before', 'late-after'] as const)(
    'is late (%s), the answer says where to ask, and what was done is found there',
    async (mood) => {
      const monitor = await door.as('xiaomei.lin')
      const key = randomUUID()
      door.engine.mood = mood
      const late = await monitor.post('/orders', fault(), { 'Idempotency-Key': key })
      const order = orderIdOfKey(monitor.id, key)
      expect([late.status, late.body]).toEqual([202, { order, location: `/api/v1/orders/${order}/commands/${key}` }])
      expect(late.headers.location).toBe(late.body.location)
      door.engine.mood = 'well'
      const asked = await monitor.get(`/orders/${order}/commands/${key}`)
      if (mood === 'late-before') {
        expect([asked.status, asked.body.code, asked.headers['retry-after']]).toEqual([404, 'NOT_RECORDED', '2'])
        expect((await monitor.post('/orders', fault(), { 'Idempotency-Key': key })).status).toBe(201)
      } else {
        expect([asked.status, asked.body]).toEqual([200, { order, command: key, seq: 6, at: new Date(door.now.value).toISOString() }])
        const again = await monitor.post('/orders', fault(), { 'Idempotency-Key': key })
        expect([again.status, again.headers['idempotent-replayed']]).toEqual([200, 'true'])
      }
    },
  )
})

describe('an order that somebody else started', () => {
  it('keeps who did', async () => {
    const order = await startFault(door, { by: 'hotline' })
    expect((await (await door.as('xiaomei.lin')).get(`/orders/${order}`)).body.startedBy).toBe(person('hotline').id)
  })
})
