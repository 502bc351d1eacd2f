/** An event as process mining names it: the activity, and what of its life the event is. */
import type { OrderEvent } from '../event.ts'

/** Transitions of the standard lifecycle (XES, extension `lifecycle`). */
export type Transition = 'schedule' | 'assign' | 'reassign' | 'start' | 'suspend' | 'resume' | 'complete' | 'withdraw' | 'unknown'

export interface LogEntry {
  /** The step; for what is no step's, the type of the event. */
  activity: string
  transition: Transition
  task?: string
  step?: string
  outcome?: string
}

const transitions: Partial<Record<OrderEvent['type'], Transition>> = {
  'task-opened': 'schedule',
  'task-offered': 'assign',
  'task-dispatched': 'assign',
  'task-queued': 'assign',
  'task-reassigned': 'reassign',
  'task-rerouted': 'reassign',
  'task-accepted': 'start',
  'task-suspended': 'suspend',
  'task-resumed': 'resume',
  'task-completed': 'complete',
  'task-cancelled': 'withdraw',
}

/** Step of a task by its id: `repair-fault.2`, `visit:north.1`. */
export const stepOfTask = (task: string): string => task.slice(0, task.search(/[:.]/))

export function logEntry({ type, data }: Pick<OrderEvent, 'type' | 'data'>): LogEntry {
  const { task, outcome } = data as { task?: string; outcome?: string }
  const transition = transitions[type]
  const of = task === undefined ? {} : { task, step: stepOfTask(task) }
  if (transition === undefined || task === undefined) return { activity: type, transition: 'complete', ...of }
  return { activity: stepOfTask(task), transition, ...of, ...(outcome !== undefined && { outcome }) }
}
