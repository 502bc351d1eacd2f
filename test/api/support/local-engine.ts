/**
 * An engine in this process: the real machine and the real recorder, without a server. One move at a time for each order.
 * What the engine's client answers with (late, down, missing) can be asked for.
 */
import type pg from 'pg'
import { createActivities } from '../../../activities/index.ts'
import type { Activities } from '../../../activities/types.ts'
import type { Answer, Engine, Opening } from '../../../api/engine.ts'
import type { Schedules, Timing } from '../../../api/schedules/engine.ts'
import type { QueueFigures } from '../../../api/engine-queue.ts'
import { EngineDown, EngineLate, EngineOrderMissing, EngineRefused } from '../../../api/engine-errors.ts'
import type { Command } from '../../../domain/order/command.ts'
import type { OutsideFact } from '../../../domain/order/received.ts'
import { Refusal } from '../../../domain/order/refusal.ts'
import { type Input, Machine } from '../../../workflows/kit/machine.ts'
import type { Process } from '../../../workflows/kit/process.ts'

const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export type Mood = 'well' | 'down' | 'late-before' | 'late-after' | 'missing'

export class LocalEngine implements Engine {
  /** late-before: the deadline passes and nothing was done; late-after: it was done, but the answer did not come. */
  mood: Mood = 'well'
  /** Thrown by `act` in place of an answer. */
  refusal: EngineRefused | undefined
  /** Schedules as the engine was told of them, and those that were run. */
  readonly timings = new Map<string, Timing>()
  readonly triggered: string[] = []
  readonly schedules: Schedules = {
    put: (timing) => this.check().then(() => void this.timings.set(timing.id, timing)),
    remove: (id) => this.check().then(() => void this.timings.delete(id)),
    trigger: (id, key) => this.check().then(() => void this.triggered.push(`${id} ${key}`)),
    reconcile: (key) => this.check().then(() => void this.triggered.push(`reconciliation ${key}`)),
    next: () => Promise.resolve([]),
  }
  /** What it says about its queues. */
  waiting: QueueFigures[] = []
  /** Commands that came through. */
  readonly given: Command[] = []
  private readonly activities: Activities
  private readonly processes: readonly Process[]
  private readonly now: () => number
  private readonly machines = new Map<string, Machine>()
  private queue: Promise<unknown> = Promise.resolve()

  constructor(pool: pg.Pool, processes: readonly Process[], now: () => number) {
    this.processes = processes
    this.now = now
    this.activities = createActivities({ pool, logger: silent })
  }

  open({ id, opened, actor, cmd, req }: Opening): Promise<Answer> {
    return this.turn(id, async () => {
      const running = this.machines.get(id)
      if (running) return { order: id, seq: running.state.seq }
      const process = this.processes.find(({ spec }) => spec.id === opened.process)!
      const machine = new Machine(process, id, drain)
      this.machines.set(id, machine)
      return this.take(machine, { kind: 'open', opened, actor, ...(cmd && { cmd }), ...(req && { req }) })
    })
  }

  act(order: string, command: Command, req: string): Promise<Answer> {
    return this.turn(order, () => {
      if (this.refusal) throw this.refusal
      this.given.push(command)
      const machine = this.machines.get(order)
      if (!machine || this.mood === 'missing') throw new EngineOrderMissing(order)
      const seq = machine.recall(command.id)
      if (seq !== undefined) return Promise.resolve({ order, seq })
      return this.take(machine, { kind: 'command', command, req })
    })
  }

  async tell(order: string, fact: OutsideFact): Promise<void> {
    await this.turn(order, () => {
      const machine = this.machines.get(order)
      if (!machine || this.mood === 'missing') throw new EngineOrderMissing(order)
      return this.take(machine, { kind: 'received', fact })
    })
  }

  queues(): Promise<QueueFigures[]> {
    return this.mood === 'down' ? Promise.reject(new EngineDown('down')) : Promise.resolve(this.waiting)
  }

  check(): Promise<void> {
    return this.mood === 'down' ? Promise.reject(new EngineDown('down')) : Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** Lets the order's clock look at the time. */
  tick(order: string): Promise<Answer> {
    return this.turn(order, () => this.take(this.machines.get(order)!, { kind: 'tick' }))
  }

  /** Forgets an order, as an engine that has lost its data. */
  lose(order: string): void {
    this.machines.delete(order)
  }

  private turn(order: string, work: () => Promise<Answer>): Promise<Answer> {
    const done = this.queue.then(async () => {
      if (this.mood === 'down') throw new EngineDown('down')
      if (this.mood === 'late-before') throw new EngineLate('late')
      const answer = await work()
      if (this.machines.get(order)?.state.status === 'closed') this.machines.delete(order)
      if (this.mood === 'late-after') throw new EngineLate('late')
      return answer
    })
    this.queue = done.catch(() => {})
    return done
  }

  private async take(machine: Machine, input: Input): Promise<Answer> {
    try {
      const move = await machine.advance(input, this.now())
      if (move) machine.planned(await this.activities.record(move))
    } catch (error) {
      if (error instanceof Refusal)
        throw new EngineRefused(error.code, {
          ...(error.field && { field: error.field }),
          ...(error.fault && { fault: error.fault }),
          ...(error.detail && { detail: error.detail }),
        })
      throw error
    }
    return { order: machine.state.id, seq: machine.state.seq }
  }
}
