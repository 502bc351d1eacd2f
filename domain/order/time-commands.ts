/** Commands about time: suspend, resume, extend, and ask for an extension. */
import { PROMISE } from './clocks.ts'
import type { Command } from './command.ts'
import type { Actor, Draft } from './event.ts'
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
  checkMore(state, command)
  notHisOwn(state, command.clock, command.actor)
  const { clock, by, reason } = command
  return [{ type: 'limit-extended', actor: signature(command.actor), data: { clock, by, reason } }]
}

/** The holder asks for more time, on the limit of his task or one of the order's; it is asked once at a time. */
export function askExtension(spec: ProcessSpec, state: OrderState, command: Of<'ask-extension'>): Draft[] {
  const { step, task } = open(spec, state, command.task)
  // A customer answers what he is asked; the limit is ours to keep.
  if (command.actor.kind === 'customer') throw new Refusal('NOT_ASSIGNEE')
  const actor = asHolder(command.actor, step, task)
  if (task.status !== 'accepted') throw new Refusal('NOT_ACCEPTED')
  if (task.suspended) throw new Refusal('SUSPENDED')
  if (task.extensionAsked) throw new Refusal('EXTENSION_ASKED')
  checkMore(state, command)
  const { clock, by, reason } = command
  if (!askable(state, task.id).includes(clock)) throw new Refusal('NO_SUCH_CLOCK', { field: 'clock' })
  return [{ type: 'extension-requested', actor, data: { task: task.id, clock, by, reason } }]
}

/** A supervisor gives what is asked for. */
export function grantExtension(spec: ProcessSpec, state: OrderState, command: Of<'grant-extension'>): Draft[] {
  const { clock, more, reason } = answerable(spec, state, command)
  return [{ type: 'limit-extended', actor: signature(command.actor), data: { clock, by: more, reason, task: command.task } }]
}

/** A supervisor does not give it, and says why. */
export function denyExtension(spec: ProcessSpec, state: OrderState, command: Of<'deny-extension'>): Draft[] {
  const { clock } = answerable(spec, state, command)
  const { task, reason } = command
  if (reason.trim() === '') throw new Refusal('REASON_REQUIRED', { field: 'reason' })
  return [{ type: 'extension-denied', actor: signature(command.actor), data: { task, clock, reason } }]
}

/** Clocks on which the holder of a task may ask for more time: its own, and those of the order that its work has to keep. */
export const askable = (state: OrderState, task: string): string[] =>
  Object.values(state.clocks)
    .filter((clock) => (clock.task ?? task) === task && clock.clock !== PROMISE && clock.stopped === undefined)
    .map(({ clock }) => clock)

/** What is asked for, where the actor may answer it. */
function answerable(spec: ProcessSpec, state: OrderState, { task: id, actor }: { task: string; actor: Actor }) {
  const { task } = open(spec, state, id)
  requireSupervisor(actor)
  if (!task.extensionAsked) throw new Refusal('EXTENSION_NOT_ASKED')
  notHisOwn(state, task.extensionAsked.clock, actor)
  return task.extensionAsked
}

/** A reason, a clock that runs, and time to add to it. */
function checkMore(state: OrderState, { clock: name, by, reason }: { clock: string; by: number; reason: string }): void {
  if (reason.trim() === '') throw new Refusal('REASON_REQUIRED', { field: 'reason' })
  const clock = state.clocks[name]
  // The promise follows from the steps' limits; lengthen those.
  if (!clock || name === PROMISE || !Object.hasOwn(state.clocks, name) || clock.stopped !== undefined)
    throw new Refusal('NO_SUCH_CLOCK', { field: 'clock' })
  if (!Number.isSafeInteger(by) || by <= 0)
    throw new Refusal('BAD_VALUE', { field: 'by', says: { zh: '须为大于 0 的毫秒数', en: 'milliseconds, more than 0' } })
}

/** Four eyes: a longer clock answers every request on it, so whoever asks on this clock, or holds such a task, does not answer. */
function notHisOwn(state: OrderState, clock: string, { id }: Actor): void {
  const own = Object.values(state.tasks).some(
    ({ extensionAsked, person }) => extensionAsked?.clock === clock && [extensionAsked.by, person].includes(id),
  )
  if (own) throw new Refusal('OWN_REQUEST')
}
