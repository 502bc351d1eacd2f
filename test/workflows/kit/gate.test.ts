/** Changes of a process, and what the gate says of orders that are on their way. */
import { describe, expect, it } from 'vitest'
import type { OrderState } from '../../../domain/order/state.ts'
import { judgeOrder } from '../../../workflows/kit/gate.ts'
import { GateReport } from '../../../workflows/kit/gate-report.ts'
import { type Process, process } from '../../../workflows/kit/process.ts'
import { processes } from '../../../workflows/processes.ts'
import { sample, sampleSpec } from '../../support/sample.ts'
import { simulate } from '../../support/simulator.ts'

const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Orders of many stories that are still open. */
async function openStates(of: Process, count: number): Promise<OrderState[]> {
  const states: OrderState[] = []
  for (let seed = 1; states.length < count && seed < count * 40; seed++) {
    const story = Array.from({ length: 4 + (seed % 23) }, (_, i) => (Math.imul(seed, 2654435761) + Math.imul(i + 1, 40503)) >>> 8)
    const { state } = await simulate(of, story, of.spec.entries?.[0] ?? {})
    if (state.status === 'open') states.push(state)
  }
  return states
}

const judged = async (of: Process, states: readonly OrderState[]) => {
  const report = new GateReport()
  for (const state of states) report.add(state.id, state.process, await judgeOrder(of, state, drain))
  return report
}

const titled = (text: string) => ({ en: text, zh: text })
const review = { title: titled('review'), who: ['kac-staff'], outcomes: { reviewed: { title: titled('reviewed') } } } as const

describe('the gate', () => {
  it('has nothing to say where nothing was changed', async () => {
    const states = await openStates(sample, 60)
    expect(new Set(states.map(({ tasks }) => Object.keys(tasks).join())).size).toBeGreaterThan(4)
    expect((await judged(sample, states)).byFit).toMatchObject({ stands: 60, moved: 0, refused: 0 })
  })

  it.each(processes.filter(({ spec }) => ['graded-fault', 'contract-countersign', 'complaint', 'order-fulfilment'].includes(spec.id)))(
    'has nothing to say of $spec.id as it is',
    async (of) => {
      const states = await openStates(of, 10)
      expect(states.length).toBeGreaterThan(3)
      expect((await judged(of, states)).byFit).toMatchObject({ moved: 0, refused: 0 })
    },
  )

  it('lets a step pass that was inserted ahead', async () => {
    const spec = { ...sampleSpec, steps: { ...sampleSpec.steps, review } }
    const after = process(spec, async (order) => {
      const end = await sample.body(order as never)
      await order.step('review')
      return end as 'done'
    })
    expect((await judged(after, await openStates(sample, 40))).byFit).toMatchObject({ stands: 40, moved: 0, refused: 0 })
  })

  it('says where an order would stand when a step was inserted that it has passed', async () => {
    const spec = { ...sampleSpec, steps: { ...sampleSpec.steps, review } }
    const before = process(spec, async (order) => {
      const start = await order.step('draft')
      if (start === 'drop') return 'dropped'
      if (start === 'move') return 'moved'
      await order.step('review')
      await Promise.all([order.step('work-a'), order.step('work-b')])
      return 'done'
    })
    const states = await openStates(sample, 40)
    const report = await judged(before, states)
    const atDraft = states.filter(({ tasks }) => tasks['draft.1']).length
    expect(report.byFit).toMatchObject({ stands: atDraft, moved: 40 - atDraft, refused: 0 })
    expect(report.table()).toHaveLength(1)
    expect(report.table()[0]).toMatchObject({ process: 'sample', fit: 'moved', step: 'review', orders: 40 - atDraft })

    const further = states.find(({ journal }) => journal.length > 2)!
    expect(await judgeOrder(before, further, drain)).toMatchObject({
      fit: 'moved',
      step: 'review',
      kept: 1,
      of: further.journal.length,
      opens: ['review.1'],
    })
    expect((await judgeOrder(before, further, drain)).why).toMatch(
      /^after draft\.1 it would stand at review\.1, not at .*; \d+ later outcomes, from .* on, would not count$/,
    )
  })

  it('refuses orders that went on with an outcome which has another name now', async () => {
    const { drafted, ...others } = sampleSpec.steps.draft.outcomes
    const draft = { ...sampleSpec.steps.draft, outcomes: { ...others, written: drafted } }
    const renamed: Process = { spec: { ...sampleSpec, clocks: {}, steps: { ...sampleSpec.steps, draft } }, body: sample.body }
    const states = await openStates(sample, 40)
    const report = await judged(renamed, states)
    const atDraft = states.filter(({ journal }) => journal.length === 0).length
    // Its body asks for neither name and would have led them on as if nothing had happened.
    expect((await judged({ spec: sampleSpec, body: sample.body }, states)).byFit.stands).toBe(40)
    expect(report.byFit).toMatchObject({ stands: atDraft, moved: 0, refused: 40 - atDraft })
    expect(report.table()[0]!.why).toContain('draft has no outcome drafted any more')
  })

  it('refuses an order whose open step is gone, whose process is gone, whose body fails', async () => {
    const [state] = (await openStates(sample, 40)).filter(({ tasks }) => tasks['work-a.1'])
    const { 'work-a': _, ...steps } = sampleSpec.steps
    expect(await judgeOrder({ spec: { ...sampleSpec, steps }, body: sample.body }, state!, drain)).toMatchObject({
      fit: 'refused',
      step: 'work-a',
    })
    expect(await judgeOrder(undefined, state!, drain)).toMatchObject({ fit: 'refused', why: 'there is no process sample any more' })
    const failing: Process = { spec: sampleSpec, body: () => Promise.reject(new Error('no')) }
    expect(await judgeOrder(failing, state!, drain)).toMatchObject({ fit: 'refused', why: 'its body fails: no' })
  })

  it('says of an order that would end, and of one that is withdrawn', async () => {
    const [state] = (await openStates(sample, 40)).filter(({ tasks }) => tasks['work-a.1'])
    const short = process(sampleSpec, async (order) => ((await order.step('draft')) === 'drop' ? 'dropped' : 'done'))
    expect((await judgeOrder(short, state!, drain)).why).toMatch(/it would end with done/)
    expect(await judgeOrder(short, { ...state!, status: 'withdrawing' }, drain)).toEqual({ fit: 'stands' })
  })
})
