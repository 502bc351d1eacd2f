/**
 * Every limit and rung of the five processes, in skipped time, against the real record: each open clock fires 80, 100, 150 and
 * 200 percent once and in order, then somebody does the step. Every history replays.
 */
import { PROMISE } from '../../domain/order/clocks.ts'
import type { Clock } from '../../domain/order/state.ts'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { begin, doStep, openWorld, replays, until, verify, type World } from '../support/world.ts'

let env: TestWorkflowEnvironment
let world: World

beforeAll(async () => {
  env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: inject('testServerPath') } },
  })
  world = await openWorld({ address: env.address })
})

afterAll(async () => {
  await world?.close()
  await env?.teardown()
})

type Route = [process: string, name: string, steps: [step: string, outcome: string, form?: Record<string, unknown>][]]

const compensated: Route[2] = [
  ['decide-compensation', 'yes'],
  ['decide-clause', 'yes'],
  ['propose-by-contract', 'approved'],
  ['execute-compensation', 'executed'],
  ['after-care', 'done'],
]

const routes: Route[] = [
  [
    'fault-level-1',
    'to a compensation by clause',
    [
      ['report-fault', 'registered'],
      ['issue-fault-application', 'sent'],
      ['start-standby-and-plan', 'restored-and-planned'],
      ['implement-solution', 'fixed'],
      ...compensated,
    ],
  ],
  [
    'fault-level-1',
    'to a waived compensation',
    [
      ['report-fault', 'registered'],
      ['issue-fault-application', 'sent'],
      ['start-standby-and-plan', 'no-standby'],
      ['implement-solution', 'not-fixed'],
      ['implement-solution', 'fixed'],
      ['decide-compensation', 'yes'],
      ['decide-clause', 'no'],
      ['negotiate-compensation', 'waived'],
      ['after-care', 'done'],
    ],
  ],
  [
    'fault-level-2',
    'to a compensation by clause',
    [
      ['report-fault', 'registered'],
      ['issue-fault-application', 'sent'],
      ['make-solution', 'made'],
      ['implement-solution', 'fixed'],
      ...compensated,
    ],
  ],
  [
    'graded-fault',
    'through a refusal and a denied recovery',
    [
      ['accept-fault', 'accepted'],
      ['diagnose', 'needs-dispatch'],
      ['dispatch-fault', 'dispatched'],
      ['take-ticket', 'refused'],
      ['dispatch-fault', 'dispatched'],
      ['take-ticket', 'taken'],
      ['repair-fault', 'repaired'],
      ['return-receipt', 'returned'],
      ['confirm-recovery', 'not-recovered'],
      ['repair-fault', 'repaired'],
      ['return-receipt', 'returned'],
      ['confirm-recovery', 'recovered'],
    ],
  ],
  [
    'graded-fault',
    'to a reply',
    [
      ['accept-fault', 'not-a-fault'],
      ['reply-not-a-fault', 'replied'],
    ],
  ],
  [
    'contract-countersign',
    'within the authority',
    [
      ['draft-contract', 'drafted'],
      ['countersign-business', 'agreed'],
      ['countersign-finance', 'agreed'],
      ['customer-review', 'accepted'],
      ['director-review', 'approved-within-authority'],
      ['sign-contract', 'signed'],
      ['archive-contract', 'archived'],
    ],
  ],
  [
    'contract-countersign',
    'beyond the authority',
    [
      ['draft-contract', 'drafted', { amount: 90_000_000_000 }],
      ['countersign-business', 'agreed'],
      ['countersign-finance', 'agreed'],
      ['customer-review', 'accepted'],
      ['director-review', 'over-authority'],
      ['leadership-approve', 'approved'],
      ['sign-contract', 'withdrawn'],
    ],
  ],
  [
    'return-visit',
    'with problems',
    [
      ['make-visit-plan', 'planned'],
      ['issue-visit-order', 'accepted'],
      ['prepare-visit', 'prepared'],
      ['make-appointment', 'agreed'],
      ['conduct-visit', 'visited'],
      ['record-visit', 'with-problems'],
      ['handle-problems', 'handled'],
      ['summarise-visit', 'summarised'],
      ['decide-opportunity', 'no'],
    ],
  ],
]

/** Clocks that run and have rungs to fire. The promise is not among them: it goes back with every overrun, and so is never over. */
const runningOf = (clocks: Readonly<Record<string, Clock>>): Clock[] =>
  Object.values(clocks).filter(({ clock, stopped, rungs }) => clock !== PROMISE && stopped === undefined && rungs.length > 0)

/** Skips time until every clock of the order that runs has fired its last rung. */
async function lapse(order: string): Promise<void> {
  const { clocks, at } = await world.state(order)
  const last = Math.max(at, ...runningOf(clocks).flatMap(({ rungs }) => rungs.map(([, due]) => due)))
  const now = await env.currentTimeMs()
  if (last > now) await env.sleep(last - now + 1000)
}

async function ladders(order: string): Promise<Map<string, { pcts: number[]; late: number[] }>> {
  const { rows } = await world.db.pool.query(
    // A clock that runs from an earlier mark may be due before its task opens.
    `select r.clock, r.pct, extract(epoch from r.fired_at - greatest(r.due_at, t.opened_at)) * 1000 as late_ms
     from rung r left join task t on t.order_id = r.order_id and t.task = r.task where r.order_id = $1 order by r.fired_at, r.pct`,
    [order],
  )
  const fired = new Map<string, { pcts: number[]; late: number[] }>()
  for (const { clock, pct, late_ms: late } of rows) {
    const row = fired.get(clock) ?? { pcts: [], late: [] }
    fired.set(clock, row)
    row.pcts.push(pct)
    row.late.push(Number(late))
  }
  return fired
}

describe('limits and rungs in skipped time', () => {
  it.each(routes)(
    '%s %s',
    async (process, _name, steps) => {
      const order = await begin(world, process)
      const clocks = new Set<string>()
      for (const [step, outcome, form] of steps) {
        const state = await until(world, order, (s) => Object.values(s.tasks).some((task) => task.step === step), `${step} opens`)
        const running = runningOf(state.clocks)
        for (const { clock } of running) clocks.add(clock)
        await lapse(order)
        await until(
          world,
          order,
          (s) => running.every(({ clock }) => (s.clocks[clock]?.rungs.length ?? 0) === 0),
          `the rungs of ${step} have fired`,
        )
        await doStep(world, order, step, outcome, form)
      }
      const fired = await ladders(order)
      expect(clocks.size).toBeGreaterThan(1)
      for (const clock of clocks) expect([clock, fired.get(clock)?.pcts]).toEqual([clock, [80, 100, 150, 200]])
      const promise = fired.get(PROMISE)?.pcts ?? []
      expect(promise).toEqual([80, 100].slice(0, promise.length))
      for (const [clock, { late }] of fired) expect([clock, Math.max(...late) < 2_000]).toEqual([clock, true])
      await verify(world, order)
      await replays(world, order)
    },
    120_000,
  )
})
