/** Models as SQL over `c` (customer), `p` (his profile, may be null) and `l` (his last month's charges, may be null). */
import pg from 'pg'
import { valueClasses } from '../../domain/retention/profile.ts'
import { type Rule, thresholdOf } from '../../domain/retention/rules.ts'
import type { CardAttribute, Scorecard } from '../../domain/retention/scorecard.ts'

/** Numbers of a model go into the statement; they are what they say. */
function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number: the model was not saved through its checks`)
  return String(value)
}

/** SQL of the charges that count as the last month's at $at: no older than the month before the instant's. */
export const lastMonth = (at: string): string => `LATERAL (SELECT h.month, h.amount FROM customer_charge h WHERE h.customer_id = c.id
    AND h.month BETWEEN to_char(${at} AT TIME ZONE 'Asia/Shanghai' - interval '1 month', 'YYYY-MM') AND to_char(${at} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
    ORDER BY h.month DESC LIMIT 1)`

const monthsBefore = (months: string) => `to_char(to_date(l.month, 'YYYY-MM') - interval '1 month' * ${months}, 'YYYY-MM')`
const percent = (now: string, before: string) => `round(100.0 * (${now} - ${before}) / nullif(${before}, 0), 1)`
const within = (at: string, days: number) => `s.at > ${at} - interval '1 day' * ${whole(days)} AND s.at <= ${at}`
const signals = (at: string, kind: string, days: number, more = '') =>
  `(SELECT count(*) FROM customer_signal s WHERE s.customer_id = c.id AND s.kind = '${kind}' AND ${within(at, days)}${more})`

/** The measure of a rule as a number, null where nothing is known. @param at SQL of the instant */
export function measureSql(rule: Rule, at: string): string {
  return `(${expression(rule, at)})::float8`
}

function expression(rule: Rule, at: string): string {
  switch (rule.signal) {
    case 'charge-change':
      return `SELECT ${percent('l.amount', 'b.amount')} FROM customer_charge b WHERE b.customer_id = c.id AND b.month = ${monthsBefore('1')}`
    case 'charge-deviation':
      // Without bills by month the average since he came is known from the profile.
      return `CASE WHEN l.month IS NOT NULL THEN (SELECT ${percent('l.amount', 'avg(b.amount)')} FROM customer_charge b
        WHERE b.customer_id = c.id AND b.month >= ${monthsBefore(whole(rule.months))} AND b.month < l.month)
      ELSE ${percent('p.monthly_charge', '(p.total_charge::numeric / nullif(p.tenure_months, 0))')} END`
    case 'call-forwarding':
      return signals(at, 'call-forwarding', rule.days, ` AND s.value IS DISTINCT FROM 'own-network'`)
    case 'service-calls':
      return signals(at, 'service-call', rule.days)
    case 'calling-behaviour':
      return signals(at, 'calling-behaviour', rule.days)
    case 'open-complaint':
      return `SELECT count(*) FROM orders f WHERE f.customer_id = c.id AND f.process = 'complaint' AND f.opened_at <= ${at}
        AND (f.closed_at IS NULL OR f.closed_at > ${at})`
    case 'high-consumption':
    case 'low-consumption':
      return 'coalesce(l.amount, p.monthly_charge)'
    case 'low-credit':
      return `SELECT count(*) FROM (SELECT DISTINCT ON (r.account) r.class FROM credit_rating r WHERE r.customer_id = c.id AND r.at <= ${at}
        ORDER BY r.account, r.at DESC) latest WHERE class = 'black'`
    case 'arrears':
      return `SELECT coalesce(sum(a.amount), 0) FROM arrears a WHERE a.customer_id = c.id AND a.recorded_at <= ${at}
        AND (a.recovered_at IS NULL OR a.recovered_at > ${at}) AND (a.written_off_at IS NULL OR a.written_off_at > ${at})`
  }
}

/** Whether a measure raises the alarm. @param measure SQL of it */
export function raisesSql(rule: Rule, measure: string): string {
  const { absolute, is, value } = thresholdOf(rule)
  return `coalesce(${absolute ? `abs(${measure})` : measure} ${is === 'at-least' ? '>=' : '<='} ${whole(value)}, false)`
}

/** The points of a scorecard; null without a profile. */
export const pointsSql = ({ attributes }: Scorecard): string =>
  `CASE WHEN p.customer_id IS NOT NULL THEN ${attributes.map(attributeSql).join('\n      + ')} END`

const columns = { tenure: 'p.tenure_months', 'monthly-charge': 'p.monthly_charge', 'total-charge': 'p.total_charge' } as const

function attributeSql(entry: CardAttribute): string {
  switch (entry.attribute) {
    case 'tenure':
    case 'monthly-charge':
    case 'total-charge':
      return `CASE ${entry.bins
        .toReversed()
        .map(({ from, points }) => `WHEN ${columns[entry.attribute]} >= ${whole(from)} THEN ${whole(points)}`)
        .join(' ')} ELSE 0 END`
    case 'contract':
    case 'payment':
      return `CASE p.${entry.attribute} ${entry.bins.map(({ is, points }) => `WHEN '${is}' THEN ${whole(points)}`).join(' ')} ELSE 0 END`
    default: {
      const { attribute, bins } = entry
      const points = (is: boolean) => whole(bins.find((bin) => bin.is === is)?.points ?? 0)
      return `CASE WHEN ${pg.escapeLiteral(attribute)} = ANY (p.flags) THEN ${points(true)} ELSE ${points(false)} END`
    }
  }
}

/** Whether the points reach the cut-off of the customer's class. @param points SQL of them */
export const reachesSql = ({ cutoff }: Scorecard, points: string, value: string): string =>
  `coalesce(${points} >= CASE ${value} ${valueClasses.map((name) => `WHEN '${name}' THEN ${whole(cutoff[name])}`).join(' ')} END, false)`
