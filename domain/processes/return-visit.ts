/** P-08 大客戶回訪流程: plan, order, carry out and evaluate return visits; find problems and opportunities (Unicom 10.2.1, 4.4). */
import { defineSpec } from '../order/spec.ts'
import { complaintFields, openComplaintForm } from './complaint-fields.ts'
import { demandFields } from './demand.ts'
import { openFaultForm, serviceFacts } from './fault-fields.ts'
import { atOnce, office } from './limits.ts'
import { choice, field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

const kind = choice('回访方式', 'Kind of visit', 'door-to-door', 'phone')
const visitor = field('person', '回访人员', 'Visitor')
const windowFrom = field('instant', '回访时间段（起）', 'Window from')
const windowTo = field('instant', '回访时间段（止）', 'Window to')

/** Whom business acceptance (P-02) turns to. */
const contact = { contactPerson: demandFields.contactPerson, contactPhone: demandFields.contactPhone, address: demandFields.address }

/** Typing is kept low: everything but the result is optional, and the console prefills what the plan and the appointment said. */
const visitRecord = {
  result: must(field('text', '回访结果', 'Result')),
  satisfaction: choice('满意度', 'Satisfaction', 'very-satisfied', 'satisfied', 'basically-satisfied', 'dissatisfied', 'very-dissatisfied'),
  visitedAt: field('instant', '回访时间', 'Time of the visit'),
  met: field('text', '会见人', 'Whom the visitor met', { max: 200, personal: true }),
  competitors: field('text', '竞争对手信息', 'Competitor information'),
}

/** Whoever was ordered to visit keeps the visit to its end, unless it is handed over. */
const byVisitor = { who: ['account-manager'], heldBy: 'prepare-visit' } as const

export const returnVisitSpec = defineSpec({
  no: 'P-08',
  id: 'return-visit',
  family: 'customer',
  title: t('大客户回访流程', 'Key-account return visit'),
  input: {
    occasion: must(
      choice(
        '回访原因',
        'Occasion',
        'scheduled',
        'own-plan',
        'fault-closed',
        'complaint-closed',
        'service-transferred',
        'service-activated',
      ),
    ),
    condition: choice('回访条件', 'Condition', 'days-since-contact', 'recently-closed', 'low-satisfaction'),
    days: field('number', '天数', 'Days that the condition speaks of', { max: 3650 }),
    customers: field('customers', '客户名单', 'Customers'),
    person: visitor,
    windowFrom,
    windowTo,
    kind,
    planned: field('boolean', '计划已制定', 'The plan exists already'),
    service: field('text', '电路/业务', 'Circuit or service', { max: 100 }),
    symptom: field('text', '故障现象', 'Symptom'),
  },
  steps: {
    'select-customers': {
      title: t('根据回访条件自动查询客户范围', 'Select the customers by the conditions'),
      who: ['system'],
      automatic: true,
      outcomes: {
        selected: outcome('已选定', 'Selected', { customers: field('customers', '客户名单', 'Customers') }),
        none: outcome('无符合条件的客户', 'None'),
      },
    },
    'make-visit-plan': {
      title: t('制订大客户回访计划，确定回访人员', 'Make the visit plan and name the visitor'),
      who: ['kac-staff', 'account-manager'],
      limit: office.workingDays(1)('default'),
      outcomes: {
        planned: outcome('已制订', 'Planned', {
          person: visitor,
          windowFrom: must(windowFrom),
          windowTo: must(windowTo),
          kind: must(kind),
          purpose: field('text', '回访目的', 'Purpose'),
        }),
      },
    },
    'issue-visit-order': {
      // The order goes to the visitor of the plan, who answers it; where the plan names none, a dispatcher sends it to one.
      title: t('下单，下达给客户经理执行', 'Issue the visit order to the account manager'),
      who: ['dispatcher'],
      offerFrom: 'make-visit-plan',
      acceptIs: 'accepted',
      refuseIs: 'refused',
      limit: office.halfDay('default'),
      outcomes: { accepted: outcome('接单', 'Accepted'), refused: outcome('拒单', 'Refused') },
    },
    'prepare-visit': {
      title: t('走访、回访前准备工作', 'Prepare the visit'),
      who: ['account-manager'],
      offerFrom: 'conduct-visit',
      heldBy: 'issue-visit-order',
      limit: office.workingDays(1)('default'),
      outcomes: { prepared: outcome('已准备', 'Prepared', { preparation: field('text', '准备情况', 'Preparation') }) },
    },
    'make-appointment': {
      ...byVisitor,
      title: t('客户预约', 'Make the appointment'),
      limit: office.workingDays(2)('default'),
      outcomes: {
        agreed: outcome('已约定', 'Agreed', {
          appointmentAt: must(field('instant', '约定时间', 'Agreed time')),
          place: field('text', '地点', 'Place', { max: 200, personal: true }),
          contactPerson: field('text', '联系人', 'Contact person', { max: 100, personal: true }),
        }),
        'not-reachable': outcome('联系不上', 'Not reachable', { tried: field('text', '联系情况', 'What was tried') }),
        declined: outcome('客户谢绝', 'Declined', why),
      },
    },
    'conduct-visit': {
      ...byVisitor,
      title: t('大客户走访、回访实施', 'Carry out the visit'),
      limit: { text: 'agreed date + 1 WD', dueFact: 'appointmentAt', budget: '1WD', calendar: 'W', mark: 'default' },
      outcomes: {
        visited: outcome('已走访', 'Visited'),
        stopped: outcome('终止', 'Stopped', why),
        reassigned: outcome('换人', 'Handed over', { ...why, person: must(visitor) }),
      },
    },
    'record-visit': {
      ...byVisitor,
      title: t('大客户走访、回访记录', 'Record the visit'),
      limit: office.workingDays(1)('default'),
      outcomes: {
        'with-problems': outcome('有问题', 'With problems', { ...visitRecord, problems: must(field('text', '发现的问题', 'Problems')) }),
        'no-problems': outcome('无问题', 'No problems', visitRecord),
      },
    },
    'handle-problems': {
      ...byVisitor,
      title: t('处理走访、回访中发现的问题', 'Handle the problems found'),
      limit: office.workingDays(2)('default'),
      starts: [
        {
          on: 'handled',
          process: 'graded-fault',
          whenField: 'openFault',
          take: ['service', 'symptom', 'reporter', 'reporterPhone', 'occurredAt', ...serviceFacts],
          input: { source: 'account-manager', channel: 'return-visit' },
        },
        {
          on: 'handled',
          process: 'complaint',
          whenField: 'openComplaint',
          take: [...Object.keys(complaintFields), ...serviceFacts],
          input: { channel: 'visit' },
        },
        {
          on: 'handled',
          process: 'suggestion',
          whenField: 'openSuggestion',
          take: ['raisedAt', 'content', 'product', 'service', 'contactPerson'],
          input: { channel: 'visit' },
        },
      ],
      outcomes: {
        handled: outcome('已处理', 'Handled', {
          handling: must(field('text', '处理情况', 'What was done')),
          ...openFaultForm,
          ...openComplaintForm,
        }),
      },
    },
    'summarise-visit': {
      ...byVisitor,
      title: t('做好走访、回访总结', 'Summarise the visit'),
      limit: office.workingDays(1)('default'),
      outcomes: { summarised: outcome('已总结', 'Summarised', { summary: must(field('text', '总结', 'Summary', { max: LONG_TEXT })) }) },
    },
    'decide-opportunity': {
      ...byVisitor,
      title: t('发现商机？', 'Is there a business opportunity?'),
      implicitAccept: true,
      outcomes: {
        yes: outcome('有', 'Yes', { opportunity: must(field('text', '商机内容', 'Opportunity')), ...contact }),
        no: outcome('无', 'No'),
      },
    },
    'start-business-acceptance': {
      title: t('走业务受理流程', 'Start business acceptance'),
      who: ['system'],
      automatic: true,
      limit: atOnce('C'),
      starts: [
        {
          on: 'started',
          process: 'customer-visit',
          take: ['demand', 'opportunity', 'fromVisit', ...Object.keys(contact)],
          input: { channel: 'return-visit' },
        },
      ],
      outcomes: {
        started: outcome('已发起', 'Started', {
          request: field('text', '业务受理请求', 'Request', { max: 100 }),
          demand: demandFields.demand,
          fromVisit: field('text', '来源回访', 'Return visit that it came from', { max: 200 }),
        }),
      },
    },
  },
  route: [
    'select-customers',
    'make-visit-plan',
    'issue-visit-order',
    'prepare-visit',
    'make-appointment',
    'conduct-visit',
    'record-visit',
    'summarise-visit',
    'decide-opportunity',
  ],
  ends: {
    visited: { title: t('已回访', 'Visited') },
    'opportunity-opened': { title: t('已转业务受理', 'Opportunity opened') },
    'nothing-to-visit': { title: t('无回访对象', 'Nothing to visit') },
  },
  rules: [
    t('没有派单不得走访：先下单。', 'No visit without an order.'),
    t('任务较长时可终止或换人，原因留存。', 'During a long task the visit may be stopped or handed over; the reason is kept.'),
    t(
      '一个计划有多个客户或按条件选定客户时，每个客户一张子工单，总单等待其全部结束。',
      'A plan of several customers, or of whom a condition selects, runs one child order each; the plan waits for all of them.',
    ),
    t('尽量减少手工录入：记录单预先填好。', 'Typing is kept low: the record opens prefilled.'),
    t(
      '发现的问题可直接发起故障（P-14）、投诉（P-09）或建议（P-11）工单，不等其结束。',
      'What was found may be opened as a fault (P-14), a complaint (P-09) or a suggestion (P-11); the visit does not wait for their ends.',
    ),
    t(
      '商机记录为业务受理请求，并发起客户走访（P-02），带上客户、需求、联系人和来源回访。',
      'An opportunity is recorded as a request and opens a customer visit (P-02) with customer, demand, contact and the visit that it came from.',
    ),
    t(
      '回访条件（默认）：距上次联系的天数（按级别）、新近结束的投诉、故障或开通、满意度低于“基本满意”。',
      'Conditions (default): days since the last contact by level; a complaint, fault or activation closed lately; satisfaction below “basically satisfied”.',
    ),
    t(
      '流程图未给时限，均为默认值；超期未走访的计划计入计划执行率。',
      'The chart gives no limits, all are defaults; a plan not carried out in its window counts against the plan-execution rate.',
    ),
    t(
      '记录：计划、派单、走访记录（结果、满意度、问题、竞争信息）、总结、由此发起的工单。',
      'Kept: plan, order, visit record (result, satisfaction, problems, competitors), summary, link to what was opened.',
    ),
  ],
})
