/** The first steps of P-12 and P-13, which differ in their words and in the ladder. */
import type { LimitSpec, StepSpec } from '../order/spec.ts'
import type { Title } from '../title.ts'
import { field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

/** The centre is always told, whichever channel received the report (P-12 rule 1). */
export const reportFault = (title: Title, limit: LimitSpec) =>
  ({
    title,
    who: ['hotline-agent', 'kac-staff'],
    offer: 'unit',
    suspend: false,
    limit,
    notify: [{ on: 'open', to: 'kac-staff', template: 'fault-reported' }],
  }) as const satisfies Partial<StepSpec>

export const registered = outcome('已登记', 'Registered', { remark: field('text', '登记说明', 'Remark') })

export const regraded = (zh: string, en: string) => outcome(zh, en, why)

/** The notice to the deputy general manager runs beside the application. */
export const issueApplication = (title: Title, form: Title, limit: LimitSpec) =>
  ({
    title,
    who: ['hotline-agent', 'kac-staff'],
    suspend: false,
    limit,
    notify: [{ on: 'open', to: 'vp-in-charge', template: 'fault-application' }],
    outcomes: {
      sent: outcome('已发出', 'Sent', {
        application: must(field('text', form.zh, form.en, { max: LONG_TEXT })),
        sentTo: field('unit', '发往部门', 'Department that it went to'),
        openTicket: field('boolean', '发起政企故障工单并等待其结果', 'Open a graded fault ticket (P-14) and wait for it'),
      }),
    },
  }) as const satisfies StepSpec

/** The centre supervises beside the work (P-12 and P-13, Parallel): it hears of every outcome. */
export const implementation = (limit: LimitSpec) =>
  ({
    title: t('跟踪监督并协助确定解决方案及方案实施', 'Implement the solution under supervision'),
    who: ['maintenance-dept', 'kac-staff'],
    skillFact: 'skill',
    suspend: 'approval',
    limit,
    notify: [
      { on: 'fixed', to: 'kac-staff', template: 'fault-fixed' },
      { on: 'not-fixed', to: 'kac-staff', template: 'fault-not-fixed' },
    ],
    outcomes: {
      fixed: outcome('已排除', 'Fixed', {
        solution: must(field('text', '解决方案及实施情况', 'Solution and what was done')),
        cause: field('text', '故障原因', 'Cause'),
      }),
      'not-fixed': outcome('未排除', 'Not fixed', { log: must(field('text', '实施情况', 'What was tried')) }),
    },
  }) as const satisfies StepSpec
