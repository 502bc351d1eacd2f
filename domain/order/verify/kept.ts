/** An order as the record keeps it: the rows of its tables, each with its columns as they are named there, instants as texts. */
import { type EventActor, type EventBody, inPlace, type OrderEvent } from '../event.ts'

export type Row = Readonly<Record<string, unknown>>

export interface KeptEvent {
  seq: number
  /** Number of the last event of its move. */
  move_seq: number
  type: string
  data: Readonly<Record<string, unknown>>
  actor_kind: string
  actor_id: string
  on_behalf_of: string | null
  at: string
  cmd: string | null
  prev_hash: string
  hash: string
}

export interface KeptOrder {
  id: string
  /** Row of the order itself, with its state. */
  order: Row
  /** In the order of their numbers. */
  events: readonly KeptEvent[]
  tasks: readonly Row[]
  signatures: readonly Row[]
  clocks: readonly Row[]
  rungs: readonly Row[]
}

/** The event as the chain covers it. */
export function eventOf(row: KeptEvent): OrderEvent {
  const actor = { kind: row.actor_kind, id: row.actor_id, for: row.on_behalf_of ?? undefined } as EventActor
  return inPlace(row as unknown as EventBody, row.seq, Date.parse(row.at), actor, row.cmd ?? undefined)
}
