/** P-57 統一結算: settle all agents of a market department for one billing period (Unicom 5.5.2). */
import { defineSpec } from '../order/spec.ts'
import { atOnce, office, system } from './limits.ts'
import { field, must, outcome, t, why } from './parts.ts'
import {
  bothReview,
  computedForm,
  department,
  kind,
  machineStep,
  machineWork,
  paysOut,
  period,
  reviewed,
  run,
  settlementRules,
} from './settlement.ts'

const failure = { errors: field('text', '差错', 'What went wrong') }

export const settlementUnifiedSpec = defineSpec({
  no: 'P-57',
  id: 'settlement-unified',
  family: 'settlement',
  internal: true,
  title: t('统一结算', 'Unified settlement run'),
  input: { department, period, kind },
  steps: {
    'open-run': {
      ...machineStep,
      title: t('开立结算批次', 'Open the run'),
      who: ['settlement-clerk'],
      outcomes: {
        opened: outcome('已开立', 'Opened', { run }),
        'already-open': outcome('已有批次', 'There is one already', { run }),
      },
    },
    'extract-users': {
      ...machineWork,
      title: t('用户信息提取（营帐系统/帐务系统，指定帐期）', 'Extract the users of the billing period'),
      limit: system.workingDays(1)('default'),
      outcomes: {
        complete: outcome('完整', 'Complete', { users: field('number', '用户数', 'Users') }),
        incomplete: outcome('不完整', 'Incomplete', why),
      },
    },
    'choose-schemes': {
      ...machineStep,
      title: t('首选方案有效？否则替代方案', 'First-choice scheme, or the substitute'),
      limit: atOnce('C'),
      outcomes: {
        'all-have-scheme': outcome('均有方案', 'All have a scheme', { agents: field('number', '代理商数', 'Agents') }),
        'some-without': outcome('部分无方案', 'Some have none', {
          agents: field('number', '代理商数', 'Agents'),
          without: field('text', '无方案的代理商', 'Agents without a scheme'),
        }),
      },
    },
    'compute-user-bills': {
      ...machineWork,
      title: t('用户结算帐单', 'Compute the bills of the users'),
      limit: system.workingDays(1)('default'),
      outcomes: { computed: outcome('已计算', 'Computed', computedForm), error: outcome('差错', 'Error', failure) },
    },
    'compute-agent-bills': {
      ...machineWork,
      title: t('代理商/分销商结算帐单', 'Compute the bills of the agents'),
      limit: system.workingDays(1)('default'),
      outcomes: { computed: outcome('已计算', 'Computed', computedForm), error: outcome('差错', 'Error', failure) },
    },
    'repair-run': {
      title: t('差错处理', 'Repair the run'),
      who: ['settlement-clerk'],
      limit: office.workingDays(2)('default'),
      outcomes: {
        repaired: outcome('已处理', 'Repaired', { repair: must(field('text', '处理情况', 'What was repaired')) }),
        stopped: outcome('停止结算', 'Stop the run', why),
      },
    },
    'review-bills': {
      title: t('审核', 'Review the bills'),
      who: ['market-dept', 'finance-dept'],
      notByStarter: true,
      limit: office.workingDays(3)('default'),
      joint: bothReview,
      outcomes: reviewed,
    },
    'close-run': {
      ...machineWork,
      title: t('结算完成，资源标记已结算，交返利', 'Close the run, mark what is settled, hand it to payout (P-62)'),
      limit: atOnce('C'),
      starts: paysOut('closed'),
      outcomes: {
        closed: outcome('已完成', 'Closed', { agents: field('agents', '代理商', 'Agents to be paid') }, { irreversible: true }),
      },
    },
  },
  route: ['open-run', 'extract-users', 'choose-schemes', 'compute-user-bills', 'compute-agent-bills', 'review-bills', 'close-run'],
  ends: {
    settled: { title: t('已结算', 'Settled') },
    stopped: { title: t('已停止', 'Stopped') },
    refused: { title: t('未开立', 'Refused') },
  },
  rules: [
    t('提取帐务信息是必经环节，须指定帐期；提取时间固定。', 'Extraction is compulsory and of one billing period; its instant is frozen.'),
    t('没有方案的代理商不参加结算，并逐一列出。', 'An agent without a scheme takes no part, and is named.'),
    t(
      '每个部门、帐期、对象只有一个批次，同时点击也一样。',
      'One run for each department, period and subject, even where two click at once.',
    ),
    t('结算人员不能审核自己开立的批次。', 'Nobody reviews a run that he has opened.'),
    t(
      '数据不完整时系统重试并显示，人员可接手。',
      'While data are missing the machine tries again and says so; a person may take the step over.',
    ),
    ...settlementRules,
  ],
})
