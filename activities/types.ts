/** What the workflows ask of the hands. Types only: workflow code may import this and nothing else of the room. */
import type { EventActor, EventBody, OpenedData } from '../domain/order/event.ts'
import type { OutsideFact } from '../domain/order/received.ts'
import type { Fact } from '../domain/order/spec.ts'

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
}

/** What the recorder planned (deadlines, offers), as further events of the same move, and the hash after them. */
export interface Recorded {
  plan: readonly MoveEvent[]
  head: string
}

export interface AutomaticInput {
  order: string
  /** Task id of an automatic step, or `undo` for an effect of a withdrawal. */
  task: string
  process: string
  step: string
  facts: Readonly<Record<string, Fact>>
  at: number
}

export interface AutomaticResult {
  /** None where the step then waits for a fact from outside or the clock. */
  outcome?: string
  form?: Readonly<Record<string, Fact>>
  note?: string
  /** Facts for other orders, sent once this outcome is recorded. */
  tell?: readonly ({ order: string } & OutsideFact)[]
}

/** A run of a schedule; `at` is the instant that the schedule means, epoch ms. */
export interface ScheduledInput {
  schedule: string
  at: number
}

/** How the order of a run begins. */
export interface ScheduledOpening {
  id: string
  actor: EventActor
  opened: OpenedData
}

export interface Activities {
  /** Records a move in one transaction, and plans what it opened. Repeating it changes nothing and answers the same. */
  record(move: Move): Promise<Recorded>
  /** Does an automatic step. May run twice; the second run finds what the first did. */
  automatic(input: AutomaticInput): Promise<AutomaticResult>
  /** Undoes an effect of a withdrawn order. May run twice. */
  undo(input: { order: string; effect: string; args?: Readonly<Record<string, Fact>>; at: number }): Promise<void>
  /** Notes the run of a schedule and answers how its order begins. May run twice. */
  openScheduled(input: ScheduledInput): Promise<ScheduledOpening | undefined>
}
