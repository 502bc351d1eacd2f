import { describe, expect, it } from 'vitest'
import { type Habits, choose, usualHabits } from '../../../cli/simulate/choose.ts'
import type { AllowedView, TaskView } from '../../../cli/simulate/view.ts'
import { chance } from '../../../prisma/seed/rows.ts'
import { aProcess, aTask, anOrder, may, mayComplete } from './fixtures.ts'

const never: Habits = { refuse: 0, return: 0, reassign: 0, suspend: 0, ask: 0, comment: 0, urge: 0, deny: 0, stray: 0 }

const pick = (allowed: AllowedView[], task: Partial<TaskView> = {}, habits = never, random = chance(1), earlier: TaskView[] = []) => {
  const open = aTask(task)
  return choose(random, allowed, { order: anOrder([...earlier, open]), task: open, process: aProcess(), me: 'st-1' }, habits)
}

const more = { clock: 'repair', moreMs: 1, reason: 'r', by: 'x' }
const suspended = { reason: 'r', party: 'own', until: null }

describe('what somebody does', () => {
  const table: [string, AllowedView[], Partial<TaskView>, Partial<Habits>, object | undefined][] = [
    ['nothing, where nothing is allowed', [], {}, {}, undefined],
    ['nothing with what is allowed on another task', [{ command: 'accept', task: 'other.1' }], {}, {}, undefined],
    ['accepts what is offered', may('accept', 'refuse'), { status: 'offered' }, {}, { type: 'accept' }],
    ['refuses', may('accept', 'refuse'), { status: 'offered' }, { refuse: 1 }, { type: 'refuse' }],
    [
      'completes what is held',
      [mayComplete('done', 'not-done'), ...may('return', 'suspend', 'reassign')],
      {},
      {},
      { type: 'complete', outcome: 'done', form: {} },
    ],
    ['gives it back', [mayComplete('done'), ...may('return')], {}, { return: 1 }, { type: 'return' }],
    ['hands it on', [mayComplete('done'), ...may('reassign')], {}, { reassign: 1 }, { type: 'reassign' }],
    ['suspends', [mayComplete('done'), ...may('suspend')], {}, { suspend: 1 }, { type: 'suspend' }],
    [
      'does not return what is only offered',
      [mayComplete('done'), ...may('return')],
      { status: 'offered' },
      { return: 1 },
      { type: 'complete', outcome: 'done', form: {} },
    ],
    ['resumes what is suspended', may('resume'), { suspended }, {}, { type: 'resume' }],
    ['leaves alone what others must resume', [mayComplete('done')], { suspended }, {}, undefined],
    ['approves a suspension', may('suspend', 'resume'), { suspendAsked: { ...suspended, by: 'x' } }, {}, { type: 'suspend' }],
    ['denies a suspension', may('suspend', 'resume'), { suspendAsked: { ...suspended, by: 'x' } }, { deny: 1 }, { type: 'resume' }],
    [
      'works on while a suspension is asked for',
      [mayComplete('done')],
      { suspendAsked: { ...suspended, by: 'x' } },
      {},
      { type: 'complete', outcome: 'done', form: {} },
    ],
    [
      'asks for more time on the first limit that he may ask for',
      [mayComplete('done'), { command: 'ask-extension', task: 'repair.1', clocks: ['repair', 'feedback'] }],
      {},
      { ask: 1 },
      { type: 'ask-extension', clock: 'repair' },
    ],
    ['gives more time', may('grant-extension', 'deny-extension'), { extensionAsked: more }, {}, { type: 'grant-extension' }],
    ['gives no more time', may('grant-extension', 'deny-extension'), { extensionAsked: more }, { deny: 1 }, { type: 'deny-extension' }],
    [
      'works on while more time is asked for',
      [mayComplete('done')],
      { extensionAsked: more },
      { ask: 1 },
      { type: 'complete', outcome: 'done', form: {} },
    ],
    ['dispatches what waits', may('dispatch', 'suspend'), { status: 'undispatched' }, {}, { type: 'dispatch' }],
    ['comments where that is allowed', [mayComplete('done'), { command: 'comment' }], {}, { comment: 1 }, { type: 'comment' }],
    [
      'signs first of all',
      [{ command: 'sign', task: 'repair.1', parties: [{ id: 'law', answers: ['agree', 'object'] }] }, mayComplete('done')],
      {},
      {},
      { type: 'sign', party: 'law', answer: 'agree' },
    ],
  ]
  it.each(table)('%s', (_, allowed, task, habits, expected) => {
    expect(pick(allowed, task, { ...never, ...habits })).toEqual(expected)
  })

  it('is the same for the same seed, and differs between seeds', () => {
    const allowed = [mayComplete('done', 'not-done'), ...may('return', 'suspend', 'reassign')]
    const run = (seed: number) => {
      const random = chance(seed)
      return Array.from({ length: 200 }, () => JSON.stringify(pick(allowed, {}, usualHabits, random)))
    }
    expect(run(5)).toEqual(run(5))
    expect(run(5)).not.toEqual(run(6))
  })

  it('mostly takes the first outcome, and in time gives up those that lead back', () => {
    const random = chance(9)
    const share = (rounds: number) => {
      const earlier = Array.from({ length: rounds }, (_, n) => aTask({ task: `repair.${n + 2}`, closedAt: '2026-01-05T02:00:00.000Z' }))
      const picked = Array.from({ length: 2_000 }, () => pick([mayComplete('done', 'not-done')], {}, usualHabits, random, earlier))
      return picked.filter((choice) => choice?.type === 'complete' && choice.outcome === 'not-done').length / 2_000
    }
    const [first, later] = [share(0), share(5)]
    expect(first).toBeGreaterThan(0.01)
    expect(first).toBeLessThan(0.15)
    expect(later).toBeLessThan(first / 4)
  })
})
