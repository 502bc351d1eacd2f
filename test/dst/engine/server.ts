/**
 * A model of the engine: runs with their histories, workflow tasks on workers that die, activities that are done at least once,
 * timers, signals, updates, children. Whatever could happen next waits in `ready`; the world says which of it does.
 */
import type { Random } from '../random.ts'
import { Activities, calm, type Engine, type Faults } from './activities.ts'
import { difference } from './difference.ts'
import { WorkflowExecutionAlreadyStartedError } from './failures.ts'
import { type Ask, Instance, type Job } from './instance.ts'
import { begun, type Hosted, type Reply, type Run, type Told } from './run.ts'
import { Timers } from './timers.ts'

/** A workflow task that takes longer is given to another worker, in ms. */
const TASK_TIMEOUT = 10_000

const ends = new Set<Ask['kind']>(['completed', 'continued', 'failed'])

export class Server implements Engine<Run> {
  now: number
  faults: Faults = calm
  readonly runs = new Map<string, Run>()
  readonly ready: (() => Promise<void> | void)[] = []
  readonly timers = new Timers()
  readonly host: Hosted
  private readonly activities = new Activities<Run>(this)

  get random(): Random {
    return this.host.random
  }

  constructor(host: Hosted, now: number) {
    this.host = host
    this.now = now
  }

  /** One thing that could happen, happens. False: nothing can. */
  async step(): Promise<boolean> {
    const { ready, host } = this
    if (ready.length === 0) return false
    const i = host.random.below(ready.length)
    const work = ready[i]!
    ready[i] = ready[ready.length - 1]!
    ready.pop()
    await work()
    return true
  }

  /** Time goes on; what is due by then comes due. */
  advance(to: number): void {
    if (to > this.now) this.now = to
    for (let timer = this.timers.take(this.now); timer; timer = this.timers.take(this.now)) {
      const { run, seq } = timer
      this.ready.push(() => this.resolve(run as Run, seq, {}))
    }
  }

  /** Starts a run. False: there is or was one of this id. */
  start(id: string, type: string, args: unknown): boolean {
    if (this.runs.has(id)) return false
    this.begin(id, type, args)
    return true
  }

  private begin(id: string, type: string, args: unknown): Run {
    const run = begun(id, type, args)
    this.runs.set(id, run)
    this.schedule(run)
    return run
  }

  signal(order: string, name: string, args: readonly unknown[]): boolean {
    const run = this.runs.get(order)
    if (run?.status !== 'running') return false
    this.tell(run, { kind: 'signal', name, args })
    return true
  }

  /** An update; the same id again hears what the first is answered. */
  update(order: string, id: string, name: string, args: readonly unknown[], answer: (reply: Reply) => void): void {
    const run = this.runs.get(order)
    if (run?.status !== 'running') {
      // A run that has ended still answers for what it has done.
      const done = run?.updates.get(id)?.reply
      return answer(done ?? { missing: true })
    }
    const known = run.updates.get(id)
    if (known?.reply) return answer(known.reply)
    if (known) return void known.waiting.push(answer)
    run.updates.set(id, { state: 'admitted', waiting: [answer] })
    this.tell(run, { kind: 'update', update: id, name, args })
  }

  /** Every worker dies: nothing is in memory any more, and what was under way will be done again. */
  crash(): void {
    for (const run of this.runs.values()) run.instance = undefined
    this.host.note('workers killed')
  }

  private tell(run: Run, job: Job): void {
    run.pending.push(job)
    this.schedule(run)
  }

  /** Tells a run what came of something that it asked for. */
  resolve(run: Run, seq: number, outcome: { result?: unknown; error?: Error }): void {
    if (run.status === 'running') this.tell(run, { kind: 'resolve', seq, ...outcome })
  }

  private schedule(run: Run): void {
    if (run.tasked || run.status !== 'running') return
    run.tasked = true
    this.ready.push(() => this.task(run))
  }

  private async task(run: Run): Promise<void> {
    const { random, note } = this.host
    // Signals and updates come first, as the SDK sorts them.
    const jobs = [...run.pending.filter(({ kind }) => kind !== 'resolve'), ...run.pending.filter(({ kind }) => kind === 'resolve')]
    run.pending = []
    if (run.instance && random.chance(this.faults.evicted)) {
      run.instance = undefined
      note('run evicted')
    }
    run.instance ??= await this.replay(run)
    const { instance, history } = run
    const at = this.now
    const asks = await instance.activate(jobs, at, history.length === 0 ? this.function(run) : undefined, false)
    if (instance.broken !== undefined) return this.failed(run, instance.broken)
    if (random.chance(this.faults.taskLost)) {
      note('workflow task lost')
      return this.again(run, jobs)
    }
    if (!random.chance(this.faults.taskHeld)) return this.commit(run, { jobs, at, asks })
    note('workflow task held')
    this.ready.push(() => this.commit(run, { jobs, at, asks }))
  }

  private failed(run: Run, error: unknown): void {
    run.status = 'closed'
    this.host.broken(`a workflow task of ${run.id} fails: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }

  private function(run: Run): () => Promise<unknown> {
    const workflow = this.host.workflow(run.type)
    return () => workflow(run.args as never)
  }

  /** A worker that has not had the run plays its history, and must come to ask the same. */
  private async replay(run: Run): Promise<Instance> {
    const instance = new Instance()
    for (const [i, { jobs, at, asks }] of run.history.entries()) {
      const again = await instance.activate(jobs, at, i === 0 ? this.function(run) : undefined, true)
      const differs = difference(asks, again)
      if (differs) this.host.broken(`${run.id} is not deterministic: ${differs}`)
    }
    return instance
  }

  private again(run: Run, jobs: readonly Job[]): void {
    run.instance = undefined
    run.pending = [...jobs, ...run.pending]
    run.tasked = false
    this.schedule(run)
  }

  private commit(run: Run, { jobs, at, asks }: Told): void {
    if (this.now - at > TASK_TIMEOUT) {
      this.host.note('workflow task timed out')
      return this.again(run, jobs)
    }
    // The server refuses to end a run that has news which it does not know.
    if (run.pending.length > 0 && asks.some(({ kind }) => ends.has(kind))) {
      this.host.note('end refused, news came')
      return this.again(run, jobs)
    }
    run.tasked = false
    let told = jobs
    for (const ask of asks) if (ask.kind === 'reject') told = told.filter((job) => job.kind !== 'update' || job.update !== ask.update)
    run.history.push({ jobs: told, at, asks: asks.filter(({ kind }) => kind !== 'reject') })
    for (const ask of asks) this.grant(run, ask)
    if (run.pending.length > 0) this.schedule(run)
  }

  private grant(run: Run, ask: Ask): void {
    switch (ask.kind) {
      case 'activity': {
        const { name, input, seq, attempts } = ask
        const activity = { name, input, seq, attempts, attempt: 0 }
        run.activities.set(ask.seq, activity)
        return this.activities.attempt(run, activity)
      }
      case 'timer':
        return this.timers.put({ at: this.now + ask.ms, run, seq: ask.seq })
      case 'cancel-timer':
        return this.timers.cancel(run, ask.seq)
      case 'child':
        return void this.ready.push(() => {
          const error = this.start(ask.id, ask.type, ask.args) ? undefined : new WorkflowExecutionAlreadyStartedError(ask.id)
          this.resolve(run, ask.seq, { ...(error && { error }) })
        })
      case 'signal':
        return void this.ready.push(() => {
          const error = this.signal(ask.order, ask.name, ask.args) ? undefined : new Error(`no running workflow ${ask.order}`)
          this.resolve(run, ask.seq, { ...(error && { error }) })
        })
      case 'accept':
        run.updates.get(ask.update)!.state = 'accepted'
        return undefined
      case 'reject': {
        const update = run.updates.get(ask.update)
        run.updates.delete(ask.update)
        for (const answer of update?.waiting ?? []) answer({ error: ask.error })
        return undefined
      }
      case 'answer':
        return this.answered(run, ask.update, ask.error ? { error: ask.error } : { result: ask.result })
      case 'completed':
        return this.end(run, 'closed')
      case 'continued':
        this.end(run, 'continued')
        this.begin(run.id, run.type, ask.args)
        return this.host.note('continued as new')
      case 'failed':
        this.end(run, 'closed')
        return this.host.broken(
          `the workflow ${run.id} failed: ${String((ask.error.cause as Error | undefined)?.message ?? ask.error.message)}`,
        )
    }
  }

  private answered(run: Run, id: string, reply: Reply): void {
    const update = run.updates.get(id)!
    update.state = 'answered'
    update.reply = reply
    for (const answer of update.waiting.splice(0)) answer(reply)
  }

  private end(run: Run, status: 'closed' | 'continued'): void {
    run.status = status
    run.instance = undefined
    run.activities.clear()
    this.timers.drop(run)
    for (const { waiting } of run.updates.values()) for (const answer of waiting.splice(0)) answer({ accident: true })
  }
}
