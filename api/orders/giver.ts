/** Who gives a command, as far as the door has to know: one of our people, or the customer from his page (track/giver.ts). */
import type { CommandBody, CommandType } from '../../domain/order/command.ts'
import type { Actor } from '../../domain/order/event.ts'
import type { Fact, FieldSpec, ProcessSpec, StepSpec } from '../../domain/order/spec.ts'
import type { Task } from '../../domain/order/state.ts'
import { type AppAbility, involved, mayGive, maySee } from '../auth/ability.ts'
import { actorOf } from '../auth/actor.ts'
import type { Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import type { Sql } from '../queries/sql.ts'
import type { CommandIn } from '../schemas/command.ts'
import { reserveCost } from './budget.ts'
import { type Held, holdFor } from './holds.ts'
import { type Naming, References } from './references.ts'

type Form = Readonly<Record<string, Fact>>

export interface Giver {
  /** As the hash of the request names him. */
  by: string
  now: Date
  /** Whether the order of the row `o` involves him. */
  involved: Sql
  sees(order: { regionPath: string; involved: boolean }): boolean
  mayGive(type: CommandType): boolean
  /** What he names in forms and commands exists, and he may name it. */
  references: Naming
  actor(of: { openedAt: Date; step?: StepSpec; roles: readonly string[] }): Promise<Actor>
  /** Takes what the command names, until it is decided. */
  hold(order: string, spec: ProcessSpec, command: CommandBody): Promise<Held>
  /** @throws Problem where this task is not his to answer in this way */
  checkTask?(spec: ProcessSpec, task: Task | null, body: CommandIn): void
  /** The form with what goes without saying. */
  fill?(fields: Readonly<Record<string, FieldSpec>>, form: Form): Form
}

export interface Caller {
  principal: Principal
  ability: AppAbility
  now: Date
}

/** One of our people, with what the roles allow. */
export function staffGiver(deps: Pick<Deps, 'pool' | 'prisma'>, caller: Caller): Giver {
  const { principal, ability, now } = caller
  return {
    by: principal.id,
    now,
    involved: involved(principal),
    sees: (order) => maySee(ability, order),
    mayGive: (type) => mayGive(ability, type),
    references: new References(deps, principal, ability),
    actor: ({ openedAt, step, roles }) => actorOf(deps.pool, principal, { openedAt, ...(step && { step, roles }) }),
    hold: async (order, spec, command) =>
      (await reserveCost(deps.pool, { order, spec, command, by: principal.id, now })) ?? holdFor(deps, caller, order, spec, command),
  }
}
