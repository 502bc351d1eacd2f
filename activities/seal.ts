/** Events of a move in their places of the chain, as the machine counted them. */
import { type EventBody, inPlace, type OrderEvent } from '../domain/order/event.ts'
import type { Move } from './types.ts'

export const PLANNER = { kind: 'system', id: 'planner' } as const

/** The move's own events. The command's id stands on the first of them. */
export const sealMove = (move: Move): OrderEvent[] =>
  move.events.map((event, i) => inPlace(event, move.base + 1 + i, move.at, event.actor ?? move.actor, i === 0 ? move.cmd : undefined))

/** What was planned, after `base`. */
export const sealPlan = (plan: readonly EventBody[], base: number, at: number): OrderEvent[] =>
  plan.map((event, i) => inPlace(event, base + 1 + i, at, PLANNER))
