/** P-31 信用度設置與變更: a credit class and limit for each paying account, again and again (Unicom 2.3, 6.6). */
import { defineSpec } from '../order/spec.ts'
import { atOnce, office, system } from './limits.ts'
import { choice, field, must, outcome, t, why } from './parts.ts'

/** 紅名單、灰名單、黑名單. */
export const creditClass = choice('信用等级', 'Class', 'red', 'grey', 'black')
const rated = {
  creditClass: must(creditClass),
  creditLimit: must(field('money', '信用额度', 'Limit')),
  points: field('number', '得分', 'Points'),
  ruleVersion: field('number', '规则版本', 'Version of the rule'),
  grounds: field('text', '评定依据', 'Grounds'),
}

export const creditReviewSpec = defineSpec({
  no: 'P-31',
  id: 'credit-review',
  family: 'customer',
  title: t('信用度设置与变更', 'Credit setting and change'),
  input: {
    account: field('text', '付费账户', 'Paying account', { max: 60 }),
    occasion: must(choice('触发', 'Occasion', 'new-account', 'schedule', 'payment', 'arrears', 'blemish')),
    blemish: choice('不良记录', 'Blemish', 'arrears-stop', 'misuse', 'damage'),
  },
  steps: {
    'collect-factors': {
      title: t('收集影响因素', 'Collect the factors'),
      who: ['system'],
      automatic: true,
      limit: atOnce('C'),
      outcomes: {
        collected: outcome('已收集', 'Collected', { factors: field('text', '影响因素', 'Factors'), previousClass: creditClass }),
      },
    },
    'score-credit': {
      title: t('评分模型（无模型时人工）', 'Score by the model'),
      who: ['system'],
      automatic: true,
      limit: atOnce('C'),
      outcomes: { scored: outcome('已评分', 'Scored', rated), 'no-model': outcome('无模型', 'No model', why) },
    },
    'set-by-hand': {
      title: t('人工按规则设定与变更', 'Set it by hand, by the rules'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      outcomes: { set: outcome('已设定', 'Set', { ...rated, grounds: must(rated.grounds) }) },
    },
    'approve-credit': {
      title: t('审批（变更较大时）', 'Approve a large change'),
      who: ['kac-director'],
      notBy: ['set-by-hand'],
      // Two steps, or onto the black list (default); what is less is not asked.
      onlyWhen: { any: [{ creditClass: 'black' }, { creditClass: 'red', previousClass: 'black' }], otherwise: 'not-needed' },
      limit: office.workingDays(1)('default'),
      outcomes: {
        approved: outcome('同意', 'Approved'),
        rejected: outcome('不同意', 'Rejected', why),
        'not-needed': outcome('无需审批', 'Not needed'),
      },
    },
    'apply-credit': {
      title: t('传递到专业计费与综合营帐系统，进行信用控制', 'Hand it to billing, which controls the credit'),
      who: ['system'],
      automatic: true,
      limit: system.hours(1)('default'),
      outcomes: { applied: outcome('已传递', 'Applied'), failed: outcome('传递失败', 'Failed', why) },
    },
  },
  route: ['collect-factors', 'score-credit', 'approve-credit', 'apply-credit'],
  results: ['creditClass', 'creditLimit'],
  ends: { set: { title: t('已设定', 'Set') } },
  rules: [
    t('信用度以付费账户为单位；开通前须有初始等级。', 'Credit belongs to the paying account; none is activated without a first class.'),
    t(
      '等级变动两级或列入黑名单须总监审批（默认）。',
      'A change by two classes, or onto the black list, is approved by the director (default).',
    ),
    t('评定人、依据、规则版本和每次操作均记录。', 'Rater, grounds, version of the rule and every operation are kept.'),
  ],
})
