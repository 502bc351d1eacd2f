import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERASED } from '../../domain/order/sealed.ts'
import { keyFor, seal, unseal } from '../../prisma/personal.ts'
import { type Door, MONDAY, openDoor, serviceIn } from './support/door.ts'

let door: Door
let customer: string
let service: string
beforeAll(async () => {
  door = await openDoor()
  const found = await serviceIn(door, '/cn/js/nj')
  customer = found.customer
  service = found.id
})
afterAll(() => door.close())

const NAME = 'Ouyang Xiaofeng 欧阳晓峰'
const PHONE = '13912345678'

async function start(reporter = NAME) {
  const input = { service, symptom: 'no light', reporter, reporterPhone: PHONE, source: '10000+9' }
  const { status, body } = await (await door.as('xiaomei.lin')).post('/orders', {
    process: 'graded-fault',
    customerId: customer,
    title: 'f',
    input,
  })
  expect([status, body.code]).toEqual([201, undefined])
  return body.order as string
}

/** Every text of every table, as somebody with a copy of the database would see it; the engine is sent the same moves. */
async function everything(): Promise<string> {
  const { rows } = await door.db.pool.query<{ name: string }>(
    `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'personal_key'`,
  )
  const texts = await Promise.all(
    rows.map(
      async ({ name }) =>
        (await door.db.pool.query(`SELECT coalesce(string_agg(t::text, ' '), '') AS text FROM ${name} t`)).rows[0].text as string,
    ),
  )
  return texts.join('\n')
}

describe('personal fields', () => {
  let order: string

  it('lie sealed in the record and in what the engine gets, and are read by who may see the order', async () => {
    order = await start()
    const dispatcher = await door.as('xiaomei.lin')
    const { body } = await dispatcher.get(`/orders/${order}`)
    expect(JSON.stringify(body)).toContain(NAME)
    expect(JSON.stringify(body)).toContain(PHONE)
    const { body: events } = await dispatcher.get(`/orders/${order}/events?limit=5`)
    expect(events.items[0].data.facts).toMatchObject({ reporter: NAME, reporterPhone: PHONE })
    const kept = await everything()
    expect(kept).not.toContain(NAME)
    expect(kept).not.toContain(PHONE)
    const task = 'accept-fault.1'
    expect((await dispatcher.command(order, { type: 'amend', facts: { reporter: 'Somebody else' } })).status).toBeGreaterThanOrEqual(200)
    expect((await dispatcher.get(`/tasks/${order}/${task}/offer`)).status).toBe(200)
    expect(await everything()).not.toContain('Somebody else')
  })

  it('are checked as any field before they are sealed', async () => {
    const input = { service, symptom: 's', reporter: 'x'.repeat(101), source: '10000+9' }
    const { status, body } = await (await door.as('xiaomei.lin')).post('/orders', {
      process: 'graded-fault',
      customerId: customer,
      title: 'f',
      input,
    })
    expect([status, body.errors[0].field]).toEqual([422, 'input.reporter'])
  })

  it('that look sealed are sealed all the same, and other texts that look so are left alone', async () => {
    const key = await keyFor(door.db.pool, customer, new Date(MONDAY))
    const looks = seal(key, 'of somebody')
    expect(looks.length).toBeLessThanOrEqual(100)
    const other = await start(looks)
    const { body } = await (await door.as('xiaomei.lin')).get(`/orders/${other}`)
    expect(body.facts?.reporter ?? JSON.stringify(body)).toContain(looks)
  })

  it('erased, are gone everywhere; the chain is whole', async () => {
    const engineer = await door.as('engineer')
    expect((await engineer.post(`/customers/${customer}/erasures`, { reason: 'asked for' })).status).toBe(403)
    const director = await door.as('director')
    expect((await director.post('/customers/nobody/erasures', { reason: 'asked for' })).status).toBe(404)
    const key = { 'Idempotency-Key': 'erase-1' }
    const done = await director.post(`/customers/${customer}/erasures`, { reason: 'asked for' }, key)
    expect([done.status, done.body.keys, done.body.openOrders]).toEqual([201, 1, 2])
    expect((await director.post(`/customers/${customer}/erasures`, { reason: 'asked for' }, key)).status).toBe(200)
    const dispatcher = await door.as('xiaomei.lin')
    for (const path of [`/orders/${order}`, `/orders/${order}/events?limit=50`, `/orders/${order}/at?seq=1`, `/customers?q=x`]) {
      const { body } = await dispatcher.get(path)
      expect(JSON.stringify(body)).not.toContain(NAME)
      expect(JSON.stringify(body)).not.toContain(PHONE)
    }
    const { body: events } = await dispatcher.get(`/orders/${order}/events?limit=5`)
    expect(events.items[0].data.facts).toMatchObject({ reporter: ERASED, reporterPhone: ERASED })
    expect((await (await door.as('auditor')).get(`/orders/${order}/verification`)).body.ok).toBe(true)
    const { rows } = await door.db.pool.query('SELECT phone, email, name_en FROM contact WHERE customer_id = $1', [customer])
    for (const row of rows) expect(row).toEqual({ phone: null, email: null, name_en: ERASED })
    const log = (await (await door.as('auditor')).get('/admin-log?action=personal-data-erased')).body.items
    expect(log).toMatchObject([{ subject: customer, actor: director.id, detail: { reason: 'asked for', keys: 1 } }])
    expect((await door.db.pool.query('SELECT key FROM personal_key WHERE customer_id = $1', [customer])).rows).toEqual([{ key: null }])
  })

  it('that come after an erasure have a key of their own', async () => {
    const later = await start('Somebody new')
    const dispatcher = await door.as('xiaomei.lin')
    expect(JSON.stringify((await dispatcher.get(`/orders/${later}`)).body)).toContain('Somebody new')
    expect(JSON.stringify((await dispatcher.get(`/orders/${order}`)).body)).toContain(ERASED)
  })

  it('are of one customer: a key opens nothing of another, nor what was changed', () => {
    const key = { id: 1, customer: 'a', key: Buffer.alloc(32, 7) }
    const text = seal(key, NAME)
    expect(seal(key, NAME)).toBe(text)
    expect(seal({ ...key, customer: 'b' }, NAME)).not.toBe(text)
    expect(unseal(key, text)).toBe(NAME)
    expect(unseal({ ...key, customer: 'b' }, text)).toBeUndefined()
    expect(unseal({ ...key, key: Buffer.alloc(32, 8) }, text)).toBeUndefined()
    expect(unseal(key, `${text.slice(0, -4)}AAAA`)).toBeUndefined()
    expect(unseal(key, 'sealed:1:AAAA')).toBeUndefined()
  })
})
