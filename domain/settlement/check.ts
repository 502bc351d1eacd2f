/** Whether a scheme may be saved. What is refused here can't fail when a run meets it. */
import { isDate } from './period.ts'
import type { BusinessScheme, CompositeScheme, Condition, Pay, Scheme, SchemeProblem } from './scheme.ts'
import { isFee, isVariable, type Use, variableOf } from './variables.ts'

/** Fen; as wide as a fee may be. */
export const MOST = 1_000_000_000_000
const MOST_TIERS = 50

type Note = (field: string, zh: string, en: string) => void

/** What a composite scheme names. @returns kind and business type, nothing where there is no such business scheme */
export type BusinessOf = (id: string) => { kind: string; businessType: string } | undefined

/** @returns everything that is wrong, by field; nothing where the scheme may be saved */
export function checkScheme(scheme: Scheme, businessOf: BusinessOf): SchemeProblem[] {
  const problems: SchemeProblem[] = []
  const note: Note = (field, zh, en) => problems.push({ field, message: { zh, en } })
  if (scheme.nature === 'composite') checkComposite(scheme, businessOf, note)
  else checkBusiness(scheme, note)
  return problems
}

function checkComposite({ kind, schemes }: CompositeScheme, businessOf: BusinessOf, note: Note): void {
  if (Object.keys(schemes).length === 0) note('schemes', '至少要有一个业务方案', 'name at least one business scheme')
  for (const [type, id] of Object.entries(schemes)) {
    const business = businessOf(id)
    const field = `schemes.${type}`
    if (!business) note(field, `没有已发布的业务方案 ${id}`, `there is no released business scheme ${id}`)
    else if (business.businessType !== type)
      note(field, `方案 ${id} 属于 ${business.businessType}`, `scheme ${id} is of business type ${business.businessType}, not ${type}`)
    else if (business.kind !== kind) note(field, `方案 ${id} 的结算对象不同`, `scheme ${id} is for ${business.kind}, this one for ${kind}`)
  }
}

function checkBusiness(scheme: BusinessScheme, note: Note): void {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(scheme.businessType))
    note('businessType', '业务类型只能用小写字母、数字和连字符', 'a business type is up to 40 of a-z, 0-9 and -')
  if (scheme.settlements.length === 0) note('settlements', '须说明用于何种结算', 'say for which settlements it is')
  scheme.range.forEach((condition, i) => checkCondition(scheme, condition, 'range', `range[${i}]`, note))
  scheme.conditions.forEach((condition, i) => checkCondition(scheme, condition, 'condition', `conditions[${i}]`, note))
  if (scheme.steps) {
    authorised(scheme, scheme.steps.variable, 'step', 'steps.variable', note)
    checkCombination(scheme.steps, 'steps', note)
  }
  checkTiers(scheme, note)
  if (scheme.cap !== undefined && !whole(scheme.cap, 0)) note('cap', '上限须为整数分', 'a cap is whole fen, 0 or more')
}

/** The rule itself: a variable is used only within its authorised scope. */
function authorised(scheme: BusinessScheme, id: string, use: Use, field: string, note: Note): boolean {
  if (!isVariable(id)) {
    note(field, `没有结算变量 ${id}`, `there is no settlement variable ${id}`)
    return false
  }
  const { title, kinds, settlements, uses } = variableOf(id)
  const before = uses.includes(use)
  if (!before)
    note(field, `变量「${title.zh}」未被授权用于此处`, `the variable "${title.en}" is not authorised here: only as ${uses.join(', ')}`)
  if (!kinds.includes(scheme.kind))
    note(field, `变量「${title.zh}」未被授权用于此结算对象`, `the variable "${title.en}" is not authorised for ${scheme.kind}`)
  const out = scheme.settlements.filter((settlement) => !settlements.includes(settlement))
  if (out.length > 0)
    note(field, `变量「${title.zh}」未被授权用于此种结算`, `the variable "${title.en}" is not authorised for ${out.join(', ')} settlement`)
  return before
}

function checkCombination({ variable, fees }: { variable: string; fees?: readonly string[] }, field: string, note: Note): void {
  if (!isVariable(variable)) return
  if (variableOf(variable).fees) checkFees(fees ?? [], `${field}.fees`, note)
  else if (fees !== undefined) note(`${field}.fees`, '此变量没有费用组合', 'this variable takes no fee combination')
}

function checkFees(fees: readonly string[], field: string, note: Note): void {
  if (fees.length === 0) note(field, '须指定费用组合', 'name the fees of the combination')
  if (new Set(fees).size < fees.length) note(field, '费用重复', 'a fee counts once')
  for (const fee of fees) if (!isFee(fee)) note(field, `没有费用 ${fee}`, `there is no fee ${fee}`)
}

const whole = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= MOST

const fitting = {
  text: ['in', 'not-in'],
  amount: ['at-least', 'below'],
  count: ['at-least', 'below'],
  months: ['at-least', 'below'],
  date: ['from', 'before'],
} as const

function checkCondition(scheme: BusinessScheme, condition: Condition, use: Use, field: string, note: Note): void {
  if (!authorised(scheme, condition.variable, use, `${field}.variable`, note)) return
  checkCombination(condition, field, note)
  const { type } = variableOf(condition.variable)
  const allowed: readonly string[] = fitting[type]
  const { is, value } = condition
  if (!allowed.includes(is)) {
    note(`${field}.is`, `此变量只能用 ${allowed.join('、')}`, `this variable is compared by ${allowed.join(' or ')}`)
    return
  }
  if (type === 'text') {
    if (!Array.isArray(value) || value.length === 0 || value.length > 500 || !value.every((v) => typeof v === 'string' && v.length <= 200))
      note(`${field}.value`, '须为一至五百项文本', 'give a list of 1 to 500 texts')
  } else if (type === 'date') {
    if (typeof value !== 'string' || !isDate(value)) note(`${field}.value`, '须为日期', 'give a date such as 2026-10-31')
  } else if (!whole(value, type === 'amount' ? -MOST : 0) || (type === 'months' && value > 1200))
    note(`${field}.value`, '须为整数', type === 'amount' ? 'give whole fen' : 'give a whole number, 0 or more')
}

function checkTiers({ steps, tiers, kind }: BusinessScheme, note: Note): void {
  if (tiers.length === 0 || tiers.length > MOST_TIERS) note('tiers', '须有一至五十档', 'give 1 to 50 steps')
  if (!steps && (tiers.length > 1 || (tiers[0] && tiers[0].from !== 0)))
    note('steps', '多档须指定阶梯变量', 'several steps need the variable that they go by')
  tiers.forEach(({ from, pay }, i) => {
    const before = tiers[i - 1]
    const months = steps?.variable === 'months-on-network'
    if (!whole(from, steps?.variable === 'fee' || steps?.variable === 'agent-fees' ? -MOST : 0) || (months && from > 1200))
      note(`tiers[${i}].from`, '起点须为整数', 'a step begins at a whole number')
    else if (before && before.from >= from) note(`tiers[${i}].from`, '各档须递增', 'each step begins above the one before')
    checkPay(pay, kind, `tiers[${i}].pay`, note)
  })
}

function checkPay(pay: Pay, kind: string, field: string, note: Note): void {
  if ('fixed' in pay) {
    if (kind === 'sharing') note(field, '话费分成只能按比例', 'sharing is a share of charges, not a fixed amount')
    if (!whole(pay.fixed, 0)) note(`${field}.fixed`, '须为整数分', 'give whole fen, 0 or more')
    return
  }
  if (!Number.isInteger(pay.basisPoints) || pay.basisPoints < 0 || pay.basisPoints > 10_000)
    note(`${field}.basisPoints`, '须为 0 至 10000 的整数', 'give a whole number from 0 to 10000 (100 %)')
  checkFees(pay.of, `${field}.of`, note)
}
