/** P-14 政企客户故障处理流程: accept centrally, dispatch, repair and confirm a fault within limits by product and grades (Dispatch). */
import { defineSpec } from '../order/spec.ts'
import { gradedFaultInput } from './fault-fields.ts'
import { atOnce, office } from './limits.ts'
import { choice, field, LONG_TEXT, must, outcome, t, why } from './parts.ts'
import { demo, feedbackTimes, repairTimes } from './repair-times.ts'

const level = choice('级别', 'Level', 'province', 'city', 'county')
const diagnosis = { diagnosis: must(field('text', '诊断结果', 'Diagnosis')) }

/** The customer and whoever looks after him hear how it goes, beside steps 3 to 7 (P-14, Parallel). */
const tell = (on: string, template: string) => [
  { on, to: 'customer' as const, template },
  { on, to: 'account-manager' as const, template },
]

const asked = {
  asked: must(field('text', '询问对象', 'Who was asked', { max: 100, personal: true })),
  answer: must(field('text', '客户答复', 'Answer')),
}

export const gradedFaultSpec = defineSpec({
  no: 'P-14',
  id: 'graded-fault',
  family: 'fault',
  title: t('政企客户故障处理流程', 'Fault of a government-enterprise customer by grade'),
  input: gradedFaultInput,
  steps: {
    'accept-fault': {
      title: t('监控中心统一受理', 'Accept the fault at the monitoring centre'),
      who: ['monitor-centre'],
      offer: 'unit',
      suspend: false,
      limit: atOnce('C', { rows: demo('30s') }),
      notify: tell('accepted', 'fault-accepted'),
      outcomes: {
        accepted: outcome('受理', 'Accepted', { remark: field('text', '受理说明', 'Remark') }),
        'not-a-fault': outcome('非故障', 'Not a fault', why),
      },
    },
    diagnose: {
      title: t('一键诊断（预处理）', 'One-key diagnosis'),
      who: ['monitor-centre', 'system'],
      heldBy: 'accept-fault',
      implicitAccept: true,
      suspend: false,
      advice: 'fault-diagnosis',
      limit: { text: 'inside the 15 min', budget: '15m', calendar: 'C', mark: 'inferred', from: ['accept-fault'], rows: demo('20s') },
      notify: tell('cleared-remotely', 'fault-repaired'),
      outcomes: {
        'needs-dispatch': outcome('需派单', 'Needs dispatch', diagnosis),
        'cleared-remotely': outcome('已远程排除', 'Cleared remotely', diagnosis),
      },
    },
    'dispatch-fault': {
      title: t('派单', 'Dispatch'),
      who: ['monitor-centre'],
      offer: 'unit',
      implicitAccept: true,
      suspend: false,
      refusalsOf: 'take-ticket',
      limit: {
        text: '15 分钟 from acceptance',
        budget: '15m',
        calendar: 'C',
        mark: 'given',
        from: ['accept-fault', 'take-ticket=refused', 'take-ticket=not-mine-up', 'repair-fault=needs-other-level'],
        rows: demo('30s'),
      },
      notify: tell('dispatched', 'fault-dispatched'),
      outcomes: {
        dispatched: outcome('已派单', 'Dispatched', {
          unit: field('unit', '派往单位', 'Unit'),
          person: field('person', '派往人员', 'Person'),
          level,
        }),
      },
    },
    'take-ticket': {
      title: t('接单', 'Take the ticket'),
      who: ['maintenance-dept', 'vendor'],
      offerFrom: 'dispatch-fault',
      skillFact: 'skill',
      acceptIs: 'taken',
      refuseIs: 'refused',
      suspend: false,
      limit: { text: '30 分钟 from dispatch', budget: '30m', calendar: 'C', mark: 'given', from: ['dispatch-fault'], rows: demo('30s') },
      notify: tell('taken', 'fault-taken'),
      outcomes: {
        taken: outcome('接单', 'Taken'),
        refused: outcome('拒单', 'Refused'),
        'not-mine-up': outcome('非本级，退回上级', 'Not mine, returned up', why),
      },
    },
    'repair-fault': {
      title: t('故障处理', 'Repair'),
      who: ['maintenance-dept', 'vendor'],
      heldBy: 'take-ticket',
      skillFact: 'skill',
      suspend: 'approval',
      notify: tell('repaired', 'fault-repaired'),
      outcomes: {
        repaired: outcome('已修复', 'Repaired', {
          handling: must(field('text', '处理过程', 'What was done')),
          cause: field('text', '故障原因', 'Cause'),
        }),
        'needs-other-level': outcome('需其它级别处理', 'Needs another level', { ...why, level }),
      },
    },
    'return-receipt': {
      title: t('恢复回单', 'Return the receipt'),
      who: ['maintenance-dept'],
      heldBy: 'repair-fault',
      implicitAccept: true,
      suspend: false,
      limit: atOnce('C', { from: ['repair-fault=repaired'] }),
      outcomes: {
        returned: outcome('已回单', 'Returned', {
          receipt: field('text', '回单内容', 'Receipt'),
          restoredAt: field('instant', '恢复时间', 'Time of restoration'),
        }),
      },
    },
    'confirm-recovery': {
      title: t('恢复确认', 'Confirm the recovery with the customer'),
      who: ['monitor-centre', 'customer'],
      offer: 'unit',
      implicitAccept: true,
      suspend: 'approval',
      limit: {
        text: '15 分钟 from the repair',
        budget: '15m',
        calendar: 'C',
        mark: 'given',
        from: ['repair-fault=repaired', 'diagnose=cleared-remotely'],
        rows: demo('30s'),
      },
      notify: tell('recovered', 'fault-recovered'),
      outcomes: { recovered: outcome('已恢复', 'Recovered', asked), 'not-recovered': outcome('未恢复', 'Not recovered', asked) },
    },
    'upload-report': {
      title: t('故障处理报告上传', 'Upload the fault report'),
      who: ['maintenance-dept'],
      heldBy: 'repair-fault',
      limit: office.workingDays(2)('default'),
      outcomes: {
        uploaded: outcome('已上传', 'Uploaded', {
          report: must(field('file', '故障处理报告', 'Report')),
          cause: must(field('text', '故障原因', 'Cause')),
          solution: must(field('text', '解决办法', 'Solution', { max: LONG_TEXT })),
        }),
      },
    },
    'archive-fault': {
      title: t('归档（故障受理及案例库）', 'Archive, with an entry in the case library'),
      who: ['monitor-centre'],
      offer: 'unit',
      implicitAccept: true,
      limit: office.workingDays(1)('default'),
      outcomes: { archived: outcome('已归档', 'Archived', { lesson: field('text', '案例点评', 'What the case teaches') }) },
    },
    'reply-not-a-fault': {
      title: t('答复客户', 'Reply to the customer'),
      who: ['monitor-centre'],
      heldBy: 'accept-fault',
      implicitAccept: true,
      limit: { text: '30 min', budget: '30m', calendar: 'C', mark: 'default' },
      outcomes: { replied: outcome('已答复', 'Replied', { reply: must(field('text', '答复内容', 'Reply')) }) },
    },
  },
  clocks: {
    repair: {
      title: t('故障修复时限', 'Repair limit'),
      startedBy: ['accept-fault=accepted'],
      stoppedBy: ['repair-fault=repaired', 'diagnose=cleared-remotely', 'confirm-recovery=recovered'],
      // A denied recovery reopens the repair on the same clock (rule 3).
      reopenedBy: ['confirm-recovery=not-recovered'],
      pausedWith: ['repair-fault'],
      limit: { text: '业务类别×客户等级×电路等级', budget: '48h', calendar: 'C', mark: 'default', rows: repairTimes },
    },
    feedback: {
      title: t('反馈时限', 'Feedback limit'),
      startedBy: ['accept-fault=accepted'],
      stoppedBy: ['customer-told', 'repair-fault=repaired', 'diagnose=cleared-remotely', 'confirm-recovery=recovered'],
      pausedWith: ['repair-fault'],
      limit: { text: '1个工作日内反馈', calendar: 'W', mark: 'given', rows: feedbackTimes },
    },
  },
  route: [
    'accept-fault',
    'diagnose',
    'dispatch-fault',
    'take-ticket',
    'repair-fault',
    'return-receipt',
    'confirm-recovery',
    'upload-report',
    'archive-fault',
  ],
  ends: {
    closed: { title: t('已归档', 'Closed') },
    'not-a-fault': { title: t('非故障', 'Not a fault') },
  },
  rules: [
    t(
      '三个来源（10000+9、客户经理代报、监控主动发现）由监控中心统一受理。',
      'One place accepts, whatever the source (10000+9, the account manager, own finding): the monitoring centre.',
    ),
    t(
      '严格按业务类别、客户等级、电路等级对应的时限派单和处理；时限自受理起计，受理时冻结。',
      'Dispatch and repair follow product × customer grade × circuit grade; the limits count from acceptance and are frozen there.',
    ),
    t(
      '修复后15分钟内与客户确认；客户否认恢复的，在原时限上重新处理。',
      'Recovery is confirmed with the customer within 15 minutes of the repair; a denied recovery reopens the repair on the same clock.',
    ),
    t(
      '修复时限贯穿拒单、改派、换级；仅经主管批准并说明原因方可挂起，挂起时间单列。',
      "The repair clock runs through refusal, re-dispatch and change of level; it pauses only with a supervisor's approval and a reason, and paused time is shown.",
    ),
    t('两级双向派单：省↔市可下派，也可退回上级。', 'Two-level two-way dispatch: province ↔ city, down and back up.'),
    t('两次拒单后由主管派单。', 'After two refusals a supervisor dispatches.'),
    t(
      'E通类产品另有反馈时限：1个工作日反馈，3个工作日处理完。',
      'E-Tong products have a second clock: feedback within 1 working day, done within 3.',
    ),
    t(
      '超时：派单超时告知监控中心主管；接单超时提示接单人及其上级；修复超时由客户等级决定上报到哪一级（集团级、省级至分管副总）。',
      "Overruns: of dispatch to the centre's supervisor; of taking to the taker and his superior; of the repair as far up as the grade says (group and province level: the deputy general manager).",
    ),
    t(
      '受理、回单、报告均在同一系统；报告为附件，归档时写入案例库。',
      'Acceptance, receipt and report live in this system; the report is an attached file, archiving writes the case-library entry.',
    ),
  ],
})
