/** Rule sets of detection runs (P-34 open questions, P-35, P-37): signals with their thresholds, as data. Pure. */
import type { Title } from '../title.ts'

/** What is looked for. A measure of a signal is one number at an instant; null where nothing is known. */
export type Rule =
  /** Charges of the last month against the month before, percent up or down. */
  | { signal: 'charge-change'; percent: number }
  /** Charges of the last month against the average of the months before. */
  | { signal: 'charge-deviation'; percent: number; months: number }
  /** Calls forwarded to another operator within so many days. */
  | { signal: 'call-forwarding'; days: number }
  | { signal: 'service-calls'; count: number; days: number }
  | { signal: 'open-complaint' }
  /** Fen of the last month. */
  | { signal: 'high-consumption'; fen: number }
  | { signal: 'low-consumption'; fen: number }
  /** What he calls, when and whom has changed. */
  | { signal: 'calling-behaviour'; days: number }
  /** The latest rating is of the black list. */
  | { signal: 'low-credit' }
  /** Fen owed. */
  | { signal: 'arrears'; fen: number }
export type Signal = Rule['signal']

export interface RuleSet {
  rules: readonly Rule[]
  /** Days in which the same reason opens no second case. */
  quietDays: number
  /** Cases that an account manager without a capacity of his own may have open; without it managers are no limit. */
  perManager?: number
  /** Value classes that are looked at; all where none is named. */
  values?: readonly string[]
}

/** When a measure raises the alarm. */
export interface Threshold {
  /** Whether the sign counts not. */
  absolute?: true
  is: 'at-least' | 'at-most'
  value: number
}

export function thresholdOf(rule: Rule): Threshold {
  switch (rule.signal) {
    case 'charge-change':
    case 'charge-deviation':
      return { absolute: true, is: 'at-least', value: rule.percent }
    case 'service-calls':
      return { is: 'at-least', value: rule.count }
    case 'high-consumption':
    case 'arrears':
      return { is: 'at-least', value: rule.fen }
    case 'low-consumption':
      return { is: 'at-most', value: rule.fen }
    case 'call-forwarding':
    case 'open-complaint':
    case 'calling-behaviour':
    case 'low-credit':
      return { is: 'at-least', value: 1 }
  }
}

/** Whether a measure raises the alarm; what is not known raises none. */
export function raises(rule: Rule, measure: number | null): boolean {
  if (measure === null) return false
  const { absolute, is, value } = thresholdOf(rule)
  const seen = absolute ? Math.abs(measure) : measure
  return is === 'at-least' ? seen >= value : seen <= value
}

const yuan = (fen: number) => (fen / 100).toFixed(2)
const signed = (percent: number) => `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent)}`

/** A raised signal in words, with what was measured and the threshold. */
export function say(rule: Rule, measure: number): Title {
  switch (rule.signal) {
    case 'charge-change':
      return {
        zh: `话费环比 ${signed(measure)}%（阈值 ±${rule.percent}%）`,
        en: `charges changed by ${signed(measure)} % month on month (from ±${rule.percent} %)`,
      }
    case 'charge-deviation':
      return {
        zh: `当月话费偏离平均 ${signed(measure)}%（阈值 ±${rule.percent}%）`,
        en: `charges of the month deviate by ${signed(measure)} % from the average (from ±${rule.percent} %)`,
      }
    case 'call-forwarding':
      return { zh: `${rule.days} 天内呼叫转移至他网`, en: `calls forwarded to another operator within ${rule.days} days` }
    case 'service-calls':
      return {
        zh: `${rule.days} 天内拨打客服 ${measure} 次（阈值 ${rule.count}）`,
        en: `${measure} calls to the service number within ${rule.days} days (from ${rule.count})`,
      }
    case 'open-complaint':
      return { zh: `有未结投诉 ${measure} 件`, en: `${measure} open ${measure === 1 ? 'complaint' : 'complaints'}` }
    case 'high-consumption':
      return { zh: `当月消费过高：${yuan(measure)} 元`, en: `very high consumption: ${yuan(measure)} yuan in the month` }
    case 'low-consumption':
      return { zh: `当月消费过低：${yuan(measure)} 元`, en: `very low consumption: ${yuan(measure)} yuan in the month` }
    case 'calling-behaviour':
      return { zh: `${rule.days} 天内通话行为异常`, en: `calling behaviour changed within ${rule.days} days` }
    case 'low-credit':
      return { zh: '信用极低（黑名单）', en: 'very low credit (black list)' }
    case 'arrears':
      return { zh: `欠费 ${yuan(measure)} 元（阈值 ${yuan(rule.fen)}）`, en: `arrears of ${yuan(measure)} yuan (from ${yuan(rule.fen)})` }
  }
}

/** Numbers of a rule and the least and the most that they may be. */
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  percent: [1, 1_000],
  months: [1, 24],
  days: [1, 366],
  count: [1, 1_000],
  fen: [0, 100_000_000_000],
}
const numbersOf: Readonly<Record<Signal, readonly string[]>> = {
  'charge-change': ['percent'],
  'charge-deviation': ['percent', 'months'],
  'call-forwarding': ['days'],
  'service-calls': ['count', 'days'],
  'open-complaint': [],
  'high-consumption': ['fen'],
  'low-consumption': ['fen'],
  'calling-behaviour': ['days'],
  'low-credit': [],
  arrears: ['fen'],
}

/** What is wrong with a rule set, by field; nothing where it can be saved. */
export function checkRules({ rules, quietDays, perManager }: RuleSet): { field: string; message: Title }[] {
  const problems: { field: string; message: Title }[] = []
  const number = (field: string, value: unknown, [least, most]: readonly [number, number]) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most)
      problems.push({ field, message: { zh: `须为 ${least} 至 ${most} 的整数`, en: `must be a whole number from ${least} to ${most}` } })
  }
  if (rules.length === 0) problems.push({ field: 'rules', message: { zh: '至少一条规则', en: 'there must be a rule' } })
  rules.forEach((rule, i) => {
    const field = `rules.${i}`
    if (!Object.hasOwn(numbersOf, rule.signal))
      problems.push({ field: `${field}.signal`, message: { zh: '未知信号', en: 'no such signal' } })
    else if (rules.findIndex(({ signal }) => signal === rule.signal) < i)
      problems.push({ field: `${field}.signal`, message: { zh: '信号重复', en: 'the signal is there twice' } })
    else for (const name of numbersOf[rule.signal]) number(`${field}.${name}`, (rule as Record<string, unknown>)[name], bounds[name]!)
  })
  number('quietDays', quietDays, [0, 366])
  if (perManager !== undefined) number('perManager', perManager, [0, 1_000])
  return problems
}
