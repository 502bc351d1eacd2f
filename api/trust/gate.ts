/** Every open order against the code of today, in memory; as many at once as one core can keep in hand. */
import { setImmediate } from 'node:timers/promises'
import { type Db, openOrders } from '../../prisma/recovery/rows.ts'
import { judgeOrder } from '../../workflows/kit/gate.ts'
import { GateReport } from '../../workflows/kit/gate-report.ts'
import type { Process } from '../../workflows/kit/process.ts'

const PAGE = 500

export interface Gated {
  report: GateReport
  /** Time that the bodies took, without reading the record, ms. */
  tookMs: number
  /** Orders for the replay of their histories: some of each process, the longest ones. */
  sample: string[]
}

/**
 * @param perProcess how many histories of each process are to be replayed
 * @param onProgress told after each page
 */
export async function gate(
  db: Db,
  processes: readonly Process[],
  {
    perProcess = 3,
    onProgress = () => {},
    signal,
  }: { perProcess?: number; onProgress?: (orders: number) => void; signal?: AbortSignal } = {},
): Promise<Gated> {
  const byId = new Map(processes.map((process) => [process.spec.id, process]))
  const report = new GateReport()
  const longest = new Map<string, { order: string; seq: number }[]>()
  let tookMs = 0
  for (let before: string | undefined; !signal?.aborted; ) {
    const page = await openOrders(db, undefined, before, PAGE)
    const began = performance.now()
    const judged = await Promise.all(page.map(({ state }) => judgeOrder(byId.get(state.process), state, () => setImmediate())))
    tookMs += performance.now() - began
    for (const [i, { id, state }] of page.entries()) {
      report.add(id, state.process, judged[i]!)
      if (judged[i]!.fit !== 'stands') continue
      const known = [...(longest.get(state.process) ?? []), { order: id, seq: state.seq }].sort((a, b) => b.seq - a.seq)
      longest.set(state.process, known.slice(0, perProcess))
    }
    onProgress(report.orders)
    before = page.at(-1)?.id
    if (page.length < PAGE) break
  }
  return { report, tookMs, sample: [...longest.values()].flatMap((some) => some.map(({ order }) => order)) }
}
