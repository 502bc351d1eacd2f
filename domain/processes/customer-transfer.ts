/** P-10 大客戶服務轉接流程: each month take over customers who grew large in other departments (Unicom 10.2.3). */
import { defineSpec } from '../order/spec.ts'
import { atOnce, office } from './limits.ts'
import { field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

const month = field('text', '月份（如2026-01）', 'Month, as 2026-01', { max: 7 })
const customers = field('customers', '大客户名单', 'Customers')

export const customerTransferSpec = defineSpec({
  no: 'P-10',
  id: 'customer-transfer',
  family: 'customer',
  title: t('大客户服务转接流程', 'Key-account service transfer'),
  input: {
    departments: must(field('units', '上交报表的部门', 'Departments that report')),
    month,
    /** Children only: one transferred customer each, with who looks after him now. */
    planned: field('boolean', '名单已确定', 'The list exists already'),
    customers,
    person: field('person', '客户经理', 'Account manager'),
  },
  steps: {
    'submit-monthly-report': {
      title: t('其它业务部门上交月度发展用户通信费用报表', 'The department submits its monthly report'),
      who: ['business-dept'],
      keyIs: 'unit',
      limit: office.halfDay('inferred'),
      outcomes: {
        submitted: outcome('已上交', 'Submitted', {
          month: must(month),
          lines: must(
            field(
              'text',
              '报表明细（每行以半角逗号分隔）：用户、号码、月份、费用（分）、在网月数',
              'Lines of the report: user, number, month, charges in fen, months on the network',
              { max: LONG_TEXT },
            ),
          ),
        }),
      },
    },
    'screen-customers': {
      title: t('业务代表按规则从报表中筛选大客户用户', 'Screen the report for key accounts by the rule'),
      who: ['business-rep'],
      advice: 'screening',
      // Who decides a dispute is not drawn; the group department does (P-10, open questions).
      climbs: { on: 'submit-list=disputed', times: 1, to: ['group-dept'] },
      limit: office.halfDay('inferred'),
      outcomes: {
        found: outcome('已筛选出', 'Found', { customers: must(customers), remark: field('text', '筛选说明', 'Remark') }),
        none: outcome('无符合条件的用户', 'None', { remark: field('text', '筛选说明', 'Remark') }),
      },
    },
    'submit-list': {
      title: t('向其它业务部门递交被选中的大客户名单', 'Submit the list to the department'),
      who: ['business-rep'],
      heldBy: 'screen-customers',
      limit: office.hours(1)('inferred'),
      outcomes: {
        agreed: outcome('部门同意', 'Agreed', { agreedBy: field('text', '部门确认人', 'Who agreed for the department', { max: 100 }) }),
        disputed: outcome('部门有异议', 'Disputed', why),
      },
    },
    'transfer-data': {
      title: t('将该客户资料转入大客户资料库', "Transfer the customers' data to the key-account centre"),
      who: ['kac-staff'],
      limit: office.hours(1)('inferred'),
      outcomes: {
        transferred: outcome('已转入', 'Transferred', {
          // A transferred customer has an account manager before the first contact.
          accountManager: must(field('person', '客户经理', 'Account manager')),
        }),
      },
    },
    'first-contact': {
      title: t('与新转入的大客户进行首次联系', 'First contact with the transferred customer'),
      shown: t('您的客户经理与您联系', 'Your account manager contacts you'),
      who: ['account-manager'],
      // The child's start names the account manager; whoever has tried once goes on.
      offerFrom: 'transfer-data',
      heldBy: 'first-contact',
      limit: office.halfDay('inferred'),
      outcomes: {
        contacted: outcome('已联系', 'Contacted', { contact: must(field('text', '联系情况', 'What was said')) }),
        'not-reachable': outcome('联系不上', 'Not reachable', { tried: field('text', '联系情况', 'What was tried') }),
      },
    },
    'start-return-visit': {
      title: t('接大客户回访流程', 'Start the return visit'),
      who: ['system'],
      automatic: true,
      limit: atOnce('C'),
      starts: [
        {
          on: 'started',
          process: 'return-visit',
          take: ['customers', 'person'],
          input: { occasion: 'service-transferred' },
        },
      ],
      outcomes: { started: outcome('已发起', 'Started', { handedOver: field('number', '移交的在途工单数', 'Open orders handed over') }) },
    },
  },
  route: ['submit-monthly-report', 'screen-customers', 'submit-list', 'transfer-data', 'first-contact', 'start-return-visit'],
  ends: {
    transferred: { title: t('已转入', 'Transferred') },
    'none-found': { title: t('无可转入客户', 'None found') },
  },
  rules: [
    t(
      '每个上交报表的部门一个分支；每个转入的客户一张子工单，不等其它部门。',
      'One branch for each reporting department, one child order for each transferred customer; neither waits for another department.',
    ),
    t(
      '筛选规则（费用、在网时长）是带版本的数据；系统按工单开始时的版本提出名单，业务代表确认。',
      'Screening rules (charges, time on the network) are versioned data; the machine proposes by the version of the start, the business representative confirms.',
    ),
    t(
      '报表中无法识别的行逐行列出，不静默丢弃。',
      'Lines of a report that cannot be read, and users who are no customer, are listed one by one; none is dropped in silence.',
    ),
    t('转入的客户在首次联系前必须已有客户经理。', 'A transferred customer has an account manager before the first contact.'),
    t(
      '部门对名单有异议的，由集团客户部决定（默认）。',
      'Where a department disputes the list, the group-customer department decides (default).',
    ),
    t(
      '在途的工单和投诉随客户转给新的客户经理（默认）。',
      "The customer's open orders and complaints move with him to the new account manager (default).",
    ),
    t(
      '两个部门都报了同一客户的，只转入一次，由先转入者为准。',
      'A customer whom two departments report is transferred once, by whoever comes first.',
    ),
    t('超时未上交的部门列入主管的清单。', "A department that has not reported in time is named in the supervisor's list."),
    t(
      '记录：报表、筛选结果及规则版本、名单、转接记录（从何处、到何处、日期）、首次联系。',
      'Kept: report, screening with the version of its rule, list, transfer (from, to, date), first contact.',
    ),
  ],
})
