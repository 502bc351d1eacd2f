/** P-11: a suggestion in its summary table, what became of it, and its own answer. */
import type { OrderState } from '../../domain/order/state.ts'
import { iso } from '../../domain/order/rows/order.ts'
import type { Statement } from '../write.ts'
import { bodyOf, type Projected, type Projection, str } from './projection.ts'

export function opened({ id, customer, facts, title }: OrderState): Statement {
  return {
    name: 'suggestion_row',
    sql: `INSERT INTO suggestion (order_id, customer_id, content, product)
  SELECT r."order", r.customer, ${bodyOf('r.content')}, r.product
  FROM o, jsonb_to_record($rows) AS r ("order" text, customer text, content text, product text) ON CONFLICT DO NOTHING`,
    param: { order: id, customer, content: str(facts.content) ?? title, product: str(facts.product) },
  }
}

/** Several suggestions may name the same table. */
export const summarised: Projection = ({ form }) => change(`summary_no = $rows ->> 'summaryNo'`, { summaryNo: str(form.summaryNo) })

/** The customer is thanked with the director's word, beside the handling. */
export const adopted: Projection = ({ event }) =>
  change(`decision = 'adopt', thanked_at = ($rows ->> 'at')::timestamptz`, { at: iso(event.at) })

export const declined: Projection = () => change(`decision = 'decline'`, {})

export const handled: Projection = ({ form }) =>
  change(`classification = $rows ->> 'classification'`, { classification: str(form.classification) })

/** The answer thanks whoever has not been thanked yet. */
export const answered: Projection = ({ event, form }) =>
  change(
    `answer = ${bodyOf(`($rows ->> 'answer')`)}, answered_at = ($rows ->> 'at')::timestamptz,
    thanked_at = coalesce(suggestion.thanked_at, ($rows ->> 'at')::timestamptz)`,
    { answer: str(form.answer), at: iso(event.at) },
  )

const change = (sets: string, param: object): Projected => ({
  statements: [
    {
      name: 'suggestion_change',
      sql: `UPDATE suggestion SET ${sets} FROM o WHERE suggestion.order_id = o.id AND $rows IS NOT NULL`,
      param,
    },
  ],
})
