/** P-04 合同簽定流程: from letter of intent to an archived, signed contract (Unicom 10.1.2, 6.1.4). */
import { defineSpec } from '../order/spec.ts'
import { office } from './limits.ts'
import { choice, field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

const opinion = field('text', '会签意见', 'Opinion')

const answeredBy = must(field('text', '客户答复人', 'Who answered for the customer', { max: 100, personal: true }))

export const contractCountersignSpec = defineSpec({
  no: 'P-04',
  id: 'contract-countersign',
  family: 'order',
  title: t('合同签定流程', 'Contract signing with countersign'),
  input: {
    letterOfIntent: field('text', '合同意向书', 'Letter of intent', { max: 200 }),
    template: field('text', '合同模版', 'Contract template', { max: 200 }),
    solutionVersion: field('number', '方案版本', 'Solution version', { max: 1000 }),
    solutionValidUntil: field('instant', '方案有效期至', 'Solution valid until'),
    amount: field('money', '合同金额', 'Amount'),
    termMonths: field('number', '合同期限（月）', 'Term in months', { max: 600 }),
    /** The chart draws the countersigns in turn, the prose permits both at once; the switch is part of the definition. */
    countersign: choice('会签方式', 'Way of countersigning', 'parallel', 'serial'),
    purpose: choice('合同用途', 'Purpose', 'contract', 'compensation'),
    contract: field('text', '原合同', 'Contract that this belongs to', { max: 100 }),
    service: field('text', '电路/业务', 'Circuit or service', { max: 100 }),
    terms: field('text', '约定内容', 'Terms agreed so far', { max: LONG_TEXT }),
  },
  steps: {
    'draft-contract': {
      title: t('查询合同模版，拟定正式合同文本', 'Draft the contract from its template'),
      who: ['kac-staff'],
      limit: office.day('inferred'),
      outcomes: {
        drafted: outcome(
          '已拟定',
          'Drafted',
          {
            text: must(field('text', '合同文本', 'Contract text', { max: LONG_TEXT })),
            amount: must(field('money', '合同金额', 'Amount')),
            termMonths: must(field('number', '合同期限（月）', 'Term in months', { max: 600 })),
            discountPct: must(field('number', '优惠幅度（%）', 'Discount in percent', { max: 100 })),
            constructionDue: field('instant', '工程完成期限', 'Construction due'),
            activationClause: field('text', '开通条款', 'Activation clause', { max: LONG_TEXT }),
            compensationClause: field('text', '赔偿条款', 'Compensation clause', { max: LONG_TEXT }),
            paymentTerms: field('text', '付款条件', 'Payment terms', { max: LONG_TEXT }),
          },
          {
            requires: [
              {
                fact: 'solutionValidUntil',
                notPast: true,
                otherwise: t('方案已过有效期，须重新论证。', 'The solution is no longer valid: have a new version argued first.'),
              },
            ],
          },
        ),
      },
    },
    'countersign-business': {
      title: t('提交业务部门会签（律师参与）', 'Countersign by the business department, with the lawyer'),
      who: ['business-dept', 'lawyer'],
      notBy: ['draft-contract'],
      limit: office.halfDay('inferred'),
      joint: {
        parties: [
          {
            id: 'business',
            title: t('业务部门', 'Business department'),
            who: ['business-dept'],
            answers: ['agree', 'object'],
            mandatory: true,
          },
          { id: 'lawyer', title: t('律师', 'Lawyer'), who: ['lawyer'], answers: ['agree', 'object'], mandatory: true },
        ],
        order: 'parallel',
        // One objection is enough for a new text; waiting for the other opinion would only cost the customer time.
        rules: [{ answer: 'object', outcome: 'objection', early: true }],
        else: 'agreed',
      },
      outcomes: { agreed: outcome('同意', 'Agreed'), objection: outcome('有异议', 'Objection') },
    },
    'countersign-finance': {
      title: t('提交财务部门会签', 'Countersign by the finance department'),
      who: ['finance-dept'],
      notBy: ['draft-contract'],
      limit: office.halfDay('inferred'),
      outcomes: {
        agreed: outcome('同意', 'Agreed', { opinion }),
        objection: outcome('有异议', 'Objection', { opinion: must(opinion) }),
      },
    },
    'customer-review': {
      title: t('客户审核通过？', 'Does the customer accept the text?'),
      who: ['kac-staff', 'customer'],
      limit: office.workingDays(3)('default'),
      outcomes: {
        accepted: outcome('通过', 'Accepted', { answeredBy }),
        'not-satisfied': outcome('不满意', 'Not satisfied', {
          answeredBy,
          wishes: must(field('text', '修改要求', 'Changes wished')),
        }),
        withdrawn: outcome('客户放弃', 'Withdrawn', { answeredBy, ...why }),
      },
    },
    'director-review': {
      title: t('大客户发展中心总监审核', 'Review by the director of the key-account centre'),
      who: ['kac-director'],
      notBy: ['draft-contract'],
      authority: { within: 'approved-within-authority', over: 'over-authority' },
      limit: office.halfDay('inferred'),
      outcomes: {
        'approved-within-authority': outcome('权限内通过', 'Approved within authority', { opinion }),
        'over-authority': outcome('超出权限，上报', 'Beyond authority, to the leadership', { opinion }),
        rejected: outcome('不通过', 'Rejected', why),
      },
    },
    'leadership-approve': {
      title: t('公司主管及最高领导批准 / 报分管领导审批', 'Approval by the leadership'),
      who: ['vp-in-charge', 'top-management'],
      notBy: ['draft-contract'],
      limit: office.halfDay('inferred'),
      outcomes: { approved: outcome('批准', 'Approved', { opinion }), rejected: outcome('不批准', 'Rejected', why) },
    },
    'sign-contract': {
      title: t('经公司领导授权大客户发展中心与客户签署正式合同文本', 'Sign the contract with the customer'),
      who: ['kac-director', 'customer'],
      limit: office.workingDays(1)('default'),
      outcomes: {
        signed: outcome(
          '已签署',
          'Signed',
          {
            signedAt: must(field('instant', '签署日期', 'Date of signature')),
            signatory: must(field('text', '客户签署人', "Customer's signatory", { max: 100, personal: true })),
          },
          { irreversible: true, settles: ['void-contract'] },
        ),
        withdrawn: outcome('客户放弃', 'Withdrawn', why),
      },
    },
    'archive-contract': {
      title: t('合同存档', 'Archive the contract'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      outcomes: {
        archived: outcome('已存档', 'Archived', { archiveNo: must(field('text', '档案号', 'Archive number', { max: 60 })) }),
      },
    },
  },
  route: [
    'draft-contract',
    ['countersign-business', 'countersign-finance'],
    'customer-review',
    'director-review',
    'sign-contract',
    'archive-contract',
  ],
  results: ['amount', 'termMonths', 'constructionDue'],
  produces: { contract: 'ct-' },
  ends: {
    signed: { title: t('已签定', 'Signed and archived') },
    abandoned: { title: t('已放弃', 'Abandoned') },
  },
  rules: [
    t(
      '没有业务、财务两方会签同意，客户认可和审批，不得签署。',
      "No signature without both countersigns, the customer's acceptance and an approval.",
    ),
    t(
      '律师意见是业务会签的一部分；一方有异议即退回修改。',
      "The lawyer's opinion is part of the business countersign; one objection sends the text back.",
    ),
    t('修改后的文本由业务、财务重新会签。', 'A changed text is countersigned anew by both.'),
    t(
      '授权表（金额、期限、优惠幅度）决定由总监批准还是报分管领导；授权为0即每份合同都报领导。',
      'The authority table (amount, term, discount) decides between the director and the leadership; an entry of 0 sends every contract up.',
    ),
    t('拟稿人不得会签和审批该文本（默认）。', 'Whoever drafted a text neither countersigns nor approves it (default).'),
    t(
      '未表态不视为同意；超时只升级，不改变结果（默认）。',
      'Silence is no agreement; an overrun climbs the ladder and decides nothing (default).',
    ),
    t(
      '业务、财务会签默认同时进行，可改为先业务后财务（input: countersign = serial）。',
      'Business and finance countersign side by side by default; in turn where the order says so (input countersign = serial).',
    ),
    t(
      '记录：合同各版本、会签意见、客户答复、审批所依据的授权条款、签署日期、档案号。',
      "Kept: every version, every opinion, the customer's answer, the authority rule that applied, date of signature, archive number.",
    ),
  ],
  differences: [
    {
      step: 'draft-contract',
      outcome: 'drafted',
      reason:
        'Joint countersign (catalogue P-04, Parallel; A-04): the text goes to business and finance at the same time, each with its own half day; input countersign = serial gives the drawn sequence',
    },
    {
      step: 'countersign-business',
      outcome: 'agreed',
      reason:
        'Joint countersign: the route goes on when both opinions are in; business being the last, to the customer if finance agreed too, back to the drafter if finance objected',
    },
    {
      step: 'countersign-finance',
      outcome: 'agreed',
      reason:
        'Joint countersign: finance being the last, its agreement does not outweigh an objection of the business department or the lawyer',
    },
  ],
})
