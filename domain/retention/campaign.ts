/** A retention campaign as data: whom it is for, what is offered, how long, for how much, and who gets nothing so that it can be measured. */
import { isDate } from '../settlement/period.ts'
import type { Title } from '../title.ts'
import { type ValueClass, valueClasses } from './profile.ts'

/** All that are given must hold; each is looked up in the customer's profile. */
export interface Target {
  values?: readonly ValueClass[]
  /** month-to-month, one-year, two-year. */
  contracts?: readonly string[]
  tenureFrom?: number
  tenureBelow?: number
  /** Fen a month. */
  chargeFrom?: number
  chargeBelow?: number
  /** Services and marks that he has, and that he has not (domain/retention/profile.ts). */
  has?: readonly string[]
  hasNot?: readonly string[]
  /** Only whom a detection run has alarmed within so many days. */
  alarmedWithin?: number
}

export interface Campaign {
  target: Target
  /** What the account managers offer. */
  scheme: string
  /** Fen, over all cases. */
  budget: number
  /** Basis points of those whose turn it is who get nothing. */
  holdout: number
  /** Days, both included. */
  from: string
  to: string
}

export const contracts = ['month-to-month', 'one-year', 'two-year'] as const
/** Half: beyond it the campaign would rather measure than keep. */
export const MOST_HOLDOUT = 5_000

const whole = (value: number | undefined, most = Number.MAX_SAFE_INTEGER): boolean =>
  value === undefined || (Number.isSafeInteger(value) && value >= 0 && value <= most)

/** @returns everything that is wrong, by field; nothing where it may be saved */
export function checkCampaign({ target, scheme, budget, holdout, from, to }: Campaign): { field: string; message: Title }[] {
  const problems: { field: string; message: Title }[] = []
  const note = (wrong: boolean, field: string, zh: string, en: string) => {
    if (wrong) problems.push({ field, message: { zh, en } })
  }
  note(scheme.trim() === '', 'scheme', '须说明挽留方案', 'say what is offered')
  note(!whole(budget) || budget === 0, 'budget', '预算须为正整数分', 'give whole fen, more than 0')
  note(!whole(holdout, MOST_HOLDOUT), 'holdout', '对照组比例须为 0 至 5000', 'give basis points from 0 to 5000 (50 %)')
  note(!isDate(from), 'from', '须为日期', 'give a date such as 2026-11-01')
  note(!isDate(to) || to < from, 'to', '须为不早于开始的日期', 'give a date not before the first day')
  note(Object.keys(target).length === 0, 'target', '至少要有一个目标条件', 'name at least one condition')
  note(target.values?.some((value) => !valueClasses.includes(value)) ?? false, 'target.values', '没有此客户价值', 'high, mid or low')
  note(
    target.contracts?.some((contract) => !(contracts as readonly string[]).includes(contract)) ?? false,
    'target.contracts',
    '没有此合约类型',
    contracts.join(', '),
  )
  for (const field of ['tenureFrom', 'tenureBelow', 'chargeFrom', 'chargeBelow', 'alarmedWithin'] as const)
    note(!whole(target[field]), `target.${field}`, '须为非负整数', 'give a whole number, 0 or more')
  const empty = (low?: number, high?: number) => low !== undefined && high !== undefined && high <= low
  note(empty(target.tenureFrom, target.tenureBelow), 'target.tenureBelow', '范围为空', 'nobody lies in that range')
  note(empty(target.chargeFrom, target.chargeBelow), 'target.chargeBelow', '范围为空', 'nobody lies in that range')
  return problems
}
