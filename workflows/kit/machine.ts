/**
 * The machine: an order's rules and its body, without an engine. It takes one input at a time (a command, an instant, a
 * child's end, a machine's result), lets the body run as far as that carries it, and gives back one move to record. The same
 * machine runs inside Temporal, in the explorer, in the simulator and before an auditor.
 */
import type { AutomaticResult, Move, MoveEvent, Recorded } from '../../activities/types.ts'
import { tick } from '../../domain/order/clocks.ts'
import type { Command } from '../../domain/order/command.ts'
import { cancelAll, completion, continuation, decide } from '../../domain/order/decide.ts'
import {
  type Actor,
  type ChildEnd,
  type Draft,
  type EventActor,
  inPlace,
  type OpenedData,
  type OrderEvent,
} from '../../domain/order/event.ts'
import { blank, evolve } from '../../domain/order/evolve.ts'
import { keptFor, type OutsideFact, receive, ruledOut } from '../../domain/order/received.ts'
import { waitName } from '../../domain/order/journal.ts'
import { signature } from '../../domain/order/permission.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { checkStarter } from '../../domain/order/starting.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { BodyHost, type Opening } from './body-host.ts'
import { childOf, openedTask, started } from './openings.ts'
import { asksBeyond } from './mended.ts'
import type { Process } from './process.ts'

export type Input =
  | { kind: 'open'; opened: OpenedData; actor: Actor; cmd?: string; req?: string }
  | { kind: 'command'; command: Command; req?: string }
  | { kind: 'tick' }
  | { kind: 'automatic-done'; task: string; result: AutomaticResult }
  | { kind: 'automatic-failed'; task: string; message: string }
  | ({ kind: 'child-ended'; child: string } & ChildEnd)
  | { kind: 'received'; fact: OutsideFact }
  | { kind: 'undone'; effect: string }

/** Lets everything that can run in the body run. The engine's and Node's ways of waiting for that differ. */
export type Drain = () => Promise<void>

const FLOW: EventActor = { kind: 'order', id: 'flow' }
const MACHINE: EventActor = { kind: 'system', id: 'machine' }
const CLOCK: EventActor = { kind: 'clock', id: 'clock' }
const OUTSIDE: EventActor = { kind: 'system', id: 'outside' }
const PLANNER: EventActor = { kind: 'system', id: 'planner' }

/** The move under way. */
interface Moving {
  actor: EventActor
  base: number
  prev: string
  by: { cmd?: string; req?: string }
}

export class Machine {
  state: OrderState
  private readonly process: Process
  private host: BodyHost
  private readonly drain: Drain
  private fresh: OrderEvent[] = []
  private moving: Moving = { actor: FLOW, base: 0, prev: '', by: {} }
  private now = 0
  private amending = false

  constructor(process: Process, from: OrderState | string, drain: Drain) {
    this.process = process
    this.drain = drain
    this.state = typeof from === 'string' ? blank(from) : from
    this.host = this.newHost()
  }

  private newHost(): BodyHost {
    return new BodyHost(this.process, this.state.id, (opening) => this.open(opening))
  }

  /**
   * Brings the body of a snapshot to where the state says it stands, telling nobody. A mismatch stops the order; one that stopped for
   * that, or because its body threw, goes on where the code fits again.
   */
  async fastForward(now: number): Promise<Move | undefined> {
    const { status, stopped, seq } = this.state
    // An ended order that has still to open others: its body says with what.
    if (status === 'closed') await this.host.fastForward(this.state, this.drain)
    if (status === 'stopped' && stopped?.code === 'BODY_FAILED') return this.mend(now)
    const halted = status === 'stopped' && stopped?.code === 'JOURNAL_MISMATCH'
    if ((status !== 'open' && !halted) || seq === 0) return undefined
    const message = await this.host.fastForward(this.state, this.drain)
    if (halted === (message !== undefined)) return undefined
    this.start(MACHINE, now)
    if (message === undefined) this.emit({ type: 'order-resumed', actor: MACHINE, data: {} })
    else this.emit({ type: 'order-stopped', actor: MACHINE, data: { code: 'JOURNAL_MISMATCH', message } })
    return this.finish()
  }

  /**
   * An order whose body threw. Where it does not any more, what it asks for beyond the record is opened as it would have been after the
   * outcome that it could not take. Otherwise the order stays stopped, and says why where that is another reason than before.
   */
  private async mend(now: number): Promise<Move | undefined> {
    const before = this.state
    const asked = await asksBeyond(this.host, this.process.spec, before, this.drain)
    this.start(MACHINE, now)
    let message = typeof asked === 'string' ? asked : undefined
    if (typeof asked !== 'string')
      try {
        this.emit({ type: 'order-resumed', actor: MACHINE, data: {} })
        for (const opening of asked) this.open(opening)
        while (this.news()) await this.drain()
      } catch (error) {
        // As where the body itself asks for what there is not.
        message = error instanceof Error ? error.message : String(error)
        this.state = before
        this.start(MACHINE, now)
      }
    if (message !== undefined && message !== before.stopped?.message)
      this.emit({ type: 'order-stopped', actor: MACHINE, data: { code: 'BODY_FAILED', message } })
    return this.finish()
  }

  /** The version that a command led to, if this order has had it lately. */
  recall(command: string): number | undefined {
    return this.state.recent.find(([id]) => id === command)?.[1]
  }

  /** @throws Refusal when the command would be refused now. Changes nothing. */
  check(command: Command, now: number): void {
    if (this.recall(command.id) === undefined) decide(this.process.spec, this.state, command, now)
  }

  /** One input from beginning to end. @throws Refusal for a refused command; then nothing has changed. */
  async advance(input: Input, now: number): Promise<Move | undefined> {
    this.begin(input, now)
    while (this.news()) await this.drain()
    return this.finish()
  }

  /**
   * Takes one input. After it, `news` and a drain in turn until there is no more news, then `finish`: a host that pays for each
   * promise waits no oftener than it must.
   * @throws Refusal for a refused command; then nothing has changed.
   */
  begin(input: Input, now: number): void {
    const { spec } = this.process
    // Nothing moves; what came meanwhile is owed to it, and told again when it goes on. People are refused, which they hear.
    if (this.state.status === 'stopped' && input.kind !== 'command') return this.start(MACHINE, now)
    switch (input.kind) {
      case 'open': {
        const { opened, cmd, req } = input
        checkStarter(spec, opened.facts, input.actor)
        const actor = signature(input.actor, input.actor.for)
        this.start(actor, now, { ...(cmd && { cmd }), ...(req && { req }) })
        this.emit({ type: 'order-opened', actor, data: opened }, cmd)
        return this.host.start(this.state)
      }
      case 'command': {
        const { command, req } = input
        const drafts = decide(spec, this.state, command, now)
        return this.take(drafts[0]?.actor ?? FLOW, now, drafts, { cmd: command.id, ...(req && { req }) })
      }
      case 'tick':
        return this.take(CLOCK, now, tick(spec, this.state, now))
      case 'automatic-done':
        return this.take(MACHINE, now, this.automaticDone(input.task, input.result))
      case 'automatic-failed':
        return this.take(MACHINE, now, this.automaticFailed(input.task, input.message))
      case 'child-ended':
        return this.take({ kind: 'order', id: input.child }, now, this.childEnded(input))
      case 'received':
        return this.take(OUTSIDE, now, receive(spec, this.state, input.fact))
      case 'undone':
        return this.take(MACHINE, now, [{ type: 'undo-done', actor: MACHINE, data: { effect: input.effect } }])
    }
  }

  /** Tells the body its next piece of news, in the order of the journal. True: let it run, then ask again. */
  news(): boolean {
    return this.state.status === 'open' && this.host.tell(this.state)
  }

  /** The move to record, or nothing where the input changed nothing. */
  finish(): Move | undefined {
    this.settle()
    if (this.fresh.length === 0) return undefined
    const { actor, base, prev, by } = this.moving
    const events = this.fresh.map(({ type, data, actor: who }) => {
      const same = who.kind === actor.kind && who.id === actor.id && who.for === actor.for
      return (same ? { type, data } : { type, data, actor: who }) as MoveEvent
    })
    return { order: this.state.id, base, prev, at: this.now, actor, ...by, events, head: this.state.hash }
  }

  /** Takes what the recorder planned. @throws Error when the chain differs: the code no longer does what was recorded. */
  planned({ plan, head }: Recorded): void {
    for (const event of plan) this.append({ type: event.type, data: event.data, actor: event.actor ?? PLANNER } as Draft)
    if (this.state.hash !== head)
      throw new Error(
        `order ${this.state.id}: the history up to event ${this.state.seq} hashes to ${this.state.hash}, the record says ${head}`,
      )
    this.fresh = []
  }

  /** Children that have to be told of a withdrawal. */
  get openChildren(): string[] {
    return Object.entries(this.state.children).flatMap(([id, child]) => (child.waits && child.end === undefined ? [id] : []))
  }

  /** Open children whose step is no longer open: an amendment, or a branch that lost, has left them behind. */
  get leftChildren(): string[] {
    const { children, tasks } = this.state
    return this.openChildren.filter((id) => {
      const { task, left } = children[id]!
      return left === true || (task !== undefined && !Object.hasOwn(tasks, task))
    })
  }

  /** What the body said about a child it runs. */
  childStart(child: string): { customer?: string; input?: Readonly<Record<string, Fact>> } {
    return this.host.childStarts.get(child) ?? {}
  }

  private start(actor: EventActor, now: number, by: Moving['by'] = {}): void {
    // Time never runs backwards inside an order, even where the engine's does by a few milliseconds after a move of servers.
    this.now = Math.max(now, this.state.at)
    this.moving = { actor, base: this.state.seq, prev: this.state.hash, by }
    this.fresh = []
  }

  private take(actor: EventActor, now: number, drafts: readonly Draft[], by: Moving['by'] = {}): void {
    this.start(actor, now, by)
    drafts.forEach((draft, i) => this.emit(draft, i === 0 ? by.cmd : undefined))
    // The body starts over and comes to stand where the outcomes that were kept lead it.
    if (drafts.some((draft) => draft.type === 'order-amended' && draft.data.kept !== undefined)) {
      this.host = this.newHost()
      this.host.restart(this.state)
      this.amending = true
    }
  }

  /** What follows once the body stands still. */
  private settle(): void {
    if (this.amending) this.leave()
    const { ended, failed } = this.host
    if (this.state.status === 'open' && failed !== undefined)
      this.emit({ type: 'order-stopped', actor: MACHINE, data: { code: 'BODY_FAILED', message: failed } })
    if (this.state.status === 'open' && ended !== undefined) this.close(ended)
    if (this.state.status === 'withdrawing' && this.state.undo.length === 0 && this.openChildren.length === 0)
      this.emit({ type: 'order-closed', actor: FLOW, data: { end: 'withdrawn' } })
  }

  /** Children of the body that it no longer waits for, once it has come to stand after an amendment. */
  private leave(): void {
    this.amending = false
    const waiting = new Set(this.host.waiting())
    for (const [child, { waits, task, left, end }] of Object.entries(this.state.children))
      if (waits && task === undefined && !left && end === undefined && !waiting.has(waitName({ child })))
        this.emit({ type: 'child-left', actor: FLOW, data: { child } })
  }

  private close(end: string): void {
    for (const draft of cancelAll(this.state, FLOW)) this.emit(draft)
    const next = this.process.spec.ends[end]?.continuesAs ? { next: continuation(this.state) } : {}
    this.emit({ type: 'order-closed', actor: FLOW, data: { end, ...next } })
  }

  private open(opening: Opening): void {
    if (opening.kind === 'cancel') return this.emit({ type: 'task-cancelled', actor: FLOW, data: { task: opening.task } })
    if (opening.kind === 'undo') return this.emit({ type: 'undo-added', actor: FLOW, data: opening.undo })
    if (opening.kind === 'child') {
      // A body that starts over comes by what it has begun before.
      if (Object.hasOwn(this.state.children, opening.child.child)) return
      return this.emit({ type: 'child-started', actor: FLOW, data: opening.child })
    }
    const step = this.process.spec.steps[opening.step]
    if (!step) throw new Error(`${this.process.spec.id} has no step ${opening.step}`)
    this.emit({ type: 'task-opened', actor: FLOW, data: openedTask(step, opening, this.state) })
    const task = this.state.tasks[opening.task]!
    const { spec } = this.process
    const given = ruledOut(spec, this.state, task)
    for (const draft of given.length > 0 ? given : keptFor(spec, this.state, task)) this.emit(draft)
    const child = childOf(step, this.state, opening.task)
    if (child) this.emit({ type: 'child-started', actor: FLOW, data: child })
  }

  private emit(draft: Draft, cmd?: string): void {
    this.append(draft, cmd)
    if (draft.type !== 'task-completed') return
    // The orders that an outcome starts beside this one.
    const { task, outcome, form } = draft.data
    for (const data of started(this.process.spec, this.state.id, task, outcome, form))
      this.append({ type: 'child-started', actor: FLOW, data })
  }

  private append(draft: Draft, cmd?: string): void {
    const event = inPlace(draft, this.state.seq + 1, this.now, draft.actor, cmd)
    this.state = evolve(this.state, event)
    this.fresh.push(event)
  }

  private automaticDone(id: string, { outcome, form, note }: AutomaticResult): Draft[] {
    const task = this.state.tasks[id]
    if (task?.status !== 'automatic' || outcome === undefined) return []
    const data = { task: id, outcome, ...(form && { form }), ...(note && { note }) }
    return completion(this.process.spec, this.state, task, { type: 'task-completed', actor: MACHINE, data })
  }

  private automaticFailed(id: string, message: string): Draft[] {
    const task = this.state.tasks[id]
    if (task?.status !== 'automatic') return []
    return [{ type: 'automatic-failed', actor: MACHINE, data: { task: id, message, times: (task.failed?.times ?? 0) + 1 } }]
  }

  private childEnded({ child, end, facts, undo, stays }: ChildEnd & { child: string }): Draft[] {
    const ref = this.state.children[child]
    if (!ref || ref.end !== undefined) return []
    const actor: EventActor = { kind: 'order', id: child }
    const ended: Draft = { type: 'child-ended', actor, data: { child, end, ...(undo && { undo }), ...(stays && { stays }) } }
    const task = ref.task ? this.state.tasks[ref.task] : undefined
    if (!task) return [ended]
    const step = this.process.spec.steps[task.step]
    const outcome = step?.child?.ends[end]
    if (!step || outcome === undefined) throw new Error(`${task.step}: no outcome for the end ${end} of its child`)
    const brought = (step.child?.brings ?? []).flatMap((name) => (facts?.[name] === undefined ? [] : [[name, facts[name]] as const]))
    const form = brought.length > 0 ? { form: Object.fromEntries(brought) } : {}
    const done: Extract<Draft, { type: 'task-completed' }> = { type: 'task-completed', actor, data: { task: task.id, outcome, ...form } }
    return [ended, ...completion(this.process.spec, this.state, task, done)]
  }
}
