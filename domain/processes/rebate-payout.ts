/** P-62 返利調整, 分銷結算返利: adjust the settled amount, then pay it out (Unicom 5.5.2). One order for each agent. */
import { defineSpec } from '../order/spec.ts'
import { office } from './limits.ts'
import { choice, field, must, outcome, t, why } from './parts.ts'
import {
  agent,
  bankAnswer,
  bankDifferences,
  paidForm,
  period,
  rejected,
  run,
  sentToBank,
  unlessBankPays,
  unpaidForm,
} from './settlement.ts'

const adjustment = {
  adjustment: must(choice('调整', 'Adjustment', 'bonus', 'fine')),
  adjustmentAmount: must(field('money', '调整金额', 'Amount of the adjustment')),
  adjustmentReason: must(field('text', '调整原因', 'Reason of the adjustment', { max: 500 })),
}

export const rebatePayoutSpec = defineSpec({
  no: 'P-62',
  id: 'rebate-payout',
  family: 'settlement',
  internal: true,
  title: t('返利调整与返利', 'Rebate adjustment and payout'),
  input: {
    run: must(run),
    agents: field('agents', '代理商', 'Agents'),
    agent,
    agentUnit: field('unit', '代理商单位', "Agent's unit"),
    department: field('unit', '市场部门', 'Market department'),
    period: { ...period, required: false },
    kind: choice('结算对象', 'Subject', 'commission', 'sharing'),
  },
  steps: {
    'propose-adjustment': {
      title: t('返利金额调整：额外奖励、罚款', 'Adjust the amount: bonus or fine'),
      who: ['market-dept'],
      limit: office.workingDays(3)('default'),
      outcomes: { adjusted: outcome('已调整', 'Adjusted', adjustment), none: outcome('不调整', 'None') },
    },
    'approve-adjustment': {
      title: t('审批', 'Approve the adjustment'),
      who: ['kac-director'],
      notBy: ['propose-adjustment'],
      limit: office.workingDays(1)('default'),
      outcomes: { approved: outcome('同意', 'Approved'), rejected },
    },
    'agent-confirm': {
      title: t('代理商确认帐单', 'The agent confirms the bill'),
      who: ['agent'],
      offer: 'unit',
      unitFact: 'agentUnit',
      implicitAccept: true,
      limit: office.workingDays(5)('default'),
      // 默认: silence is consent, given by the clock and recorded as the clock's.
      expiry: { effect: 'outcome', outcome: 'silent' },
      outcomes: {
        confirmed: outcome('确认', 'Confirmed'),
        disputed: outcome('有异议', 'Disputed', why),
        silent: outcome('未答复视为确认', 'Silent, which counts as confirmed'),
      },
    },
    'settle-dispute': {
      title: t('争议处理', 'Settle the dispute'),
      who: ['market-dept'],
      limit: office.workingDays(5)('default'),
      outcomes: {
        changed: outcome('调整帐单', 'The bill is adjusted'),
        kept: outcome('维持帐单', 'The bill stands', { answer: must(field('text', '答复', 'Answer to the agent')) }),
      },
    },
    'pay-out': {
      title: t('返利（费用结清，记返利子账户）', 'Pay out'),
      who: ['finance-dept'],
      notBy: ['propose-adjustment'],
      limit: office.workingDays(3)('default'),
      ...unlessBankPays,
      outcomes: {
        paid: outcome('已返利', 'Paid', paidForm, { irreversible: true }),
        sent: sentToBank,
        failed: outcome('支付失败', 'Failed', unpaidForm),
      },
    },
    'bank-answer': bankAnswer,
  },
  route: ['propose-adjustment', 'agent-confirm', 'pay-out'],
  ends: { paid: { title: t('已返利', 'Paid') } },
  rules: [
    t('调整只能在返利前；返利后用补发/补收（P-63）。', 'Adjustments only before the payout; afterwards P-63.'),
    t('代理商未在时限内答复视为确认。', 'Silence of the agent within the limit counts as confirmed.'),
    t('每个代理商一张子工单，互不等待。', 'One child order for each agent; none waits for another.'),
    t('银行未能支付的退回财务，重复至结清。', 'What the bank could not pay goes back to finance and is repeated until it is settled.'),
  ],
  differences: bankDifferences('pay-out', 'pay-out'),
})
