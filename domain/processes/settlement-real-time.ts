/** P-60 實時結算: the commission of a single event at once (Unicom 5.5; the steps are inferred). */
import { defineSpec } from '../order/spec.ts'
import { atOnce, office, system } from './limits.ts'
import { choice, field, must, outcome, t, why } from './parts.ts'
import { agent, machineStep, period, settlementRules } from './settlement.ts'

export const settlementRealTimeSpec = defineSpec({
  no: 'P-60',
  id: 'settlement-real-time',
  family: 'settlement',
  internal: true,
  title: t('实时结算', 'Real-time settlement'),
  input: {
    agent: must(agent),
    event: must(field('text', '业务事件编号', "Event's own number", { max: 100 })),
    eventKind: must(choice('事件', 'Event', 'sale', 'slip')),
    eventAt: must(field('instant', '发生时间', 'Time of the event')),
    number: must(field('text', '业务号码', 'Number', { max: 60 })),
    businessType: must(field('text', '业务类型', 'Business type', { max: 60 })),
    fee: must(field('money', '费用', 'Fee')),
  },
  steps: {
    'catch-event': {
      ...machineStep,
      title: t('接收业务事件', 'Take the event'),
      limit: atOnce('C'),
      outcomes: {
        eligible: outcome('可结算', 'Eligible', { period }),
        'not-eligible': outcome('不可结算', 'Not eligible', why),
      },
    },
    'compute-commission': {
      ...machineStep,
      title: t('按方案计算', 'Compute by the scheme'),
      limit: atOnce('C'),
      outcomes: {
        computed: outcome('已计算', 'Computed', { amount: field('money', '佣金', 'Commission'), scheme: field('text', '方案', 'Scheme') }),
        'no-scheme': outcome('无方案', 'No scheme'),
      },
    },
    'book-commission': {
      ...machineStep,
      title: t('记入返利子账户', 'Book it to the rebate account'),
      limit: atOnce('C'),
      outcomes: { booked: outcome('已记账', 'Booked', { checkAt: field('instant', '核对时间', 'When it is checked') }) },
    },
    'confirm-later': {
      ...machineStep,
      title: t('帐期末核对', 'Check it at the end of the period'),
      doneAt: 'checkAt',
      limit: system.written('end of period', '1h')('default', { dueFact: 'checkAt' }),
      outcomes: { confirmed: outcome('已核对', 'Confirmed'), reversed: outcome('须冲回', 'To be reversed', why) },
    },
    'reverse-commission': {
      title: t('冲回', 'Reverse the commission'),
      who: ['finance-dept'],
      limit: office.workingDays(1)('default'),
      outcomes: { reversed: outcome('已冲回', 'Reversed', { remark: field('text', '说明', 'Remark') }) },
    },
  },
  route: ['catch-event', 'compute-commission', 'book-commission', 'confirm-later'],
  ends: {
    settled: { title: t('已结算', 'Settled') },
    reversed: { title: t('已冲回', 'Reversed') },
    ignored: { title: t('不结算', 'Ignored') },
  },
  rules: [t('一个事件只记一次账；不再参加统一结算。', 'One event, one booking; it is left out of the unified run.'), ...settlementRules],
})
