/** Sees to what an order's state asks for: children that have to start or to be told, the machine's own steps, effects to undo. */
import { condition, getExternalWorkflowHandle, log, proxyActivities, sleep } from '@temporalio/workflow'
import type { Activities } from '../../activities/types.ts'
import { nextUndo } from '../../domain/order/evolve.ts'
import { childEnd } from '../../domain/order/relatives.ts'
import type { OrderState, Task } from '../../domain/order/state.ts'
import type { Machine } from './machine.ts'
import { childEnded, parentWithdrew, received, type Tuning } from './messages.ts'
import { childArgs } from './offspring.ts'
import type { Process } from './process.ts'
import { startOrder, tell } from './shell-relatives.ts'
import type { Turns } from './shell-turns.ts'

const tries = { initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: 4 }
const { automatic, undo } = proxyActivities<Activities>({ startToCloseTimeout: '60s', retry: tries })
// Work over many rows: found out dead by its silence, and taken up where it stood.
const { automatic: long } = proxyActivities<Activities>({ startToCloseTimeout: '12h', heartbeatTimeout: '30s', retry: tries })

const RETRY_MS = 60_000

/** Work of a waiting task that is done; another run need not repeat it, but may. */
const did = (task: string): string => `did ${task}`

export class Pursuit {
  private readonly process: Process
  private readonly machine: Machine
  private readonly turns: Turns
  private readonly tuning: Tuning | undefined
  /** Children that were started and waiting tasks whose work is done, in this run or one before. */
  readonly started: Set<string>
  private readonly busy = new Set<string>()
  /** Tasks of the machine whose instant has not come. */
  private readonly alarms = new Set<string>()
  /** Relatives told in this run; a later run tells them again, which changes nothing. */
  private readonly told = new Set<string>()

  constructor(process: Process, machine: Machine, turns: Turns, started: readonly string[], tuning: Tuning | undefined) {
    this.process = process
    this.machine = machine
    this.turns = turns
    this.started = new Set(started)
    this.tuning = tuning
  }

  /** Nothing of it is under way. */
  get idle(): boolean {
    return this.busy.size === 0
  }

  /** Sees to what the state asks for: children to start, automatic steps to do, effects to undo. Safe to repeat. */
  pursue(): void {
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
    const { tuning } = this
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
      else await this.turns.submit({ kind: 'automatic-done', task: task.id, result })
      for (const { order, ...fact } of result.tell ?? []) await tell(order, () => getExternalWorkflowHandle(order).signal(received, fact))
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error
      const message = cause instanceof Error ? cause.message : String(cause)
      await this.turns.submit({ kind: 'automatic-failed', task: task.id, message: message.slice(0, 300) })
    }
  }

  /** Of this order, or what a child has left to it. */
  private async undoNext({ effect, args, order = this.machine.state.id }: OrderState['undo'][number]): Promise<void> {
    await undo({ order, effect, ...(args && { args }), at: Date.now() })
    await this.turns.submit({ kind: 'undone', effect })
  }

  /** Nothing more to do then until the child's end comes back: withdrawn, or as it ends where it is past undoing. */
  async withdrawChild(child: string): Promise<void> {
    const { id, status } = this.machine.state
    this.told.add(child)
    if (!this.started.has(child)) return this.turns.post({ kind: 'child-ended', child, end: 'withdrawn' })
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
}
