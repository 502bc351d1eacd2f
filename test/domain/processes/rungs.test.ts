/** Every limit of every process, with the ladder and calendar as seeded: its rungs fire once and in order, and somebody is told each time. */
import { describe, expect, it } from 'vitest'
import { nextDue, PROMISE, tick } from '../../../domain/order/clocks.ts'
import { deskRoles } from '../../../domain/order/desks.ts'
import type { EventBody, OrderEvent } from '../../../domain/order/event.ts'
import { blank, evolve } from '../../../domain/order/evolve.ts'
import { notices } from '../../../domain/order/notices.ts'
import { plan, type PlanFacts } from '../../../domain/order/plan.ts'
import type { ProcessSpec, StepSpec } from '../../../domain/order/spec.ts'
import type { OrderState } from '../../../domain/order/state.ts'
import { specs } from '../../../domain/processes/index.ts'
import { ladders } from '../../../prisma/seed/ladders.ts'
import { roles } from '../../../domain/roles.ts'
import { openedTask } from '../../../workflows/kit/openings.ts'
import { candidate, facts, HOUR, MONDAY } from '../order/planned.ts'
import { rowsOf } from '../order/promising.ts'

const everybody = Object.keys(roles).map((role) => candidate(`${role}-1`, role))
const units = new Map(everybody.map(({ unit }) => [unit, { leader: 'lead', parent: 'top' }]))
units.set('top', { leader: 'chief', parent: 'top' })
const policies = rowsOf(...specs)
const base = facts(everybody, policies, {
  units,
  customer: { grade: 'group', tags: [], accountManager: 'account-manager-1', contact: 'k1' },
})
const known: PlanFacts = {
  ...base,
  limits: { ...base.limits, ladders: Object.entries(ladders).map(([id, { rungs }]) => ({ id, version: 1, validFrom: 0, rungs })) },
}

class Opened {
  state: OrderState
  now = MONDAY
  private readonly spec: ProcessSpec
  private told: string[] = []

  constructor(spec: ProcessSpec, id: string, step: StepSpec) {
    this.spec = spec
    this.state = blank('o1')
    const dates = Object.fromEntries([step.limit?.dueFact].flatMap((name) => (name ? [[name, MONDAY + 200 * HOUR]] : [])))
    const opened = { process: spec.id, customer: 'c1', title: 't', region: '/cn/js/nj', priority: 3, facts: dates, startedBy: 'starter' }
    const task = openedTask(step, { task: `${id}.1`, step: id, n: 1 }, this.state)
    this.take([
      { type: 'order-opened', data: opened },
      { type: 'task-opened', data: task },
    ])
  }

  /** Events as they happen, and what is planned for them. */
  private take(events: readonly EventBody[]): void {
    const before = this.state
    const placed = events.map(
      (event, i): OrderEvent => ({ ...event, seq: before.seq + i + 1, at: this.now, actor: { kind: 'clock', id: 'clock' } }),
    )
    const state = placed.reduce((s, event) => evolve(s, event), before)
    const specOf = (process: string) => specs.find(({ id }) => id === process)
    const planned = plan({
      spec: this.spec,
      specOf,
      before,
      state,
      events: placed,
      facts: known,
      desks: deskRoles(this.spec),
      now: this.now,
    })
    const more = planned.events.map(
      (event, i): OrderEvent => ({ ...event, seq: state.seq + i + 1, at: this.now, actor: { kind: 'system', id: 'planner' } }),
    )
    this.state = more.reduce((s, event) => evolve(s, event), state)
    const sent = notices({ spec: this.spec, before, after: this.state, events: [...placed, ...more], facts: known })
    this.told = sent.map(({ to }) => ('staff' in to ? to.staff : 'customer'))
  }

  /** Lets time pass to the end of all clocks; what fired on the step's own clock, and to whom each time. */
  runOut(task: string): { pct: number; told: readonly string[] }[] {
    const fired: { pct: number; told: readonly string[] }[] = []
    for (let due = nextDue(this.state); due !== undefined; due = nextDue(this.state)) {
      this.now = Math.max(this.now, due)
      const events = tick(this.spec, this.state, this.now)
      this.take(events)
      for (const event of events)
        if (event.type === 'rung-fired' && event.data.clock === `${task}/complete`) fired.push({ pct: event.data.pct, told: this.told })
    }
    return fired
  }
}

const limited = specs.flatMap((spec: ProcessSpec) =>
  Object.entries(spec.steps).flatMap(([id, step]) => (step.limit ? [[`${spec.no} ${id}`, spec, id, step] as const] : [])),
)

describe('a limit', () => {
  it.each(limited)('%s', (_name, spec, id, step) => {
    const order = new Opened(spec, id, step)
    const task = `${id}.1`
    const clock = order.state.clocks[`${task}/complete`]!
    const wanted = (ladders[step.limit!.ladder ?? 'standard'] ?? ladders.standard)!.rungs.map(({ pct }) => pct)
    const { expiry } = step
    const last = expiry && expiry.effect === 'outcome' ? wanted.filter((pct) => pct <= 100) : wanted
    const fired = order.runOut(task)
    expect(clock.mark).toBe(step.limit!.mark)
    expect(fired.map(({ pct }) => pct)).toEqual(last)
    // A warning is for whoever has the step; the machine needs none, and another order has its own.
    const held = !(step.automatic || step.waits || step.child)
    for (const { pct, told } of fired) if (held || pct >= 100) expect([pct, told.length > 0]).toEqual([pct, true])
    // An overrun ends no order: what is not answered stays open, climbs, or has the outcome that silence stands for.
    const open = order.state.tasks[task]
    if (expiry?.effect === 'outcome') expect(order.state.journal).toMatchObject([{ step: id, outcome: expiry.outcome }])
    else expect(open).toBeDefined()
    if (expiry?.effect === 'reroute') expect(open!.roles).toEqual(expiry.to)
    expect(Object.keys(order.state.clocks).filter((name) => name !== PROMISE && !name.startsWith(id))).toEqual([])
  })
})
