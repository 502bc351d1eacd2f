/** P-03 and P-02: solutions with every version, what was voted, what the customer saw and said, and the library of models. */
import { iso } from '../../domain/order/rows/order.ts'
import type { Statement } from '../write.ts'
import { bodyOf, type Happening, type Projected, str, times, whole } from './projection.ts'

/** Id of the solution that an order of P-03 draws up. */
export const solutionId = (order: string): string => `so-${order}`

const one = (name: string, sql: string, param: object): Projected => ({ statements: [{ name, sql, param }] })

/** A new text is a new version; what was rejected before stays. */
export function drafted({ event, after, form, doer }: Happening): Projected {
  const param = {
    id: solutionId(after.id),
    no: after.no ?? after.id,
    order: after.id,
    customer: after.customer,
    title: after.title,
    model: str(after.facts.modelId),
    until: typeof form.solutionValidUntil === 'number' ? iso(form.solutionValidUntil) : null,
    version: times(after, 'draft-solution', 'drafted'),
    target: str(form.target),
    content: str(form.content) ?? '',
    amount: form.amount === undefined ? null : whole(form.amount),
    doer,
    at: iso(event.at),
  }
  const row = `jsonb_to_record($rows) AS r (id text, no text, "order" text, customer text, title text, model text, until timestamptz,
    version int, target text, content text, amount bigint, doer text, at timestamptz)`
  const statements: Statement[] = [
    {
      name: 'solution_row',
      sql: `INSERT INTO solution AS s (id, no, order_id, customer_id, title, status, model_id, valid_until)
  SELECT r.id, r.no, r."order", r.customer, r.title, 'drafted', (SELECT m.id FROM solution_model m WHERE m.id = r.model), r.until FROM o, ${row}
  ON CONFLICT (id) DO UPDATE SET status = 'drafted', valid_until = excluded.valid_until`,
      param,
    },
    {
      name: 'solution_text',
      sql: `INSERT INTO solution_version (solution_id, version, target, content, amount, drafted_by, at)
  SELECT r.id, r.version, ${bodyOf('r.target')}, ${bodyOf('r.content')}, r.amount, r.doer, r.at FROM o, ${row} ON CONFLICT DO NOTHING`,
      param,
    },
  ]
  return { statements }
}

/** What the argumentation made of the latest version. */
export const argued = ({ event, after }: Happening): Projected =>
  one(
    'solution_argued',
    `UPDATE solution_version SET verdict = $rows ->> 'verdict' FROM o WHERE solution_id = $rows ->> 'id' AND version = ($rows ->> 'version')::int`,
    { id: solutionId(after.id), version: times(after, 'draft-solution', 'drafted'), verdict: event.data.outcome },
  )

export function archived({ event, after, form }: Happening): Projected {
  const id = solutionId(after.id)
  const statements: Statement[] = [
    {
      name: 'solution_archived',
      sql: `UPDATE solution SET status = 'approved', class = $rows ->> 'class' FROM o WHERE solution.id = $rows ->> 'id'`,
      param: { id, class: str(form.class) },
    },
  ]
  // A solution that fits no stored model becomes a new one (P-03 rule 2).
  if (form.newModel === true)
    statements.push({
      name: 'solution_model',
      sql: `INSERT INTO solution_model (id, name, customer_type, product, content, order_id, at)
  SELECT 'sm-' || s.order_id, s.title, $rows ->> 'customerType', $rows ->> 'product', v.content, s.order_id, ($rows ->> 'at')::timestamptz
    FROM o, solution s JOIN solution_version v ON v.solution_id = s.id WHERE s.id = $rows ->> 'id' ORDER BY v.version DESC LIMIT 1 ON CONFLICT (id) DO NOTHING`,
      param: { id, at: iso(event.at), customerType: str(after.facts.customerType), product: str(after.facts.product) },
    })
  return { statements }
}

/** P-02 rule 2: what the customer was shown. The solution is the child's, its version the latest that passed. */
export const shown = ({ event, after, doer }: Happening): Projected =>
  one(
    'solution_shown',
    `UPDATE solution_version SET shown_at = ($rows ->> 'at')::timestamptz, shown_by = $rows ->> 'by' FROM o
  WHERE solution_id = $rows ->> 'id' AND version = (SELECT max(x.version) FROM solution_version x WHERE x.solution_id = $rows ->> 'id')`,
    { id: str(after.facts.solution), at: iso(event.at), by: doer },
  )

/** What the customer said of it. */
export const answered = ({ event, after }: Happening): Projected =>
  one(
    'solution_answered',
    `UPDATE solution_version SET answer = $rows ->> 'answer', answered_at = ($rows ->> 'at')::timestamptz FROM o
  WHERE solution_id = $rows ->> 'id' AND shown_at IS NOT NULL AND version = (SELECT max(x.version) FROM solution_version x WHERE x.solution_id = $rows ->> 'id')`,
    { id: str(after.facts.solution), at: iso(event.at), answer: event.data.outcome },
  )
