/** Seeds of the ladders: who is told at which percent of a limit (catalogue 0.3 TO). The running system reads the rows. */
import type { Recipient } from '../order/spec.ts'
import type { Title } from '../title.ts'
import { t } from './parts.ts'
import type { TemplateId } from './templates.ts'

export interface RungSpec {
  /** Percent of the budget. */
  pct: number
  to: readonly Recipient[]
  template: TemplateId
}

export interface LadderSpec {
  title: Title
  rungs: readonly RungSpec[]
}

const warning: RungSpec = { pct: 80, to: ['assignee'], template: 'limit-warning' }
/** Assignee and dispatcher are prompted, the superior is notified, the customer is told (Unicom 6.1.6). */
const breach: RungSpec = { pct: 100, to: ['assignee', 'dispatcher', 'superior', 'customer'], template: 'limit-breach' }
const further = (pct: number, ...to: Recipient[]): RungSpec => ({ pct, to, template: 'limit-breach' })

export const ladders = {
  standard: {
    title: t('标准升级', 'Standard'),
    rungs: [warning, breach, further(150, 'next-superior'), further(200, 'vp-in-charge')],
  },
  /** P-12: he knows of the fault since step 2, so that nobody stands between an overrun and him. */
  'straight-to-vp': {
    title: t('直达分管副总', 'Straight to the deputy general manager'),
    rungs: [
      warning,
      { ...breach, to: [...breach.to, 'vp-in-charge'] },
      further(150, 'next-superior', 'vp-in-charge'),
      further(200, 'vp-in-charge'),
    ],
  },
  /** P-32: three notices to the customer within the days of the machine; what follows is the step's own outcome. */
  'machine-dunning': {
    title: t('机器催缴', 'Machine dunning'),
    rungs: [
      ...([1, 34, 67] as const).map((pct): RungSpec => ({ pct, to: ['customer'], template: 'dunning-notice' })),
      { pct: 100, to: ['account-manager'], template: 'dunning-notice' },
    ],
  },
  /** P-14: the grade decides how far up an overrun of the repair goes; local customers' stop here. */
  'next-superior': {
    title: t('至上级主管', 'Up to the next superior'),
    rungs: [warning, breach, further(150, 'next-superior'), further(200, 'next-superior')],
  },
  /** P-05: the customer hears early that the date of his contract is in danger, and so does whoever can still change something. */
  /** P-02: three reminders while the customer is silent; then the director decides. */
  'customer-silence': {
    title: t('客户未答复', "Customer's silence"),
    rungs: [
      { pct: 33, to: ['assignee'], template: 'customer-silent' },
      { pct: 67, to: ['assignee'], template: 'customer-silent' },
      { pct: 100, to: ['assignee', 'superior'], template: 'customer-silent' },
    ],
  },
  'contract-date': {
    title: t('合同时限', 'Contract date'),
    rungs: [
      { pct: 80, to: ['assignee', 'superior', 'customer'], template: 'contract-date-in-danger' },
      breach,
      further(150, 'next-superior'),
      further(200, 'vp-in-charge'),
    ],
  },
  /** When an order as a whole is promised: whoever speaks with the customer hears first, then whoever can still change something. */
  promise: {
    title: t('客户承诺时间', 'Promise to the customer'),
    rungs: [
      { pct: 80, to: ['account-manager', 'responsible'], template: 'promise-in-danger' },
      { pct: 100, to: ['superior'], template: 'promise-missed' },
    ],
  },
} as const satisfies Record<string, LadderSpec>

export type LadderId = keyof typeof ladders
