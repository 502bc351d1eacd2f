/** The record against what the engine's history says, and against what the code makes of it. */
import { sealMove, sealPlan } from '../../activities/seal.ts'
import type { Move } from '../../activities/types.ts'
import type { OrderEvent } from '../../domain/order/event.ts'
import { canonical } from '../../domain/order/hash.ts'
import type { Difference } from '../../domain/order/verify/check.ts'
import { eventOf, type KeptEvent } from '../../domain/order/verify/kept.ts'
import type { AnsweredMove } from './history.ts'

type Record = readonly KeptEvent[]

/** First place where the record is not what the history of the engine says. */
export function againstHistory(record: Record, answered: readonly AnsweredMove[]): Difference | undefined {
  for (const { move, answer } of answered) {
    const planned = sealPlan(answer.plan, move.base + move.events.length, move.at)
    const found =
      againstMove(record, move) ??
      againstEvents(
        record,
        planned.map((event, i) => ({ ...event, actor: answer.plan[i]!.actor ?? event.actor })),
      ) ??
      hashOf(record, move.base + move.events.length + planned.length, answer.head)
    if (found) return found
  }
  return undefined
}

/** First place where the code makes another move than the record has, of those that were recorded. */
export function againstCode(record: Record, answered: readonly AnsweredMove[], made: readonly Move[]): Difference | undefined {
  const byBase = new Map(made.map((move) => [move.base, move]))
  for (const { move } of answered) {
    const again = byBase.get(move.base)
    if (!again) return { of: String(move.base + 1), field: '', told: null, kept: seen(record[move.base]) }
    const found = againstMove(record, again) ?? lengths(record, move, again)
    if (found) return found
  }
  return undefined
}

const againstMove = (record: Record, move: Move): Difference | undefined =>
  againstEvents(record, sealMove(move)) ?? hashOf(record, move.base + move.events.length, move.head)

function againstEvents(record: Record, events: readonly OrderEvent[]): Difference | undefined {
  for (const event of events) {
    const row = record[event.seq - 1]
    if (!row) return { of: String(event.seq), field: '', told: event, kept: null }
    const kept = eventOf(row)
    if (canonical(kept) === canonical(event)) continue
    const fields = [...new Set([...Object.keys(event), ...Object.keys(kept)])] as (keyof OrderEvent)[]
    const field = fields.find((name) => canonical(event[name] ?? null) !== canonical(kept[name] ?? null))!
    return { of: String(event.seq), field, told: event[field] ?? null, kept: kept[field] ?? null }
  }
  return undefined
}

function hashOf(record: Record, seq: number, told: string): Difference | undefined {
  const kept = record[seq - 1]?.hash
  return kept === undefined || kept === told ? undefined : { of: String(seq), field: 'hash', told, kept }
}

/** The code has made a move shorter than it was. */
function lengths(record: Record, was: Move, is: Move): Difference | undefined {
  if (is.events.length >= was.events.length) return undefined
  const seq = is.base + is.events.length + 1
  return { of: String(seq), field: '', told: null, kept: seen(record[seq - 1]) }
}

const seen = (row: KeptEvent | undefined) => (row ? eventOf(row) : null)

/** Events of the record that the history covers. */
export function covered(record: Record, answered: readonly AnsweredMove[]): number {
  const found = new Set<number>()
  for (const { move, answer } of answered) for (let n = 1; n <= move.events.length + answer.plan.length; n++) found.add(move.base + n)
  return record.filter(({ seq }) => found.has(seq)).length
}
