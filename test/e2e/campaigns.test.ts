/** Campaigns by HTTP on the real engine: holdout, cases, budget at its edge, pause, measurement. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { reserveCost } from '../../api/orders/budget.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { specOf } from '../../domain/processes/index.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { type Caller, openWorld, type World } from '../support/world.ts'

type Item = Record<string, any>

const N = 50
const COST = 1_000
const BUDGET = 12 * COST
let world: World
let analyst: Caller
let director: Caller
let manager: Caller
const spec = (more: object = {}) => ({
  target: { contracts: ['month-to-month'], tenureBelow: 12 },
  scheme: '套餐优惠 A',
  budget: BUDGET,
  holdout: 3_000,
  from: '2026-01-01',
  to: '2099-12-31',
  ...more,
})
const name = { zh: '一月挽留', en: 'January' }
const sql = async (text: string, ...values: unknown[]) => (await world.db.pool.query(text, values)).rows as Item[]
const get = async (who: Caller, path: string) => (await who.get<Item>(path)).body
const save = (who: Caller, id: string, more: object = {}) => who.post<Item>(`/campaigns/${id}`, { name, spec: spec(more) })
const move = (who: Caller, id: string, to: string) => who.post<Item>(`/campaigns/${id}/states`, { to })

beforeAll(async () => {
  world = await openWorld()
  ;[analyst, director, manager] = ['analyst', 'director', 'manager'].map((login) => world.as(person(login).id)) as [Caller, Caller, Caller]
  const region = (await sql('SELECT region_path FROM staff WHERE id = $1', person('manager').id))[0]!.region_path
  await sql("UPDATE customer SET status = 'left'")
  await sql('DELETE FROM delegation; DELETE FROM absence')
  await sql('UPDATE staff SET capacity = 1000 WHERE id = $1', person('manager').id)
  await sql(
    `INSERT INTO customer (id, no, name_zh, name_en, grade, region_path, account_manager_id, status)
     SELECT 'ca-' || lpad(n::text, 3, '0'), 'CA' || n, '客户' || n, 'Customer ' || n, 'local-b', $1, $2, 'active' FROM generate_series(1, $3::int) n`,
    region,
    person('manager').id,
    N,
  )
  await sql(
    `INSERT INTO customer_profile (customer_id, tenure_months, contract, payment, flags, monthly_charge, total_charge, value_class, updated_at)
     SELECT id, CASE WHEN id <= 'ca-040' THEN 5 ELSE 50 END, 'month-to-month', 'mailed-check', '{}', 5000, 25000, 'mid', now() FROM customer WHERE id LIKE 'ca-%'`,
  )
})
afterAll(() => world.close())

/** Runs the campaign to its end. @returns the order's id */
async function run(campaign: string): Promise<string> {
  const { status, body } = await director.post<Item>('/orders', { process: 'retention', title: 'Run', input: { entry: 'run', campaign } })
  expect([status, body.code]).toEqual([201, undefined])
  await vi.waitUntil(async () => (await sql('SELECT 1 FROM orders WHERE id = $1 AND closed_at IS NOT NULL', body.order)).length === 1, {
    timeout: 30_000,
  })
  return body.order as string
}
const arms = async (campaign: string) =>
  Object.fromEntries(
    (await sql('SELECT arm, count(*)::int AS n FROM campaign_member WHERE campaign_id = $1 GROUP BY 1', campaign)).map(({ arm, n }) => [
      arm,
      n,
    ]),
  ) as Record<string, number>
type Work = { type: 'accept' } | { type: 'complete'; outcome: string; form?: Readonly<Record<string, Fact>> }
/** Whoever the step is offered to, or who holds it, gives the command. */
async function does(order: string, step: string, work: Work) {
  const open = await vi.waitUntil(
    async () =>
      (await sql('SELECT task, person_id AS person FROM task WHERE order_id = $1 AND step = $2 AND closed_at IS NULL', order, step))[0],
    { timeout: 30_000 },
  )
  return world.as(open.person as string).command(order, { task: open.task as string, ...work })
}

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
    expect(split.treated! + split.holdout!).toBe(40)
    // 30 % of 40: more than three standard deviations to either side
    expect(split.holdout).toBeGreaterThan(2)
    expect(split.holdout).toBeLessThan(22)
    const alarms = (await get(analyst, `/detections/${order}/alarms?limit=200`)).items as Item[]
    expect(alarms).toHaveLength(split.treated!)
    expect(alarms[0]!.reasons).toMatchObject([{ key: 'campaign:january', en: 'campaign: January' }])
    const cases = await vi.waitUntil(
      async () => {
        const { items } = await get(analyst, '/retention-cases?campaign=january&limit=200')
        return items.length === split.treated && (items as Item[])
      },
      { timeout: 30_000 },
    )
    expect(cases.map(({ customer }) => customer.id as string).sort((a, b) => (a < b ? -1 : 1))).toEqual(
      alarms.map(({ customer }) => customer.id as string).sort((a, b) => (a < b ? -1 : 1)),
    )
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
    const cases = ((await get(analyst, '/retention-cases?campaign=january&limit=200')).items as Item[]).map(({ order }) => order as string)
    for (const order of cases) {
      expect((await does(order, 'raise-alarm', { type: 'accept' })).status).toBe(200)
    }
    const chosen = await Promise.all(
      cases.map(async (order) => {
        await does(order, 'choose-scheme', { type: 'accept' })
        const form = { scheme: 'A', cost: COST }
        const { status, body } = await does(order, 'choose-scheme', { type: 'complete', outcome: 'from-library', form })
        return { order, status, body }
      }),
    )
    const got = chosen.filter(({ status }) => status === 200)
    expect([got.length, chosen.filter(({ body }) => body.code === 'BUDGET_EXCEEDED').length]).toEqual([12, cases.length - 12])
    expect(await get(analyst, '/campaigns/january')).toMatchObject({ budget: BUDGET, spent: BUDGET })
    // all close at once, each half dearer than it said: what the others leave is not enough for all
    const work = async (order: string, step: string, outcome: string, form: Record<string, string | number> = {}) => {
      await does(order, step, { type: 'accept' })
      return does(order, step, { type: 'complete', outcome, form })
    }
    for (const { order } of got) {
      expect((await work(order, 'carry-out', 'contact-made', { contact: 'c', attemptResult: 'positive' })).status).toBe(200)
      expect((await work(order, 'track-scheme', 'kept')).status).toBe(200)
    }
    const [cheap, dear] = [got.slice(0, 4), got.slice(4)]
    for (const { order } of cheap) expect((await work(order, 'close-scheme', 'closed', { finalCost: COST / 2 })).status).toBe(200)
    const closed = await Promise.all(dear.map(({ order }) => work(order, 'close-scheme', 'closed', { finalCost: COST * 1.5 })))
    expect([200, 409].map((status) => closed.filter((one) => one.status === status).length)).toEqual([4, 4])
    const [figures] = await sql(
      "SELECT spent, (SELECT sum(amount) FROM campaign_cost WHERE campaign_id = 'january') AS sum FROM campaign WHERE id = 'january'",
    )
    expect(figures).toEqual({ spent: String(BUDGET), sum: String(BUDGET) })
    await expect(sql("UPDATE campaign SET spent = budget + 1 WHERE id = 'january'")).rejects.toThrow('campaign_within_budget')
  })

  it('lets 500 cases at once take what there is, and no fen more', async () => {
    expect((await save(analyst, 'edge', { budget: 400 * COST + 1 })).status).toBe(201)
    const ids = Array.from({ length: 500 }, (_, i) => `edge-${i}`)
    await sql(
      `INSERT INTO orders (id, process, status, region_path, title, priority, seq, hash, state, opened_at, updated_at)
       SELECT id, 'retention', 'open', '/cn/js', 't', 3, 1, 'h', '{"facts":{"campaign":"edge"}}', now(), now() FROM unnest($1::text[]) id`,
      ids,
    )
    const command = { type: 'complete', task: 'close-scheme.1', outcome: 'closed', form: { finalCost: COST } } as const
    const taken = await Promise.allSettled(
      ids.map((order) => reserveCost(world.db.pool, { order, spec: specOf('retention'), command, by: 'me', now: new Date() })),
    )
    const refused = taken.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))
    expect([refused.length, new Set(refused)]).toEqual([100, new Set(['BUDGET_EXCEEDED'])])
    expect(await sql("SELECT spent FROM campaign WHERE id = 'edge'")).toEqual([{ spent: String(400 * COST) }])
    await sql("DELETE FROM campaign_cost WHERE campaign_id = 'edge'")
    await sql('DELETE FROM orders WHERE id = ANY ($1)', ids)
  })

  it('gives back what a refused command had taken, and what a false alarm had reserved', async () => {
    const [{ order_id: order }] = (await sql(
      "SELECT c.order_id FROM campaign_cost c JOIN retention_case k ON k.order_id = c.order_id WHERE k.closed_at IS NULL AND c.step = 'choose-scheme' LIMIT 1",
    )) as [Item]
    const before = (await get(analyst, '/campaigns/january')).spent
    const refused = await manager.command(order, { type: 'complete', task: 'close-scheme.9', outcome: 'closed', form: { finalCost: 1 } })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect((await get(analyst, '/campaigns/january')).spent).toBe(before)
    expect((await director.command(order, { type: 'withdraw', reason: 'r' })).status).toBe(200)
    expect((await get(analyst, '/campaigns/january')).spent).toBe(before - COST)
  })

  it('is measured against its holdout', async () => {
    await sql(
      `UPDATE customer_profile SET churned = true, updated_at = $1 WHERE customer_id IN (SELECT customer_id FROM campaign_member WHERE arm = 'holdout' ORDER BY 1 LIMIT 3)`,
      new Date(Date.now() + 60_000),
    )
    const body = await get(analyst, '/campaigns/january')
    expect(body.treated.closed).toBeGreaterThan(6)
    expect(body.treated).toMatchObject({ attempts: 12, positive: 12, left: 0, stayed: 1, cost: body.spent })
    expect(body.treated.results).toEqual({ positive: 12 })
    expect(Object.values(body.treated.ends as Record<string, number>).reduce((sum, n) => sum + n, 0)).toBe(body.treated.closed)
    expect(body.treated.ends).toEqual({ kept: 8, withdrawn: 1 })
    expect(body.holdout).toMatchObject({ results: {}, ends: {}, left: 3, cost: 0, attempts: 0 })
    expect(body.uplift.difference).toBeCloseTo(3 / body.holdout.customers, 9)
    expect(body.uplift.low).toBeLessThan(body.uplift.difference)
  })

  it('is of its region, and stopped for good', async () => {
    await sql("UPDATE staff SET region_path = '/cn/js/sz' WHERE id = $1", person('analyst').id)
    expect((await analyst.get('/campaigns/january')).status).toBe(404)
    expect((await get(analyst, '/campaigns')).items).toEqual([])
    expect((await move(director, 'january', 'stopped')).body.state).toBe('stopped')
    expect((await move(director, 'january', 'running')).body.code).toBe('POLICY_CHANGED')
  })
})
