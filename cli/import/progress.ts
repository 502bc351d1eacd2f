/** How far an import is: a bar on a terminal, a line every few seconds elsewhere. */
import { SingleBar } from 'cli-progress'

export interface Progress {
  /** @param done of all, @param rejected of those */
  update(done: number, rejected: number): void
  stop(): void
}

const LINE_EVERY_MS = 5_000

/** @param now a clock in ms */
export function createProgress(
  total: number,
  out: NodeJS.WriteStream = process.stderr,
  now: () => number = performance.now.bind(performance),
): Progress {
  const began = now()
  let last = began
  let shown = -1
  const figures = (done: number) => {
    const seconds = (now() - began) / 1000
    const rate = seconds > 0 ? done / seconds : 0
    return { rate: rate.toFixed(1), left: rate > 0 ? duration((total - done) / rate) : '?' }
  }
  if (total === 0) return { update() {}, stop() {} }
  if (out.isTTY) {
    const bar = new SingleBar({
      format: '{bar} {percentage}%  {value}/{total}  {rate}/s  {left} left  {rejected} rejected',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      fps: 5,
      gracefulExit: false,
      stream: out,
    })
    bar.start(total, 0, { rate: '0', left: '?', rejected: 0 })
    return { update: (done, rejected) => bar.update(done, { ...figures(done), rejected }), stop: () => bar.stop() }
  }
  let current = { done: 0, rejected: 0 }
  const print = () => {
    if (current.done === shown) return
    shown = current.done
    const { rate, left } = figures(current.done)
    const percent = Math.floor((100 * current.done) / total)
    out.write(`${current.done}/${total} (${percent}%)  ${rate}/s  ${left} left  ${current.rejected} rejected\n`)
  }
  return {
    update(done, rejected) {
      current = { done, rejected }
      if (now() - last < LINE_EVERY_MS) return
      last = now()
      print()
    },
    stop: print,
  }
}

/** Seconds as `4 s`, `3 min 20 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
