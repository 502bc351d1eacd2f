/** Commands about time: suspend, resume, extend. */
import { PROMISE } from './clocks.ts'
import type { Command } from './command.ts'
import type { Draft } from './event.ts'
import { asHolder, isSupervisor, requireSupervisor, rolesOf, signature, standing } from './permission.ts'
import { Refusal } from './refusal.ts'
import type { ProcessSpec } from './spec.ts'
import type { OrderState } from './state.ts'

type Of<T extends Command['type']> = Extract<Command, { type: T }>

const open = (spec: ProcessSpec, state: OrderState, id: string) => {
  const task = state.tasks[id]
  if (!task || !Object.hasOwn(state.tasks, id)) throw new Refusal('NO_SUCH_TASK', { field: 'task' })
  return { task, step: spec.steps[task.step]! }
}

/** The holder suspends, or asks to where the step wants approval; a supervisor's word suspends at once and answers a request. */
export function suspend(spec: ProcessSpec, state: OrderState, command: Of<'suspend'>, now: number): Draft[] {
  const { step, task } = open(spec, state, command.task)
  if (command.reason.trim() === '') throw new Refusal('REASON_REQUIRED', { field: 'reason' })
  if (step.suspend === false) throw new Refusal('SUSPEND_NOT_ALLOWED')
  if (task.suspended) throw new Refusal('SUSPENDED')
  if (command.until !== undefined && command.until <= now) throw new Refusal('DATE_IN_PAST', { field: 'until' })
  const { reason, party, until } = command
  const data = { task: task.id, reason, party, ...(until !== undefined && { until }) }
  // A supervisor grants; what he holds himself, another supervisor grants.
  const own = [task.person, task.suspendAsked?.by].includes(command.actor.id)
  if (isSupervisor(command.actor) && !(own && step.suspend === 'approval'))
    return [{ type: 'task-suspended', actor: signature(command.actor), data }]
  const actor = asHolder(command.actor, step, task)
  if (task.status !== 'accepted') throw new Refusal('NOT_ACCEPTED')
  return [{ type: step.suspend === 'approval' ? 'suspend-requested' : 'task-suspended', actor, data }]
}

/** Ends a suspension; from a supervisor, with a request still unanswered, it denies the request. */
export function resume(spec: ProcessSpec, state: OrderState, command: Of<'resume'>): Draft[] {
  const { step, task } = open(spec, state, command.task)
  if (task.suspended) {
    const stands = standing(command.actor, task, rolesOf(step, task))
    if (!stands) requireSupervisor(command.actor)
    return [
      { type: 'task-resumed', actor: signature(command.actor, stands && stands !== 'own' ? stands : undefined), data: { task: task.id } },
    ]
  }
  if (!task.suspendAsked) throw new Refusal('NOT_SUSPENDED')
  requireSupervisor(command.actor)
  return [
    { type: 'suspend-denied', actor: signature(command.actor), data: { task: task.id, ...(command.reason && { reason: command.reason }) } },
  ]
}

/** Lengthens a running clock by working milliseconds of its calendar. The approver is who says so. */
export function extend(_spec: ProcessSpec, state: OrderState, command: Of<'extend'>): Draft[] {
  requireSupervisor(command.actor)
  if (command.reason.trim() === '') throw new Refusal('REASON_REQUIRED', { field: 'reason' })
  const clock = state.clocks[command.clock]
  // The promise follows from the steps' limits; lengthen those.
  if (!clock || command.clock === PROMISE || !Object.hasOwn(state.clocks, command.clock) || clock.stopped !== undefined)
    throw new Refusal('NO_SUCH_CLOCK', { field: 'clock' })
  if (!Number.isSafeInteger(command.by) || command.by <= 0)
    throw new Refusal('BAD_VALUE', { field: 'by', says: { zh: '须为大于 0 的毫秒数', en: 'milliseconds, more than 0' } })
  const { by, reason } = command
  return [{ type: 'limit-extended', actor: signature(command.actor), data: { clock: command.clock, by, reason } }]
}
