/**
 * P-14 repair-time table: product group × customer grade × circuit grade × tag, as policy rows. What the document gives, what was
 * read into it and what was filled in carry their marks; a running system edits the rows, not this file.
 */
import type { LimitRow, Mark } from '../order/spec.ts'
import type { LadderId } from './ladders.ts'

export const customerGrades = ['group', 'province', 'local-a', 'local-b', 'local-c'] as const

/** P-14 on timeout: the grade decides how far up. */
const ladderOf = (grade: (typeof customerGrades)[number]): LadderId =>
  grade === 'group' || grade === 'province' ? 'standard' : 'next-superior'

interface Line {
  group: string
  /** One budget for all grades, or one for each in the order of `customerGrades`. */
  budgets: string | readonly [string, string, string, string, string]
  text: string
  mark: Mark
  calendar?: 'C' | 'W'
  circuitGrade?: string
  tag?: string
}

const rows = ({ group, budgets, text, mark, calendar = 'C', circuitGrade, tag }: Line): LimitRow[] =>
  customerGrades.map((customerGrade, i) => ({
    productGroup: group,
    customerGrade,
    ...(circuitGrade && { circuitGrade }),
    ...(tag && { tag }),
    text,
    budget: typeof budgets === 'string' ? budgets : budgets[i]!,
    calendar,
    mark,
    ladder: ladderOf(customerGrade),
  }))

const bandwidth = { group: 'bandwidth', mark: 'default' as const }
const voice800 = { group: 'voice-800', mark: 'given' as const }

export const repairTimes: readonly LimitRow[] = [
  // The whole bandwidth part of the table is missing. Circuit grade A moves one column towards the group customers, C one away.
  ...rows({ ...bandwidth, budgets: ['4h', '4h', '8h', '12h', '24h'], text: '带宽型业务' }),
  ...rows({ ...bandwidth, budgets: ['4h', '4h', '4h', '8h', '12h'], text: '带宽型业务, 电路等级A', circuitGrade: 'A' }),
  ...rows({ ...bandwidth, budgets: ['4h', '4h', '8h', '12h', '24h'], text: '带宽型业务, 电路等级B', circuitGrade: 'B' }),
  ...rows({ ...bandwidth, budgets: ['4h', '8h', '12h', '24h', '24h'], text: '带宽型业务, 电路等级C', circuitGrade: 'C' }),
  // The values are given; the heading of their three columns is lost.
  ...rows({
    group: 'voice-centrex',
    budgets: ['20h', '20h', '24h', '48h', '48h'],
    text: '≤20 小时 / ≤24 小时 / ≤48 小时',
    mark: 'inferred',
  }),
  // 800 and 4008 go by the customer's tag, not by the grade.
  ...rows({ ...voice800, budgets: '24h', text: '品牌政企客户:24 小时' }),
  ...rows({ ...voice800, budgets: '12h', text: '行业及高端聚类客户:12 小时', tag: 'industry' }),
  ...rows({ ...voice800, budgets: '12h', text: '行业及高端聚类客户:12 小时', tag: 'high-end-cluster' }),
  ...rows({ group: 'e-tong', budgets: '3WD', text: '3个工作日处理完', mark: 'given', calendar: 'W' }),
  // 7*24 says that somebody answers round the clock; it is no repair time.
  ...rows({ group: 'desk', budgets: ['12h', '12h', '24h', '24h', '48h'], text: '7*24小时', mark: 'default' }),
  { productGroup: 'demo', text: '演示', budget: '60s', calendar: 'C', mark: 'demo', ladder: 'standard' },
]

/** Feedback to the customer, for E-Tong products and sales steward only. */
export const feedbackTimes: readonly LimitRow[] = [
  { productGroup: 'e-tong', text: '1个工作日内反馈', budget: '1WD', calendar: 'W', mark: 'given' },
]

/** A limit of seconds for the demo product, so that a newcomer sees its rungs fire. */
export const demo = (budget: string): readonly LimitRow[] => [{ productGroup: 'demo', text: '演示', budget, calendar: 'C', mark: 'demo' }]
