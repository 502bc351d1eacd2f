import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../domain/order/event.ts'
import { nextDue } from '../../domain/order/clocks.ts'
import { defineSpec } from '../../domain/order/spec.ts'
import { faultLevel1 } from '../../workflows/fault/fault-level-1.ts'
import { gradedFault } from '../../workflows/fault/graded-fault.ts'
import { process } from '../../workflows/kit/process.ts'
import { contractCountersign } from '../../workflows/order/contract-countersign.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { sample, sampleSpec } from '../support/sample.ts'
import { Desk, everybodyPresent, faultAbout, HOUR, MINUTE, MONDAY } from './desk.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
})
afterAll(() => db.drop())

let orders = 0
const fault = async (group?: string, more?: Record<string, string>) => {
  const order = new Desk(db.pool, gradedFault, `row-${++orders}`)
  await order.open(await faultAbout(db.pool, group, more))
  return order
}
const taken = async (order: Desk, to: Record<string, string> = { unit: 'nj-maintenance' }) => {
  await order.do('accept-fault', 'accepted')
  await order.do('diagnose', 'needs-dispatch', { diagnosis: 'fibre' })
  await order.do('dispatch-fault', 'dispatched', to)
  await order.do('take-ticket', 'taken')
}
const boss: Partial<Actor> = { roles: ['supervisor'] }
const at = (ms: number) => new Date(ms)
const clock = async (order: Desk, name: string) => (await order.rows('SELECT * FROM clock WHERE order_id = $1 AND clock = $2', name))[0]

describe('clocks', () => {
  it('show a pause, its party and reason, and run on with what is left', async () => {
    const order = await fault()
    await taken(order)
    const { due, from, budget } = order.state.clocks.repair!
    expect(await clock(order, 'repair')).toMatchObject({
      kind: 'order',
      task: null,
      due_at: at(due),
      started_at: at(from),
      budget_ms: String(budget),
      used_ms: '0',
      paused_at: null,
    })
    const holder = order.task('repair-fault').person!
    order.now += HOUR
    await order.act(holder, {
      type: 'suspend',
      task: 'repair-fault.1',
      reason: 'no access',
      party: 'customer',
      until: order.now + 5 * HOUR,
    })
    expect((await clock(order, 'repair')).paused_at).toBeNull()
    await order.act(
      'st-020',
      { type: 'suspend', task: 'repair-fault.1', reason: 'no access', party: 'customer', until: order.now + 5 * HOUR },
      boss,
    )
    const pausedAt = order.now
    expect(await clock(order, 'repair')).toMatchObject({
      paused_at: at(pausedAt),
      pause_party: 'customer',
      pause_reason: 'no access',
      paused_until: at(pausedAt + 5 * HOUR),
      used_ms: String(pausedAt - from),
    })
    expect((await order.rows("SELECT status FROM task WHERE order_id = $1 AND task = 'repair-fault.1'"))[0].status).toBe('suspended')
    await order.tick(5 * HOUR)
    expect(await clock(order, 'repair')).toMatchObject({
      paused_at: null,
      paused_until: null,
      pause_reason: null,
      due_at: at(due + 5 * HOUR),
      started_at: at(from),
    })
    await order.act('st-020', { type: 'extend', clock: 'repair', by: 2 * HOUR, reason: 'snow' }, boss)
    expect(await clock(order, 'repair')).toMatchObject({ due_at: at(due + 7 * HOUR), budget_ms: String(budget + 2 * HOUR) })
    // The board sorts by the limit that the work has to keep.
    expect((await order.rows("SELECT due_at, status FROM task WHERE order_id = $1 AND task = 'repair-fault.1'"))[0]).toEqual({
      due_at: at(due + 7 * HOUR),
      status: 'accepted',
    })
    expect((await order.rows('SELECT next_due_at FROM orders WHERE id = $1'))[0].next_due_at).toEqual(at(nextDue(order.state)!))
  })

  it('show no more time that is asked for until it is granted; whoever may answer is told, and whoever asks', async () => {
    const order = await fault()
    await taken(order)
    const { due } = order.state.clocks.repair!
    const { person: holder } = order.task('repair-fault')
    const indexed = async () =>
      order.rows("SELECT id FROM orders WHERE id = $1 AND status = 'open' AND jsonb_path_exists(state, '$.tasks.*.extensionAsked')")
    await order.act(holder!, { type: 'ask-extension', task: 'repair-fault.1', clock: 'repair', by: 2 * HOUR, reason: 'snow' })
    expect(await clock(order, 'repair')).toMatchObject({ due_at: at(due) })
    expect(await indexed()).toHaveLength(1)
    await order.act('st-020', { type: 'grant-extension', task: 'repair-fault.1' }, boss)
    expect(await clock(order, 'repair')).toMatchObject({ due_at: at(due + 2 * HOUR) })
    expect(await indexed()).toHaveLength(0)
    const told =
      "SELECT template, staff_id = ANY ($2) AS his FROM notification WHERE order_id = $1 AND template LIKE 'extension-%' ORDER BY id"
    expect(await order.rows(told, [holder])).toEqual([
      { template: 'extension-asked', his: false },
      { template: 'extension-granted', his: true },
    ])
  })

  it('one repair clock runs through refusal, another level and a denied recovery', async () => {
    const order = await fault()
    await order.do('accept-fault', 'accepted')
    const { due } = order.state.clocks.repair!
    await order.do('diagnose', 'needs-dispatch', { diagnosis: 'fibre' })
    await order.do('dispatch-fault', 'dispatched', { unit: 'nj-maintenance' })
    await order.do('take-ticket', 'refused')
    await order.do('dispatch-fault', 'dispatched', { unit: 'js-maintenance' })
    await order.do('take-ticket', 'taken')
    await order.do('repair-fault', 'needs-other-level', { reason: 'trunk' })
    await order.do('dispatch-fault', 'dispatched', { unit: 'nj-maintenance' })
    await order.do('take-ticket', 'taken')
    await order.do('repair-fault', 'repaired', { handling: 'spliced' })
    const stopped = await clock(order, 'repair')
    expect(stopped.stopped_at).toEqual(at(order.now))
    await order.do('return-receipt', 'returned')
    await order.do('confirm-recovery', 'not-recovered', { asked: 'Li', answer: 'dead' })
    expect(await clock(order, 'repair')).toMatchObject({ stopped_at: null, due_at: at(due), started_at: stopped.started_at })
    expect(
      (await order.rows('SELECT clock FROM clock WHERE order_id = $1 AND kind = $2 ORDER BY clock', 'order')).map((row) => row.clock),
    ).toEqual(['promise', 'repair'])
  })

  it('E-Tong products have two, and word to the customer stops the one for feedback', async () => {
    const order = await fault('e-tong')
    await order.do('accept-fault', 'accepted')
    const from = order.now
    // Calendar W: from Monday 09:02 one working day, and three.
    expect(await clock(order, 'feedback')).toMatchObject({
      calendar: 'W@1',
      budget_ms: String(8 * HOUR),
      due_at: at(from + 24 * HOUR),
      mark: 'given',
    })
    expect(await clock(order, 'repair')).toMatchObject({ calendar: 'W@1', budget_ms: String(24 * HOUR), due_at: at(from + 72 * HOUR) })
    await order.act('st-022', { type: 'comment', text: 'we are on it', told: 'customer' })
    expect((await clock(order, 'feedback')).stopped_at).toEqual(at(order.now))
    expect((await clock(order, 'repair')).stopped_at).toBeNull()
  })
})

describe('rungs', () => {
  it('are kept with holder, unit, lateness, told to those of the ladder, and settled when the clock stops', async () => {
    const order = await fault('bandwidth', { customerGrade: 'group', circuitGrade: 'A' })
    const { rows: engineers } = await db.pool.query("SELECT id FROM staff WHERE login = 'engineer'")
    const person = engineers[0].id as string
    await taken(order, { person })
    expect(order.task('repair-fault').person).toBe(person)
    const { due, from } = order.state.clocks.repair!
    await order.tick(from + 4 * HOUR * 0.8 - order.now)
    await order.tick(due + 1_500 - order.now)
    await order.tick(from + 6 * HOUR - order.now)
    await order.tick(from + 8 * HOUR - order.now)
    const rungs = await order.rows("SELECT * FROM rung WHERE order_id = $1 AND clock = 'repair' ORDER BY pct")
    expect(rungs.map(({ pct, late_ms, settled_at }) => [pct, late_ms, settled_at])).toEqual([
      [80, '0', null],
      [100, '1500', null],
      [150, '0', null],
      [200, '0', null],
    ])
    expect(rungs[1]).toMatchObject({
      holder_id: person,
      unit_id: 'nj-maintenance',
      step: 'repair-fault',
      task: 'repair-fault.1',
      due_at: at(due),
      fired_at: at(due + 1_500),
      region_path: order.state.region,
    })
    const told = await order.rows(
      `SELECT n.template, n.data ->> 'pct' AS pct, coalesce(s.login, n.recipient_kind) AS who FROM notification n LEFT JOIN staff s ON s.id = n.staff_id
       WHERE n.order_id = $1 AND n.data ->> 'clock' = 'repair' ORDER BY (n.data ->> 'pct')::int, who`,
    )
    expect(told.filter(({ pct }) => pct === '80').map(({ who }) => who)).toEqual(['engineer'])
    expect(told.filter(({ pct }) => pct === '100').map(({ who }) => who)).toEqual(
      expect.arrayContaining(['engineer', 'customer', 'lijun.cheng']),
    )
    expect(told.filter(({ pct }) => pct === '150').map(({ who }) => who)).toEqual(['weidong.dong'])
    expect(told.filter(({ pct }) => pct === '200').map(({ who }) => who)).toEqual(expect.arrayContaining(['vp']))
    await order.do('repair-fault', 'repaired', { handling: 'spliced' })
    const settled = () => order.rows("SELECT DISTINCT settled_at FROM rung WHERE order_id = $1 AND clock = 'repair'")
    expect(await settled()).toEqual([{ settled_at: at(order.now) }])
    await order.do('return-receipt', 'returned')
    await order.do('confirm-recovery', 'not-recovered', { asked: 'Li', answer: 'dead' })
    expect(await settled()).toEqual([{ settled_at: null }])
  })

  it("mark the task's own breach, once", async () => {
    const order = await fault()
    const { due } = order.state.clocks['accept-fault.1/complete']!
    await order.tick(due - order.now)
    await order.tick(15 * MINUTE)
    expect((await order.rows('SELECT breached_at, next_rung_at FROM task WHERE order_id = $1'))[0]).toEqual({
      breached_at: at(due),
      next_rung_at: null,
    })
    await order.do('accept-fault', 'accepted')
    expect((await order.rows("SELECT breached_at, status FROM task WHERE order_id = $1 AND task = 'accept-fault.1'"))[0]).toEqual({
      breached_at: at(due),
      status: 'done',
    })
  })
})

describe('tasks', () => {
  it('say on whose behalf, and keep why them and not the others', async () => {
    const chain = await throughAbsence()
    expect(chain.row).toMatchObject({ person_id: chain.delegate, absent_id: chain.absent, status: 'offered' })
    expect(chain.offer).toMatchObject({
      digest: chain.why,
      chosen: chain.delegate,
      explanation: { by: 'delegate', chosen: { person: chain.delegate, absent: chain.absent } },
    })
    await chain.order.act(chain.delegate, { type: 'accept', task: 'take-ticket.1' })
    expect((await chain.order.rows("SELECT done_by, done_for FROM task WHERE order_id = $1 AND task = 'take-ticket.1'"))[0]).toEqual({
      done_by: chain.delegate,
      done_for: chain.absent,
    })
    expect(
      (
        await chain.order.rows(
          "SELECT actor_id, on_behalf_of FROM order_event WHERE order_id = $1 AND type = 'task-accepted' ORDER BY seq DESC LIMIT 1",
        )
      )[0],
    ).toEqual({ actor_id: chain.delegate, on_behalf_of: chain.absent })
  })

  /** Deng is away and has named Yuan, who is away and has named Cao. */
  async function throughAbsence() {
    const order = await fault()
    const { rows } = await db.pool.query("SELECT login, id FROM staff WHERE login IN ('chaoqun.deng', 'hao.yuan', 'engineer')")
    const id = Object.fromEntries(rows.map((row) => [row.login, row.id as string]))
    const range = [at(MONDAY - HOUR), at(MONDAY + 24 * HOUR)]
    for (const [from, to] of [
      ['chaoqun.deng', 'hao.yuan'],
      ['hao.yuan', 'engineer'],
    ] as const) {
      await db.pool.query("INSERT INTO absence VALUES ($1, $2, $3, $4, 'ill')", [`ab ${from}`, id[from], ...range])
      await db.pool.query("INSERT INTO delegation VALUES ($1, $2, $3, $4, $5, '{}')", [`de ${from}`, id[from], id[to], ...range])
    }
    await order.do('accept-fault', 'accepted')
    await order.do('diagnose', 'needs-dispatch', { diagnosis: 'fibre' })
    await order.do('dispatch-fault', 'dispatched', { person: id['chaoqun.deng']! })
    await everybodyPresent(db.pool)
    const [row] = await order.rows("SELECT * FROM task WHERE order_id = $1 AND task = 'take-ticket.1'")
    const [offer] = await order.rows("SELECT * FROM offer WHERE order_id = $1 AND task = 'take-ticket.1'")
    const [offered] = order.planned('task-offered')
    return { order, row, offer, why: offered!.why, delegate: id.engineer!, absent: id['chaoqun.deng']! }
  }

  it('refused twice wait for the leader, and he dispatches', async () => {
    const order = new Desk(db.pool, contractCountersign, `row-${++orders}`)
    await order.open({ region: '/cn/js/nj' }, { kind: 'person', id: 'st-005' })
    const first = order.task('draft-contract').person!
    await order.act(first, { type: 'refuse', task: 'draft-contract.1', reason: 'ill' })
    const row = async () =>
      (await order.rows('SELECT status, queue, queue_unit_id, unit_id, person_id, refusals, accepted_at FROM task WHERE order_id = $1'))[0]
    expect(await row()).toMatchObject({
      status: 'undispatched',
      queue: 'dispatcher',
      queue_unit_id: 'nj-kac',
      unit_id: null,
      person_id: null,
      refusals: 1,
    })
    const { rows } = await db.pool.query(
      "SELECT r.staff_id FROM staff_role r WHERE r.role = 'kac-staff' AND r.unit_id = 'nj-kac' AND r.staff_id <> $1 ORDER BY 1 LIMIT 1",
      [first],
    )
    const second = rows[0].staff_id as string
    await order.act('st-007', { type: 'dispatch', task: 'draft-contract.1', person: second }, { roles: ['dispatcher'] })
    expect(await row()).toMatchObject({ status: 'offered', person_id: second, queue: null })
    await order.act(second, { type: 'refuse', task: 'draft-contract.1', reason: 'busy' })
    const { rows: leader } = await db.pool.query("SELECT leader_id FROM org_unit WHERE id = 'nj-kac'")
    expect(await row()).toMatchObject({ status: 'undispatched', queue: 'supervisor', queue_unit_id: 'nj-kac', refusals: 2 })
    expect(order.planned('task-queued')).toMatchObject([{ queue: 'supervisor', person: leader[0].leader_id }])
    expect(
      await order.rows("SELECT staff_id FROM notification WHERE order_id = $1 AND template = 'task-queued' ORDER BY id DESC LIMIT 1"),
    ).toEqual([{ staff_id: leader[0].leader_id }])
    await expect(
      order.act('st-007', { type: 'dispatch', task: 'draft-contract.1', person: first }, { roles: ['dispatcher'] }),
    ).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await order.act(leader[0].leader_id, { type: 'dispatch', task: 'draft-contract.1', person: first })
    await order.act(first, { type: 'accept', task: 'draft-contract.1' })
    expect(await row()).toMatchObject({ status: 'accepted', person_id: first, refusals: 2, accepted_at: at(order.now) })
  })

  it('open with the advice of the machine where the step has one', async () => {
    const earlier = await fault()
    await taken(earlier)
    await earlier.do('repair-fault', 'repaired', { handling: 'spliced', cause: 'digger' })
    await earlier.do('return-receipt', 'returned')
    await earlier.do('confirm-recovery', 'recovered', { asked: 'Li', answer: 'ok' })
    await earlier.do('upload-report', 'uploaded', { report: 'f', cause: 'digger', solution: 'splice' })
    await earlier.do('archive-fault', 'archived')
    const order = await fault()
    order.now = earlier.now + MINUTE
    await order.do('accept-fault', 'accepted')
    const [{ advice }] = await order.rows("SELECT advice FROM task WHERE order_id = $1 AND step = 'diagnose'")
    expect(advice).toMatchObject({
      kind: 'fault-diagnosis',
      by: 'machine',
      at: order.now,
      service: { standby: expect.any(Boolean), status: 'active' },
    })
    expect(advice.earlier).toContainEqual(expect.objectContaining({ order: earlier.state.id, cause: 'digger', solution: 'splice' }))
    expect(advice.cases[0]).toMatchObject({ symptom: 'loss of signal', same: true })
    expect(advice.openOnSite.map((found: { order: string }) => found.order)).not.toContain(order.state.id)
    await order.do('diagnose', 'needs-dispatch', { diagnosis: 'as before' })
    expect((await order.rows("SELECT advice ->> 'kind' AS kind FROM task WHERE order_id = $1 AND step = 'diagnose'"))[0].kind).toBe(
      'fault-diagnosis',
    )
  })

  it('are cancelled with their order, and whoever had one is told', async () => {
    const order = await fault()
    await taken(order)
    const holder = order.task('repair-fault').person!
    await order.act('st-020', { type: 'withdraw', reason: 'customer left' }, boss)
    expect(order.state).toMatchObject({ status: 'closed', end: 'withdrawn' })
    expect(
      (await order.rows("SELECT status, closed_at, outcome, person_id FROM task WHERE order_id = $1 AND step = 'repair-fault'"))[0],
    ).toEqual({ status: 'cancelled', closed_at: at(order.now), outcome: null, person_id: holder })
    expect(await order.rows("SELECT staff_id FROM notification WHERE order_id = $1 AND template = 'task-cancelled'")).toEqual([
      { staff_id: holder },
    ])
    expect(await order.rows('SELECT 1 FROM clock WHERE order_id = $1 AND stopped_at IS NULL')).toEqual([])
    expect((await order.rows('SELECT topic FROM outbox WHERE order_id = $1 ORDER BY id')).map(({ topic }) => topic)).toEqual([
      'order-opened',
      'order-closed',
    ])
  })
})

describe('signatures', () => {
  it('say who was asked, who signed, for whom, with which opinion; who was removed stays in the list', async () => {
    const order = new Desk(db.pool, faultLevel1, `row-${++orders}`)
    await order.open(await faultAbout(db.pool))
    await order.do('report-fault', 'registered')
    await order.do('issue-fault-application', 'sent', { application: 'a' })
    const { parties } = order.task('start-standby-and-plan')
    const task = order.task('start-standby-and-plan').id
    const rows = () => order.rows('SELECT * FROM signature WHERE order_id = $1 ORDER BY party')
    expect(await rows()).toMatchObject([
      {
        party: 'plan',
        person_id: parties!.plan!.person,
        mandatory: true,
        answer: null,
        asked_at: at(order.now),
        title_en: 'Solution',
        roles: ['kac-staff'],
      },
      { party: 'standby', person_id: parties!.standby!.person, answer: null },
    ])
    // No dispatcher has it among those that wait for him.
    const [joint] = await order.rows("SELECT status, unit_id, person_id FROM task WHERE order_id = $1 AND step = 'start-standby-and-plan'")
    expect(joint).toEqual({ status: 'offered', unit_id: null, person_id: null })
    await order.act('st-020', { type: 'add-signer', task, party: 'vendor', roles: ['vendor'] }, boss)
    order.now += MINUTE
    await order.act('st-020', { type: 'remove-signer', task, party: 'vendor', reason: 'not needed' }, boss)
    expect((await rows())[2]).toMatchObject({ party: 'vendor', removed_at: at(order.now), title_en: null })
    await order.act(parties!.standby!.person!, { type: 'sign', task, party: 'standby', answer: 'no-standby', opinion: 'none there' })
    order.now += MINUTE
    await order.act(parties!.plan!.person!, { type: 'sign', task, party: 'plan', answer: 'planned' })
    expect(await rows()).toMatchObject([
      { party: 'plan', answer: 'planned', signed_by: parties!.plan!.person, signed_for: null, signed_at: at(order.now) },
      { party: 'standby', answer: 'no-standby', opinion: 'none there' },
      { party: 'vendor', answer: null },
    ])
    expect((await order.rows("SELECT outcome FROM task WHERE order_id = $1 AND step = 'start-standby-and-plan'"))[0].outcome).toBe(
      'no-standby',
    )
  })
})

describe('signatures in turn', () => {
  it('ask the next party by the specification, however the database has sorted them', async () => {
    const { countersign } = sampleSpec.steps
    const inTurn = {
      ...sampleSpec,
      steps: { ...sampleSpec.steps, countersign: { ...countersign, joint: { ...countersign.joint, order: 'in-turn' as const } } },
    }
    const order = new Desk(db.pool, process(defineSpec(inTurn), sample.body as never), `row-${++orders}`)
    await order.open({ region: '/cn/js/nj' })
    await order.do('draft', 'drafted')
    await order.do('work-a', 'done')
    await order.do('work-b', 'done')
    const asked = () => order.rows('SELECT party, person_id IS NOT NULL AS asked FROM signature WHERE order_id = $1 ORDER BY party')
    expect(await asked()).toEqual([
      { party: 'business', asked: true },
      { party: 'lawyer', asked: false },
    ])
    const { id, parties } = order.task('countersign')
    await order.act(parties!.business!.person!, { type: 'sign', task: id, party: 'business', answer: 'agree' })
    expect(await asked()).toEqual([
      { party: 'business', asked: true },
      { party: 'lawyer', asked: true },
    ])
  })
})

describe('regrading', () => {
  it('links both orders', async () => {
    const order = new Desk(db.pool, faultLevel1, `row-${++orders}`)
    await order.open(await faultAbout(db.pool))
    await order.do('report-fault', 'not-level-1', { reason: 'one circuit' })
    expect(order.state).toMatchObject({ status: 'closed', end: 'regraded', next: `${order.state.id}.c` })
    const next = new Desk(db.pool, gradedFault, order.state.next!)
    await next.open({ ...(await faultAbout(db.pool)), continuedFrom: order.state.id }, { kind: 'order', id: order.state.id })
    expect((await order.rows('SELECT continued_as FROM orders WHERE id = $1'))[0].continued_as).toBe(next.state.id)
    expect((await next.rows('SELECT continued_from FROM orders WHERE id = $1'))[0].continued_from).toBe(order.state.id)
  })
})

describe('limits', () => {
  it('are read anew when a row has changed, and leave orders that are open alone', async () => {
    const before = await fault()
    const { rows } = await db.pool.query(
      "UPDATE policy SET valid_to = $1 WHERE process = 'graded-fault' AND step = 'take-ticket' AND product_group IS NULL AND valid_to IS NULL RETURNING *",
      [at(MONDAY + 10 * HOUR)],
    )
    const old = rows[0]
    await db.pool.query(
      `INSERT INTO policy (process, step, kind, budget, calendar, ladder, mark, source, valid_from, version) VALUES ($1, $2, $3, '90m', $4, $5, 'default', 'test', $6, 2)`,
      [old.process, old.step, old.kind, old.calendar, old.ladder, at(MONDAY + 10 * HOUR)],
    )
    const after = new Desk(db.pool, gradedFault, `row-${++orders}`, { now: MONDAY + 11 * HOUR })
    await after.open(await faultAbout(db.pool))
    before.now = MONDAY + 12 * HOUR
    for (const order of [before, after]) {
      await order.do('accept-fault', 'accepted')
      await order.do('diagnose', 'needs-dispatch', { diagnosis: 'd' })
      await order.do('dispatch-fault', 'dispatched', { unit: 'nj-maintenance' })
    }
    expect((await clock(before, 'take-ticket.1/complete')).budget_ms).toBe(String(30 * MINUTE))
    expect(await clock(after, 'take-ticket.1/complete')).toMatchObject({
      budget_ms: String(90 * MINUTE),
      policy: expect.stringMatching(/@2$/),
    })
  })
})
