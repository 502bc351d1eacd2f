/** P-05 工程實施流程: build what the contract says, test, accept it together with the customer, file and settle (Unicom 10.1.3, 6.1.5). */
import { defineSpec } from '../order/spec.ts'
import { office } from './limits.ts'
import { field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

const constructionDue = field('instant', '合同规定的完工时限', 'Construction due by the contract')
const verdicts = ['qualified', 'not-qualified'] as const

/** The centre follows the works, and the customer hears how they go (P-05 Parallel: track-construction; 6.1.7). */
const tracked = (on: string, template: string) => [
  { on, to: 'responsible' as const, template },
  { on, to: 'customer' as const, template },
]

export const constructionSpec = defineSpec({
  no: 'P-05',
  id: 'construction',
  family: 'order',
  title: t('工程实施流程', 'Engineering implementation with acceptance and rework'),
  input: {
    contract: must(field('text', '合同', 'Contract', { max: 100 })),
    constructionDue,
    siteA: must(field('text', 'A端地址', 'Site A', { max: 200, personal: true })),
    siteZ: field('text', 'Z端地址', 'Site Z', { max: 200, personal: true }),
    siteContact: must(field('text', '现场联系人', 'Contact on site', { max: 100, personal: true })),
    contactPhone: field('text', '联系电话', "Contact's phone", { max: 40, personal: true }),
    circuitsNeeded: must(field('text', '所需电路', 'Circuits needed')),
    equipment: field('text', '所需设备', 'Equipment needed'),
    service: field('text', '业务号码', 'Number of the service', { max: 100 }),
    product: field('text', '产品', 'Product', { max: 100 }),
    /** The chart may mean either; the switch is part of the definition. */
    retest: field('boolean', '整改后先重新联调', 'Test again before the next acceptance'),
  },
  steps: {
    'apply-start': {
      title: t('向业务部门提出开工申请', 'Apply to the business department for the start'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      outcomes: {
        granted: outcome(
          '同意开工',
          'Granted',
          { constructionDue, grantedBy: field('text', '批准人', 'Who granted it', { max: 100 }) },
          {
            requires: [
              { fact: 'contract', otherwise: t('没有合同不得开工。', 'There is no start without a contract: name it.') },
              {
                fact: 'constructionDue',
                otherwise: t(
                  '开工前必须有合同规定的完工时限。',
                  'The date by which the contract wants it built must be known before the start: give it here.',
                ),
              },
            ],
          },
        ),
        refused: outcome('不同意开工', 'Refused', why),
      },
    },
    'prepare-circuit': {
      title: t('向相关部门申请准备电路资源', 'Have the circuits prepared'),
      shown: t('准备电路资源', 'Circuits are prepared'),
      who: ['technical-dept'],
      limit: office.workingDays(2)('default'),
      outcomes: {
        ready: outcome('已准备', 'Ready', {
          circuits: must(field('resources', '电路', 'Circuits')),
          preparation: field('text', '准备情况', 'How it was prepared'),
        }),
        'no-resource': outcome('无资源', 'No resource', why),
      },
    },
    'draft-construction-plan': {
      title: t('业务部门制定施工方案并提交大客户发展中心', 'Draft the construction plan'),
      shown: t('制定施工方案', 'The works are planned'),
      who: ['business-dept'],
      limit: office.workingDays(2)('default'),
      outcomes: {
        submitted: outcome('已提交', 'Submitted', {
          plan: must(field('text', '施工方案', 'Construction plan', { max: LONG_TEXT })),
          planFile: field('file', '方案文件', 'File of the plan'),
        }),
        returned: outcome('退回修改', 'Returned', why),
      },
    },
    build: {
      title: t('工程部门按合同确定的施工方案施工', 'Build by the plan'),
      shown: t('施工', 'The works are under way'),
      who: ['engineering-dept'],
      limit: {
        text: '按合同規定時限',
        dueFact: 'constructionDue',
        calendar: 'W',
        mark: 'inferred',
        ladder: 'contract-date',
      },
      notify: [...tracked('open', 'construction-started'), ...tracked('built', 'construction-built')],
      outcomes: { built: outcome('已施工', 'Built', { works: must(field('text', '施工情况', 'What was built', { max: LONG_TEXT })) }) },
    },
    'joint-test': {
      title: t('电路联调', 'Test the circuit end to end'),
      shown: t('电路联调', 'The circuit is tested'),
      who: ['engineering-dept', 'technical-dept'],
      limit: office.days(2)('inferred'),
      notify: tracked('passed', 'circuit-tested'),
      outcomes: {
        passed: outcome('通过', 'Passed', { testReport: must(field('text', '联调报告', 'Test report', { max: LONG_TEXT })) }),
        failed: outcome('未通过', 'Failed', why),
      },
    },
    'joint-acceptance': {
      title: t('共同进行工程验收，验收合格？', 'Is the work accepted by all three?'),
      shown: t('共同验收', 'You accept the work together with us'),
      customer: {
        ask: t('工程验收合格吗？', 'Do you accept the work?'),
        outcomes: verdicts,
      },
      who: ['kac-staff', 'engineering-dept', 'customer'],
      limit: office.days3('inferred'),
      notify: [{ on: 'open', to: 'customer', template: 'acceptance-asked' }],
      joint: {
        parties: [
          { id: 'centre', title: t('大客户发展中心', 'Key-account centre'), who: ['kac-staff'], answers: verdicts, mandatory: true },
          { id: 'engineering', title: t('工程部门', 'Engineering'), who: ['engineering-dept'], answers: verdicts, mandatory: true },
          // Nobody signs for two parties: what the customer says is entered by his account manager, unless he says it himself.
          { id: 'customer', title: t('客户', 'Customer'), who: ['account-manager', 'customer'], answers: verdicts, mandatory: true },
        ],
        order: 'parallel',
        // All three are heard even after one has said no, so that one rework mends what all of them found.
        rules: [{ answer: 'not-qualified', outcome: 'not-qualified' }],
        else: 'qualified',
        votes: true,
      },
      outcomes: { qualified: outcome('合格', 'Qualified'), 'not-qualified': outcome('不合格', 'Not qualified') },
    },
    rectify: {
      title: t('按合同内容整改', 'Rectify by the contract'),
      shown: t('整改', 'Defects are put right'),
      who: ['engineering-dept'],
      climbs: { on: 'joint-acceptance=not-qualified', times: 3, to: 'supervisor' },
      limit: office.workingDays(3)('default'),
      notify: tracked('rectified', 'construction-rectified'),
      outcomes: {
        rectified: outcome('已整改', 'Rectified', {
          rectification: must(field('text', '整改情况', 'What was put right', { max: LONG_TEXT })),
        }),
      },
    },
    'archive-construction': {
      title: t('施工资料存档并通知大客户发展中心，及相关维护部门', 'File the documents and tell the centre and maintenance'),
      who: ['engineering-dept'],
      limit: office.day('inferred'),
      notify: [
        { on: 'archived', to: 'maintenance-dept', template: 'construction-archived' },
        ...tracked('archived', 'construction-archived'),
      ],
      outcomes: {
        archived: outcome(
          '已存档',
          'Archived',
          {
            fileNo: must(field('text', '资料编号', 'Number of the file', { max: 60 })),
            handover: field('text', '移交维护说明', 'Hand-over to maintenance'),
          },
          // What is built stays built; the circuits can still be freed for others until the service is on.
          { irreversible: true, release: 'accepted' },
        ),
      },
    },
    'settle-construction': {
      title: t('工程结算', 'Settle the construction'),
      who: ['finance-dept', 'engineering-dept'],
      limit: office.workingDays(5)('default'),
      outcomes: {
        settled: outcome('已结算', 'Settled', {
          settlement: must(field('money', '结算金额', 'Sum settled')),
          remark: field('text', '结算说明', 'Remark'),
        }),
      },
    },
  },
  route: [
    'apply-start',
    ['prepare-circuit', 'draft-construction-plan'],
    'build',
    'joint-test',
    'joint-acceptance',
    'archive-construction',
    'settle-construction',
  ],
  results: ['circuits', 'testReport', 'constructionDue'],
  amend: { constructionDue: 'build', circuitsNeeded: 'prepare-circuit', siteA: 'prepare-circuit', siteZ: 'prepare-circuit' },
  withdrawal: { agree: ['kac-director', 'vp-in-charge', 'top-management'] },
  ends: {
    accepted: { title: t('已验收存档', 'Accepted') },
    terminated: { title: t('已终止', 'Terminated') },
  },
  rules: [
    t(
      '开工前须有合同和合同规定的完工时限；施工时限即该日期。',
      'Contract and construction due date are there before the start; the limit of building is that date.',
    ),
    t(
      '准备电路与施工方案同时进行，两项完成后方可施工（默认）；无资源即终止。',
      'Circuits and plan are prepared side by side, both before anything is built (default); without a resource it ends.',
    ),
    t(
      '验收须中心、工程部门、客户三方签署，一方不合格即整改；客户意见由客户经理录入或客户自行填写，一人不得代表两方。',
      "Acceptance needs centre, engineering and customer; one “not qualified” means rework. The customer's verdict is entered by his account manager or by himself; nobody signs for two.",
    ),
    t('整改以合同为准，不以新要求为准。', 'Rework is measured against the contract, not against new wishes.'),
    t('第三轮整改由主管决定由谁处理（默认）。', 'From the third round of rework a supervisor says who does it (default).'),
    t(
      '整改后回到验收；可设定先重新联调（input: retest）。',
      'After rework comes the next acceptance; where the order says so the circuit is tested again first (input retest).',
    ),
    t('验收合格前不得存档；移交时通知维护部门。', 'Nothing is filed before a qualified acceptance; maintenance is told at hand-over.'),
    t(
      '合同时限用去80%时提前告知客户和上级；超过即按标准升级。',
      'When 80 % of the time to the contract date is used, the customer and the superior hear of it early; an overrun climbs as usual.',
    ),
    t('存档即可开通，结算另行进行。', 'Activation may begin once the construction is archived; settlement goes on beside it.'),
    t(
      '记录：开工申请、电路资源占用、施工方案、进度、联调报告、每次验收（参加人、结论、缺陷）、整改、施工资料、结算。',
      'Kept: start application, circuits held, plan, progress, test report, each acceptance (participants, verdict, defects), rectification, file, settlement.',
    ),
  ],
  differences: [
    {
      step: 'apply-start',
      outcome: 'granted',
      reason:
        'Circuits and plan are prepared side by side (catalogue P-05, Parallel, default): the permission to start opens both at once instead of one after the other',
    },
    {
      step: 'prepare-circuit',
      outcome: 'ready',
      reason:
        'Circuits and plan are joined before build: being the last of the two, the circuits lead to building, and being the first they wait for the plan',
    },
  ],
})
