/** P-08 select-customers: the customers that a return visit is for, by list or by condition. */
import type pg from 'pg'
import type { Fact } from '../../domain/order/spec.ts'
import type { AutomaticInput, AutomaticResult } from '../types.ts'

/** A plan of more customers than these is for several orders; it also keeps the event short. */
const MOST = 60

/** Days after which a customer should have been seen again, by grade (P-08 open questions, default). */
const DAYS_BY_GRADE = { group: 30, province: 30, 'local-a': 60, 'local-b': 90, 'local-c': 180 } as const
const daysByGrade = `CASE grade ${Object.entries(DAYS_BY_GRADE)
  .map(([grade, days]) => `WHEN '${grade}' THEN ${days}`)
  .join(' ')} END`
/** Days in which something closed counts as closed lately (default). */
const LATELY_DAYS = 7

/** Customers whom nobody is about to visit, with their latest visit. */
const base = `
  WITH about AS (
    SELECT c.id, c.grade, (SELECT max(v.closed_at) FROM orders v WHERE v.customer_id = c.id AND v.process = 'return-visit'
        AND v."end" IN ('visited', 'opportunity-opened') AND v.closed_at <= $2) AS visited
    FROM customer c
    WHERE (c.region_path = $1 OR c.region_path LIKE $1 || '/%')
      AND NOT EXISTS (SELECT FROM orders v WHERE v.customer_id = c.id AND v.process = 'return-visit' AND v.status = 'open' AND v.id <> $3 AND v.opened_at <= $2)
  )`
const inOrder = `ORDER BY array_position(ARRAY['group', 'province', 'local-a', 'local-b', 'local-c'], grade), visited NULLS FIRST, id LIMIT ${MOST}`

const conditions = {
  /** Not seen for so many days; without a number by grade. */
  'days-since-contact': `${base} SELECT id FROM about WHERE visited IS NULL
    OR visited < $2::timestamptz - make_interval(days => coalesce($4::int, ${daysByGrade})) ${inOrder}`,
  /** A fault or complaint closed lately, and no visit since. */
  'recently-closed': `${base} SELECT id FROM about WHERE EXISTS (SELECT FROM orders f WHERE f.customer_id = about.id AND f.status = 'closed'
      AND f.process <> 'return-visit' AND f."end" <> 'withdrawn' AND f.parent_id IS NULL AND f.closed_at <= $2
      AND f.closed_at >= $2::timestamptz - make_interval(days => coalesce($4::int, ${LATELY_DAYS}))
      AND (about.visited IS NULL OR about.visited < f.closed_at)) ${inOrder}`,
  /** The latest record says less than "basically satisfied". */
  'low-satisfaction': `${base} SELECT id FROM about WHERE (SELECT t.form ->> 'satisfaction' FROM task t JOIN orders v ON v.id = t.order_id
      WHERE v.customer_id = about.id AND t.step = 'record-visit' AND t.closed_at <= $2 AND t.form ? 'satisfaction'
        AND ($4::int IS NULL OR t.closed_at >= $2::timestamptz - make_interval(days => $4::int))
      ORDER BY t.closed_at DESC LIMIT 1) IN ('dissatisfied', 'very-dissatisfied') ${inOrder}`,
} as const

const selected = (customers: string[]): AutomaticResult =>
  customers.length === 0 ? { outcome: 'none' } : { outcome: 'selected', form: { customers } }

/** The list that the start gave; else those who meet the condition, in the order's region; else the order's own customer. */
export async function selectCustomers(pool: pg.Pool, { order, facts, at }: AutomaticInput): Promise<AutomaticResult> {
  const listed = list(facts.customers)
  if (listed) {
    const { rows } = await pool.query<{ id: string }>(
      'SELECT c.id FROM unnest($1::text[]) WITH ORDINALITY AS l (id, place) JOIN customer c USING (id) ORDER BY l.place',
      [listed],
    )
    return selected([...new Set(rows.map(({ id }) => id))].slice(0, MOST))
  }
  const { rows: about } = await pool.query<{ customer_id: string; region_path: string }>(
    'SELECT customer_id, region_path FROM orders WHERE id = $1',
    [order],
  )
  if (!about[0]) throw new Error(`the record has no order ${order} yet; trying again`)
  const condition = conditionOf(facts.condition)
  if (!condition) return selected([about[0].customer_id])
  const days = typeof facts.days === 'number' ? Math.min(36_500, Math.round(facts.days)) : null
  const values = [about[0].region_path, new Date(at), order, days]
  const { rows } = await pool.query<{ id: string }>(conditions[condition], values)
  return selected(rows.map(({ id }) => id))
}

const list = (fact: Fact | undefined): readonly string[] | undefined =>
  Array.isArray(fact) && fact.length > 0 ? (fact as readonly string[]) : undefined

const conditionOf = (fact: Fact | undefined): keyof typeof conditions | undefined =>
  typeof fact === 'string' && Object.hasOwn(conditions, fact) ? (fact as keyof typeof conditions) : undefined
