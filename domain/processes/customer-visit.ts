/** P-02 客戶走訪及業務辦理流程: from first contact to a letter of intent, or to the pool of potential key accounts (Unicom 10.1.1, 6.1.1, 6.1.3). */
import { defineSpec } from '../order/spec.ts'
import { demandFields, demandFacts, solutionFacts } from './demand.ts'
import { office } from './limits.ts'
import { choice, field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

/** Every visit leaves a log and a record (P-02 rule 1). */
const visit = {
  log: must(field('text', '工作日志', 'Work log', { max: LONG_TEXT })),
  met: field('text', '会见人', 'Whom the visitor met', { max: 200, personal: true }),
  result: field('text', '走访记录', 'Visit record', { max: LONG_TEXT }),
}

/** Whoever made the first contact keeps the customer. */
const byRep = { who: ['customer-rep'], heldBy: 'contact-customer' } as const

export const customerVisitSpec = defineSpec({
  no: 'P-02',
  id: 'customer-visit',
  family: 'order',
  title: t('客户走访及业务办理流程', 'Customer visit and service handling'),
  input: {
    ...demandFields,
    industry: field('text', '行业', 'Industry', { max: 100 }),
    channel: choice('来源渠道', 'Source channel', 'centre', '1001', '10018', 'web', 'agent', 'department', 'return-visit'),
    person: field('person', '客户代表', 'Customer representative'),
    opportunity: field('text', '商机内容', 'Opportunity'),
  },
  steps: {
    'contact-customer': {
      title: t('客户代表上门接触客户', 'The representative calls on the customer'),
      shown: t('客户代表上门拜访', 'Our representative calls on you'),
      who: ['customer-rep'],
      limit: office.days3('inferred'),
      outcomes: { contacted: outcome('已接触', 'Contacted', visit) },
    },
    'collect-basic-data': {
      ...byRep,
      title: t('基本资料收集', "Collect the customer's basic data"),
      limit: office.days(2)('inferred'),
      outcomes: {
        collected: outcome('已收集', 'Collected', { basicData: must(field('text', '基本资料', 'Basic data', { max: LONG_TEXT })) }),
      },
    },
    'analyse-needs': {
      ...byRep,
      title: t('分析客户基本需求', 'Analyse the basic needs'),
      limit: office.day('inferred'),
      outcomes: { analysed: outcome('已分析', 'Analysed', { needs: must(field('text', '需求分析', 'Analysis', { max: LONG_TEXT })) }) },
    },
    'revisit-customer': {
      ...byRep,
      title: t('再次上门与客户交流意见', 'Call on the customer again'),
      limit: office.day('inferred'),
      outcomes: { exchanged: outcome('已交流', 'Exchanged', visit) },
    },
    'decide-intent': {
      ...byRep,
      title: t('达成初步意向？', 'Is there a first intent?'),
      implicitAccept: true,
      outcomes: { yes: outcome('是', 'Yes'), no: outcome('否', 'No', why) },
    },
    'fill-requirement-form': {
      ...byRep,
      title: t('填写客户基本需求书', 'Fill in the requirement form'),
      limit: office.day('inferred'),
      outcomes: {
        filled: outcome('已填写', 'Filled', {
          demand: must(demandFields.demand),
          product: demandFields.product,
          wantedDate: demandFields.wantedDate,
        }),
      },
    },
    'clarify-needs': {
      ...byRep,
      who: ['customer-rep', 'account-manager', 'technical-dept'],
      title: t('客户代表、客户经理、技术人员上门，明确需求', 'Representative, manager and technician clarify the needs on site'),
      limit: office.day('inferred'),
      outcomes: {
        clarified: outcome('已明确', 'Clarified', {
          ...visit,
          participants: must(field('text', '参加人员', 'Who took part', { max: 300, personal: true })),
          siteA: demandFields.siteA,
          siteZ: demandFields.siteZ,
        }),
      },
    },
    'argue-solution': {
      title: t('项目可行性论证、技术实现方案、方案论证', 'Solution and argumentation (runs P-03)'),
      shown: t('制定并论证技术方案', 'We draw up your solution'),
      who: ['kac-staff'],
      child: {
        process: 'solution-argumentation',
        take: [...demandFacts, 'solutionVersion', 'wishes'],
        brings: [...solutionFacts, 'amount'],
        ends: { approved: 'approved', infeasible: 'infeasible', withdrawn: 'infeasible' },
      },
      outcomes: { approved: outcome('论证通过', 'Approved'), infeasible: outcome('不可行', 'Infeasible') },
    },
    'submit-solution': {
      ...byRep,
      title: t('向客户提交技术方案', 'Submit the solution to the customer'),
      limit: office.day('inferred'),
      notify: [{ on: 'submitted', to: 'customer', template: 'solution-submitted' }],
      outcomes: {
        submitted: outcome('已提交', 'Submitted', {
          shownTo: must(field('text', '客户接收人', 'Who received it', { max: 100, personal: true })),
        }),
      },
    },
    'decide-satisfied': {
      ...byRep,
      who: ['customer-rep', 'customer'],
      title: t('客户满意？', 'Is the customer satisfied with the solution?'),
      shown: t('请确认技术方案', 'You say whether the solution suits you'),
      implicitAccept: true,
      customer: { ask: t('您对技术方案满意吗？', 'Does the solution suit you?'), outcomes: ['yes', 'no', 'gives-up'] },
      limit: office.written('– (wait 3 WD)', '3WD')('default', { ladder: 'customer-silence' }),
      expiry: { effect: 'reroute', to: ['kac-director'] },
      outcomes: {
        yes: outcome('满意', 'Yes'),
        no: outcome('不满意', 'No', { wishes: must(field('text', '修改要求', 'Changes wished')) }),
        'gives-up': outcome('放弃', 'Gives up', why),
      },
    },
    'sign-letter-of-intent': {
      ...byRep,
      who: ['customer-rep', 'customer'],
      title: t('签署合同意向书', 'Sign the letter of intent'),
      shown: t('签署意向书', 'You sign the letter of intent'),
      limit: office.day('inferred'),
      outcomes: {
        signed: outcome('已签署', 'Signed', { letterOfIntent: must(field('text', '意向书编号', 'Letter of intent', { max: 200 })) }),
      },
    },
    'archive-as-potential': {
      title: t('客户资料归档并列入潜在大客户库', 'Archive customer and demand as potential'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      outcomes: { archived: outcome('已归档', 'Archived', { remark: field('text', '备注', 'Remark') }) },
    },
  },
  route: [
    'contact-customer',
    'collect-basic-data',
    'analyse-needs',
    'revisit-customer',
    'decide-intent',
    'fill-requirement-form',
    'clarify-needs',
    'argue-solution',
    'submit-solution',
    'decide-satisfied',
    'sign-letter-of-intent',
  ],
  results: ['letterOfIntent', ...solutionFacts, 'amount', ...demandFacts],
  ends: {
    'intent-signed': { title: t('已签意向书', 'Letter of intent signed') },
    archived: { title: t('列入潜在大客户', 'Archived as potential') },
  },
  rules: [
    t('每次上门都留下工作日志和走访记录。', 'Every visit leaves a log and a visit record.'),
    t('方案每版编号，客户看过的版本留存。', 'Each solution version is numbered; what the customer saw is kept.'),
    t(
      '归档同时保存客户和需求，90天后复查（规则数据）。',
      'Archiving keeps customer and demand, and sets a date in 90 days to look again (rule as data).',
    ),
    t(
      '客户未答复：三次提醒客户代表，之后由总监决定放弃或等待（默认）。',
      "Customer's silence: three reminders to the representative, then the director gives up or waits (default).",
    ),
    t('图上十个时限按流程顺序对应，合计15天。', 'The ten limits of the chart are laid on in flow order; their sum is 15 days.'),
  ],
})
