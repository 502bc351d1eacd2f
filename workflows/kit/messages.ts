/** Names and shapes of what a running order is asked and told. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { Command } from '../../domain/order/command.ts'
import type { Actor, ChildEnd, OpenedData } from '../../domain/order/event.ts'
import type { OutsideFact } from '../../domain/order/received.ts'
import type { OrderState } from '../../domain/order/state.ts'

export interface Answer {
  order: string
  /** Version of the order once the move is recorded. */
  seq: number
}

/** How an order's workflow begins: from its opening, or from a snapshot (the next run of the same order, or a rehydration). */
export type StartArgs =
  | { id: string; opened: OpenedData; actor: Actor; cmd?: string; req?: string; trace?: string; tuning?: Tuning }
  | { id: string; snapshot: OrderState; started: readonly string[]; tuning?: Tuning }

export interface Tuning {
  /** Continue as new after so many moves, where the server does not suggest it earlier. */
  movesPerRun?: number
}

/**
 * The one update. The second argument is the hash of the request as it came in, kept with the command; the third the traceparent of
 * whoever asks, where traces are collected.
 */
export const act = defineUpdate<Answer, [Command, string?, string?]>('act')

/** Answers once the opening of the order is recorded. */
export const opened = defineUpdate<Answer, []>('opened')

/** Facts that can't be refused. */
export const childEnded = defineSignal<[ChildEnd & { child: string }]>('child-ended')
/** A payment, a transferred customer …: counted once by its id. */
export const received = defineSignal<[OutsideFact]>('received')
export const parentWithdrew = defineSignal<[{ parent: string; reason: string }]>('parent-withdrew')

/** One live order, for operators. Lists and pages never ask the engine. */
export const order = defineQuery<OrderState>('order')
