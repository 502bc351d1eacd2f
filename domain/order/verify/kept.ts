/** An order as the record keeps it: the rows of its tables, each with its columns as they are named there, instants as texts. */
import type { OrderEvent } from '../event.ts'

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
export const eventOf = (row: KeptEvent): OrderEvent =>
  ({
    type: row.type,
    data: row.data,
    seq: row.seq,
    at: Date.parse(row.at),
    actor: { kind: row.actor_kind, id: row.actor_id, ...(row.on_behalf_of !== null && { for: row.on_behalf_of }) },
    ...(row.cmd !== null && { cmd: row.cmd }),
  }) as OrderEvent
