/** P-12 and P-13: compensation by contract clause or by a signed agreement. */
import { iso } from '../../domain/order/rows/order.ts'
import type { Statement } from '../write.ts'
import { bodyOf, type Happening, type Projected, str, times, whole } from './projection.ts'

/** Which proposal of the order it is: every approved one and every agreed one counts. */
const number = ({ after }: Happening): number =>
  times(after, 'propose-by-contract', 'approved') + times(after, 'negotiate-compensation', 'agreed')

const only = (statement: Statement): Projected => ({ statements: [statement] })

function proposal(
  happening: Happening,
  more: { basis: 'clause' | 'agreement'; state: string; clause?: string | null; approvedBy?: string | null; amount: number; n: number },
): Projected {
  const { after, facts, doer } = happening
  const row = { id: `${after.id}.k${more.n}`, contract: facts.contract ?? null, doer, clause: null, approvedBy: null, ...more }
  return only({
    name: 'compensation_row',
    sql: `INSERT INTO compensation (id, order_id, n, contract_id, clause, amount, basis, state, proposed_by, approved_by)
  SELECT r.id, o.id, r.n, r.contract, ${bodyOf('r.clause')}, r.amount, r.basis, r.state, r.doer, r."approvedBy"
  FROM o, jsonb_to_record($rows) AS r (id text, n int, contract text, clause text, amount bigint, basis text, state text, doer text, "approvedBy" text)`,
    param: row,
  })
}

/** By the clause of the contract, approved. */
export const proposed = (happening: Happening): Projected =>
  proposal(happening, {
    basis: 'clause',
    state: 'approved',
    clause: str(happening.after.facts.clause) ?? str(happening.form.proposal),
    approvedBy: str(happening.form.approvedBy),
    amount: whole(happening.form.amount),
    n: number(happening),
  })

/** Agreed with the customer; it still has to be signed (rule 3). */
export const negotiated = (happening: Happening): Projected =>
  proposal(happening, { basis: 'agreement', state: 'agreed', amount: whole(happening.form.amount), n: number(happening) })

/** The customer waives it: what was agreed before and could not be signed is over; where nothing was, the waiver itself is kept. */
export const waived = (happening: Happening): Projected =>
  proposal(happening, { basis: 'agreement', state: 'waived', amount: 0, n: number(happening) + 1 })

const latest = `compensation.order_id = o.id AND compensation.n = ($rows ->> 'n')::int`

/** The countersign (P-04) has led to a signed agreement. */
export const agreementSigned = (happening: Happening): Projected =>
  only({
    name: 'compensation_signed',
    sql: `UPDATE compensation SET agreement_order_id = $rows ->> 'child' FROM o WHERE ${latest}`,
    param: { n: number(happening), child: happening.task.child ?? null },
  })

export const agreementAbandoned = (happening: Happening): Projected =>
  only({ name: 'compensation_void', sql: `UPDATE compensation SET state = 'void' FROM o WHERE ${latest}`, param: { n: number(happening) } })

export const executed = (happening: Happening): Projected => {
  const { form, event } = happening
  const paidAt = (typeof form.paidAt === 'number' && iso(form.paidAt)) || iso(event.at)
  return only({
    name: 'compensation_paid',
    sql: `UPDATE compensation SET state = 'paid', amount = ($rows ->> 'amount')::bigint, paid_at = ($rows ->> 'at')::timestamptz FROM o WHERE ${latest}`,
    param: { n: number(happening), amount: whole(form.amount), at: paidAt },
  })
}
