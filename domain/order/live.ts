/** What a move tells whoever watches live: that it happened, and where to look. Small: a database's notification holds 8 000 bytes. */
import type { OrderState } from './state.ts'

/** Channel of the database on which moves are told. */
export const LIVE_CHANNEL = 'paidan_live'

export interface LiveMove {
  order: string
  /** Version from which the move began, and the one that it led to. */
  base: number
  seq: number
  /** Rungs of a ladder fired. */
  rungs?: true
  /** Somebody of ours was told something. */
  told?: true
  /** People and units who had a task or a signature before, and no longer have: the order may be out of their sight now. */
  left?: readonly string[]
}

/** Longest list of those who left, in characters; who is beyond it learns of it when he looks. */
const MOST_LEFT = 4_000

/** People and units whom the order waits for. */
function asked({ tasks }: OrderState): Set<string> {
  const parties = Object.values(tasks).flatMap((task) => [
    task,
    ...Object.values(task.parties ?? {}).filter(({ answer }) => answer === undefined),
  ])
  return new Set(parties.flatMap(({ person, unit }) => [person, unit]).filter((id) => id !== undefined))
}

/** The move as it is told. `after`: with everything that was planned. */
export function liveMove(before: OrderState, after: OrderState, more: { rungs: boolean; told: boolean }): LiveMove {
  const still = asked(after)
  let room = MOST_LEFT
  const left = [...asked(before)].filter((id) => !still.has(id) && (room -= id.length + 3) > 0)
  return {
    order: after.id,
    base: before.seq,
    seq: after.seq,
    ...(more.rungs && { rungs: true }),
    ...(more.told && { told: true }),
    ...(left.length > 0 && { left }),
  }
}
