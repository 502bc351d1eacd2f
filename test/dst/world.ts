/** A company in one process: its people, its door, its engine, its record. One number says what happens next. */
import { record } from '../../activities/record.ts'
import { asFailure } from '../../activities/errors.ts'
import type { AutomaticInput, AutomaticResult, Move } from '../../activities/types.ts'
import type { Actor } from '../../domain/order/event.ts'
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { workflowType } from '../../domain/order/names.ts'
import { workflow } from '../../workflows/kit/shell.ts'
import { verdictOf } from '../../workflows/kit/verdict.ts'
import { type Covered, count, nothingCovered, ofProcess } from './covered.ts'
import { Door } from './door.ts'
import { ApplicationFailure } from './engine/failures.ts'
import { drain } from './engine/sdk.ts'
import { calm, type Faults, type Hand, rough, type Session } from './engine/activities.ts'
import { Server } from './engine/server.ts'
import { type Deed, graveDeed, orderDeed, strayDeed, taskDeed } from './people/commands.ts'
import { filled } from './people/forms.ts'
import { Quiet } from './quiet.ts'
import { Random } from './random.ts'
import { Connection } from './record/connection.ts'
import { CUSTOMERS, Database, type Kept, type Written } from './record/database.ts'
import { actorOf, CITY } from './record/people.ts'
import { reference } from './record/reference.ts'
import { keptOrder } from './record/tables.ts'
import { Watch } from './watch.ts'

const START = Date.UTC(2026, 0, 5, 1)
const MINUTE = 60_000

/** What breaks ends the story. */
export class Broken extends Error {
  readonly what: string
  constructor(what: string) {
    super(what)
    this.name = 'Broken'
    this.what = what
  }
}

export interface WorldOptions {
  processes: readonly Process[]
  /** Ids of those whose orders are started by people; else all. */
  only?: readonly string[] | undefined
  /** How much goes wrong. */
  faults?: Faults
  /** Told what happens, in words. */
  says?: (line: string) => void
}

interface Payment {
  order: string
  id: string
  amount: number
  /** The engine has taken it. */
  told: boolean
}

export class World {
  readonly covered: Covered = nothingCovered()
  readonly random = new Random()
  readonly database = new Database()
  readonly server: Server
  readonly door: Door
  /** Open orders, those that others started among them. */
  readonly open: string[] = []
  private readonly processes: ReadonlyMap<string, Process>
  private readonly ids: readonly string[]
  private readonly watch = new Watch((what) => this.fail(what))
  private readonly quiet: Quiet
  private readonly faults: Faults
  private readonly says: ((line: string) => void) | undefined
  private readonly done = new Map<string, AutomaticResult>()
  private readonly payments: Payment[] = []
  private orders = 0
  private wrong: string | undefined

  constructor({ processes, only, faults = rough, says }: WorldOptions) {
    this.processes = new Map(processes.map((process) => [process.spec.id, process]))
    this.ids = only ?? [...this.processes.keys()]
    this.faults = faults
    this.says = says
    const workflows = new Map(processes.map((process) => [workflowType(process.spec.id), workflow(process)]))
    this.server = new Server(
      {
        random: this.random,
        workflow: (type) => workflows.get(type)!,
        hand: (name) => this.hands[name]!,
        broken: (what) => this.fail(what),
        note: (fault) => {
          count(this.covered.faults, fault)
          this.says?.(`  (${fault})`)
        },
      },
      START,
    )
    this.server.faults = faults
    this.database.onWritten = (kept, move) => this.written(kept, move)
    this.door = new Door({
      server: this.server,
      database: this.database,
      specOf: (process) => this.specOf(process),
      broken: (what) => this.fail(what),
      refused: (code) => count(this.covered.refused, code),
    })
    this.quiet = new Quiet(this.server, this.database, this.door, (what) => this.fail(what))
  }

  /** One number decides what happens next, and how it goes wrong. @throws Broken */
  async play(choice: number): Promise<void> {
    const { random, server } = this
    random.reset(choice)
    server.now += 1 + random.below(2_000)
    this.happen()
    for (let steps = random.below(30); steps > 0 && (await server.step()); steps--) this.check()
  }

  /** Nothing goes wrong any more, and all that is under way comes to rest. @throws Broken */
  async rest(): Promise<void> {
    this.server.faults = calm
    // A story that never comes to rest is one too.
    for (let steps = 0; await this.server.step(); steps++) {
      this.check()
      if (steps > 100_000) this.fail('the engine does not come to rest')
    }
    await drain()
    // A clock that finds something due already looks a moment later.
    this.server.advance(this.server.now + 2)
    if (this.server.ready.length > 0) return this.rest()
    this.quiet.check()
    this.checkPayments()
    this.check()
    this.server.faults = this.faults
  }

  /** Every order once more and whole, also where nothing should have touched it since it was looked at. @throws Broken */
  end(): void {
    this.watch.whole(this.database.orders.values())
    this.check()
  }

  /** An auditor looks at every order: chain, every row of every table, and where its process stands. @throws Broken */
  async audit(): Promise<void> {
    for (const kept of this.database.orders.values()) {
      const { ok, order, chain, rows, body } = await verdictOf(this.processes.get(kept.state.process), keptOrder(kept), drain)
      if (!ok) this.fail(`the auditor says of ${order}: ${body ?? JSON.stringify(chain ?? rows)}`)
    }
    this.check()
  }

  /** What the engine has taken of the outside's facts is in the record, where the order has not ended before. */
  private checkPayments(): void {
    for (const { order, id, told } of this.payments) {
      const { status, received } = this.database.orders.get(order)!.state
      if (told && status !== 'closed' && !received?.some((fact) => fact.id === id))
        this.fail(`the payment ${id} was told to ${order} and is lost`)
    }
  }

  private check(): void {
    if (this.wrong !== undefined) throw new Broken(this.wrong)
  }

  private fail(what: string): void {
    this.wrong ??= what
  }

  private happen(): void {
    const { random, open } = this
    const kind = random.below(1000)
    if (open.length === 0 || kind < 40) return this.start()
    if (kind < 760) return this.act('task')
    if (kind < 785) return this.act('order')
    if (kind < 797) return this.act('grave')
    if (kind < 815) return this.act('stray')
    if (kind < 850) return this.again()
    if (kind < 900) return this.outside()
    if (kind < 985) return this.time()
    return this.server.crash()
  }

  private start(): void {
    const { random, server } = this
    const { spec } = this.processes.get(random.of(this.ids)!)!
    const order = `o${++this.orders}`
    const entry = random.of(spec.entries ?? []) ?? {}
    const facts = { ...filled(random, spec.input, undefined, server.now), ...(random.chance(600) && entry) } as Record<string, Fact>
    const customer = spec.internal === true || (spec.internal && random.chance(500)) ? '' : random.of(CUSTOMERS)!
    const actor: Actor = actorOf(random.chance(500) ? 'supervisor-2' : 'kac-staff-2', server.now)
    const source = random.chance(100) ? { channel: 'sim', no: `n${random.below(5)}` } : undefined
    const opened = {
      process: spec.id,
      customer,
      title: order,
      region: CITY,
      priority: 3,
      facts,
      startedBy: actor.id,
      ...(source && { source }),
    }
    this.says?.(`${order}: ${actor.id} starts ${spec.id} ${JSON.stringify(facts)}`)
    this.door.open(order, opened, actor, { movesPerRun: random.of([1, 4, 10, 30, 150])! })
  }

  private act(how: 'task' | 'order' | 'grave' | 'stray'): void {
    const { random } = this
    let order = random.of(this.open)!
    // Most people wait for the answer that another has asked for.
    for (let looks = 0; looks < 3 && this.door.busy(order) && !random.chance(250); looks++) order = random.of(this.open)!
    const { state } = this.database.orders.get(order)!
    const spec = this.specOf(state.process)
    const deed = this.deed(how, spec, state)
    if (!deed) return
    this.says?.(
      `${order}: ${deed.actor.id}${deed.actor.standsFor ? ` (for ${deed.actor.standsFor.join()})` : ''}: ${JSON.stringify(deed.body)}`,
    )
    this.door.give(order, deed)
    // Two at once, who do not know of each other.
    if (random.chance(60)) this.door.give(order, deed)
  }

  private deed(how: 'task' | 'order' | 'grave' | 'stray', spec: ProcessSpec, state: OrderState): Deed | undefined {
    const { random, server } = this
    if (how === 'order') return orderDeed(random, state, server.now)
    if (how === 'grave') return graveDeed(random, spec, state, server.now)
    if (how === 'stray') return strayDeed(random, spec, state, server.now)
    // Where the machine has the task in hand, people at most think better of the whole order.
    const deed = taskDeed(random, spec, state, server.now)
    return deed ?? (random.chance(30) ? graveDeed(random, spec, state, server.now) : undefined)
  }

  /** The same command again, long after or while it is still on its way. */
  private again(): void {
    const { random } = this
    const { given } = this.door
    const one = given[random.chance(700) ? given.length - 1 - random.below(8) : random.below(given.length)]
    if (!one) return
    this.says?.(`${one.order}: ${one.id} once more`)
    this.door.send(one)
  }

  /** Money comes in, or is told of once more. */
  private outside(): void {
    const { random, server } = this
    const known = random.chance(250) ? random.of(this.payments) : undefined
    const order = random.of(this.open)!
    const { facts } = this.database.orders.get(order)!.state
    const amount = typeof facts.amount === 'number' && random.chance(800) ? facts.amount : 1 + random.below(500_000)
    const payment: Payment = known ?? { order, id: `b${this.payments.length}`, amount, told: false }
    if (!known) this.payments.push(payment)
    this.says?.(`${payment.order}: payment ${payment.id} of ${payment.amount}`)
    server.ready.push(() => {
      const { id } = payment
      if (server.signal(payment.order, 'received', [{ kind: 'payment', id, facts: { amount: payment.amount } }])) payment.told = true
    })
  }

  private time(): void {
    const { random, server } = this
    const nearest = server.timers.nearest
    const to = nearest !== undefined && random.chance(600) ? nearest + random.below(3) * 1000 : server.now + random.below(600) * MINUTE
    this.says?.(`time: ${new Date(Math.max(to, server.now)).toISOString()}`)
    server.advance(to)
  }

  private specOf(id: string): ProcessSpec {
    const process = this.processes.get(id)
    if (!process) throw new RangeError(`there is no process ${id}`)
    return process.spec
  }

  private written(kept: Kept, move: Written): void {
    const added = kept.events.slice(move.base)
    const { covered } = this
    const { state } = kept
    const of = ofProcess(covered, state.process)
    covered.moves++
    of.moves++
    if (move.base === 0) {
      covered.orders++
      of.opened++
      this.open.push(kept.id)
    }
    for (const event of added) {
      if (event.type === 'task-completed') {
        const { task, outcome } = event.data as { task: string; outcome: string }
        count(of.outcomes, `${task.slice(0, task.search(/[:.]/))}=${outcome}`)
      }
      if (event.cmd !== null && event.cmd.startsWith('k'))
        count(covered.commands, this.door.given[Number(event.cmd.slice(1))]!.deed.body.type)
    }
    if (state.status === 'closed') {
      count(of.ends, state.end ?? '')
      this.open.splice(this.open.indexOf(kept.id), 1)
    }
    this.says?.(`  ${kept.id} ${move.base + 1}-${kept.seq}: ${added.map(({ type, data }) => `${type}${brief(data)}`).join(', ')}`)
    this.watch.moved(kept, added)
  }

  private readonly hands: Record<string, Hand> = {
    record: async (move: Move, session: Session) => {
      const pool = new Connection(this.database, session) as never
      const deps = { pool, reference: { get: async () => reference } as never, specOf: (id: string) => this.specOf(id), email: true }
      try {
        return await record(deps, move)
      } catch (error) {
        throw asFailure(error)
      }
    },
    automatic: (input: AutomaticInput, session: Session) => session.gate(() => this.automatic(input)),
    undo: async ({ order, effect }: { order: string; effect: string }, session: Session) => {
      await session.gate(() => {
        if (effect === 'release-resources') this.database.holds.free(order, false)
      })
    },
  }

  /** The machine's work: done once, however often it is asked for. */
  private automatic({ order, task, process, step }: AutomaticInput): AutomaticResult {
    const name = `${order} ${task}`
    const before = this.done.get(name)
    if (before) return before
    const { random } = this
    if (random.chance(100)) throw random.chance(500) ? ApplicationFailure.nonRetryable('cannot be done', 'NO') : new Error('no answer')
    const { outcomes, waits } = this.specOf(process).steps[step]!
    const ids = Object.keys(outcomes)
    const outcome = waits ? undefined : random.chance(600) ? ids[0] : random.of(ids)
    const form = outcome === undefined ? {} : filled(random, outcomes[outcome]!.form ?? {}, undefined, this.server.now)
    const result: AutomaticResult = { ...(outcome !== undefined && { outcome }), ...(Object.keys(form).length > 0 && { form }) }
    this.done.set(name, result)
    return result
  }
}

const brief = (data: object): string => {
  const { task, party, outcome, clock, pct, child, end, effect } = data as Record<string, unknown>
  const named = [task, party, outcome, clock, pct, child, end, effect].filter((value) => value !== undefined)
  return named.length > 0 ? ` ${named.join(' ')}` : ''
}
