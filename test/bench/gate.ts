/** What the deploy gate's look at an open order costs on one core: the code of today against states with long journals. No server. */
import { setImmediate } from 'node:timers/promises'
import type { OrderState } from '../../domain/order/state.ts'
import { judgeOrder } from '../../workflows/kit/gate.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { processes } from '../../workflows/processes.ts'
import { simulate } from '../support/simulator.ts'

export interface GateBench {
  orders: number
  /** Different states, and processes among them. */
  states: number
  processes: number
  /** Outcomes in the journals: the least, and on average. */
  journal: { least: number; mean: number }
  /** Seconds of processor time. */
  cpu: number
  /** Orders a second of processor time. */
  rate: number
}

const LEAST = 5
/** As the gate itself reads and judges them. */
const PAGE = 500
const STORIES = 40

/** Numbers as a story wants them, the same in every run. */
const story = (seed: number, length: number): number[] =>
  Array.from({ length }, (_, i) => (Math.imul(seed + 1, 2_654_435_761) ^ Math.imul(i + 7, 40_503)) >>> 12)

/** Open orders of all processes that have come so far, from stories of growing length. */
async function openStates(): Promise<{ process: Process; state: OrderState }[]> {
  const found: { process: Process; state: OrderState }[] = []
  for (const process of processes)
    for (let seed = 0; seed < STORIES; seed++) {
      const { state } = await simulate(process, story(seed, 12 + seed * 2), process.spec.entries?.[0] ?? {})
      if (state.status === 'open' && state.journal.length >= LEAST) found.push({ process, state })
    }
  return found
}

/** Judges them over and over for so many seconds of processor time. @throws Error where one does not stand */
export async function measureGate({ seconds, note }: { seconds: number; note: (line: string) => void }): Promise<GateBench> {
  const states = await openStates()
  const lengths = states.map(({ state }) => state.journal.length)
  const kinds = new Set(states.map(({ state }) => state.process)).size
  note(`${states.length} open orders of ${kinds} processes with journals of ${LEAST} outcomes and more`)
  const round = async (from: number) => {
    const some = Array.from({ length: PAGE }, (_, i) => states[(from + i) % states.length]!)
    const judged = await Promise.all(some.map(({ process, state }) => judgeOrder(process, state, () => setImmediate())))
    for (const [i, { fit, why }] of judged.entries())
      if (fit !== 'stands') throw new Error(`an order of ${some[i]!.state.process} does not stand: ${why}`)
  }
  for (let from = 0; from < states.length; from += PAGE) await round(from)
  const before = process.cpuUsage()
  let [orders, cpu] = [0, 0]
  while (cpu < seconds) {
    await round(orders)
    orders += PAGE
    const { user, system } = process.cpuUsage(before)
    cpu = (user + system) / 1e6
  }
  const journal = { least: Math.min(...lengths), mean: lengths.reduce((a, b) => a + b, 0) / lengths.length }
  return { orders, states: states.length, processes: kinds, journal, cpu, rate: orders / cpu }
}

export const gateText = ({ orders, states, processes: kinds, journal, cpu, rate }: GateBench): string =>
  `deploy gate           ${Math.round(rate)} open orders a second on one core (budget 20000), ${journal.mean.toFixed(1)} outcomes each and ${journal.least} at least; ${states} states of ${kinds} processes, ${orders} in ${cpu.toFixed(1)} s of processor time`
