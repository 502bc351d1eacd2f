/** Every refusal of the closed list, and what the commands make true. */
import { describe, expect, it } from 'vitest'
import type { CommandBody } from '../../../domain/order/command.ts'
import { decide } from '../../../domain/order/decide.ts'
import type { Actor, Draft, EventBody, OrderEvent } from '../../../domain/order/event.ts'
import { blank, evolve } from '../../../domain/order/evolve.ts'
import { Refusal, type RefusalCode, refusalCodes } from '../../../domain/order/refusal.ts'
import { defineSpec } from '../../../domain/order/spec.ts'
import type { OrderState } from '../../../domain/order/state.ts'

const NOW = Date.UTC(2026, 0, 5, 2)
const t = (text: string) => ({ en: text, zh: text })
const plain = (form?: object) => ({ title: t('x'), ...(form && { form }) }) as { title: { en: string; zh: string } }

const spec = defineSpec({
  no: 'P-00',
  id: 'table',
  family: 'table',
  title: t('table'),
  input: { wish: { title: t('w'), type: 'text' } },
  amend: { wish: 'draft' },
  withdrawal: { agree: ['vp-in-charge'] },
  route: [],
  ends: { done: { title: t('done') }, raised: { title: t('raised'), continuesAs: 'other' } },
  raise: { step: 'repair', to: 'other', end: 'raised' },
  clocks: {
    overall: {
      title: t('o'),
      startedBy: ['draft'],
      stoppedBy: ['repair=fixed'],
      reopenedBy: ['check=no'],
      limit: { text: '4h', budget: '4h', calendar: 'C', mark: 'default' },
    },
    feedback: { title: t('f'), startedBy: ['draft'], stoppedBy: ['customer-told'], limit: { text: '1h', calendar: 'C', mark: 'default' } },
  },
  steps: {
    draft: {
      title: t('d'),
      who: ['kac-staff'],
      outcomes: {
        drafted: { title: t('x'), form: { amount: { title: t('a'), type: 'money', required: true } } },
        signed: { title: t('s'), irreversible: true },
        checked: { title: t('s'), requires: [{ fact: 'contract', otherwise: t('name the contract') }] },
      },
    },
    approve: {
      title: t('a'),
      who: ['kac-director'],
      notBy: ['draft'],
      authority: { within: 'yes', over: 'up' },
      outcomes: { yes: plain(), up: plain(), no: plain() },
    },
    take: {
      title: t('t'),
      who: ['maintenance-dept'],
      acceptIs: 'taken',
      refuseIs: 'refused',
      outcomes: { taken: plain(), refused: plain(), up: plain() },
    },
    repair: { title: t('r'), who: ['maintenance-dept'], suspend: 'approval', outcomes: { fixed: plain(), no: plain() } },
    fixed: { title: t('f'), who: ['maintenance-dept'], suspend: false, outcomes: { ok: plain() } },
    choose: { title: t('c'), who: ['kac-staff'], implicitAccept: true, outcomes: { yes: plain(), no: plain() } },
    machine: { title: t('m'), who: ['system'], automatic: true, outcomes: { ok: plain() } },
    sign: {
      title: t('s'),
      who: ['business-dept', 'lawyer'],
      notBy: ['draft'],
      joint: {
        parties: [
          { id: 'business', title: t('b'), who: ['business-dept'], answers: ['agree', 'object'], mandatory: true },
          { id: 'lawyer', title: t('l'), who: ['lawyer'], answers: ['agree', 'object'] },
        ],
        order: 'in-turn',
        rules: [{ answer: 'object', outcome: 'objection', early: true }],
        else: 'agreed',
      },
      outcomes: { agreed: plain(), objection: plain() },
    },
  },
})

const person = (id: string, ...roles: string[]): Actor => ({ kind: 'person', id, roles, units: ['u1'] })
const wang = person('wang', 'maintenance-dept')
const li = person('li', 'maintenance-dept')
const kac = person('kac', 'kac-staff')
const boss = person('boss', 'supervisor')
const desk = person('desk', 'dispatcher')
const director: Actor = {
  ...person('director', 'kac-director'),
  authority: { rule: 'A1@1', maxAmount: 1000, maxTermMonths: 12, maxDiscountPct: 10 },
}
const business = person('biz', 'business-dept')
const lawyer = person('law', 'lawyer')

function after(...events: (EventBody & { actor?: Actor })[]): OrderState {
  const opened: EventBody = {
    type: 'order-opened',
    data: { process: 'table', customer: 'c1', title: 'x', region: '/cn', priority: 3, facts: { amount: 500 } },
  }
  return [opened, ...events].reduce<OrderState>((state, event, i) => {
    const full = { actor: { kind: 'person', id: 'kac' }, ...event, seq: i + 1, at: NOW - 1000 + i } as OrderEvent
    return evolve(state, full)
  }, blank('o1'))
}

const opened = (step: string, n = 1): EventBody => ({ type: 'task-opened', data: { task: `${step}.${n}`, step, n } })
const offered = (step: string, who: { person?: string; unit?: string; absent?: string }): EventBody => ({
  type: 'task-offered',
  data: { task: `${step}.1`, ...who },
})
const held = (step: string, by = 'wang'): EventBody[] => [
  opened(step),
  { type: 'task-offered', data: { task: `${step}.1`, person: by, held: true } },
]
const clock = (name: string, due = NOW + 1000): EventBody => ({
  type: 'clock-set',
  data: {
    clock: name,
    cal: 'C',
    budget: 60_000,
    used: 0,
    from: NOW - 2000,
    due,
    rungs: [[100, due]],
    ladder: 'standard',
    mark: 'default',
    policy: '1@1',
  },
})
const joint: EventBody[] = [
  {
    type: 'task-opened',
    data: {
      task: 'sign.1',
      step: 'sign',
      n: 1,
      parties: { business: { roles: ['business-dept'], mandatory: true }, lawyer: { roles: ['lawyer'] } },
    },
  },
  { type: 'task-offered', data: { task: 'sign.1', party: 'business', person: 'biz' } },
  { type: 'task-offered', data: { task: 'sign.1', party: 'lawyer', person: 'law' } },
]

const run = (state: OrderState, actor: Actor, body: CommandBody, expected?: number): Draft[] =>
  decide(spec, state, { ...body, id: 'k1', actor, ...(expected !== undefined && { expect: expected }) }, NOW)

const signedBy = (party: string, answer: string): EventBody => ({ type: 'signed', data: { task: 'sign.1', party, answer } })
const suspended: EventBody = { type: 'task-suspended', data: { task: 'repair.1', reason: 'r', party: 'customer' } }
const task = 'repair.1'
const reason = 'because'

const asking = after(...held('repair'), clock('repair.1/complete'), {
  type: 'extension-requested',
  actor: wang,
  data: { task, clock: 'repair.1/complete', by: 60_000, reason },
})

const refusals: [RefusalCode, string, OrderState, Actor, CommandBody, number?][] = [
  ['ORDER_CLOSED', 'anything after the end', after({ type: 'order-closed', data: { end: 'done' } }), boss, { type: 'urge' }],
  [
    'ORDER_STOPPED',
    'anything while stopped',
    after({ type: 'order-stopped', data: { code: 'BODY_FAILED', message: 'x' } }),
    boss,
    { type: 'urge' },
  ],
  ['ORDER_WITHDRAWING', 'work while withdrawing', after({ type: 'order-withdrawn', data: { reason } }), boss, { type: 'urge' }],
  ['STALE_VERSION', 'a decision on an old version', after(...held('repair')), wang, { type: 'complete', task, outcome: 'fixed' }, 1],
  ['NO_SUCH_TASK', 'a task that never was', after(), wang, { type: 'accept', task: 'repair.9' }],
  [
    'TASK_CLOSED',
    'a second completion',
    after(...held('repair'), { type: 'task-completed', data: { task, outcome: 'fixed' } }),
    wang,
    { type: 'complete', task, outcome: 'fixed' },
  ],
  ['NOT_ALLOWED', 'an engineer dispatching', after(opened('repair')), wang, { type: 'dispatch', task, person: 'li' }],
  [
    'NOT_ALLOWED',
    'a dispatcher after two refusals',
    after(opened('repair'), { type: 'task-queued', data: { task, queue: 'supervisor' } }),
    desk,
    { type: 'dispatch', task, person: 'li' },
  ],
  ['NOT_ALLOWED', 'an engineer withdrawing', after(...held('repair')), wang, { type: 'withdraw', reason }],
  ['NOT_ASSIGNEE', 'somebody else completing', after(...held('repair')), li, { type: 'complete', task, outcome: 'fixed' }],
  ['NOT_ASSIGNEE', 'a unit without the role', after(opened('repair'), offered('repair', { unit: 'u1' })), kac, { type: 'accept', task }],
  [
    'NOT_ACCEPTED',
    'completing before accepting',
    after(opened('repair'), offered('repair', { person: 'wang' })),
    wang,
    { type: 'complete', task, outcome: 'fixed' },
  ],
  ['ALREADY_ACCEPTED', 'accepting twice', after(...held('repair')), wang, { type: 'accept', task }],
  ['NOT_OFFERED', 'accepting what waits for dispatch', after(opened('repair')), wang, { type: 'accept', task }],
  ['SUSPENDED', 'completing while suspended', after(...held('repair'), suspended), wang, { type: 'complete', task, outcome: 'fixed' }],
  ['NOT_SUSPENDED', 'resuming what runs', after(...held('repair')), boss, { type: 'resume', task }],
  [
    'SUSPEND_NOT_ALLOWED',
    'suspending a step that runs on',
    after(...held('fixed')),
    wang,
    { type: 'suspend', task: 'fixed.1', reason, party: 'own' },
  ],
  ['UNKNOWN_OUTCOME', 'an outcome that the step lacks', after(...held('repair')), wang, { type: 'complete', task, outcome: 'toString' }],
  ['OUTCOME_NOT_CHOSEN', 'completing a joint step', after(...joint), business, { type: 'complete', task: 'sign.1', outcome: 'agreed' }],
  [
    'OUTCOME_NOT_CHOSEN',
    'completing the machine’s step',
    after({ type: 'task-opened', data: { task: 'machine.1', step: 'machine', n: 1, kind: 'automatic' } }),
    boss,
    { type: 'complete', task: 'machine.1', outcome: 'ok' },
  ],
  [
    'OUTCOME_NOT_CHOSEN',
    'refusing by completing',
    after(opened('take'), offered('take', { person: 'wang' })),
    wang,
    { type: 'complete', task: 'take.1', outcome: 'refused' },
  ],
  [
    'OVER_AUTHORITY',
    'approving more than allowed',
    after(
      ...held('draft', 'kac'),
      { type: 'task-completed', data: { task: 'draft.1', outcome: 'drafted', form: { amount: 2000 } } },
      ...held('approve', 'director'),
    ),
    director,
    { type: 'complete', task: 'approve.1', outcome: 'yes' },
  ],
  [
    'WITHIN_AUTHORITY',
    'passing up what is one’s own',
    after(...held('approve', 'director')),
    director,
    { type: 'complete', task: 'approve.1', outcome: 'up' },
  ],
  [
    'AUTHORITY_UNKNOWN',
    'approving without a rule',
    after(...held('approve', 'director')),
    { ...director, authority: undefined },
    { type: 'complete', task: 'approve.1', outcome: 'yes' },
  ],
  [
    'FORM_INVALID',
    'a required field missing',
    after(...held('draft', 'kac')),
    kac,
    { type: 'complete', task: 'draft.1', outcome: 'drafted' },
  ],
  [
    'FORM_INVALID',
    'a field that the form lacks',
    after(...held('draft', 'kac')),
    kac,
    { type: 'complete', task: 'draft.1', outcome: 'drafted', form: { amount: 1, other: 2 } },
  ],
  [
    'FORM_INVALID',
    'money in fractions',
    after(...held('draft', 'kac')),
    kac,
    { type: 'complete', task: 'draft.1', outcome: 'drafted', form: { amount: 1.5 } },
  ],
  [
    'REASON_REQUIRED',
    'refusing without a reason',
    after(opened('repair'), offered('repair', { person: 'wang' })),
    wang,
    { type: 'refuse', task, reason: ' ' },
  ],
  [
    'SEPARATION_OF_DUTIES',
    'the drafter approving',
    after(
      ...held('draft', 'director'),
      { type: 'task-completed', actor: director, data: { task: 'draft.1', outcome: 'drafted' } },
      ...held('approve', 'director'),
    ),
    director,
    { type: 'complete', task: 'approve.1', outcome: 'no' },
  ],
  ['NO_SUCH_PARTY', 'signing for nobody', after(...joint), business, { type: 'sign', task: 'sign.1', party: 'valueOf', answer: 'agree' }],
  [
    'PARTY_EXISTS',
    'adding a party twice',
    after(...joint),
    boss,
    { type: 'add-signer', task: 'sign.1', party: 'lawyer', roles: ['lawyer'] },
  ],
  [
    'ALREADY_SIGNED',
    'signing twice',
    after(...joint, signedBy('business', 'agree')),
    business,
    { type: 'sign', task: 'sign.1', party: 'business', answer: 'object' },
  ],
  [
    'NOT_YOUR_TURN',
    'signing before one’s turn',
    after(...joint),
    lawyer,
    { type: 'sign', task: 'sign.1', party: 'lawyer', answer: 'agree' },
  ],
  [
    'UNKNOWN_ANSWER',
    'an answer that the party lacks',
    after(...joint),
    business,
    { type: 'sign', task: 'sign.1', party: 'business', answer: 'maybe' },
  ],
  ['NOT_JOINT', 'signing a plain step', after(...held('repair')), wang, { type: 'sign', task, party: 'x', answer: 'agree' }],
  [
    'MANDATORY_SIGNER',
    'removing a mandatory signer',
    after(...joint),
    boss,
    { type: 'remove-signer', task: 'sign.1', party: 'business', reason },
  ],
  [
    'LAST_SIGNER',
    'removing the last signer',
    after({ type: 'task-opened', data: { task: 'sign.1', step: 'sign', n: 1, parties: { lawyer: { roles: ['lawyer'] } } } }),
    boss,
    { type: 'remove-signer', task: 'sign.1', party: 'lawyer', reason },
  ],
  [
    'NO_SUCH_CLOCK',
    'extending what does not run',
    after(...held('repair')),
    boss,
    { type: 'extend', clock: 'repair.1/complete', by: 1, reason },
  ],
  [
    'EXTENSION_ASKED',
    'asking for more time twice',
    asking,
    wang,
    { type: 'ask-extension', task, clock: 'repair.1/complete', by: 1, reason },
  ],
  ['EXTENSION_NOT_ASKED', 'granting what nobody asks for', after(...held('repair')), boss, { type: 'grant-extension', task }],
  [
    'OWN_REQUEST',
    'granting the own request',
    asking,
    { ...wang, roles: ['maintenance-dept', 'supervisor'] },
    { type: 'grant-extension', task },
  ],
  [
    'REQUIREMENT',
    'an outcome whose requirement is not met',
    after(...held('draft', 'kac')),
    kac,
    { type: 'complete', task: 'draft.1', outcome: 'checked' },
  ],
  [
    'AGREEMENT_NEEDED',
    'withdrawing without those who must agree to what stays',
    after(
      ...held('repair'),
      {
        type: 'child-started',
        data: { child: 'c', process: 'x', key: 'k', waits: true },
      },
      {
        type: 'child-ended',
        data: { child: 'c', end: 'signed', stays: [{ order: 'c', process: 'x', step: 'sign', outcome: 'signed' }] },
      },
    ),
    boss,
    { type: 'withdraw', reason },
  ],
  [
    'NOT_AMENDABLE',
    'amending what the specification does not list',
    after(...held('repair')),
    boss,
    { type: 'amend', facts: { amount: 1 }, reason },
  ],
  [
    'IRREVERSIBLE',
    'withdrawing after the point of no return',
    after(...held('draft', 'kac'), { type: 'task-completed', data: { task: 'draft.1', outcome: 'signed', irreversible: true } }),
    boss,
    { type: 'withdraw', reason },
  ],
  ['NOT_RAISABLE', 'raising what is in time', after(...held('repair'), clock('repair.1/complete')), boss, { type: 'raise', reason }],
  ['TARGET_REQUIRED', 'dispatching to nobody', after(opened('repair')), desk, { type: 'dispatch', task }],
  [
    'DATE_IN_PAST',
    'suspending until yesterday',
    after(...held('repair')),
    wang,
    { type: 'suspend', task, reason, party: 'customer', until: NOW - 1 },
  ],
  ['BAD_VALUE', 'a priority off the scale', after(), desk, { type: 'set-priority', priority: 9 }],
]

describe('refusals', () => {
  it.each(refusals)('%s: %s', (code, _what, state, actor, body, expected) => {
    const before = JSON.stringify(state)
    let refusal: unknown
    try {
      run(state, actor, body, expected)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(Refusal)
    expect((refusal as Refusal).code).toBe(code)
    expect(JSON.stringify(state)).toBe(before)
  })

  it('covers the closed list', () => {
    expect([...new Set(refusals.map(([code]) => code))].sort()).toEqual(Object.keys(refusalCodes).sort())
  })
})

const types = (drafts: Draft[]) => drafts.map((draft) => draft.type)

describe('what follows', () => {
  it('taking a ticket is its outcome', () => {
    expect(types(run(after(opened('take'), offered('take', { person: 'wang' })), wang, { type: 'accept', task: 'take.1' }))).toEqual([
      'task-accepted',
      'task-completed',
    ])
  })

  it('refusing a ticket is an outcome too, and counted', () => {
    const [refused, completed] = run(after(opened('take'), offered('take', { person: 'wang' })), wang, {
      type: 'refuse',
      task: 'take.1',
      reason,
    })
    expect(refused).toMatchObject({ type: 'task-refused', data: { times: 1, reason } })
    expect(completed).toMatchObject({ type: 'task-completed', data: { outcome: 'refused' } })
  })

  it('a decision is taken by deciding', () => {
    expect(
      types(
        run(after(opened('choose'), offered('choose', { person: 'kac' })), kac, { type: 'complete', task: 'choose.1', outcome: 'yes' }),
      ),
    ).toEqual(['task-accepted', 'task-completed'])
  })

  it('a delegate acts on behalf of the absent colleague, and the event says so', () => {
    const [accepted] = run(after(opened('repair'), offered('repair', { person: 'li', absent: 'wang' })), li, { type: 'accept', task })
    expect(accepted?.actor).toEqual({ kind: 'person', id: 'li', for: 'wang' })
    const [completed] = run(after(...held('repair')), { ...li, standsFor: ['wang'] }, { type: 'complete', task, outcome: 'fixed' })
    expect(completed?.actor).toEqual({ kind: 'person', id: 'li', for: 'wang' })
  })

  it('an engineer asks for a suspension, a supervisor grants or denies it', () => {
    const command = { type: 'suspend', task, reason, party: 'customer' } as const
    expect(types(run(after(...held('repair')), wang, command))).toEqual(['suspend-requested'])
    const asked = after(...held('repair'), { type: 'suspend-requested', data: { task, reason, party: 'customer' } })
    expect(types(run(asked, boss, command))).toEqual(['task-suspended'])
    expect(types(run(asked, boss, { type: 'resume', task }))).toEqual(['suspend-denied'])
    expect(() => run(asked, wang, { type: 'resume', task })).toThrow('NOT_ALLOWED')
  })

  it('a veto ends a joint step at once; agreement needs everybody asked', () => {
    expect(types(run(after(...joint), business, { type: 'sign', task: 'sign.1', party: 'business', answer: 'object' }))).toEqual([
      'signed',
      'task-completed',
    ])
    expect(types(run(after(...joint), business, { type: 'sign', task: 'sign.1', party: 'business', answer: 'agree' }))).toEqual(['signed'])
    const last = run(after(...joint, signedBy('business', 'agree')), lawyer, {
      type: 'sign',
      task: 'sign.1',
      party: 'lawyer',
      answer: 'agree',
    })
    expect(last[1]).toMatchObject({ type: 'task-completed', data: { outcome: 'agreed' } })
  })

  it('removing the signer everybody waits for gives the outcome', () => {
    const drafts = run(after(...joint, signedBy('business', 'agree')), boss, {
      type: 'remove-signer',
      task: 'sign.1',
      party: 'lawyer',
      reason,
    })
    expect(types(drafts)).toEqual(['signer-removed', 'task-completed'])
  })

  it('the authority rule that applied is kept with the approval', () => {
    const [approved] = run(after(...held('approve', 'director')), director, { type: 'complete', task: 'approve.1', outcome: 'yes' })
    expect(approved).toMatchObject({ data: { rule: 'A1@1' } })
  })

  it('an order clock stops at its mark and runs on at another, with the instants it had', () => {
    const running = after(clock('overall', NOW + 5000), ...held('repair'))
    const stopped = run(running, wang, { type: 'complete', task, outcome: 'fixed' })
    expect(types(stopped)).toEqual(['task-completed', 'clock-stopped'])
    const state = after(
      clock('overall', NOW + 5000),
      ...held('repair'),
      { type: 'clock-stopped', data: { clock: 'overall' } },
      opened('choose'),
      offered('choose', { person: 'kac' }),
    )
    expect(state.clocks.overall).toMatchObject({ due: NOW + 5000, stopped: expect.any(Number) })
  })

  it('telling the customer stops the feedback clock', () => {
    expect(types(run(after(clock('feedback')), kac, { type: 'comment', text: 'on the way', told: 'customer' }))).toEqual([
      'comment-added',
      'clock-stopped',
    ])
    expect(types(run(after(clock('feedback')), kac, { type: 'comment', text: 'internal' }))).toEqual(['comment-added'])
  })

  it('a comment names each of those whom it mentions once', () => {
    const [comment] = run(after(), kac, { type: 'comment', text: 'look', mentions: ['eng', 'eng', 'sup'] })
    expect(comment!.data).toEqual({ text: 'look', mentions: ['eng', 'sup'] })
    expect(run(after(), kac, { type: 'comment', text: 'look', mentions: [] })[0]!.data).toEqual({ text: 'look' })
  })

  it('an overdue order is raised: everything closes and another process continues', () => {
    const drafts = run(after(...held('repair'), clock('repair.1/complete', NOW - 1)), boss, { type: 'raise', reason })
    expect(types(drafts)).toEqual(['order-raised', 'task-cancelled', 'order-closed'])
    expect(drafts.at(-1)).toMatchObject({ data: { end: 'raised', next: 'o1.c' } })
  })

  it('a machine’s step that failed can be taken over by a person', () => {
    const failed = after(
      { type: 'task-opened', data: { task: 'machine.1', step: 'machine', n: 1, kind: 'automatic' } },
      { type: 'automatic-failed', data: { task: 'machine.1', message: 'x', times: 1 } },
    )
    expect(types(run(failed, desk, { type: 'dispatch', task: 'machine.1', person: 'wang' }))).toEqual(['task-dispatched'])
  })
})
