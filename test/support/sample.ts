/** A small process that has every shape the kit knows: loop, parallel, joint, automatic, child, expiry, undo, order clock. */
import { defineSpec } from '../../domain/order/spec.ts'
import { process } from '../../workflows/kit/process.ts'

const t = (text: string) => ({ en: text, zh: text })
const outcome = (text: string) => ({ title: t(text) })
const limit = { text: '30分钟', budget: '30m', calendar: 'C', mark: 'default' } as const

export const sampleSpec = defineSpec({
  no: 'P-00',
  id: 'sample',
  family: 'sample',
  title: t('sample'),
  input: {},
  route: ['draft', ['work-a', 'work-b'], 'countersign', 'register', 'check'],
  ends: { done: { title: t('done') }, dropped: { title: t('dropped') }, moved: { title: t('moved'), continuesAs: 'sample' } },
  clocks: {
    overall: {
      title: t('overall'),
      startedBy: ['draft=drafted'],
      stoppedBy: ['work-a=done'],
      reopenedBy: ['check=again'],
      pausedWith: ['work-a'],
      limit: { ...limit, budget: '4h' },
    },
  },
  steps: {
    draft: {
      title: t('draft'),
      who: ['kac-staff'],
      limit,
      outcomes: { drafted: outcome('drafted'), drop: outcome('drop'), move: outcome('move') },
    },
    'work-a': {
      title: t('a'),
      who: ['maintenance-dept'],
      limit,
      suspend: 'approval',
      outcomes: { done: outcome('done'), stuck: outcome('stuck') },
    },
    'work-b': {
      title: t('b'),
      who: ['finance-dept'],
      limit,
      expiry: { effect: 'outcome', outcome: 'silent' },
      outcomes: { done: outcome('done'), silent: outcome('silent') },
    },
    countersign: {
      title: t('countersign'),
      who: ['business-dept', 'lawyer'],
      limit,
      notBy: ['draft'],
      joint: {
        parties: [
          { id: 'business', title: t('business'), who: ['business-dept'], answers: ['agree', 'object'], mandatory: true },
          { id: 'lawyer', title: t('lawyer'), who: ['lawyer'], answers: ['agree', 'object'] },
        ],
        order: 'parallel',
        rules: [{ answer: 'object', outcome: 'objection', early: true }],
        else: 'agreed',
      },
      outcomes: { agreed: outcome('agreed'), objection: outcome('objection') },
    },
    register: { title: t('register'), who: ['system'], automatic: true, outcomes: { registered: outcome('registered') } },
    check: { title: t('check'), who: ['kac-staff'], implicitAccept: true, outcomes: { fine: outcome('fine'), again: outcome('again') } },
  },
})

export const sample = process(sampleSpec, async (order) => {
  const start = await order.step('draft')
  if (start === 'drop') return 'dropped'
  if (start === 'move') return 'moved'
  order.undo('void-draft')
  do {
    await Promise.all([order.step('work-a'), order.step('work-b')])
    while ((await order.step('countersign')) === 'objection');
    await order.step('register')
  } while ((await order.step('check')) === 'again')
  return 'done'
})
