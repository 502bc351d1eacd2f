/** P-33 大客戶離網處理流程: find out why, try to keep, settle, close, learn (Unicom 10.4.5, 4.7; the steps are inferred). */
import { defineSpec } from '../order/spec.ts'
import { atOnce, office, system } from './limits.ts'
import { choice, field, month, must, outcome, t, why } from './parts.ts'

export const lossKind = choice('流失类型', 'Kind of loss', 'removal', 'move', 'traffic-fallen', 'other-operator')

export const networkLeaveSpec = defineSpec({
  no: 'P-33',
  id: 'network-leave',
  family: 'customer',
  title: t('大客户离网处理流程', 'Leaving the network'),
  input: {
    kind: must(choice('申请', 'Request', 'booked', 'formal', 'own-finding')),
    lossKind,
    wantedDate: field('instant', '希望销户日期', 'Wanted date'),
    service: field('text', '业务号码', 'Number; without, the customer leaves wholly', { max: 100 }),
    reason: field('text', '离网原因', 'Reason', { max: 500 }),
  },
  steps: {
    'register-leave': {
      title: t('离网申请/预约销户', 'Register the request to leave'),
      shown: t('受理您的销户申请', 'Your request is taken in'),
      who: ['dispatcher', 'account-manager'],
      implicitAccept: true,
      limit: atOnce('W'),
      outcomes: { registered: outcome('已登记', 'Registered') },
    },
    'find-reason': {
      title: t('了解离网原因', 'Find out the reason'),
      who: ['account-manager'],
      limit: office.workingDays(1)('default'),
      outcomes: { found: outcome('已了解', 'Found', { ...why, lossKind: must(lossKind) }) },
    },
    'try-retention': {
      title: t('客户挽留', 'Try to keep the customer (runs P-34)'),
      who: ['account-manager'],
      limit: office.workingDays(5)('default'),
      child: {
        process: 'retention',
        take: ['reason', 'lossKind', 'service', 'customerGrade', 'tags', 'accountManager'],
        input: { entry: 'leave' },
        ends: { kept: 'kept', lost: 'lost', 'no-action': 'lost', 'cases-opened': 'lost', withdrawn: 'lost' },
      },
      outcomes: { kept: outcome('已挽留', 'Kept'), lost: outcome('未挽留', 'Lost') },
    },
    'settle-arrears': {
      title: t('费用、违约、积分清算', 'Settle charges, penalties and points'),
      shown: t('费用清算', 'Your charges are settled'),
      who: ['finance-dept'],
      limit: office.workingDays(5)('default'),
      outcomes: {
        settled: outcome('已结清', 'Settled', { settlement: field('text', '清算情况', 'Settlement') }),
        unpaid: outcome('未付清', 'Unpaid', {
          amount: must(field('money', '欠费金额', 'Amount owed')),
          period: must(month('帐期', 'Billing period')),
          dueDate: must(field('instant', '缴费截止日', 'Due date')),
        }),
      },
    },
    'start-dunning': {
      title: t('转欠费处理', 'Dun the arrears (runs P-32)'),
      who: ['finance-dept'],
      child: {
        process: 'arrears-dunning',
        take: ['amount', 'period', 'dueDate', 'customerGrade', 'tags', 'accountManager'],
        ends: { closed: 'closed', withdrawn: 'closed' },
      },
      outcomes: { closed: outcome('已了结', 'Closed') },
    },
    'formal-cancel': {
      title: t('正式销户，拆机', 'Cancel formally, and remove'),
      shown: t('正式销户', 'Your service is cancelled'),
      who: ['business-dept'],
      limit: office.workingDays(2)('default'),
      notify: [{ on: 'cancelled', to: 'customer', template: 'service-cancelled' }],
      outcomes: {
        cancelled: outcome('已销户', 'Cancelled', { cancelledAt: must(field('instant', '销户时间', 'Time')) }, { irreversible: true }),
        failed: outcome('未成功', 'Failed', why),
      },
    },
    'release-resources': {
      title: t('释放号码、电路、设备', 'Release numbers, circuits and equipment'),
      who: ['business-dept'],
      limit: office.workingDays(5)('default'),
      outcomes: {
        released: outcome('已释放', 'Released', {
          released: field('resources', '释放的资源', 'Resources released'),
          remark: field('text', '设备', 'Equipment'),
        }),
      },
    },
    'deregister-customer': {
      title: t('注销客户，转历史客户', 'Move the customer to history (P-27)'),
      who: ['system'],
      automatic: true,
      limit: system.workingDays(1)('default'),
      outcomes: { done: outcome('已处理', 'Done', { remains: field('boolean', '仍为客户', 'Remains a customer') }) },
    },
    'record-churn-reason': {
      title: t('流失原因记录入库', 'Keep the reason of the loss'),
      who: ['account-manager'],
      limit: office.workingDays(2)('default'),
      outcomes: {
        recorded: outcome('已入库', 'Recorded', {
          lossKind: must(lossKind),
          churnReason: must(field('text', '流失原因', 'Reason of the loss')),
        }),
      },
    },
  },
  route: [
    'register-leave',
    'find-reason',
    'try-retention',
    'settle-arrears',
    'formal-cancel',
    'release-resources',
    'deregister-customer',
    'record-churn-reason',
  ],
  ends: { left: { title: t('已离网', 'Left') }, kept: { title: t('已挽留', 'Kept') } },
  rules: [
    t('正式销户前可撤销预约。', 'A booked cancellation may be withdrawn until the formal one.'),
    t('只销部分号码的仍为客户。', 'Who gives up single numbers only stays a customer.'),
    t(
      '先挽留、结清，再销户、释放资源、转历史。',
      'Kept if possible, then settled, cancelled, its resources released, and moved to history.',
    ),
  ],
})
