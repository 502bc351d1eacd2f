/** What recovery asks of the engine; worker/engine has it on a Temporal client. */
import type { ChildEnd } from '../../domain/order/event.ts'
import type { Move, Recorded } from '../../domain/order/move.ts'
import type { OutsideFact } from '../../domain/order/received.ts'
import type { Opening } from '../../domain/order/relatives.ts'
import type { OrderState } from '../../domain/order/state.ts'

/** An order's workflow as it goes on from the record. */
export interface Revival {
  id: string
  snapshot: OrderState
  /** Children that the record has: they need not be opened. */
  started: readonly string[]
}

/**
 * What became of a revival. `ran`: the workflow was there. `ahead`: the engine has had moves that the record does not have; the order is
 * left alone until they are recorded.
 */
export type Revived = 'revived' | 'ran' | 'ahead'

/** A move in an engine's history; `recorded` where the recorder has answered. */
export interface PastMove extends Move {
  recorded?: Recorded
}

/** A workflow of an order as the engine lists it. */
export interface Running {
  order: string
  /** Type of the workflow. */
  type: string
  /** Epoch ms; of the run. */
  startedAt: number
}

/** Calls of whoever brings orders back. All may be repeated. Each throws what its engine throws when it does not answer. */
export interface Revivals {
  /** Starts the workflow of an order again from its state in the record. */
  revive(revival: Revival): Promise<Revived>
  /** Ends the workflow of an order, where there is one, once no move of it is being recorded. The record alone goes on. */
  retire(order: string): Promise<void>
  /** Starts an order that another was to open, or finds it running. */
  begin(opening: Opening): Promise<void>
  /** Tells an order how one of its children has ended, which it may know. False: it does not run. */
  childEnded(order: string, end: ChildEnd & { child: string }): Promise<boolean>
  /** Tells a child that its parent wants it no longer. False: it does not run. */
  parentWithdrew(order: string, told: { parent: string; reason: string }): Promise<boolean>
  /** Tells an order a fact from outside, which it may know. False: it does not run. */
  received(order: string, fact: OutsideFact): Promise<boolean>
}

/** Looking into the engine. */
export interface Histories {
  /** Workflows of our task queue that run. Of a few seconds ago: a finding is confirmed before anything is done. */
  running(): AsyncIterable<Running>
  /** Those that have ended since the instant, epoch ms. */
  ended(since: number): AsyncIterable<Running>
  /** Whether the workflow of an order runs now; undefined where the engine has none. */
  isRunning(order: string): Promise<boolean | undefined>
  /** How often its workflow's latest task has failed in a row, where it runs. */
  failing(order: string): Promise<{ attempt: number; message?: string } | undefined>
  /** Moves of an order after event `seq`, in order, as far back as the engine's histories reach. */
  movesSince(order: string, seq: number): Promise<PastMove[]>
}
