/** Plays an order by its real rules with people who are always there: no engine, no database. */
import type { Command, CommandBody } from '../../domain/order/command.ts'
import type { Actor } from '../../domain/order/event.ts'
import { Refusal } from '../../domain/order/refusal.ts'
import type { Fact } from '../../domain/order/spec.ts'
import type { OrderState, Task } from '../../domain/order/state.ts'
import { type Input, Machine } from '../../workflows/kit/machine.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { MemoryRecord } from '../support/memory-record.ts'
import { example } from '../support/simulator.ts'

type Facts = Readonly<Record<string, Fact>>

export const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const MINUTE = 60_000

export const boss: Actor = { kind: 'person', id: 'boss', roles: ['supervisor'] }

export class Desk {
  readonly record: MemoryRecord
  readonly machine: Machine
  now = Date.UTC(2026, 0, 5, 1)
  private commands = 0
  private readonly process: Process

  private constructor(process: Process) {
    this.process = process
    this.record = new MemoryRecord('o1', process.spec)
    this.machine = new Machine(process, 'o1', drain)
  }

  static async open(process: Process, facts: Facts = {}, actor: Actor = { kind: 'person', id: 'reporter' }): Promise<Desk> {
    const desk = new Desk(process)
    const opened = { process: process.spec.id, customer: 'c1', title: 'test', region: '/cn', priority: 3, facts, startedBy: actor.id }
    await desk.give({ kind: 'open', opened, actor })
    return desk
  }

  get state(): OrderState {
    return this.machine.state
  }

  /** Steps that are open, sorted, and children that are waited for. */
  get open(): string[] {
    const children = Object.entries(this.state.children).flatMap(([id, child]) =>
      child.waits && !child.task && child.end === undefined ? [id] : [],
    )
    return [...Object.values(this.state.tasks).map(({ step }) => step), ...children].sort()
  }

  task(step: string): Task {
    const task = Object.values(this.state.tasks).find((open) => open.step === step)
    if (!task) throw new Error(`${step} is not open; open: ${this.open.join(', ')}`)
    return task
  }

  /** Whoever the task was offered to, with the roles of the step. */
  holder(step: string, more: Partial<Actor> = {}): Actor {
    const { person } = this.task(step)
    if (!person) throw new Error(`${step} is offered to nobody`)
    return { kind: 'person', id: person, roles: this.process.spec.steps[step]!.who, ...more }
  }

  /** The holder accepts and completes; the form is filled in with examples where nothing is said. */
  async does(step: string, outcome: string, form: Facts = {}, more: Partial<Actor> = {}): Promise<void> {
    const spec = this.process.spec.steps[step]!
    const { id, status } = this.task(step)
    const actor = this.holder(step, more)
    if (status === 'offered' && spec.acceptIs === outcome) return this.command({ type: 'accept', task: id }, actor)
    if (status === 'offered' && !spec.implicitAccept && !spec.acceptIs) await this.command({ type: 'accept', task: id }, actor)
    const filled = { ...example(spec.outcomes[outcome]?.form ?? {}, this.now), ...form }
    await this.command({ type: 'complete', task: id, outcome, form: filled }, actor)
  }

  async signs(step: string, party: string, answer: string, by?: Actor): Promise<void> {
    const { id, parties } = this.task(step)
    const { person, roles } = parties![party]!
    await this.command({ type: 'sign', task: id, party, answer }, by ?? { kind: 'person', id: person!, roles })
  }

  async refuses(step: string, reason = 'not mine'): Promise<void> {
    await this.command({ type: 'refuse', task: this.task(step).id, reason }, this.holder(step))
  }

  async command(body: CommandBody, actor: Actor): Promise<void> {
    this.now += MINUTE
    await this.give({ kind: 'command', command: { ...body, id: `k${this.commands++}`, actor } as Command })
  }

  /** The system does an automatic step. */
  async machineDoes(step: string, outcome: string, form?: Facts): Promise<void> {
    await this.give({ kind: 'automatic-done', task: this.task(step).id, result: { outcome, ...(form && { form }) } })
  }

  /** The child of a step, or of the body, ends. */
  async childEnds(key: string, end: string): Promise<void> {
    const [child] =
      Object.entries(this.state.children).find(([, ref]) => (ref.task ?? ref.key).startsWith(key) && ref.end === undefined) ?? []
    if (!child) throw new Error(`no child ${key}; there are ${JSON.stringify(this.state.children)}`)
    await this.give({ kind: 'child-ended', child, end })
  }

  async waits(minutes: number): Promise<void> {
    this.now += minutes * MINUTE
    await this.give({ kind: 'tick' })
  }

  async give(input: Input): Promise<void> {
    const move = await this.machine.advance(input, this.now)
    if (move) this.machine.planned(this.record.record(move))
  }
}

/** The code with which something is refused, or `done`. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}
