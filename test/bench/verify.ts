/** What verifying an order costs on one core: chain, rows and process, from the record's JSON as the database hands it over. No server. */
import { verify } from '../../api/trust/verify.ts'
import type { OrderEvent } from '../../domain/order/event.ts'
import { canonical, chainHash, GENESIS } from '../../domain/order/hash.ts'
import type { KeptEvent, KeptOrder } from '../../domain/order/verify/kept.ts'
import { told } from '../../domain/order/verify/told.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { processes } from '../../workflows/processes.ts'
import { simulate } from '../support/simulator.ts'

export interface VerifyReport {
  orders: number
  events: number
  /** Seconds of processor time. */
  cpu: number
  /** Orders a minute on one core. */
  rate: number
}

const STORIES = 8

/** Numbers as a story wants them, the same in every run. */
const story = (seed: number): number[] =>
  Array.from({ length: 60 }, (_, i) => (Math.imul(seed + 1, 2_654_435_761) ^ Math.imul(i + 7, 40_503)) >>> 12)

function kept(process: Process, id: string, events: readonly OrderEvent[]): KeptOrder {
  let previous = GENESIS
  const rows = events.map((event, i): KeptEvent => {
    const hash = chainHash(previous, event)
    const { actor } = event
    // One instant is one move: what is written together.
    const last = events.findLastIndex(({ at }, j) => j >= i && at === event.at)
    const row = {
      ...{ seq: event.seq, move_seq: events[last]!.seq, type: event.type, data: event.data as never, cmd: event.cmd ?? null },
      ...{ actor_kind: actor.kind, actor_id: actor.id, on_behalf_of: actor.for ?? null },
      ...{ at: new Date(event.at).toISOString(), prev_hash: previous, hash },
    }
    previous = hash
    return row
  })
  const moves = [...new Set(rows.map(({ move_seq: move }) => move))].map((move) => {
    const own = rows.filter(({ move_seq: of }) => of === move)
    return { events: own.map(({ seq }) => events[seq - 1]!), hashes: own.map(({ hash }) => hash) }
  })
  const is = told(process.spec, id, moves)
  const [tasks, signatures, clocks, rungs] = [is.tasks, is.signatures, is.clocks, is.rungs].map((table) => [...table.values()])
  return { id, order: is.order, events: rows, tasks: tasks!, signatures: signatures!, clocks: clocks!, rungs: rungs! }
}

/** Verifies stories of all processes over and over for so many seconds. @throws Error where one does not hold */
export async function measureVerify({ seconds, note }: { seconds: number; note: (line: string) => void }): Promise<VerifyReport> {
  const texts: { process: Process; text: string }[] = []
  for (const process of processes)
    for (let seed = 0; seed < STORIES; seed++) {
      const { events, state } = await simulate(process, story(seed))
      texts.push({ process, text: canonical(kept(process, state.id, events)) })
    }
  note(`${texts.length} orders of ${processes.length} processes`)
  const round = async () => {
    let events = 0
    for (const { process, text } of texts) {
      const verdict = await verify(process, JSON.parse(text) as KeptOrder)
      if (!verdict.ok) throw new Error(`${process.spec.id} does not hold: ${JSON.stringify(verdict)}`)
      events += verdict.events
    }
    return events
  }
  await round()
  const before = globalThis.process.cpuUsage()
  let [orders, events, cpu] = [0, 0, 0]
  while (cpu < seconds) {
    events += await round()
    orders += texts.length
    const { user, system } = globalThis.process.cpuUsage(before)
    cpu = (user + system) / 1e6
  }
  return { orders, events, cpu, rate: (orders / cpu) * 60 }
}

export const verifyText = ({ orders, events, cpu, rate }: VerifyReport): string =>
  `verification          ${Math.round(rate)} orders a minute on one core (budget 60000), ${(events / orders).toFixed(0)} events each; ${orders} in ${cpu.toFixed(1)} s of processor time`
