/** What P-31, P-32 and P-33 leave in the record. Each machine step is done twice, as it may be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fact } from '../../../domain/order/spec.ts'
import { arrearsDunning } from '../../../workflows/customer/arrears-dunning.ts'
import { creditReview } from '../../../workflows/customer/credit-review.ts'
import { networkLeave } from '../../../workflows/customer/network-leave.ts'
import type { Process } from '../../../workflows/kit/process.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { Desk, everybodyPresent, historyOf, HOUR } from '../desk.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
})
afterAll(() => db.drop())

let orders = 0
const rows = async (sql: string, ...values: unknown[]) => (await db.pool.query(sql, values)).rows
const status = async (customer: string) =>
  rows('SELECT status, count(*)::int AS n FROM service WHERE customer_id = $1 GROUP BY status ORDER BY 1', customer)

async function opened(process: Process, customer: string, facts: Record<string, Fact>): Promise<Desk> {
  const order = new Desk(db.pool, process, `cl-${++orders}`)
  await order.open({ customer, facts })
  return order
}

/** The machine does an open step, twice; both answer the same. */
async function machine(order: Desk, step: string): Promise<void> {
  const task = order.task(step).id
  const { id, process, facts } = order.state
  const input = { order: id, process, task, step, facts, at: order.now }
  const first = await order.activities.automatic(input)
  expect(await order.activities.automatic(input)).toEqual(first)
  if (first.outcome !== undefined) await order.give({ kind: 'automatic-done', task, result: first })
}
const pays = (order: Desk, bankNo: string, amount: number) =>
  order.give({ kind: 'received', fact: { kind: 'payment', id: bankNo, facts: { amount, paidAt: order.now } } })

async function restricted(customer: string): Promise<Desk> {
  const order = await opened(arrearsDunning, customer, { amount: 50_000, period: '2025-12', dueDate: Date.UTC(2026, 0, 1) })
  await order.do('check-account', 'overdue')
  await order.do('warn-departments', 'warned')
  await machine(order, 'record-arrears')
  // A week of the machine, and ten days in person, in which nothing came in.
  await order.tick(168 * HOUR)
  await order.do('dun-by-person', 'unpaid', { contacts: 2 })
  await order.do('decide-restriction', 'restrict', { reason: 'no answer' })
  return order
}

describe('P-32', () => {
  it('records arrears, counts contacts, restricts what is in use and restores exactly that', async () => {
    const [before] = await status('cu-003')
    await db.pool.query("UPDATE service SET status = 'suspended' WHERE id = (SELECT min(id) FROM service WHERE customer_id = 'cu-003')")
    const order = await restricted('cu-003')
    expect(order.task('restrict-service').status).toBe('automatic')
    await machine(order, 'restrict-service')
    expect(await status('cu-003')).toEqual([{ status: 'suspended', n: before!.n }])
    expect(
      await rows('SELECT amount::int, contacts, array_length(services, 1) AS services FROM arrears WHERE order_id = $1', order.state.id),
    ).toEqual([{ amount: 50_000, contacts: 2, services: (before!.n as number) - 1 }])

    await pays(order, 'b1', 50_000)
    await machine(order, 'restore-service')
    expect(await status('cu-003')).toEqual([
      { status: 'active', n: (before!.n as number) - 1 },
      { status: 'suspended', n: 1 },
    ])
    await order.do('feed-back-payment', 'fed-back')
    expect(await rows('SELECT points, reason FROM points_deduction WHERE order_id = $1', order.state.id)).toEqual([
      { points: 100, reason: 'late-payment' },
    ])
    expect((await rows('SELECT recovered_at, written_off_at FROM arrears WHERE order_id = $1', order.state.id))[0]).toMatchObject({
      recovered_at: expect.any(Date) as Date,
      written_off_at: null,
    })
    expect((await historyOf(db.pool, order.state.id)).breakAt).toBe(-1)
  })

  it('tells the customer three times before the machine gives up', async () => {
    const order = await opened(arrearsDunning, 'cu-005', { amount: 1_000, period: '2025-12', dueDate: Date.UTC(2026, 0, 1) })
    await order.do('check-account', 'overdue')
    await order.do('warn-departments', 'warned')
    await machine(order, 'record-arrears')
    for (const hours of [2, 56, 56]) await order.tick(hours * HOUR)
    const told = await rows(
      "SELECT count(*)::int AS n FROM notification WHERE order_id = $1 AND template = 'dunning-notice' AND recipient_kind = 'customer'",
      order.state.id,
    )
    expect(told).toEqual([{ n: 3 }])
    expect(order.task('dun-by-machine')).toBeDefined()
    await order.tick(54 * HOUR)
    expect(order.task('dun-by-person').step).toBe('dun-by-person')
  })

  it('restricts nothing once a payment has ended the step', async () => {
    const order = await restricted('cu-006')
    const { id, process, facts } = order.state
    const late = { order: id, process, task: order.task('restrict-service').id, step: 'restrict-service', facts, at: order.now }
    await pays(order, 'b6', 50_000)
    const before = await status('cu-006')
    await order.activities.automatic(late)
    expect(await status('cu-006')).toEqual(before)
  })
})

describe('P-31', () => {
  it('rates by the rule in force, keeps what it rested on, and knows the class before', async () => {
    const first = await opened(creditReview, 'cu-008', { occasion: 'schedule' })
    await machine(first, 'collect-factors')
    await machine(first, 'score-credit')
    await machine(first, 'apply-credit')
    expect(first.state).toMatchObject({ status: 'closed', end: 'set', facts: { creditClass: 'grey', points: 60 } })
    expect(await rows('SELECT class, "limit"::int, points, rule, rated_by FROM credit_rating WHERE customer_id = $1', 'cu-008')).toEqual([
      { class: 'grey', limit: 1_000_000, points: 60, rule: 1, rated_by: 'machine' },
    ])
    const second = await opened(creditReview, 'cu-008', { occasion: 'blemish', blemish: 'damage' })
    await machine(second, 'collect-factors')
    expect(second.state.facts.previousClass).toBe('grey')
  })

  it('without a rule in force somebody rates by hand', async () => {
    await db.pool.query("DELETE FROM rule WHERE kind = 'credit'")
    const order = await opened(creditReview, 'cu-009', { occasion: 'new-account' })
    await machine(order, 'collect-factors')
    await machine(order, 'score-credit')
    expect(Object.values(order.state.tasks).map(({ step }) => step)).toEqual(['set-by-hand'])
  })
})

describe('P-33', () => {
  const cancelled = async (customer: string, facts: Record<string, Fact>): Promise<Desk> => {
    const order = await opened(networkLeave, customer, { kind: 'formal', ...facts })
    await order.do('register-leave', 'registered')
    await order.do('find-reason', 'found', { reason: 'moves away', lossKind: 'move' })
    const [child] = Object.keys(order.state.children)
    await order.give({ kind: 'child-ended', child: child!, end: 'lost' })
    await order.do('settle-arrears', 'settled')
    await order.do('formal-cancel', 'cancelled', { cancelledAt: order.now })
    await order.do('release-resources', 'released')
    await machine(order, 'deregister-customer')
    await order.do('record-churn-reason', 'recorded', { lossKind: 'move', churnReason: 'moved to another province' })
    return order
  }
  const customer = async (id: string) => (await rows('SELECT status FROM customer WHERE id = $1', id))[0]!.status as string

  it('moves to history who gives up everything, and keeps why', async () => {
    const order = await cancelled('cu-010', {})
    expect(await customer('cu-010')).toBe('left')
    expect((await status('cu-010')).map((row) => row.status as string)).toEqual(['ended'])
    expect(await rows('SELECT kind, reason, remains FROM loss_record WHERE order_id = $1', order.state.id)).toEqual([
      { kind: 'move', reason: 'moved to another province', remains: false },
    ])
  })

  it('keeps as a customer who gives up a single number', async () => {
    const [service] = await rows("SELECT id FROM service WHERE customer_id = 'cu-011' ORDER BY id")
    await cancelled('cu-011', { service: service!.id as string })
    expect(await customer('cu-011')).toBe('active')
    expect((await rows("SELECT id FROM service WHERE customer_id = 'cu-011' AND status = 'ended'")).map(({ id }) => id as string)).toEqual([
      service!.id,
    ])
  })
})
