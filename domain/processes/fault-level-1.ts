/** P-12 一級故障處理流程: restore at once by standby, settle the cause, compensate if due, look after the customer (Unicom 10.3.1, 6.4.1). */
import { defineSpec } from '../order/spec.ts'
import { compensationRules, compensationSteps } from './compensation.ts'
import { levelFaultInput } from './fault-fields.ts'
import { implementation, issueApplication, regraded, registered, reportFault } from './fault-level.ts'
import { continuous, office } from './limits.ts'
import { outcome, t } from './parts.ts'

/** Overruns of the technical part go straight to the deputy general manager, who knows of the fault since step 2. */
const ladder = { ladder: 'straight-to-vp' }

export const faultLevel1Spec = defineSpec({
  no: 'P-12',
  id: 'fault-level-1',
  family: 'fault',
  title: t('一级故障处理流程', 'Level-1 fault'),
  input: levelFaultInput,
  steps: {
    'report-fault': {
      ...reportFault(
        t('受理一级故障；其它渠道受理需通知大客户发展中心', 'Receive the report of a level-1 fault'),
        continuous.minutes30('inferred', ladder),
      ),
      outcomes: { registered, 'not-level-1': regraded('不属一级故障', 'Not level 1') },
    },
    'issue-fault-application': issueApplication(
      t('向有关部门发出一级故障申请书并上报公司分管副总', 'Issue the level-1 fault application and report to the deputy general manager'),
      t('一级故障申请书', 'Level-1 fault application'),
      continuous.minutes30('inferred', ladder),
    ),
    'start-standby-and-plan': {
      title: t('协助有关部门立即启动备用系统恢复通信，同时制定解决方案', 'Switch to standby at once and draw up the solution'),
      who: ['maintenance-dept', 'kac-staff'],
      skillFact: 'skill',
      limit: continuous.minutes30('inferred', ladder),
      joint: {
        parties: [
          {
            id: 'standby',
            title: t('启动备用系统', 'Standby'),
            who: ['maintenance-dept'],
            answers: ['restored', 'no-standby'],
            mandatory: true,
          },
          { id: 'plan', title: t('制定解决方案', 'Solution'), who: ['kac-staff'], answers: ['planned'], mandatory: true },
        ],
        order: 'parallel',
        rules: [{ party: 'standby', answer: 'no-standby', outcome: 'no-standby' }],
        else: 'restored-and-planned',
      },
      outcomes: {
        'restored-and-planned': outcome('通信已恢复，方案已制定', 'Restored and planned'),
        'no-standby': outcome('无备用系统，方案已制定', 'No standby, planned'),
      },
    },
    'implement-solution': implementation(continuous.halfDay('inferred', ladder)),
    ...compensationSteps({
      proposal: office.halfDay('inferred'),
      negotiation: office.halfDay('inferred'),
      execution: office.halfDay('inferred'),
    }),
  },
  route: ['report-fault', 'issue-fault-application', 'start-standby-and-plan', 'implement-solution', 'decide-compensation', 'after-care'],
  ends: {
    closed: { title: t('已结案', 'Closed') },
    regraded: { title: t('改按二级故障处理', 'Regraded to level 2'), continuesAs: 'fault-level-2' },
  },
  rules: [
    t('无论哪个渠道受理，都要通知大客户发展中心。', 'The key-account centre is always told, whichever channel received the report.'),
    t('备用系统恢复通信不等于排除故障，必须解决根本原因。', 'Restoration by standby does not close the fault; the cause must be fixed.'),
    ...compensationRules,
    t(
      '环节1至4按7×24小时计时，超时直接上报分管副总；其后按工作日计时，按标准升级。',
      'Steps 1 to 4 run round the clock, their overruns go straight to the deputy general manager; later steps run on working days with the standard ladder.',
    ),
    t(
      '一级：大客户业务全部中断或多处电路中断；二级：性能下降或有备用的单条电路（默认）。',
      'Level 1: service of a key account fully interrupted, or several circuits or sites down; level 2: degraded, or a single circuit with standby (default).',
    ),
    t(
      '可发起政企故障工单（P-14），并等待其结束后再进入赔偿环节（默认）。',
      'A graded fault ticket (P-14) may be opened; compensation is decided after its end (default).',
    ),
  ],
})
