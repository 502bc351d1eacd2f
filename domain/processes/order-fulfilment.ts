/** P-01 業務受理: one work order from the customer's request to the service in use and the file closed (Unicom 6.1, 10.1). */
import { defineSpec } from '../order/spec.ts'
import { demandFacts, demandFields, solutionFacts } from './demand.ts'
import { office } from './limits.ts'
import { choice, field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

const constructionFacts = [
  'contract',
  'constructionDue',
  'siteA',
  'siteZ',
  'siteContact',
  'contactPhone',
  'circuitsNeeded',
  'equipment',
  'retest',
  'service',
  'product',
  'tags',
] as const
const contractFacts = ['contract', 'amount', 'termMonths', 'constructionDue'] as const
const activationDate = field('instant', '开通日期', 'Activation date')

export const orderFulfilmentSpec = defineSpec({
  no: 'P-01',
  id: 'order-fulfilment',
  family: 'order',
  title: t('业务受理', 'Business acceptance, whole route'),
  input: {
    ...demandFields,
    kind: must(choice('业务类型', 'Kind of request', 'new-user', 'stop-resume', 'value-added', 'change', 'consultation')),
    channel: must(choice('受理渠道', 'Channel', 'centre', '1001', '10018', 'web', 'agent', 'department', 'other')),
    reason: must(field('text', '受理原因', 'Reason for acceptance', { max: 500 })),
    acceptedAt: field('instant', '受理时间', 'Time of acceptance'),
    industry: field('text', '行业', 'Industry', { max: 100 }),
    dataService: field('boolean', '数据业务', 'Data service: activation by the originating branch (P-07)'),
    unit: field('unit', '发端分公司', 'Originating branch'),
    farBranch: field('unit', '对端分公司', 'Branch of the far end'),
    person: field('person', '客户代表', 'Customer representative'),
  },
  steps: {
    'accept-request': {
      title: t('业务受理', 'Accept the request'),
      shown: t('已受理', 'We have your request'),
      who: ['dispatcher', 'hotline-agent', 'kac-staff'],
      offer: 'unit',
      limit: office.written('30 min', '30m')('default'),
      notify: [{ on: 'open', to: 'customer', template: 'request-accepted' }],
      outcomes: {
        'new-demand': outcome('新需求', 'New demand'),
        'basic-change': outcome('基本业务变更', 'Basic change'),
        consultation: outcome('咨询', 'Consultation'),
      },
    },
    'record-consultation': {
      title: t('咨询内容、咨询时间、答复满意程度记录', 'Record the consultation'),
      who: ['hotline-agent'],
      limit: office.workingDays(1)('default'),
      outcomes: {
        recorded: outcome('已记录', 'Recorded', {
          question: must(field('text', '咨询内容', 'What was asked')),
          answer: must(field('text', '答复', 'Answer')),
          satisfaction: must(choice('答复满意程度', 'Satisfaction', 'satisfied', 'basically-satisfied', 'dissatisfied')),
        }),
      },
    },
    'visit-customer': {
      title: t('走访客户', 'Visit the customer (runs P-02)'),
      shown: t('上门走访，制定方案', 'We visit you and draw up your solution'),
      who: ['customer-rep'],
      child: {
        process: 'customer-visit',
        take: [...demandFacts, 'industry', 'channel', 'person'],
        brings: ['letterOfIntent', ...solutionFacts, 'amount', ...demandFacts],
        ends: { 'intent-signed': 'intent-signed', archived: 'archived', withdrawn: 'archived' },
      },
      outcomes: {
        'intent-signed': outcome('已签意向书', 'Letter of intent signed'),
        archived: outcome('列入潜在大客户', 'Archived as potential'),
      },
    },
    'divert-order': {
      title: t('受理分流', 'Divert the order'),
      who: ['dispatcher'],
      limit: office.written('30 min', '30m')('default'),
      outcomes: {
        'no-technical-work': outcome('无需技术工作', 'No technical work', { unit: field('unit', '转发单位', 'Unit that it goes to') }),
        'technical-preparation': outcome('需要技术准备', 'Technical preparation'),
      },
    },
    'forward-order': {
      title: t('转发任务工单给业务部门、营业系统或下级单位', 'Forward to the business department or a lower unit'),
      shown: t('业务部门办理', 'The department concerned sees to it'),
      who: ['business-dept', 'branch'],
      offerFrom: 'divert-order',
      outcomes: {
        done: outcome('已办理', 'Done', { handling: must(field('text', '办理情况', 'What was done')) }),
        refused: outcome('退回', 'Refused', why),
      },
    },
    'argue-solution': {
      title: t('技术方案制定', 'Technical solution (runs P-03)'),
      shown: t('制定技术方案', 'We draw up your solution'),
      who: ['kac-staff'],
      child: {
        process: 'solution-argumentation',
        take: demandFacts,
        brings: [...solutionFacts, 'amount'],
        ends: { approved: 'approved', infeasible: 'infeasible', withdrawn: 'infeasible' },
      },
      outcomes: { approved: outcome('论证通过', 'Approved'), infeasible: outcome('不可行', 'Infeasible') },
    },
    'sign-contract': {
      title: t('合同签订', 'Contract (runs P-04)'),
      shown: t('签订合同', 'We sign the contract'),
      who: ['kac-staff'],
      notify: [{ on: 'open', to: 'customer', template: 'contract-began' }],
      child: {
        process: 'contract-countersign',
        take: ['letterOfIntent', 'solutionVersion', 'solutionValidUntil', 'amount', 'service'],
        input: { purpose: 'contract' },
        brings: contractFacts,
        ends: { signed: 'signed', abandoned: 'abandoned', withdrawn: 'abandoned' },
      },
      outcomes: { signed: outcome('已签订', 'Signed'), abandoned: outcome('未签成', 'Abandoned') },
    },
    'decide-construction': {
      title: t('需要工程施工？', 'Is construction needed?'),
      who: ['kac-staff'],
      implicitAccept: true,
      outcomes: {
        needed: outcome('需要', 'Needed', {
          siteA: must(demandFields.siteA),
          siteZ: demandFields.siteZ,
          siteContact: must(field('text', '现场联系人', 'Contact on site', { max: 100, personal: true })),
          circuitsNeeded: must(field('text', '所需电路', 'Circuits needed')),
          equipment: field('text', '所需设备', 'Equipment needed'),
          retest: field('boolean', '整改后先重测', 'Test again after a rectification, before the acceptance'),
          constructionDue: field('instant', '合同规定的完工时限', 'Construction due by the contract'),
        }),
        'not-needed': outcome('不需要', 'Not needed'),
      },
    },
    construct: {
      title: t('工程施工', 'Construction (runs P-05)'),
      shown: t('工程施工', 'Your line is built'),
      who: ['engineering-dept'],
      notify: [{ on: 'open', to: 'customer', template: 'works-began' }],
      child: {
        process: 'construction',
        take: constructionFacts,
        brings: ['circuits', 'testReport', 'constructionDue'],
        ends: { accepted: 'accepted', terminated: 'terminated', withdrawn: 'terminated' },
      },
      outcomes: { accepted: outcome('已验收存档', 'Accepted'), terminated: outcome('已终止', 'Terminated') },
    },
    activate: {
      title: t('业务开通', 'Activation (runs P-06, for data services P-07)'),
      shown: t('业务开通', 'Your service is activated'),
      who: ['business-dept'],
      notify: [{ on: 'open', to: 'customer', template: 'activation-began' }],
      child: {
        process: { fact: 'dataService', when: { true: 'data-service-activation' }, otherwise: 'service-activation' },
        take: [
          'contract',
          'amount',
          'product',
          'service',
          'circuits',
          'testReport',
          'siteA',
          'siteZ',
          'unit',
          'farBranch',
          'contactPerson',
          'contactPhone',
          'wantedDate',
          'tags',
          // A service that the customer did not find working is switched on anew; what was paid is not asked for twice.
          'activatedAt',
        ],
        brings: ['service', 'activatedAt', 'paymentDate'],
        ends: { activated: 'activated', terminated: 'terminated', withdrawn: 'terminated' },
      },
      outcomes: {
        activated: outcome('已开通', 'Activated', undefined, { irreversible: true }),
        terminated: outcome('已终止', 'Terminated'),
      },
    },
    'notify-activation': {
      title: t('开通通知：确定开通日期和交费日期，开通确认', 'Confirm activation and payment dates with the customer'),
      shown: t('开通确认', 'You confirm the activation'),
      who: ['kac-staff', 'customer'],
      customer: { ask: t('业务是否已正常开通？', 'Does your service work?'), outcomes: ['not-confirmed'] },
      limit: office.workingDays(1)('default'),
      outcomes: {
        confirmed: outcome('已确认', 'Confirmed', {
          activationDate: must(activationDate),
          paymentDate: must(field('instant', '交费日期', 'Payment date')),
        }),
        'not-confirmed': outcome('未确认', 'Not confirmed', why),
      },
    },
    'archive-project': {
      title: t('项目资料管理', 'Archive the project file'),
      shown: t('办结', 'Your file is closed'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      notify: [{ on: 'archived', to: 'customer', template: 'request-done' }],
      outcomes: {
        archived: outcome('已归档', 'Archived', {
          resources: field('resources', '占用资源', 'Resources that the customer occupies'),
          basicDataChanges: field('text', '基本资料变更', 'Changes of basic data'),
          managerContact: field('text', '发展/服务客户经理联系方式', 'Contact of the account manager', { max: 200 }),
          handedTo: field('units', '资料传递部门', 'Departments that the file goes to'),
          summary: field('text', '项目资料', 'File', { max: LONG_TEXT }),
        }),
      },
    },
  },
  route: [
    'accept-request',
    'visit-customer',
    'sign-contract',
    'decide-construction',
    'construct',
    'activate',
    'notify-activation',
    'archive-project',
  ],
  amend: { demand: 'visit-customer', wantedDate: 'sign-contract' },
  withdrawal: { agree: ['kac-director', 'vp-in-charge', 'top-management'] },
  ends: {
    completed: { title: t('已办结', 'Completed') },
    'consultation-closed': { title: t('咨询已答复', 'Consultation closed') },
    'archived-as-potential': { title: t('列入潜在大客户', 'Archived as potential') },
    terminated: { title: t('已终止', 'Terminated') },
  },
  rules: [
    t('没有签订合同不得开通（见P-06）。', 'No activation without a signed contract (see P-06).'),
    t(
      '无需施工的业务，资料和工单转业务部门和营业系统。',
      'Work that needs no construction goes with its documents and work order to the business department.',
    ),
    t(
      '不可行或客户放弃的需求不删除：客户和需求作为潜在大客户保存。',
      'An infeasible or unwanted demand is never deleted: customer and demand are kept as potential.',
    ),
    t(
      '开通后项目资料须列明客户占用的全部资源，否则不得归档。',
      'After activation the file names every resource that the customer occupies, or it is not archived.',
    ),
    t(
      '新需求先走访（P-02，含P-03），简单变更直接分流（默认）。',
      'New demands run P-02 (which calls P-03); simple changes go straight to diversion (default).',
    ),
    t('施工资料存档后即可开通，工程结算同时进行。', 'Activation starts when construction is archived; its settlement goes on beside it.'),
    t(
      '客户未确认的重新开通：已付款项不再收取。',
      'A service that the customer does not confirm is activated anew; what was paid is not collected again.',
    ),
    t('业务跟踪和客户进度通知与各环节同时进行。', 'Tracking and progress messages to the customer run beside the steps.'),
  ],
})
