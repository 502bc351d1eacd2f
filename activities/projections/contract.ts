/** P-04: the contract with every version, its signature and its archive number. */
import { iso } from '../../domain/order/rows/order.ts'
import type { Statement } from '../write.ts'
import { bodyOf, type Happening, type Projected, str, times, whole } from './projection.ts'

/** Id of the contract that an order of P-04 draws up. */
export const contractId = (order: string): string => `ct-${order}`

const param = `jsonb_to_record($rows)`

/** A new text is a new version; it is on its way to be countersigned. */
export function drafted({ event, after, form, doer }: Happening): Projected {
  const id = contractId(after.id)
  const row = {
    id,
    order: after.id,
    no: after.no ?? after.id,
    customer: after.customer,
    title: after.title,
    amount: whole(form.amount),
    term: whole(form.termMonths),
    discount: Math.min(100, Number(form.discountPct ?? 0)),
    due: typeof form.constructionDue === 'number' ? iso(form.constructionDue) : null,
    activation: str(form.activationClause),
    compensation: str(form.compensationClause),
    doer,
    version: times(after, 'draft-contract', 'drafted'),
    text: str(form.text) ?? '',
    at: iso(event.at),
  }
  const typed = `${param} AS r ("id" text, "order" text, "no" text, customer text, title text, amount bigint, term int, discount float8, due timestamptz,
    activation text, compensation text, doer text, version int, "text" text, at timestamptz)`
  const statements: Statement[] = [
    {
      name: 'contract_row',
      sql: `INSERT INTO contract AS c (id, no, customer_id, title, status, amount, term_months, due_date, activation_clause, compensation_clause, drafted_by)
  SELECT r.id, r.no, r.customer, r.title, 'countersigning', r.amount, r.term, (r.due AT TIME ZONE 'Asia/Shanghai')::date,
    ${bodyOf('r.activation')}, ${bodyOf('r.compensation')}, r.doer FROM o, ${typed}
  ON CONFLICT (id) DO UPDATE SET status = 'countersigning', amount = excluded.amount, term_months = excluded.term_months, due_date = excluded.due_date,
    activation_clause = excluded.activation_clause, compensation_clause = excluded.compensation_clause, drafted_by = excluded.drafted_by`,
      param: row,
    },
    {
      name: 'contract_text',
      sql: `INSERT INTO contract_version (contract_id, version, order_id, text, amount, discount_pct, drafted_by, at)
  SELECT r.id, r.version, r.order, ${bodyOf('r.text')}, r.amount, r.discount, r.doer, r.at FROM o, ${typed}`,
      param: row,
    },
  ]
  // An agreement on compensation stays an order about the contract that it belongs to.
  return { statements, ...(str(after.input.contract) === null && { contract: id }) }
}

export function signed({ event, after, form }: Happening): Projected {
  const at = (typeof form.signedAt === 'number' && iso(form.signedAt)) || iso(event.at)
  const sql = `UPDATE contract SET status = 'signed', signed_at = ($rows ->> 'at')::timestamptz FROM o WHERE contract.id = $rows ->> 'id'`
  return { statements: [{ name: 'contract_signed', sql, param: { id: contractId(after.id), at } }] }
}

/** A number that another contract already has is kept with the contract's own behind it: the archive sorts it out, the order goes on. */
export function archived({ after, form }: Happening): Projected {
  const sql = `UPDATE contract SET archive_no = CASE
    WHEN EXISTS (SELECT FROM contract x WHERE x.archive_no = $rows ->> 'archiveNo' AND x.id <> contract.id) THEN ($rows ->> 'archiveNo') || ' / ' || contract.no
    ELSE $rows ->> 'archiveNo' END FROM o WHERE contract.id = $rows ->> 'id'`
  return { statements: [{ name: 'contract_archived', sql, param: { id: contractId(after.id), archiveNo: str(form.archiveNo) } }] }
}

/** The customer or the company has given it up. */
export const abandoned = (order: string): Statement => ({
  name: 'contract_void',
  sql: `UPDATE contract SET status = 'void' FROM o WHERE contract.id = $rows ->> 'id' AND contract.status <> 'signed'`,
  param: { id: contractId(order) },
})
