/** P-61 重新結算: settle settled records anew, for a department or one agent (Unicom 5.5.2). */
import { defineSpec } from '../order/spec.ts'
import { atOnce, office, system } from './limits.ts'
import { field, must, outcome, t } from './parts.ts'
import { agent, machineStep, machineWork, rejected, run, settlementRules } from './settlement.ts'

const differences = {
  agents: field('agents', '有差额的代理商', 'Agents with a difference'),
  /** Fen with their sign, in the order of the agents. */
  amounts: field('texts', '差额（分）', 'Differences in fen'),
  difference: field('text', '差额合计', 'Difference in all', { max: 60 }),
}

export const settlementRerunSpec = defineSpec({
  no: 'P-61',
  id: 'settlement-rerun',
  family: 'settlement',
  internal: true,
  title: t('重新结算', 'Re-settlement'),
  input: {
    run: must(run),
    agent,
    reason: must(field('text', '原因', 'Reason', { max: 500 })),
  },
  steps: {
    'request-rerun': {
      title: t('重新结算申请', 'Request the re-settlement'),
      who: ['settlement-clerk'],
      implicitAccept: true,
      outcomes: { requested: outcome('已申请', 'Requested') },
    },
    'approve-rerun': {
      title: t('审批', 'Approve'),
      who: ['kac-director'],
      notBy: ['request-rerun'],
      notByStarter: true,
      limit: office.workingDays(1)('default'),
      outcomes: { approved: outcome('同意', 'Approved'), rejected },
    },
    'check-payout': {
      ...machineStep,
      title: t('是否已返利？', 'Has it been paid out?'),
      limit: atOnce('C'),
      outcomes: { 'not-paid': outcome('未返利', 'Not paid'), paid: outcome('已返利', 'Paid') },
    },
    recompute: {
      ...machineWork,
      title: t('重新提取、重新计算（新版本帐单）', 'Extract and compute anew: a new version of the bills'),
      limit: system.workingDays(1)('default'),
      outcomes: { computed: outcome('已计算', 'Computed', differences) },
    },
    compare: {
      title: t('新旧对比，审核', 'Compare both versions'),
      who: ['finance-dept'],
      notByStarter: true,
      limit: office.workingDays(2)('default'),
      outcomes: { accepted: outcome('采用新帐单', 'Accept the new bills'), rejected },
    },
    'replace-bills': {
      ...machineStep,
      title: t('新帐单生效，旧帐单作废留存', 'The new bills hold; the old ones are kept, void'),
      limit: atOnce('C'),
      outcomes: {
        'no-difference-paid': outcome('无已付差额', 'Nothing paid differs', differences),
        'difference-after-payout': outcome('返利后有差额', 'A difference after the payout', differences),
      },
    },
    'correct-payout': {
      title: t('补发/补收', 'Pay or claw back the difference (runs P-63)'),
      who: ['finance-dept'],
      child: {
        process: 'commission-correction',
        take: ['run', 'agents', 'amounts'],
        input: { reason: 're-settlement' },
        ends: { corrected: 'corrected', refused: 'corrected', withdrawn: 'corrected' },
      },
      outcomes: { corrected: outcome('已更正', 'Corrected') },
    },
  },
  route: ['request-rerun', 'approve-rerun', 'check-payout', 'recompute', 'compare', 'replace-bills'],
  ends: { resettled: { title: t('已重新结算', 'Settled anew') }, refused: { title: t('未重新结算', 'Refused') } },
  rules: [t('旧帐单保留；返利后只移动差额。', 'Old bills are kept; after a payout only the difference moves.'), ...settlementRules],
})
