/** Ctrl-C in programs that have something to finish. */

/** npm passes the terminal's Ctrl-C on to a program that has had it already; what comes this soon is the same one. */
const SAME_MS = 1_000

/**
 * The first SIGINT or SIGTERM aborts the signal and prints the message; a later one ends the program at once.
 *
 * @returns the signal, and a function that puts the handlers away
 */
export function stopOnInterrupt(message: string): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  let first: number | undefined
  const handler = () => {
    const now = performance.now()
    if (first === undefined) {
      first = now
      process.stderr.write(`\n${message}\n`)
      controller.abort()
    } else if (now - first > SAME_MS) process.exit(130)
  }
  process.on('SIGINT', handler).on('SIGTERM', handler)
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', handler).off('SIGTERM', handler)
    },
  }
}
