/** Two who act at the same moment, and money that comes too early, twice, or wrong; on the real engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FieldSpec } from '../../domain/order/spec.ts'
import { complaintSpec } from '../../domain/processes/complaint.ts'
import { example } from '../support/simulator.ts'
import { newRoute, stages } from '../support/whole-order.ts'
import { doStep, openWorld, someService, until, verify, type World } from '../support/world.ts'

let world: World
let boss: string
let finance: string
beforeAll(async () => {
  world = await openWorld()
  await world.db.pool.query('DELETE FROM delegation; DELETE FROM absence')
  const { rows } = await world.db.pool.query("SELECT id FROM staff WHERE login IN ('finance', 'vp') ORDER BY login")
  ;[finance, boss] = rows.map(({ id }) => id as string) as [string, string]
})
afterAll(() => world?.close())

type Item = Record<string, any>
const completed = async (order: string, step: string): Promise<string[]> =>
  (await world.state(order)).journal.flatMap((entry) => ('step' in entry && entry.step === step ? [entry.outcome] : []))

async function complaint(): Promise<string> {
  const { customer, reporter } = await someService(world)
  const required = Object.fromEntries(Object.entries<FieldSpec>(complaintSpec.input).filter(([, field]) => field.required))
  const { status, body } = await world.as(reporter).post<Item>('/orders', {
    process: 'complaint',
    customerId: customer,
    title: 'the line drops',
    input: example(required, Date.now() - 3_600_000),
  })
  expect([status, body]).toEqual([201, expect.anything()])
  await doStep(world, body.order as string, 'receive-complaint', 'received')
  await doStep(world, body.order as string, 'record-classify', 'classified')
  return body.order as string
}

describe('at the same moment', () => {
  it('the customer confirms and a supervisor withdraws: one of them, and the order is whole', async () => {
    const order = await complaint()
    await doStep(world, order, 'self-resolve', 'resolved')
    await doStep(world, order, 'reply-customer', 'replied')
    const { reporter } = await someService(world)
    const { body: link } = await world.as(reporter).post<Item>(`/orders/${order}/track-links`, {})
    const token = link.token as string
    const [asked] = ((await (await fetch(`${world.url}/track/${token}`)).json()) as Item).asked as [Item]
    const answer = fetch(`${world.url}/track/${token}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'race-1' },
      body: JSON.stringify({ type: 'complete', task: asked.task as string, outcome: 'satisfied' }),
    })
    const [said, withdrawn] = await Promise.all([answer, world.as(boss).command(order, { type: 'withdraw', reason: 'by mistake' })])
    await until(world, order, ({ status, tasks }) => status === 'closed' || 'archive-needs.1' in tasks, 'it has gone on')
    await verify(world, order)
    const state = await world.state(order)
    // Whoever came second was told so, unless the first still left room for the second.
    expect([said.status, withdrawn.status]).toContain(200)
    expect(await completed(order, 'decide-satisfied')).toEqual(said.status === 200 ? ['satisfied'] : [])
    expect(state.status === 'closed' && state.end === 'withdrawn').toBe(withdrawn.status === 200)
  })

  it('two departments answer: both are heard, and the answer is given once', async () => {
    const order = await complaint()
    await doStep(world, order, 'self-resolve', 'cannot', { departments: ['js-business', 'js-data'] })
    const open = await until(world, order, ({ tasks }) => Object.keys(tasks).length === 2, 'both are asked')
    const answers = await Promise.all(
      Object.values(open.tasks).map(async ({ id, unit, person }) => {
        const { rows } = await world.db.pool.query<{ id: string }>(
          "SELECT s.id FROM staff s JOIN staff_role r ON r.staff_id = s.id WHERE r.role = 'business-dept' AND ($1::text IS NULL OR s.id = $1) AND r.unit_id = $2 ORDER BY s.id LIMIT 1",
          [person ?? null, unit],
        )
        const by = world.as(rows[0]!.id)
        await by.command(order, { type: 'accept', task: id })
        return by.command(order, { type: 'complete', task: id, outcome: 'resolved', form: { result: 'measured, no fault found' } })
      }),
    )
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [200, undefined],
      [200, undefined],
    ])
    await until(world, order, ({ tasks }) => 'department-feedback.1' in tasks, 'the feedback is asked for, once')
    expect(await completed(order, 'department-cooperate')).toEqual(['resolved', 'resolved'])
    await verify(world, order)
  })
})

describe('a payment', () => {
  it('before its step is kept, twice counts once, and the wrong sum is a mismatch', async () => {
    const route = await newRoute(world, 3)
    for (const [title, stage] of stages) {
      if (title === 'paid') break
      await stage(world, route)
    }
    const { activation } = route
    const pays = async (amount: number) =>
      world.as(finance).post('/payments', { bankNo: `r-${route.order}`, amount, paidAt: new Date().toISOString(), reference: activation })
    await until(world, activation, ({ tasks }) => 'circuit-tested.1' in tasks, 'the activation has begun')
    expect((await pays(99_000)).status).toBeLessThan(300)
    expect((await pays(99_000)).status).toBeLessThan(300)
    expect((await pays(98_000)).status).toBe(409)
    await doStep(world, activation, 'circuit-tested', 'passed')
    await doStep(world, activation, 'confirm-activation-date', 'confirmed', { activationDate: Date.now() + 86_400_000 })
    await doStep(world, activation, 'fill-confirmation', 'filled')
    await doStep(world, activation, 'hand-to-finance', 'handed')
    const state = await until(world, activation, ({ tasks }) => 'finance-check.1' in tasks, 'what came early has opened the check')
    expect(state.facts.paid).toBe(99_000)
    await expect(doStep(world, activation, 'finance-check', 'match')).rejects.toThrow(/REQUIREMENT/)
    await doStep(world, activation, 'finance-check', 'mismatch')
    expect(await completed(activation, 'collect-payment')).toEqual(['collected'])
    await verify(world, activation)
  }, 60_000)
})
