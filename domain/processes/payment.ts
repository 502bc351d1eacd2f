/** The half that P-06 and P-07 share: money and documents that match, the invoice, the customer's data, the service switched on. */
import type { FieldSpec, LimitSpec, StepSpec } from '../order/spec.ts'
import { field, must, outcome, t, why } from './parts.ts'

const amount = field('money', '应收金额', 'Amount due')

/** Facts that both processes take from their start. */
export const chargedInput = {
  contract: field('text', '合同', 'Contract', { max: 100 }),
  amount,
  wantedDate: field('instant', '希望开通日期', 'Wanted date'),
  account: field('text', '计费账户', 'Account to be charged', { max: 100 }),
  service: field('text', '业务号码', 'Number of the service', { max: 100 }),
  /** In place of payment, for customers of the red list: a supervisor's own act, at the start or later. */
  credit: field('boolean', '凭信用开通', 'Activate on credit', { by: 'supervisor' }),
} satisfies Record<string, FieldSpec>

/** What a supervisor may change in flight; both are looked at again when the documents are checked. */
export const chargedAmendments = { credit: 'finance-check', amount: 'finance-check' } as const

/** Credit counts for customers of the red list alone (P-06, open questions). */
const onCredit = {
  fact: 'tags',
  has: 'red-list',
  when: 'credit',
  otherwise: t('只有红名单客户可凭信用开通。', 'Only a customer of the red list may be activated on credit: collect the payment.'),
} as const

const paidWithout = (fact: string) => ({
  fact,
  unless: 'credit',
  otherwise: t(
    '没有主管批准的信用，须填写到账的流水号、金额和时间。',
    "Without a credit that a supervisor has granted, give the bank's number, the sum and the time of the payment.",
  ),
})

/** Money comes as a signal from the bank, or is entered by finance; each counts once by the bank's number. */
export const collectPayment = (zh: string, en: string, limit: LimitSpec) =>
  ({
    title: t(zh, en),
    shown: t('等待您付款', 'We wait for your payment'),
    who: ['finance-dept'],
    limit,
    awaits: { fact: 'payment', outcome: 'collected', idField: 'bankNo' },
    notify: [
      { on: 'open', to: 'customer', template: 'payment-asked' },
      { on: 'collected', to: 'customer', template: 'payment-received' },
    ],
    outcomes: {
      collected: outcome(
        '已收款',
        'Collected',
        {
          bankNo: field('text', '银行流水号', "Bank's number", { max: 64 }),
          paid: field('money', '到账金额', 'Sum received'),
          paidAt: field('instant', '到账时间', 'Time of the payment'),
        },
        { requires: [paidWithout('bankNo'), paidWithout('paid'), paidWithout('paidAt'), onCredit] },
      ),
    },
  }) satisfies StepSpec

/** 單款相符: what was paid is what the documents say, or stands on a credit that a supervisor has granted. */
export const financeCheck = (limit: LimitSpec) =>
  ({
    title: t('公司财务核对，单款相符？', 'Do documents and payment match?'),
    who: ['finance-dept'],
    limit,
    outcomes: {
      match: outcome('相符', 'Match', undefined, {
        requires: [
          { fact: 'amount', otherwise: t('应收金额未知，请退回修正。', 'The amount due is not known: have the documents corrected.') },
          {
            fact: 'paid',
            equals: 'amount',
            unless: 'credit',
            otherwise: t('到账金额与应收金额不符。', 'The sum received is not the amount due: it is a mismatch.'),
          },
          onCredit,
        ],
      }),
      mismatch: outcome('不相符', 'Mismatch', { difference: must(field('text', '差异说明', 'What differs')) }),
    },
  }) satisfies StepSpec

/** What the step after a mismatch may say; further money comes through the bank or is entered by finance. */
export const correction = {
  correction: must(field('text', '修正内容', 'What was corrected')),
  amount: field('money', '修正后的应收金额', 'Amount due, corrected'),
}

/** The third mismatch is a supervisor's to decide (P-06 rule 4). */
export const afterThirdMismatch = { on: 'finance-check=mismatch', times: 3, to: ['supervisor', 'kac-director'] } as const

export const issueInvoice = (limit: LimitSpec) =>
  ({
    title: t('向大客户出具发票', 'Issue the invoice'),
    who: ['finance-dept'],
    limit,
    notify: [{ on: 'issued', to: 'customer', template: 'invoice-issued' }],
    outcomes: {
      issued: outcome('已出具', 'Issued', {
        invoiceNo: must(field('text', '发票号码', 'Invoice number', { max: 60 })),
        invoiceAmount: field('money', '开票金额', 'Amount invoiced, where it is not the amount due'),
      }),
    },
  }) satisfies StepSpec

/** Customer and product record, entered before the service is switched on. */
export const customerData = {
  service: must(field('text', '业务号码（已有的或新建的）', 'Number of the service, existing or new', { max: 100 })),
  product: field('text', '产品', 'Product', { max: 100 }),
  numbers: field('resources', '号码/端口', 'Numbers and ports'),
  address: field('text', '装机地址', 'Address', { max: 200, personal: true }),
  contactPerson: field('text', '联系人', 'Contact person', { max: 100, personal: true }),
  contactPhone: field('text', '联系电话', "Contact's phone", { max: 40, personal: true }),
}

export const activateService = (limit: LimitSpec) =>
  ({
    title: t('正式开通业务', 'Put the service into operation'),
    shown: t('为您开通业务', 'Your service is switched on'),
    who: ['business-dept'],
    limit,
    notify: [{ on: 'activated', to: 'customer', template: 'service-activated' }],
    outcomes: {
      activated: outcome(
        '已开通',
        'Activated',
        {
          activatedAt: must(field('instant', '开通时间', 'Time of activation')),
          chargeFrom: field('instant', '起计费时间', 'Charged from, where it is not the activation'),
          paymentDate: field('instant', '交费日期', 'Date of payment agreed'),
        },
        // Billing begins here: neither the money nor the circuits come back by a withdrawal.
        { irreversible: true, settles: ['refund-payment', 'release-resources'] },
      ),
      failed: outcome('开通失败', 'Failed', why),
    },
  }) satisfies StepSpec

export const chargedRules = [
  t(
    '收款：银行到账通知（按银行流水号只计一次）或财务录入；通知早到的保留到收款环节。',
    "Payment: told by the bank (once, by the bank's number) or entered by finance; a notice that comes before the step is kept for it.",
  ),
  t(
    '单款相符方可开票：到账合计须等于应收金额；少付可补交，单据有误可修正。',
    'Document and payment must match before the invoice: the sum of what came in is the amount due; the rest may be paid later, wrong documents corrected.',
  ),
  t('第三次不相符由主管或中心总监处理。', 'After the third mismatch the correction is with a supervisor or the director of the centre.'),
  t(
    '红名单客户经主管批准（由主管本人在工单上授予，说明原因）可凭信用代替付款；收款环节由财务确认。',
    'For customers of the red list a supervisor may grant credit in place of payment, by his own act on the order and with a reason; finance confirms it at the collection.',
  ),
  t(
    '收款超期告知上级，并记录在案，可转催缴（P-32）。',
    'An overdue collection is told to the superior and stays on record, so that dunning (P-32) can take it up.',
  ),
  t(
    '开通前撤销：已收款项转退款，占用的号码、端口释放；开通后不可撤销。',
    'A withdrawal before activation refunds what was received and frees numbers and ports; after activation there is none.',
  ),
]
