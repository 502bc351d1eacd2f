/**
 * Stands in for `@temporalio/workflow` and `@temporalio/common`: the same functions on a run that lives in this process
 * (test/dst/engine/instance.ts).
 */
import type { AutomaticInput } from '../../../activities/types.ts'
import { ActivityFailure, ApplicationFailure, TemporalFailure, WorkflowExecutionAlreadyStartedError } from './failures.ts'
import { ContinueAsNew, type Handler, run } from './instance.ts'

export { ActivityFailure, ApplicationFailure, TemporalFailure, WorkflowExecutionAlreadyStartedError }

export const ParentClosePolicy = { ABANDON: 'ABANDON' } as const
export const WorkflowIdReusePolicy = { REJECT_DUPLICATE: 'REJECT_DUPLICATE' } as const

interface Definition {
  name: string
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
