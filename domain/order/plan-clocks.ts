/** The clocks that a move starts, pauses, resumes and resets. */
import { PROMISE } from './clocks.ts'
import type { ClockSetData, EventBody, OrderEvent } from './event.ts'
import { latestMark, matchesMark } from './journal.ts'
import type { PlanInput } from './plan.ts'
import { extendClock, resumeClock, startClock, usedBy } from './budget.ts'
import { bestPolicy, type PolicyRow, type Subject } from './policy.ts'
import type { LimitSpec } from './spec.ts'
import type { Clock } from './state.ts'

export type OfferKind = 'offered' | 'held' | 'queued'

const set = (data: ClockSetData): EventBody => ({ type: 'clock-set', data })

/** The clocks of one move: first what its events say, then what its offers add. */
export function planClocks(
  input: PlanInput,
  subject: Subject,
): { ofEvents(): EventBody[]; ofOffer(task: string, kind: OfferKind): EventBody[] } {
  const { spec, before, state, events, now, facts } = input
  const { limits } = facts
  const started = new Map<string, ClockSetData>()

  const start = (
    kind: PolicyRow['kind'],
    clock: string,
    of: { step?: string; clock?: string },
    limit?: LimitSpec,
  ): ClockSetData | undefined => {
    const policy = bestPolicy(limits, { kind, process: spec.id, ...of }, subject, state.openedAt)
    if (!policy) return undefined
    const from = (limit?.from && latestMark(state.journal, limit.from)) ?? now
    const fact = (name: string | undefined) => (name === undefined ? undefined : state.facts[name])
    const dates = { dueFact: fact(limit?.dueFact), notAfter: fact(limit?.notAfter) }
    return startClock(limits, policy, clock, { from, now, openedAt: state.openedAt, ...dates })
  }
  const begin = (data: ClockSetData | undefined): EventBody[] => {
    if (data) started.set(data.clock, data)
    return data ? [set(data)] : []
  }

  const ofEvent = (event: OrderEvent): EventBody[] => {
    switch (event.type) {
      case 'task-opened': {
        const { task, step } = event.data
        return state.tasks[task] ? begin(start('complete', `${task}/complete`, { step }, spec.steps[step]?.limit)) : []
      }
      case 'task-completed':
        return [...leftSuspended(event.data.task), ...orderClocks(event.data.task, event.data.outcome)]
      case 'task-cancelled':
        return leftSuspended(event.data.task)
      case 'task-suspended':
        return state.tasks[event.data.task]?.suspended ? pause(event.data.task) : []
      case 'task-resumed':
        return state.tasks[event.data.task] ? resume(event.data.task) : []
      case 'limit-extended':
        return extend(event.data)
      default:
        return []
    }
  }

  /** An order clock starts once; what would start it again finds it running or stopped. */
  const orderClocks = (task: string, outcome: string): EventBody[] => {
    const step = before.tasks[task]?.step ?? stepOf(events, task)
    return Object.entries(spec.clocks ?? {}).flatMap(([name, { startedBy, limit }]) => {
      const begins = step !== undefined && startedBy.some((mark) => matchesMark({ step, outcome }, mark))
      return begins && !state.clocks[name] && !started.has(name) ? begin(start('order', name, { clock: name }, limit)) : []
    })
  }

  const pause = (task: string): EventBody[] =>
    clocksOf(task)
      .filter((clock) => !clock.paused && clock.stopped === undefined)
      .map((clock) => ({ type: 'clock-paused', data: { clock: clock.clock, used: usedBy(limits, clock, now) } }))

  const resume = (task: string): EventBody[] =>
    clocksOf(task)
      .filter((clock) => clock.paused && clock.stopped === undefined && !heldUp(clock))
      .map((clock) => set(resumeClock(limits, clock, now)))

  /** A task that ended while suspended takes its suspension along: the order's clocks run again. */
  const leftSuspended = (task: string): EventBody[] => (before.tasks[task]?.suspended ? resume(task) : [])

  /** The task's own clocks, and the order's that are suspended with its step. */
  const clocksOf = (task: string): Clock[] => {
    const step = (state.tasks[task] ?? before.tasks[task])?.step
    return Object.values(state.clocks).filter(
      (clock) =>
        clock.task === task || (clock.task === undefined && step !== undefined && spec.clocks?.[clock.clock]?.pausedWith?.includes(step)),
    )
  }

  /** Another task still holds the order's clock up. */
  const heldUp = (clock: Clock): boolean =>
    clock.task === undefined &&
    Object.values(state.tasks).some((task) => task.suspended && spec.clocks?.[clock.clock]?.pausedWith?.includes(task.step))

  const extend = ({ clock: name, by }: { clock: string; by: number }): EventBody[] => {
    const clock = state.clocks[name]
    // The promise follows from the limits; nobody sets it.
    if (!clock || name === PROMISE) return []
    const longer = set(extendClock(limits, clock, by))
    // Setting a clock lets it run; one that was paused has to stay so.
    return clock.paused ? [longer, { type: 'clock-paused', data: { clock: name, used: clock.used } }] : [longer]
  }

  const ofOffer = (id: string, kind: OfferKind): EventBody[] => {
    const task = state.tasks[id]
    const step = task && spec.steps[task.step]
    if (!task || !step || task.parties || task.suspended || kind === 'held') return []
    if (kind === 'queued') return begin(start('dispatch', `${id}/dispatch`, { step: task.step }))
    // A decision is accepted by taking it; where taking it is the step itself, the step's own limit watches over it.
    if (step.implicitAccept || step.acceptIs) return []
    const accept = start('accept', `${id}/accept`, { step: task.step })
    const complete = started.get(`${id}/complete`) ?? state.clocks[`${id}/complete`]
    return accept && complete && accept.budget >= complete.budget ? [] : begin(accept)
  }

  return { ofEvents: () => events.flatMap(ofEvent), ofOffer }
}

/** Step of a task that was opened and closed within one move. */
const stepOf = (events: readonly OrderEvent[], task: string): string | undefined => {
  const opened = events.find((event) => event.type === 'task-opened' && event.data.task === task)
  return opened?.type === 'task-opened' ? opened.data.step : undefined
}
