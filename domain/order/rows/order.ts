/** Rows of the order itself, of its events and of what the outside hears. */
import { nextDue } from '../clocks.ts'
import type { OrderEvent } from '../event.ts'
import type { Fact } from '../spec.ts'
import type { OrderState } from '../state.ts'

type Json = Record<string, unknown>

/** An instant as the database reads it; nothing where a form brought one that no date has. */
export const iso = (ms: number | undefined): string | null => {
  if (ms === undefined) return null
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** Columns of the order itself that follow from its state. */
export function orderRow(state: OrderState): Json {
  return {
    no: state.no ?? null,
    process: state.process,
    status: state.status,
    end: state.end ?? null,
    customer_id: state.customer || null,
    region_path: state.region,
    title: state.title,
    priority: state.priority,
    source_channel: state.source?.channel ?? null,
    source_no: state.source?.no ?? null,
    parent_id: state.parent?.id ?? null,
    parent_key: state.parent?.key ?? null,
    continued_from: state.continuedFrom ?? null,
    started_by: state.startedBy ?? null,
    responsible_id: state.responsible.kind === 'person' ? state.responsible.id : null,
    seq: state.seq,
    hash: state.hash,
    state,
    opened_at: iso(state.openedAt),
    closed_at: state.status === 'closed' ? iso(state.at) : null,
    next_due_at: iso(nextDue(state)),
    updated_at: iso(state.at),
  }
}

/** Events as rows; `moveSeq` is the last of their move. */
export function eventRows(events: readonly OrderEvent[], hashes: readonly string[], prev: string, moveSeq: number): Json[] {
  // A move happens at one instant.
  const at = iso(events[0]?.at)
  return events.map((event, i) => ({
    seq: event.seq,
    move_seq: moveSeq,
    type: event.type,
    data: event.data,
    actor_kind: event.actor.kind,
    actor_id: event.actor.id,
    on_behalf_of: event.actor.for ?? null,
    at: event.at === events[0]!.at ? at : iso(event.at),
    cmd: event.cmd ?? null,
    prev_hash: i === 0 ? prev : hashes[i - 1],
    hash: hashes[i],
  }))
}

/** What the outside hears of: orders that begin, end and stop. */
export function outboxRows(events: readonly OrderEvent[], state: OrderState): Json[] {
  const payload = (more: Record<string, Fact>) => ({
    order: state.id,
    ...(state.no && { no: state.no }),
    process: state.process,
    customer: state.customer,
    ...more,
  })
  return events.flatMap((event): Json[] => {
    if (event.type === 'order-opened') return [{ topic: event.type, seq: event.seq, payload: payload({}) }]
    if (event.type === 'order-closed') return [{ topic: event.type, seq: event.seq, payload: payload({ end: event.data.end }) }]
    if (event.type === 'order-stopped') return [{ topic: event.type, seq: event.seq, payload: payload({ code: event.data.code }) }]
    return []
  })
}
