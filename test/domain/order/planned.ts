/** An order with the real planner and no record: facts that a test writes down, and a machine that applies what is planned. */
import { sealMove, sealPlan } from '../../../activities/seal.ts'
import { compileCalendar } from '../../../domain/calendar/calendar.ts'
import { PROMISE } from '../../../domain/order/clocks.ts'
import { deskRoles } from '../../../domain/order/desks.ts'
import type { Command, CommandBody } from '../../../domain/order/command.ts'
import type { Actor, EventBody, OpenedData, OrderEvent } from '../../../domain/order/event.ts'
import { evolve } from '../../../domain/order/evolve.ts'
import { type Notice, notices } from '../../../domain/order/notices.ts'
import type { Candidate } from '../../../domain/order/offer.ts'
import { type Plan, plan, type PlanFacts } from '../../../domain/order/plan.ts'
import type { PolicyRow } from '../../../domain/order/policy.ts'
import type { ProcessSpec } from '../../../domain/order/spec.ts'
import { specs } from '../../../domain/processes/index.ts'
import type { OrderState, Task } from '../../../domain/order/state.ts'
import { calendarC, calendarW } from '../../../prisma/seed/calendars.ts'
import { type Input, Machine } from '../../../workflows/kit/machine.ts'
import type { Process } from '../../../workflows/kit/process.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
/** Monday, 5 January 2026, 09:00 in China. */
export const MONDAY = Date.UTC(2026, 0, 5, 1)

export const candidate = (id: string, role: string, more: Partial<Candidate> & { at?: string } = {}): Candidate => {
  const { at = '/cn/js/nj', unit = `${role}@${at}`, ...rest } = more
  return {
    id,
    unit,
    region: at,
    active: true,
    roles: [{ role, unit, region: at }],
    skills: {},
    absent: false,
    onShift: true,
    load: 0,
    ...rest,
  }
}

let ids = 0
export const policy = (more: Partial<PolicyRow>): PolicyRow => ({
  id: String(++ids),
  version: 1,
  kind: 'complete',
  budget: '30m',
  calendar: 'C',
  ladder: 'standard',
  mark: 'default',
  validFrom: 0,
  ...more,
})

export const facts = (people: Candidate[], policies: PolicyRow[], more: Partial<PlanFacts> = {}): PlanFacts => ({
  people: new Map(people.map((person) => [person.id, person])),
  holders: people.flatMap(({ id, roles }) => roles.map(({ role, unit, region }) => ({ role, unit, region, staff: [id] }))),
  units: new Map(),
  rules: [],
  limits: {
    policies,
    ladders: [
      {
        id: 'standard',
        version: 1,
        validFrom: 0,
        rungs: [
          { pct: 80, to: ['assignee'], template: 'limit-warning' },
          { pct: 100, to: ['assignee', 'superior', 'customer'], template: 'limit-breach' },
          { pct: 150, to: ['next-superior'], template: 'limit-breach' },
          { pct: 200, to: ['vp-in-charge', 'account-manager', 'responsible', 'dispatcher'], template: 'limit-breach' },
        ],
      },
    ],
    calendars: [
      { calendar: compileCalendar(calendarC), validFrom: 0 },
      { calendar: compileCalendar(calendarW), validFrom: 0 },
    ],
  },
  ...more,
})

const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export class Planned {
  now = MONDAY
  readonly machine: Machine
  facts: PlanFacts
  last!: Plan & { own: OrderEvent[]; notices: Notice[] }
  private commands = 0
  private readonly process: Process
  private readonly others: readonly ProcessSpec[]

  /** @param others specifications of children, beside those of the product */
  constructor(process: Process, known: PlanFacts, others: readonly ProcessSpec[] = []) {
    this.process = process
    this.others = others
    this.facts = known
    this.machine = new Machine(process, 'o-1', drain)
  }

  get state(): OrderState {
    return this.machine.state
  }

  open(more: Partial<OpenedData> = {}): Promise<Plan> {
    const opened = { process: this.process.spec.id, customer: 'c1', title: 't', region: '/cn/js/nj', priority: 3, facts: {}, ...more }
    return this.give({ kind: 'open', opened, actor: { kind: 'person', id: 'starter' } })
  }

  /** A command; what is to be completed and has only been offered is accepted first. */
  async act(actor: Actor | string, body: CommandBody): Promise<Plan> {
    const who: Actor = typeof actor === 'string' ? this.actor(actor) : actor
    if (body.type === 'complete' && this.state.tasks[body.task]?.status === 'offered') {
      const { implicitAccept, acceptIs } = this.process.spec.steps[this.state.tasks[body.task]!.step]!
      if (!implicitAccept && !acceptIs) await this.act(actor, { type: 'accept', task: body.task })
    }
    return this.give({ kind: 'command', command: { ...body, id: `c${++this.commands}`, actor: who } as Command })
  }

  /** A person with the roles and units of the facts. */
  actor(id: string): Actor {
    const roles = this.facts.people.get(id)?.roles ?? []
    return { kind: 'person', id, roles: roles.map(({ role }) => role), units: roles.map(({ unit }) => unit) }
  }

  tick(ms: number): Promise<Plan> {
    this.now += ms
    return this.give({ kind: 'tick' })
  }

  async give(input: Input): Promise<Plan> {
    const before = this.state
    const move = await this.machine.advance(input, this.now)
    if (!move) throw new Error('nothing happened')
    const own = sealMove(move)
    const state = own.reduce((s, event) => evolve(s, event), before)
    const planned = plan({
      spec: this.process.spec,
      specOf: (id) => [...this.others, ...specs].find((spec: ProcessSpec) => spec.id === id),
      before,
      state,
      events: own,
      facts: this.facts,
      desks: deskRoles(this.process.spec),
      now: move.at,
    })
    const more = sealPlan(planned.events, state.seq, move.at)
    const after = more.reduce((s, event) => evolve(s, event), state)
    this.machine.planned({ plan: planned.events, head: after.hash })
    const told = notices({ spec: this.process.spec, before, after, events: [...own, ...more], facts: this.facts })
    this.last = { ...planned, own, notices: told }
    return planned
  }

  task(step: string): Task {
    const found = Object.values(this.state.tasks).find((task) => task.step === step)
    if (!found) throw new Error(`${step} is not open`)
    return found
  }

  /** Who was told what by the latest move. */
  get told(): string[] {
    return this.last.notices
      .map(({ template, to }) => `${template}: ${'staff' in to ? to.staff : `customer${to.contact ? ` ${to.contact}` : ''}`}`)
      .sort()
  }
}

/** Data of the planned events of one type. */
export const of = <T extends EventBody['type']>(planned: Plan, type: T): Extract<EventBody, { type: T }>['data'][] =>
  planned.events.filter((event) => event.type === type).map((event) => event.data as never)

/** The plan of everything but the promise, which any move may set as well. */
export const withoutPromise = (planned: Plan): Plan => ({
  ...planned,
  events: planned.events.filter((event) => event.type !== 'clock-set' || event.data.clock !== PROMISE),
})

/** Clocks of a state, sorted, but the promise. */
export const clocksOf = ({ clocks }: OrderState): string[] =>
  Object.keys(clocks)
    .filter((clock) => clock !== PROMISE)
    .sort()
