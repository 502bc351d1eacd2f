/** P-32 大客戶欠費處理流程: charge notice, warning, dunning in rising steps, credit consequence (Unicom 6.6, 10.4.4). */
import { defineSpec } from '../order/spec.ts'
import { atOnce, office, system } from './limits.ts'
import { field, month, must, outcome, t, why } from './parts.ts'

const paid = outcome('已付款', 'Paid', { bankNo: field('text', '银行流水号', "Bank's number", { max: 64 }) })
/** A payment at any moment ends dunning, once it covers what is due. */
const endsByPayment = (result: string) => ({ awaits: { fact: 'payment', outcome: result, idField: 'bankNo', covers: 'amount' } }) as const
const promised = { promisedAt: must(field('instant', '承诺付款日期', 'Date promised')) }

export const arrearsDunningSpec = defineSpec({
  no: 'P-32',
  id: 'arrears-dunning',
  family: 'customer',
  title: t('大客户欠费处理流程', 'Arrears and dunning'),
  input: {
    account: field('text', '付费账户', 'Paying account', { max: 60 }),
    amount: must(field('money', '应收金额', 'Amount due')),
    period: must(month('帐期', 'Billing period')),
    dueDate: must(field('instant', '缴费截止日', 'Due date of the bill')),
    billNo: field('text', '账单编号', 'Bill', { max: 60 }),
    contract: field('text', '合同', 'Contract', { max: 100 }),
  },
  steps: {
    'check-account': {
      title: t('查询合同情况、客户类型、信用度、通信费用', 'Look at contract, customer type, credit and charges'),
      who: ['group-dept'],
      limit: office.workingDays(1)('default'),
      outcomes: { charge: outcome('未到期，通知收费', 'Not due yet: send the charge'), overdue: outcome('已逾期', 'Overdue') },
    },
    'send-charge-notice': {
      title: t('向财务部门或催缴中心传递收费通知', 'Send the charge notice'),
      who: ['group-dept'],
      ...endsByPayment('paid'),
      limit: { text: 'due date of the bill', calendar: 'W', mark: 'default', dueFact: 'dueDate' },
      expiry: { effect: 'outcome', outcome: 'unpaid-at-due' },
      notify: [{ on: 'open', to: 'customer', template: 'charge-notice' }],
      outcomes: { paid, 'unpaid-at-due': outcome('到期未付', 'Unpaid at the due date') },
    },
    'warn-departments': {
      title: t('欠费预警', 'Warn of the arrears'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      notify: [{ on: 'warned', to: 'account-manager', template: 'arrears-warning' }],
      outcomes: { warned: outcome('已预警', 'Warned', { warned: field('units', '预警部门', 'Departments warned') }) },
    },
    'record-arrears': {
      title: t('欠费信息记录到客户资料', "Enter the arrears in the customer's record"),
      who: ['system'],
      automatic: true,
      limit: atOnce('C'),
      outcomes: { recorded: outcome('已记录', 'Recorded') },
    },
    'dun-by-machine': {
      title: t('机器催缴', 'Dun by machine'),
      who: ['dunning-centre'],
      waits: true,
      ...endsByPayment('paid'),
      limit: system.written('7 days, 3 times', '168h')('default', { ladder: 'machine-dunning' }),
      expiry: { effect: 'outcome', outcome: 'unpaid' },
      notify: [{ on: 'open', to: 'account-manager', template: 'care-contact' }],
      outcomes: { paid, unpaid: outcome('未付', 'Unpaid') },
    },
    'dun-by-person': {
      title: t('人工催缴（客户经理配合）', 'Dun in person'),
      who: ['account-manager', 'dunning-centre'],
      ...endsByPayment('paid'),
      limit: system.written('10 days', '240h')('default'),
      expiry: { effect: 'outcome', outcome: 'unpaid' },
      outcomes: {
        paid,
        promise: outcome('承诺付款', 'Promised', promised),
        unpaid: outcome('未付', 'Unpaid', { contacts: field('number', '催缴次数', 'Contacts made', { max: 100 }) }),
      },
    },
    'wait-promise': {
      title: t('缓缴承诺', 'Wait for the promised payment'),
      who: ['account-manager'],
      ...endsByPayment('paid'),
      limit: { text: 'promised date', calendar: 'W', mark: 'default', dueFact: 'promisedAt' },
      expiry: { effect: 'outcome', outcome: 'broken' },
      outcomes: { paid, broken: outcome('未履行', 'Broken') },
    },
    'decide-restriction': {
      title: t('是否停机/法务', 'Restrict the service, or take legal steps?'),
      who: ['kac-director'],
      limit: office.workingDays(3)('default'),
      outcomes: {
        restrict: outcome('停机', 'Restrict', why),
        extend: outcome('延期', 'Extend', promised),
        legal: outcome('法务', 'Legal steps', why),
      },
    },
    'restrict-service': {
      title: t('欠费停机（营帐接口）', 'Restrict the service and wait'),
      shown: t('业务因欠费暂停', 'Your service is restricted for arrears'),
      who: ['system'],
      automatic: true,
      waits: true,
      ...endsByPayment('paid'),
      limit: system.written('30 days', '720h')('default'),
      expiry: { effect: 'outcome', outcome: 'unpaid' },
      notify: [{ on: 'open', to: 'customer', template: 'service-restricted' }],
      outcomes: { paid, unpaid: outcome('未付', 'Unpaid') },
    },
    'restore-service': {
      title: t('复机', 'Restore the service'),
      shown: t('业务恢复', 'Your service is restored'),
      who: ['system'],
      automatic: true,
      limit: system.hours(2)('default'),
      notify: [{ on: 'restored', to: 'customer', template: 'service-restored' }],
      outcomes: { restored: outcome('已恢复', 'Restored') },
    },
    'hand-to-legal': {
      title: t('法务/坏账', 'Legal steps, or bad debt'),
      who: ['vp-in-charge'],
      ...endsByPayment('recovered'),
      limit: system.written('90 days', '2160h')('default'),
      outcomes: {
        recovered: outcome('已追回', 'Recovered', { bankNo: field('text', '银行流水号', "Bank's number", { max: 64 }) }),
        'written-off': outcome('核销坏账', 'Written off', why, { irreversible: true }),
      },
    },
    'feed-back-payment': {
      title: t('财务部门反馈交费情况', 'Finance feeds the payment back'),
      who: ['finance-dept'],
      limit: office.workingDays(1)('default'),
      outcomes: { 'fed-back': outcome('已反馈', 'Fed back', { remark: field('text', '说明', 'Remark') }) },
    },
    'adjust-credit': {
      title: t('调整信用度', 'Adjust the credit (runs P-31)'),
      who: ['system'],
      limit: system.workingDays(1)('default'),
      child: {
        process: 'credit-review',
        take: ['account', 'customerGrade', 'tags', 'accountManager'],
        input: { occasion: 'arrears' },
        brings: ['creditClass', 'creditLimit'],
        ends: { set: 'adjusted', withdrawn: 'adjusted' },
      },
      outcomes: { adjusted: outcome('已调整', 'Adjusted') },
    },
  },
  route: ['check-account', 'send-charge-notice', 'feed-back-payment', 'adjust-credit'],
  ends: { closed: { title: t('已了结', 'Closed: paid or written off') } },
  rules: [
    t('任何时候足额付款即结束催缴（银行通知）。', 'A payment that covers the amount ends dunning at any moment (told by the bank).'),
    t('未经人员决定不得对大客户停机（默认）。', "A key account is never restricted without a person's decision (default)."),
    t(
      '机器催缴七天三次；人工催缴十天；停机三十天；法务九十天（默认）。',
      'Three machine notices in 7 days, 10 days in person, 30 days of restriction, 90 days of legal steps (default).',
    ),
    t('每次催缴联系均计数；逾期扣减积分（记录）。', 'Every dunning contact is counted; points deducted for late payment are recorded.'),
  ],
})
