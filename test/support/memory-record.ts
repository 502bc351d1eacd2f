/** A record in memory with a planner as simple as can be, for tests of the kit alone. */
import type { Move, MoveEvent, Recorded } from '../../activities/types.ts'
import { compileCalendar } from '../../domain/calendar/calendar.ts'
import { PROMISE } from '../../domain/order/clocks.ts'
import type { OrderEvent } from '../../domain/order/event.ts'
import { blank, evolve } from '../../domain/order/evolve.ts'
import { planPromise } from '../../domain/order/plan-promise.ts'
import type { Limits, PolicyRow } from '../../domain/order/policy.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { specs } from '../../domain/processes/index.ts'
import { calendarC } from '../../prisma/seed/calendars.ts'

const MINUTE = 60_000
const RUNGS = [80, 100, 150, 200]

const calendars = [{ calendar: compileCalendar(calendarC), validFrom: 0 }]

/** Thirty minutes for what people do, as the promise reckons with them. */
const limitsOf = (of: readonly ProcessSpec[]): Limits => ({
  policies: of.flatMap(({ id: process, steps }) =>
    Object.entries(steps).flatMap(([step, { automatic, child }]): PolicyRow[] =>
      automatic || child
        ? []
        : [
            {
              id: '1',
              version: 1,
              kind: 'complete',
              process,
              step,
              budget: '30m',
              calendar: 'C',
              ladder: 'standard',
              mark: 'default',
              validFrom: 0,
            },
          ],
    ),
  ),
  ladders: [],
  calendars,
})

/** The record in memory: chained events, and for each base what was planned then. */
export class MemoryRecord {
  readonly events: OrderEvent[] = []
  state: OrderState
  private readonly plans = new Map<number, Recorded>()
  private readonly spec: ProcessSpec
  private readonly limits: Limits

  constructor(id: string, spec: ProcessSpec) {
    this.state = blank(id)
    this.spec = spec
    this.limits = limitsOf([...specs.filter((other: ProcessSpec) => other.id !== spec.id), spec])
  }

  record(move: Move): Recorded {
    const earlier = this.plans.get(move.base)
    if (earlier) return earlier
    if (this.state.seq !== move.base || this.state.hash !== move.prev)
      throw new Error(`gap: record at ${this.state.seq}, move from ${move.base}`)
    move.events.forEach((event, i) => this.append({ actor: move.actor, ...event, ...(i === 0 && move.cmd && { cmd: move.cmd }) }, move.at))
    if (this.state.hash !== move.head) throw new Error('the record computes another hash than the machine')
    const plan = move.events.flatMap((event) => this.plan(event, move.at))
    for (const event of plan) this.append({ actor: { kind: 'system', id: 'planner' }, ...event }, move.at)
    const promised = this.promise(move.at)
    for (const event of promised) this.append({ actor: { kind: 'system', id: 'planner' }, ...event }, move.at)
    plan.push(...promised)
    const recorded = { plan, head: this.state.hash }
    this.plans.set(move.base, recorded)
    return recorded
  }

  private append(event: MoveEvent & { cmd?: string }, at: number): void {
    const full = { ...event, seq: this.state.seq + 1, at } as OrderEvent
    this.events.push(full)
    this.state = evolve(this.state, full)
  }

  /** As the real planner: once everything else is planned. */
  private promise(now: number): MoveEvent[] {
    const { spec, state, limits } = this
    if (state.status !== 'open') return []
    const specOf = (id: string) => (id === spec.id ? spec : specs.find((other: ProcessSpec) => other.id === id))
    return planPromise({ spec, specOf, state, limits, subject: { tags: [] }, now })
  }

  /** Plans as simply as can be: thirty minutes for all, and a person for each role. */
  private plan(event: MoveEvent, at: number): MoveEvent[] {
    const clock = (name: string, from = at, used = 0, budget = 30 * MINUTE): MoveEvent => {
      const fired = this.state.clocks[name]?.fired ?? []
      const rungs = RUNGS.filter((pct) => !fired.includes(pct)).map((pct) => [pct, from + (budget * pct) / 100 - used] as const)
      return {
        type: 'clock-set',
        data: {
          clock: name,
          cal: 'C@1',
          budget,
          used,
          from,
          due: from + budget - used,
          rungs,
          ladder: 'standard',
          mark: 'default',
          policy: '1@1',
        },
      }
    }
    const offer = (task: string): MoveEvent[] => {
      const open = this.state.tasks[task]
      if (!open || open.status === 'automatic' || open.status === 'child') return []
      if (open.parties)
        return Object.entries(open.parties).flatMap(([party, { person, answer, roles }]) =>
          person || answer ? [] : [{ type: 'task-offered' as const, data: { task, party, person: `${roles[0] ?? 'anyone'}-1` } }],
        )
      const roles = open.roles ?? this.spec.steps[open.step]!.who
      return [{ type: 'task-offered', data: { task, person: `${roles[0]}-${(this.state.notAgain[open.step]?.length ?? 0) + 1}` } }]
    }
    switch (event.type) {
      case 'task-opened':
        // A step that awaited what had come before is done in the move that opened it.
        if (!this.state.tasks[event.data.task]) return []
        // The machine's own work takes no time here; what only waits has its limit.
        return [
          ...(event.data.kind && !this.spec.steps[event.data.step]!.waits ? [] : [clock(`${event.data.task}/complete`)]),
          ...offer(event.data.task),
        ]
      case 'task-refused':
      case 'task-returned':
        return [
          {
            type: 'task-queued',
            data: { task: event.data.task, queue: event.type === 'task-refused' && event.data.times > 1 ? 'supervisor' : 'dispatcher' },
          },
        ]
      case 'signer-added':
      case 'task-rerouted':
        return offer(event.data.task)
      case 'task-suspended': {
        const names = Object.values(this.state.clocks).filter((c) => c.task === event.data.task)
        return names.map((c) => ({ type: 'clock-paused', data: { clock: c.clock, used: c.used + at - c.from } }))
      }
      case 'task-resumed':
        return Object.values(this.state.clocks)
          .filter((c) => c.task === event.data.task && c.paused)
          .map((c) => clock(c.clock, at, c.used, c.budget))
      case 'limit-extended': {
        const c = this.state.clocks[event.data.clock]
        return c && !c.paused && c.clock !== PROMISE ? [clock(c.clock, c.from, c.used, c.budget + event.data.by)] : []
      }
      case 'task-completed': {
        const mark = event.data.outcome
        return Object.entries(this.spec.clocks ?? {}).flatMap(([name, { startedBy }]) =>
          startedBy.some((m) => m.endsWith(`=${mark}`)) && !this.state.clocks[name] ? [clock(name, at, 0, 240 * MINUTE)] : [],
        )
      }
      default:
        return []
    }
  }
}
