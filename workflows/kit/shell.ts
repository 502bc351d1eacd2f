/** The shell: the few lines that connect a machine to Temporal's updates, timer, activities, signals and children. */
import {
  ActivityFailure,
  ApplicationFailure,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  log,
  proxyActivities,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import type { Activities } from '../../activities/types.ts'
import { nextDue } from '../../domain/order/clocks.ts'
import type { Command } from '../../domain/order/command.ts'
import { nextUndo } from '../../domain/order/evolve.ts'
import { Refusal } from '../../domain/order/refusal.ts'
import { childEnd, nextOpening } from '../../domain/order/relatives.ts'
import type { OrderState, Task } from '../../domain/order/state.ts'
import { type Input, Machine } from './machine.ts'
import { type Answer, type StartArgs, act, childEnded, opened, order as orderQuery, parentWithdrew, received } from './messages.ts'
import { workflowType } from '../../domain/order/names.ts'
import { childArgs } from './offspring.ts'
import type { Process } from './process.ts'

// On the workflow's own task queue, so that it starts eagerly; never local, which would commit before the engine has accepted the update.
const { record } = proxyActivities<Activities>({
  // It takes milliseconds. When its worker dies, the order stands still for so long; when the record is away, for as long as that and
  // the next try.
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' },
})
const tries = { initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: 4 }
const { automatic, undo } = proxyActivities<Activities>({ startToCloseTimeout: '60s', retry: tries })
// Work over many rows: found out dead by its silence, and taken up where it stood.
const { automatic: long } = proxyActivities<Activities>({ startToCloseTimeout: '12h', heartbeatTimeout: '30s', retry: tries })

const MOVES_PER_RUN = 150
const RETRY_MS = 60_000

/** Resolves once everything else that could run has run: a predicate is looked at again only after microtasks have drained. */
const drain = (): Promise<void> => {
  let looked = false
  return condition(() => {
    const before = looked
    looked = true
    return before
  })
}

const failure = (refusal: Refusal): ApplicationFailure =>
  ApplicationFailure.create({
    type: refusal.code,
    message: refusal.message,
    nonRetryable: true,
    details: [
      {
        ...(refusal.field && { field: refusal.field }),
        ...(refusal.fault && { fault: refusal.fault }),
        ...(refusal.detail && { detail: refusal.detail }),
        ...(refusal.says && { says: refusal.says }),
      },
    ],
  })

function asFailure(error: unknown): unknown {
  if (error instanceof Refusal) return failure(error)
  return error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause : error
}

/** Work of a waiting task that is done; another run need not repeat it, but may. */
const did = (task: string): string => `did ${task}`

interface Turn {
  input: Input
  /** traceparent of whoever asks. */
  trace?: string | undefined
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** The workflow function of a process. */
export function workflow({ spec, body }: Process): (args: StartArgs) => Promise<string> {
  return (args) => new Shell({ spec, body }, args).run()
}

class Shell {
  private readonly process: Process
  private readonly args: StartArgs
  private readonly machine: Machine
  private readonly turns: Turn[] = []
  private readonly started: Set<string>
  private readonly busy = new Set<string>()
  /** Tasks of the machine whose instant has not come. */
  private readonly alarms = new Set<string>()
  /** Relatives told in this run; a later run tells them again, which changes nothing. */
  private readonly told = new Set<string>()
  private moves = 0
  /** A move is being recorded, or a snapshot's body has still to come to stand. */
  private recording: boolean
  private openedAt: Answer | undefined
  private openFailure: unknown

  constructor(process: Process, args: StartArgs) {
    this.process = process
    this.args = args
    this.machine = new Machine(process, 'snapshot' in args ? args.snapshot : args.id, drain)
    this.started = new Set('snapshot' in args ? args.started : [])
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
          return await this.submit({ kind: 'command', command, ...(req && { req }) }, trace)
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
    setHandler(childEnded, (end) => this.post({ kind: 'child-ended', ...end }))
    setHandler(received, (fact) => this.post({ kind: 'received', fact }))
    setHandler(parentWithdrew, ({ parent, reason }) => {
      const actor = { kind: 'order' as const, id: parent }
      this.post({ kind: 'command', command: { id: `withdraw ${parent}`, type: 'withdraw', actor, reason } })
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
      this.turns.unshift({
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
    this.pursue()
    while (machine.state.status !== 'closed' && this.openFailure === undefined) {
      await condition(() => this.turns.length > 0)
      await this.take(this.turns.shift()!)
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
    this.pursue()
  }

  private submit(input: Input, trace?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.turns.push({ input, trace, resolve, reject })
    })
  }

  /** For what nobody waits for: a refusal then means that it no longer applies. */
  private post(input: Input): void {
    this.turns.push({ input, resolve: () => {}, reject: () => {} })
  }

  /** One timer: sleeps until the nearest due instant, looks, and re-arms. An armed timer is left alone when that instant moves away. */
  private async clock(): Promise<void> {
    const due = () => nextDue(this.machine.state)
    for (;;) {
      await condition(() => due() !== undefined)
      const armed = due()!
      const nearer = await condition(() => (due() ?? armed) < armed, Math.max(1, armed - Date.now()))
      if (!nearer && (due() ?? Number.POSITIVE_INFINITY) <= Date.now()) await this.submit({ kind: 'tick' })
    }
  }

  /** Sees to what the state asks for: children to start, automatic steps to do, effects to undo. Safe to repeat. */
  private pursue(): void {
    const { state } = this.machine
    if (state.status === 'stopped') return
    const unwanted = state.status === 'withdrawing' ? this.machine.openChildren : this.machine.leftChildren
    for (const [child, ref] of Object.entries(state.children))
      if (ref.end === undefined && !this.started.has(child) && !unwanted.includes(child))
        this.once(`start ${child}`, () => this.startChild(child))
    for (const task of Object.values(state.tasks)) if (this.isDue(task)) this.once(`do ${task.id}`, () => this.doAutomatic(task))
    const { released } = state
    if (released && state.parent && !this.told.has(released)) this.once(`release ${released}`, () => this.release(released))
    for (const child of unwanted) if (!this.told.has(child)) this.once(`withdraw ${child}`, () => this.withdrawChild(child))
    // What a child does comes after what was done before it, and is undone first.
    const next = unwanted.length > 0 ? undefined : state.undo[nextUndo(state)]
    if (next) this.once(`undo ${state.undo.length}`, () => this.undoNext(next))
  }

  /** The machine's to do, now; what is to be done later is looked at again when its instant comes. */
  private isDue({ id, step, status }: Task): boolean {
    const { automatic: work, waits, doneAt } = this.process.spec.steps[step] ?? {}
    if (status !== 'automatic' || (waits && (!work || this.started.has(did(id))))) return false
    const at = doneAt === undefined ? 0 : Number(this.machine.state.facts[doneAt] ?? 0)
    if (at <= Date.now()) return true
    if (!this.alarms.has(id)) {
      this.alarms.add(id)
      void sleep(at - Date.now()).then(() => {
        this.alarms.delete(id)
        this.pursue()
      })
    }
    return false
  }

  private once(what: string, work: () => Promise<void>): void {
    if (this.busy.has(what)) return
    this.busy.add(what)
    const retryLater = async (error: unknown) => {
      log.error('will be tried again', { what, error: String(error) })
      await sleep(RETRY_MS)
    }
    void work()
      .catch(retryLater)
      .finally(() => {
        this.busy.delete(what)
        this.pursue()
      })
  }

  private async startChild(child: string): Promise<void> {
    const args = childArgs(this.process.spec, this.machine, child)
    const { tuning } = this.args
    this.started.add(child)
    await startOrder(args.opened.process, { ...args, ...(tuning && { tuning }) })
  }

  private async doAutomatic(task: Task): Promise<void> {
    const { state } = this.machine
    const wanted = () => this.machine.state.tasks[task.id]?.status === 'automatic'
    // Nobody waits for a pause of half an hour whose task is gone: a parent hears at once that this order has ended.
    if (task.failed) await condition(() => !wanted(), RETRY_MS * Math.min(task.failed.times, 30))
    if (!wanted()) return
    try {
      const { id, process, facts } = state
      const work = this.process.spec.steps[task.step]?.automatic === 'long' ? long : automatic
      const result = await work({ order: id, task: task.id, process, step: task.step, facts, at: Date.now() })
      if (result.outcome === undefined) this.started.add(did(task.id))
      else await this.submit({ kind: 'automatic-done', task: task.id, result })
      for (const { order, ...fact } of result.tell ?? []) await tell(order, () => getExternalWorkflowHandle(order).signal(received, fact))
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error
      const message = cause instanceof Error ? cause.message : String(cause)
      await this.submit({ kind: 'automatic-failed', task: task.id, message: message.slice(0, 300) })
    }
  }

  /** Of this order, or what a child has left to it. */
  private async undoNext({ effect, args, order = this.machine.state.id }: OrderState['undo'][number]): Promise<void> {
    await undo({ order, effect, ...(args && { args }), at: Date.now() })
    await this.submit({ kind: 'undone', effect })
  }

  /** Nothing more to do then until the child's end comes back: withdrawn, or as it ends where it is past undoing. */
  private async withdrawChild(child: string): Promise<void> {
    const { id, status } = this.machine.state
    this.told.add(child)
    if (!this.started.has(child)) return this.post({ kind: 'child-ended', child, end: 'withdrawn' })
    await condition(() => !this.busy.has(`start ${child}`))
    const reason = status === 'withdrawing' ? 'parent withdrawn' : 'no longer needed'
    await tell(child, () => getExternalWorkflowHandle(child).signal(parentWithdrew, { parent: id, reason }))
  }

  /** The parent goes on; this order has still something to do beside it. */
  private async release(end: string): Promise<void> {
    const { state } = this.machine
    await tell(state.parent!.id, () =>
      getExternalWorkflowHandle(state.parent!.id).signal(childEnded, childEnd(this.process.spec, state, end)),
    )
    this.told.add(end)
  }

  private runIsLong(): boolean {
    const limit = this.args.tuning?.movesPerRun ?? MOVES_PER_RUN
    return this.machine.state.status !== 'closed' && (this.moves >= limit || workflowInfo().continueAsNewSuggested)
  }

  /** Between moves, with all handlers finished and nothing of ours under way. */
  private async continue(): Promise<void> {
    const idle = () => this.busy.size === 0 && allHandlersFinished()
    await condition(() => this.turns.length > 0 || idle())
    if (this.turns.length > 0) return
    const { tuning } = this.args
    await continueAsNew<(args: StartArgs) => Promise<string>>({
      id: this.machine.state.id,
      snapshot: this.machine.state,
      started: [...this.started],
      ...(tuning && { tuning }),
    })
  }

  /** Returns only when nothing is in flight: what still waits is told that the order has ended. */
  private async close(): Promise<string> {
    const { state } = this.machine
    // What is under way may wait for its own turn: the machine's result that comes in with the command that ended the order.
    for (;;) {
      await condition(() => this.turns.length > 0 || this.busy.size === 0)
      if (this.turns.length === 0) break
      await this.take(this.turns.shift()!)
    }
    if (state.next) {
      const next = nextOpening(this.process.spec, state)
      await startOrder(next.opened.process, next)
    }
    const { parent } = state
    for (const child of this.machine.openChildren) await this.withdrawChild(child)
    if (parent)
      await tell(parent.id, () =>
        getExternalWorkflowHandle(parent.id).signal(childEnded, childEnd(this.process.spec, state, state.end ?? '')),
      )
    await condition(allHandlersFinished)
    return state.end ?? ''
  }

  private async rejected(): Promise<string> {
    for (const { reject } of this.turns) reject(this.openFailure)
    await condition(allHandlersFinished)
    return 'rejected'
  }
}

async function startOrder(process: string, args: Extract<StartArgs, { opened: unknown }>): Promise<void> {
  try {
    await startChild(workflowType(process), {
      workflowId: args.id,
      args: [args],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    })
  } catch (error) {
    // Started by an earlier run of this order.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/** A relative that is no longer running learns the fact from the record when it is brought back. */
async function tell(whom: string, signal: () => Promise<void>): Promise<void> {
  try {
    await signal()
  } catch (error) {
    log.warn('not reached', { whom, error: String(error) })
  }
}
