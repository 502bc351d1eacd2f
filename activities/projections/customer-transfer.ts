/** P-10: monthly reports with what the screening found in them, and the customers that were taken over. */
import { monthOf } from '../../domain/processes/monthly-report.ts'
import { iso } from '../../domain/order/rows/order.ts'
import { bodyOf, type Happening, type Projected, type Projection, str, texts } from './projection.ts'

/** Tag of a customer whom the key-account centre looks after. */
export const KEY_ACCOUNT = 'key-account'

/** The unit that reports: the key of its branch, or whoever the step went to. */
const unitOf = ({ task }: Happening): string => task.key ?? task.unit ?? ''

/** The month before, where neither the form nor the start says which: the report is about what has passed. */
function monthBefore(at: number): string {
  const day = new Date(at + 8 * 3_600_000)
  day.setUTCDate(0)
  return day.toISOString().slice(0, 7)
}

/** The lines are kept as they were handed in. */
export function submitted(happening: Happening): Projected {
  const { event, after, form } = happening
  const month = monthOf(form.month) ?? monthOf(after.input.month) ?? monthBefore(event.at)
  const param = { unit: unitOf(happening), month, lines: str(form.lines) ?? '', at: iso(event.at) }
  const sql = `INSERT INTO monthly_report (order_id, unit_id, n, month, lines, selected, at)
  SELECT o.id, r.unit, 1, r.month, to_jsonb(string_to_array(replace(${bodyOf('r.lines')}, E'\\r', ''), E'\\n')), '{}', r.at
  FROM o, jsonb_to_record($rows) AS r (unit text, month text, lines text, at timestamptz) ON CONFLICT DO NOTHING`
  return { statements: [{ name: 'monthly_report_row', sql, param }] }
}

/** Whom the screening found, by which version of the rule; a list that was disputed and screened again is a row of its own. */
export const screened: Projection = (happening) => {
  const { event, after, form, task } = happening
  const param = { unit: task.key, n: task.n, selected: texts(form.customers), at: iso(event.at), opened: iso(after.openedAt) }
  const sql = `INSERT INTO monthly_report (order_id, unit_id, n, month, lines, rule_version, selected, at)
  SELECT o.id, m.unit_id, r.n, m.month, m.lines, (SELECT u.version FROM rule u WHERE u.kind = 'screening' AND u.id = 'customer-transfer'
      AND u.valid_from <= r.opened ORDER BY u.valid_from DESC, u.version DESC LIMIT 1), r.selected, r.at
  FROM o, jsonb_to_record($rows) AS r (unit text, n int, selected text[], at timestamptz, opened timestamptz),
    monthly_report m WHERE m.order_id = o.id AND m.n = 1 AND m.unit_id = coalesce(r.unit, m.unit_id)
  ON CONFLICT (order_id, unit_id, n) DO UPDATE SET selected = excluded.selected, rule_version = excluded.rule_version`
  return { statements: [{ name: 'monthly_report_screened', sql, param }] }
}

/** Whoever is on the list that was agreed has an account manager from now on; whom another department handed over first stays as he is. */
export const transferred: Projection = (happening) => {
  const { event, after, form, task } = happening
  const screening = after.journal.findLast((entry) => 'step' in entry && entry.step === 'screen-customers' && entry.key === task.key)
  const customers = screening && 'step' in screening ? texts(screening.data?.customers) : []
  const param = { unit: task.key ?? null, customers, manager: str(form.accountManager), at: iso(event.at), opened: iso(after.openedAt) }
  const typed = `jsonb_to_record($rows) AS r (unit text, customers text[], manager text, at timestamptz, opened timestamptz)`
  const whom = `FROM o, ${typed}, customer k, staff s
  WHERE k.id = ANY (r.customers) AND s.id = r.manager AND NOT EXISTS (SELECT FROM customer_transfer x WHERE x.order_id = o.id AND x.customer_id = k.id)`
  return {
    statements: [
      {
        name: 'customer_transfer_row',
        sql: `INSERT INTO customer_transfer (order_id, customer_id, from_unit_id, to_unit_id, account_manager_id, previous_manager, rule_version, at)
  SELECT o.id, k.id, r.unit, s.unit_id, s.id, k.account_manager_id, (SELECT m.rule_version FROM monthly_report m
      WHERE m.order_id = o.id AND (r.unit IS NULL OR m.unit_id = r.unit) ORDER BY m.n DESC LIMIT 1), r.at
  ${whom} ON CONFLICT DO NOTHING`,
        param,
      },
      {
        name: 'customer_transferred',
        sql: `UPDATE customer SET account_manager_id = w.manager, tags = CASE WHEN '${KEY_ACCOUNT}' = ANY (customer.tags) THEN customer.tags
    ELSE customer.tags || '${KEY_ACCOUNT}'::text END
  FROM (SELECT k.id, s.id AS manager ${whom}) w WHERE customer.id = w.id`,
        param,
      },
    ],
  }
}
