/** More time that somebody asks for: who may, who answers, and when the request falls away. */
import { describe, expect, it } from 'vitest'
import { allowed, refused } from '../../../domain/order/allowed.ts'
import type { CommandBody } from '../../../domain/order/command.ts'
import { PROMISE } from '../../../domain/order/clocks.ts'
import { decide } from '../../../domain/order/decide.ts'
import type { Actor, Draft, EventBody } from '../../../domain/order/event.ts'
import { blank, evolve } from '../../../domain/order/evolve.ts'
import type { PlanFacts } from '../../../domain/order/plan.ts'
import { Refusal } from '../../../domain/order/refusal.ts'
import type { OrderState } from '../../../domain/order/state.ts'
import { sample, sampleSpec } from '../../support/sample.ts'
import { candidate, facts, HOUR, MINUTE, MONDAY, Planned, policy } from './planned.ts'

const NOW = Date.UTC(2026, 0, 5, 2)
const task = 'work-a.1'
const own = `${task}/complete`
const reason = 'the road is closed'
const person = (id: string, ...roles: string[]): Actor => ({ kind: 'person', id, roles, units: ['u1'] })
const mending = person('m-1', 'maintenance-dept')
const boss = person('boss', 'supervisor')
const chief = person('chief', 'kac-director')

/** A state of the sample by its events; each by whom it says, else by the machine. */
function after(...events: (EventBody & { actor?: Actor })[]): OrderState {
  const opened: EventBody = {
    type: 'order-opened',
    data: { process: 'sample', customer: 'c', title: 't', region: '/cn', facts: {}, priority: 3 },
  }
  return [opened, ...events].reduce<OrderState>(
    (state, body, i) => evolve(state, { actor: { kind: 'system', id: 'system' }, ...body, seq: i + 1, at: NOW + i }, `h${i}`),
    blank('o'),
  )
}

const clock = (name: string): EventBody => ({
  type: 'clock-set',
  data: {
    clock: name,
    cal: 'C',
    budget: HOUR,
    used: 0,
    from: NOW,
    due: NOW + HOUR,
    rungs: [],
    ladder: 's',
    mark: 'default',
    policy: '1@1',
  },
})
const held = (step: string, by: string): EventBody[] => [
  { type: 'task-opened', data: { task: `${step}.1`, step, n: 1 } },
  { type: 'task-offered', data: { task: `${step}.1`, person: by, held: true } },
]
const taken: EventBody[] = [
  ...held('work-a', 'm-1'),
  ...held('work-b', 'f-1'),
  ...[own, 'work-b.1/complete', 'overall', PROMISE].map(clock),
]
const asked = (on = own, by: Actor = mending): EventBody & { actor: Actor } => ({
  type: 'extension-requested',
  actor: by,
  data: { task, clock: on, by: HOUR, reason },
})
const run = (state: OrderState, actor: Actor, body: CommandBody): Draft[] => decide(sampleSpec, state, { ...body, id: 'k', actor }, NOW)
const ask = (more: Partial<Extract<CommandBody, { type: 'ask-extension' }>> = {}): CommandBody => ({
  type: 'ask-extension',
  task,
  clock: own,
  by: HOUR,
  reason,
  ...more,
})
const grant: CommandBody = { type: 'grant-extension', task }
const deny: CommandBody = { type: 'deny-extension', task, reason }

describe('more time', () => {
  it.each<[string, string, OrderState, Actor, CommandBody, string?]>([
    ['NO_SUCH_TASK', 'for what is not open', after(), mending, ask(), 'task'],
    ['NOT_ASSIGNEE', 'for the work of another', after(...taken), person('m-2', 'maintenance-dept'), ask()],
    ['NOT_ASSIGNEE', 'as a supervisor for the work of another', after(...taken), boss, ask()],
    ['NOT_ASSIGNEE', 'as the customer', after(...taken), { kind: 'customer', id: 'customer' }, ask()],
    ['NOT_OFFERED', 'for what nobody has', after(taken[0]!, clock(own)), mending, ask()],
    [
      'NOT_ACCEPTED',
      'before the task is accepted',
      after(taken[0]!, { type: 'task-offered', data: { task, person: 'm-1' } }, clock(own)),
      mending,
      ask(),
    ],
    [
      'SUSPENDED',
      'while the clock stands still',
      after(...taken, { type: 'task-suspended', data: { task, reason, party: 'own' } }),
      mending,
      ask(),
    ],
    ['EXTENSION_ASKED', 'a second time', after(...taken, asked()), mending, ask({ clock: 'overall' })],
    ['REASON_REQUIRED', 'without a reason', after(...taken), mending, ask({ reason: ' ' }), 'reason'],
    ['NO_SUCH_CLOCK', 'on a clock that there is not', after(...taken), mending, ask({ clock: 'toString' }), 'clock'],
    ['NO_SUCH_CLOCK', 'on the promise', after(...taken), mending, ask({ clock: PROMISE }), 'clock'],
    ['NO_SUCH_CLOCK', "on a colleague's clock", after(...taken), mending, ask({ clock: 'work-b.1/complete' }), 'clock'],
    [
      'NO_SUCH_CLOCK',
      'on a clock that has stopped',
      after(...taken, { type: 'clock-stopped', data: { clock: 'overall' } }),
      mending,
      ask({ clock: 'overall' }),
      'clock',
    ],
    ['BAD_VALUE', 'of nothing', after(...taken), mending, ask({ by: 0 }), 'by'],
    ['BAD_VALUE', 'of half a millisecond', after(...taken), mending, ask({ by: 0.5 }), 'by'],
    ['NOT_ALLOWED', 'granted by who leads nobody', after(...taken, asked()), person('m-2', 'maintenance-dept'), grant],
    ['NOT_ALLOWED', 'denied by who leads nobody', after(...taken, asked()), mending, deny],
    ['EXTENSION_NOT_ASKED', 'granted that nobody asks for', after(...taken), boss, grant],
    ['EXTENSION_NOT_ASKED', 'denied that nobody asks for', after(...taken), boss, deny],
    ['REASON_REQUIRED', 'denied without a reason', after(...taken, asked()), boss, { ...deny, reason: '' }, 'reason'],
  ])('%s: asked for %s', (code, _what, state, actor, body, field) => {
    let refusal: unknown
    try {
      run(state, actor, body)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({ code, field })
  })

  it('is asked for on the own limit and on those of the order, and granted as it was asked', () => {
    for (const on of [own, 'overall']) {
      const [request] = run(after(...taken), mending, ask({ clock: on }))
      expect(request).toEqual({
        type: 'extension-requested',
        actor: { kind: 'person', id: 'm-1' },
        data: { task, clock: on, by: HOUR, reason },
      })
      const state = after(...taken, request!)
      expect(state.tasks[task]!.extensionAsked).toEqual({ clock: on, more: HOUR, reason, by: 'm-1' })
      expect(run(state, boss, grant)).toEqual([
        { type: 'limit-extended', actor: { kind: 'person', id: 'boss' }, data: { clock: on, by: HOUR, reason, task } },
      ])
    }
    expect(run(after(...taken, asked()), boss, deny)).toEqual([
      { type: 'extension-denied', actor: { kind: 'person', id: 'boss' }, data: { task, clock: own, reason } },
    ])
  })

  it('is not for those to give who ask for it, who hold the task, or whose own request on the same clock it would answer', () => {
    const lead = person('m-1', 'maintenance-dept', 'supervisor')
    const stands: Actor = { ...person('stand-in', 'maintenance-dept', 'supervisor'), standsFor: ['m-1'] }
    const forLead = after(...taken, asked(own, stands))
    for (const actor of [lead, stands])
      for (const body of [grant, deny, { type: 'extend', clock: own, by: 1, reason } as const])
        expect(() => run(forLead, actor, body)).toThrow('OWN_REQUEST')
    expect(run(forLead, chief, grant)).toHaveLength(1)
    // Without a request the direct word of a supervisor stays as it was, also on what he holds.
    expect(run(after(...taken), lead, { type: 'extend', clock: own, by: 1, reason })).toHaveLength(1)
    expect(run(forLead, lead, { type: 'extend', clock: 'overall', by: 1, reason })).toHaveLength(1)
    const both = after(...taken, asked('overall'), {
      type: 'extension-requested',
      actor: boss,
      data: { task: 'work-b.1', clock: 'overall', by: HOUR, reason },
    })
    expect(() => run(both, boss, grant)).toThrow('OWN_REQUEST')
    expect(run(both, chief, grant)).toHaveLength(1)
  })

  it.each<[string, EventBody, boolean]>([
    ['it is denied', { type: 'extension-denied', data: { task, clock: own, reason } }, true],
    ['it is granted', { type: 'limit-extended', data: { clock: own, by: HOUR, reason, task } }, true],
    ['its limit is extended otherwise', { type: 'limit-extended', data: { clock: own, by: 1, reason } }, true],
    ['its clock stops', { type: 'clock-stopped', data: { clock: own } }, true],
    ['the task is given back', { type: 'task-returned', data: { task, reason } }, true],
    ['the task is reassigned', { type: 'task-reassigned', data: { task, person: 'm-2', reason } }, true],
    ['the task goes higher', { type: 'task-rerouted', data: { task, to: ['kac-director'] } }, true],
    ['the task is done', { type: 'task-completed', data: { task, outcome: 'done' } }, true],
    ['the task is cancelled', { type: 'task-cancelled', data: { task } }, true],
    ['the order ends', { type: 'order-closed', data: { end: 'done' } }, true],
    ['another limit is extended', { type: 'limit-extended', data: { clock: 'overall', by: 1, reason } }, false],
    ['another task is given back', { type: 'task-returned', data: { task: 'work-b.1', reason } }, false],
    ['a warning fires', { type: 'rung-fired', data: { clock: own, pct: 80, due: NOW, late: 0 } }, false],
    ['the task is suspended', { type: 'task-suspended', data: { task, reason, party: 'own' } }, false],
  ])('falls away when %s', (_what, event, away) => {
    expect(after(...taken, asked(), event).tasks[task]?.extensionAsked === undefined).toBe(away)
  })

  it('is offered to whom it is allowed, with the clocks; the others are told why not', () => {
    const commands = (state: OrderState, actor: Actor) =>
      allowed(sampleSpec, state, actor, NOW).flatMap(({ command, task: of, clocks }) =>
        of === task && command.endsWith('-extension') ? [[command, ...(clocks ?? [])]] : [],
      )
    const whys = (state: OrderState, actor: Actor) =>
      Object.fromEntries(
        refused(sampleSpec, state, actor, NOW).flatMap(({ command, task: of, why }) =>
          of === task && command.endsWith('-extension') ? [[command, why.code]] : [],
        ),
      )
    const [free, waiting] = [after(...taken), after(...taken, asked())]
    expect(commands(free, mending)).toEqual([['ask-extension', own, 'overall']])
    expect(commands(free, boss)).toEqual([])
    expect(commands(waiting, mending)).toEqual([])
    expect(commands(waiting, boss)).toEqual([['grant-extension'], ['deny-extension']])
    expect(whys(free, boss)).toEqual({
      'ask-extension': 'NOT_ASSIGNEE',
      'grant-extension': 'EXTENSION_NOT_ASKED',
      'deny-extension': 'EXTENSION_NOT_ASKED',
    })
    expect(whys(waiting, mending)).toEqual({
      'ask-extension': 'EXTENSION_ASKED',
      'grant-extension': 'NOT_ALLOWED',
      'deny-extension': 'NOT_ALLOWED',
    })
    expect(whys(waiting, person('m-1', 'supervisor'))).toMatchObject({ 'grant-extension': 'OWN_REQUEST', 'deny-extension': 'OWN_REQUEST' })
  })
})

describe('an order whose engineer asks for more time', () => {
  const staff = [candidate('kac-1', 'kac-staff'), candidate('m-1', 'maintenance-dept'), candidate('f-1', 'finance-dept')]
  const units: PlanFacts['units'] = new Map([['maintenance-dept@/cn/js/nj', { leader: 'lead' }]])

  const asking = async () => {
    const order = new Planned(sample, facts(staff, [policy({}), policy({ kind: 'order', clock: 'overall', budget: '4h' })], { units }))
    await order.open()
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    await order.act('m-1', { type: 'accept', task })
    await order.act('m-1', ask())
    return order
  }

  it('tells his superior, and changes no limit yet', async () => {
    const order = await asking()
    expect(order.last.events).toEqual([])
    expect(order.told).toEqual(['extension-asked: lead'])
    expect(order.last.notices[0]!.data).toMatchObject({ task, step: 'work-a', more: HOUR, reason })
  })

  it('gets a later limit when it is granted, and the asker is told until when', async () => {
    const order = await asking()
    await order.act(boss, grant)
    expect(order.state.clocks[own]).toMatchObject({ due: MONDAY + 30 * MINUTE + HOUR })
    expect(order.state.tasks[task]!.extensionAsked).toBeUndefined()
    expect(order.told).toEqual(['extension-granted: m-1'])
    expect(order.last.notices[0]!.data).toMatchObject({ task, more: HOUR, due: MONDAY + 30 * MINUTE + HOUR })
    await order.act(boss, { type: 'extend', clock: own, by: HOUR, reason })
    expect(order.told).toEqual([])
  })

  it('keeps its limit when it is denied, and the asker is told why; he may ask again', async () => {
    const order = await asking()
    await order.act(boss, deny)
    expect(order.last.events).toEqual([])
    expect(order.state.clocks[own]).toMatchObject({ due: MONDAY + 30 * MINUTE })
    expect(order.told).toEqual(['extension-denied: m-1'])
    expect(order.last.notices[0]!.data).toMatchObject({ task, reason })
    await order.act('m-1', ask({ by: 10 * MINUTE }))
    expect(order.state.tasks[task]!.extensionAsked).toMatchObject({ more: 10 * MINUTE })
  })
})
