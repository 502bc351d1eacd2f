/** An order that stopped because the code no longer fitted it, and how it comes to go on. */
import { beforeAll, describe, expect, it } from 'vitest'
import { sample } from '../../support/sample.ts'
import { simulate } from '../../support/simulator.ts'
import type { OrderState } from '../../../domain/order/state.ts'
import { Machine } from '../../../workflows/kit/machine.ts'
import { process } from '../../../workflows/kit/process.ts'

const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const story = (seed: number) => Array.from({ length: 12 }, (_, i) => (Math.imul(seed, 2654435761) + Math.imul(i + 1, 40503)) >>> 8)
const NOW = Date.UTC(2026, 5, 1)

/** A body that has forgotten everything but its first step. */
const other = process(sample.spec, async (order) => {
  await order.step('draft')
  await order.step('draft')
  return 'done'
})

/** As a new run finds it. */
const again = (of: typeof sample, state: OrderState) => new Machine(of, JSON.parse(JSON.stringify(state)) as OrderState, drain)

let open: OrderState
let stopped: Machine
beforeAll(async () => {
  for (let seed = 1; !open; seed++) {
    const { state } = await simulate(sample, story(seed))
    if (state.status === 'open' && state.tasks['work-a.1']) open = JSON.parse(JSON.stringify(state)) as OrderState
  }
  stopped = again(other, open)
  const move = await stopped.fastForward(NOW)
  expect(move!.events).toMatchObject([{ type: 'order-stopped', data: { code: 'JOURNAL_MISMATCH' } }])
  stopped.planned({ plan: [], head: move!.head })
})

describe('an order that has stopped', () => {
  it('stays so with code that does not fit, as often as it is tried', async () => {
    expect(await again(other, stopped.state).fastForward(NOW)).toBeUndefined()
    expect(stopped.state).toMatchObject({ status: 'stopped', journal: open.journal, tasks: open.tasks })
  })

  it('takes no news, so that it stands where it stood', async () => {
    for (const input of [
      { kind: 'automatic-done', task: Object.keys(open.tasks)[0]!, result: { outcome: 'done' } },
      { kind: 'child-ended', child: `${open.id}.x`, end: 'closed' },
      { kind: 'received', fact: { kind: 'payment', id: 'b1', facts: { amount: 1 } } },
      { kind: 'tick' },
    ] as const)
      expect(await stopped.advance(input, NOW + 86_400_000)).toBeUndefined()
    const actor = { kind: 'person' as const, id: 'boss', roles: ['supervisor'] }
    const command = { id: 'k', type: 'withdraw' as const, reason: 'r', actor }
    await expect(stopped.advance({ kind: 'command', command }, NOW)).rejects.toMatchObject({ code: 'ORDER_STOPPED' })
  })

  it('goes on where it stood with code that fits, and its clocks with the instants they had', async () => {
    const machine = again(sample, stopped.state)
    const move = await machine.fastForward(NOW)
    expect(move!.events).toEqual([{ type: 'order-resumed', data: {} }])
    machine.planned({ plan: [], head: move!.head })
    const { status, tasks, clocks, journal, stopped: why } = machine.state
    expect({ status, tasks, clocks, journal, why }).toEqual({
      status: 'open',
      tasks: open.tasks,
      clocks: open.clocks,
      journal: open.journal,
      why: undefined,
    })
    // And does not begin again at the next run.
    expect(await again(sample, machine.state).fastForward(NOW)).toBeUndefined()
    const due = await machine.advance({ kind: 'tick' }, NOW + 86_400_000)
    expect(due?.events.map(({ type }) => type)).toContain('rung-fired')
  })
})
