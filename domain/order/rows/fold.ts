/** A move folded: what its rows are made of. */
import type { OrderEvent } from '../event.ts'
import { evolve } from '../evolve.ts'
import type { OrderState } from '../state.ts'

/** A state and the events that led to it; `states[i]` is the state before event i. */
export interface Folded {
  state: OrderState
  events: OrderEvent[]
  states: OrderState[]
}

/** Folds events, keeping every state on the way. `hashes`: of the events, where they are known already (a verified chain). */
export function fold(from: OrderState, events: readonly OrderEvent[], hashes?: readonly string[]): Folded {
  const states: OrderState[] = []
  let state = from
  events.forEach((event, i) => {
    states.push(state)
    state = evolve(state, event, hashes?.[i])
  })
  return { state, events: [...events], states }
}
