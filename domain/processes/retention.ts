/** P-34 客戶挽留: detect by model, warn, choose a scheme by value, track it, close it, evaluate it (Unicom 4.7). */
import { defineSpec } from '../order/spec.ts'
import { office, system } from './limits.ts'
import { choice, field, must, outcome, t, why } from './parts.ts'

const cost = field('money', '成本', 'Cost')
const scheme = field('text', '挽留方案', 'Scheme', { max: 100 })

export const retentionSpec = defineSpec({
  no: 'P-34',
  id: 'retention',
  family: 'customer',
  internal: 'also',
  title: t('客户挽留', 'Retention of customers about to leave'),
  input: {
    entry: choice('来源', 'Comes from', 'run', 'case', 'query', 'leave'),
    alarm: field('text', '告警编号', 'Alarm', { max: 100 }),
    signals: field('text', '预警信号', 'Signals'),
    campaign: field('text', '挽留活动', 'Campaign', { max: 100 }),
    model: field('text', '模型', 'Model', { max: 100 }),
    reason: field('text', '离网原因', 'Reason to leave', { max: 500 }),
    lossKind: field('text', '流失类型', 'Kind of loss', { max: 40 }),
    service: field('text', '业务号码', 'Number', { max: 100 }),
  },
  steps: {
    'detect-pre-churn': {
      title: t('预流失客户自动发现', 'Detect customers about to leave'),
      who: ['system'],
      automatic: 'long',
      limit: system.written('daily', '24h')('default'),
      outcomes: {
        found: outcome('已发现', 'Found', {
          customers: field('customers', '预流失客户', 'Customers to see to'),
          reasons: field('texts', '各客户预警原因', 'Why each of them'),
          alarm: field('text', '告警编号', 'Alarm'),
          signals: field('text', '预警信号', 'Signals'),
          looked: field('number', '检查客户数', 'Looked at'),
          alarmed: field('number', '告警数', 'Alarmed'),
          heldBack: field('number', '暂缓数', 'Held back'),
        }),
      },
    },
    'query-by-hand': {
      title: t('预流失客户的人工查询，决定是否告警', 'Query by hand, and decide on an alarm'),
      who: ['analyst'],
      implicitAccept: true,
      outcomes: {
        alarm: outcome('告警', 'Alarm', { signals: must(field('text', '预警信号', 'Signals')) }),
        'no-alarm': outcome('不告警', 'No alarm', why),
      },
    },
    'raise-alarm': {
      title: t('自动提出告警，派给客户经理', 'The alarm goes to the account manager'),
      who: ['account-manager'],
      acceptIs: 'accepted',
      limit: office.halfDay('default'),
      expiry: { effect: 'reroute', to: ['supervisor', 'kac-director'] },
      outcomes: { accepted: outcome('已接受', 'Accepted'), 'false-alarm': outcome('误报', 'False alarm', why) },
    },
    'choose-scheme': {
      title: t('根据客户价值选择挽留方案或制定新的挽留方案', 'Choose a scheme by the value of the customer'),
      who: ['account-manager'],
      heldBy: 'raise-alarm',
      limit: office.workingDays(1)('default'),
      outcomes: {
        'from-library': outcome('方案库中选取', 'From the library', { scheme: must(scheme), cost }),
        'new-scheme': outcome('新方案', 'A new scheme', {
          scheme: must(scheme),
          schemeText: must(field('text', '方案内容', 'What it offers')),
          cost: must(cost),
        }),
      },
    },
    'approve-scheme': {
      title: t('新方案审批（成本）', 'Approve the new scheme'),
      who: ['kac-director'],
      notBy: ['choose-scheme'],
      limit: office.workingDays(1)('default'),
      outcomes: { approved: outcome('同意', 'Approved'), rejected: outcome('不同意', 'Rejected', why) },
    },
    'carry-out': {
      title: t('执行并记录、跟踪', 'Carry it out'),
      who: ['account-manager'],
      heldBy: 'choose-scheme',
      limit: office.workingDays(3)('default'),
      outcomes: {
        'contact-made': outcome('已联系', 'Contact made', {
          contact: must(field('text', '联系情况', 'What was said')),
          attemptResult: must(choice('结果', 'Result', 'positive', 'undecided', 'negative', 'not-reached')),
          attemptCost: field('money', '花费', 'Spent'),
        }),
      },
    },
    'track-scheme': {
      title: t('跟踪', 'Track it'),
      who: ['account-manager'],
      heldBy: 'choose-scheme',
      limit: system.written('30 days', '720h')('default'),
      outcomes: {
        modify: outcome('修改方案', 'Modify the scheme', why),
        again: outcome('再次执行', 'Once more'),
        kept: outcome('已挽留', 'Kept'),
        lost: outcome('已流失', 'Lost'),
      },
    },
    'close-scheme': {
      title: t('关闭', 'Close it'),
      who: ['account-manager'],
      heldBy: 'choose-scheme',
      limit: office.workingDays(1)('default'),
      outcomes: { closed: outcome('已关闭', 'Closed', { finalCost: must(field('money', '总成本', 'Cost in all')) }) },
    },
    evaluate: {
      title: t('挽留效果评估（人工或自动）', 'Evaluate the effect'),
      who: ['analyst', 'system'],
      automatic: true,
      limit: system.workingDays(5)('default'),
      outcomes: {
        kept: outcome('已挽留', 'Kept', { days: field('number', '花费时长（天）', 'Days spent') }),
        lost: outcome('已流失', 'Lost'),
      },
    },
    'record-reason': {
      title: t('流失原因分析，原因知识库', 'Analyse the reason, and keep it'),
      who: ['account-manager'],
      limit: office.workingDays(2)('default'),
      outcomes: {
        recorded: outcome('已记录', 'Recorded', { churnReason: must(field('text', '流失原因', 'Reason of the loss')) }),
        'false-alarm': outcome('误报', 'False alarm', { churnReason: must(field('text', '误报原因', 'Why it was none')) }),
      },
    },
  },
  entries: [{ entry: 'query' }, { entry: 'run' }, { entry: 'case' }],
  route: ['detect-pre-churn', 'raise-alarm', 'choose-scheme', 'carry-out', 'track-scheme', 'close-scheme', 'evaluate'],
  ends: {
    kept: { title: t('已挽留', 'Kept') },
    lost: { title: t('已流失', 'Lost') },
    'no-action': { title: t('无需处理', 'No action') },
    'cases-opened': { title: t('已开立挽留个案', 'Run over all customers: its cases are opened') },
  },
  rules: [
    t('新方案进入方案库。', 'New schemes go into the library.'),
    t('评估指标：挽留次数、结果、最终结果、花费时长、成本。', 'Evaluation: attempts, results, final result, time spent, cost.'),
    t('每个客户同时只有一个挽留个案。', 'One open retention case for each customer.'),
    t(
      '模型是数据：话费异动30%、呼叫转移、一周内三次以上拨打客服、未结投诉（默认）。',
      'Models are data: charges changed by 30 %, calls forwarded elsewhere, three service calls a week, an open complaint (default).',
    ),
    t('半天内无人接受的告警上移主管。', 'An alarm that nobody has taken within half a day goes to the supervisor.'),
    t(
      '模型运行检查全部客户，按客户经理能力开立个案，其余列明。',
      'A run looks at all customers and opens as many cases as the account managers can take; the rest is named.',
    ),
  ],
  differences: [
    {
      step: 'detect-pre-churn',
      outcome: 'found',
      reason:
        'A run over all customers is an order of its own: it opens one case for each customer found and ends; the case begins with the alarm.',
    },
  ],
})
