/** What P-10 leaves in the record, whom the machine proposes, and what moves with the customer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digest } from '../../domain/order/hash.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { complaint } from '../../workflows/complaint/complaint.ts'
import { customerTransfer } from '../../workflows/customer/customer-transfer.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Desk, everybodyPresent, historyOf, MINUTE, MONDAY } from './desk.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
})
afterAll(() => db.drop())

let orders = 0
const customer = async (id: string) => (await db.pool.query('SELECT * FROM customer WHERE id = $1', [id])).rows[0]

async function monthly(...departments: string[]): Promise<Desk> {
  const order = new Desk(db.pool, customerTransfer, `ct-${++orders}`)
  await order.open({ region: '/cn/js/nj', title: 'Transfer', facts: { departments, month: '2026-01' } })
  return order
}
/** A step in the branch of a department. */
async function does(order: Desk, key: string, step: string, outcome: string, form: Record<string, Fact> = {}): Promise<void> {
  const task = Object.values(order.state.tasks).find((open) => open.step === step && open.key === key)
  if (!task) throw new Error(`${step} of ${key} is not open; open: ${Object.keys(order.state.tasks).join()}`)
  const roles = task.roles ?? customerTransfer.spec.steps[step]!.who
  let person = task.person
  if (person === undefined) {
    const { rows } = await db.pool.query(
      'SELECT staff_id FROM staff_role WHERE role = ANY ($1) AND ($2::text IS NULL OR unit_id = $2) ORDER BY 1',
      [roles, task.unit ?? null],
    )
    person = (rows[0]?.staff_id ?? 'st-044') as string
  }
  order.now += MINUTE
  const as = { roles: [...roles, 'supervisor'] }
  if (task.status === 'undispatched') await order.act(person, { type: 'dispatch', task: task.id, person }, as)
  if (task.status !== 'accepted') await order.act(person, { type: 'accept', task: task.id }, as)
  await order.act(person, { type: 'complete', task: task.id, outcome, form }, as)
}
const reported = (order: Desk, key: string, lines: string) =>
  does(order, key, 'submit-monthly-report', 'submitted', { month: '2026-01', lines })
const advice = async (order: Desk, task: string) =>
  (await order.rows('SELECT advice FROM task WHERE order_id = $1 AND task = $2', task))[0].advice
const reports = (order: Desk) =>
  order.rows('SELECT unit_id, n, month, lines, rule_version, selected FROM monthly_report WHERE order_id = $1 ORDER BY unit_id, n')

describe('screening', () => {
  it('proposes the customers whom the rule selects, and names everything that it could not place', async () => {
    const order = await monthly('js-business')
    const named = await customer('cu-003')
    await db.pool.query(`UPDATE customer SET tags = tags || 'key-account'::text WHERE id = 'cu-004'`)
    const { rows } = await db.pool.query(
      `SELECT no, customer_id FROM service WHERE customer_id NOT IN ('cu-002', 'cu-003', 'cu-004') ORDER BY id LIMIT 1`,
    )
    const service = rows[0] as { no: string; customer_id: string }
    const lines = [
      'user,number,month,charges,months',
      'cu-002,025-1,2026-01,300000,8',
      'cu-002,025-2,2026-01,200000,8',
      `${named.name_zh},025-3,2026-01,499999,80`,
      'cu-004,025-4,2026-01,900000,80',
      `somebody,${service.no},2026-01,700000,6`,
      'a stranger,025-9,2026-01,800000,9',
      'cu-005,025-5,2026-02,900000,9',
      'rubbish',
    ].join('\n')
    await reported(order, 'js-business', lines)
    const machine = await advice(order, 'screen-customers:js-business.1')
    expect(machine).toMatchObject({
      kind: 'screening',
      by: 'machine',
      rule: 1,
      month: '2026-01',
      users: 5,
      customers: [service.customer_id, 'cu-002'],
      already: ['cu-004'],
      unknown: [{ user: 'a stranger', charges: 800_000 }],
      bad: [
        { line: 8, why: 'other-month' },
        { line: 9, text: 'rubbish', why: 'columns' },
      ],
      badCount: 2,
    })
    await does(order, 'js-business', 'screen-customers', 'found', { customers: machine.customers })
    expect(await reports(order)).toMatchObject([
      { unit_id: 'js-business', n: 1, month: '2026-01', lines: lines.split('\n'), rule_version: 1, selected: machine.customers },
    ])
    await does(order, 'js-business', 'submit-list', 'disputed', { reason: 'one is ours' })
    expect(await advice(order, 'screen-customers:js-business.2')).toMatchObject({ customers: machine.customers })
    await does(order, 'js-business', 'screen-customers', 'found', { customers: ['cu-002'] })
    expect((await reports(order)).map(({ n, selected }) => [n, selected])).toEqual([
      [1, machine.customers],
      [2, ['cu-002']],
    ])
  })

  it('reads a long report from where its digest leads, and keeps a month that is none out of the record', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `cu-006,025-${i},2026-01,5000,7`).join('\r\n')
    await db.pool.query('INSERT INTO order_text VALUES ($1, $2, now())', [digest(lines), lines])
    const order = await monthly('js-business')
    await does(order, 'js-business', 'submit-monthly-report', 'submitted', { month: 'Januar', lines: `digest:${digest(lines)}` })
    expect(await advice(order, 'screen-customers:js-business.1')).toMatchObject({ users: 1, customers: ['cu-006'], bad: [] })
    const [report] = await reports(order)
    expect(report.month).toBe('2026-01')
    expect(report.lines).toHaveLength(200)
    await does(order, 'js-business', 'screen-customers', 'none')
    expect(order.state.end).toBe('none-found')
  })

  it('goes by the version of the rule with which the order began', async () => {
    const order = await monthly('js-business')
    await db.pool.query(
      `INSERT INTO rule (kind, id, version, spec, mark, valid_from) VALUES ('screening', 'customer-transfer', 2, '{"minCharges": 1, "minMonths": 0}', 'default', $1)`,
      [new Date(order.now + 1)],
    )
    await reported(order, 'js-business', 'cu-007,025-1,2026-01,5,1')
    expect(await advice(order, 'screen-customers:js-business.1')).toMatchObject({ rule: 1, customers: [] })
    const later = new Desk(db.pool, customerTransfer, `ct-${++orders}`, { now: MONDAY + MINUTE })
    await later.open({ region: '/cn/js/nj', title: 'Transfer', facts: { departments: ['js-business'] } })
    await reported(later, 'js-business', 'cu-007,025-1,2026-01,5,1')
    expect(await advice(later, 'screen-customers:js-business.1')).toMatchObject({ rule: 2, customers: ['cu-007'] })
    await db.pool.query(`DELETE FROM rule WHERE kind = 'screening' AND version = 2`)
  })
})

describe('transfer', () => {
  const agreed = async (order: Desk, key: string, customers: string[], accountManager: string) => {
    await reported(order, key, `${customers[0]},1,2026-01,900000,9`)
    await does(order, key, 'screen-customers', 'found', { customers })
    await does(order, key, 'submit-list', 'agreed')
    await does(order, key, 'transfer-data', 'transferred', { accountManager })
  }

  it('gives the customer his account manager before the first contact; a second department changes nothing', async () => {
    await db.pool.query(`UPDATE customer SET account_manager_id = 'st-017' WHERE id = 'cu-010'`)
    const order = await monthly('js-business', 'js-technical')
    await agreed(order, 'js-business', ['cu-010'], 'st-012')
    expect(await customer('cu-010')).toMatchObject({ account_manager_id: 'st-012' })
    expect((await customer('cu-010')).tags).toContain('key-account')
    expect(order.state.children[`${order.state.id}.cu-010`]).toMatchObject({ process: 'customer-transfer', waits: true })
    await agreed(order, 'js-technical', ['cu-010', 'cu-011'], 'st-011')
    expect(await customer('cu-010')).toMatchObject({ account_manager_id: 'st-012' })
    const { tags } = await customer('cu-010')
    expect(tags.filter((tag: string) => tag === 'key-account')).toHaveLength(1)
    expect(
      await order.rows(
        'SELECT customer_id, from_unit_id, to_unit_id, account_manager_id, previous_manager, rule_version FROM customer_transfer WHERE order_id = $1 ORDER BY 1',
      ),
    ).toEqual([
      {
        customer_id: 'cu-010',
        from_unit_id: 'js-business',
        to_unit_id: 'nj-kac',
        account_manager_id: 'st-012',
        previous_manager: 'st-017',
        rule_version: 1,
      },
      expect.objectContaining({ customer_id: 'cu-011', from_unit_id: 'js-technical', account_manager_id: 'st-011' }),
    ])
    const { folded, kept, breakAt } = await historyOf(db.pool, order.state.id)
    expect(breakAt).toBe(-1)
    expect(folded).toEqual(kept)
  })

  it('hands open orders and complaints over to the new account manager, once', async () => {
    await db.pool.query(`UPDATE customer SET account_manager_id = 'st-011', region_path = '/cn/js/nj' WHERE id = 'cu-012'`)
    const open = new Desk(db.pool, complaint, `tc-${++orders}`)
    const facts = {
      businessCategory: 'b',
      category: 'charge',
      number: 'n',
      complainant: 'c',
      raisedAt: MONDAY,
      homeRegion: 'r',
      content: 'x',
    }
    await open.open({ region: '/cn/js/nj', customer: 'cu-012', facts: { ...facts, latestHandling: MONDAY + 1e10 } })
    await open.do('receive-complaint', 'received')
    await open.do('record-classify', 'classified', { category: 'charge' })
    expect(open.task('self-resolve').person).toBe('st-011')

    const order = await monthly('js-business')
    await agreed(order, 'js-business', ['cu-012'], 'st-012')
    const child = new Desk(db.pool, customerTransfer, `${order.state.id}.cu-012`, { now: order.now })
    const start = order.machine.childStart(child.state.id)
    expect(start).toEqual({ customer: 'cu-012', input: { planned: true, customers: ['cu-012'], person: 'st-012' } })
    await child.open({
      region: '/cn/js/nj',
      customer: 'cu-012',
      title: 'Transfer',
      facts: { ...start.input },
      parent: { id: order.state.id, key: 'cu-012' },
    })
    expect(child.task('first-contact')).toMatchObject({ person: 'st-012' })
    await child.do('first-contact', 'not-reachable', { tried: 'phone' })
    expect(child.task('first-contact')).toMatchObject({ status: 'accepted', person: 'st-012' })
    await child.do('first-contact', 'contacted', { contact: 'pleased' })
    const { id: task, step } = child.task('start-return-visit')
    const input = { order: child.state.id, task, process: 'customer-transfer', step, facts: child.state.facts, at: child.now }
    const result = await child.activities.automatic(input)
    expect(await child.activities.automatic(input)).toEqual(result)
    expect(result).toEqual({
      outcome: 'started',
      form: { handedOver: 1 },
      tell: [
        {
          order: open.state.id,
          kind: 'customer-transferred',
          id: `transfer-${child.state.id}`,
          facts: { accountManager: 'st-012', previous: 'st-011' },
        },
      ],
    })
    const [{ order: told, ...fact }] = result.tell as [(typeof result.tell & object)[number]]
    expect(told).toBe(open.state.id)
    await open.give({ kind: 'received', fact })
    await open.give({ kind: 'received', fact })
    expect(open.task('self-resolve')).toMatchObject({ person: 'st-012', status: 'offered' })
    expect(open.state.received).toHaveLength(1)
  })
})
