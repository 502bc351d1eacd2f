/** What the workflows ask of the hands. Types only: workflow code may import this and nothing else of the room. */
import type { EventActor, OpenedData } from '../domain/order/event.ts'
import type { Move, Recorded } from '../domain/order/move.ts'
import type { OutsideFact } from '../domain/order/received.ts'
import type { Fact } from '../domain/order/spec.ts'

export type { Move, MoveEvent, Recorded } from '../domain/order/move.ts'

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

/** What a comparison of record and engine came to. */
export interface Reconciled {
  /** Orders and workflows compared. */
  looked: number
  repaired: number
  /** What is still to be done, by kind of finding. */
  open: Readonly<Record<string, number>>
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
  /** Compares record and engine, repairs what is safe, and keeps what was found. May run twice. */
  reconcile(input: { at: number }): Promise<Reconciled>
}
