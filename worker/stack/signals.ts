/** npm passes a Ctrl-C on to a program that the terminal has told already: within this time it is the same one. */
const SAME = 1_000

/**
 * A signal that aborts on Ctrl-C, SIGTERM and when the terminal goes away. A second Ctrl-C ends the process at once; what it
 * has started then ends by itself (child.ts, death signals), and the next start looks after the rest.
 */
export function stopOnSignals(out: (line: string) => void): AbortSignal {
  const stop = new AbortController()
  let first = 0
  const onSignal = () => {
    if (!stop.signal.aborted) {
      first = Date.now()
      out('\nStopping. Once more Ctrl-C does not wait.')
      stop.abort()
    } else if (Date.now() - first > SAME) process.exit(130)
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal)
  return stop.signal
}
