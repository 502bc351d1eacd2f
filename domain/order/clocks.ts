/** When something is due, and what follows when it is. */
import type { Draft, EventActor } from './event.ts'
import type { ProcessSpec } from './spec.ts'
import type { Clock, OrderState } from './state.ts'

const CLOCK: EventActor = { kind: 'clock', id: 'clock' }

/** The order clock that every order has: when the customer may expect it to be done (domain/order/promise.ts). */
export const PROMISE = 'promise'

const runs = (clock: Clock): boolean => clock.paused === undefined && clock.stopped === undefined

/** The nearest instant (epoch ms) at which the order has to be looked at, or nothing. */
export function nextDue(state: OrderState): number | undefined {
  if (state.status !== 'open') return undefined
  let nearest: number | undefined
  const consider = (at: number | undefined) => {
    if (at !== undefined && (nearest === undefined || at < nearest)) nearest = at
  }
  // Whatever waits for time asks this after every step: no lists on the way.
  const { clocks, tasks } = state
  for (const name in clocks) if (runs(clocks[name]!)) consider(clocks[name]!.rungs[0]?.[1])
  for (const id in tasks) consider(tasks[id]!.suspended?.until)
  return nearest
}

/**
 * What the passing of time has made true by `now`: suspensions that end, rungs that fire (each once, in the order of their
 * instants, however late), and the effect of an expiry. Overruns never end an order.
 */
export function tick(spec: ProcessSpec, state: OrderState, now: number): Draft[] {
  if (state.status !== 'open') return []
  const resumed = Object.values(state.tasks)
    .filter((task) => task.suspended?.until !== undefined && task.suspended.until <= now)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((task): Draft => ({ type: 'task-resumed', actor: CLOCK, data: { task: task.id } }))
  const due = Object.values(state.clocks)
    .filter(runs)
    .flatMap((clock) => clock.rungs.filter(([, at]) => at <= now).map(([pct, at]) => ({ clock, pct, at })))
    .sort((a, b) => a.at - b.at || a.pct - b.pct || (a.clock.clock < b.clock.clock ? -1 : 1))
  const fired = due.map(
    ({ clock, pct, at }): Draft => ({ type: 'rung-fired', actor: CLOCK, data: { clock: clock.clock, pct, due: at, late: now - at } }),
  )
  return [...resumed, ...fired, ...due.flatMap(({ clock, pct }) => expiry(spec, state, clock, pct))]
}

function expiry(spec: ProcessSpec, state: OrderState, clock: Clock, pct: number): Draft[] {
  const task = clock.task ? state.tasks[clock.task] : undefined
  // An offer that was to be accepted in time returns; one that the machine made for good stays, overdue.
  if (task && pct === 100 && clock.clock === `${task.id}/accept` && task.mode === 'offer' && task.status === 'offered')
    return [{ type: 'offer-expired', actor: CLOCK, data: { task: task.id, ...(task.person && { person: task.person }) } }]
  const effect = task && pct === 100 && clock.clock === `${task.id}/complete` ? spec.steps[task.step]?.expiry : undefined
  if (!task || !effect || effect.effect === 'mark') return []
  if (effect.effect === 'reroute') return [{ type: 'task-rerouted', actor: CLOCK, data: { task: task.id, to: effect.to } }]
  return [
    { type: 'task-completed', actor: CLOCK, data: { task: task.id, outcome: effect.outcome } },
    ...clockMarks(spec, state, `${task.step}=${effect.outcome}`, CLOCK),
  ]
}

/** Order clocks that a mark stops, or lets run on with the instants they had. */
export function clockMarks(spec: ProcessSpec, state: OrderState, mark: string, actor: EventActor): Draft[] {
  return Object.entries(spec.clocks ?? {}).flatMap(([name, clock]): Draft[] => {
    const running = state.clocks[name]
    if (!running) return []
    if (running.stopped === undefined && clock.stoppedBy.includes(mark)) return [{ type: 'clock-stopped', actor, data: { clock: name } }]
    if (running.stopped !== undefined && clock.reopenedBy?.includes(mark)) return [{ type: 'clock-reopened', actor, data: { clock: name } }]
    return []
  })
}
