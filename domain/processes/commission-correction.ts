/** P-63 補發(收)款維護: correct after the commission was drawn (Unicom 5.5.2). One order for each agent. */
import { defineSpec } from '../order/spec.ts'
import { office } from './limits.ts'
import { choice, field, must, outcome, t, why } from './parts.ts'
import { agent, bankAnswer, bankDifferences, paidForm, rejected, run, sentToBank, unlessBankPays } from './settlement.ts'

const bankNo = field('text', '银行流水号', "Bank's number", { max: 64 })
const only = (direction: string, zh: string, en: string) => ({ requires: [{ fact: 'direction', is: direction, otherwise: t(zh, en) }] })

export const commissionCorrectionSpec = defineSpec({
  no: 'P-63',
  id: 'commission-correction',
  family: 'settlement',
  internal: true,
  title: t('补发（收）款维护', 'Supplementary payment and claw-back'),
  input: {
    run,
    agent,
    agentUnit: field('unit', '代理商单位', "Agent's unit"),
    payout: field('text', '返利编号', 'Payout', { max: 100 }),
    direction: choice('方向', 'Direction', 'supplement', 'claw-back'),
    amount: field('money', '金额', 'Amount'),
    reason: must(field('text', '原因', 'Reason', { max: 500 })),
    agents: field('agents', '代理商', 'Agents'),
    amounts: field('texts', '差额（分）', 'Differences in fen'),
  },
  steps: {
    'request-correction': {
      title: t('补发/补收申请', 'Request the correction'),
      who: ['market-dept', 'finance-dept'],
      implicitAccept: true,
      outcomes: {
        requested: outcome('已申请', 'Requested', {
          agent: must(agent),
          direction: must(choice('方向', 'Direction', 'supplement', 'claw-back')),
          amount: must(field('money', '金额', 'Amount')),
        }),
      },
    },
    'approve-correction': {
      title: t('审批', 'Approve'),
      who: ['kac-director'],
      notBy: ['request-correction'],
      limit: office.workingDays(1)('default'),
      outcomes: {
        pay: outcome('同意补发', 'Pay the supplement', undefined, only('supplement', '本工单为补收。', 'This order is a claw-back.')),
        'claw-back': outcome('同意补收', 'Claw back', undefined, only('claw-back', '本工单为补发。', 'This order is a supplement.')),
        rejected,
      },
    },
    'pay-supplement': {
      title: t('补发', 'Pay the supplement'),
      who: ['finance-dept'],
      notBy: ['request-correction'],
      limit: office.workingDays(3)('default'),
      ...unlessBankPays,
      outcomes: { paid: outcome('已补发', 'Paid', paidForm, { irreversible: true }), sent: sentToBank },
    },
    'bank-answer': bankAnswer,
    'notify-agent': {
      title: t('通知补收', 'Tell the agent of the claw-back'),
      who: ['market-dept'],
      limit: office.workingDays(5)('default'),
      outcomes: { agreed: outcome('同意', 'Agreed'), disputed: outcome('有异议', 'Disputed', why) },
    },
    'collect-back': {
      title: t('补收（从返利/预存子账户扣，或交现金）', 'Collect it: from rebate or prepaid account, or in cash'),
      who: ['finance-dept'],
      limit: office.workingDays(10)('default'),
      outcomes: {
        collected: outcome(
          '已补收',
          'Collected',
          { from: must(choice('来源', 'From', 'rebate', 'prepaid', 'cash', 'in-turn')), bankNo },
          { irreversible: true },
        ),
        unpaid: outcome('未收到', 'Unpaid', { ...why, nextPayout: must(field('instant', '下次返利日期', 'Date of the next payout')) }),
      },
    },
    'deduct-later': {
      title: t('从下期返利或保证金抵扣', 'Deduct it from the next rebate or the deposit'),
      who: ['finance-dept'],
      limit: { text: 'next payout', calendar: 'W', mark: 'default', dueFact: 'nextPayout' },
      outcomes: {
        deducted: outcome(
          '已抵扣',
          'Deducted',
          { from: must(choice('来源', 'From', 'rebate', 'deposit', 'in-turn')) },
          { irreversible: true },
        ),
      },
    },
  },
  route: ['request-correction', 'approve-correction', 'pay-supplement'],
  ends: { corrected: { title: t('已更正', 'Corrected') }, refused: { title: t('未更正', 'Refused') } },
  rules: [
    t('原返利保持不变，只补发或补收。', 'The original payout stays untouched; there is only a supplement or a claw-back.'),
    t('系统记录每次操作。', 'Every operation is kept.'),
    t(
      '补收从返利、预存、保证金子账户扣，依次（in-turn）或指定其一；余额不足时不能称已补收。',
      'A claw-back takes from rebate, prepaid and deposit account, in turn or from the one named; what they do not cover is not called collected.',
    ),
  ],
  differences: bankDifferences('pay-supplement', 'pay-supplement'),
})
