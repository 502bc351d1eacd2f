/** P-32 and P-33: promises, contacts, what was recovered or written off; what was cancelled and freed, and why a customer was lost. */
import { iso } from '../../domain/order/rows/order.ts'
import { bodyOf, type Projected, type Projection, str, texts, whole } from './projection.ts'

const arrears = (sets: string, param: object): Projected => ({
  statements: [
    { name: 'arrears_change', sql: `UPDATE arrears SET ${sets} FROM o WHERE arrears.order_id = o.id AND $rows IS NOT NULL`, param },
  ],
})

/** Every dunning contact is counted. */
export const dunned: Projection = ({ form }) =>
  arrears(`contacts = contacts + ($rows ->> 'n')::int`, { n: Math.max(1, whole(form.contacts)) })

export const promised: Projection = ({ form }) =>
  arrears(`promised_at = ($rows ->> 'at')::timestamptz, contacts = contacts + 1`, { at: iso(whole(form.promisedAt)) })

/** A late payment costs points, by the rule in force (2.4.1). */
export const recovered: Projection = ({ event, after }) => ({
  statements: [
    ...arrears(`recovered_at = ($rows ->> 'at')::timestamptz`, { at: iso(event.at) }).statements,
    {
      name: 'points_deducted',
      sql: `INSERT INTO points_deduction (order_id, customer_id, points, reason, at)
  SELECT o.id, $rows ->> 'customer', (u.spec ->> 'points')::int, 'late-payment', ($rows ->> 'at')::timestamptz FROM o,
    (SELECT spec FROM rule WHERE kind = 'late-payment' AND valid_from <= ($rows ->> 'opened')::timestamptz ORDER BY valid_from DESC, version DESC LIMIT 1) u
  WHERE EXISTS (SELECT FROM arrears a WHERE a.order_id = o.id) ON CONFLICT DO NOTHING`,
      param: { at: iso(event.at), customer: after.customer, opened: iso(after.openedAt) },
    },
  ],
})

export const writtenOff: Projection = ({ event }) => arrears(`written_off_at = ($rows ->> 'at')::timestamptz`, { at: iso(event.at) })

/** The number that the order is about, or all that the customer has. */
export const cancelled: Projection = ({ after }) => ({
  statements: [
    {
      name: 'services_ended',
      sql: `UPDATE service SET status = 'ended' FROM o WHERE service.customer_id = $rows ->> 'customer' AND service.status <> 'ended'
    AND ($rows ->> 'service' IS NULL OR $rows ->> 'service' IN (service.id, service.no))`,
      param: { customer: after.customer, service: str(after.facts.service) },
    },
  ],
})

/** What the customer's services held is free, where the form names it. */
export const released: Projection = ({ event, after, form }) => ({
  statements: [
    {
      name: 'resources_freed',
      sql: `UPDATE resource_hold h SET state = 'released', until = NULL, released_at = ($rows ->> 'at')::timestamptz FROM o, orders w
  WHERE h.resource_id IN (SELECT jsonb_array_elements_text($rows -> 'resources')) AND h.released_at IS NULL AND w.id = h.order_id
    AND w.customer_id = $rows ->> 'customer' AND o.id IS NOT NULL`,
      param: { at: iso(event.at), resources: texts(form.released), customer: after.customer },
    },
  ],
})

export const lost: Projection = ({ event, after, form }) => ({
  statements: [
    {
      name: 'loss',
      sql: `INSERT INTO loss_record (order_id, customer_id, kind, reason, remains, at)
  SELECT o.id, $rows ->> 'customer', $rows ->> 'kind', ${bodyOf(`($rows ->> 'reason')`)}, ($rows ->> 'remains')::boolean, ($rows ->> 'at')::timestamptz
  FROM o ON CONFLICT DO NOTHING`,
      param: {
        customer: after.customer,
        kind: str(form.lossKind),
        reason: str(form.churnReason) ?? '',
        remains: after.facts.remains === true,
        at: iso(event.at),
      },
    },
  ],
})
