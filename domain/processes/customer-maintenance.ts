/** P-35 客戶維系: react to abnormal charges of the month before a customer thinks of leaving (Unicom 4.6). */
import { defineSpec } from '../order/spec.ts'
import { office, system } from './limits.ts'
import { choice, field, must, outcome, t, why } from './parts.ts'

export const customerMaintenanceSpec = defineSpec({
  no: 'P-35',
  id: 'customer-maintenance',
  family: 'customer',
  internal: 'also',
  title: t('客户维系', 'Maintenance of mid and high-end customers'),
  input: {
    entry: choice('来源', 'Comes from', 'run', 'case'),
    deviation: field('number', '波动（%）', 'Deviation in percent'),
    signals: field('text', '异常情况', 'What is abnormal'),
  },
  steps: {
    'detect-fluctuation': {
      title: t('话费异常波动预警', 'Detect abnormal charges'),
      who: ['system'],
      automatic: 'long',
      limit: system.written('daily', '24h')('default'),
      outcomes: {
        found: outcome('有异常', 'Found', {
          customers: field('customers', '异常客户', 'Customers to see to'),
          reasons: field('texts', '各客户预警原因', 'Why each of them'),
          signals: field('text', '异常情况', 'What is abnormal'),
          looked: field('number', '检查客户数', 'Looked at'),
        }),
        none: outcome('无异常', 'None'),
      },
    },
    'contact-customer': {
      title: t('与客户沟通', 'Talk to the customer'),
      who: ['account-manager'],
      heldBy: 'contact-customer',
      limit: office.workingDays(2)('default'),
      outcomes: {
        'reason-known': outcome('已知原因', 'The reason is known', why),
        'no-problem': outcome('无问题', 'No problem', { remark: field('text', '说明', 'Remark') }),
        'not-reachable': outcome('联系不上', 'Not reachable'),
      },
    },
    'propose-solution': {
      title: t('提出有针对性的解决方案', 'Propose a solution'),
      who: ['account-manager'],
      heldBy: 'contact-customer',
      limit: office.workingDays(2)('default'),
      outcomes: {
        accepted: outcome('客户接受', 'Accepted', {
          solution: must(field('text', '解决方案', 'Solution')),
          nextBill: must(field('instant', '下一账单日', 'Date of the next bill')),
        }),
        declined: outcome('客户不接受', 'Declined', { ...why, solution: must(field('text', '解决方案', 'Solution')) }),
      },
    },
    'follow-up': {
      title: t('跟进', 'Follow up'),
      who: ['account-manager'],
      heldBy: 'contact-customer',
      limit: { text: 'next bill', calendar: 'W', mark: 'default', dueFact: 'nextBill' },
      outcomes: { normal: outcome('恢复正常', 'Normal again'), again: outcome('仍异常', 'Abnormal again', why) },
    },
    'start-retention': {
      title: t('转客户挽留', 'Retention (runs P-34)'),
      who: ['system'],
      child: {
        process: 'retention',
        take: ['signals', 'reason', 'customerGrade', 'tags', 'accountManager'],
        input: { entry: 'leave' },
        ends: { kept: 'kept', lost: 'lost', 'no-action': 'kept', 'cases-opened': 'kept', withdrawn: 'lost' },
      },
      outcomes: { kept: outcome('已挽留', 'Kept'), lost: outcome('已流失', 'Lost') },
    },
  },
  entries: [{ entry: 'run' }, { entry: 'case' }],
  route: ['detect-fluctuation', 'contact-customer', 'propose-solution', 'follow-up'],
  ends: {
    settled: { title: t('已解决', 'Settled') },
    lost: { title: t('已流失', 'Lost') },
    'no-action': { title: t('无需处理', 'No action') },
    'cases-opened': { title: t('已开立维系个案', 'Run over all customers: its cases are opened') },
  },
  rules: [
    t('只针对中高端客户；标准服务与个性服务结合。', 'For middle and high-end customers only; standard and individual service together.'),
    t('当月话费偏离平均值30%（默认，数据）。', 'Charges of the month that deviate by 30 % from the average (default, data).'),
  ],
  differences: [
    {
      step: 'detect-fluctuation',
      outcome: 'found',
      reason:
        'A run over all customers is an order of its own: it opens one case for each customer found and ends; the case begins with the contact.',
    },
  ],
})
