/** P-07 數據業務開通流程: put a tested circuit into service, with the originating branch in the lead (Unicom 10.1.5). */
import { defineSpec } from '../order/spec.ts'
import { atOnce, office } from './limits.ts'
import { field, LONG_TEXT, must, outcome, t, why } from './parts.ts'
import {
  activateService,
  afterThirdMismatch,
  chargedAmendments,
  chargedInput,
  chargedRules,
  collectPayment,
  correction,
  customerData,
  financeCheck,
  issueInvoice,
} from './payment.ts'

const testReport = field('text', '联调报告', 'Test report', { max: LONG_TEXT })
const activationDate = field('instant', '约定的开通日期', 'Activation date agreed')

/** The originating branch (发端分公司), which the start names, stays with what one of its people has begun. */
const byBranch = { who: ['branch'], heldBy: 'confirm-activation-date', offerFrom: 'notify-departments' } as const

export const dataServiceActivationSpec = defineSpec({
  no: 'P-07',
  id: 'data-service-activation',
  family: 'order',
  title: t('数据业务开通流程', 'Activation of data services'),
  input: {
    ...chargedInput,
    contract: must(chargedInput.contract),
    unit: must(field('unit', '发端分公司', 'Originating branch')),
    farBranch: field('unit', '对端分公司', 'Branch of the far end'),
    /** The sub-order of the far end, which the originating branch's order runs. */
    farEnd: field('boolean', '对端子工单', 'Order of the far end alone'),
    siteA: must(field('text', 'A端地址', 'Site A', { max: 200, personal: true })),
    siteZ: must(field('text', 'Z端地址', 'Site Z', { max: 200, personal: true })),
    circuits: field('resources', '电路', 'Circuits'),
    testReport,
    product: field('text', '产品', 'Product', { max: 100 }),
  },
  steps: {
    'circuit-tested': {
      title: t('电路联调成功', 'The circuit has passed its test'),
      who: ['technical-dept'],
      implicitAccept: true,
      outcomes: {
        passed: outcome(
          '联调成功',
          'Passed',
          { testReport },
          {
            requires: [
              { fact: 'testReport', otherwise: t('开通前须有联调报告。', 'There is no activation without a test report: give it here.') },
            ],
          },
        ),
      },
    },
    'confirm-activation-date': {
      title: t('发端分公司同用户确认开通日期', 'Agree the activation date with the customer'),
      shown: t('与您确认开通日期', 'The activation date is agreed with you'),
      customer: {
        ask: t('请确认开通日期，或说明推迟到何时。', 'Please confirm the activation date, or say to when it should be put off.'),
        outcomes: ['confirmed', 'postponed'],
      },
      who: ['branch', 'customer'],
      heldBy: 'confirm-activation-date',
      offerFrom: 'notify-departments',
      limit: office.workingDays(1)('default'),
      notify: [{ on: 'open', to: 'customer', template: 'activation-date-asked' }],
      outcomes: {
        confirmed: outcome(
          '已确认',
          'Confirmed',
          { activationDate: must(activationDate) },
          {
            requires: [
              {
                fact: 'activationDate',
                notPast: true,
                otherwise: t('开通日期已过，请另约。', 'The date lies in the past: agree on a later one.'),
              },
            ],
          },
        ),
        postponed: outcome('推迟', 'Postponed', { ...why, wantedDate: field('instant', '希望开通日期', 'Wanted date') }),
      },
    },
    'fill-confirmation': {
      ...byBranch,
      title: t('发端分公司填写开通确认书', 'Write the activation confirmation'),
      limit: office.halfDay('default'),
      outcomes: {
        filled: outcome('已填写', 'Filled', {
          confirmation: must(field('text', '开通确认书编号', 'Number of the confirmation', { max: 60 })),
          signatory: must(field('text', '客户签字人', 'Who signed for the customer', { max: 100, personal: true })),
          confirmationFile: field('file', '开通确认书', 'Confirmation'),
        }),
      },
    },
    'hand-to-finance': {
      ...byBranch,
      title: t('合同及开通确认书交与财务', 'Hand contract and confirmation to finance'),
      limit: office.halfDay('default'),
      outcomes: {
        handed: outcome(
          '已移交',
          'Handed over',
          { contract: chargedInput.contract, amount: chargedInput.amount },
          {
            requires: [
              {
                fact: 'contract',
                otherwise: t('没有合同不得开通：请填写已签定的合同。', 'No contract, no activation: name the signed contract.'),
              },
              { fact: 'confirmation', otherwise: t('先填写开通确认书。', 'Write the activation confirmation first.') },
            ],
          },
        ),
      },
    },
    'collect-payment': collectPayment(
      '通知财务部门按合同收款',
      'Finance collects the payment by the contract',
      office.written('3.5 days', '28h')('default'),
    ),
    'finance-check': financeCheck(office.written('2 h', '2h')('default')),
    recheck: {
      title: t('重新核对', 'Check documents and payment again'),
      who: ['finance-dept', 'branch'],
      climbs: afterThirdMismatch,
      limit: office.written('2 h', '2h')('default'),
      outcomes: { rechecked: outcome('已重新核对', 'Rechecked', correction) },
    },
    'issue-invoice': issueInvoice(office.written('1 h', '1h')('default')),
    'enter-customer-data': {
      ...byBranch,
      title: t('录入客户资料', "Enter the customer's data"),
      limit: office.written('10 min', '10m')('default'),
      outcomes: { entered: outcome('已录入', 'Entered', customerData) },
    },
    // Of the far end's order the start names the unit: no other step has named one there.
    'activate-service': { ...activateService(office.written('30 min', '30m')('default')), offerFrom: 'circuit-tested' },
    'notify-departments': {
      ...byBranch,
      title: t('通知相关部门', 'Tell the departments concerned'),
      limit: atOnce('W'),
      notify: [{ on: 'notified', to: 'maintenance-dept', template: 'service-activated' }],
      outcomes: {
        notified: outcome('已通知', 'Notified', {
          units: must(field('units', '通知单位', 'Units told')),
          notice: field('text', '通知内容', 'What they are told'),
        }),
      },
    },
  },
  route: [
    'circuit-tested',
    'confirm-activation-date',
    'fill-confirmation',
    'hand-to-finance',
    'collect-payment',
    'finance-check',
    'issue-invoice',
    'enter-customer-data',
    'activate-service',
    'notify-departments',
  ],
  results: ['service', 'activatedAt', 'paymentDate', 'activationDate', 'numbers', 'circuits'],
  amend: chargedAmendments,
  withdrawal: { agree: ['kac-director', 'vp-in-charge', 'top-management'] },
  ends: { activated: { title: t('已开通', 'Activated') } },
  rules: [
    t(
      '先与用户约定开通日期，后填写开通确认书；合同与开通确认书一并交财务。',
      'The activation date is agreed with the user before the confirmation is written; contract and confirmation travel together to finance.',
    ),
    ...chargedRules,
    t(
      '跨分公司电路：发端分公司牵头，对端分公司办理子工单（仅开通和通知），两端都开通后通知相关部门。',
      'Circuits across branches: the originating branch leads, the far branch gets a sub-order (activation and notice only); the departments are told when both ends are on.',
    ),
    t(
      '通知维护、计费和对端分公司，通知名单留存。',
      "Maintenance, billing and the far end's branch are told; the list of whom was told is kept.",
    ),
    t('流程图未给时限，均为默认值。', 'The chart gives no limits, all are defaults.'),
    t(
      '记录：开通确认书（电路、约定日期、客户签字）、收款、核对、发票、开通记录、通知名单。',
      "Kept: confirmation (circuit, date agreed, customer's signature), payment, reconciliation, invoice, activation record, list of notices.",
    ),
  ],
})
