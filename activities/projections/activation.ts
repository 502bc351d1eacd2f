/** P-06 and P-07: the service that is on, what it uses, and who is told: billing, and at the end of P-07 the departments. */
import type { OrderState } from '../../domain/order/state.ts'
import { iso } from '../../domain/order/rows/order.ts'
import type { Statement } from '../write.ts'
import { type Happening, type Projected, str, texts } from './projection.ts'
import { reserve, use } from './resources.ts'

/** The contract that the order is about, once it is known to be signed. */
export const aboutContract = ({ facts }: Happening): Projected => ({ statements: [], ...(facts.contract && { contract: facts.contract }) })

/** Numbers and ports that the data name are the order's from here on. */
export const entered = ({ event, form }: Happening): Projected => ({ statements: reserve(texts(form.numbers), iso(event.at)!) })

/** Instant of the latest outcome of a step. */
const doneAt = ({ journal }: OrderState, step: string): string | null => {
  const entry = journal.findLast((e) => 'step' in e && e.step === step)
  return entry ? iso(entry.at) : null
}

const instant = (value: unknown): string | null => (typeof value === 'number' ? iso(value) : null)

/** Id of the service that the order has switched on, from the parts above. */
const service = `(SELECT id FROM service_on UNION ALL SELECT id FROM service_new LIMIT 1)`

/**
 * The service is on. A number that the customer has already is that service; another is a new one, whose id is its number. The far
 * end of a circuit has no service and no charge of its own: the originating branch's order has them.
 */
export function activated({ event, form, after, facts }: Happening): Projected {
  if (after.input.farEnd === true) return { statements: [] }
  const at = instant(form.activatedAt) ?? iso(event.at)
  const row = {
    seq: event.seq,
    service: str(after.facts.service),
    product: str(after.facts.product),
    customer: after.customer,
    region: after.region,
    contract: facts.contract ?? null,
    account: str(after.facts.account),
    confirmed: doneAt(after, 'fill-confirmation'),
    activated: at,
    charged: instant(form.chargeFrom) ?? at,
    at: iso(event.at),
  }
  const typed = `jsonb_to_record($rows) AS r (seq int, service text, product text, customer text, region text, contract text, account text,
    confirmed timestamptz, activated timestamptz, charged timestamptz, at timestamptz)`
  const statements: Statement[] = [
    {
      name: 'service_on',
      sql: `UPDATE service SET status = 'active', contract_id = coalesce(r.contract, service.contract_id) FROM o, ${typed}
  WHERE service.customer_id = r.customer AND (service.id = r.service OR service.no = r.service) RETURNING service.id`,
      param: row,
    },
    {
      name: 'service_new',
      sql: `INSERT INTO service (id, no, customer_id, product_id, region_path, status, contract_id)
  SELECT r.service, r.service, r.customer, p.id, r.region, 'active', r.contract
  FROM o, ${typed} JOIN product p ON r.product IN (p.id, p.name_zh, p.name_en)
  WHERE r.service IS NOT NULL AND NOT EXISTS (SELECT FROM service x WHERE x.id = r.service OR x.no = r.service)
  ORDER BY p.id = r.product DESC, p.id LIMIT 1 ON CONFLICT DO NOTHING RETURNING id`,
      param: row,
    },
    {
      name: 'activation_row',
      sql: `INSERT INTO activation (order_id, customer_id, service_id, contract_id, confirmed_on, activated_at, charge_from)
  SELECT o.id, r.customer, ${service}, r.contract, r.confirmed, r.activated, r.charged FROM o, ${typed} ON CONFLICT DO NOTHING`,
      param: row,
    },
    use([...texts(after.facts.circuits), ...texts(after.facts.numbers)], service),
    {
      name: 'charge_started',
      sql: `INSERT INTO outbox (order_id, seq, topic, payload, next_at, created_at)
  SELECT o.id, r.seq, 'billing.charge-start', jsonb_strip_nulls(jsonb_build_object('order', o.id, 'no', own.no, 'customer', r.customer,
    'service', ${service}, 'contract', r.contract, 'account', r.account, 'activatedAt', r.activated, 'chargeFrom', r.charged)), r.at, r.at
  FROM o JOIN orders own ON own.id = o.id, ${typed}`,
      param: row,
    },
  ]
  return { statements }
}

/** P-07 notify-departments: one notice for each unit named and for the far end's branch; its leader finds it in his inbox. */
export function departmentsTold({ event, form, after }: Happening): Projected {
  const far = str(after.input.farBranch)
  const units = [...new Set([...texts(form.units), ...(far === null ? [] : [far])])]
  const told = { order: after.id, service: str(after.facts.service), notice: str(form.notice) }
  const param = { seq: event.seq, at: iso(event.at), units, told, process: after.process, title: after.title, no: after.no ?? after.id }
  const at = `($rows ->> 'at')::timestamptz`
  const named = `FROM o, org_unit u WHERE u.id IN (SELECT jsonb_array_elements_text($rows -> 'units'))`
  return {
    statements: [
      {
        name: 'department_notice',
        sql: `INSERT INTO outbox (order_id, seq, topic, dedupe, payload, next_at, created_at)
  SELECT o.id, ($rows ->> 'seq')::int, 'department.notice', u.id, jsonb_strip_nulls(($rows -> 'told') || jsonb_build_object('unit', u.id)), ${at}, ${at} ${named}`,
        param,
      },
      {
        // The leader may be told already, as one of maintenance.
        name: 'department_inbox',
        sql: `INSERT INTO notification (order_id, seq, template, recipient_kind, staff_id, channel, data, state, sent_at, next_at, created_at)
  SELECT DISTINCT ON (u.leader_id) o.id, ($rows ->> 'seq')::int, 'departments-told', 'staff', u.leader_id, 'inbox',
    jsonb_strip_nulls(jsonb_build_object('no', $rows -> 'no', 'process', $rows -> 'process', 'title', $rows -> 'title', 'text', $rows #> '{told,notice}')), 'sent', ${at}, ${at}, ${at}
  ${named} AND u.leader_id IS NOT NULL ORDER BY u.leader_id ON CONFLICT DO NOTHING`,
        param,
      },
    ],
  }
}
