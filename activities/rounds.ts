/** Work that is never done: it is looked at in rounds. */

export interface Rounds {
  /** Ends after the round that is under way. */
  stop(): Promise<void>
}

/**
 * Makes rounds until stopped: at once again after one that had something to do, else after a pause.
 *
 * @param round whether it had something to do; it catches its own errors. `stopping` says whether it should come to its end.
 * @param intervalMs the pause
 */
export function startRounds(round: (stopping: () => boolean) => Promise<boolean>, intervalMs: number): Rounds {
  let stopped = false
  let wake = () => {}
  const stopping = () => stopped
  const running = (async () => {
    while (!stopping()) {
      if ((await round(stopping)) || stopping()) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, intervalMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return {
    stop: () => {
      stopped = true
      wake()
      return running
    },
  }
}
