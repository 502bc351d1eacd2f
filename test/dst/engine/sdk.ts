/**
 * Stands in for `@temporalio/workflow` and `@temporalio/common`: the same functions on a run that lives in this process. What
 * order things happen in is the SDK's: jobs of an activation in turn, conditions looked at after each, microtasks drained between.
 */
import type { AutomaticInput } from '../../../activities/types.ts'
import { ActivityFailure, ApplicationFailure, TemporalFailure, WorkflowExecutionAlreadyStartedError } from './failures.ts'

export { ActivityFailure, ApplicationFailure, TemporalFailure, WorkflowExecutionAlreadyStartedError }

export const ParentClosePolicy = { ABANDON: 'ABANDON' } as const
export const WorkflowIdReusePolicy = { REJECT_DUPLICATE: 'REJECT_DUPLICATE' } as const

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

interface Definition {
  name: string
}
interface Handler {
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

class ContinueAsNew extends Error {
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

function run(): Instance {
  if (!active) throw new Error('a workflow went on outside of its task')
  return active
}

/** Time as the workflow code sees it: that of its task. The bundler puts it in the place of `Date.now`. */
export const workflowNow = (): number => run().now

export async function condition(looked: () => boolean, timeout?: number): Promise<boolean | undefined> {
  const of = run()
  const [seq, met] = of.block(looked)
  if (timeout === undefined) return (await met) as undefined
  const [timer, fired] = of.wait<void>((n) => ({ kind: 'timer', seq: n, ms: timeout }))
  try {
    return await Promise.race([fired.then(() => false), met.then(() => true)])
  } finally {
    of.forget(timer)
    of.unlook(seq)
  }
}

export const sleep = (ms: number): Promise<void> => run().wait<void>((seq) => ({ kind: 'timer', seq, ms }))[1]

interface ActivityOptions {
  retry?: { maximumAttempts?: number }
}

export const proxyActivities = <A>({ retry }: ActivityOptions): A =>
  new Proxy(
    {},
    {
      get: (_, name: string) => (input: AutomaticInput) =>
        run().wait<unknown>((seq) => ({ kind: 'activity', seq, name, input, attempts: retry?.maximumAttempts }))[1],
    },
  ) as A

export function setHandler(
  { name }: Definition,
  handler: Handler['handler'],
  { validator }: { validator?: Handler['validator'] } = {},
): void {
  run().handler(name, { handler, ...(validator && { validator }) })
}

export const startChild = (type: string, { workflowId: id, args }: { workflowId: string; args: readonly [unknown] }): Promise<void> =>
  run().wait<void>((seq) => ({ kind: 'child', seq, type, id, args: args[0] }))[1]

export const getExternalWorkflowHandle = (order: string) => ({
  signal: ({ name }: Definition, ...args: readonly unknown[]): Promise<void> =>
    run().wait<void>((seq) => ({ kind: 'signal', seq, order, name, args }))[1],
})

/** What would come back of a value that travels as text: a copy, without what is undefined. */
function travelled(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: unknown) => (item === undefined ? null : travelled(item)))
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    const of = (value as Record<string, unknown>)[key]
    if (of !== undefined) copy[key] = travelled(of)
  }
  return copy
}

export const continueAsNew = (args: unknown): Promise<never> => Promise.reject(new ContinueAsNew(travelled(args)))

export const allHandlersFinished = (): boolean => run().idle
export const workflowInfo = () => ({ continueAsNewSuggested: false })

const define = (name: string): Definition => ({ name })
export const defineUpdate = define
export const defineSignal = define
export const defineQuery = define

const quiet = () => {}
export const log = { error: quiet, warn: quiet, info: quiet, debug: quiet, trace: quiet }
