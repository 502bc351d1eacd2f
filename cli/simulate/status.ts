/** One line that says how it goes: renewed in place on a terminal, repeated now and then elsewhere. */
const ON_TERMINAL_MS = 500
const ELSEWHERE_MS = 10_000

export function showStatus(line: () => string, out: NodeJS.WriteStream = process.stderr): { stop(): void } {
  const terminal = out.isTTY
  const show = () => out.write(terminal ? `\r\u001B[K${line().slice(0, (out.columns ?? 80) - 1)}` : `${line()}\n`)
  const timer = setInterval(show, terminal ? ON_TERMINAL_MS : ELSEWHERE_MS)
  timer.unref()
  return {
    stop() {
      clearInterval(timer)
      if (terminal) out.write('\r\u001B[K')
    },
  }
}
