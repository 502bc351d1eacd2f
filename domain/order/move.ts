/** One move, as the engine hands it to the recorder and as it stands in the engine's history. */
import type { EventActor, EventBody } from './event.ts'

/** An event without what the whole move shares. `actor` only where it differs from the move's. */
export type MoveEvent = EventBody & { actor?: EventActor }

/** One move: everything that a command, an instant or a child's end made true. */
export interface Move {
  order: string
  /** Version and hash before the move. */
  base: number
  prev: string
  /** Epoch ms of the engine; the planner computes with it too. */
  at: number
  actor: EventActor
  /** Command id and the hash of its request, where a command made the move. */
  cmd?: string
  req?: string
  events: readonly MoveEvent[]
  /** Hash after these events. */
  head: string
  /** traceparent of whoever asked for it, where traces are collected. */
  trace?: string
}

/** What the recorder planned (deadlines, offers), as further events of the same move, and the hash after them. */
export interface Recorded {
  plan: readonly MoveEvent[]
  head: string
}
