import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, openDoor } from './support/door.ts'

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
