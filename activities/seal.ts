/** Events of a move in their places of the chain, as the machine counted them. */
import type { EventBody, OrderEvent } from '../domain/order/event.ts'
import type { Move } from './types.ts'

export const PLANNER = { kind: 'system', id: 'planner' } as const

/** The move's own events. The command's id stands on the first of them. */
export const sealMove = (move: Move): OrderEvent[] =>
  move.events.map((event, i) => ({
    ...event,
    seq: move.base + 1 + i,
    at: move.at,
    actor: event.actor ?? move.actor,
    ...(i === 0 && move.cmd !== undefined && { cmd: move.cmd }),
  }))

/** What was planned, after `base`. */
export const sealPlan = (plan: readonly EventBody[], base: number, at: number): OrderEvent[] =>
  plan.map((event, i) => ({ ...event, seq: base + 1 + i, at, actor: PLANNER }))
