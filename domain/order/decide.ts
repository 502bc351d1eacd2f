/**
 * May this be done, and what follows? Pure: it reads the state alone, so that the door, the engine, the console and the
 * auditor give the same answer. What follows is only what the command itself makes true; the body and the recorder add theirs.
 */
import type { Title } from '../title.ts'
import { amend } from './amend.ts'
import type { Command, CommandType } from './command.ts'
import { clockMarks } from './clocks.ts'
import type { Actor, Draft, EventActor } from './event.ts'
import { checkForm } from './form.ts'
import { asHolder, checkDuties, oneOfRoles, requireDispatcher, requireSupervisor, rolesOf, signature, standing } from './permission.ts'
import { faultTitles, Refusal } from './refusal.ts'
import { checkRequirements } from './requirements.ts'
import { addSigner, removeSigner, sign } from './signatures.ts'
import type { ProcessSpec, StepSpec } from './spec.ts'
import type { OrderState, Task } from './state.ts'
import { askExtension, denyExtension, extend, grantExtension, resume, suspend } from './time-commands.ts'
import { wants } from './wants.ts'

const JOINT: Title = { zh: '会签环节须签署', en: 'a joint step is signed' }

type Of<T extends CommandType> = Extract<Command, { type: T }>
type Decider<T extends CommandType> = (spec: ProcessSpec, state: OrderState, command: Of<T>, now: number) => Draft[]

/** @throws Refusal with a code of the closed list; then nothing has happened. */
export function decide(spec: ProcessSpec, state: OrderState, command: Command, now: number): Draft[] {
  if (state.status === 'closed') throw new Refusal('ORDER_CLOSED')
  if (state.status === 'stopped') throw new Refusal('ORDER_STOPPED')
  if (command.expect !== undefined && command.expect !== state.seq)
    throw new Refusal('STALE_VERSION', { says: { zh: `工单当前版本为 ${state.seq}`, en: `the order is at version ${state.seq}` } })
  if (state.status === 'withdrawing' && command.type !== 'comment') throw new Refusal('ORDER_WITHDRAWING')
  const decider = deciders[command.type] as Decider<CommandType>
  return decider(spec, state, command, now)
}

const deciders: { [T in CommandType]: Decider<T> } = {
  dispatch(spec, state, command) {
    requireDispatcher(command.actor)
    const { step, task } = find(spec, state, command.task)
    if (task.status === 'automatic' && (task.failed || step.waits)) return [dispatched(command)]
    if (task.status === 'automatic' || task.status === 'child') throw new Refusal('OUTCOME_NOT_CHOSEN')
    if (task.parties)
      throw new Refusal('OUTCOME_NOT_CHOSEN', {
        says: { zh: '会签环节请增减会签人', en: 'a joint step asks its parties; add or remove signers' },
      })
    if (task.status === 'accepted') throw new Refusal('ALREADY_ACCEPTED')
    // Two refusals take the step to the supervisor (catalogue 0.3 REF); then a dispatcher's word is not enough.
    if (task.queue === 'supervisor') requireSupervisor(command.actor)
    return [dispatched(command)]
  },

  accept(spec, state, command, now) {
    const { step, task } = find(spec, state, command.task)
    if (task.parties) throw new Refusal('OUTCOME_NOT_CHOSEN', { says: JOINT })
    if (task.status === 'accepted') throw new Refusal('ALREADY_ACCEPTED')
    const actor = asHolder(command.actor, step, task)
    checkDuties(spec, state, step, actor)
    const accepted: Draft = { type: 'task-accepted', actor, data: { task: task.id } }
    return step.acceptIs
      ? [accepted, ...completion(spec, state, task, { type: 'task-completed', actor, data: { task: task.id, outcome: step.acceptIs } })]
      : [accepted]
  },

  refuse(spec, state, command, now) {
    requireReason(command.reason)
    const { step, task } = find(spec, state, command.task)
    if (task.parties) throw new Refusal('OUTCOME_NOT_CHOSEN', { says: JOINT })
    if (task.status === 'accepted') throw new Refusal('ALREADY_ACCEPTED', { says: { zh: '请改用退回', en: 'return it instead' } })
    const actor = asHolder(command.actor, step, task)
    const times = (state.refusals[task.step] ?? 0) + 1
    const refused: Draft = { type: 'task-refused', actor, data: { task: task.id, reason: command.reason, times } }
    if (!step.refuseIs) return [refused]
    return [
      refused,
      ...completion(spec, state, task, {
        type: 'task-completed',
        actor,
        data: { task: task.id, outcome: step.refuseIs, note: command.reason },
      }),
    ]
  },

  complete(spec, state, command, now) {
    const { step, task } = find(spec, state, command.task)
    if (task.parties)
      throw new Refusal('OUTCOME_NOT_CHOSEN', { says: { zh: '结果由会签意见得出', en: 'the outcome follows from the signatures' } })
    const outcome = step.outcomes[command.outcome]
    if (!Object.hasOwn(step.outcomes, command.outcome) || !outcome)
      throw new Refusal('UNKNOWN_OUTCOME', { field: 'outcome', says: wants.chooseOneOf(Object.keys(step.outcomes)) })
    if (task.suspended) throw new Refusal('SUSPENDED')
    const actor = asHolder(command.actor, step, task)
    const customer = command.actor.kind === 'customer'
    if (customer && !step.customer?.outcomes.includes(command.outcome)) throw new Refusal('UNKNOWN_OUTCOME', { field: 'outcome' })
    const takes = customer || step.implicitAccept || step.acceptIs
    if (task.status !== 'accepted' && !takes) throw new Refusal('NOT_ACCEPTED')
    if (command.outcome === step.refuseIs)
      throw new Refusal('OUTCOME_NOT_CHOSEN', { says: { zh: '请改用拒单并填写原因', en: 'refuse the task, with a reason' } })
    checkDuties(spec, state, step, actor)
    checkForm(outcome.form ?? {}, command.form ?? {})
    checkRequirements(outcome, { ...state.facts, ...command.form }, now)
    const rule = checkAuthority(step, state, command)
    const accepted: Draft[] = task.status === 'accepted' || customer ? [] : [{ type: 'task-accepted', actor, data: { task: task.id } }]
    const { form, note } = command
    const data = {
      task: task.id,
      outcome: command.outcome,
      ...(form && Object.keys(form).length > 0 && { form }),
      ...(note && { note }),
      ...(rule && { rule }),
    }
    return [...accepted, ...completion(spec, state, task, { type: 'task-completed', actor, data })]
  },

  return(spec, state, command) {
    requireReason(command.reason)
    const { step, task } = find(spec, state, command.task)
    const actor = asHolder(command.actor, step, task)
    if (task.status !== 'accepted') throw new Refusal('NOT_ACCEPTED')
    if (task.suspended) throw new Refusal('SUSPENDED')
    return [{ type: 'task-returned', actor, data: { task: task.id, reason: command.reason } }]
  },

  reassign(spec, state, command) {
    requireReason(command.reason)
    requireTarget(command)
    const { step, task } = find(spec, state, command.task)
    if (task.status === 'automatic' || task.status === 'child' || task.parties) throw new Refusal('OUTCOME_NOT_CHOSEN')
    if (task.status === 'undispatched') throw new Refusal('NOT_OFFERED')
    const stands = standing(command.actor, task, rolesOf(step, task))
    if (!stands) requireDispatcher(command.actor)
    const { type: _type, id: _id, actor, expect: _expect, ...data } = command
    return [{ type: 'task-reassigned', actor: signature(actor, stands && stands !== 'own' ? stands : undefined), data }]
  },

  suspend,
  resume,
  extend,
  'ask-extension': askExtension,
  'grant-extension': grantExtension,
  'deny-extension': denyExtension,
  sign: (spec, state, command, now) =>
    sign(spec, state, find(spec, state, command.task), command, (task, done) => completion(spec, state, task, done)),
  'add-signer': (spec, state, command) => addSigner(find(spec, state, command.task), command),
  'remove-signer': (spec, state, command, now) =>
    removeSigner(find(spec, state, command.task), command, (task, done) => completion(spec, state, task, done)),

  urge(spec, state, command) {
    if (command.task !== undefined) find(spec, state, command.task)
    const { task, note } = command
    return [{ type: 'order-urged', actor: signature(command.actor), data: { ...(task && { task }), ...(note && { note }) } }]
  },

  comment(spec, state, command) {
    if (command.text.trim() === '') throw new Refusal('FORM_INVALID', { field: 'text', fault: 'REQUIRED', says: faultTitles.REQUIRED })
    if (command.task !== undefined) find(spec, state, command.task)
    const { text, task, told, mentions } = command
    const actor = signature(command.actor)
    const named = mentions?.length ? { mentions: [...new Set(mentions)] } : {}
    const comment: Draft = { type: 'comment-added', actor, data: { text, ...(task && { task }), ...(told && { told }), ...named } }
    return told === 'customer' ? [comment, ...clockMarks(spec, state, 'customer-told', actor)] : [comment]
  },

  'set-priority'(_spec, _state, command) {
    requireDispatcher(command.actor)
    if (!Number.isInteger(command.priority) || command.priority < 1 || command.priority > 4)
      throw new Refusal('BAD_VALUE', { field: 'priority', says: { zh: '1（最高）至 4', en: '1 (highest) to 4' } })
    const { priority, reason } = command
    return [{ type: 'priority-set', actor: signature(command.actor), data: { priority, ...(reason && { reason }) } }]
  },

  withdraw(spec, state, command) {
    requireReason(command.reason)
    // Catalogue 0.3 CAN: a supervisor, up to the first irreversible step. A parent order may withdraw its child.
    if (command.actor.kind !== 'order') requireSupervisor(command.actor)
    if (state.irreversible) throw new Refusal('IRREVERSIBLE')
    checkAgreement(spec, state, command.actor)
    const actor = signature(command.actor)
    const cancelled = cancelAll(state, actor)
    return [{ type: 'order-withdrawn', actor, data: { reason: command.reason } }, ...cancelled]
  },

  raise(spec, state, command, now) {
    requireReason(command.reason)
    requireSupervisor(command.actor)
    const overdue = Object.values(state.tasks).some(
      (task) => task.step === spec.raise?.step && (state.clocks[`${task.id}/complete`]?.due ?? Number.POSITIVE_INFINITY) <= now,
    )
    if (!spec.raise || !overdue) throw new Refusal('NOT_RAISABLE')
    const actor = signature(command.actor)
    const closed: Draft = { type: 'order-closed', actor, data: { end: spec.raise.end, next: continuation(state) } }
    return [{ type: 'order-raised', actor, data: { to: spec.raise.to, reason: command.reason } }, ...cancelAll(state, actor), closed]
  },

  amend,
}

/** An outcome, what it makes final, and what it does to the order's own clocks. */
export function completion(spec: ProcessSpec, state: OrderState, task: Task, done: Extract<Draft, { type: 'task-completed' }>): Draft[] {
  const { irreversible, release, settles } = spec.steps[task.step]?.outcomes[done.data.outcome] ?? {}
  const data = {
    ...done.data,
    ...(irreversible && { irreversible: true as const }),
    ...(release && { release }),
    ...(settles && { settles }),
  }
  return [{ ...done, data }, ...clockMarks(spec, state, `${task.step}=${done.data.outcome}`, done.actor)]
}

/** Closing of whatever is open, in an order that does not depend on how the state was stored. */
export const cancelAll = (state: OrderState, actor: EventActor): Draft[] =>
  Object.keys(state.tasks)
    .sort()
    .map((task): Draft => ({ type: 'task-cancelled', actor, data: { task } }))

/** Id of the order that continues this one as another process. */
export const continuation = (state: OrderState): string => `${state.id}.c`

/** The open task and its step. @throws Refusal TASK_CLOSED or NO_SUCH_TASK */
export function find(spec: ProcessSpec, state: OrderState, id: string): { step: StepSpec; task: Task } {
  const task = state.tasks[id]
  if (task && Object.hasOwn(state.tasks, id)) return { task, step: spec.steps[task.step]! }
  const [, base, n] = /^([^:]+).*\.(\d+)$/.exec(id) ?? []
  const done = state.journal.some((entry) => 'step' in entry && entry.step === base && entry.n === Number(n))
  const byStep = state.journal.some((entry) => 'step' in entry && id === `${entry.step}.${entry.n}`)
  throw new Refusal(done || byStep ? 'TASK_CLOSED' : 'NO_SUCH_TASK', { field: 'task' })
}

/** The authority table decides whether this level's approval is enough (P-04 rule 2). Answers the rule that applied. */
function checkAuthority(step: StepSpec, state: OrderState, { outcome, actor }: Of<'complete'>): string | undefined {
  const { authority } = step
  if (!authority || (outcome !== authority.within && outcome !== authority.over)) return undefined
  const limits = actor.authority
  if (!limits) throw new Refusal('AUTHORITY_UNKNOWN')
  const over =
    Number(state.facts.amount ?? 0) > limits.maxAmount ||
    Number(state.facts.termMonths ?? 0) > limits.maxTermMonths ||
    Number(state.facts.discountPct ?? 0) > limits.maxDiscountPct
  if (over && outcome === authority.within)
    throw new Refusal('OVER_AUTHORITY', { field: 'outcome', says: wants.nextLevel(limits.rule), detail: limits.rule })
  if (!over && outcome === authority.over)
    throw new Refusal('WITHIN_AUTHORITY', { field: 'outcome', says: wants.ownDecision(limits.rule), detail: limits.rule })
  return limits.rule
}

/** Once something cannot be undone, those whom the specification names must agree. An order withdraws its child without asking. */
function checkAgreement(spec: ProcessSpec, state: OrderState, actor: Actor): void {
  const agree: readonly string[] | undefined = spec.withdrawal?.agree
  if (!agree || actor.kind === 'order' || !state.stays?.length) return
  if (!(actor.roles ?? []).some((role) => agree.includes(role))) throw new Refusal('AGREEMENT_NEEDED', { says: oneOfRoles(agree) })
}

function dispatched(command: Of<'dispatch'>): Draft {
  requireTarget(command)
  const { type: _type, id: _id, actor, expect: _expect, ...data } = command
  return { type: 'task-dispatched', actor: signature(actor), data }
}

export function requireReason(reason: string): void {
  if (reason.trim() === '') throw new Refusal('REASON_REQUIRED', { field: 'reason' })
}

function requireTarget(target: { unit?: string; person?: string }): void {
  if (!target.unit && !target.person) throw new Refusal('TARGET_REQUIRED', { field: 'person' })
}
