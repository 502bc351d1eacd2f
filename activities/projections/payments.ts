/** P-06 and P-07: money that finance entered by hand, the invoice, and what has to be paid back. */
import { iso } from '../../domain/order/rows/order.ts'
import type { Statement } from '../write.ts'
import { type Happening, type Projected, str, whole } from './projection.ts'

/** Id of the row of a payment, by the bank's number. */
export const paymentId = (bankNo: string): string => `py-${bankNo}`

/** What the bank told of has its row already, and is matched; what nobody could place before is this order's now. */
export function collected({ event, form, facts, doer, after }: Happening): Projected {
  const bankNo = str(form.bankNo)
  const amount = whole(form.paid)
  if (bankNo === null || amount <= 0) return { statements: [] }
  const row = {
    id: paymentId(bankNo),
    bankNo,
    customer: after.customer,
    contract: facts.contract ?? null,
    amount,
    paidAt: (typeof form.paidAt === 'number' && iso(form.paidAt)) || iso(event.at),
    doer,
    at: iso(event.at),
  }
  return {
    statements: [
      {
        name: 'payment_row',
        sql: `INSERT INTO payment AS p (id, bank_no, order_id, customer_id, contract_id, amount, paid_at, source, entered_by, received_at, state)
  SELECT r.id, r."bankNo", o.id, r.customer, r.contract, r.amount, r."paidAt", 'finance', r.doer, r.at, 'matched'
  FROM o, jsonb_to_record($rows) AS r (id text, "bankNo" text, customer text, contract text, amount bigint, "paidAt" timestamptz, doer text, at timestamptz)
  ON CONFLICT (bank_no) DO UPDATE SET state = 'matched', order_id = excluded.order_id, customer_id = excluded.customer_id,
    contract_id = coalesce(p.contract_id, excluded.contract_id) WHERE p.state = 'unmatched'`,
        param: row,
      },
    ],
  }
}

/** A number that another order's invoice has is kept with the order's own behind it: finance sorts it out, the order goes on. */
export function invoiced({ event, form, after, doer }: Happening): Projected {
  const amount = form.invoiceAmount === undefined ? whole(after.facts.amount) : whole(form.invoiceAmount)
  const row = { no: str(form.invoiceNo) ?? '', amount, doer, at: iso(event.at) }
  return {
    statements: [
      {
        name: 'invoice_row',
        sql: `INSERT INTO invoice (no, order_id, amount, issued_at, issued_by)
  SELECT CASE WHEN EXISTS (SELECT FROM invoice x WHERE x.no = r.no) THEN r.no || ' / ' || coalesce(own.no, o.id) ELSE r.no END, o.id, r.amount, r.at, r.doer
  FROM o JOIN orders own ON own.id = o.id, jsonb_to_record($rows) AS r (no text, amount bigint, at timestamptz, doer text)
  ON CONFLICT DO NOTHING`,
        param: row,
      },
    ],
  }
}

/**
 * SQL: payments of an order that are to be paid back, and that finance hears of it. Only what has not been told yet is told.
 * @param order SQL of the order's id; `at` of the instant
 */
export const refund = (order: string, at: string) => ({
  due: `UPDATE payment SET state = 'refund-due' WHERE payment.order_id = ${order} AND payment.state = 'matched' AND ${at} IS NOT NULL
  RETURNING payment.order_id, payment.bank_no, payment.amount`,
  told: `INSERT INTO outbox (order_id, seq, topic, dedupe, payload, next_at, created_at)
  SELECT x.id, x.seq, 'finance.refund', d.bank_no,
    jsonb_build_object('order', x.id, 'no', x.no, 'customer', x.customer_id, 'bankNo', d.bank_no, 'amount', d.amount), ${at}, ${at}
  FROM refund_due d JOIN orders x ON x.id = d.order_id ON CONFLICT DO NOTHING`,
})

/** What came in for an order that ends without its service goes back. */
export function refunded(at: string): Statement[] {
  const { due, told } = refund('(SELECT id FROM o)', `($rows ->> 'at')::timestamptz`)
  return [
    { name: 'refund_due', sql: due, param: { at } },
    { name: 'refund_told', sql: told, param: { at } },
  ]
}
