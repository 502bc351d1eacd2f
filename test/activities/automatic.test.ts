import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fact } from '../../domain/order/spec.ts'
import { returnVisit } from '../../workflows/customer/return-visit.ts'
import { gradedFault } from '../../workflows/fault/graded-fault.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Desk, everybodyPresent, faultAbout, HOUR, MONDAY } from './desk.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
})
afterAll(() => db.drop())

const DAY = 24 * HOUR
let orders = 0
async function visit(facts: Record<string, Fact>, more: { now?: number; customer?: string; region?: string } = {}): Promise<Desk> {
  const order = new Desk(db.pool, returnVisit, `rv-${++orders}`, more)
  await order.open({
    region: more.region ?? '/cn/js/nj',
    customer: more.customer ?? 'cu-001',
    title: 'visit',
    facts: { occasion: 'scheduled', ...facts },
  })
  return order
}
const select = async (order: Desk) => {
  const input = {
    order: order.state.id,
    task: 'select-customers.1',
    process: 'return-visit',
    step: 'select-customers',
    facts: order.state.facts,
    at: order.now,
  }
  const first = await order.activities.automatic(input)
  expect(await order.activities.automatic(input)).toEqual(first)
  return first
}
/** A visit from order to record, with what the customer said. */
async function visited(customer: string, now: number, satisfaction: string): Promise<Desk> {
  const { rows } = await db.pool.query(
    "SELECT staff_id FROM staff_role WHERE role = 'account-manager' AND unit_id = 'nj-kac' ORDER BY 1 LIMIT 1",
  )
  const order = await visit({ planned: true, customers: [customer], person: rows[0].staff_id }, { now, customer })
  await order.do('issue-visit-order', 'accepted')
  await order.do('prepare-visit', 'prepared')
  await order.do('make-appointment', 'declined', { reason: 'by phone' })
  await order.do('record-visit', 'no-problems', { result: 'r', satisfaction })
  await order.do('summarise-visit', 'summarised', { summary: 's' })
  await order.do('decide-opportunity', 'no')
  expect(order.state.end).toBe('visited')
  return order
}
const inNanjing = async (grade?: string): Promise<string[]> => {
  const { rows } = await db.pool.query(
    "SELECT id FROM customer WHERE region_path LIKE '/cn/js/nj%' AND ($1::text IS NULL OR grade = $1) ORDER BY id",
    [grade ?? null],
  )
  return rows.map(({ id }) => id as string)
}
const close = (...visits: Desk[]) =>
  Promise.all(
    visits.map((order) =>
      db.pool.query("UPDATE orders SET status = 'closed', \"end\" = 'withdrawn', closed_at = $2 WHERE id = $1", [
        order.state.id,
        new Date(order.now),
      ]),
    ),
  )

describe('select-customers', () => {
  it('takes the list of the start, without those whom nobody knows, each once', async () => {
    const order = await visit({ customers: ['cu-003', 'ghost', 'cu-002', 'cu-003'] })
    expect(await select(order)).toEqual({ outcome: 'selected', form: { customers: ['cu-003', 'cu-002'] } })
    await close(order)
  })

  it('finds none in a list of strangers', async () => {
    const order = await visit({ customers: ['ghost'] })
    expect(await select(order)).toEqual({ outcome: 'none' })
    await close(order)
  })

  it("without list and condition takes the order's own customer", async () => {
    const order = await visit({ occasion: 'fault-closed' }, { customer: 'cu-007' })
    expect(await select(order)).toEqual({ outcome: 'selected', form: { customers: ['cu-007'] } })
    await close(order)
  })

  it('by days since contact: whoever was not seen for so long, in the region of the order, by grade where no number is given', async () => {
    const all = await inNanjing()
    const groups = await inNanjing('group')
    const locals = await inNanjing('local-c')
    const [group, local] = [groups[0]!, locals[0]!]
    await visited(group, MONDAY, 'satisfied')
    await visited(local, MONDAY, 'satisfied')
    const selected = async (facts: Record<string, Fact>, now: number) => {
      const order = await visit({ condition: 'days-since-contact', ...facts }, { now })
      const { form } = await select(order)
      await close(order)
      return (form?.customers ?? []) as string[]
    }
    // After 40 days a group customer (30) is due again, a local C one (180) is not.
    const after40 = await selected({}, MONDAY + 40 * DAY)
    expect(after40).toContain(group)
    expect(after40).not.toContain(local)
    expect(after40.every((id) => all.includes(id))).toBe(true)
    // The own customer of the order has an open visit only in this very order.
    expect(await selected({ days: 50 }, MONDAY + 40 * DAY)).not.toContain(group)
    expect(await selected({ days: 10 }, MONDAY + 40 * DAY)).toContain(local)
    // Whoever is about to be visited is left out.
    const open = await visit({ planned: true, customers: [group] }, { now: MONDAY + 40 * DAY, customer: group })
    expect(await selected({}, MONDAY + 41 * DAY)).not.toContain(group)
    await close(open)
  })

  it('by what closed lately, unless a visit came after it', async () => {
    const about = await faultAbout(db.pool)
    const fault = new Desk(db.pool, gradedFault, 'gf-1', { now: MONDAY + 60 * DAY })
    await fault.open(about)
    await fault.do('accept-fault', 'not-a-fault', { reason: 'test call' })
    await fault.do('reply-not-a-fault', 'replied', { reply: 'r' })
    const selected = async (now: number) => {
      const order = await visit({ condition: 'recently-closed' }, { now, customer: 'cu-009' })
      const { form } = await select(order)
      await close(order)
      return form?.customers ?? []
    }
    expect(await selected(fault.now + 2 * DAY)).toEqual([about.customer])
    expect(await selected(fault.now + 9 * DAY)).toEqual([])
    await visited(about.customer, fault.now + DAY, 'satisfied')
    expect(await selected(fault.now + 2 * DAY)).toEqual([])
  })

  it('by the latest satisfaction', async () => {
    const [unhappy, happyAgain] = await inNanjing('local-a')
    await visited(unhappy!, MONDAY + 80 * DAY, 'satisfied')
    await visited(unhappy!, MONDAY + 81 * DAY, 'dissatisfied')
    await visited(happyAgain!, MONDAY + 80 * DAY, 'very-dissatisfied')
    await visited(happyAgain!, MONDAY + 82 * DAY, 'satisfied')
    const order = await visit({ condition: 'low-satisfaction' }, { now: MONDAY + 90 * DAY, customer: 'cu-009' })
    expect(await select(order)).toEqual({ outcome: 'selected', form: { customers: [unhappy] } })
    await close(order)
  })
})

describe('start-business-acceptance', () => {
  it('records one request, however often it runs', async () => {
    const order = await visit({ planned: true, customers: ['cu-001'] })
    const input = {
      order: order.state.id,
      task: 'start-business-acceptance.1',
      process: 'return-visit',
      step: 'start-business-acceptance',
      facts: { opportunity: 'ten more lines' },
      at: order.now,
    }
    const results = [
      await order.activities.automatic(input),
      await order.activities.automatic(input),
      ...(await Promise.all([order.activities.automatic(input), order.activities.automatic(input)])),
    ]
    expect(new Set(results.map((result) => JSON.stringify(result)))).toEqual(
      new Set([
        JSON.stringify({
          outcome: 'started',
          form: { request: `br-${order.state.id}`, fromVisit: order.state.id, demand: 'ten more lines' },
        }),
      ]),
    )
    expect(await order.rows('SELECT customer_id, description, state, created_at FROM business_request WHERE order_id = $1')).toEqual([
      { customer_id: 'cu-001', description: 'ten more lines', state: 'open', created_at: new Date(order.now) },
    ])
  })
})

describe('what the machine cannot do', () => {
  it('is told once and for all, so that a person takes it over', async () => {
    const order = await visit({ planned: true, customers: ['cu-001'] })
    const input = { order: order.state.id, task: 'x.1', process: 'return-visit', step: 'x', facts: {}, at: order.now }
    await expect(order.activities.automatic(input)).rejects.toMatchObject({ type: 'NO_SUCH_STEP', nonRetryable: true })
    await expect(order.activities.undo({ order: 'x', effect: 'x', at: 1 })).rejects.toMatchObject({
      type: 'NO_SUCH_EFFECT',
      nonRetryable: true,
    })
    await expect(order.activities.automatic({ ...input, order: 'gone', step: 'select-customers' })).rejects.toMatchObject({
      nonRetryable: false,
    })
  })

  it('is told to the desk when it fails first, and dispatched to a person', async () => {
    const order = await visit({})
    await order.give({ kind: 'automatic-failed', task: 'select-customers.1', message: 'no route' })
    const told = () =>
      order.rows("SELECT staff_id, data ->> 'message' AS message FROM notification WHERE order_id = $1 AND template = 'automatic-failed'")
    const first = await told()
    expect(first.length).toBeGreaterThan(0)
    expect(first[0].message).toBe('no route')
    await order.give({ kind: 'automatic-failed', task: 'select-customers.1', message: 'no route' })
    expect(await told()).toHaveLength(first.length)
    await order.act('st-006', { type: 'dispatch', task: 'select-customers.1', person: 'st-006' }, { roles: ['dispatcher'] })
    expect((await order.rows('SELECT status, person_id FROM task WHERE order_id = $1'))[0]).toEqual({
      status: 'offered',
      person_id: 'st-006',
    })
  })
})
