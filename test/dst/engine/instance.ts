/**
 * A run in a worker's memory: its conditions, its handlers, what it waits for. What order things happen in is the SDK's:
 * jobs of an activation in turn, conditions looked at after each, microtasks drained between.
 */
import { TemporalFailure } from './failures.ts'

/** What a run asks of the server. `seq` names what will be resolved. */
export type Ask =
  | { kind: 'activity'; seq: number; name: string; input: unknown; attempts: number | undefined }
  | { kind: 'timer'; seq: number; ms: number }
  | { kind: 'cancel-timer'; seq: number }
  | { kind: 'child'; seq: number; type: string; id: string; args: unknown }
  | { kind: 'signal'; seq: number; order: string; name: string; args: readonly unknown[] }
  | { kind: 'accept'; update: string }
  | { kind: 'reject'; update: string; error: TemporalFailure }
  | { kind: 'answer'; update: string; result?: unknown; error?: TemporalFailure }
  | { kind: 'completed'; result: unknown }
  | { kind: 'continued'; args: unknown }
  | { kind: 'failed'; error: TemporalFailure }

/** What the server tells a run. */
export type Job =
  | { kind: 'update'; update: string; name: string; args: readonly unknown[] }
  | { kind: 'signal'; name: string; args: readonly unknown[] }
  | { kind: 'resolve'; seq: number; result?: unknown; error?: Error }

export interface Handler {
  handler: (...args: never[]) => unknown
  validator?: (...args: never[]) => void
}
interface Waiting {
  resolve: (value: never) => void
  reject: (error: Error) => void
}
interface Condition {
  looked: () => boolean
  resolve: () => void
}

export class ContinueAsNew extends Error {
  readonly args: unknown
  constructor(args: unknown) {
    super('continue as new')
    this.args = args
  }
}

/** Lets every microtask run: Node takes the next tick only when none is left. */
export const drain = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

/** A run in a worker's memory. */
export class Instance {
  asks: Ask[] = []
  now = 0
  over = false
  /** What failed the workflow task: nothing that a program should do. */
  broken: unknown
  private readonly blocked = new Map<number, Condition>()
  private readonly waiting = new Map<number, Waiting>()
  private readonly handlers = new Map<string, Handler>()
  private readonly early: Job[] = []
  private seq = 0
  private handling = 0
  private replaying = false

  /** One workflow task. `begin` starts the function where this is the first. */
  async activate(jobs: readonly Job[], now: number, begin: (() => Promise<unknown>) | undefined, replaying: boolean): Promise<Ask[]> {
    active = this
    this.now = now
    this.replaying = replaying
    try {
      for (const job of jobs) {
        this.take(job)
        this.unblock()
      }
      if (begin) {
        void begin().then(
          (result) => this.end({ kind: 'completed', result }),
          (error: unknown) => this.fail(error),
        )
        this.unblock()
      }
      do await drain()
      while (this.unblock())
    } finally {
      active = undefined
    }
    const asked = this.asks
    this.asks = []
    return asked
  }

  query<T>(name: string): T {
    return this.handlers.get(name)!.handler() as T
  }

  get idle(): boolean {
    return this.handling === 0
  }

  private unblock(): boolean {
    let any = false
    for (let more = true; more; ) {
      more = false
      for (const [seq, { looked, resolve }] of this.blocked)
        if (looked()) {
          this.blocked.delete(seq)
          resolve()
          more = any = true
        }
    }
    return any
  }

  private take(job: Job): void {
    if (job.kind === 'resolve') {
      const waiting = this.waiting.get(job.seq)
      this.waiting.delete(job.seq)
      if (job.error) waiting?.reject(job.error)
      else waiting?.resolve(job.result as never)
      return
    }
    const handler = this.handlers.get(job.name)
    if (!handler) this.early.push(job)
    else if (job.kind === 'signal') this.handle(() => handler.handler(...(job.args as never[])), undefined)
    else this.update(job, handler)
  }

  private update({ update, args }: Extract<Job, { kind: 'update' }>, { handler, validator }: Handler): void {
    // A history holds accepted updates alone: they are not asked again.
    if (validator && !this.replaying)
      try {
        validator(...(args as never[]))
      } catch (error) {
        if (error instanceof TemporalFailure) this.asks.push({ kind: 'reject', update, error })
        else this.broken = error
        return
      }
    this.asks.push({ kind: 'accept', update })
    this.handle(() => handler(...(args as never[])), update)
  }

  private handle(work: () => unknown, update: string | undefined): void {
    this.handling++
    void (async () => work())()
      .then(
        (result) => {
          if (update !== undefined) this.asks.push({ kind: 'answer', update, result })
        },
        (error: unknown) => {
          if (update !== undefined && error instanceof TemporalFailure) this.asks.push({ kind: 'answer', update, error })
          else this.fail(error)
        },
      )
      .finally(() => {
        this.handling--
      })
  }

  private end(ask: Ask): void {
    this.over = true
    this.asks.push(ask)
  }

  private fail(error: unknown): void {
    if (error instanceof ContinueAsNew) this.end({ kind: 'continued', args: error.args })
    else if (error instanceof TemporalFailure) this.end({ kind: 'failed', error })
    else this.broken = error
  }

  /** @returns the number under which it is resolved, and its promise */
  wait<T>(ask: (seq: number) => Ask): [number, Promise<T>] {
    const seq = ++this.seq
    this.asks.push(ask(seq))
    return [seq, new Promise<T>((resolve, reject) => this.waiting.set(seq, { resolve, reject }))]
  }

  forget(seq: number): void {
    if (this.waiting.delete(seq)) this.asks.push({ kind: 'cancel-timer', seq })
  }

  block(looked: () => boolean): [number, Promise<void>] {
    const seq = ++this.seq
    return [
      seq,
      new Promise((resolve) => {
        if (looked()) resolve()
        else this.blocked.set(seq, { looked, resolve })
      }),
    ]
  }

  unlook(seq: number): void {
    this.blocked.delete(seq)
  }

  handler(name: string, handler: Handler): void {
    this.handlers.set(name, handler)
    for (;;) {
      const i = this.early.findIndex((job) => 'name' in job && job.name === name)
      if (i < 0) return
      this.take(this.early.splice(i, 1)[0]!)
    }
  }
}

let active: Instance | undefined

/** The run whose task is under way. */
export function run(): Instance {
  if (!active) throw new Error('a workflow went on outside of its task')
  return active
}
