/** P-13 二級故障處理流程: as P-12 for less severe faults, without the standby switch (Unicom 10.3.2, 6.4.2). */
import { defineSpec } from '../order/spec.ts'
import { compensationRules, compensationSteps } from './compensation.ts'
import { levelFaultInput } from './fault-fields.ts'
import { implementation, issueApplication, regraded, registered, reportFault } from './fault-level.ts'
import { continuous, office } from './limits.ts'
import { field, LONG_TEXT, must, outcome, t } from './parts.ts'

export const faultLevel2Spec = defineSpec({
  no: 'P-13',
  id: 'fault-level-2',
  family: 'fault',
  title: t('二级故障处理流程', 'Level-2 fault'),
  input: levelFaultInput,
  steps: {
    'report-fault': {
      ...reportFault(
        t('受理二级故障；其它渠道受理需通知大客户发展中心', 'Receive the report of a level-2 fault'),
        continuous.minutes30('inferred'),
      ),
      outcomes: { registered, 'is-level-1': regraded('属一级故障', 'Is level 1') },
    },
    'issue-fault-application': issueApplication(
      t('向有关部门发出二级故障申请书并上报公司分管副总', 'Issue the level-2 fault application and report to the deputy general manager'),
      t('二级故障申请书', 'Level-2 fault application'),
      continuous.minutes30('inferred'),
    ),
    'make-solution': {
      title: t('相关部门制定解决方案', 'Draw up the solution'),
      who: ['maintenance-dept'],
      skillFact: 'skill',
      suspend: 'approval',
      limit: continuous.day('inferred'),
      outcomes: { made: outcome('已制定', 'Made', { plan: must(field('text', '解决方案', 'Solution', { max: LONG_TEXT })) }) },
    },
    'implement-solution': implementation(continuous.day('inferred')),
    ...compensationSteps({
      proposal: office.day('inferred'),
      negotiation: office.day('inferred'),
      execution: office.days3('inferred'),
    }),
  },
  route: ['report-fault', 'issue-fault-application', 'make-solution', 'implement-solution', 'decide-compensation', 'after-care'],
  ends: {
    closed: { title: t('已结案', 'Closed') },
    regraded: { title: t('改按一级故障处理', 'Regraded to level 1'), continuesAs: 'fault-level-1' },
  },
  raise: { step: 'implement-solution', to: 'fault-level-1', end: 'regraded' },
  rules: [
    t('无论哪个渠道受理，都要通知大客户发展中心。', 'The key-account centre is always told, whichever channel received the report.'),
    ...compensationRules,
    t(
      '环节1至4按7×24小时计时（1天即24小时），其后按工作日计时；均按标准升级。',
      'Steps 1 to 4 run round the clock (a day is 24 h), later steps on working days; all climb the standard ladder.',
    ),
    t('环节4超时后，主管可将故障升级为一级（默认）。', 'Once step 4 is overdue a supervisor may raise the fault to level 1 (default).'),
    t(
      '可发起政企故障工单（P-14），并等待其结束后再进入赔偿环节（默认）。',
      'A graded fault ticket (P-14) may be opened; compensation is decided after its end (default).',
    ),
  ],
})
