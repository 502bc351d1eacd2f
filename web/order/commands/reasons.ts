/** Why a command is not possible: the same `decide` as the server's, on the same state. Loaded when somebody asks. */
import { type Refused, refused } from '../../../domain/order/allowed.ts'
import type { OrderState } from '../../../domain/order/state.ts'
import { refusalCodes } from '../../../domain/order/refusal.ts'
import { specOf } from '../../../domain/processes/index.ts'
import type { Me, Title } from '../../http/types.ts'

export interface Reason {
  command: Refused['command']
  task?: string
  title: Title
  /** More precisely, as the rule says it. */
  says?: Title
}

export function reasonsOf(state: OrderState, me: Me, now: number): Reason[] {
  const actor = {
    kind: 'person' as const,
    id: me.id,
    roles: me.roles.map(({ role }) => role),
    units: [...new Set([me.unit.id, ...me.roles.map(({ unit }) => unit)])],
    standsFor: me.standsFor.map(({ id }) => id),
  }
  return refused(specOf(state.process), state, actor, now).map(({ command, task, why }) => ({
    command,
    ...(task && { task }),
    title: refusalCodes[why.code].title,
    ...(why.says && { says: why.says }),
  }))
}
