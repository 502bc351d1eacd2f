/** A model of the door: commands and starts on their way, asked again where the answer did not come, and what came of each. */
import type { Command } from '../../domain/order/command.ts'
import type { Actor, OpenedData } from '../../domain/order/event.ts'
import { resourceFields } from '../../domain/order/occupied.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Answer } from '../../workflows/kit/messages.ts'
import { workflowType } from '../../domain/order/names.ts'
import { ApplicationFailure } from './engine/failures.ts'
import type { Reply } from './engine/run.ts'
import type { Server } from './engine/server.ts'
import type { Deed } from './people/commands.ts'
import type { Database } from './record/database.ts'

/** A command as its giver knows it. */
export interface Given {
  id: string
  order: string
  deed: Deed
  /** Nothing: no answer has come yet. */
  answer?: { seq: number } | { refused: string }
}

export class Door {
  readonly given: Given[] = []
  /** Commands on their way, by order. */
  private readonly under = new Map<string, number>()
  private readonly server: Server
  private readonly database: Database
  private readonly specOf: (process: string) => ProcessSpec
  private readonly broken: (what: string) => void
  private readonly refusedBecause: (code: string) => void

  constructor(of: {
    server: Server
    database: Database
    specOf: (process: string) => ProcessSpec
    broken: (what: string) => void
    refused: (code: string) => void
  }) {
    this.server = of.server
    this.database = of.database
    this.specOf = of.specOf
    this.broken = of.broken
    this.refusedBecause = of.refused
  }

  /** Opens an order, as its starter asks for it. */
  open(id: string, opened: OpenedData, actor: Actor, tuning: { movesPerRun: number }): void {
    const { server } = this
    const cmd = `open ${id}`
    server.ready.push(() => {
      server.start(id, workflowType(opened.process), { id, opened, actor, cmd, tuning })
      const ask = () =>
        server.update(id, 'order opened', 'opened', [], (reply) => {
          if ('accident' in reply) server.ready.push(ask)
          else if ('result' in reply && !this.database.orders.get(id)?.commands.has(cmd))
            this.broken(`the opening of ${id} was acknowledged and is lost`)
          else if ('error' in reply) this.refusedBecause(codeOf(reply.error))
        })
      ask()
    })
  }

  /** Gives a command for the first time. */
  give(order: string, deed: Deed): void {
    const given: Given = { id: `k${this.given.length}`, order, deed }
    this.given.push(given)
    this.send(given)
  }

  /** Somebody waits for an answer about the order. */
  busy(order: string): boolean {
    return (this.under.get(order) ?? 0) > 0
  }

  /** The same once more: its giver has heard nothing, or does not trust what he heard. */
  send(given: Given): void {
    this.under.set(given.order, (this.under.get(given.order) ?? 0) + 1)
    this.travel(() => this.arrives(given))
  }

  /** A request is on its way, mostly not for long. */
  private travel(arrived: () => void): void {
    const { server } = this
    let hops = server.random.chance(150) ? server.random.below(40) : 0
    const hop = () => {
      if (hops-- > 0) server.ready.push(hop)
      else arrived()
    }
    server.ready.push(hop)
  }

  private arrives(given: Given): void {
    const { order, id, deed } = given
    const kept = this.database.orders.get(order)
    if (!kept) return this.heard(order)
    const before = kept.commands.get(id)
    if (before !== undefined) return this.acknowledged(given, before)
    if (kept.state.status === 'closed') return this.refused(given, 'ORDER_CLOSED')
    const held = this.hold(given)
    if (!held) return this.refused(given, 'RESOURCE_TAKEN')
    const command = { ...deed.body, id, actor: deed.actor } as Command
    // Between the look into the record and the engine's answer anything may happen.
    this.travel(() => this.server.update(order, id, 'act', [command, 'hash'], (reply) => this.answered(given, reply, held)))
  }

  /** Resources that a form names are the order's before its command is sent; nothing where they are another's. */
  private hold({ order, deed: { body } }: Given): string[] | undefined {
    if (body.type !== 'complete') return []
    const { state } = this.database.orders.get(order)!
    const { fields, naming } = resourceFields(this.specOf(state.process), body.task.split(/[:.]/)[0]!, body.outcome)
    const named = fields.flatMap((name) => (body.form?.[name] as readonly string[] | undefined) ?? [])
    return naming === 'accounts' ? [] : this.database.holds.ask(order, named, this.server.now)
  }

  private answered(given: Given, reply: Reply, held: readonly string[]): void {
    if ('accident' in reply) {
      this.heard(given.order)
      return this.send(given)
    }
    const kept = this.database.orders.get(given.order)!
    const recorded = kept.commands.get(given.id)
    // Which version it led to, the record knows: the engine tells one that it has had before with which event it began.
    if ('result' in reply) return this.acknowledged(given, recorded ?? (reply.result as Answer).seq)
    if ('missing' in reply && recorded !== undefined) return this.acknowledged(given, recorded)
    if ('missing' in reply && kept.state.status !== 'closed')
      return this.broken(`no workflow runs for ${given.order}, which is ${kept.state.status} by the record`)
    this.database.holds.giveBack(given.order, held)
    this.refused(given, 'error' in reply ? codeOf(reply.error) : 'ORDER_CLOSED')
  }

  private acknowledged(given: Given, seq: number): void {
    const { order, id } = given
    this.heard(order)
    const recorded = this.database.orders.get(order)!.commands.get(id)
    if (recorded === undefined) this.broken(`the command ${id} of ${order} was acknowledged and is not in the record`)
    else if (recorded !== seq) this.broken(`the command ${id} of ${order} led to version ${recorded}, its giver heard ${seq}`)
    if (given.answer && 'refused' in given.answer) this.broken(`the command ${id} of ${order} was refused and took effect`)
    given.answer = { seq }
  }

  private heard(order: string): void {
    this.under.set(order, (this.under.get(order) ?? 1) - 1)
  }

  private refused(given: Given, code: string): void {
    this.heard(given.order)
    this.refusedBecause(code)
    if (this.database.orders.get(given.order)!.commands.has(given.id))
      this.broken(`the command ${given.id} of ${given.order} is in the record and was refused with ${code}`)
    if (given.answer && 'seq' in given.answer) this.broken(`the command ${given.id} of ${given.order} was acknowledged, then refused`)
    // A refusal changes nothing, so that the same command may be given again and succeed.
    delete given.answer
  }

  /** What was acknowledged is in the record, once. */
  check(): void {
    for (const { id, order, answer } of this.given)
      if (answer && 'seq' in answer && this.database.orders.get(order)?.commands.get(id) !== answer.seq)
        this.broken(`the command ${id} of ${order} was acknowledged with version ${answer.seq} and is lost`)
  }
}

function codeOf(error: Error): string {
  return error instanceof ApplicationFailure ? (error.type ?? error.message) : error.message
}
