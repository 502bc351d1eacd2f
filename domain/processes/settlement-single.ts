/** P-58 單個分銷商結算: the settlement of one agent (Unicom 5.5.2). */
import { defineSpec } from '../order/spec.ts'
import { atOnce, office, system } from './limits.ts'
import { field, must, outcome, t, why } from './parts.ts'
import {
  agent,
  bothReview,
  computedForm,
  kind,
  machineStep,
  machineWork,
  paysOut,
  period,
  reviewed,
  run,
  settlementRules,
} from './settlement.ts'

export const settlementSingleSpec = defineSpec({
  no: 'P-58',
  id: 'settlement-single',
  family: 'settlement',
  internal: true,
  title: t('单个分销商结算', 'Settlement of one agent'),
  input: { agent: must(agent), period, kind },
  steps: {
    'open-run': {
      ...machineStep,
      title: t('开立', 'Open the run'),
      who: ['settlement-clerk'],
      outcomes: {
        opened: outcome('已开立', 'Opened', { run }),
        'already-settled': outcome('已结算', 'Settled already', { run }),
      },
    },
    'extract-users': {
      ...machineWork,
      title: t('提取单个代理商所属用户信息', "Extract the agent's users"),
      limit: system.hours(1)('default'),
      outcomes: {
        complete: outcome('完整', 'Complete', { users: field('number', '用户数', 'Users') }),
        incomplete: outcome('不完整', 'Incomplete', why),
      },
    },
    'choose-scheme': {
      ...machineStep,
      title: t('首选/替代方案', 'First-choice scheme, or the substitute'),
      limit: atOnce('C'),
      outcomes: {
        found: outcome('有方案', 'Found', { scheme: field('text', '方案', 'Scheme', { max: 100 }) }),
        none: outcome('无方案', 'None'),
      },
    },
    'compute-bills': {
      ...machineWork,
      title: t('用户及代理商结算帐单', 'Compute the bills of users and agent'),
      limit: system.hours(1)('default'),
      outcomes: {
        computed: outcome('已计算', 'Computed', computedForm),
        error: outcome('差错', 'Error', { errors: field('text', '差错', 'What went wrong') }),
      },
    },
    'review-bills': {
      title: t('审核', 'Review the bills'),
      who: ['market-dept', 'finance-dept'],
      notByStarter: true,
      limit: office.workingDays(2)('default'),
      joint: bothReview,
      outcomes: reviewed,
    },
    'close-run': {
      ...machineWork,
      title: t('完成，交返利', 'Close the run, hand it to payout (P-62)'),
      limit: atOnce('C'),
      starts: paysOut('closed'),
      outcomes: {
        closed: outcome('已完成', 'Closed', { agents: field('agents', '代理商', 'Agents to be paid') }, { irreversible: true }),
      },
    },
  },
  route: ['open-run', 'extract-users', 'choose-scheme', 'compute-bills', 'review-bills', 'close-run'],
  ends: {
    settled: { title: t('已结算', 'Settled') },
    stopped: { title: t('已停止', 'Stopped') },
    refused: { title: t('未结算', 'Refused') },
  },
  rules: [
    t('单独结算过的代理商不再参加同帐期的统一结算。', 'An agent settled singly is left out of the unified run of the same period.'),
    ...settlementRules,
  ],
})
