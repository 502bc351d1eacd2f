/** Whole orders over HTTP on the real servers: from the report to the closed file, with what the record and the engine then hold. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { begin, doStep, ok, openWorld, replays, someService, until, verify, type World } from '../support/world.ts'

let world: World
let boss: string

beforeAll(async () => {
  world = await openWorld()
  // A supervisor of the whole province sees every order.
  const { rows } = await world.db.pool.query(
    "select r.staff_id as id from staff_role r join staff s on s.id = r.staff_id where r.role = 'vp-in-charge' order by length(s.region_path), s.id limit 1",
  )
  boss = rows[0].id
})

afterAll(() => world?.close())

const row = async (sql: string, ...params: unknown[]) => (await world.db.pool.query(sql, params)).rows[0]

async function toCompensation(order: string): Promise<void> {
  await doStep(world, order, 'report-fault', 'registered')
  await doStep(world, order, 'issue-fault-application', 'sent')
  await doStep(world, order, 'start-standby-and-plan', 'restored-and-planned')
  await doStep(world, order, 'implement-solution', 'fixed')
  await doStep(world, order, 'decide-compensation', 'yes')
}

async function toAgreement(order: string): Promise<string> {
  await toCompensation(order)
  await doStep(world, order, 'decide-clause', 'no')
  await doStep(world, order, 'negotiate-compensation', 'agreed', { amount: 250_000 })
  const state = await until(world, order, (s) => Object.keys(s.children).length > 0, 'the agreement is a child order')
  return Object.keys(state.children)[0]!
}

const closed = (order: string) => until(world, order, (state) => state.status === 'closed', 'it closes')

describe('a level-1 fault', () => {
  it('is compensated by a signed agreement, and followed by a visit', async () => {
    const order = await begin(world, 'fault-level-1')
    const agreement = await toAgreement(order)
    await doStep(world, agreement, 'draft-contract', 'drafted', { amount: 250_000 })
    await doStep(world, agreement, 'countersign-business', 'agreed')
    await doStep(world, agreement, 'countersign-finance', 'agreed')
    await doStep(world, agreement, 'customer-review', 'accepted')
    await doStep(world, agreement, 'director-review', 'approved-within-authority')
    await doStep(world, agreement, 'sign-contract', 'signed')
    await doStep(world, agreement, 'archive-contract', 'archived')
    await doStep(world, order, 'execute-compensation', 'executed', { amount: 250_000 })
    await doStep(world, order, 'after-care', 'done')
    expect(await closed(order)).toMatchObject({ end: 'closed' })
    expect(await row('select state, basis, agreement_order_id from compensation where order_id = $1', order)).toMatchObject({
      state: 'paid',
      basis: 'agreement',
      agreement_order_id: agreement,
    })
    expect(await row('select parent_id, "end" from orders where id = $1', agreement)).toEqual({ parent_id: order, end: 'signed' })
    const visit = Object.keys((await world.state(order)).children).find((id) => id !== agreement)!
    await until(world, visit, (state) => state.process === 'return-visit', 'the visit is an order')
    expect(await row('select started_by, process from orders where id = $1', visit)).toEqual({ started_by: order, process: 'return-visit' })
    // The deputy general manager was told beside the application.
    expect(
      await row("select count(*)::int as n from notification where order_id = $1 and template = 'fault-application'", order),
    ).not.toEqual({ n: 0 })
    for (const id of [order, agreement]) {
      await verify(world, id)
      await replays(world, id)
    }
  })

  it('that is level 2 continues as such, linked both ways', async () => {
    const order = await begin(world, 'fault-level-1')
    await doStep(world, order, 'report-fault', 'not-level-1')
    const next = (await closed(order)).next!
    await until(world, next, (state) => state.process === 'fault-level-2', 'it continues as level 2')
    expect(await row('select continued_as from orders where id = $1', order)).toEqual({ continued_as: next })
    expect(await row('select continued_from, status from orders where id = $1', next)).toEqual({ continued_from: order, status: 'open' })
    expect((await world.state(next)).facts.symptom).toBe('no light')
  })

  it('withdrawn takes its agreement with it and voids what was drafted', async () => {
    const order = await begin(world, 'fault-level-1')
    const agreement = await toAgreement(order)
    await doStep(world, agreement, 'draft-contract', 'drafted', { amount: 250_000 })
    await ok(world.as(boss).command(order, { type: 'withdraw', reason: 'reported by mistake' }))
    expect(await closed(order)).toMatchObject({ end: 'withdrawn' })
    expect(await closed(agreement)).toMatchObject({ end: 'withdrawn' })
    expect(await row('select state from compensation where order_id = $1', order)).toMatchObject({ state: 'void' })
    expect(
      await row(
        'select count(*)::int as n from contract c join contract_version v on v.contract_id = c.id where v.order_id = $1 and c.status <> $2',
        agreement,
        'void',
      ),
    ).toEqual({ n: 0 })
    for (const id of [order, agreement]) await verify(world, id)
  })

  it('can’t be withdrawn once money has moved', async () => {
    const order = await begin(world, 'fault-level-1')
    await toCompensation(order)
    await doStep(world, order, 'decide-clause', 'yes')
    await doStep(world, order, 'propose-by-contract', 'approved', { amount: 1000 })
    await doStep(world, order, 'execute-compensation', 'executed', { amount: 1000 })
    const refused = await world.as(boss).command(order, { type: 'withdraw', reason: 'too late' })
    expect([refused.status, refused.body.code]).toEqual([409, 'IRREVERSIBLE'])
  })
})

describe('a graded fault', () => {
  it('keeps one repair clock through a denied recovery, paused only with a supervisor’s word', async () => {
    const order = await begin(world, 'graded-fault')
    await doStep(world, order, 'accept-fault', 'accepted')
    await doStep(world, order, 'diagnose', 'needs-dispatch')
    await doStep(world, order, 'dispatch-fault', 'dispatched')
    await doStep(world, order, 'take-ticket', 'taken')
    const taken = await until(
      world,
      order,
      (s) => s.tasks['repair-fault.1']?.status === 'accepted',
      'the repair is held by whoever took the ticket',
    )
    const engineer = taken.tasks['repair-fault.1']!.person!
    expect(engineer).toBe(taken.doers['take-ticket'])
    const due = taken.clocks.repair!.due
    const suspend = { type: 'suspend', task: 'repair-fault.1', reason: 'customer’s site is locked', party: 'customer' } as const
    await ok(world.as(engineer).command(order, suspend))
    expect((await world.state(order)).clocks.repair!.paused).toBeUndefined()
    await ok(world.as(boss).command(order, suspend))
    expect((await world.state(order)).clocks.repair!.paused).toMatchObject({ party: 'customer' })
    await new Promise((resolve) => setTimeout(resolve, 1100))
    await ok(world.as(boss).command(order, { type: 'resume', task: 'repair-fault.1' }))
    const resumed = (await world.state(order)).clocks.repair!
    expect(resumed.due - due).toBeGreaterThan(1000)
    await doStep(world, order, 'repair-fault', 'repaired')
    await doStep(world, order, 'return-receipt', 'returned')
    await doStep(world, order, 'confirm-recovery', 'not-recovered')
    const denied = (await world.state(order)).clocks.repair!
    expect([denied.due, denied.stopped]).toEqual([resumed.due, undefined])
    await verify(world, order)
    await replays(world, order)
  })

  it('refused twice waits for a supervisor', async () => {
    const order = await begin(world, 'graded-fault')
    await doStep(world, order, 'accept-fault', 'accepted')
    await doStep(world, order, 'diagnose', 'needs-dispatch')
    for (let i = 0; i < 2; i++) {
      await doStep(world, order, 'dispatch-fault', 'dispatched')
      await doStep(world, order, 'take-ticket', 'refused')
    }
    const state = await until(world, order, (s) => s.tasks['dispatch-fault.3'] !== undefined, 'it is to be dispatched again')
    const task = state.tasks['dispatch-fault.3']!
    const leads = await row('select count(*)::int as n from org_unit where leader_id = $1', task.person)
    expect([task.queue === 'supervisor' || leads.n > 0, task.person !== undefined]).toEqual([true, true])
    expect(state.notAgain['take-ticket']).toHaveLength(2)
  })

  it('is accepted by one of twenty who press at once', async () => {
    const order = await begin(world, 'graded-fault')
    const state = await world.state(order)
    const { rows } = await world.db.pool.query('select id from staff where unit_id = $1 and active order by id', [
      state.tasks['accept-fault.1']!.unit,
    ])
    const staff = rows.map((r) => r.id as string)
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) => world.as(staff[i % staff.length]!).command(order, { type: 'accept', task: 'accept-fault.1' })),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(replies.filter(({ status }) => status !== 200).map(({ body }) => body.code))).toEqual(new Set(['ALREADY_ACCEPTED']))
    const events = await verify(world, order)
    expect(events.filter((event) => event.type === 'task-accepted')).toHaveLength(1)
  })
})

describe('a return visit', () => {
  it('to several customers is an order for each, and ends when all have', async () => {
    const { customer } = await someService(world)
    const { rows } = await world.db.pool.query(
      'select b.id from customer a join customer b on b.region_path = a.region_path where a.id = $1 and b.id <> a.id order by b.id limit 1',
      [customer],
    )
    const order = await begin(world, 'return-visit', { customers: [customer, rows[0].id] })
    await doStep(world, order, 'make-visit-plan', 'planned')
    const parent = await until(world, order, (s) => Object.keys(s.children).length === 2, 'each customer has an order')
    for (const child of Object.keys(parent.children)) {
      await doStep(world, child, 'issue-visit-order', 'accepted')
      await doStep(world, child, 'prepare-visit', 'prepared')
      await doStep(world, child, 'make-appointment', 'declined')
      await doStep(world, child, 'record-visit', 'no-problems')
      await doStep(world, child, 'summarise-visit', 'summarised')
      await doStep(world, child, 'decide-opportunity', child.endsWith(customer) ? 'yes' : 'no')
    }
    expect(await closed(order)).toMatchObject({ end: 'opportunity-opened' })
    const opened = Object.keys(parent.children).find((child) => child.endsWith(customer))
    const acceptance = Object.keys((await world.state(opened!)).children)[0]!
    const demand = await until(world, acceptance, (s) => s.process === 'customer-visit', 'business acceptance is an order')
    expect(demand.facts).toMatchObject({ fromVisit: opened, channel: 'return-visit', demand: demand.facts.opportunity })
    expect(await row('select customer_id, started_by, status from orders where id = $1', acceptance)).toEqual({
      customer_id: customer,
      started_by: opened,
      status: 'open',
    })
    expect(await row('select customer_id, state from business_request where order_id = $1', opened)).toEqual({
      customer_id: customer,
      state: 'taken',
    })
    await verify(world, acceptance)
    await verify(world, order)
    await replays(world, order)
  })
})
