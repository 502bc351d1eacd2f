/** The second half of P-12 and P-13: compensation by contract clause or by a signed agreement, then after-care. */
import type { LimitSpec, StepSpec } from '../order/spec.ts'
import { contractCountersignSpec } from './contract-countersign.ts'
import { serviceFacts } from './fault-fields.ts'
import { office, sumOfLimits } from './limits.ts'
import { choice, field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

const amount = must(field('money', '赔偿金额', 'Compensation'))

/** The steps from decide-compensation to after-care; the two levels differ in their limits only. */
export const compensationSteps = (limits: { proposal: LimitSpec; negotiation: LimitSpec; execution: LimitSpec }) =>
  ({
    'decide-compensation': {
      title: t('需要赔偿？', 'Is compensation due?'),
      who: ['kac-staff'],
      implicitAccept: true,
      outcomes: { yes: outcome('需要', 'Yes'), no: outcome('不需要', 'No') },
    },
    'decide-clause': {
      title: t('合同条款已注明？', 'Does the contract have a clause for it?'),
      who: ['kac-staff'],
      implicitAccept: true,
      outcomes: {
        yes: outcome('已注明', 'Yes', { clause: must(field('text', '赔偿条款', 'Compensation clause')) }),
        no: outcome('未注明', 'No'),
      },
    },
    'propose-by-contract': {
      title: t('按合同条款提交赔偿方案', 'Propose compensation by the clause'),
      who: ['kac-staff'],
      limit: limits.proposal,
      outcomes: {
        approved: outcome('已批准', 'Approved', {
          amount,
          proposal: must(field('text', '赔偿方案', 'Proposal')),
          approvedBy: must(field('person', '批准人', 'Who approved')),
        }),
        rejected: outcome('未批准', 'Rejected', why),
      },
    },
    'negotiate-compensation': {
      title: t('与大客户协商赔偿方案', 'Negotiate compensation with the customer'),
      who: ['kac-staff', 'customer'],
      limit: limits.negotiation,
      outcomes: {
        agreed: outcome('达成一致', 'Agreed', { amount, terms: must(field('text', '赔偿方案', 'Terms', { max: LONG_TEXT })) }),
        waived: outcome('客户放弃赔偿', 'Waived', {
          answeredBy: must(field('text', '客户答复人', 'Who answered for the customer', { max: 100, personal: true })),
        }),
      },
    },
    'sign-agreement': {
      title: t('签定赔偿协议书（按公司合同签定流程走）', 'Sign the compensation agreement (runs P-04)'),
      who: ['kac-staff', 'customer'],
      limit: { text: '按合同簽定流程時限', budget: sumOfLimits(contractCountersignSpec, 'W'), calendar: 'W', mark: 'given' },
      child: {
        process: 'contract-countersign',
        take: ['amount', 'terms', 'contract', 'service'],
        input: { purpose: 'compensation' },
        ends: { signed: 'signed', abandoned: 'abandoned', withdrawn: 'abandoned' },
      },
      outcomes: { signed: outcome('已签定', 'Signed'), abandoned: outcome('未签成', 'Abandoned') },
    },
    'execute-compensation': {
      title: t('执行赔偿方案', 'Pay the compensation'),
      who: ['finance-dept', 'kac-staff'],
      limit: limits.execution,
      outcomes: {
        executed: outcome(
          '已执行',
          'Executed',
          {
            amount,
            paidAt: field('instant', '支付时间', 'Time of payment'),
            voucherNo: field('text', '凭证号', 'Voucher number', { max: 60 }),
          },
          { irreversible: true },
        ),
      },
    },
    'after-care': {
      title: t('善后：客户回访', 'After-care: return visit'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      starts: [
        {
          on: 'done',
          process: 'return-visit',
          take: ['service', 'symptom', 'kind', ...serviceFacts],
          input: { occasion: 'fault-closed' },
        },
      ],
      outcomes: {
        done: outcome('已安排', 'Arranged', {
          care: must(field('text', '善后情况', 'What was done for the customer')),
          kind: choice('回访方式', 'Kind of visit', 'door-to-door', 'phone'),
        }),
      },
    },
  }) as const satisfies Record<string, StepSpec>

/** What holds for the second half in both levels (P-12 and P-13, rules and records). */
export const compensationRules = [
  t(
    '合同有条款的按条款赔偿，没有的须签定协议；两者皆无不得支付。',
    'Compensation is by contract clause where there is one, otherwise by a signed agreement; no payment without one of the two.',
  ),
  t('不需赔偿时仍进行善后回访（默认）。', 'Where no compensation is due the after-care visit still happens (default).'),
  t(
    '记录：故障、申请书、上报通知、解决方案、处理过程、赔偿决定、方案、协议、支付、回访。',
    'Kept: fault, application, notice to the deputy general manager, solution, implementation log, compensation decision, proposal, agreement, payment, return visit.',
  ),
]
