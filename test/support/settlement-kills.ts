/** Runs a settlement in a process of its own that is killed so many times on the way. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface KillsOptions {
  url: string
  run: string
  pageRows: number
  /** Pages done by each life before it is killed; the last life is left alone. */
  killAfter: readonly number[]
}

/** @returns how many lives were ended by SIGKILL, and the memory that the last one took, bytes */
export async function settleWithKills({ url, run, pageRows, killAfter }: KillsOptions): Promise<{ killed: number; rss: number }> {
  let killed = 0
  for (let life = 0; ; life++) {
    const { signal, closed, rss } = await live(url, run, pageRows, killAfter[life])
    if (closed) return { killed, rss }
    if (signal !== 'SIGKILL') throw new Error(`the worker of run ${run} ended by itself`)
    killed++
  }
}

function live(url: string, run: string, pageRows: number, killAfter: number | undefined) {
  const child = fork(fileURLToPath(new URL('./settlement-child.ts', import.meta.url)), [run, String(pageRows)], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise<{ signal: NodeJS.Signals | null; closed: boolean; rss: number }>((resolve) => {
    let pages = 0
    let [closed, rss] = [false, 0]
    child.on('message', (message) => {
      if (message === 'page') pages++
      else if (typeof message === 'object') [closed, rss] = [true, (message as unknown as { rss: number }).rss]
      if (killAfter !== undefined && !closed && (message === 'page' || message === 'computing') && pages >= killAfter) child.kill('SIGKILL')
    })
    child.once('exit', (_code, signal) => resolve({ signal, closed, rss }))
  })
}
