/** P-11 大客戶建議處理模型: collect, analyse, decide and answer suggestions (Unicom 10.2.4). */
import { defineSpec } from '../order/spec.ts'
import { suggestionFields } from './complaint-fields.ts'
import { office } from './limits.ts'
import { choice, field, LONG_TEXT, must, outcome, t, why } from './parts.ts'

const opinion = field('text', '审阅意见', 'Opinion')

export const suggestionSpec = defineSpec({
  no: 'P-11',
  id: 'suggestion',
  family: 'complaint',
  title: t('大客户建议处理模型', 'Suggestion handling'),
  input: {
    channel: must(choice('来源渠道', 'Channel', 'visit', 'hotline', 'web', 'complaint')),
    raisedAt: must(suggestionFields.raisedAt),
    content: must(suggestionFields.content),
    product: must(suggestionFields.product),
    service: field('text', '电路/业务', 'Circuit or service', { max: 100 }),
    contactPerson: field('text', '建议人', 'Who suggests it', { max: 100, personal: true }),
  },
  steps: {
    'make-suggestion-report': {
      title: t('根据大客户意见、建议生成大客户建议报告', 'Make the suggestion report'),
      shown: t('收到您的建议', 'Your suggestion is taken in'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      outcomes: { made: outcome('已生成', 'Made', { report: must(field('text', '建议报告', 'Report', { max: LONG_TEXT })) }) },
    },
    'analyse-suggestions': {
      title: t('进行分析并生成建议汇总表', 'Analyse it and enter it in the summary table'),
      shown: t('分析您的建议', 'Your suggestion is analysed'),
      who: ['kac-staff'],
      limit: office.workingDays(1)('default'),
      outcomes: {
        analysed: outcome('已分析', 'Analysed', {
          summaryNo: must(field('text', '建议汇总表编号', 'Number of the summary table', { max: 60 })),
          analysis: must(field('text', '分析', 'Analysis', { max: LONG_TEXT })),
        }),
      },
    },
    'director-review': {
      title: t('大客户发展中心总监审阅', 'Review by the director of the key-account centre'),
      shown: t('审阅您的建议', 'Your suggestion is reviewed'),
      who: ['kac-director'],
      limit: office.workingDays(1)('default'),
      notify: [{ on: 'adopt', to: 'customer', template: 'suggestion-thanks' }],
      outcomes: {
        adopt: outcome('采纳', 'Adopt', { opinion }),
        decline: outcome('不采纳', 'Decline', why),
        rework: outcome('重新分析', 'Rework', why),
      },
    },
    'notify-departments': {
      title: t('通知相关部门', 'Notify the department concerned'),
      who: ['kac-staff'],
      limit: office.halfDay('default'),
      outcomes: {
        notified: outcome('已通知', 'Notified', {
          unit: must(field('unit', '处理部门', 'Department')),
          notice: field('text', '通知内容', 'Notice'),
        }),
      },
    },
    'handle-suggestion': {
      title: t('处理部门处理并生成处理建议分类表', 'The department handles it and classifies the handling'),
      shown: t('处理您的建议', 'Your suggestion is put to work'),
      who: ['business-dept'],
      offerFrom: 'notify-departments',
      limit: office.workingDays(5)('default'),
      outcomes: {
        handled: outcome('已处理', 'Handled', {
          classification: must(choice('处理建议分类', 'Classification', 'done', 'planned', 'partly', 'not-feasible')),
          handling: must(field('text', '处理情况', 'Handling', { max: LONG_TEXT })),
        }),
      },
    },
    'reply-and-thank': {
      title: t('回复大客户并生成建议反馈表，感谢大客户', 'Answer the customer and thank him'),
      shown: t('答复并感谢您', 'You are answered and thanked'),
      who: ['kac-staff'],
      heldBy: 'make-suggestion-report',
      limit: office.workingDays(1)('default'),
      notify: [{ on: 'replied', to: 'customer', template: 'suggestion-answered' }],
      outcomes: {
        replied: outcome('已回复', 'Replied', { answer: must(field('text', '答复内容', 'Answer', { max: LONG_TEXT })) }),
      },
    },
  },
  route: ['make-suggestion-report', 'analyse-suggestions', 'director-review', 'notify-departments', 'handle-suggestion', 'reply-and-thank'],
  ends: { closed: { title: t('已答复', 'Closed') } },
  rules: [
    t('每条建议都要答复；不采纳的也要说明并致谢。', 'Every suggestion gets an answer; a declined one too, with thanks.'),
    t('多条建议可归入同一份汇总表，各自保留各自的答复。', 'Several suggestions may share one summary table; each keeps its own answer.'),
    t(
      '采纳后先致谢，处理完成后再作最终答复（推断）。',
      'Once adopted the customer is thanked at once, beside the handling; the final answer follows it (inferred).',
    ),
    t('先审阅，后处理（默认）。', 'Review first, then handling (default).'),
    t('流程图未给时限，均为默认值。', 'The chart gives no limits, all are defaults.'),
    t(
      '记录：建议报告、建议汇总表、处理建议分类表、建议反馈表。',
      'Kept: suggestion report, summary table, classification of the handling, feedback form.',
    ),
  ],
})
