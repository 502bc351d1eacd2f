/** P-06 其它業務開通流程: contract checked, money collected and checked, invoice issued, data entered, service on (Unicom 10.1.4). */
import { defineSpec } from '../order/spec.ts'
import { office } from './limits.ts'
import { field, must, outcome, t, why } from './parts.ts'
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

const amount = field('money', '应收金额', 'Amount due')
const signedContract = {
  fact: 'contract',
  otherwise: t(
    '没有合同不得开通：请填写已签定的合同。',
    'No contract, no activation: name the signed contract, or urge the customer to sign.',
  ),
} as const

export const serviceActivationSpec = defineSpec({
  no: 'P-06',
  id: 'service-activation',
  family: 'order',
  title: t('其它业务开通流程', 'Activation of other services'),
  input: {
    ...chargedInput,
    product: must(field('text', '产品', 'Product', { max: 100 })),
    numbersWanted: field('text', '所需号码/端口', 'Numbers or ports wanted'),
    contactPerson: field('text', '联系人', 'Contact person', { max: 100, personal: true }),
    contactPhone: field('text', '联系电话', "Contact's phone", { max: 40, personal: true }),
  },
  steps: {
    'receive-activation-request': {
      title: t('客户提出开通申请', 'Receive the request for activation'),
      shown: t('受理您的开通申请', 'Your request is taken in'),
      who: ['kac-staff'],
      limit: office.written('30分鐘', '30m')('inferred'),
      outcomes: { received: outcome('已受理', 'Received', { amount, remark: field('text', '申请说明', 'Remark') }) },
    },
    'decide-contract': {
      title: t('合同签定？', 'Is the contract signed?'),
      who: ['kac-staff'],
      implicitAccept: true,
      starts: [
        {
          on: 'not-signed',
          process: 'contract-countersign',
          whenField: 'openContract',
          take: ['letterOfIntent', 'solution', 'solutionVersion', 'solutionValidUntil', 'amount', 'termMonths', 'service'],
        },
      ],
      outcomes: {
        signed: outcome(
          '已签定',
          'Signed',
          { contract: field('text', '合同', 'Contract', { max: 100 }), amount },
          { requires: [signedContract] },
        ),
        'not-signed': outcome('未签定', 'Not signed', { openContract: field('boolean', '发起合同签定', 'Open the signing of a contract') }),
      },
    },
    'urge-contract': {
      title: t('通知督促签定合同', 'Urge the customer to sign the contract'),
      shown: t('等待合同签定', 'We wait for the contract to be signed'),
      who: ['kac-staff'],
      limit: office.written('即時 (the notice; the wait itself has none)', '15m')('inferred'),
      notify: [{ on: 'open', to: 'customer', template: 'contract-urged' }],
      outcomes: {
        'contract-signed': outcome(
          '合同已签定',
          'Contract signed',
          { contract: must(field('text', '合同', 'Contract', { max: 100 })), amount },
          { requires: [signedContract] },
        ),
        abandoned: outcome('客户放弃', 'Abandoned', why),
      },
    },
    'decide-construction': {
      title: t('需工程实施？', 'Is construction needed?'),
      who: ['kac-staff'],
      implicitAccept: true,
      outcomes: {
        yes: outcome('需要', 'Yes', {
          constructionDue: field('instant', '合同规定的完工时限', 'Construction due by the contract'),
          siteA: must(field('text', 'A端地址', 'Site A', { max: 200, personal: true })),
          siteZ: field('text', 'Z端地址', 'Site Z', { max: 200, personal: true }),
          siteContact: must(field('text', '现场联系人', 'Contact on site', { max: 100, personal: true })),
          circuitsNeeded: must(field('text', '所需电路', 'Circuits needed')),
          equipment: field('text', '所需设备', 'Equipment needed'),
        }),
        no: outcome('不需要', 'No'),
      },
    },
    'run-construction': {
      title: t('进入工程实施流程', 'Construction (runs P-05)'),
      shown: t('工程实施', 'What you need is built'),
      who: ['engineering-dept'],
      child: {
        process: 'construction',
        take: [
          'contract',
          'constructionDue',
          'siteA',
          'siteZ',
          'siteContact',
          'contactPhone',
          'circuitsNeeded',
          'equipment',
          'service',
          'product',
          'retest',
          'tags',
        ],
        brings: ['circuits', 'testReport'],
        ends: { accepted: 'accepted', terminated: 'terminated', withdrawn: 'terminated' },
      },
      outcomes: { accepted: outcome('已验收', 'Accepted'), terminated: outcome('已终止', 'Terminated') },
    },
    'collect-payment': collectPayment(
      '按合同收款',
      'Collect the payment by the contract',
      office.written('3天半 (3.5 days)', '28h')('inferred'),
    ),
    'finance-check': financeCheck(office.hours(2)('inferred')),
    'correct-documents': {
      title: t('重新修正', 'Correct the documents'),
      who: ['kac-staff'],
      climbs: afterThirdMismatch,
      limit: office.written('2 h', '2h')('default'),
      outcomes: { corrected: outcome('已修正', 'Corrected', correction) },
    },
    'issue-invoice': issueInvoice(office.hours(1)('inferred')),
    'enter-customer-data': {
      title: t('录入客户资料', "Enter the customer's data"),
      who: ['kac-staff'],
      limit: office.written('10分鐘', '10m')('inferred'),
      outcomes: { entered: outcome('已录入', 'Entered', customerData) },
    },
    'activate-service': activateService(office.written('30分鐘', '30m')('inferred')),
  },
  route: [
    'receive-activation-request',
    'decide-contract',
    'decide-construction',
    'collect-payment',
    'finance-check',
    'issue-invoice',
    'enter-customer-data',
    'activate-service',
  ],
  results: ['service', 'activatedAt', 'paymentDate', 'numbers', 'circuits'],
  amend: chargedAmendments,
  withdrawal: { agree: ['kac-director', 'vp-in-charge', 'top-management'] },
  ends: {
    activated: { title: t('已开通', 'Activated') },
    terminated: { title: t('已终止', 'Terminated') },
  },
  rules: [
    t(
      '没有已签定的合同不得开通；未签定的督促签定，可同时发起合同签定流程（P-04）。',
      'No activation without a signed contract; where there is none the customer is urged, and its signing (P-04) may be opened beside.',
    ),
    ...chargedRules,
    t('录入客户资料后方可开通。', "The customer's data is entered before the service is switched on."),
    t(
      '记录：开通申请、收款、核对结果、发票、客户和产品资料、开通时间；起计费时间告知计费。',
      'Kept: request, payment, result of the check, invoice, customer and product record, activation; billing is told from when to charge.',
    ),
  ],
})
