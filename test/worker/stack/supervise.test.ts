import { describe, expect, it, onTestFinished } from 'vitest'
import type { Exit, Handle } from '../../../worker/stack/process.ts'
import { supervise } from '../../../worker/stack/supervise.ts'

/** Parts that end when the test says so. */
function parts() {
  const started: { end: (exit: Exit) => void; stopped: boolean }[] = []
  const failures: Error[] = []
  const start = async (): Promise<Handle> => {
    const failure = failures.shift()
    if (failure) throw failure
    let end: (exit: Exit) => void = () => {}
    const exited = new Promise<Exit>((resolve) => {
      end = resolve
    })
    const part = { end, stopped: false }
    started.push(part)
    const stop = async () => {
      part.stopped = true
      end({ code: 0, signal: null })
    }
    return { pid: started.length, exited, stop }
  }
  return { started, failures, start }
}

async function supervised(more: { failures?: Error[] } = {}) {
  const lines: string[] = []
  const source = parts()
  source.failures.push(...(more.failures ?? []))
  const stop = new AbortController()
  const part = await supervise({ name: 'worker', start: source.start, log: (line) => lines.push(line), backoff: 5, signal: stop.signal })
  onTestFinished(() => part.stop())
  return { lines, part, stop, ...source }
}

const killed: Exit = { code: null, signal: 'SIGKILL' }

describe('supervision', () => {
  it('starts again what ends by itself, and says so', async () => {
    const { started, part, lines } = await supervised()
    started[0]?.end(killed)
    await expect.poll(() => part.current().pid).toBe(2)
    started[1]?.end({ code: 1, signal: null })
    await expect.poll(() => part.current().pid).toBe(3)
    expect(lines).toEqual([
      'worker ended with signal SIGKILL; starting it again in 0.005 s',
      'worker runs again (pid 2)',
      'worker ended with exit code 1; starting it again in 0.01 s',
      'worker runs again (pid 3)',
    ])
  })

  it('tries again, each time later, when it does not start', async () => {
    const { started, failures, part, lines } = await supervised()
    failures.push(...Array.from({ length: 6 }, () => new Error('no database\nand more')))
    started[0]?.end(killed)
    await expect.poll(() => part.current().pid).toBe(2)
    const waits = lines
      .filter((line) => line.includes('does not start'))
      .map((line) => /: no database; next attempt in ([\d.]+) s/.exec(line)?.[1])
    expect(waits).toEqual(['0.01', '0.02', '0.04', '0.08', '0.1', '0.1'])
  })

  it('lets the first failure through', async () => {
    await expect(supervised({ failures: [new Error('no database')] })).rejects.toThrow('no database')
  })

  it('stops for good', async () => {
    const { started, part, lines } = await supervised()
    await part.stop()
    expect(started.map(({ stopped }) => stopped)).toEqual([true])
    expect(lines).toEqual([])
  })

  it('does not restart once the whole is to stop', async () => {
    const { started, part, stop, lines } = await supervised()
    started[0]?.end(killed)
    await expect.poll(() => lines.length).toBe(1)
    stop.abort()
    await part.stop()
    expect(started.length).toBe(1)
  })
})
