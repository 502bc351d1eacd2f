/** P-03 技術方案制定 / 方案論證: turn a requirement into an argued technical solution, or find that it cannot be done (Unicom 6.1.3, 10.1.1, 4.3.1). */
import { defineSpec } from '../order/spec.ts'
import { demandFields } from './demand.ts'
import { office } from './limits.ts'
import { choice, field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

const votes = ['agree', 'object'] as const
const positive = (fact: string, zh: string, en: string) => ({ fact, is: 'agree', otherwise: t(zh, en) }) as const

export const solutionArgumentationSpec = defineSpec({
  no: 'P-03',
  id: 'solution-argumentation',
  family: 'order',
  title: t('技术方案制定 / 方案论证', 'Technical solution and argumentation'),
  input: {
    ...demandFields,
    customerType: field('text', '客户类型', 'Customer type', { max: 100 }),
    budget: field('money', '客户预算', "Customer's budget"),
    wishes: field('text', '客户对上一版的意见', 'What the customer said of the version before'),
    /** Versions that the customer has seen before; numbering goes on from there. */
    solutionVersion: field('number', '上一版方案版本', 'Version before'),
  },
  steps: {
    'study-needs': {
      title: t('会同业务部门研究客户需求，查询方案模型', 'Study the needs and look for a model'),
      who: ['kac-staff', 'business-dept'],
      limit: office.workingDays(1)('default'),
      outcomes: {
        studied: outcome('已研究', 'Studied', {
          findings: must(field('text', '需求分析', 'Analysis of the needs')),
          modelId: field('text', '方案模型', 'Model of the library', { max: 100 }),
        }),
      },
    },
    'decide-checks': {
      title: t('需要资源调查 / 投资分析？', 'Is a survey or an investment analysis needed?'),
      who: ['kac-staff'],
      implicitAccept: true,
      outcomes: {
        survey: outcome('资源调查', 'Survey'),
        investment: outcome('投资分析', 'Investment analysis'),
        both: outcome('两者都需要', 'Both'),
        none: outcome('都不需要', 'Neither'),
      },
    },
    'survey-resources': {
      title: t('资源调查', 'Survey the resources'),
      who: ['kac-staff', 'technical-dept'],
      limit: office.workingDays(2)('default'),
      outcomes: { done: outcome('已调查', 'Done', { survey: must(field('text', '调查结果', 'What was found', { max: LONG_TEXT })) }) },
    },
    'analyse-investment': {
      title: t('投资分析', 'Analyse the investment'),
      who: ['finance-dept'],
      limit: office.workingDays(2)('default'),
      outcomes: {
        done: outcome('已分析', 'Done', {
          investment: must(field('money', '投资额', 'Investment')),
          analysis: must(field('text', '投资分析', 'Analysis', { max: LONG_TEXT })),
        }),
      },
    },
    'write-feasibility-report': {
      title: t('项目的可行性分析报告', 'Write the feasibility report'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      outcomes: { written: outcome('已完成', 'Written', { report: must(field('text', '可行性报告', 'Report', { max: LONG_TEXT })) }) },
    },
    'decide-feasibility': {
      title: t('项目可行性论证？', 'Is the project feasible?'),
      who: ['kac-staff', 'technical-dept', 'finance-dept'],
      implicitAccept: true,
      outcomes: { feasible: outcome('可行', 'Feasible'), infeasible: outcome('不可行', 'Infeasible', why) },
    },
    'draft-solution': {
      title: t('拟定方案需求，交技术部门制定技术实现方案', 'Draft the technical solution'),
      shown: t('制定技术方案', 'We draw up your solution'),
      who: ['kac-staff', 'technical-dept'],
      limit: office.days3('inferred'),
      outcomes: {
        drafted: outcome('已制定', 'Drafted', {
          target: must(field('text', '方案目标', 'Target')),
          content: must(field('text', '方案内容', 'Content', { max: LONG_TEXT })),
          amount: field('money', '方案报价', 'Price'),
          solutionValidUntil: must(field('instant', '方案有效期至', 'Valid until')),
          solutionVersion: must(field('number', '方案版本号', 'Version', { max: 1000 })),
        }),
      },
    },
    'argue-solution': {
      title: t('与技术、财务部门共同进行方案论证', 'Argue the solution with the technical and finance departments'),
      who: ['kac-staff', 'technical-dept', 'finance-dept'],
      limit: office.day('inferred'),
      joint: {
        parties: [
          { id: 'centre', title: t('大客户发展中心', 'Key-account centre'), who: ['kac-staff'], answers: votes, mandatory: true },
          { id: 'technical', title: t('技术部门', 'Technical department'), who: ['technical-dept'], answers: votes, mandatory: true },
          { id: 'finance', title: t('财务部门', 'Finance department'), who: ['finance-dept'], answers: votes, mandatory: true },
        ],
        order: 'parallel',
        // Everybody is heard; what the votes mean is the next step's.
        rules: [],
        else: 'argued',
        votes: true,
      },
      outcomes: { argued: outcome('已论证', 'Argued') },
    },
    'decide-argued': {
      title: t('论证通过？', 'Has the solution passed?'),
      who: ['kac-staff'],
      implicitAccept: true,
      climbs: { on: 'decide-argued=failed', times: 3, to: ['kac-director'] },
      outcomes: {
        passed: outcome('通过', 'Passed', undefined, {
          requires: [
            positive('technicalVote', '技术部门未同意，不能通过。', 'The technical department has not agreed: choose failed or hopeless.'),
            positive('financeVote', '财务部门未同意，不能通过。', 'The finance department has not agreed: choose failed or hopeless.'),
          ],
        }),
        failed: outcome('未通过', 'Failed', why),
        hopeless: outcome('无法实现', 'Hopeless', why),
      },
    },
    'archive-solution': {
      title: t('技术方案分类归档', 'Archive the solution'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      outcomes: {
        archived: outcome('已归档', 'Archived', {
          class: must(field('text', '方案分类', 'Class', { max: 100 })),
          newModel: field('boolean', '作为新方案模型入库', 'Becomes a new model of the library'),
          fit: choice('与已有客户类型、方案类型比较', 'Compared with the known types', 'known', 'new-customer-type', 'new-solution-type'),
        }),
      },
    },
  },
  route: [
    'study-needs',
    'decide-checks',
    ['survey-resources', 'analyse-investment'],
    'write-feasibility-report',
    'decide-feasibility',
    'draft-solution',
    'argue-solution',
    'decide-argued',
    'archive-solution',
  ],
  results: ['solutionVersion', 'solutionValidUntil', 'amount'],
  produces: { solution: 'so-' },
  ends: { approved: { title: t('论证通过', 'Approved') }, infeasible: { title: t('不可行', 'Infeasible') } },
  rules: [
    t('论证通过须技术和财务部门都同意。', 'A passed argumentation needs a positive vote of technical and finance.'),
    t('三轮论证未通过的，由总监决定（默认）。', 'After three failed rounds the director decides (default).'),
    t('不符合已有模型的方案成为新模型入库。', 'A solution that fits no stored model becomes a new model.'),
    t(
      '方案有有效期；过期方案不得拟定合同（默认）。',
      'A solution has a validity period; no contract is drafted on an expired one (default).',
    ),
    t(
      '先论证可行性，后制定方案；资源调查与投资分析同时进行，在报告前汇合。',
      'Feasibility comes before drafting; survey and investment analysis run side by side and join before the report.',
    ),
    t(
      '记录：方案各版本、资源调查、投资分析、可行性报告、各部门意见、新模型。',
      'Kept: every version, survey, investment analysis, feasibility report, votes of each department, new models.',
    ),
  ],
  differences: [
    {
      step: 'decide-checks',
      outcome: 'both',
      reason: 'Survey and investment analysis open side by side (catalogue P-03, Parallel); the table draws the first of them only',
    },
  ],
})
