import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeExit, launch, nodeArgs, stopChild, tail, type Handle } from './process.ts'

export interface ProgramOptions {
  name: string
  /** Path of the module to run. */
  module: string
  /** Arguments of the program. */
  args?: readonly string[]
  env: NodeJS.ProcessEnv
  logFile: string
  /** Milliseconds until it must have said `ready`. */
  readyTimeout?: number
  /** Milliseconds that it may take to drain after SIGTERM. */
  drainTimeout?: number
  onSpawn?: (pid: number) => void
  /** Abandons a start under way. */
  signal?: AbortSignal
}

/**
 * Starts one of our own programs in a process of its own and waits for its message `ready`. It gets SIGTERM to stop, and also
 * when we are killed (see child.ts).
 *
 * @throws Error that says what happened, with the end of its log
 */
export async function startProgram(options: ProgramOptions): Promise<Handle> {
  const { child, pid, exited } = await launch({
    command: process.execPath,
    args: [...nodeArgs('./child', import.meta.url), options.module, ...(options.args ?? [])],
    env: options.env,
    logFile: options.logFile,
    ipc: true,
  })
  options.onSpawn?.(pid)
  const stop = () =>
    stopChild(child, exited, [
      ['SIGTERM', options.drainTimeout ?? 30_000],
      ['SIGKILL', 5_000],
    ])
  const waiting = new AbortController()
  const signal = AbortSignal.any([waiting.signal, ...(options.signal ? [options.signal] : [])])
  try {
    await Promise.race([
      saidReady(child, signal),
      exited.then((exit) => {
        throw new Error(`it ended with ${describeExit(exit)}`)
      }),
      sleep(options.readyTimeout ?? 60_000, undefined, { signal }).then(() => {
        throw new Error(`it was not ready within ${(options.readyTimeout ?? 60_000) / 1000} s`)
      }),
    ])
  } catch (error) {
    await stop()
    if (options.signal?.aborted) throw error
    throw new Error(`${options.name} did not start: ${(error as Error).message}\n${tail(options.logFile)}\n(log: ${options.logFile})`)
  } finally {
    waiting.abort()
  }
  return { pid, exited, stop }
}

async function saidReady(child: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  for (;;) {
    const [message] = await once(child, 'message', { signal })
    if (message === 'ready') return
  }
}
