/** What events do to the clocks of an order. */
import type { ClockSetData, EventType, OrderEvent } from './event.ts'
import { copyOfClock, ownClock, ownTask } from './made.ts'
import type { Clock, OrderState } from './state.ts'

export type Of<T extends EventType> = Extract<OrderEvent, { type: T }>

/** What an event does to `next`, which was the state before it and will be the one after: a copy whose fields may be given other values. */
export type Effects<T extends EventType> = { [K in T]: (next: OrderState, event: Of<K>) => void }

export const ofClocks: Effects<'clock-set' | 'clock-paused' | 'clock-stopped' | 'clock-reopened' | 'limit-extended' | 'rung-fired'> = {
  'clock-set'(next, { data }) {
    next.clocks = { ...next.clocks, [data.clock]: clockOf(data, next.clocks[data.clock]) }
  },
  'clock-paused'(next, { data, at }) {
    const clock = ownClock(next, data.clock)
    if (!clock) return
    clock.used = data.used
    clock.from = at
    clock.paused = whyPaused(next, clock)
  },
  'clock-stopped'(next, { data, at }) {
    unasked(next, data.clock)
    const clock = ownClock(next, data.clock)
    if (clock) clock.stopped = at
  },
  'clock-reopened'(next, { data }) {
    const clock = ownClock(next, data.clock)
    if (clock) clock.stopped = undefined
  },
  'limit-extended'(next, { data }) {
    unasked(next, data.clock)
  },
  'rung-fired'(next, { data }) {
    const clock = ownClock(next, data.clock)
    if (!clock) return
    clock.rungs = clock.rungs.filter(([pct]) => pct !== data.pct)
    clock.fired = [...clock.fired, data.pct]
  },
}

/** It runs, whatever it did before; what has fired stays fired. */
function clockOf({ clock, cal, budget, used, from, due, rungs, ladder, mark, policy, provisional }: ClockSetData, before?: Clock): Clock {
  const task = clock.includes('/') ? clock.slice(0, clock.lastIndexOf('/')) : undefined
  const fired = before?.fired ?? []
  return copyOfClock({ clock, task, cal, budget, used, from, due, rungs, ladder, mark, policy, provisional, fired })
}

/** Nobody waits for more time on this clock: it has got longer, or stands. */
function unasked(next: OrderState, clock: string): void {
  for (const id in next.tasks) {
    if (next.tasks[id]!.extensionAsked?.clock !== clock) continue
    const task = ownTask(next, id)
    if (task) task.extensionAsked = undefined
  }
}

/** As its task is suspended; the order's own clocks as the first of those that are. */
function whyPaused({ tasks }: OrderState, { task }: Clock): NonNullable<Clock['paused']> {
  const [first] = Object.keys(tasks)
    .filter((id) => tasks[id]?.suspended)
    .sort()
  const suspended = tasks[task ?? '']?.suspended ?? tasks[first ?? '']?.suspended
  return { party: suspended?.party ?? 'own', reason: suspended?.reason ?? '' }
}
