import { describe, expect, it } from 'vitest'
import type { PlanFacts } from '../../../domain/order/plan.ts'
import { defineSpec } from '../../../domain/order/spec.ts'
import { contractCountersign } from '../../../workflows/order/contract-countersign.ts'
import { returnVisit } from '../../../workflows/customer/return-visit.ts'
import { gradedFault } from '../../../workflows/fault/graded-fault.ts'
import { process } from '../../../workflows/kit/process.ts'
import { sample, sampleSpec } from '../../support/sample.ts'
import { candidate, clocksOf, facts, HOUR, MINUTE, of, Planned, policy, withoutPromise } from './planned.ts'

const staff = [
  candidate('kac-1', 'kac-staff'),
  candidate('kac-2', 'kac-staff', { load: 1 }),
  candidate('m-1', 'maintenance-dept'),
  candidate('m-2', 'maintenance-dept', { load: 1 }),
  candidate('f-1', 'finance-dept'),
  candidate('b-1', 'business-dept'),
  candidate('l-1', 'lawyer'),
  candidate('d-1', 'dispatcher'),
]
const limits = [policy({}), policy({ kind: 'accept', budget: '10m' }), policy({ kind: 'dispatch', budget: '15m' })]
const units = (unit: string, leader: string): PlanFacts['units'] =>
  new Map([
    [unit, { parent: 'top', leader }],
    ['top', { leader: 'top-boss' }],
  ])
const change = (planned: Planned, id: string, more: object) => {
  const people = new Map(planned.facts.people)
  people.set(id, { ...people.get(id)!, ...more })
  planned.facts = { ...planned.facts, people }
}
const opened = async (more: Partial<PlanFacts> = {}, policies = limits) => {
  const order = new Planned(sample, facts(staff, policies, more))
  await order.open()
  return order
}
const draft = async (order: Planned) => {
  const person = order.task('draft').person!
  await order.act(person, { type: 'complete', task: 'draft.1', outcome: 'drafted' })
}

describe('an opened task', () => {
  it('is offered with its reason, a limit to do it and one to accept it', async () => {
    const order = new Planned(sample, facts(staff, limits, { no: 'S-20260105-000001' }))
    const planned = await order.open()
    expect(withoutPromise(planned).events.map(({ type }) => type)).toEqual(['order-numbered', 'clock-set', 'task-offered', 'clock-set'])
    expect(of(withoutPromise(planned), 'clock-set').map(({ clock }) => clock)).toEqual(['draft.1/complete', 'draft.1/accept'])
    const [offer] = of(planned, 'task-offered')
    expect(offer).toMatchObject({ task: 'draft.1', person: 'kac-1', unit: 'kac-staff@/cn/js/nj' })
    expect(planned.offers[0]).toMatchObject({ index: 2, digest: offer!.why, explanation: { by: 'score', chosen: { person: 'kac-1' } } })
    expect(order.state.no).toBe('S-20260105-000001')
    expect(order.task('draft')).toMatchObject({ status: 'offered', person: 'kac-1' })
  })

  it('has no acceptance to wait for where deciding takes it, and where it would not end before the task', async () => {
    const order = await opened({}, [policy({}), policy({ kind: 'accept', budget: '30m' })])
    expect(clocksOf(order.state)).toEqual(['draft.1/complete'])
    const quick = new Planned(
      process(
        defineSpec({ ...sampleSpec, steps: { ...sampleSpec.steps, draft: { ...sampleSpec.steps.draft, implicitAccept: true } } }),
        sample.body as never,
      ),
      facts(staff, limits),
    )
    await quick.open()
    expect(clocksOf(quick.state)).toEqual(['draft.1/complete'])
  })

  it('waits at the desk where nobody can be asked', async () => {
    const order = new Planned(sample, facts([candidate('d-1', 'dispatcher')], limits))
    const planned = await order.open()
    expect(of(planned, 'task-queued')).toMatchObject([{ task: 'draft.1', queue: 'dispatcher', unit: 'dispatcher@/cn/js/nj' }])
    expect(planned.offers[0]?.explanation).toMatchObject({ by: 'queue', reason: 'nobody-has-the-role' })
    expect(clocksOf(order.state)).toEqual(['draft.1/complete', 'draft.1/dispatch'])
    expect(order.told).toEqual(['task-queued: d-1'])
  })

  it('is not offered when nothing is open any more', async () => {
    const order = await opened()
    await order.act('kac-1', { type: 'accept', task: 'draft.1' })
    const planned = await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drop' })
    expect(order.state.status).toBe('closed')
    expect(planned.events).toEqual([])
  })
})

describe('a joint step', () => {
  const countersigning = async () => {
    const order = await opened()
    await draft(order)
    await order.act('m-1', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    await order.act('f-1', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    return order
  }

  it('asks every party, and nobody who may not sign', async () => {
    const order = await countersigning()
    expect(of(order.last, 'task-offered')).toMatchObject([
      { task: 'countersign.1', party: 'business', person: 'b-1' },
      { task: 'countersign.1', party: 'lawyer', person: 'l-1' },
    ])
    expect(of(withoutPromise(order.last), 'clock-set').map(({ clock }) => clock)).toEqual(['countersign.1/complete'])
    expect(order.told).toEqual(['signature-asked: b-1', 'signature-asked: l-1'])
  })

  it('does not ask one person for two parties', async () => {
    const both = candidate('both', 'business-dept', {
      roles: ['business-dept', 'lawyer'].map((role) => ({ role, unit: 'u', region: '/cn/js/nj' })),
    })
    const order = new Planned(
      sample,
      facts([...staff.filter(({ id }) => !['b-1', 'l-1'].includes(id)), both, candidate('l-9', 'lawyer', { load: 9 })], limits),
    )
    await order.open()
    await draft(order)
    await order.act('m-1', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    await order.act('f-1', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    expect(of(order.last, 'task-offered').map(({ party, person }) => [party, person])).toEqual([
      ['business', 'both'],
      ['lawyer', 'l-9'],
    ])
  })

  it('asks an added signer by name, or his delegate', async () => {
    const order = await countersigning()
    await order.act('d-1', { type: 'add-signer', task: 'countersign.1', party: 'tech', roles: [], person: 'm-1' })
    expect(of(order.last, 'task-offered')).toMatchObject([{ party: 'tech', person: 'm-1' }])
    await order.act('d-1', { type: 'add-signer', task: 'countersign.1', party: 'second', roles: ['finance-dept'] })
    expect(of(order.last, 'task-offered')).toMatchObject([{ party: 'second', person: 'f-1' }])
    change(order, 'kac-2', { absent: true, delegate: { to: 'm-2' } })
    await order.act('d-1', { type: 'add-signer', task: 'countersign.1', party: 'third', roles: [], person: 'kac-2' })
    expect(of(order.last, 'task-offered')).toMatchObject([{ party: 'third', person: 'm-2', absent: 'kac-2' }])
    // One delegate has one voice: where he signs already, the absent person himself stays asked.
    change(order, 'kac-1', { absent: true, delegate: { to: 'm-1' } })
    await order.act('d-1', { type: 'add-signer', task: 'countersign.1', party: 'fourth', roles: [], person: 'kac-1' })
    const [last] = of(order.last, 'task-offered')
    expect(last).toMatchObject({ party: 'fourth', person: 'kac-1' })
    expect(last).not.toHaveProperty('absent')
  })

  it('asks somebody absent rather than nobody', async () => {
    const order = await opened()
    change(order, 'l-1', { absent: true })
    await draft(order)
    await order.act('m-1', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    await order.act('f-1', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    expect(order.task('countersign').parties?.lawyer).toMatchObject({ person: 'l-1' })
  })

  it('in turn asks the next party when the one before has signed', async () => {
    const step = sampleSpec.steps.countersign
    const inTurn = {
      ...sampleSpec,
      steps: { ...sampleSpec.steps, countersign: { ...step, joint: { ...step.joint, order: 'in-turn' as const } } },
    }
    const order = new Planned(process(defineSpec(inTurn), sample.body as never), facts(staff, limits))
    await order.open()
    await draft(order)
    await order.act('m-1', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    await order.act('f-1', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    expect(of(order.last, 'task-offered').map(({ party }) => party)).toEqual(['business'])
    const planned = await order.act('b-1', { type: 'sign', task: 'countersign.1', party: 'business', answer: 'agree' })
    expect(of(planned, 'task-offered')).toMatchObject([{ party: 'lawyer', person: 'l-1' }])
  })
})

describe('a task given back', () => {
  it('waits for the dispatcher after the first refusal, with a limit for the dispatch', async () => {
    const order = await opened()
    const planned = await order.act('kac-1', { type: 'refuse', task: 'draft.1', reason: 'ill' })
    expect(of(planned, 'task-queued')).toMatchObject([{ task: 'draft.1', queue: 'dispatcher', unit: 'kac-staff@/cn/js/nj' }])
    expect(clocksOf(order.state)).toEqual(['draft.1/complete', 'draft.1/dispatch'])
  })

  it('goes to the leader of the unit after the second, who may not be the one who refused', async () => {
    const order = await opened({ units: units('kac-staff@/cn/js/nj', 'kac-2') })
    await order.act('kac-1', { type: 'refuse', task: 'draft.1', reason: 'ill' })
    await order.act('d-1', { type: 'dispatch', task: 'draft.1', person: 'kac-2', unit: 'kac-staff@/cn/js/nj' })
    expect(clocksOf(order.state)).toEqual(['draft.1/accept', 'draft.1/complete'])
    const planned = await order.act('kac-2', { type: 'refuse', task: 'draft.1', reason: 'busy' })
    expect(of(planned, 'task-queued')).toMatchObject([{ queue: 'supervisor', unit: 'kac-staff@/cn/js/nj', person: 'top-boss' }])
    expect(planned.offers[0]?.explanation).toMatchObject({ by: 'queue', reason: 'refused-twice' })
    expect(order.told).toEqual(['task-queued: top-boss'])
  })

  it('waits for the dispatcher when it was returned', async () => {
    const order = await opened()
    await order.act('kac-1', { type: 'accept', task: 'draft.1' })
    const planned = await order.act('kac-1', { type: 'return', task: 'draft.1', reason: 'not mine' })
    expect(of(planned, 'task-queued')).toMatchObject([{ queue: 'dispatcher' }])
    expect(planned.offers[0]?.explanation.reason).toBe('returned')
  })

  it('is not offered again to whoever gave it back', async () => {
    const order = await opened()
    await draft(order)
    await order.act('m-1', { type: 'refuse', task: 'work-a.1', reason: 'no' })
    await order.act('d-1', { type: 'dispatch', task: 'work-a.1', unit: 'maintenance-dept@/cn/js/nj' })
    await order.act('m-2', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    await order.act('f-1', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    await order.act('b-1', { type: 'sign', task: 'countersign.1', party: 'business', answer: 'agree' })
    await order.act('l-1', { type: 'sign', task: 'countersign.1', party: 'lawyer', answer: 'agree' })
    await order.give({ kind: 'automatic-done', task: 'register.1', result: { outcome: 'registered' } })
    await order.act('kac-1', { type: 'complete', task: 'check.1', outcome: 'again' })
    expect(order.task('work-a').person).toBe('m-2')
    expect(order.last.offers[0]?.explanation.candidates).toContainEqual({
      person: 'm-1',
      unit: 'maintenance-dept@/cn/js/nj',
      role: 'maintenance-dept',
      not: 'not-again',
    })
  })
})

describe('a dispatch', () => {
  it('to somebody absent goes to the delegate, through a chain, with its limit', async () => {
    const order = await opened()
    change(order, 'kac-2', { absent: true, delegate: { to: 'm-2' } })
    change(order, 'm-2', { absent: true, delegate: { to: 'm-1' } })
    await order.act('kac-1', { type: 'refuse', task: 'draft.1', reason: 'ill' })
    const planned = await order.act('d-1', { type: 'dispatch', task: 'draft.1', person: 'kac-2' })
    expect(of(planned, 'task-offered')).toMatchObject([{ person: 'm-1', absent: 'kac-2' }])
    expect(of(withoutPromise(planned), 'clock-set').map(({ clock }) => clock)).toEqual(['draft.1/accept'])
    expect(order.told).toEqual(['task-offered: m-1'])
    await order.act('m-1', { type: 'accept', task: 'draft.1' })
    expect(order.last.own[0]?.actor).toEqual({ kind: 'person', id: 'm-1', for: 'kac-2' })
  })

  it('to somebody absent in a circle of delegates stays with him', async () => {
    const order = await opened()
    change(order, 'kac-2', { absent: true, delegate: { to: 'm-2' } })
    change(order, 'm-2', { absent: true, delegate: { to: 'kac-2' } })
    await order.act('kac-1', { type: 'refuse', task: 'draft.1', reason: 'ill' })
    const planned = await order.act('d-1', { type: 'dispatch', task: 'draft.1', person: 'kac-2' })
    expect(of(planned, 'task-offered')).toEqual([])
    expect(order.task('draft').person).toBe('kac-2')
  })

  it('to a unit has a limit too, and tells its members', async () => {
    const order = await opened()
    await order.act('kac-1', { type: 'refuse', task: 'draft.1', reason: 'ill' })
    const planned = await order.act('d-1', { type: 'dispatch', task: 'draft.1', unit: 'kac-staff@/cn/js/nj' })
    expect(withoutPromise(planned).events.map(({ type }) => type)).toEqual(['clock-set'])
    expect(order.told).toEqual(['task-offered: kac-1', 'task-offered: kac-2'])
  })

  it('to oneself tells nobody', async () => {
    const order = await opened()
    await order.act('kac-1', { type: 'refuse', task: 'draft.1', reason: 'ill' })
    await order.act('d-1', { type: 'dispatch', task: 'draft.1', person: 'd-1' })
    expect(order.told).toEqual([])
  })

  it('to another tells both', async () => {
    const order = await opened()
    await order.act('kac-1', { type: 'accept', task: 'draft.1' })
    await order.act('d-1', { type: 'reassign', task: 'draft.1', person: 'kac-2', reason: 'load' })
    expect(order.told).toEqual(['task-offered: kac-2', 'task-taken-away: kac-1'])
    expect(clocksOf(order.state)).toEqual(['draft.1/accept', 'draft.1/complete'])
  })
})

describe('separation of duties', () => {
  it('is heeded when offers are made', async () => {
    const people = [
      candidate('kac-1', 'kac-staff'),
      candidate('f-1', 'finance-dept'),
      candidate('dual', 'business-dept', {
        roles: ['kac-staff', 'business-dept'].map((role) => ({ role, unit: 'u', region: '/cn/js/nj' })),
      }),
      candidate('l-1', 'lawyer'),
      candidate('b-2', 'business-dept', { load: 9 }),
    ]
    const order = new Planned(contractCountersign, facts(people, limits))
    await order.open()
    await order.act('kac-1', { type: 'reassign', task: 'draft-contract.1', person: 'dual', reason: 'x' })
    await order.act('dual', {
      type: 'complete',
      task: 'draft-contract.1',
      outcome: 'drafted',
      form: { text: 't', amount: 1, termMonths: 1, discountPct: 0 },
    })
    expect(order.task('countersign-business').parties?.business?.person).toBe('b-2')
    expect(order.last.offers.find(({ party }) => party === 'business')?.explanation.candidates).toContainEqual(
      expect.objectContaining({ person: 'dual', not: 'duties' }),
    )
  })
})

describe('a fault by grade', () => {
  const people = [
    candidate('mon-1', 'monitor-centre', { unit: 'monitor' }),
    candidate('mon-2', 'monitor-centre', { unit: 'monitor' }),
    candidate('eng-1', 'maintenance-dept', { unit: 'repair' }),
    candidate('eng-2', 'maintenance-dept', { unit: 'repair' }),
    candidate('v-1', 'vendor', { unit: 'vendor', at: '/cn/js' }),
  ]
  const fault = async () => {
    const order = new Planned(gradedFault, facts(people, limits, { units: units('monitor', 'mon-boss') }))
    await order.open()
    return order
  }
  const dispatched = async (order: Planned, n: number, form: object) =>
    order.act(order.task('dispatch-fault').person ?? 'mon-1', {
      type: 'complete',
      task: `dispatch-fault.${n}`,
      outcome: 'dispatched',
      form: form as never,
    })
  const diagnosed = async () => {
    const order = await fault()
    await order.act('mon-2', { type: 'accept', task: 'accept-fault.1' })
    await order.act('mon-2', { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
    expect(order.task('diagnose')).toMatchObject({ status: 'accepted', person: 'mon-2' })
    await order.act('mon-2', { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: 'd' } })
    return order
  }

  it('offers to the desk as a whole, and holds with whoever took it', async () => {
    const order = await fault()
    expect(order.task('accept-fault')).toMatchObject({ unit: 'monitor', status: 'offered' })
    expect(order.task('accept-fault').person).toBeUndefined()
    expect(order.told).toEqual(['task-offered: mon-1', 'task-offered: mon-2'])
    await order.act('mon-2', { type: 'accept', task: 'accept-fault.1' })
    const planned = await order.act('mon-2', { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
    expect(of(planned, 'task-offered')).toMatchObject([{ task: 'diagnose.1', person: 'mon-2', held: true }])
    expect(planned.offers[0]?.explanation).toEqual({ by: 'held', chosen: { unit: 'monitor', person: 'mon-2' } })
  })

  it.each([
    ['absent', { absent: true }],
    ['gone', { active: false }],
  ])('offers a held step to another when its holder is %s', async (_why, more) => {
    const order = await fault()
    await order.act('mon-2', { type: 'accept', task: 'accept-fault.1' })
    change(order, 'mon-2', more)
    await order.act('mon-2', { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
    expect(order.task('diagnose')).toMatchObject({ status: 'offered', person: 'mon-1' })
  })

  it.each([
    ['a unit', { unit: 'repair' }, { unit: 'repair' }],
    ['a person', { person: 'eng-2' }, { unit: 'repair', person: 'eng-2' }],
    ['both', { unit: 'repair', person: 'eng-1' }, { unit: 'repair', person: 'eng-1' }],
    ['nobody', {}, { unit: 'repair', person: 'eng-1' }],
    ['a unit of which nobody may', { unit: 'monitor' }, { unit: 'repair', person: 'eng-1' }],
    ['somebody unknown', { person: 'ghost' }, { unit: 'repair', person: 'eng-1' }],
  ])('goes where the dispatch says: %s', async (_what, form, expected) => {
    const order = await diagnosed()
    const planned = await dispatched(order, 1, form)
    const { task, why, ...to } = of(planned, 'task-offered')[0]!
    expect(to).toEqual(expected)
    // Taking the ticket is the step: its own limit watches over it, counted from the dispatch.
    expect(clocksOf(order.state).filter((clock) => clock.startsWith('take-ticket'))).toEqual(['take-ticket.1/complete'])
  })

  it('goes to the delegate of an absent person that the dispatch named', async () => {
    const order = await diagnosed()
    change(order, 'eng-1', { absent: true, delegate: { to: 'eng-2' } })
    const planned = await dispatched(order, 1, { person: 'eng-1' })
    expect(of(planned, 'task-offered')).toMatchObject([{ person: 'eng-2', absent: 'eng-1' }])
  })

  it('goes to the supervisor of the desk after two refusals of the ticket', async () => {
    const order = await diagnosed()
    await dispatched(order, 1, { person: 'eng-1' })
    await order.act('eng-1', { type: 'refuse', task: 'take-ticket.1', reason: 'r' })
    expect(order.task('dispatch-fault')).toMatchObject({ status: 'offered', unit: 'monitor' })
    await dispatched(order, 2, { unit: 'repair' })
    const planned = await order.act('eng-2', { type: 'refuse', task: 'take-ticket.2', reason: 'r' })
    expect(of(planned, 'task-queued')).toMatchObject([
      { task: 'dispatch-fault.3', queue: 'supervisor', unit: 'monitor', person: 'mon-boss' },
    ])
  })

  it('gives the ticket of a vendor product to its vendor', async () => {
    const order = await diagnosed()
    order.facts = { ...order.facts, service: { product: 'x', productGroup: 'e-tong', vendorUnit: 'vendor' } }
    const planned = await dispatched(order, 1, {})
    expect(of(planned, 'task-offered')).toMatchObject([{ unit: 'vendor', person: 'v-1' }])
  })
})

describe('a return visit', () => {
  const people = [
    candidate('am-1', 'account-manager'),
    candidate('am-2', 'account-manager', { load: 5 }),
    candidate('kac-1', 'kac-staff', { load: 9 }),
    candidate('d-1', 'dispatcher'),
  ]
  const input = { occasion: 'own-plan', planned: true, customers: ['c1'] }

  it('goes to the visitor of a plan that was made before', async () => {
    const order = new Planned(returnVisit, facts(people, limits))
    await order.open({ facts: { ...input, person: 'am-2' } })
    expect(order.task('issue-visit-order')).toMatchObject({ status: 'offered', person: 'am-2' })
  })

  it('stays with the visitor until it is handed over by name', async () => {
    const order = new Planned(returnVisit, facts(people, limits))
    await order.open({ facts: { ...input, person: 'am-1' } })
    await order.act('am-1', { type: 'accept', task: 'issue-visit-order.1' })
    expect(order.task('prepare-visit')).toMatchObject({ status: 'accepted', person: 'am-1' })
    await order.act('am-1', { type: 'complete', task: 'prepare-visit.1', outcome: 'prepared' })
    const appointmentAt = order.now + 48 * HOUR
    await order.act('am-1', { type: 'complete', task: 'make-appointment.1', outcome: 'agreed', form: { appointmentAt } })
    order.now += MINUTE
    await order.act('am-1', { type: 'complete', task: 'conduct-visit.1', outcome: 'reassigned', form: { reason: 'ill', person: 'am-2' } })
    expect(order.task('prepare-visit')).toMatchObject({ status: 'offered', person: 'am-2' })
    await order.act('am-2', { type: 'complete', task: 'prepare-visit.2', outcome: 'prepared' })
    expect(order.task('make-appointment')).toMatchObject({ status: 'accepted', person: 'am-2' })
  })
})
