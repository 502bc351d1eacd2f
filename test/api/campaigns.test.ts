/** Campaigns at the door and over the in-process engine: holdout, budget at its edge, pause, measurement. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type Door, MONDAY, openDoor } from './support/door.ts'

type Item = Record<string, any>

const N = 120
const COST = 1_000
let door: Door
let analyst: Caller
let director: Caller
let manager: Caller
const spec = (more: object = {}) => ({
  target: { contracts: ['month-to-month'], tenureBelow: 12 },
  scheme: '套餐优惠 A',
  budget: 30 * COST,
  holdout: 2_000,
  from: '2026-01-01',
  to: '2026-12-31',
  ...more,
})
const name = { zh: '一月挽留', en: 'January' }
const sql = async (text: string, ...values: unknown[]) => (await door.db.pool.query(text, values)).rows as Item[]
const save = (who: Caller, id: string, more: object = {}) => who.post(`/campaigns/${id}`, { name, spec: spec(more) })
const move = (who: Caller, id: string, to: string) => who.post(`/campaigns/${id}/states`, { to })

beforeAll(async () => {
  door = await openDoor()
  analyst = await door.as('analyst')
  director = await door.as('director')
  manager = await door.as('manager')
  const region = (await sql('SELECT region_path FROM staff WHERE id = $1', manager.id))[0]!.region_path
  await sql("UPDATE customer SET status = 'left'")
  await sql('UPDATE staff SET capacity = 1000 WHERE id = $1', manager.id)
  await sql(
    `INSERT INTO customer (id, no, name_zh, name_en, grade, region_path, account_manager_id, status)
     SELECT 'ca-' || lpad(n::text, 3, '0'), 'CA' || n, '客户' || n, 'Customer ' || n, 'local-b', $1, $2, 'active' FROM generate_series(1, $3::int) n`,
    region,
    manager.id,
    N,
  )
  await sql(
    `INSERT INTO customer_profile (customer_id, tenure_months, contract, payment, flags, monthly_charge, total_charge, value_class, updated_at)
     SELECT id, CASE WHEN id <= 'ca-100' THEN 5 ELSE 50 END, 'month-to-month', 'mailed-check', '{}', 5000, 25000, 'mid', $1 FROM customer WHERE id LIKE 'ca-%'`,
    new Date(MONDAY),
  )
})
afterAll(() => door.close())

/** Runs the campaign. @returns the order's id */
async function run(campaign: string): Promise<string> {
  const { status, body } = await director.post('/orders', { process: 'retention', title: 'Run', input: { entry: 'run', campaign } })
  expect([status, body.code]).toEqual([201, undefined])
  return body.order as string
}
const arms = async (campaign: string) =>
  Object.fromEntries(
    (await sql('SELECT arm, count(*)::int AS n FROM campaign_member WHERE campaign_id = $1 GROUP BY 1', campaign)).map(({ arm, n }) => [
      arm,
      n,
    ]),
  )
const task = async (order: string, step: string): Promise<string> =>
  (await sql('SELECT task FROM task WHERE order_id = $1 AND step = $2 AND closed_at IS NULL', order, step))[0]!.task

describe('a campaign', () => {
  it('is refused by field, and saved by one, started by another', async () => {
    const wrong = await save(analyst, 'january', { budget: 0, to: '2025-01-01' })
    expect(wrong.body.errors.map(({ field }: Item) => field)).toEqual(['spec.budget', 'spec.to'])
    expect((await save(manager, 'january')).status).toBe(403)
    expect((await save(analyst, 'january')).body).toMatchObject({ state: 'draft', spent: 0, uplift: null })
    expect((await move(analyst, 'january', 'running')).body.code).toBe('NOT_ALLOWED')
    expect((await move(director, 'january', 'paused')).body.code).toBe('POLICY_CHANGED')
  })

  it('opens nothing while it is a draft, or paused', async () => {
    await run('january')
    expect(await arms('january')).toEqual({})
    expect((await move(director, 'january', 'running')).status).toBe(201)
    expect((await move(director, 'january', 'paused')).status).toBe(201)
    await run('january')
    expect(await arms('january')).toEqual({})
    expect((await save(analyst, 'january')).body.errors).toMatchObject([{ field: 'id' }])
    await move(director, 'january', 'running')
  })

  it('splits those whom it is for, opens cases for all but the holdout, and nobody’s turn comes twice', async () => {
    const order = await run('january')
    const split = await arms('january')
    expect(split.treated + split.holdout).toBe(100)
    // 20 % of 100: four standard deviations to either side
    expect(split.holdout).toBeGreaterThan(4)
    expect(split.holdout).toBeLessThan(36)
    const alarms = (await analyst.get(`/detections/${order}/alarms?limit=200`)).body.items as Item[]
    expect(alarms).toHaveLength(split.treated)
    expect(alarms[0]!.reasons).toMatchObject([{ key: 'campaign:january', en: 'campaign: January' }])
    const cases = (await analyst.get('/retention-cases?campaign=january&limit=200')).body.items as Item[]
    expect(cases.map(({ customer }) => customer.id).sort()).toEqual(alarms.map(({ customer }) => customer.id).sort())
    const held = await sql("SELECT customer_id FROM campaign_member WHERE arm = 'holdout'")
    expect(
      await sql(
        'SELECT 1 FROM retention_case WHERE customer_id = ANY ($1)',
        held.map(({ customer_id: id }) => id),
      ),
    ).toEqual([])
    await run('january')
    expect(await arms('january')).toEqual(split)
  })

  it('never spends more than its budget, however many choose and close at once', async () => {
    const cases = ((await analyst.get('/retention-cases?campaign=january&limit=200')).body.items as Item[]).map(
      ({ order }) => order as string,
    )
    for (const order of cases)
      expect((await manager.command(order, { type: 'accept', task: await task(order, 'raise-alarm') })).status).toBe(200)
    const chosen = await Promise.all(
      cases.map(async (order) => {
        const body = {
          type: 'complete',
          task: await task(order, 'choose-scheme'),
          outcome: 'from-library',
          form: { scheme: 'A', cost: COST },
        }
        return { order, ...(await manager.command(order, body)) }
      }),
    )
    const got = chosen.filter(({ status }) => status === 200)
    expect([got.length, chosen.filter(({ body }) => body.code === 'BUDGET_EXCEEDED').length]).toEqual([30, cases.length - 30])
    expect((await analyst.get('/campaigns/january')).body).toMatchObject({ budget: 30 * COST, spent: 30 * COST })
    // all close at once, each half dearer than it said: what the others leave is not enough for all
    const work = async (order: string, step: string, outcome: string, form: object = {}) => {
      const open = await task(order, step)
      await manager.command(order, { type: 'accept', task: open })
      return manager.command(order, { type: 'complete', task: open, outcome, form })
    }
    for (const { order } of got) {
      expect((await work(order, 'carry-out', 'contact-made', { contact: 'c', attemptResult: 'positive' })).status).toBe(200)
      expect((await work(order, 'track-scheme', 'kept')).status).toBe(200)
    }
    const [cheap, dear] = [got.slice(0, 10), got.slice(10)]
    for (const { order } of cheap) expect((await work(order, 'close-scheme', 'closed', { finalCost: COST / 2 })).status).toBe(200)
    const closed = await Promise.all(dear.map(({ order }) => work(order, 'close-scheme', 'closed', { finalCost: COST * 1.5 })))
    expect([200, 409].map((status) => closed.filter((one) => one.status === status).length)).toEqual([10, 10])
    const [figures] = await sql(
      "SELECT spent, (SELECT sum(amount) FROM campaign_cost WHERE campaign_id = 'january') AS sum FROM campaign WHERE id = 'january'",
    )
    expect(figures).toEqual({ spent: String(30 * COST), sum: String(30 * COST) })
    await expect(sql("UPDATE campaign SET spent = budget + 1 WHERE id = 'january'")).rejects.toThrow('campaign_within_budget')
  })

  it('gives back what a refused command had taken, and what a false alarm had reserved', async () => {
    const [{ order_id: order }] = (await sql(
      "SELECT c.order_id FROM campaign_cost c JOIN retention_case k ON k.order_id = c.order_id WHERE k.closed_at IS NULL AND c.step = 'choose-scheme' LIMIT 1",
    )) as [Item]
    const before = (await analyst.get('/campaigns/january')).body.spent
    const refused = await manager.command(order, { type: 'complete', task: 'close-scheme.9', outcome: 'closed', form: { finalCost: 1 } })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect((await analyst.get('/campaigns/january')).body.spent).toBe(before)
    const supervisor = await door.as('director')
    expect((await supervisor.command(order, { type: 'withdraw', reason: 'r' })).status).toBe(200)
    expect((await analyst.get('/campaigns/january')).body.spent).toBe(before - COST)
  })

  it('is measured against its holdout', async () => {
    await sql(
      `UPDATE customer_profile SET churned = true, updated_at = $1 WHERE customer_id IN (SELECT customer_id FROM campaign_member WHERE arm = 'holdout' ORDER BY 1 LIMIT 3)`,
      new Date(MONDAY + 1),
    )
    const { body } = await analyst.get('/campaigns/january')
    expect(body.treated).toMatchObject({ closed: 21, attempts: 30, positive: 30, left: 0, stayed: 1, cost: body.spent })
    expect(body.holdout).toMatchObject({ left: 3, cost: 0, attempts: 0 })
    expect(body.uplift.difference).toBeCloseTo(3 / body.holdout.customers, 9)
    expect(body.uplift.low).toBeLessThan(body.uplift.difference)
  })

  it('is of its region, and stopped for good', async () => {
    expect((await (await door.as('xue.feng')).get('/campaigns/january')).status).not.toBe(200)
    expect((await move(director, 'january', 'stopped')).body.state).toBe('stopped')
    expect((await move(director, 'january', 'running')).body.code).toBe('POLICY_CHANGED')
  })
})
