/** Histories on the computed graphs: what the product's own machine does fits, and what somebody made up is found where it begins. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { OrderEvent } from '../../domain/order/event.ts'
import { conform, type Model, modelOf } from '../../workflows/kit/conformance.ts'
import { processes } from '../../workflows/processes.ts'

let model: Model
beforeAll(async () => {
  model = await modelOf(processes.find(({ spec }) => spec.id === 'fault-level-1')!)
})

/** A history in short: `+step` opens, `step=outcome` ends, `!end` closes; each word is a move. */
function history(words: string): (OrderEvent & { move: number })[] {
  const counts = new Map<string, number>()
  return words.split(' ').map((word, i) => {
    const [step = '', outcome = ''] = word.replace(/^[+!]/, '').split('=')
    const place = { seq: i + 1, move: i + 1, at: i, actor: { kind: 'system', id: 'x' } as const }
    if (word.startsWith('!')) return { ...place, type: 'order-closed', data: { end: step } }
    if (word === 'amended') return { ...place, move: i + 2, type: 'order-amended', data: { facts: {}, reason: 'r', kept: 1 } }
    const n = (counts.get(step) ?? 0) + (word.startsWith('+') ? 1 : 0)
    counts.set(step, n)
    const task = `${step}.${n}`
    if (word.startsWith('+')) return { ...place, type: 'task-opened', data: { task, step, n } }
    return { ...place, type: 'task-completed', data: { task, outcome } }
  })
}

const begun = '+report-fault report-fault=registered +issue-fault-application issue-fault-application=sent +start-standby-and-plan'

describe('a history on its graph', () => {
  it('fits where it goes the way of the process', () => {
    expect(conform(model, history(begun))).toEqual({ moves: 5, fit: 5, deviations: [] })
    expect(conform(model, history('+report-fault report-fault=not-level-1 !regraded')).deviations).toEqual([])
  })

  it.each([
    ['a step left out', '+report-fault report-fault=registered +start-standby-and-plan', 3, 'not-allowed-here', 'start-standby-and-plan'],
    [
      'a step done twice',
      '+report-fault report-fault=registered +issue-fault-application +issue-fault-application',
      4,
      'not-allowed-here',
      'issue-fault-application',
    ],
    ['an outcome that there is not', '+report-fault report-fault=perhaps', 2, 'unknown-outcome', 'report-fault'],
    ['an outcome of what was not open', 'report-fault=registered', 1, 'not-open', 'report-fault'],
    ['another beginning', '+implement-solution', 1, 'not-allowed-here', 'implement-solution'],
    ['an end too early', `${begun} !closed`, 6, 'not-an-end-here', ''],
  ])('is found out: %s', (_what, words, seq, what, step) => {
    const { deviations, moves, fit } = conform(model, history(words))
    expect(deviations[0]).toMatchObject({ seq, what, step })
    expect(moves - fit).toBe(deviations.length)
  })

  it('names what would have been allowed', () => {
    expect(conform(model, history('+report-fault report-fault=registered +after-care')).deviations[0]!.allowed).toEqual([
      'issue-fault-application',
    ])
  })

  it('may open again what an amendment leads to', () => {
    const words = '+report-fault report-fault=registered +issue-fault-application amended +issue-fault-application'
    expect(conform(model, history(words)).deviations).toEqual([])
  })
})
