/** What happens in a world: orders begin, people act, commands come twice, money comes in, time passes, workers die. */
import type { Actor } from '../../domain/order/event.ts'
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import type { Door } from './door.ts'
import type { Server } from './engine/server.ts'
import { type Deed, graveDeed, orderDeed, strayDeed, taskDeed } from './people/commands.ts'
import { filled } from './people/forms.ts'
import type { Random } from './random.ts'
import { CUSTOMERS, type Database } from './record/database.ts'
import { actorOf, CITY } from './record/people.ts'

const MINUTE = 60_000

interface Payment {
  order: string
  id: string
  amount: number
  /** The engine has taken it. */
  told: boolean
}

export class Happenings {
  private readonly random: Random
  private readonly server: Server
  private readonly database: Database
  private readonly door: Door
  /** Open orders, those that others started among them. */
  private readonly open: readonly string[]
  /** Processes whose orders are started by people. */
  private readonly ids: readonly string[]
  private readonly specOf: (process: string) => ProcessSpec
  private readonly says: ((line: string) => void) | undefined
  private readonly payments: Payment[] = []
  private orders = 0

  constructor(of: {
    random: Random
    server: Server
    database: Database
    door: Door
    open: readonly string[]
    ids: readonly string[]
    specOf: (process: string) => ProcessSpec
    says: ((line: string) => void) | undefined
  }) {
    this.random = of.random
    this.server = of.server
    this.database = of.database
    this.door = of.door
    this.open = of.open
    this.ids = of.ids
    this.specOf = of.specOf
    this.says = of.says
  }

  /** A payment that the engine has taken and that is not in the record, where its order has not ended before. */
  get lost(): string | undefined {
    const lost = this.payments.find(({ order, id, told }) => {
      const { status, received } = this.database.orders.get(order)!.state
      return told && status !== 'closed' && !received?.some((fact) => fact.id === id)
    })
    return lost && `the payment ${lost.id} was told to ${lost.order} and is lost`
  }

  /** Chance says what. */
  happen(): void {
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
    const spec = this.specOf(random.of(this.ids)!)
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
}
