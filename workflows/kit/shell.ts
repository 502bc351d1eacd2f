/** The shell: the few lines that connect a machine to Temporal's updates, timer, activities, signals and children. */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../../activities/types.ts'
import { nextDue } from '../../domain/order/clocks.ts'
import type { Command } from '../../domain/order/command.ts'
import { Refusal } from '../../domain/order/refusal.ts'
import { childEnd, nextOpening } from '../../domain/order/relatives.ts'
import { Machine } from './machine.ts'
import { type Answer, type StartArgs, act, childEnded, opened, order as orderQuery, parentWithdrew, received } from './messages.ts'
import type { Process } from './process.ts'
import { asFailure } from './shell-failures.ts'
import { Pursuit } from './shell-pursuit.ts'
import { startOrder, tell } from './shell-relatives.ts'
import { type Turn, Turns } from './shell-turns.ts'

// On the workflow's own task queue, so that it starts eagerly; never local, which would commit before the engine has accepted the update.
const { record } = proxyActivities<Activities>({
  // It takes milliseconds. When its worker dies, the order stands still for so long; when the record is away, for as long as that and
  // the next try.
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' },
})

const MOVES_PER_RUN = 150

/** Resolves once everything else that could run has run: a predicate is looked at again only after microtasks have drained. */
const drain = (): Promise<void> => {
  let looked = false
  return condition(() => {
    const before = looked
    looked = true
    return before
  })
}

/** The workflow function of a process. */
export function workflow({ spec, body }: Process): (args: StartArgs) => Promise<string> {
  return (args) => new Shell({ spec, body }, args).run()
}

class Shell {
  private readonly process: Process
  private readonly args: StartArgs
  private readonly machine: Machine
  private readonly turns = new Turns()
  private readonly pursuit: Pursuit
  private moves = 0
  /** A move is being recorded, or a snapshot's body has still to come to stand. */
  private recording: boolean
  private openedAt: Answer | undefined
  private openFailure: unknown

  constructor(process: Process, args: StartArgs) {
    this.process = process
    this.args = args
    this.machine = new Machine(process, 'snapshot' in args ? args.snapshot : args.id, drain)
    this.pursuit = new Pursuit(process, this.machine, this.turns, 'snapshot' in args ? args.started : [], args.tuning)
    this.recording = 'snapshot' in args
    if ('snapshot' in args) this.openedAt = { order: args.id, seq: args.snapshot.seq }
    this.register()
  }

  /** All handlers, before the first await: an update may be in the very first task. */
  private register(): void {
    const { machine, args } = this
    setHandler(
      act,
      async (command: Command, req?: string, trace?: string): Promise<Answer> => {
        const seq = machine.recall(command.id)
        if (seq !== undefined) return { order: args.id, seq }
        try {
          return await this.turns.submit({ kind: 'command', command, ...(req && { req }) }, trace)
        } catch (error) {
          throw asFailure(error)
        }
      },
      {
        validator: (command: Command, _req?: string, _trace?: string) => {
          try {
            // Before its opening an order has no state to decide by; while a move is being recorded its plan is still to come, which
            // others may have read already; a stopped order may be about to go on. Then the handler decides when its turn comes.
            if (machine.state.seq > 0 && !this.recording) machine.check(command, Date.now())
          } catch (error) {
            throw asFailure(error)
          }
        },
      },
    )
    setHandler(opened, async () => {
      await condition(() => this.openedAt !== undefined || this.openFailure !== undefined)
      if (this.openedAt) return this.openedAt
      throw this.openFailure
    })
    setHandler(childEnded, (end) => this.turns.post({ kind: 'child-ended', ...end }))
    setHandler(received, (fact) => this.turns.post({ kind: 'received', fact }))
    setHandler(parentWithdrew, ({ parent, reason }) => {
      const actor = { kind: 'order' as const, id: parent }
      this.turns.post({ kind: 'command', command: { id: `withdraw ${parent}`, type: 'withdraw', actor, reason } })
    })
    setHandler(orderQuery, () => machine.state)
  }

  async run(): Promise<string> {
    const { machine, args } = this
    if ('snapshot' in args) {
      const move = await machine.fastForward(Date.now())
      if (move) machine.planned(await record(move))
      this.recording = false
    } else {
      const { opened: data, actor, cmd, req, trace } = args
      this.turns.first({
        input: { kind: 'open', opened: data, actor, ...(cmd && { cmd }), ...(req && { req }) },
        trace,
        resolve: (answer) => {
          this.openedAt = answer
        },
        reject: (error) => {
          this.openFailure = asFailure(error)
        },
      })
    }
    void this.clock()
    this.pursuit.pursue()
    while (machine.state.status !== 'closed' && this.openFailure === undefined) {
      await condition(() => this.turns.length > 0)
      await this.take(this.turns.next())
      if (this.runIsLong()) await this.continue()
    }
    if (this.openFailure !== undefined) return this.rejected()
    return this.close()
  }

  /** One move at a time, first in first out; who gets an answer can read it in the record. */
  private async take({ input, trace, resolve, reject }: Turn): Promise<void> {
    const { machine } = this
    try {
      machine.begin(input, Date.now())
      while (machine.news()) await drain()
      const move = machine.finish()
      if (move) {
        this.recording = true
        machine.planned(await record(trace ? { ...move, trace } : move))
        this.recording = false
        this.moves++
      }
    } catch (error) {
      if (!(error instanceof Refusal) && input.kind !== 'open') throw error
      reject(error)
      return
    }
    resolve({ order: machine.state.id, seq: machine.state.seq })
    this.pursuit.pursue()
  }

  /** One timer: sleeps until the nearest due instant, looks, and re-arms. An armed timer is left alone when that instant moves away. */
  private async clock(): Promise<void> {
    const due = () => nextDue(this.machine.state)
    for (;;) {
      await condition(() => due() !== undefined)
      const armed = due()!
      const nearer = await condition(() => (due() ?? armed) < armed, Math.max(1, armed - Date.now()))
      if (!nearer && (due() ?? Number.POSITIVE_INFINITY) <= Date.now()) await this.turns.submit({ kind: 'tick' })
    }
  }

  private runIsLong(): boolean {
    const limit = this.args.tuning?.movesPerRun ?? MOVES_PER_RUN
    return this.machine.state.status !== 'closed' && (this.moves >= limit || workflowInfo().continueAsNewSuggested)
  }

  /** Between moves, with all handlers finished and nothing of ours under way. */
  private async continue(): Promise<void> {
    const idle = () => this.pursuit.idle && allHandlersFinished()
    await condition(() => this.turns.length > 0 || idle())
    if (this.turns.length > 0) return
    const { tuning } = this.args
    await continueAsNew<(args: StartArgs) => Promise<string>>({
      id: this.machine.state.id,
      snapshot: this.machine.state,
      started: [...this.pursuit.started],
      ...(tuning && { tuning }),
    })
  }

  /** Returns only when nothing is in flight: what still waits is told that the order has ended. */
  private async close(): Promise<string> {
    const { state } = this.machine
    // What is under way may wait for its own turn: the machine's result that comes in with the command that ended the order.
    for (;;) {
      await condition(() => this.turns.length > 0 || this.pursuit.idle)
      if (this.turns.length === 0) break
      await this.take(this.turns.next())
    }
    if (state.next) {
      const next = nextOpening(this.process.spec, state)
      await startOrder(next.opened.process, next)
    }
    const { parent } = state
    for (const child of this.machine.openChildren) await this.pursuit.withdrawChild(child)
    if (parent)
      await tell(parent.id, () =>
        getExternalWorkflowHandle(parent.id).signal(childEnded, childEnd(this.process.spec, state, state.end ?? '')),
      )
    await condition(allHandlersFinished)
    return state.end ?? ''
  }

  private async rejected(): Promise<string> {
    this.turns.rejectAll(this.openFailure)
    await condition(allHandlersFinished)
    return 'rejected'
  }
}
