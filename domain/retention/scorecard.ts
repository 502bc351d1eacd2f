/** Scorecards (P-34 rule 4): points by attribute, a cut-off by value class, and in words what gave the points. Pure. */
import type { Title } from '../title.ts'
import {
  type ContractKind,
  contracts,
  contractTitles,
  type Flag,
  flags,
  isFlag,
  type PaymentMode,
  payments,
  paymentTitles,
  type Profile,
  type ValueClass,
  valueClasses,
  valueTitles,
} from './profile.ts'

/** Attributes in numbers: a bin reaches from its bound to the next one. Months, fen. */
export const numbers = ['tenure', 'monthly-charge', 'total-charge'] as const
export type NumberAttribute = (typeof numbers)[number]

export type CardAttribute =
  | { attribute: NumberAttribute; bins: readonly { from: number; points: number }[] }
  | { attribute: 'contract'; bins: readonly { is: ContractKind; points: number }[] }
  | { attribute: 'payment'; bins: readonly { is: PaymentMode; points: number }[] }
  | { attribute: Flag; bins: readonly { is: boolean; points: number }[] }

/** Points are whole numbers; more points, more likely to leave. The lowest bin of an attribute has none. */
export interface Scorecard {
  attributes: readonly CardAttribute[]
  /** From so many points on the alarm is raised. */
  cutoff: Readonly<Record<ValueClass, number>>
  /** Points at which leaving is as likely as staying, and points that double the odds. */
  even: number
  doubling: number
}

export interface Part {
  attribute: CardAttribute['attribute']
  bin: number
  points: number
}

export const numberOf: Readonly<Record<NumberAttribute, (profile: Profile) => number>> = {
  tenure: ({ tenureMonths }) => tenureMonths,
  'monthly-charge': ({ monthlyCharge }) => monthlyCharge,
  'total-charge': ({ totalCharge }) => totalCharge,
}

/** Which bin of an attribute a profile falls into; -1 where none takes it. */
export function binOf(card: CardAttribute, profile: Profile): number {
  switch (card.attribute) {
    case 'tenure':
    case 'monthly-charge':
    case 'total-charge': {
      const value = numberOf[card.attribute](profile)
      return card.bins.findLastIndex(({ from }) => value >= from)
    }
    case 'contract':
      return card.bins.findIndex(({ is }) => is === profile.contract)
    case 'payment':
      return card.bins.findIndex(({ is }) => is === profile.payment)
    default: {
      const has = profile.flags.includes(card.attribute)
      return card.bins.findIndex(({ is }) => is === has)
    }
  }
}

/** The points of a profile, and what gave them. */
export function pointsOf({ attributes }: Scorecard, profile: Profile): { points: number; parts: Part[] } {
  const parts = attributes.map((card): Part => {
    const bin = binOf(card, profile)
    return { attribute: card.attribute, bin, points: card.bins[bin]?.points ?? 0 }
  })
  return { points: parts.reduce((sum, { points }) => sum + points, 0), parts }
}

/** How many attributes a reason names. */
const NAMED = 4

/** Why a scorecard raises the alarm, or nothing where it doesn't. */
export function sayScore(card: Scorecard, profile: Profile): (Title & { points: number }) | undefined {
  const { points, parts } = pointsOf(card, profile)
  const { valueClass } = profile
  const cutoff = card.cutoff[valueClass]
  if (points < cutoff) return undefined
  const most = parts
    .filter((part) => part.points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, NAMED)
  const words = most.map((part) => ({
    ...sayBin(card.attributes.find(({ attribute }) => attribute === part.attribute)!, part.bin),
    ...part,
  }))
  const list = (lang: 'zh' | 'en') => words.map((word) => `${word[lang]} +${word.points}`).join(lang === 'zh' ? '、' : ', ')
  return {
    zh: `评分 ${points}（${valueTitles[valueClass].zh}客户告警线 ${cutoff}）：${list('zh')}`,
    en: `${points} points (alarm for ${valueTitles[valueClass].en} customers from ${cutoff}): ${list('en')}`,
    points,
  }
}

const yuan = (fen: number) => (fen / 100).toFixed(2)

/** A bin in words. */
export function sayBin(card: CardAttribute, bin: number): Title {
  switch (card.attribute) {
    case 'tenure':
      return range(card.bins, bin, '在网', 'on the network for', (n) => String(n), { zh: ' 个月', en: ' months' }, 1)
    case 'monthly-charge':
      return range(card.bins, bin, '月费', 'monthly charge', yuan, { zh: ' 元', en: ' yuan' }, 1)
    case 'total-charge':
      return range(card.bins, bin, '累计费用', 'charges since he came', yuan, { zh: ' 元', en: ' yuan' }, 1)
    case 'contract':
      return contractTitles[card.bins[bin]!.is]
    case 'payment':
      return paymentTitles[card.bins[bin]!.is]
    default: {
      const { zh, en } = flags[card.attribute]
      return card.bins[bin]!.is ? { zh, en } : { zh: `无${zh}`, en: `no ${en}` }
    }
  }
}

function range(
  bins: readonly { from: number }[],
  bin: number,
  zh: string,
  en: string,
  say: (value: number) => string,
  unit: Title,
  step: number,
): Title {
  const [from, next] = [bins[bin]!.from, bins[bin + 1]?.from]
  if (next === undefined) return { zh: `${zh} ${say(from)}${unit.zh}以上`, en: `${en} ${say(from)}${unit.en} or more` }
  const to = say(next - step)
  if (say(from) === to) return { zh: `${zh} ${to}${unit.zh}`, en: `${en} ${to}${unit.en}` }
  return { zh: `${zh} ${say(from)}–${to}${unit.zh}`, en: `${en} ${say(from)} to ${to}${unit.en}` }
}

/** What is wrong with a scorecard, by field; nothing where it can be saved. */
export function checkScorecard(card: Scorecard): { field: string; message: Title }[] {
  const problems: { field: string; message: Title }[] = []
  const wrong = (field: string, zh: string, en: string) => problems.push({ field, message: { zh, en } })
  const seen = new Set<string>()
  for (const entry of card.attributes) {
    const field = `attributes.${entry.attribute}`
    if (seen.has(entry.attribute)) wrong(field, '属性重复', 'the attribute is there twice')
    seen.add(entry.attribute)
    if (!entry.bins.every(({ points }) => Number.isSafeInteger(points) && points >= 0))
      wrong(field, '分数须为非负整数', 'points must be whole numbers from 0')
    if (!complete(entry)) wrong(field, '分档须覆盖全部取值且不重复', 'the bins must take every value, each once')
  }
  if (card.attributes.length === 0) wrong('attributes', '至少一个属性', 'there must be an attribute')
  for (const value of valueClasses)
    if (!Number.isSafeInteger(card.cutoff[value])) wrong(`cutoff.${value}`, '告警线须为整数', 'the cut-off must be a whole number')
  return problems
}

function complete(entry: CardAttribute): boolean {
  const is = (values: readonly (string | boolean)[]) => {
    const has: unknown[] = entry.bins.map((bin) => ('is' in bin ? bin.is : undefined))
    return has.length === values.length && values.every((value) => has.includes(value))
  }
  switch (entry.attribute) {
    case 'contract':
      return is(contracts)
    case 'payment':
      return is(payments)
    case 'tenure':
    case 'monthly-charge':
    case 'total-charge':
      return entry.bins[0]?.from === 0 && entry.bins.every(({ from }, i) => i === 0 || from > entry.bins[i - 1]!.from)
    default:
      return isFlag(entry.attribute) && is([true, false])
  }
}
