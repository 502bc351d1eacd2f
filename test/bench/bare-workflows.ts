/** The yardstick: an update that records one row through one activity, and a timer. As small as they can be. */
import { condition, defineUpdate, proxyActivities, setHandler, sleep } from '@temporalio/workflow'

const { note } = proxyActivities<{ note(id: string, n: number): Promise<number> }>({ startToCloseTimeout: '20s' })

export const act = defineUpdate<number, [string]>('act')

export async function bare(id: string, moves: number): Promise<void> {
  let n = 0
  setHandler(act, async () => {
    n = await note(id, n + 1)
    return n
  })
  await condition(() => n >= moves)
}

/** How late, in ms, a timer of each of these lengths fires. */
export async function timers(lengths: number[]): Promise<number[]> {
  const late: number[] = []
  for (const ms of lengths) {
    const due = Date.now() + ms
    await sleep(ms)
    late.push(Date.now() - due)
  }
  return late
}
