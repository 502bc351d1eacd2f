import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { automaticSteps } from '../../../activities/automatic/index.ts'
import { importCustomers } from '../../../cli/import/import-customers.ts'
import { fit } from '../../../cli/retention/fit.ts'
import { specOf } from '../../../domain/processes/index.ts'
import { releaseModel, saveModel } from '../../../prisma/retention/models.ts'
import { preChurn } from '../../../prisma/seed/models.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { AT, DAY, Fixtures } from './fixtures.ts'

let database: TestDatabase | undefined
let fixtures: Fixtures
beforeEach(async () => {
  await database?.drop()
  database = await createTestDatabase()
  fixtures = new Fixtures(database.pool)
  await fixtures.clear()
  await fixtures.manager('m1')
  await fixtures.manager('m2')
})
afterAll(() => database?.drop())
const rows = async (sql: string, ...values: unknown[]) => (await database!.pool.query(sql, values)).rows

/** Somebody whose calls go elsewhere. */
async function forwarding(more: Parameters<Fixtures['customer']>[0] = {}, at = AT): Promise<string> {
  const id = await fixtures.customer(more)
  await fixtures.seen(id, 'call-forwarding', 1, 'other-operator', at)
  return id
}

it('every step that the specifications leave to the machine is there', () => {
  for (const process of ['retention', 'customer-maintenance', 'abnormal-customer-tracking'])
    for (const [step, { automatic }] of Object.entries(specOf(process).steps))
      if (automatic) expect(automaticSteps).toHaveProperty([`${process}/${step}`])
})

describe('a run over all customers', () => {
  it('looks at the active ones of its region, and says who is alarmed and why', async () => {
    const alarmed = await forwarding()
    await fixtures.charges(alarmed, { '2026-09': 10_000, '2026-10': 4_000 })
    await fixtures.customer()
    await forwarding({ status: 'left' })
    await forwarding({ status: 'potential' })
    await forwarding({ region: '/cn/js/sz/wuzhong' })
    expect(await fixtures.run('run-1', { region: '/cn/js/nj' })).toEqual({
      outcome: 'found',
      form: {
        customers: [alarmed],
        reasons: [expect.stringContaining('话费环比 −60%（阈值 ±30%）；30 天内呼叫转移至他网 / charges changed by −60 %')],
        signals: 'call-forwarding 1, charge-change 1',
        looked: 2,
        alarmed: 1,
        heldBack: 0,
      },
    })
    expect(await rows('SELECT models, looked, alarmed, opened, held_back FROM retention_run')).toEqual([
      { models: [{ id: 'pre-churn', version: 1 }], looked: 2, alarmed: 1, opened: 1, held_back: 0 },
    ])
    expect(await rows('SELECT customer_id, manager_id, points, keys, reasons, state FROM retention_alarm')).toEqual([
      {
        customer_id: alarmed,
        manager_id: 'm1',
        points: null,
        keys: ['charge-change', 'call-forwarding'],
        reasons: [
          { key: 'charge-change', zh: '话费环比 −60%（阈值 ±30%）', en: 'charges changed by −60 % month on month (from ±30 %)' },
          { key: 'call-forwarding', zh: '30 天内呼叫转移至他网', en: 'calls forwarded to another operator within 30 days' },
        ],
        state: 'opened',
      },
    ])
  })

  it('with nobody alarmed has an empty list, and is done all the same', async () => {
    await fixtures.customer()
    expect(await fixtures.run('run-1')).toEqual({
      outcome: 'found',
      form: { signals: '无预警信号 / no signal', looked: 1, alarmed: 0, heldBack: 0 },
    })
    expect((await fixtures.run('run-2', { region: '/cn/js/sz' })).form).toMatchObject({ looked: 0 })
  })

  it('opens five cases for an account manager, of the best customers; the rest waits visibly and comes next', async () => {
    const low = await forwarding({ monthlyCharge: 100 })
    const some: string[] = []
    for (let i = 0; i < 5; i++) some.push(await forwarding({ monthlyCharge: 5_000 + i }))
    const high = await forwarding({ monthlyCharge: 9_000 })
    const other = await forwarding({ manager: 'm2', monthlyCharge: 100 })
    const nobodys = await forwarding({ manager: null })
    const first = await fixtures.run('run-1')
    expect(first.form).toMatchObject({
      looked: 9,
      alarmed: 9,
      heldBack: 3,
      signals: expect.stringMatching(/held back: capacity 2, no-manager 1$/),
    })
    expect(first.form!.customers).toEqual([high, ...some.toReversed().slice(0, 4), other])
    expect(Object.fromEntries(await fixtures.alarms('run-1'))).toMatchObject({
      [some[0]!]: 'capacity',
      [low]: 'capacity',
      [nobodys]: 'no-manager',
    })

    // The cases are about to be opened, and then open: no manager gets more either way.
    expect((await fixtures.run('run-2')).form).not.toHaveProperty('customers')
    const opened = first.form!.customers as string[]
    for (const customer of opened)
      await fixtures.order(`case-${customer}`, 'retention', { customer, startedBy: 'run-1', facts: { entry: 'case' } })
    expect((await fixtures.run('run-3')).form).not.toHaveProperty('customers')
    await database!.pool.query(`UPDATE orders SET closed_at = $2, status = 'closed', "end" = 'kept' WHERE id = ANY ($1)`, [
      opened.slice(0, 2).map((customer) => `case-${customer}`),
      new Date(AT),
    ])
    expect((await fixtures.run('run-4')).form).toMatchObject({ customers: [some[0], low], heldBack: 7 })
  })

  it('goes by the capacity of whoever has one: what his open tasks leave free', async () => {
    await fixtures.manager('m3', 3)
    for (let i = 0; i < 4; i++) await forwarding({ manager: 'm3' })
    await fixtures.order('visit', 'return-visit', { customer: await fixtures.customer() })
    await database!.pool.query(
      `INSERT INTO task (order_id, task, step, n, status, person_id, opened_at, region_path, process, priority)
       VALUES ('visit', 't', 'visit', 1, 'accepted', 'm3', now(), '/cn/js', 'return-visit', 3)`,
    )
    expect((await fixtures.run('run-1')).form).toMatchObject({ alarmed: 4, heldBack: 2 })
  })

  it('opens no second case beside an open one, whoever opened it', async () => {
    const byHand = await forwarding()
    const withCase = await forwarding()
    await fixtures.order('by-hand', 'retention', { customer: byHand, facts: { entry: 'query' } })
    await fixtures.order('noted', 'network-leave', { customer: withCase })
    await database!.pool.query("INSERT INTO retention_case (order_id, customer_id, opened_at) VALUES ('noted', $1, now())", [withCase])
    await fixtures.run('run-1')
    expect(await fixtures.alarms('run-1')).toEqual([
      [byHand, 'open-case'],
      [withCase, 'open-case'],
    ])
  })

  it('never for the same reason within the quiet period, counted from the alarm or the end of its case', async () => {
    const customer = await forwarding()
    await fixtures.run('run-1')
    await fixtures.order('case', 'retention', { customer, startedBy: 'run-1', facts: { entry: 'case' }, closedAt: AT + 10 * DAY })
    const again = async (id: string, day: number) => {
      await fixtures.seen(customer, 'call-forwarding', 0.5, 'other-operator', AT + day * DAY)
      await fixtures.run(id, { at: AT + day * DAY })
      return (await fixtures.alarms(id)).map(([, said]) => said)
    }
    expect(await again('run-2', 12)).toEqual(['quiet'])
    expect(await again('run-3', 39)).toEqual(['quiet'])
    await fixtures.order('complaint', 'complaint', { customer, at: AT + 39 * DAY })
    // Another reason is news.
    expect(await again('run-4', 39.5)).toEqual(['opened'])
    await fixtures.order('case-2', 'retention', {
      customer,
      startedBy: 'run-4',
      facts: { entry: 'case' },
      closedAt: AT + 39.6 * DAY,
      at: AT + 39.5 * DAY,
    })
    expect(await again('run-5', 69)).toEqual(['quiet'])
    expect(await again('run-6', 71)).toEqual(['opened'])
  })

  it('two at once open a case for each customer once', async () => {
    for (let i = 0; i < 4; i++) await forwarding()
    await Promise.all(['run-1', 'run-2', 'run-3'].map((id) => fixtures.run(id)))
    expect(await rows("SELECT customer_id FROM retention_alarm WHERE state = 'opened' GROUP BY 1 HAVING count(*) <> 1")).toEqual([])
    expect(await rows("SELECT count(*)::int AS n FROM retention_alarm WHERE state = 'opened'")).toEqual([{ n: 4 }])
    expect(await rows('SELECT FROM retention_run')).toHaveLength(3)
  })

  it('goes by the models in force, by no draft, and says so where there is none', async () => {
    const customer = await fixtures.customer()
    for (const days of [1, 2]) await fixtures.seen(customer, 'service-call', days)
    const spec = { ...preChurn, rules: [{ signal: 'service-calls' as const, count: 2, days: 7 }] }
    const saved = await saveModel(database!.pool, { id: 'pre-churn', process: 'retention', kind: 'rules', spec, by: 'me', at: AT })
    expect((await fixtures.run('run-1')).form).toMatchObject({ alarmed: 0 })
    await releaseModel(database!.pool, 'pre-churn', saved.saved ? saved.version : 0, 'me', AT)
    expect((await fixtures.run('run-2')).form).toMatchObject({ alarmed: 1, signals: 'service-calls 1' })
    expect(await rows("SELECT models FROM retention_run WHERE order_id = 'run-2'")).toEqual([{ models: [{ id: 'pre-churn', version: 2 }] }])
    await database!.pool.query("UPDATE retention_model SET state = 'retired', retired_at = now() WHERE process = 'retention'")
    await expect(fixtures.run('run-3')).rejects.toMatchObject({ type: 'NO_MODEL', nonRetryable: true })
    await expect(fixtures.step('nowhere', 'retention', 'detect-pre-churn', { entry: 'run' })).rejects.toThrow()
  })

  it('waits for an order that the record does not have yet', async () => {
    await expect(fixtures.step('nowhere', 'retention', 'detect-pre-churn', { entry: 'run' })).rejects.toThrow(
      /the record has no order nowhere yet/,
    )
  })

  it('with a fitted card alarms who is likely to leave, and says the points', async () => {
    await importCustomers(database!.pool, { path: 'test/data/telco-customers-200.csv' })
    const { card } = await fit(database!.pool, { login: 'analyst', id: 'churn-card', seed: 1, release: true, now: AT })
    const { form } = await fixtures.run('run-1')
    expect(form).toMatchObject({ looked: 157 })
    const alarms = await rows(
      `SELECT a.points, a.state, a.why, a.manager_id, p.value_class, a.reasons -> 0 AS reason FROM retention_alarm a JOIN customer_profile p USING (customer_id) ORDER BY a.id`,
    )
    expect(alarms.length).toBe(form!.alarmed)
    expect(alarms.length).toBeGreaterThan(20)
    for (const { points, value_class: value, reason } of alarms) {
      expect(points).toBeGreaterThanOrEqual(card.cutoff[value as 'high'])
      expect(reason).toMatchObject({ key: 'scorecard', points, en: expect.stringContaining(`${points} points (alarm for`) })
    }
    for (const manager of new Set(alarms.map((alarm) => alarm.manager_id))) {
      const his = alarms.filter((alarm) => alarm.manager_id === manager)
      expect(his.map(({ state }) => state)).toEqual(his.map((_, i) => (i < 5 ? 'opened' : 'held-back')))
    }
  })
})

describe('an order that looks at its own customer', () => {
  it('is the case: nobody is held back, and the reasons are told', async () => {
    const customer = await forwarding({ manager: null })
    await fixtures.order('own', 'retention', { customer })
    await database!.pool.query("INSERT INTO retention_case (order_id, customer_id, opened_at) VALUES ('own', $1, now())", [customer])
    const { form } = await fixtures.step('own', 'retention', 'detect-pre-churn')
    expect(form).toEqual({
      alarm: expect.stringMatching(/^ra-\d+$/),
      signals: '30 天内呼叫转移至他网 / calls forwarded to another operator within 30 days',
      looked: 1,
      alarmed: 1,
      heldBack: 0,
    })
    expect(await rows("SELECT 'ra-' || alarm_id AS alarm FROM retention_case")).toEqual([{ alarm: form!.alarm }])
  })

  it('says that there is nothing', async () => {
    await fixtures.order('own', 'retention', { customer: await fixtures.customer() })
    expect((await fixtures.step('own', 'retention', 'detect-pre-churn')).form).toEqual({
      signals: '无预警信号 / no signal',
      looked: 1,
      alarmed: 0,
      heldBack: 0,
    })
  })
})

describe('P-35 and P-37', () => {
  it('a run finds abnormal charges of middle and high-end customers', async () => {
    const charged = async (monthlyCharge: number | null, now: number) => {
      const id = await fixtures.customer(monthlyCharge === null ? { profile: null } : { monthlyCharge })
      await fixtures.charges(id, { '2026-08': 10_000, '2026-09': 10_000, '2026-10': now })
      return id
    }
    const mid = await charged(5_000, 14_000)
    const key = await charged(null, 6_000)
    await charged(100, 14_000)
    await charged(9_000, 12_000)
    const maintenance = { process: 'customer-maintenance', step: 'detect-fluctuation' }
    expect(await fixtures.run('run-1', maintenance)).toEqual({
      outcome: 'found',
      form: { customers: [mid, key], reasons: [expect.any(String), expect.any(String)], signals: 'charge-deviation 2', looked: 3 },
    })
    // The quiet period of one process is none of another's.
    expect((await fixtures.run('run-2')).form).toMatchObject({ customers: expect.arrayContaining([mid, key]) })
    expect(await fixtures.run('run-3', maintenance)).toEqual({ outcome: 'none' })
  })

  it('an order for one customer of low value is about him', async () => {
    const id = await fixtures.customer({ monthlyCharge: 100, profile: { monthlyCharge: 100, totalCharge: 500, tenureMonths: 10 } })
    await fixtures.order('own', 'customer-maintenance', { customer: id })
    expect(await fixtures.step('own', 'customer-maintenance', 'detect-fluctuation')).toMatchObject({
      outcome: 'found',
      form: { signals: expect.stringContaining('deviate by +100 %') },
    })
  })

  it('a run lists abnormal customers, and says the kind where all are of one', async () => {
    const [a, b] = [await fixtures.customer({ manager: null }), await fixtures.customer()]
    for (const id of [a, b]) await fixtures.seen(id, 'calling-behaviour', 3)
    const abnormal = { process: 'abnormal-customer-tracking', step: 'generate-abnormal' }
    expect((await fixtures.run('run-1', abnormal)).form).toEqual({
      customers: [a, b],
      reasons: [expect.any(String), expect.any(String)],
      abnormal: 'calling-behaviour',
      signals: 'calling-behaviour 2',
      looked: 2,
    })
    const rich = await fixtures.customer()
    await fixtures.charges(rich, { '2026-10': 600_000 })
    const other = await fixtures.customer()
    await fixtures.charges(other, { '2026-10': 100 })
    const { form } = await fixtures.run('run-2', abnormal)
    expect(form).toMatchObject({ customers: [rich, other] })
    expect(form).not.toHaveProperty('abnormal')
  })
})

describe('the evaluation', () => {
  const tracked = (outcome: string) => ({ step: 'track-scheme', outcome })

  it.each([
    [['kept'], { outcome: 'kept', form: { days: 31 } }],
    [['again', 'modify', 'kept'], { outcome: 'kept', form: { days: 31 } }],
    [['again', 'lost'], { outcome: 'lost' }],
  ])('says what the tracking %j said last, and the days', async (outcomes, result) => {
    await fixtures.order('case', 'retention', {
      customer: await fixtures.customer(),
      journal: [...outcomes.map(tracked), { step: 'close-scheme', outcome: 'closed' }],
    })
    expect(await fixtures.step('case', 'retention', 'evaluate', {}, AT + 30.5 * DAY)).toEqual(result)
  })

  it('is a person’s where nothing was tracked', async () => {
    await fixtures.order('case', 'retention', { customer: await fixtures.customer() })
    await expect(fixtures.step('case', 'retention', 'evaluate')).rejects.toMatchObject({ type: 'NOT_TRACKED', nonRetryable: true })
  })
})
