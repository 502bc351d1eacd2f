/** The account of a withdrawal over the tree, and whether those whom it needs have agreed. */
import type { Actor, Stays } from '../../domain/order/event.ts'
import { oneOfRoles } from '../../domain/order/permission.ts'
import { Refusal } from '../../domain/order/refusal.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { type Member, type Withdrawal, withdrawal } from '../../domain/order/withdrawal.ts'
import { effects } from '../../domain/processes/effects.ts'
import { isRole, roles } from '../../domain/roles.ts'
import { plain, type Title } from '../../domain/title.ts'
import type { Deps } from '../deps.ts'
import { membersBelow } from '../queries/tree.ts'

export interface Account extends Withdrawal {
  members: ReadonlyMap<string, Member & { no: string | null }>
  /** The order itself is past undoing; then nobody's agreement helps. */
  irreversible: boolean
}

/** What the record says about withdrawing the order now. */
export async function withdrawalOf({ pool, catalogue }: Pick<Deps, 'pool' | 'catalogue'>, order: string): Promise<Account> {
  const members = await membersBelow(pool, order, catalogue.spec)
  return { ...withdrawal(order, members), members, irreversible: members.get(order)?.state.irreversible === true }
}

/**
 * The order itself looks at what ended children have told it; here also at what those still running have done that stays.
 * @throws Refusal AGREEMENT_NEEDED
 */
export function requireAgreement({ agree, irreversible }: Account, actor: Actor): void {
  if (irreversible || agree.length === 0 || (actor.roles ?? []).some((role) => agree.includes(role))) return
  throw new Refusal('AGREEMENT_NEEDED', { says: oneOfRoles(agree) })
}

const effectTitle = (id: string): Title => (Object.hasOwn(effects, id) ? effects[id as keyof typeof effects] : plain(id))
const roleTitle = (id: string): Title => (isRole(id) ? roles[id].title : plain(id))

/** The account in words. `specOf`: also of processes whose orders have ended long ago. */
export function accountOf(account: Account, specOf: (process: string) => ProcessSpec | undefined) {
  const { members } = account
  const named = (order: string) => {
    const member = members.get(order)!
    return { order, no: member.no, process: member.spec.id }
  }
  const step = (order: string, id: string): Title => members.get(order)?.spec.steps[id]?.title ?? plain(id)
  return {
    closes: account.closes.map(({ order, tasks }) => ({
      ...named(order),
      tasks: tasks.map((task) => ({ ...task, title: step(order, task.step) })),
    })),
    undone: account.undone.map(({ order, effect, after }) => ({ order, effect, title: effectTitle(effect), after: after ?? null })),
    stays: staysOf(account.stays, specOf),
    goesOn: account.goesOn.map(({ order, parent, why }) => ({ ...named(order), parent, why })),
    agree: { anySupervisor: account.agree.length === 0, roles: account.agree.map((role) => ({ role, title: roleTitle(role) })) },
  }
}

/** What cannot be undone, with the titles of step and outcome. */
export const staysOf = (stays: readonly Stays[], specOf: (process: string) => ProcessSpec | undefined) =>
  stays.map(({ order, process, step: id, outcome }) => {
    const step = specOf(process)?.steps[id]
    return {
      order,
      process,
      step: id,
      title: step?.title ?? plain(id),
      outcome,
      outcomeTitle: step?.outcomes[outcome]?.title ?? plain(outcome),
    }
  })
