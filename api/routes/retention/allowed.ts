import type { Ctx } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'

const who = {
  read: 'analysts, account managers, the centre, supervisors and auditors',
  change: 'analysts and directors',
  release: 'analysts and directors',
} as const

/** @throws Problem NOT_ALLOWED naming who may */
export function allowed({ ability }: Pick<Ctx, 'ability'>, action: keyof typeof who): void {
  if (!ability.can(action, 'Retention')) throw new Problem('NOT_ALLOWED', { detail: who[action] })
}
