/** What the machine does in P-31: gathers the factors, rates by the released rule, and hands the rating to billing. */
import type pg from 'pg'
import { type CreditFactors, type CreditModel, rate } from '../../domain/customer/credit.ts'
import type { Fact } from '../../domain/order/spec.ts'
import type { AutomaticInput, AutomaticResult } from '../types.ts'

const text = (value: Fact | undefined): string => (typeof value === 'string' ? value : '')

/** Within the last year, at the order's instant. */
async function factorsOf(pool: pg.Pool, order: string, blemish: boolean, at: number) {
  const { rows } = await pool.query<{ on_time: number; arrears: number; restrictions: number; previous: string | null }>(
    `SELECT (SELECT count(*)::int FROM payment p WHERE p.customer_id = o.customer_id AND p.state = 'matched' AND p.paid_at > y.since AND p.paid_at <= $2
               AND NOT EXISTS (SELECT FROM arrears a WHERE a.order_id = p.order_id)) AS on_time,
            (SELECT count(*)::int FROM arrears a WHERE a.customer_id = o.customer_id AND a.recorded_at > y.since AND a.recorded_at <= $2) AS arrears,
            (SELECT count(*)::int FROM arrears a WHERE a.customer_id = o.customer_id AND a.restricted_at > y.since AND a.restricted_at <= $2) AS restrictions,
            (SELECT c.class FROM credit_rating c WHERE c.customer_id = o.customer_id AND c.account = coalesce(o.state #>> '{facts,account}', '')
               AND c.order_id <> o.id ORDER BY c.at DESC LIMIT 1) AS previous
       FROM orders o, (SELECT $2::timestamptz - interval '1 year' AS since) y WHERE o.id = $1`,
    [order, new Date(at)],
  )
  const row = rows[0]
  if (!row) throw new Error(`the record has no order ${order} yet; trying again`)
  const factors: CreditFactors = { onTime: row.on_time, arrears: row.arrears, restrictions: row.restrictions, blemish }
  return { factors, previous: row.previous }
}

export async function collectFactors(pool: pg.Pool, { order, facts, at }: AutomaticInput): Promise<AutomaticResult> {
  const { factors, previous } = await factorsOf(pool, order, facts.blemish !== undefined, at)
  return { outcome: 'collected', form: { factors: JSON.stringify(factors), ...(previous !== null && { previousClass: previous }) } }
}

/** By the rule that is valid at the instant; without one somebody rates by hand. */
export async function scoreCredit(pool: pg.Pool, { facts, at }: AutomaticInput): Promise<AutomaticResult> {
  const { rows } = await pool.query<{ version: number; spec: CreditModel }>(
    `SELECT version, spec FROM rule WHERE kind = 'credit' AND id = 'default' AND valid_from <= $1 ORDER BY valid_from DESC, version DESC LIMIT 1`,
    [new Date(at)],
  )
  const model = rows[0]
  if (!model) return { outcome: 'no-model', form: { reason: 'no rule of credit is in force 没有生效的信用规则' } }
  const { points, creditClass, creditLimit, grounds } = rate(model.spec, JSON.parse(text(facts.factors)) as CreditFactors)
  return { outcome: 'scored', form: { points, creditClass, creditLimit, grounds, ruleVersion: model.version } }
}

/** The rating holds from now on; doing it twice leaves one. */
export async function applyCredit(pool: pg.Pool, { order, facts, at }: AutomaticInput): Promise<AutomaticResult> {
  await pool.query(
    `INSERT INTO credit_rating (order_id, customer_id, account, class, "limit", points, factors, rule, rated_by, at)
     SELECT o.id, o.customer_id, $2, $3, $4, $5, $6::jsonb, $7, coalesce(o.state #>> '{doers,set-by-hand}', 'machine'), $8
       FROM orders o WHERE o.id = $1 ON CONFLICT (order_id) DO NOTHING`,
    [
      order,
      text(facts.account),
      text(facts.creditClass),
      facts.creditLimit,
      facts.points ?? null,
      text(facts.factors) || '{}',
      facts.ruleVersion ?? null,
      new Date(at),
    ],
  )
  return { outcome: 'applied' }
}
