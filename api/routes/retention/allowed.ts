import type { Ctx } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'

const who = {
  read: {
    zh: '仅限分析人员、客户经理、大客户中心、主管与稽核',
    en: 'analysts, account managers, the centre, supervisors and auditors',
  },
  change: { zh: '仅限分析人员与总监', en: 'analysts and directors' },
  release: { zh: '仅限分析人员与总监', en: 'analysts and directors' },
} as const

/** @throws Problem NOT_ALLOWED naming who may */
export function allowed({ ability }: Pick<Ctx, 'ability'>, action: keyof typeof who): void {
  if (!ability.can(action, 'Retention')) throw new Problem('NOT_ALLOWED', { says: who[action] })
}
