/** Money from outside: taken once, matched, told to its order; what a crash left is found again. */
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { payments } from '../../api/orders/payments.ts'
import { newSecret, secretHash } from '../../api/auth/tokens.ts'
import { people } from '../../prisma/seed/organisation.ts'
import { type Caller, caller, type Door, MONDAY, openDoor } from './support/door.ts'

let door: Door
let finance: Caller
let about: { contract: string; no: string; customer: string }
beforeAll(async () => {
  door = await openDoor()
  finance = await door.as('finance')
  const { rows } = await door.db.pool.query<typeof about>(
    `SELECT k.id AS contract, k.no, k.customer_id AS customer FROM contract k JOIN customer c ON c.id = k.customer_id
      WHERE k.status = 'signed' AND c.region_path LIKE '/cn/js/nj%' ORDER BY k.id LIMIT 1`,
  )
  about = rows[0]!
})
afterAll(() => door.close())

/** Whoever the task is offered to, or one of the unit's. */
async function holder(order: string, step: string): Promise<{ task: string; by: Caller; status: string }> {
  const { rows } = await door.db.pool.query(
    `SELECT t.task, t.status, coalesce(t.person_id, (SELECT r.staff_id FROM staff_role r WHERE r.unit_id = t.unit_id LIMIT 1)) AS person
       FROM task t WHERE t.order_id = $1 AND t.step = $2 AND t.closed_at IS NULL`,
    [order, step],
  )
  const { task, status, person } = rows[0] ?? {}
  const login = people.find(({ id }) => id === person)?.login
  if (login === undefined) throw new Error(`${step} of ${order} is nobody's: ${JSON.stringify(rows)}`)
  return { task, status, by: await door.as(login) }
}

async function tries(order: string, step: string, outcome: string, form: object = {}) {
  const { task, by, status } = await holder(order, step)
  if (status === 'offered' && !step.startsWith('decide')) await by.command(order, { type: 'accept', task })
  return by.command(order, { type: 'complete', task, outcome, form })
}
async function does(order: string, step: string, outcome: string, form: object = {}): Promise<void> {
  const { status, body } = await tries(order, step, outcome, form)
  expect([step, status, body.detail]).toEqual([step, 200, undefined])
}

async function start(input: object = {}): Promise<string> {
  const { status, body } = await (await door.as('kac')).post('/orders', {
    process: 'service-activation',
    customerId: about.customer,
    title: 'a new line',
    input: { product: 'sdh', contract: about.contract, amount: 100_000, ...input },
  })
  expect(status).toBe(201)
  return body.order as string
}
async function awaiting(): Promise<string> {
  const order = await start()
  await does(order, 'receive-activation-request', 'received')
  await does(order, 'decide-contract', 'signed')
  await does(order, 'decide-construction', 'no')
  return order
}
const close = (order: string) =>
  door.as('director').then((director) => director.command(order, { type: 'withdraw', reason: 'the test is over' }))

const bank = (more: object = {}) => ({ bankNo: `b-${randomUUID()}`, amount: 100_000, paidAt: '2026-01-05T09:00:00+08:00', ...more })
const state = async (order: string) => (await door.db.pool.query('SELECT state FROM orders WHERE id = $1', [order])).rows[0].state
const open = async (order: string) => Object.values((await state(order)).tasks as Record<string, { step: string }>).map(({ step }) => step)
const numberOf = async (order: string) => (await door.db.pool.query('SELECT no FROM orders WHERE id = $1', [order])).rows[0].no as string

describe('who may', () => {
  it.each([
    ['kac', 403, 403],
    ['director', 403, 200],
    ['auditor', 403, 200],
    ['vendor', 403, 403],
    ['finance', 201, 200],
  ])('%s: enters %i, reads %i', async (login, enters, reads) => {
    const who = await door.as(login)
    expect((await who.post('/payments', bank())).status).toBe(enters)
    expect((await who.get('/payments')).status).toBe(reads)
  })

  it('nobody without a login', async () => {
    expect((await door.anybody.post('/payments', bank())).status).toBe(401)
    expect((await door.anybody.get('/payments')).status).toBe(401)
  })

  it('a program of finance, which is then the bank', async () => {
    const secret = newSecret()
    await door.db.pool.query(
      `INSERT INTO api_token (id, staff_id, name, token_hash, created_at, scopes) VALUES ('bank', $1, 'bank', $2, $3, '{read,money}')`,
      [finance.id, secretHash(secret), new Date(MONDAY)],
    )
    const program = caller(door.server, finance.id, { Authorization: `Bearer ${secret}` })
    expect((await program.post('/payments', bank())).body).toMatchObject({ source: 'bank', enteredBy: finance.id, state: 'unmatched' })
    expect((await finance.post('/payments', bank())).body).toMatchObject({ source: 'finance' })
  })
})

describe('a payment', () => {
  it.each([
    ['no amount', { amount: 0 }],
    ['half a fen', { amount: 0.5 }],
    ['no number', { bankNo: '' }],
    ['a number with a blank', { bankNo: 'b 1' }],
    ['no time', { paidAt: 'yesterday' }],
    ['more than there is', { tip: 1 }],
    ['a customer that there is not', { customerId: 'cu-999' }],
  ])('with %s is refused and leaves nothing', async (_what, wrong) => {
    const before = await door.db.pool.query('SELECT count(*) FROM payment')
    expect((await finance.post('/payments', bank(wrong))).status).toBe(422)
    expect((await door.db.pool.query('SELECT count(*) FROM payment')).rows).toEqual(before.rows)
  })

  it('by the number of the order completes the step that waits for it, once', async () => {
    const order = await awaiting()
    const given = bank({ reference: await numberOf(order) })
    const first = await finance.post('/payments', given)
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({ order, state: 'matched', heard: true, customer: about.customer, contract: about.contract })
    expect(await open(order)).toEqual(['finance-check'])
    const again = await finance.post('/payments', given)
    expect([again.status, again.headers['idempotent-replayed'], again.body]).toEqual([200, 'true', first.body])
    expect((await state(order)).facts).toMatchObject({ paid: 100_000, bankNo: given.bankNo, paidAt: Date.UTC(2026, 0, 5, 1) })
    const other = await finance.post('/payments', { ...given, amount: 1 })
    expect([other.status, other.body.code]).toEqual([409, 'PAYMENT_CONFLICT'])
    await does(order, 'finance-check', 'match')
    await close(order)
  })

  it('ten times at once counts once', async () => {
    const order = await awaiting()
    const given = bank({ reference: order })
    const answers = await Promise.all(Array.from({ length: 10 }, () => finance.post('/payments', given)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9)
    expect((await state(order)).facts.paid).toBe(100_000)
    await close(order)
  })

  it('by the contract before the step opens is kept for it', async () => {
    const order = await start()
    expect((await finance.post('/payments', bank({ reference: about.no }))).body).toMatchObject({ order, heard: true })
    expect(await open(order)).toEqual(['receive-activation-request'])
    await does(order, 'receive-activation-request', 'received')
    await does(order, 'decide-contract', 'signed')
    await does(order, 'decide-construction', 'no')
    expect(await open(order)).toEqual(['finance-check'])
    await close(order)
  })

  it('of the wrong amount is a mismatch; the rest mends it', async () => {
    const order = await awaiting()
    await finance.post('/payments', bank({ reference: order, amount: 60_000 }))
    const match = await tries(order, 'finance-check', 'match')
    expect([match.status, match.body.code]).toEqual([422, 'REQUIREMENT'])
    await does(order, 'finance-check', 'mismatch', { difference: '400 yuan missing' })
    await finance.post('/payments', bank({ reference: order, amount: 40_000 }))
    await does(order, 'correct-documents', 'corrected', { correction: 'the rest has come' })
    await does(order, 'finance-check', 'match')
    await close(order)
  })

  it('for a contract of several orders goes to the one that waits, and to none where that is not one', async () => {
    const [waiting, early] = [await awaiting(), await start()]
    expect((await finance.post('/payments', bank({ reference: about.contract }))).body).toMatchObject({ order: waiting })
    const second = bank({ reference: about.contract })
    expect((await finance.post('/payments', second)).body).toMatchObject({ order: null, state: 'unmatched' })
    await close(waiting)
    // One is left: the next round finds it.
    await payments({ ...door, pool: door.db.pool, logger: pino({ level: 'silent' }) }, new Date(MONDAY))
    expect((await finance.post('/payments', second)).body).toMatchObject({ order: early, state: 'matched', heard: true })
    await close(early)
  })

  it('of another customer than the order’s is not its', async () => {
    const order = await awaiting()
    const { rows } = await door.db.pool.query('SELECT id FROM customer WHERE id <> $1 LIMIT 1', [about.customer])
    expect((await finance.post('/payments', bank({ reference: order, customerId: rows[0].id }))).body).toMatchObject({
      order: null,
      customer: rows[0].id,
    })
    await close(order)
  })
})

describe('what nobody could place', () => {
  it('is seen and matched by finance', async () => {
    const order = await awaiting()
    const { bankNo } = (await finance.post('/payments', bank({ reference: 'thank you' }))).body as { bankNo: string }
    const list = (await finance.get('/payments?state=unmatched&limit=200')).body.items as { bankNo: string }[]
    expect(list.map((one) => one.bankNo)).toContain(bankNo)
    const seen = (await (await door.as('director')).get('/payments?limit=200')).body.items as { bankNo: string }[]
    expect(seen.map((one) => one.bankNo)).not.toContain(bankNo)
    expect((await (await door.as('director')).post(`/payments/${bankNo}/match`, { order })).status).toBe(403)
    expect((await finance.post(`/payments/${bankNo}/match`, { order: 'onone' })).status).toBe(404)
    expect((await finance.post('/payments/nothing/match', { order })).status).toBe(404)
    for (let times = 0; times < 2; times++)
      expect((await finance.post(`/payments/${bankNo}/match`, { order })).body).toMatchObject({ order, state: 'matched', heard: true })
    expect(await open(order)).toEqual(['finance-check'])
    const other = await start()
    const conflict = await finance.post(`/payments/${bankNo}/match`, { order: other })
    expect([conflict.status, conflict.body.code]).toEqual([409, 'PAYMENT_CONFLICT'])
    expect((await finance.get(`/payments?order=${order}`)).body.items).toHaveLength(1)
    await close(other)
    const late = bank()
    await finance.post('/payments', late)
    const ended = await finance.post(`/payments/${late.bankNo}/match`, { order: other })
    expect([ended.status, ended.body.code]).toEqual([422, 'UNKNOWN_REFERENCE'])
    await close(order)
  })

  it('is listed in pages, nothing twice and nothing left out', async () => {
    const all = (await finance.get('/payments?limit=200')).body.items as { bankNo: string }[]
    const walked: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const { body } = await finance.get(`/payments?limit=3${next && `&cursor=${next}`}`)
      walked.push(...(body.items as { bankNo: string }[]).map((one) => one.bankNo))
      next = body.page.next as string | null
    }
    expect(walked).toEqual(all.map((one) => one.bankNo))
  })
})

describe('while the engine is away', () => {
  it('a payment is kept, and told once it is back: by the bank again, or by itself', async () => {
    const [order, other] = [await awaiting(), await awaiting()]
    const [given, second] = [bank({ reference: order }), bank({ reference: other })]
    door.engine.mood = 'down'
    for (const one of [given, second]) {
      const { status, body } = await finance.post('/payments', one)
      expect([status, body.state, body.heard]).toEqual([201, 'matched', false])
    }
    door.engine.mood = 'well'
    expect((await finance.post('/payments', given)).body).toMatchObject({ heard: true })
    const deps = { ...door, pool: door.db.pool, logger: pino({ level: 'silent' }) }
    expect(await payments(deps, new Date(MONDAY))).toBe(1)
    expect(await payments(deps, new Date(MONDAY))).toBe(0)
    for (const one of [order, other]) {
      expect(await open(one)).toEqual(['finance-check'])
      expect((await state(one)).facts.paid).toBe(100_000)
      await close(one)
    }
  })

  it('what reached an order that was just withdrawn goes back', async () => {
    const order = await awaiting()
    await close(order)
    const given = bank()
    await finance.post('/payments', given)
    await door.db.pool.query(`UPDATE payment SET state = 'matched', order_id = $1 WHERE bank_no = $2`, [order, given.bankNo])
    const deps = { ...door, pool: door.db.pool, logger: pino({ level: 'silent' }) }
    await payments(deps, new Date(MONDAY))
    await payments(deps, new Date(MONDAY))
    expect((await finance.get(`/payments?order=${order}`)).body.items).toMatchObject([{ bankNo: given.bankNo, state: 'refund-due' }])
    const { rows } = await door.db.pool.query(`SELECT payload FROM outbox WHERE order_id = $1 AND topic = 'finance.refund'`, [order])
    expect(rows).toMatchObject([{ payload: { bankNo: given.bankNo, amount: 100_000 } }])
  })
})

describe('what the record must say', () => {
  it('a contract is the customer’s, and signed', async () => {
    await door.db.pool.query(
      `INSERT INTO contract (id, no, customer_id, title, status, amount, term_months) VALUES ('co-draft', 'HT-draft', $1, 't', 'countersigning', 1, 1)`,
      [about.customer],
    )
    const order = await start({ contract: 'co-draft' })
    await does(order, 'receive-activation-request', 'received')
    const { rows } = await door.db.pool.query(`SELECT id FROM contract WHERE customer_id <> $1 LIMIT 1`, [about.customer])
    for (const form of [{}, { contract: 'HT-draft' }, { contract: rows[0].id }, { contract: 'none' }]) {
      const { status, body } = await tries(order, 'decide-contract', 'signed', form)
      expect([form, status, body.code, body.errors?.[0]?.field]).toEqual([form, 422, 'UNKNOWN_REFERENCE', 'form.contract'])
    }
    await does(order, 'decide-contract', 'signed', { contract: about.no })
    expect((await door.db.pool.query('SELECT contract_id FROM orders WHERE id = $1', [order])).rows[0].contract_id).toBe(about.contract)
    await close(order)
  })

  it('a number of the bank stands for one payment of one order', async () => {
    const [first, second] = [await awaiting(), await awaiting()]
    const { bankNo } = (await finance.post('/payments', bank({ reference: first }))).body as { bankNo: string }
    const taken = await tries(second, 'collect-payment', 'collected', { bankNo, paid: 100_000, paidAt: MONDAY })
    expect([taken.status, taken.body.code]).toEqual([409, 'PAYMENT_CONFLICT'])
    const lost = bank()
    await finance.post('/payments', lost)
    const wrong = await tries(second, 'collect-payment', 'collected', { bankNo: lost.bankNo, paid: 5, paidAt: MONDAY })
    expect([wrong.status, wrong.body.code]).toEqual([409, 'PAYMENT_CONFLICT'])
    await does(second, 'collect-payment', 'collected', { bankNo: lost.bankNo, paid: 100_000, paidAt: MONDAY })
    expect((await finance.get(`/payments?order=${second}`)).body.items).toMatchObject([
      { bankNo: lost.bankNo, state: 'matched', heard: true },
    ])
    await close(first)
    await close(second)
  })

  it('a service is the customer’s own, or new and of a product that there is', async () => {
    const order = await start({ product: 'a thing' })
    await does(order, 'receive-activation-request', 'received')
    await does(order, 'decide-contract', 'signed')
    await does(order, 'decide-construction', 'no')
    await finance.post('/payments', bank({ reference: order }))
    await does(order, 'finance-check', 'match')
    await does(order, 'issue-invoice', 'issued', { invoiceNo: 'I-1' })
    const { rows } = await door.db.pool.query('SELECT no FROM service WHERE customer_id <> $1 LIMIT 1', [about.customer])
    const foreign = await tries(order, 'enter-customer-data', 'entered', { service: rows[0].no })
    expect([foreign.status, foreign.body.errors[0].field]).toEqual([422, 'form.service'])
    const unknown = await tries(order, 'enter-customer-data', 'entered', { service: 'NEW-1' })
    expect([unknown.status, unknown.body.errors[0].field]).toEqual([422, 'form.product'])
    await does(order, 'enter-customer-data', 'entered', { service: 'NEW-1', product: 'sdh' })
    await does(order, 'activate-service', 'activated', { activatedAt: MONDAY })
    expect((await door.db.pool.query(`SELECT status FROM service WHERE no = 'NEW-1'`)).rows).toEqual([{ status: 'active' }])
  })
})
