import { useSyncExternalStore } from 'react'

const STEP_MS = 1_000
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** One ticking for all that shows how long something takes. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const one of listeners) one()
  }, STEP_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The present instant in epoch ms, in whole steps, so that what does not change in between is not drawn anew. */
export const useNow = (everyMs = STEP_MS): number => useSyncExternalStore(subscribe, () => Math.floor(now / everyMs) * everyMs)
