import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../domain/order/event.ts'
import type { PlanFacts } from '../../../domain/order/plan.ts'
import type { PolicyRow } from '../../../domain/order/policy.ts'
import { defineSpec } from '../../../domain/order/spec.ts'
import { gradedFault } from '../../../workflows/fault/graded-fault.ts'
import { process } from '../../../workflows/kit/process.ts'
import { sample, sampleSpec } from '../../support/sample.ts'
import { candidate, clocksOf, facts, HOUR, MINUTE, MONDAY, of, Planned, policy, withoutPromise } from './planned.ts'

const staff = [
  candidate('kac-1', 'kac-staff'),
  candidate('m-1', 'maintenance-dept'),
  candidate('f-1', 'finance-dept', { load: 1 }),
  candidate('f-2', 'finance-dept', { load: 2 }),
  candidate('b-1', 'business-dept'),
  candidate('l-1', 'lawyer'),
  candidate('vp', 'vp-in-charge', { at: '/cn/js' }),
  candidate('am', 'account-manager'),
]
const overall = policy({ kind: 'order', clock: 'overall', budget: '4h', process: 'sample' })
const limits = [policy({}), policy({ kind: 'accept', budget: '10m' }), overall]
const limit = { text: '30分钟', budget: '30m', calendar: 'C', mark: 'default' } as const
const boss: Actor = { kind: 'person', id: 'boss', roles: ['supervisor'] }
const units: PlanFacts['units'] = new Map([
  ['kac-staff@/cn/js/nj', { parent: 'top', leader: 'lead' }],
  ['top', { leader: 'chief' }],
])
const customer = { grade: 'group', tags: [], accountManager: 'am', contact: 'k-1' }

async function drafted(policies: PolicyRow[] = limits, spec = sampleSpec): Promise<Planned> {
  const order = new Planned(process(defineSpec(spec), sample.body as never), facts(staff, policies, { units, customer }))
  await order.open()
  await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
  return order
}

describe('clocks of an order', () => {
  it('start with their mark, once, and stop and run on by theirs', async () => {
    const order = await drafted()
    expect(of(order.last, 'clock-set').map(({ clock }) => clock)).toEqual(
      expect.arrayContaining(['overall', 'work-a.1/complete', 'work-b.1/complete']),
    )
    expect(order.state.clocks.overall).toMatchObject({ due: MONDAY + 4 * HOUR, from: MONDAY, policy: `${overall.id}@1` })
    expect(order.state.clocks.overall?.task).toBeUndefined()
    order.now += HOUR
    await order.act('m-1', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    expect(order.state.clocks.overall?.stopped).toBe(order.now)
    await order.act('f-1', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    await order.act('b-1', { type: 'sign', task: 'countersign.1', party: 'business', answer: 'agree' })
    await order.act('l-1', { type: 'sign', task: 'countersign.1', party: 'lawyer', answer: 'agree' })
    await order.give({ kind: 'automatic-done', task: 'register.1', result: { outcome: 'registered' } })
    await order.act('kac-1', { type: 'complete', task: 'check.1', outcome: 'again' })
    expect(order.state.clocks.overall).toMatchObject({ due: MONDAY + 4 * HOUR, stopped: undefined })
    expect(of(order.last, 'clock-set').map(({ clock }) => clock)).not.toContain('overall')
  })

  it('start in the move in which a body throws, and what it had opened is handed out: there it stays until the order goes on', async () => {
    const order = new Planned(
      process(sampleSpec, async (body) => {
        await body.step('draft')
        await Promise.all([body.step('work-a'), Promise.resolve().then(() => Promise.reject(new Error('no site')))])
        return 'done'
      }),
      facts(staff, limits, { units, customer }),
    )
    await order.open()
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    expect(order.state).toMatchObject({ status: 'stopped', tasks: { 'work-a.1': { status: 'offered', person: 'm-1' } } })
    expect(clocksOf(order.state)).toEqual(['overall', 'work-a.1/accept', 'work-a.1/complete'])
  })

  it('are not there without a row', async () => {
    expect(clocksOf((await drafted([policy({})])).state)).toEqual(['work-a.1/complete', 'work-b.1/complete'])
  })
})

describe('limits', () => {
  it('are those of the day on which the order opened', async () => {
    const old = policy({ process: 'sample', validTo: MONDAY + HOUR })
    const next = policy({ process: 'sample', budget: '5h', validFrom: MONDAY + HOUR })
    const order = new Planned(sample, facts(staff, [old, next], {}))
    await order.open()
    order.now += 2 * HOUR
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    expect(order.state.clocks['work-a.1/complete']).toMatchObject({ policy: `${old.id}@1`, budget: 30 * MINUTE })
  })

  it('watch over automatic steps and children too, where there are any', async () => {
    const order = await drafted()
    await order.act('m-1', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    await order.act('f-1', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    await order.act('b-1', { type: 'sign', task: 'countersign.1', party: 'business', answer: 'agree' })
    await order.act('l-1', { type: 'sign', task: 'countersign.1', party: 'lawyer', answer: 'agree' })
    expect(order.task('register').status).toBe('automatic')
    expect(withoutPromise(order.last).events.map(({ type }) => type)).toEqual(['clock-set'])
  })

  it('count from the mark that they name', async () => {
    const people = [candidate('mon', 'monitor-centre'), candidate('eng', 'maintenance-dept')]
    const rows = ['accept-fault', 'diagnose', 'dispatch-fault', 'take-ticket', 'confirm-recovery'].map((step) =>
      policy({ step, budget: '15m' }),
    )
    const order = new Planned(gradedFault, facts(people, rows))
    await order.open()
    await order.act('mon', { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
    const accepted = order.now
    order.now += 5 * MINUTE
    await order.act('mon', { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: 'd' } })
    expect(order.state.clocks['dispatch-fault.1/complete']).toMatchObject({ from: accepted, due: accepted + 15 * MINUTE })
    order.now += 5 * MINUTE
    await order.act('mon', { type: 'complete', task: 'dispatch-fault.1', outcome: 'dispatched', form: { person: 'eng' } })
    expect(order.state.clocks['take-ticket.1/complete']).toMatchObject({ from: order.now })
    order.now += 5 * MINUTE
    await order.act('eng', { type: 'refuse', task: 'take-ticket.1', reason: 'r' })
    expect(order.state.clocks['dispatch-fault.2/complete']).toMatchObject({ from: order.now })
  })
})

describe('a limit with a last instant', () => {
  const spec = {
    ...sampleSpec,
    steps: { ...sampleSpec.steps, draft: { ...sampleSpec.steps.draft, limit: { ...limit, notAfter: 'wanted' } } },
  }

  it.each([
    ['is due then where that is nearer', MONDAY + 20 * MINUTE, MONDAY + 20 * MINUTE],
    ['is due by its length where that is nearer', MONDAY + HOUR, MONDAY + 30 * MINUTE],
    ['is due by its length where the instant is past', MONDAY - HOUR, MONDAY + 30 * MINUTE],
  ])('%s', async (_name, wanted, due) => {
    const order = new Planned(process(defineSpec(spec), sample.body as never), facts(staff, limits))
    await order.open({ facts: { wanted } })
    expect(order.state.clocks['draft.1/complete']).toMatchObject({ due, budget: 30 * MINUTE, from: MONDAY })
  })
})

describe('a suspension', () => {
  const suspended = async (until?: number) => {
    const order = await drafted()
    await order.act('m-1', { type: 'accept', task: 'work-a.1' })
    order.now += 12 * MINUTE
    await order.act(boss, { type: 'suspend', task: 'work-a.1', reason: 'power cut', party: 'customer', ...(until && { until }) })
    return order
  }

  it("pauses the task's clocks and the order's that go with its step, and no others", async () => {
    const order = await suspended()
    expect(of(order.last, 'clock-paused')).toEqual([
      { clock: 'overall', used: 12 * MINUTE },
      { clock: 'work-a.1/complete', used: 12 * MINUTE },
    ])
    expect(order.state.clocks['work-b.1/complete']?.paused).toBeUndefined()
    order.now += 48 * HOUR
    await order.act(boss, { type: 'resume', task: 'work-a.1' })
    const now = order.now
    expect(of(withoutPromise(order.last), 'clock-set')).toMatchObject([
      { clock: 'overall', used: 12 * MINUTE, from: now, due: now + 4 * HOUR - 12 * MINUTE },
      {
        clock: 'work-a.1/complete',
        used: 12 * MINUTE,
        from: now,
        due: now + 18 * MINUTE,
        rungs: [
          [80, now + 12 * MINUTE],
          [100, now + 18 * MINUTE],
          [150, now + 33 * MINUTE],
          [200, now + 48 * MINUTE],
        ],
      },
    ])
    expect(order.state.clocks.overall?.paused).toBeUndefined()
  })

  it('ends by itself at its instant, and rungs that fired stay fired', async () => {
    const order = await drafted()
    await order.act('m-1', { type: 'accept', task: 'work-a.1' })
    await order.tick(24 * MINUTE)
    expect(order.state.clocks['work-a.1/complete']?.fired).toEqual([80])
    await order.act(boss, { type: 'suspend', task: 'work-a.1', reason: 'x', party: 'vendor', until: order.now + HOUR })
    // The other branch runs out meanwhile: silence is its outcome.
    await order.tick(HOUR)
    expect(order.last.own.map(({ type }) => type)).toContain('task-resumed')
    expect(order.state.clocks['work-a.1/complete']).toMatchObject({ fired: [80], used: 24 * MINUTE, due: order.now + 6 * MINUTE })
    expect(order.state.clocks['work-a.1/complete']?.rungs.map(([pct]) => pct)).toEqual([100, 150, 200])
  })

  it("leaves the order's clock alone while another task holds it up, and lets it run when that one goes", async () => {
    const both = { ...sampleSpec, clocks: { overall: { ...sampleSpec.clocks.overall, pausedWith: ['work-a', 'work-b'] } } }
    const order = await drafted(limits, both as never)
    for (const [person, task] of [
      ['m-1', 'work-a.1'],
      ['f-1', 'work-b.1'],
    ] as const) {
      await order.act(person, { type: 'accept', task })
      await order.act(boss, { type: 'suspend', task, reason: 'x', party: 'own' })
    }
    expect(of(order.last, 'clock-paused').map(({ clock }) => clock)).toEqual(['work-b.1/complete'])
    await order.act(boss, { type: 'resume', task: 'work-a.1' })
    expect(of(withoutPromise(order.last), 'clock-set').map(({ clock }) => clock)).toEqual(['work-a.1/complete'])
    await order.act(boss, { type: 'resume', task: 'work-b.1' })
    expect(
      of(withoutPromise(order.last), 'clock-set')
        .map(({ clock }) => clock)
        .sort(),
    ).toEqual(['overall', 'work-b.1/complete'])
  })

  it("ends with its task: the order's clock runs on when a suspended branch is dropped", async () => {
    const race = process(
      defineSpec({ ...sampleSpec, clocks: { overall: { ...sampleSpec.clocks.overall, stoppedBy: ['check=fine'] } } }),
      async (order) => {
        await order.step('draft')
        await order.first(
          (o) => o.step('work-a'),
          (o) => o.step('work-b'),
        )
        await order.step('check')
        return 'done'
      },
    )
    const order = new Planned(race, facts(staff, limits))
    await order.open()
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    order.now += 5 * MINUTE
    await order.act(boss, { type: 'suspend', task: 'work-a.1', reason: 'x', party: 'vendor' })
    expect(order.state.clocks.overall?.paused).toBeDefined()
    order.now += HOUR
    await order.act('f-1', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    expect(order.state.tasks['work-a.1']).toBeUndefined()
    expect(order.state.clocks.overall).toMatchObject({ used: 5 * MINUTE, from: order.now, due: order.now + 4 * HOUR - 5 * MINUTE })
    expect(order.state.clocks.overall?.paused).toBeUndefined()
  })

  it('asked for and not yet granted pauses nothing', async () => {
    const order = await drafted()
    await order.act('m-1', { type: 'accept', task: 'work-a.1' })
    await order.act('m-1', { type: 'suspend', task: 'work-a.1', reason: 'x', party: 'customer' })
    expect(order.last.events).toEqual([])
  })
})

describe('an extension', () => {
  it('moves what is due and what has not fired yet', async () => {
    const order = await drafted()
    await order.tick(24 * MINUTE)
    await order.act(boss, { type: 'extend', clock: 'work-a.1/complete', by: 30 * MINUTE, reason: 'snow' })
    expect(order.state.clocks['work-a.1/complete']).toMatchObject({
      budget: 60 * MINUTE,
      due: MONDAY + 60 * MINUTE,
      fired: [80],
      rungs: [
        [100, MONDAY + 60 * MINUTE],
        [150, MONDAY + 90 * MINUTE],
        [200, MONDAY + 120 * MINUTE],
      ],
    })
  })

  it('of a paused clock leaves it paused', async () => {
    const order = await drafted()
    await order.act('m-1', { type: 'accept', task: 'work-a.1' })
    order.now += 10 * MINUTE
    await order.act(boss, { type: 'suspend', task: 'work-a.1', reason: 'x', party: 'own' })
    order.now += HOUR
    await order.act(boss, { type: 'extend', clock: 'work-a.1/complete', by: 30 * MINUTE, reason: 'snow' })
    expect(withoutPromise(order.last).events.map(({ type }) => type)).toEqual(['clock-set', 'clock-paused'])
    expect(order.state.clocks['work-a.1/complete']).toMatchObject({ used: 10 * MINUTE, budget: HOUR, paused: { party: 'own' } })
    await order.act(boss, { type: 'resume', task: 'work-a.1' })
    expect(order.state.clocks['work-a.1/complete']).toMatchObject({ due: order.now + 50 * MINUTE })
  })
})

describe('a task that climbs', () => {
  const reroute = {
    ...sampleSpec,
    steps: { ...sampleSpec.steps, 'work-a': { ...sampleSpec.steps['work-a'], expiry: { effect: 'reroute', to: ['finance-dept'] } } },
  }

  it('is offered to the higher roles; its limit, already missed, goes on', async () => {
    const order = await drafted(limits, reroute)
    const before = order.state.clocks['work-a.1/complete']!
    const planned = await order.tick(30 * MINUTE)
    expect(of(planned, 'task-offered')).toMatchObject([{ task: 'work-a.1', person: 'f-1' }])
    expect(order.task('work-a').roles).toEqual(['finance-dept'])
    const { budget, due, from } = order.state.clocks['work-a.1/complete']!
    expect({ budget, due, from }).toEqual({ budget: before.budget, due: before.due, from: before.from })
    expect(order.state.clocks['work-a.1/complete']?.rungs.map(([pct]) => pct)).toEqual([150, 200])
    expect(order.state.clocks['work-a.1/accept']).toMatchObject({ from: order.now })
  })
})

describe('rungs', () => {
  it('tell those whom the ladder names: holder, superior, next superior, deputy, customer', async () => {
    const order = new Planned(sample, facts(staff, [policy({})], { units, customer }))
    await order.open()
    await order.tick(24 * MINUTE)
    expect(order.told).toEqual(['limit-warning: kac-1'])
    await order.tick(6 * MINUTE)
    expect(order.told).toEqual(['limit-breach: customer k-1', 'limit-breach: kac-1', 'limit-breach: lead'])
    await order.tick(15 * MINUTE)
    expect(order.told).toEqual(['limit-breach: chief'])
    await order.tick(15 * MINUTE)
    expect(order.told).toEqual(['limit-breach: am', 'limit-breach: kac-1', 'limit-breach: starter', 'limit-breach: vp'])
    expect(order.last.notices[0]).toMatchObject({
      data: { pct: 200, clock: 'draft.1/complete', step: 'draft', task: 'draft.1', due: MONDAY + 30 * MINUTE, late: 0 },
    })
  })

  it('tell the parties of a joint step who have not signed', async () => {
    const order = await drafted([policy({})])
    await order.act('m-1', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    await order.act('f-1', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    await order.act('b-1', { type: 'sign', task: 'countersign.1', party: 'business', answer: 'agree' })
    await order.tick(24 * MINUTE)
    expect(order.told).toEqual(['limit-warning: l-1'])
  })
})
