/** P-09: the complaint with its class, the level that answered, result, satisfaction and the need that was learnt. */
import type { Fact } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { iso } from '../../domain/order/rows/order.ts'
import type { Statement } from '../write.ts'
import { bodyOf, type Projected, type Projection, str } from './projection.ts'

/** The channel that answered last; an answer that does not satisfy goes one level above it. */
export type Level = 'self' | 'departments' | 'yellow' | 'red'

/** Kept from the opening on, so that a repeat is recognised while the first is still under way. */
export function opened({ id, customer, facts }: OrderState, at: number): Statement {
  const row = {
    order: id,
    customer,
    businessCategory: str(facts.businessCategory) ?? '',
    category: str(facts.category) ?? '',
    number: str(facts.number) ?? '',
    complainant: str(facts.complainant) ?? '',
    at: instant(facts.raisedAt, at),
    homeRegion: str(facts.homeRegion),
  }
  return {
    name: 'complaint_row',
    sql: `INSERT INTO complaint (order_id, customer_id, business_category, category, number, complainant, at, home_region)
  SELECT r."order", r.customer, r."businessCategory", r.category, r.number, r.complainant, r.at, r."homeRegion"
  FROM o, jsonb_to_record($rows) AS r ("order" text, customer text, "businessCategory" text, category text, number text, complainant text,
    at timestamptz, "homeRegion" text) ON CONFLICT DO NOTHING`,
    param: row,
  }
}

export const classified: Projection = ({ form }) =>
  change(
    `category = coalesce($rows ->> 'category', complaint.category),
    business_category = coalesce($rows ->> 'businessCategory', complaint.business_category)`,
    { category: str(form.category), businessCategory: str(form.businessCategory) },
  )

/** A level has an answer for the customer: result, time and handler are those of the latest. */
export const answeredBy =
  (level: Level): Projection =>
  ({ event, form, doer }) =>
    change(
      `level = $rows ->> 'level', result = ${bodyOf(`($rows ->> 'result')`)}, handled_by = $rows ->> 'doer', handled_at = ($rows ->> 'at')::timestamptz`,
      { level, result: str(form.result) ?? str(form.decision), doer, at: iso(event.at) },
    )

export const asked =
  (satisfaction: 'satisfied' | 'not-satisfied' | 'no-answer' | 'final-answer'): Projection =>
  () =>
    change(`satisfaction = $rows ->> 'satisfaction'`, { satisfaction })

export const archived: Projection = ({ form }) => change(`need = ${bodyOf(`($rows ->> 'need')`)}`, { need: str(form.need) })

const change = (sets: string, param: object): Projected => ({
  statements: [{ name: 'complaint_change', sql: `UPDATE complaint SET ${sets} FROM o WHERE complaint.order_id = o.id`, param }],
})

const instant = (fact: Fact | undefined, otherwise: number) => (typeof fact === 'number' && iso(fact)) || iso(otherwise)
