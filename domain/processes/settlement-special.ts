/** P-59 特別結算: settlement outside the ordinary schemes (Unicom 5.5; the steps are inferred). */
import { defineSpec } from '../order/spec.ts'
import { office, system } from './limits.ts'
import { choice, field, must, outcome, t } from './parts.ts'
import { computedForm, department, kind, machineWork, paysOut, period, reviewed, run, settlementRules } from './settlement.ts'

const approvals = ['approved', 'rejected']

export const settlementSpecialSpec = defineSpec({
  no: 'P-59',
  id: 'settlement-special',
  family: 'settlement',
  internal: true,
  title: t('特别结算', 'Special settlement'),
  input: {
    department,
    period,
    kind,
    agents: must(field('agents', '代理商', 'Agents')),
    reason: must(choice('原因', 'Reason', 'campaign', 'de-registration', 'dispute', 'other')),
    scheme: must(field('text', '特别方案', 'Special scheme', { max: 100 })),
    remark: field('text', '说明', 'Remark'),
  },
  steps: {
    'request-special': {
      title: t('特别结算申请', 'Request the special settlement'),
      who: ['market-dept'],
      implicitAccept: true,
      outcomes: { requested: outcome('已申请', 'Requested', { grounds: must(field('text', '申请理由', 'Grounds')) }) },
    },
    'approve-special': {
      title: t('审批', 'Approve'),
      who: ['kac-director', 'finance-dept'],
      notBy: ['request-special'],
      notByStarter: true,
      limit: office.workingDays(2)('default'),
      joint: {
        parties: [
          { id: 'director', title: t('总监', 'Director'), who: ['kac-director'], answers: approvals, mandatory: true },
          { id: 'finance', title: t('财务部门', 'Finance'), who: ['finance-dept'], answers: approvals, mandatory: true },
        ],
        order: 'parallel',
        rules: [{ answer: 'rejected', outcome: 'rejected', early: true }],
        else: 'approved',
      },
      outcomes: { approved: outcome('同意', 'Approved'), rejected: outcome('不同意', 'Rejected') },
    },
    'extract-users': {
      ...machineWork,
      title: t('用户信息提取', 'Extract the users'),
      limit: system.hours(1)('default'),
      outcomes: { complete: outcome('完整', 'Complete', { run, users: field('number', '用户数', 'Users') }) },
    },
    'compute-special': {
      ...machineWork,
      title: t('按特别方案计算', 'Compute by the special scheme'),
      limit: system.hours(1)('default'),
      outcomes: { computed: outcome('已计算', 'Computed', computedForm) },
    },
    'review-special': {
      title: t('审核，交返利', 'Review, and hand it to payout (P-62)'),
      who: ['finance-dept'],
      notByStarter: true,
      limit: office.workingDays(2)('default'),
      starts: paysOut('passed'),
      outcomes: reviewed,
    },
  },
  route: ['request-special', 'approve-special', 'extract-users', 'compute-special', 'review-special'],
  ends: { settled: { title: t('已结算', 'Settled') }, refused: { title: t('未结算', 'Refused') } },
  rules: [t('标记为特别结算，不与统一结算混合。', 'Marked special, never mixed with the ordinary run.'), ...settlementRules],
})
