/** A line of a bill in words: scheme, version, variables, step and rounding that made it. */
import type { Title } from '../title.ts'
import { lastDay, monthsOnNetwork } from './period.ts'
import { WHOLE } from './rounding.ts'
import type { BusinessScheme, Condition, Pay, UserRecord } from './scheme.ts'
import { byVolume, combination, meets, type Settled, settleUser } from './settle.ts'
import { type Fee, feeTitles, variableOf } from './variables.ts'

export interface LineFacts {
  scheme: BusinessScheme
  schemeTitle: Title
  version: number
  /** first choice, substitute or special. */
  rank: string
  period: string
  user: UserRecord
  /** Of the agent, where the steps go by it. */
  volume?: bigint
}

export interface Explanation {
  settled: Settled
  /** One sentence each, in the order of the computation. */
  sentences: Title[]
}

const say = (zh: string, en: string): Title => ({ zh, en })

/** Fen as yuan with two decimals. */
export function yuan(fen: bigint): string {
  const digits = String(fen < 0n ? -fen : fen).padStart(3, '0')
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const sumOf = (fees: readonly Fee[], lang: 'zh' | 'en'): string => fees.map((fee) => feeTitles[fee][lang]).join(' + ')

const words = {
  in: say('属于', 'is one of'),
  'not-in': say('不属于', 'is none of'),
  'at-least': say('不少于', 'is at least'),
  below: say('少于', 'is below'),
  from: say('不早于', 'is not before'),
  before: say('早于', 'is before'),
} as const satisfies Record<Condition['is'], Title>

const isAmount = (condition: { variable: Condition['variable'] }): boolean => variableOf(condition.variable).type === 'amount'

function valueOf(condition: Condition): string {
  const { value } = condition
  if (typeof value === 'number') return isAmount(condition) ? yuan(BigInt(value)) : String(value)
  return typeof value === 'string' ? value : value.join(', ')
}

/** What the user's record says of a variable. */
function actual({ variable, fees }: Pick<Condition, 'variable' | 'fees'>, user: UserRecord, period: string, volume?: bigint): string {
  switch (variable) {
    case 'fee':
      return `${(fees ?? []).map((fee) => yuan(user.fees[fee])).join(' + ')} = ${yuan(combination(user, fees ?? []))}`
    case 'date-on-network':
      return user.joinedOn
    case 'months-on-network':
      return `${monthsOnNetwork(user.joinedOn, period)} (${user.joinedOn} … ${lastDay(period)})`
    case 'package':
      return user.package
    case 'user-region':
      return user.region
    case 'agent-fees':
      return yuan(volume ?? 0n)
    default:
      return String(volume ?? '')
  }
}

function conditionSentence(condition: Condition, { user, period }: LineFacts): Title {
  const { title } = variableOf(condition.variable)
  const [met, is] = [meets(condition, user, period), actual(condition, user, period)]
  const [zh, en] = [words[condition.is].zh, words[condition.is].en]
  return say(
    `条件：${title.zh}${zh} ${valueOf(condition)}；实际为 ${is}，${met ? '满足' : '不满足'}。`,
    `Condition: ${title.en} ${en} ${valueOf(condition)}; it is ${is}: ${met ? 'met' : 'not met'}.`,
  )
}

function stepSentence({ scheme, user, period, volume }: LineFacts, tier: number): Title {
  const { steps, tiers } = scheme
  if (!steps) return say('方案只有一档。', 'The scheme has one step.')
  const { title } = variableOf(steps.variable)
  const number = (from: number) => (isAmount(steps) ? yuan(BigInt(from)) : String(from))
  const [from, next] = [tiers[tier - 1]?.from, tiers[tier]?.from]
  const is = actual(steps, user, period, volume)
  const range = from === undefined ? '' : next === undefined ? `>= ${number(from)}` : `${number(from)} … < ${number(next)}`
  if (tier === 0) return say(`阶梯按${title.zh}：实际为 ${is}，未达到第一档。`, `Steps by ${title.en}: it is ${is}, below the first step.`)
  return say(
    `阶梯按${title.zh}：实际为 ${is}，为第 ${tier} 档（${range}）${byVolume(scheme) ? '，按代理商整体' : ''}。`,
    `Steps by ${title.en}: it is ${is}, which is step ${tier} (${range})${byVolume(scheme) ? ', of the agent as a whole' : ''}.`,
  )
}

const percent = (basisPoints: number): string => `${basisPoints / 100} %`

function paySentence(pay: Pay, { basis, uncapped }: Settled): Title {
  if ('fixed' in pay) return say(`每户定额 ${yuan(uncapped)} 元。`, `A fixed ${yuan(uncapped)} yuan per user.`)
  const product = basis * BigInt(pay.basisPoints)
  const rest = product % WHOLE
  const exact = `${yuan(product / WHOLE)}${String(rest < 0n ? -rest : rest).padStart(4, '0')}`
  const rounded = rest === 0n ? say('无须进位', 'nothing to round') : say('四舍五入到分（R1）', 'rounded half away from zero to a fen (R1)')
  return say(
    `${sumOf(pay.of, 'zh')} ${yuan(basis)} 元的 ${percent(pay.basisPoints)} = ${exact}，${rounded.zh} = ${yuan(uncapped)} 元。`,
    `${percent(pay.basisPoints)} of ${sumOf(pay.of, 'en')} ${yuan(basis)} yuan = ${exact}, ${rounded.en} = ${yuan(uncapped)} yuan.`,
  )
}

const ranks: Readonly<Record<string, Title>> = {
  first: say('首选方案', 'first choice'),
  substitute: say('替代方案', 'substitute, as the first choice does not hold'),
  special: say('特别方案', 'special scheme'),
}

/** Computes the line again by the reference and says how. Sums up to the fen with what the run wrote, or the run is wrong. */
export function explainLine(facts: LineFacts): Explanation {
  const { scheme, schemeTitle, version, rank, user, period, volume } = facts
  const settled = settleUser(scheme, user, period, volume)
  const chosen = ranks[rank] ?? say(rank, rank)
  const sentences = [
    say(
      `方案「${schemeTitle.zh}」第 ${version} 版（${chosen.zh}），业务类型 ${user.businessType}，帐期 ${period}。`,
      `Scheme "${schemeTitle.en}", version ${version} (${chosen.en}), business type ${user.businessType}, period ${period}.`,
    ),
    ...scheme.conditions.map((condition) => conditionSentence(condition, facts)),
  ]
  if (settled.unmet.length > 0)
    return { settled, sentences: [...sentences, say('不满足条件，金额 0.00 元。', 'Not within the conditions: 0.00 yuan.')] }
  sentences.push(stepSentence(facts, settled.tier))
  const pay = scheme.tiers[settled.tier - 1]?.pay
  if (!pay) return { settled, sentences: [...sentences, say('金额 0.00 元。', '0.00 yuan.')] }
  sentences.push(paySentence(pay, settled))
  if (settled.amount !== settled.uncapped)
    sentences.push(say(`每户上限 ${yuan(settled.amount)} 元（R2）。`, `At most ${yuan(settled.amount)} yuan per line (R2).`))
  return { settled, sentences }
}
