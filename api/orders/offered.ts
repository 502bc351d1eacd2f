/** The commands that a person could give an order now, by the rules that will decide on them. */
import { type Allowed, allowed } from '../../domain/order/allowed.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { type AppAbility, mayGive } from '../auth/ability.ts'
import { actorOf } from '../auth/actor.ts'
import type { Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'

/**
 * Commands for each open task and for the order. A delegation of some roles, and the authority table, hold for single steps: tasks of
 * such steps are looked at with an actor of their own.
 */
export async function offeredCommands(
  { pool }: Pick<Deps, 'pool'>,
  { principal, ability, now }: { principal: Principal; ability: AppAbility; now: Date },
  spec: ProcessSpec,
  state: OrderState,
): Promise<Allowed[]> {
  if (!ability.can('command', 'Order') || state.status === 'closed' || state.status === 'stopped') return []
  const openedAt = new Date(state.openedAt)
  const whole = principal.standsFor.filter(({ roles }) => roles === null)
  const actor = await actorOf(pool, { ...principal, standsFor: whole }, { openedAt })
  const special = Object.values(state.tasks).filter(({ step }) => spec.steps[step]?.authority || whole.length < principal.standsFor.length)
  const own = await Promise.all(
    special.map(async (task) => {
      const step = spec.steps[task.step]!
      const of = await actorOf(pool, principal, { openedAt, step, roles: task.roles ?? step.who })
      return allowed(spec, state, of, now.getTime()).filter((one) => one.task === task.id)
    }),
  )
  const apart = new Set(special.map(({ id }) => id))
  const rest = allowed(spec, state, actor, now.getTime()).filter(({ task }) => task === undefined || !apart.has(task))
  return [...own.flat(), ...rest].filter(({ command }) => mayGive(ability, command))
}
