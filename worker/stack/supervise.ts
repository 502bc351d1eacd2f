import { setTimeout as sleep } from 'node:timers/promises'
import { describeExit, type Exit, type Handle } from './process.ts'

export interface SupervisedOptions<H extends Handle> {
  name: string
  /** Starts the part and resolves when it is ready. */
  start: (signal: AbortSignal) => Promise<H>
  /** Says that the part has ended and when it comes back. */
  log: (line: string) => void
  /** Milliseconds before the first restart; doubles with each that fails, up to 20 times as long. */
  backoff?: number
  /** Ends the wish to have it running: no restart any more. */
  signal: AbortSignal
}

export interface Supervised<H extends Handle> {
  /** What runs now, or ran last. */
  current(): H
  /** Stops the part, drained. */
  stop(): Promise<void>
}

// Runs this long, and the next end is taken for a new mishap.
const STEADY = 30_000

/**
 * Starts a part and starts it again whenever it ends by itself.
 *
 * @throws what `start` throws the first time
 */
export async function supervise<H extends Handle>(options: SupervisedOptions<H>): Promise<Supervised<H>> {
  const { name, log } = options
  const shortest = options.backoff ?? 500
  const stopping = new AbortController()
  const signal = AbortSignal.any([options.signal, stopping.signal])
  let current = await options.start(signal)

  const watch = async () => {
    let wait = shortest
    let since = Date.now()
    for (let exit: Exit = await current.exited; !signal.aborted; exit = await current.exited) {
      if (Date.now() - since > STEADY) wait = shortest
      log(`${name} ended with ${describeExit(exit)}; starting it again in ${wait / 1000} s`)
      for (;;) {
        await sleep(wait, undefined, { signal })
        wait = Math.min(wait * 2, shortest * 20)
        try {
          current = await options.start(signal)
          break
        } catch (error) {
          if (signal.aborted) return
          log(`${name} does not start: ${(error as Error).message.split('\n')[0]}; next attempt in ${wait / 1000} s`)
        }
      }
      since = Date.now()
      log(`${name} runs again (pid ${current.pid})`)
    }
  }
  const watched = watch().catch((error: unknown) => {
    if (!signal.aborted) throw error
  })

  return {
    current: () => current,
    async stop() {
      stopping.abort()
      await current.stop()
      await watched
      // A restart that was about to succeed has made a new one.
      await current.stop()
    },
  }
}
