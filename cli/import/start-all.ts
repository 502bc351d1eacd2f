/** Starts many orders, a bounded number at a time. What passes by itself is tried again; what does not is rejected. */
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineLate } from '../../api/engine-errors.ts'
import { type Problem, asProblem } from '../../api/problem.ts'
import type { Plan } from './plan.ts'

/** Starts one order, or finds it. The same key again is the same intention. */
export type Start = (plan: Plan, key: string) => Promise<{ order: string; existing: boolean }>

export type Outcome = { plan: Plan; order: string; existing: boolean } | { plan: Plan; reason: string }

export interface StartAllOptions {
  plans: readonly Plan[]
  start: Start
  /** Prefix of the keys, one for each run. */
  run: string
  concurrency: number
  /** Nothing new is begun afterwards; what is in flight is finished. */
  stop: AbortSignal
  /** Told of each fault, in the order in which they end. */
  onOutcome: (outcome: Outcome) => void
  /** Ms for which one order is tried again while engine or database can't be reached. */
  patience?: number
}

/** Engine or database could not be reached for longer than the patience. What had not been started is left for the next run. */
export class OutOfReach extends Error {
  override readonly name = 'OutOfReach'
}

/**
 * Tries every plan, or until it is stopped.
 * @throws OutOfReach, or what went wrong on our side, once everything in flight has ended
 */
export async function startAll(options: StartAllOptions): Promise<void> {
  const queue = options.plans.values()
  const failed = new AbortController()
  const stop = AbortSignal.any([options.stop, failed.signal])
  let failure: unknown
  const lane = async () => {
    while (!stop.aborted) {
      const { value: plan, done } = queue.next()
      if (done) return
      try {
        const outcome = await startOne(plan, options, failed.signal)
        if (outcome) options.onOutcome(outcome)
      } catch (error) {
        failure ??= error
        failed.abort()
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, lane))
  if (failed.signal.aborted) throw failure instanceof Error ? failure : new Error(String(failure))
}

async function startOne(
  plan: Plan,
  { start, run, patience = 60_000, stop }: StartAllOptions,
  failed: AbortSignal,
): Promise<Outcome | undefined> {
  const until = Date.now() + patience
  const key = `${run}-${plan.fault.id}`
  for (let pause = 200; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      return { plan, ...(await start(plan, key)) }
    } catch (error) {
      const problem = passing(error)
      if (typeof problem === 'string') return { plan, reason: problem }
      if (Date.now() + pause > until)
        throw new OutOfReach(`${problem.message} (tried for ${Math.round(patience / 1000)} s)`, { cause: error })
      // Somebody who wants to stop does not want to wait for a server that is away.
      if (stop.aborted || failed.aborted) return undefined
      await sleep(pause)
    }
  }
}

/** Why the fault is rejected; or the error, when it passes by itself. @throws what is neither */
function passing(error: unknown): string | Error {
  if (error instanceof EngineLate) return error
  const problem = asProblem(error)
  if (problem.status === 503 || problem.status === 429) return problem
  if (problem.status >= 500) throw error
  return reasonOf(problem)
}

const reasonOf = ({ code, detail, errors }: Problem): string =>
  [code, ...errors.map((one) => one.field), detail].filter((part) => part !== undefined && part !== '').join(': ')
