/** Parts that the settlements share (P-57 to P-63, Unicom 5.5). */
import type { JointSpec, StepSpec } from '../order/spec.ts'
import { office } from './limits.ts'
import { choice, field, month, must, outcome, t, why } from './parts.ts'

export const department = must(field('unit', '市场部门', 'Market department'))
export const period = must(month('帐期', 'Billing period'))
/** 代理傭金, 話費分成. */
export const kind = must(choice('结算对象', 'Subject', 'commission', 'sharing'))
export const agent = field('agent', '代理商', 'Agent', { max: 60 })
export const run = field('text', '结算批次', 'Run', { max: 100 })

/** What a run knows when it has computed. */
export const computedForm = {
  agents: field('number', '代理商数', 'Agents'),
  users: field('number', '用户数', 'Users'),
  total: field('money', '结算金额', 'Amount settled'),
}

/** Set-based work over many rows: shown while it runs, taken up where it stood. */
export const machineWork = { who: ['system'], automatic: 'long' } as const satisfies Partial<StepSpec>
/** What the machine does in a moment. */
export const machineStep = { who: ['system'], automatic: true } as const satisfies Partial<StepSpec>

const verdicts = ['passed', 'wrong']

/** Market department and finance both look; one objection is enough, whoever is last. Nobody reviews the run that he has opened. */
export const bothReview: JointSpec = {
  parties: [
    { id: 'market', title: t('市场部', 'Market department'), who: ['market-dept'], answers: verdicts, mandatory: true },
    { id: 'finance', title: t('财务部门', 'Finance'), who: ['finance-dept'], answers: verdicts, mandatory: true },
  ],
  order: 'parallel',
  rules: [{ answer: 'wrong', outcome: 'wrong' }],
  else: 'passed',
}

export const reviewed = { passed: outcome('审核通过', 'Passed'), wrong: outcome('有误，重新计算', 'Wrong: compute again') }

/** Money goes out: nothing of it is undone, only corrected (P-63). */
export const rejected = outcome('不同意', 'Rejected', why)

const payoutNo = field('text', '支付编号与次数', 'Payment and attempt', { max: 120 })
/** What is known of a payment that was made, and of one that was not. */
export const paidForm = { bankNo: field('text', '银行流水号', "Bank's number", { max: 64 }), payoutNo }
export const unpaidForm = { ...why, payoutNo }

const bankSays = (when: Readonly<Record<string, string>>) =>
  ({
    awaits: { fact: 'payout', outcome: { by: 'bankResult', when }, idField: 'payoutNo', fills: { bankNo: 'bankNo', reason: 'bankReason' } },
  }) as const

/** A late word of the bank that it has paid ends the step of finance too. */
export const unlessBankPays = bankSays({ paid: 'paid' })
export const sentToBank = outcome('已交银行', 'Handed to the bank', undefined, { irreversible: true })

/** The machine asks the bank and waits for its word; what failed is finance's again. */
export const bankAnswer = {
  title: t('银行答复', "The bank's answer"),
  who: ['finance-dept', 'system'],
  automatic: true,
  waits: true,
  ...bankSays({ paid: 'paid', failed: 'failed' }),
  limit: office.workingDays(3)('default'),
  outcomes: {
    paid: outcome('已支付', 'Paid', paidForm, { irreversible: true }),
    failed: outcome('支付失败', 'Failed', unpaidForm),
  },
} as const satisfies StepSpec

/** Rows beside the catalogue's: it has the payment in one step, whoever makes it. */
export const bankDifferences = (step: string, back: string) => [
  {
    step,
    outcome: 'sent',
    reason: 'Finance pays by hand as in the catalogue, or hands the payment to the bank; then the order waits for what the bank says.',
  },
  {
    step: 'bank-answer',
    outcome: 'paid',
    reason: "The bank's own word that it has paid ends the payment like finance's word by hand does.",
  },
  {
    step: 'bank-answer',
    outcome: 'failed',
    reason: `What the bank could not pay goes back to ${back} with its reason and is repeated until it is settled (catalogue P-62: failed).`,
  },
]

/** The payout of a settled amount, opened beside (P-62). */
export const paysOut = (on: string) => [{ on, process: 'rebate-payout', take: ['run', 'agents', 'department', 'period', 'kind'] }]

export const settlementRules = [
  t('金额以分为单位的整数；进位规则只在一处规定。', 'Amounts are whole fen; the rounding rule stands in one place.'),
  t(
    '结算变量只能在授权的范围内使用：保存方案时检查。',
    'A settlement variable is used within its authorised scope only: checked when a scheme is saved.',
  ),
  t('首选方案有效则用首选，过期用替代方案。', 'The first-choice scheme while it is valid, past it the substitute.'),
]
