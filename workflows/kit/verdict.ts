/** What an auditor is told of one order: chain, rows, and whether its process comes to stand where the record says. */
import { checkRecord, type Difference } from '../../domain/order/verify/check.ts'
import type { KeptOrder } from '../../domain/order/verify/kept.ts'
import type { Drain } from './machine.ts'
import type { Process } from './process.ts'
import { standsAsRecorded } from './stands.ts'

export interface Verdict {
  order: string
  /** Events that were looked at, and the hash of the last. */
  events: number
  head: string
  ok: boolean
  /** The first event that does not follow from the one before, or the order's row not naming the last. */
  chain: Difference | null
  /** The first row that is not what the history tells. Null where the chain is broken: then nobody knows what it should be. */
  rows: (Difference & { table: string }) | null
  /** In words, where the process of today does not lead where the record stands. */
  body: string | null
}

/**
 * @param process of the order; nothing where there is none of that name any more
 * @param drain lets everything run that can
 * @param sha256 of a text in hex, where the host has a faster one
 */
export async function verdictOf(
  process: Process | undefined,
  kept: KeptOrder,
  drain: Drain,
  sha256?: (text: string) => string,
): Promise<Verdict> {
  if (!process) {
    const body = `there is no process ${String(kept.order.process)}`
    return { order: kept.id, events: kept.events.length, head: kept.events.at(-1)?.hash ?? '', ok: false, chain: null, rows: null, body }
  }
  const { events, head, chain, rows, state } = checkRecord(process.spec, kept, sha256)
  const body = state && !rows ? await standsAsRecorded(process, state, drain) : undefined
  const ok = !chain && !rows && body === undefined
  return { order: kept.id, events, head, ok, chain: chain ?? null, rows: rows ?? null, body: body ?? null }
}
