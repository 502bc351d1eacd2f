/** What P-05, P-06 and P-07 leave in the record. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fact } from '../../domain/order/spec.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { construction } from '../../workflows/order/construction.ts'
import { dataServiceActivation } from '../../workflows/order/data-service-activation.ts'
import { serviceActivation } from '../../workflows/order/service-activation.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Desk, everybodyPresent, historyOf, HOUR, MINUTE } from './desk.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
  await db.pool.query(
    `INSERT INTO resource (id, no, kind, region_path) SELECT 'c' || n, 'NJ-' || n, 'circuit', '/cn/js/nj' FROM generate_series(1, 20) n`,
  )
})
afterAll(() => db.drop())

type Facts = Record<string, Fact>
let orders = 0
async function opened(process: Process, facts: Facts, id = `route-${++orders}`, parent?: string): Promise<Desk> {
  const order = new Desk(db.pool, process, id)
  await order.open({ region: '/cn/js/nj', title: 'Leased line', facts, ...(parent && { parent: { id: parent, key: 'k' } }) })
  return order
}

const holds = async (...ids: string[]) =>
  (
    await db.pool.query(
      'SELECT resource_id, order_id, state, service_id FROM resource_hold WHERE resource_id = ANY ($1) ORDER BY 1, since',
      [ids],
    )
  ).rows
const outbox = (order: Desk, topic: string) =>
  order.rows('SELECT dedupe, payload, seq FROM outbox WHERE order_id = $1 AND topic = $2 ORDER BY dedupe', topic)
const sound = async (order: Desk) => {
  const { folded, kept, breakAt } = await historyOf(db.pool, order.state.id)
  expect(breakAt).toBe(-1)
  expect(folded).toEqual(kept)
}

const site = { contract: 'ct-none', siteA: 'Zhongshan Road 1', siteContact: 'Mr Li', circuitsNeeded: 'one' }

async function prepared(circuits: string[], facts: Facts = {}, id?: string, parent?: string): Promise<Desk> {
  const order = await opened(construction, { ...site, ...facts }, id, parent)
  await order.do('apply-start', 'granted', { constructionDue: order.now + 240 * HOUR })
  await order.do('prepare-circuit', 'ready', { circuits })
  return order
}
async function built(order: Desk): Promise<Desk> {
  await order.do('draft-construction-plan', 'submitted', { plan: 'dig' })
  await order.do('build', 'built', { works: 'dug' })
  await order.do('joint-test', 'passed', { testReport: 'no errors' })
  return order
}
async function signs(order: Desk, party: string, answer: string, opinion?: string): Promise<void> {
  const { id, parties } = order.task('joint-acceptance')
  order.now += MINUTE
  await order.act(parties![party]!.person!, { type: 'sign', task: id, party, answer, ...(opinion && { opinion }) })
}

describe('P-05', () => {
  it('reserves the circuits: those that the door asked for, and those that are free', async () => {
    const order = await opened(construction, site)
    await order.do('apply-start', 'granted', { constructionDue: order.now + 240 * HOUR })
    await db.pool.query(
      `INSERT INTO resource_hold (id, resource_id, order_id, state, since, until) VALUES ('asked', 'c1', $1, 'asked', now(), now() + interval '1 minute')`,
      [order.state.id],
    )
    const other = await prepared(['c3'])
    await order.do('prepare-circuit', 'ready', { circuits: ['c1', 'c2', 'c3'] })
    expect(await holds('c1', 'c2', 'c3')).toMatchObject([
      { resource_id: 'c1', order_id: order.state.id, state: 'reserved' },
      { resource_id: 'c2', order_id: order.state.id, state: 'reserved' },
      { resource_id: 'c3', order_id: other.state.id, state: 'reserved' },
    ])
    await sound(order)
    const undo = { order: order.state.id, effect: 'release-resources', at: order.now }
    await order.activities.undo(undo)
    await order.activities.undo(undo)
    expect((await holds('c1', 'c2', 'c3')).map(({ state }) => state)).toEqual(['released', 'released', 'reserved'])
    // Freed, they can be held again, by another order and by the same.
    await prepared(['c1', 'c2'])
    expect(new Set((await holds('c1')).map(({ state }) => state as string))).toEqual(new Set(['released', 'reserved']))
  })

  it('counts building until the contract date', async () => {
    const order = await prepared(['c4'])
    await order.do('draft-construction-plan', 'submitted', { plan: 'dig' })
    expect(order.state.clocks[`${order.task('build').id}/complete`]).toMatchObject({
      due: order.state.facts.constructionDue,
      ladder: 'contract-date',
      mark: 'inferred',
    })
  })

  it('keeps each acceptance with who took part and what was found; the third rework is a supervisor’s', async () => {
    const order = await built(await prepared(['c5']))
    const { parties } = order.task('joint-acceptance')
    expect(new Set(Object.values(parties!).map((party) => party.person)).size).toBe(3)
    await signs(order, 'engineering', 'qualified', 'all well')
    await signs(order, 'customer', 'not-qualified', 'the cabinet is open')
    await signs(order, 'centre', 'not-qualified', 'no labels')
    const rows = () => order.rows('SELECT n, verdict, defects, participants FROM acceptance_record WHERE order_id = $1 ORDER BY n')
    expect(await rows()).toEqual([
      {
        n: 1,
        verdict: 'not-qualified',
        defects: 'centre: no labels\ncustomer: the cabinet is open',
        participants: [
          { party: 'centre', by: parties!.centre!.person, answer: 'not-qualified', opinion: 'no labels' },
          { party: 'customer', by: parties!.customer!.person, answer: 'not-qualified', opinion: 'the cabinet is open' },
          { party: 'engineering', by: parties!.engineering!.person, answer: 'qualified', opinion: 'all well' },
        ],
      },
    ])
    for (const round of [2, 3]) {
      await order.do('rectify', 'rectified', { rectification: `round ${round}` })
      for (const party of ['centre', 'engineering']) await signs(order, party, 'qualified')
      await signs(order, 'customer', 'not-qualified')
    }
    expect(order.task('rectify')).toMatchObject({ status: 'undispatched', queue: 'supervisor' })
    await order.act(person('director').id, { type: 'dispatch', task: order.task('rectify').id, unit: 'js-engineering' })
    await order.do('rectify', 'rectified', { rectification: 'all of it' })
    for (const party of ['centre', 'engineering', 'customer']) await signs(order, party, 'qualified')
    expect((await rows()).map(({ n, verdict, defects }) => [n, verdict, defects])).toEqual([
      [1, 'not-qualified', 'centre: no labels\ncustomer: the cabinet is open'],
      [2, 'not-qualified', null],
      [3, 'not-qualified', null],
      [4, 'qualified', null],
    ])
    await sound(order)
  })

  it('without a resource ends, and holds nothing', async () => {
    const order = await opened(construction, site)
    await order.do('apply-start', 'granted', { constructionDue: order.now + 240 * HOUR })
    await order.do('prepare-circuit', 'no-resource', { reason: 'the duct is full' })
    expect(order.state).toMatchObject({ status: 'closed', end: 'terminated' })
    expect(await order.rows(`SELECT step, status FROM task WHERE order_id = $1 AND status = 'cancelled'`)).toEqual([
      { step: 'draft-construction-plan', status: 'cancelled' },
    ])
  })
})

const wanted = { product: 'sdh', contract: 'ct-none', amount: 100_000 }

async function awaiting(facts: Facts = {}, id?: string, parent?: string): Promise<Desk> {
  const order = await opened(serviceActivation, { ...wanted, ...facts }, id, parent)
  await order.do('receive-activation-request', 'received')
  await order.do('decide-contract', 'signed')
  await order.do('decide-construction', 'no')
  return order
}
async function invoiced(order: Desk, invoiceNo: string, bankNo = `b-${invoiceNo}`): Promise<Desk> {
  await order.do('collect-payment', 'collected', { bankNo, paid: 100_000, paidAt: order.now })
  await order.do('finance-check', 'match')
  await order.do('issue-invoice', 'issued', { invoiceNo })
  return order
}
const payments = (order: Desk) => order.rows('SELECT bank_no, amount, source, state FROM payment WHERE order_id = $1 ORDER BY bank_no')

describe('P-06', () => {
  it('leaves payment, invoice, service, activation and charge', async () => {
    const order = await invoiced(await awaiting(), 'I-1')
    expect(await payments(order)).toEqual([{ bank_no: 'b-I-1', amount: '100000', source: 'finance', state: 'matched' }])
    expect(await order.rows('SELECT no, amount FROM invoice WHERE order_id = $1')).toEqual([{ no: 'I-1', amount: '100000' }])
    await order.do('enter-customer-data', 'entered', { service: 'NEW-1', product: 'sdh', numbers: ['c6'] })
    expect(await holds('c6')).toMatchObject([{ state: 'reserved' }])
    const activatedAt = order.now
    const chargeFrom = order.now + 24 * HOUR
    await order.do('activate-service', 'activated', { activatedAt, chargeFrom })
    expect(order.state.end).toBe('activated')
    const { rows: services } = await db.pool.query(`SELECT * FROM service WHERE no = 'NEW-1'`)
    expect(services).toMatchObject([{ id: 'NEW-1', customer_id: 'cu-001', product_id: 'sdh', region_path: '/cn/js/nj', status: 'active' }])
    expect(await order.rows('SELECT service_id, activated_at, charge_from, confirmed_on FROM activation WHERE order_id = $1')).toEqual([
      { service_id: 'NEW-1', activated_at: new Date(activatedAt), charge_from: new Date(chargeFrom), confirmed_on: null },
    ])
    expect(await holds('c6')).toMatchObject([{ state: 'used', service_id: 'NEW-1' }])
    expect((await outbox(order, 'billing.charge-start')).map(({ payload }) => payload)).toMatchObject([
      { order: order.state.id, customer: 'cu-001', service: 'NEW-1' },
    ])
    await sound(order)
  })

  it('switches on a service that the customer has, by its number, and no other customer’s', async () => {
    const { rows } = await db.pool.query(
      `UPDATE service SET status = 'suspended' WHERE id = (SELECT id FROM service WHERE customer_id = 'cu-001' ORDER BY id LIMIT 1) RETURNING id, no`,
    )
    const order = await invoiced(await awaiting(), 'I-2')
    await order.do('enter-customer-data', 'entered', { service: rows[0].no })
    await order.do('activate-service', 'activated', { activatedAt: order.now })
    expect((await db.pool.query('SELECT status FROM service WHERE id = $1', [rows[0].id])).rows).toEqual([{ status: 'active' }])
    expect(await order.rows('SELECT service_id FROM activation WHERE order_id = $1')).toEqual([{ service_id: rows[0].id }])

    const { rows: others } = await db.pool.query(`SELECT id, no, status FROM service WHERE customer_id <> 'cu-001' ORDER BY id LIMIT 1`)
    const stranger = await invoiced(await awaiting(), 'I-3')
    await stranger.do('enter-customer-data', 'entered', { service: others[0].no })
    await stranger.do('activate-service', 'activated', { activatedAt: stranger.now })
    expect(stranger.state.end).toBe('activated')
    expect(await stranger.rows('SELECT service_id FROM activation WHERE order_id = $1')).toEqual([{ service_id: null }])
  })

  it('puts into use what the whole tree has reserved, and what an earlier order of the customer built for it', async () => {
    const root = await opened(serviceActivation, wanted, 'tree-root')
    await prepared(['c7'], {}, 'tree-root.construct.1', 'tree-root')
    const apart = await prepared(['c8', 'c9'])
    const order = await invoiced(await awaiting({ circuits: ['c8'] }, 'tree-root.activate.1', 'tree-root'), 'I-4')
    await order.do('enter-customer-data', 'entered', { service: 'NEW-4' })
    await order.do('activate-service', 'activated', { activatedAt: order.now })
    expect(root.state.status).toBe('open')
    expect((await holds('c7', 'c8', 'c9')).map(({ order_id, state, service_id }) => [order_id, state, service_id])).toEqual([
      ['tree-root.construct.1', 'used', 'NEW-4'],
      [apart.state.id, 'used', 'NEW-4'],
      [apart.state.id, 'reserved', null],
    ])
  })

  it('takes over a payment that nobody could place, and leaves alone one that belongs elsewhere', async () => {
    await db.pool.query(
      `INSERT INTO payment (id, bank_no, amount, paid_at, source, entered_by, received_at, state) VALUES ('py-lost', 'lost', 100000, now(), 'bank', 'bank', now(), 'unmatched')`,
    )
    const order = await invoiced(await awaiting(), 'I-5', 'lost')
    expect(await payments(order)).toEqual([{ bank_no: 'lost', amount: '100000', source: 'bank', state: 'matched' }])
    const second = await invoiced(await awaiting(), 'I-5', 'lost')
    expect(await payments(second)).toEqual([])
    expect(await second.rows('SELECT no FROM invoice WHERE order_id = $1')).toEqual([{ no: `I-5 / ${second.state.no}` }])
  })

  it('pays back once what was received for an order that is withdrawn', async () => {
    const order = await invoiced(await awaiting(), 'I-6')
    await order.do('enter-customer-data', 'entered', { service: 'NEW-6', numbers: ['c10'] })
    await order.act('st-005', { type: 'withdraw', reason: 'no longer wanted' }, { roles: ['supervisor'] })
    for (const effect of ['release-resources', 'refund-payment', 'refund-payment'])
      await order.activities.undo({ order: order.state.id, effect, at: order.now })
    expect(await payments(order)).toMatchObject([{ state: 'refund-due' }])
    expect(await holds('c10')).toMatchObject([{ state: 'released' }])
    await order.give({ kind: 'undone', effect: 'release-resources' })
    // What the bank told of meanwhile goes back with the rest.
    await db.pool.query(
      `INSERT INTO payment (id, bank_no, order_id, amount, paid_at, source, entered_by, received_at, state) VALUES ('py-late', 'late', $1, 5, now(), 'bank', 'bank', now(), 'matched')`,
      [order.state.id],
    )
    await order.give({ kind: 'undone', effect: 'refund-payment' })
    expect(order.state.end).toBe('withdrawn')
    expect((await outbox(order, 'finance.refund')).map(({ dedupe, payload }) => [dedupe, payload.amount])).toEqual([
      ['b-I-6', 100_000],
      ['late', 5],
    ])
    expect(await db.pool.query(`SELECT FROM service WHERE no = 'NEW-6'`)).toMatchObject({ rowCount: 0 })
  })
})

describe('P-07', () => {
  const line = { contract: 'ct-none', amount: 100_000, unit: 'nj-branch', siteA: 'A', siteZ: 'Z', testReport: 'no errors' }

  it('keeps the confirmation, and tells billing, the departments and the far end', async () => {
    const { rows: units } = await db.pool.query(
      `SELECT id, leader_id FROM org_unit WHERE id IN ('nj-maintenance', 'sz-branch') ORDER BY id`,
    )
    const far = 'sz-branch'
    const order = await opened(dataServiceActivation, { ...line, product: 'sdh', farBranch: far })
    await order.do('circuit-tested', 'passed')
    expect(order.task('confirm-activation-date')).toMatchObject({ unit: 'nj-branch' })
    await order.do('confirm-activation-date', 'confirmed', { activationDate: order.now + HOUR })
    await order.do('fill-confirmation', 'filled', { confirmation: 'C-1', signatory: 'Mr Li' })
    const confirmedOn = new Date(order.now)
    await order.do('hand-to-finance', 'handed')
    await invoiced(order, 'I-7')
    await order.do('enter-customer-data', 'entered', { service: 'NEW-7' })
    await order.do('activate-service', 'activated', { activatedAt: order.now })
    expect(await order.rows('SELECT service_id, confirmed_on FROM activation WHERE order_id = $1')).toEqual([
      { service_id: 'NEW-7', confirmed_on: confirmedOn },
    ])
    const [child] = Object.keys(order.state.children)
    const sub = await opened(dataServiceActivation, { ...line, farEnd: true, unit: far }, child, order.state.id)
    expect(sub.task('activate-service')).toMatchObject({ unit: far })
    await sub.do('activate-service', 'activated', { activatedAt: order.now })
    expect(await outbox(sub, 'billing.charge-start')).toEqual([])
    expect(await sub.rows('SELECT 1 FROM activation WHERE order_id = $1')).toEqual([])
    await order.give({ kind: 'child-ended', child: child!, end: 'activated' })
    await order.do('notify-departments', 'notified', { units: [units[0].id, far], notice: 'watch the new circuit' })
    expect((await outbox(order, 'department.notice')).map(({ dedupe, payload }) => [dedupe, payload.unit, payload.notice])).toEqual(
      units.map(({ id }) => [id, id, 'watch the new circuit']),
    )
    const told = await order.rows<{ staff_id: string }>(
      `SELECT staff_id FROM notification WHERE order_id = $1 AND template = 'departments-told'`,
    )
    expect(new Set(told.map(({ staff_id }) => staff_id))).toEqual(new Set(units.map(({ leader_id }) => leader_id as string)))
    expect(await outbox(order, 'billing.charge-start')).toHaveLength(1)
    await sound(order)
  })
})
