/** Who may act on a task. Region and unit scope are checked at the door; here it is role, offer and delegation. */
import { inGroup, isRole, roles } from '../roles.ts'
import { plain, type Title } from '../title.ts'
import type { Actor, EventActor } from './event.ts'
import { Refusal } from './refusal.ts'
import type { ProcessSpec, StepSpec } from './spec.ts'
import type { OrderState, Party, Task } from './state.ts'

export const isSupervisor = (actor: Actor): boolean => inGroup(actor.roles ?? [], 'supervisor')
export const isDispatcher = (actor: Actor): boolean => inGroup(actor.roles ?? [], 'dispatcher') || isSupervisor(actor)

/** The actor as an event keeps it, acting for `absent` where given. */
export const signature = (actor: Actor, absent?: string): EventActor => ({ kind: actor.kind, id: actor.id, ...(absent && { for: absent }) })

const hasRole = (actor: Actor, roles: readonly string[]): boolean => (actor.roles ?? []).some((role) => roles.includes(role))

/** Roles that may do a task now: those of the step, or those it has climbed to. */
export const rolesOf = (step: StepSpec, task: Task): readonly string[] => task.roles ?? step.who

/**
 * On whose behalf the actor may act on something offered to a person or a unit: `own`, an absent colleague's id, or nothing.
 */
export function standing(
  actor: Actor,
  asked: Pick<Task | Party, 'unit' | 'person' | 'absent'>,
  roles: readonly string[],
): 'own' | string | undefined {
  if (actor.kind === 'customer') return roles.includes('customer') ? 'own' : undefined
  if (asked.person !== undefined) {
    if (asked.person === actor.id) return asked.absent ?? 'own'
    if (asked.absent === actor.id) return 'own'
    return actor.standsFor?.includes(asked.person) ? asked.person : undefined
  }
  if (asked.unit !== undefined) return actor.units?.includes(asked.unit) && hasRole(actor, roles) ? 'own' : undefined
  return undefined
}

/** The event's actor for what the holder of a task does. @throws Refusal where the actor does not hold it. */
export function asHolder(actor: Actor, step: StepSpec, task: Task): EventActor {
  if (task.status === 'automatic' || task.status === 'child') throw new Refusal('OUTCOME_NOT_CHOSEN')
  if (actor.kind === 'customer') {
    // He answers what he is asked, whoever of ours holds the task.
    if (!step.customer) throw new Refusal('NOT_ASSIGNEE')
    return signature(actor)
  }
  if (task.status === 'undispatched') throw new Refusal('NOT_OFFERED')
  const stands = standing(actor, task, rolesOf(step, task))
  if (!stands) throw new Refusal('NOT_ASSIGNEE')
  return signature(actor, stands === 'own' ? undefined : stands)
}

/** Separation of duties. @throws Refusal when the actor, or whom he stands for, did a step that excludes him. */
export function checkDuties({ steps }: ProcessSpec, state: OrderState, step: StepSpec, actor: EventActor): void {
  const { startedBy } = state
  if (step.notByStarter && startedBy !== undefined && (startedBy === actor.id || startedBy === actor.for))
    throw new Refusal('SEPARATION_OF_DUTIES', { says: { zh: '您发起了该工单', en: 'started the order' } })
  for (const earlier of step.notBy ?? []) {
    const doer = state.doers[earlier]
    if (doer !== undefined && (doer === actor.id || doer === actor.for))
      throw new Refusal('SEPARATION_OF_DUTIES', { says: steps[earlier]?.title ?? plain(earlier), detail: earlier })
  }
}

/** Which roles must agree. */
export const oneOfRoles = (ids: readonly string[]): Title => ({
  zh: `须经以下其一同意：${ids.map((id) => (isRole(id) ? roles[id].title.zh : id)).join('、')}`,
  en: `one of ${ids.join(', ')}`,
})

/** @throws Refusal NOT_ALLOWED */
export function requireSupervisor(actor: Actor): void {
  if (!isSupervisor(actor)) throw new Refusal('NOT_ALLOWED', { says: { zh: '须由主管办理', en: 'a supervisor can do this' } })
}

/** @throws Refusal NOT_ALLOWED */
export function requireDispatcher(actor: Actor): void {
  if (!isDispatcher(actor))
    throw new Refusal('NOT_ALLOWED', { says: { zh: '须由派单员或主管办理', en: 'a dispatcher or supervisor can do this' } })
}
