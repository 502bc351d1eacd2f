/** P-37 異常客戶信息管理: list abnormal customers, track each for a time, decide whether it is normal (Telecom 3.2.1.8). */
import { defineSpec } from '../order/spec.ts'
import { office, system } from './limits.ts'
import { choice, field, month, must, outcome, t, why } from './parts.ts'

const abnormal = choice('异常类型', 'Kind', 'high-consumption', 'low-consumption', 'calling-behaviour', 'low-credit', 'arrears')

export const abnormalCustomerTrackingSpec = defineSpec({
  no: 'P-37',
  id: 'abnormal-customer-tracking',
  family: 'customer',
  internal: 'also',
  title: t('异常客户信息管理', 'Abnormal customers'),
  input: {
    entry: choice('来源', 'Comes from', 'run', 'case'),
    abnormal,
    signals: field('text', '异常情况', 'What is abnormal'),
    service: field('text', '业务号码', 'Number', { max: 100 }),
  },
  steps: {
    'generate-abnormal': {
      title: t('异常客户生成（自动/人工）', 'List the abnormal customers'),
      who: ['system', 'analyst'],
      automatic: 'long',
      limit: system.written('monthly', '720h')('default'),
      outcomes: {
        generated: outcome('已生成', 'Generated', {
          customers: field('customers', '异常客户', 'Customers to see to'),
          reasons: field('texts', '各客户预警原因', 'Why each of them'),
          abnormal,
          signals: field('text', '异常情况', 'What is abnormal'),
          looked: field('number', '检查客户数', 'Looked at'),
        }),
      },
    },
    'confirm-abnormal': {
      title: t('确定', 'Confirm'),
      who: ['analyst'],
      limit: office.workingDays(3)('default'),
      outcomes: { confirmed: outcome('确认异常', 'Confirmed', { abnormal: must(abnormal) }), removed: outcome('剔除', 'Removed', why) },
    },
    'track-abnormal': {
      title: t('跟踪一段时间', 'Track for a time'),
      who: ['account-manager', 'system'],
      heldBy: 'track-abnormal',
      limit: system.written('30 days', '720h')('default'),
      outcomes: {
        normal: outcome('正常', 'Normal', { finding: field('text', '跟踪结果', 'Finding') }),
        abnormal: outcome('异常', 'Abnormal', { finding: must(field('text', '跟踪结果', 'Finding')) }),
        unclear: outcome('不明，继续跟踪', 'Unclear: track on', { finding: field('text', '跟踪结果', 'Finding') }),
      },
    },
    'take-measure': {
      title: t('针对性策略', 'Take a measure (P-31, P-32, P-34)'),
      who: ['account-manager'],
      heldBy: 'track-abnormal',
      limit: office.workingDays(5)('default'),
      starts: [
        {
          on: 'done',
          process: 'credit-review',
          whenField: 'reviewCredit',
          take: ['accountManager', 'customerGrade', 'tags'],
          input: { occasion: 'blemish' },
        },
        {
          on: 'done',
          process: 'retention',
          whenField: 'retain',
          take: ['signals', 'accountManager', 'customerGrade', 'tags'],
          input: { entry: 'leave' },
        },
        {
          on: 'done',
          process: 'arrears-dunning',
          whenField: 'dun',
          take: ['amount', 'period', 'dueDate', 'accountManager', 'customerGrade', 'tags'],
        },
      ],
      outcomes: {
        done: outcome('已处理', 'Done', {
          measure: must(field('text', '措施', 'Measure')),
          reviewCredit: field('boolean', '信用评定（P-31）', 'Review the credit (P-31)'),
          retain: field('boolean', '客户挽留（P-34）', 'Retention (P-34)'),
          dun: field('boolean', '欠费催缴（P-32）', 'Dun the arrears (P-32)'),
          amount: field('money', '欠费金额', 'Amount owed', { requiredWith: 'dun' }),
          period: { ...month('帐期', 'Billing period'), requiredWith: 'dun' },
          dueDate: field('instant', '缴费截止日', 'Due date', { requiredWith: 'dun' }),
        }),
      },
    },
  },
  entries: [{ entry: 'run' }, { entry: 'case' }],
  route: ['generate-abnormal', 'confirm-abnormal', 'track-abnormal'],
  ends: {
    normal: { title: t('正常', 'Normal') },
    handled: { title: t('已处理', 'Handled') },
    'cases-opened': { title: t('已开立跟踪个案', 'Run over all customers: its cases are opened') },
  },
  rules: [
    t('自动或人工建立；每个客户一张子工单。', 'Made by the machine or by a person; one order for each customer.'),
    t('阈值是数据。', 'Thresholds are data.'),
  ],
  differences: [
    {
      step: 'generate-abnormal',
      outcome: 'generated',
      reason:
        'A run over all customers is an order of its own: it opens one case for each customer listed and ends; the case begins with the confirmation.',
    },
  ],
})
