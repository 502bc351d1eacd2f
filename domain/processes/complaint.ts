/** P-09 大客戶投訴處理流程: resolve at the lowest level able to, raise through departments, yellow and red channel (Unicom 10.2.2, 6.3). */
import { defineSpec } from '../order/spec.ts'
import { complaintFields } from './complaint-fields.ts'
import { serviceFacts } from './fault-fields.ts'
import { atOnce, office } from './limits.ts'
import { choice, field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

const { businessCategory, category } = complaintFields
const result = must(field('text', '处理结果', 'Result', { max: LONG_TEXT }))

/** What the ticket demands of whoever handles it: nearer than the step's own limit, it wins. */
const demanded = { notAfter: 'latestHandling' } as const
/** An overrun moves the complaint up: the channels exist for what is not solved below. */
const movesUp = { effect: 'outcome', outcome: 'cannot' } as const

/** Whoever received the complaint stays its owner (catalogue 0.3 ONE). */
const byOwner = { heldBy: 'receive-complaint' } as const

const tellOwner = [{ on: 'open', to: 'responsible', template: 'complaint-raised' }] as const

export const complaintSpec = defineSpec({
  no: 'P-09',
  id: 'complaint',
  family: 'complaint',
  title: t('大客户投诉处理流程', 'Key-account complaint with yellow and red channel'),
  input: {
    businessCategory: must(businessCategory),
    category: must(category),
    number: must(complaintFields.number),
    complainant: must(complaintFields.complainant),
    raisedAt: must(complaintFields.raisedAt),
    homeRegion: must(complaintFields.homeRegion),
    content: must(complaintFields.content),
    latestHandling: must(complaintFields.latestHandling),
    channel: choice('投诉渠道', 'Channel', '1001', '10018', '10019', 'web', 'business-hall', 'visit', 'other'),
    complainantPhone: field('text', '投诉人电话', "Complainant's phone", { max: 40, personal: true }),
    service: field('text', '电路/业务', 'Circuit or service', { max: 100 }),
    openOn: { ...choice('直接进入的通道', 'Channel to open on', 'yellow', 'red'), by: 'supervisor' },
  },
  repeat: { fact: 'number' },
  steps: {
    'receive-complaint': {
      title: t('接收投诉', 'Receive the complaint'),
      shown: t('受理您的投诉', 'Your complaint is taken in'),
      who: ['kac-staff', 'hotline-agent'],
      advice: 'repeat-complaint',
      suspend: false,
      limit: atOnce('W', { mark: 'inferred' }),
      notify: [{ on: 'received', to: 'customer', template: 'complaint-received' }],
      outcomes: { received: outcome('已接收', 'Received', { remark: field('text', '受理说明', 'Remark') }) },
    },
    'record-classify': {
      ...byOwner,
      title: t('记录客户投诉内容并进行事件分类', 'Record the complaint and classify it'),
      who: ['kac-staff'],
      limit: office.hours(2)('inferred', demanded),
      outcomes: {
        classified: outcome('已分类', 'Classified', {
          category: must(category),
          businessCategory,
          eventClass: field('text', '事件分类', 'Class of event', { max: 100 }),
          record: field('text', '投诉记录', 'Record', { max: LONG_TEXT }),
        }),
      },
    },
    'self-resolve': {
      title: t('客户经理可自行解决？解决问题', 'Can the account manager resolve it himself?'),
      shown: t('客户经理处理', 'Your account manager looks into it'),
      who: ['account-manager'],
      limit: office.halfDay('inferred', demanded),
      expiry: movesUp,
      outcomes: {
        resolved: outcome('已解决', 'Resolved', { result }),
        cannot: outcome('不能自行解决', 'Cannot', { ...why, departments: field('units', '配合部门', 'Departments to cooperate') }),
      },
    },
    'department-cooperate': {
      title: t('提交相关部门配合和协合', 'The departments concerned cooperate'),
      shown: t('相关部门处理', 'The departments concerned look into it'),
      who: ['business-dept'],
      keyIs: 'unit',
      limit: office.days(2)('inferred', demanded),
      expiry: movesUp,
      notify: tellOwner,
      outcomes: { resolved: outcome('已解决', 'Resolved', { result }), cannot: outcome('不能解决', 'Cannot', why) },
    },
    'department-feedback': {
      title: t('相关部门向大客户发展中心反馈相关信息', 'The departments report back to the key-account centre'),
      who: ['business-dept'],
      heldBy: 'department-cooperate',
      implicitAccept: true,
      limit: atOnce('W', demanded),
      outcomes: { 'fed-back': outcome('已反馈', 'Fed back', { result }) },
    },
    'yellow-channel': {
      title: t('黄色通道解决（中心总监）', 'Yellow channel: the director of the centre'),
      shown: t('大客户中心总监处理', 'The director of the key-account centre looks into it'),
      who: ['kac-director'],
      limit: office.halfDay('inferred', demanded),
      expiry: movesUp,
      notify: tellOwner,
      outcomes: { resolved: outcome('已解决', 'Resolved', { result }), cannot: outcome('不能解决', 'Cannot', why) },
    },
    'red-channel': {
      title: t('走红色通道工作流程（公司领导）', 'Red channel: the leadership of the company'),
      shown: t('公司领导处理', 'The leadership of the company looks into it'),
      who: ['top-management'],
      limit: office.workingDays(1)('default', demanded),
      notify: tellOwner,
      outcomes: {
        resolved: outcome('已解决', 'Resolved', { decision: result }),
        'final-answer': outcome('最终答复', 'Final answer', { decision: result }),
      },
    },
    'reply-customer': {
      ...byOwner,
      title: t('回复客户或反馈相关信息', 'Answer the customer'),
      shown: t('答复您', 'You are answered'),
      who: ['kac-staff', 'account-manager'],
      limit: office.hours(2)('inferred', demanded),
      notify: [{ on: 'replied', to: 'customer', template: 'complaint-answered' }],
      outcomes: { replied: outcome('已回复', 'Replied', { answer: must(field('text', '答复内容', 'Answer', { max: LONG_TEXT })) }) },
    },
    'decide-satisfied': {
      ...byOwner,
      title: t('客户满意？', 'Is the customer satisfied?'),
      shown: t('请您评价处理结果', 'You say whether you are satisfied'),
      customer: {
        ask: t('您对投诉的处理结果满意吗？', 'Are you satisfied with how your complaint was handled?'),
        outcomes: ['satisfied', 'not-satisfied'],
      },
      who: ['kac-staff', 'customer'],
      implicitAccept: true,
      limit: { text: '– (wait 3 WD, then "no answer")', budget: '3WD', calendar: 'W', mark: 'default' },
      expiry: { effect: 'outcome', outcome: 'no-answer' },
      outcomes: {
        satisfied: outcome('满意', 'Satisfied', { remark: field('text', '客户意见', "Customer's remark") }),
        'not-satisfied': outcome('不满意', 'Not satisfied', { remark: field('text', '客户意见', "Customer's remark") }),
        'final-answer-given': outcome(
          '已作最终答复',
          'Final answer given',
          { remark: field('text', '客户意见', "Customer's remark") },
          {
            requires: [
              {
                fact: 'decision',
                otherwise: t(
                  '红色通道答复后才是最终答复；请选择满意或不满意。',
                  'Only the answer of the red channel is final: say whether the customer is satisfied.',
                ),
              },
            ],
          },
        ),
        'no-answer': outcome('未答复', 'No answer', { remark: field('text', '联系情况', 'What was tried') }),
      },
    },
    'escalate-next': {
      title: t('返回上一级渠道处理', 'Raise it to the channel above the one that answered'),
      who: ['system'],
      automatic: true,
      limit: atOnce('C'),
      outcomes: {
        'to-departments': outcome('至相关部门', 'To the departments'),
        'to-yellow': outcome('至黄色通道', 'To the yellow channel'),
        'to-red': outcome('至红色通道', 'To the red channel'),
        'answer-is-final': outcome('已是最终答复', 'The answer is final'),
      },
    },
    'archive-needs': {
      ...byOwner,
      title: t('客户需求整理归档', 'Sort out and file what the customer needs'),
      shown: t('归档', 'Your complaint is filed'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      starts: [
        {
          on: 'archived',
          process: 'return-visit',
          whenField: 'visit',
          take: ['service', 'kind', ...serviceFacts],
          input: { occasion: 'complaint-closed' },
        },
        {
          on: 'archived',
          process: 'suggestion',
          whenField: 'suggest',
          take: ['content', 'product', 'raisedAt', 'service'],
          input: { channel: 'complaint' },
        },
      ],
      outcomes: {
        archived: outcome('已归档', 'Archived', {
          need: must(field('text', '客户需求', 'What the customer needs', { max: LONG_TEXT })),
          visit: field('boolean', '发起回访', 'Open a return visit'),
          kind: { ...choice('回访方式', 'Kind of visit', 'door-to-door', 'phone'), requiredWith: 'visit' },
          suggest: field('boolean', '转为建议', 'Open a suggestion'),
          product: field('text', '产品', 'Product', { max: 100, requiredWith: 'suggest' }),
        }),
      },
    },
  },
  clocks: {
    handling: {
      title: t('工单要求处理的最后时限', 'Latest handling time demanded by the ticket'),
      startedBy: ['receive-complaint=received'],
      stoppedBy: ['reply-customer=replied'],
      reopenedBy: ['decide-satisfied=not-satisfied'],
      limit: { text: '工單要求處理的最後時限', dueFact: 'latestHandling', calendar: 'W', mark: 'given' },
    },
  },
  route: ['receive-complaint', 'record-classify', 'self-resolve', 'reply-customer', 'decide-satisfied', 'archive-needs'],
  ends: { closed: { title: t('已归档', 'Closed') } },
  rules: [
    t(
      '每件投诉都要答复客户，记录答复和满意度。',
      'Every complaint is answered to the customer; the answer and his satisfaction are recorded.',
    ),
    t(
      '超时即上移：客户经理→相关部门→黄色通道→红色通道；由时钟上移，记录为时钟所为。',
      'An overrun moves the complaint up: account manager → departments → yellow → red; the history says that the clock did it.',
    ),
    t(
      '工单要求的最后时限早于环节时限的，以其为准；已过的不再缩短环节时限。',
      "The ticket's own latest handling time wins where it is nearer than the step's limit; once past it shortens no step any more.",
    ),
    t(
      '可同时请多个部门配合，全部答复后环节结束；有一个部门不能解决即进入黄色通道（默认）。',
      'Several departments may cooperate at once, the step ends when all have answered; one that cannot sends the complaint to the yellow channel (default).',
    ),
    t(
      '客户不满意，上移到答复者的上一级；红色通道的答复为最终答复，不再上移。',
      'A not-satisfied customer raises the complaint one level above the one that answered; the answer of the red channel is final.',
    ),
    t(
      '答复后3个工作日无回音，记为未答复并归档。',
      'Three working days of silence after the answer are “no answer”; the complaint is filed.',
    ),
    t(
      '谁接收，谁负责到底：记录、答复、询问满意度和归档都回到接收人。',
      'Whoever received it stays its owner: recording, answering, asking and filing come back to him.',
    ),
    t('主管可直接在黄色或红色通道立案。', 'A supervisor may open a complaint directly on the yellow or the red channel.'),
    t(
      '同一号码在规定天数内再次投诉，接收时提示（规则为数据，默认30天）。',
      'Another complaint on the same number within the days of the repeat rule (30 by default, a row of data) is shown at reception.',
    ),
    t(
      '记录：投诉、分类、各级意见、处理结果、处理时间、处理人、客户满意度、投诉日志（工单历史）、客户需求。',
      "Kept: complaint, classification, opinion of each level, result, handling time, handler, satisfaction, the complaint log (the order's history), the need learnt from it.",
    ),
  ],
  differences: [
    {
      step: 'decide-satisfied',
      outcome: 'no-answer',
      reason:
        'The catalogue names it in words (wait 3 WD, then "no answer"; End states): silence is an outcome of its own, given by the clock or by the staff, and files the complaint',
    },
    {
      step: 'escalate-next',
      outcome: 'answer-is-final',
      reason:
        'Rule 2: after the red channel the answer is final; a customer who is not satisfied with it is recorded as such and the complaint is filed instead of raised',
    },
  ],
})
