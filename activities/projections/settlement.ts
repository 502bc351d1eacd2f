/** P-57 to P-63: what outcomes of people leave in the settlement's tables and in the ledger. */
import { iso } from '../../domain/order/rows/order.ts'
import { billInForce } from '../../prisma/settlement/in-force.ts'
import type { Statement } from '../write.ts'
import { bodyOf, type Happening, type Projected, str, whole } from './projection.ts'
import { collected, reversed, supplemented } from './settlement-corrections.ts'
import { $, about, bankNo, booked, given, paidMoves, statement } from './settlement-parts.ts'

/** The bill that a payout is about, locked: of the order's run, or what has taken its place since (P-61). */
const bill = `SELECT b.id, b.agent_id, b.state, b.amount + coalesce((SELECT sum(j.amount) FROM settlement_adjustment j
      WHERE j.bill_id = b.id AND j.state = 'approved'), 0) AS payable
  FROM o, settlement_bill b WHERE b.id = ${billInForce($('run'), $('agent'))} AND b.state IN ('computed', 'settled') FOR NO KEY UPDATE OF b`

/** After the payout was asked for nothing is adjusted any more; then the order's outcome stands alone, and P-63 follows. */
const open = 'NOT EXISTS (SELECT FROM settlement_payout p WHERE p.bill_id = b.id)'

export function adjusted(happening: Happening): Projected {
  const { form, task } = happening
  const amount = whole(form.adjustmentAmount) * (form.adjustment === 'fine' ? -1 : 1)
  if (amount === 0) return { statements: [] }
  const row = { ...about(happening), n: task.n, amount, reason: str(form.adjustmentReason) ?? '' }
  return {
    statements: [
      statement('adjusted_bill', bill, row),
      statement(
        'adjustment',
        `INSERT INTO settlement_adjustment (id, bill_id, amount, reason, proposed_by, proposed_at)
  SELECT o.id || '/' || ${$('n')}, b.id, ${$('amount', 'bigint')}, ${bodyOf($('reason'))}, ${$('doer')}, ${$('at', 'timestamptz')}
  FROM o, adjusted_bill b WHERE ${open} ON CONFLICT DO NOTHING`,
        row,
      ),
    ],
  }
}

export const decided =
  (state: 'approved' | 'rejected') =>
  (happening: Happening): Projected => ({
    statements: [
      statement(
        'adjustment_decided',
        `UPDATE settlement_adjustment j SET state = ${$('state')}, decided_by = ${$('doer')}, decided_at = ${$('at', 'timestamptz')}
  FROM o, settlement_bill b WHERE j.id LIKE o.id || '/%' AND j.state = 'proposed' AND b.id = j.bill_id AND b.state IN ('computed', 'settled') AND ${open}`,
        { ...about(happening), state },
      ),
    ],
  })

export const confirmed =
  (answer: 'confirmed' | 'disputed' | 'silent') =>
  (happening: Happening): Projected => ({
    statements: [
      statement(
        'bill_confirmed',
        `UPDATE settlement_bill b SET confirmed = ${$('answer')}, confirmed_at = ${$('at', 'timestamptz')} FROM o
  WHERE b.id = ${billInForce($('run'), $('agent'))} AND b.state <> 'void'`,
        { ...about(happening), answer },
      ),
    ],
  })

/** Finance has paid the bill: what was asked of the bank is answered, what was not goes the same way at once. */
export function paid(happening: Happening): Projected {
  const row = { ...about(happening), bankNo: str(happening.form.bankNo) }
  return {
    statements: [
      statement('paid_bill', bill, row),
      statement(
        'paid_moves',
        `SELECT m.* FROM paid_bill b LEFT JOIN settlement_payout p ON p.bill_id = b.id, LATERAL (VALUES
    ('bill/' || b.id, 'settlement', 'commission', b.agent_id || '/rebate', CASE WHEN p.id IS NULL THEN b.payable ELSE 0 END),
    ('payout/po-' || b.id || '/1', 'payout', b.agent_id || '/rebate', 'transit', CASE WHEN p.id IS NULL THEN b.payable ELSE 0 END),
    ${paidMoves("'po-' || b.id", 'b.agent_id', 'b.payable')}) m (ref, kind, source, target, fen) WHERE ${given}`,
        row,
      ),
      ...booked('paid_moves', row),
      statement(
        'payout_row',
        `INSERT INTO settlement_payout AS p (id, agent_id, bill_id, order_id, amount, state, bank_ref, asked_at, answered_at)
  SELECT 'po-' || b.id, b.agent_id, b.id, o.id, b.payable, 'paid', ${bankNo($('bankNo'))}, ${$('at', 'timestamptz')}, ${$('at', 'timestamptz')}
  FROM o, paid_bill b WHERE b.payable > 0
  ON CONFLICT (bill_id) DO UPDATE SET state = 'paid', bank_ref = coalesce(p.bank_ref, excluded.bank_ref), answered_at = excluded.answered_at
    WHERE p.state <> 'paid'`,
        row,
      ),
      statement('bill_paid', `UPDATE settlement_bill b SET state = 'paid' FROM paid_bill x WHERE b.id = x.id AND ${given}`, row),
    ],
  }
}

/** P-59 review-special: the run is closed, its bills go to the payout. */
export const specialPassed = ({ event }: Happening): Projected => {
  const row = { at: iso(event.at) }
  const at = $('at', 'timestamptz')
  return {
    statements: [
      statement(
        'run_closed',
        `UPDATE settlement_run r SET state = 'closed', closed_at = ${at} FROM o WHERE r.id = o.id AND r.state = 'computed' RETURNING r.no`,
        row,
      ),
      statement(
        'bills_settled',
        `UPDATE settlement_bill b SET state = 'settled', settled_at = ${at} FROM run_closed r WHERE b.run_no = r.no AND b.state = 'computed'`,
        row,
      ),
    ],
  }
}

const runs = new Set(['settlement-unified', 'settlement-single', 'settlement-special', 'settlement-rerun'])

/** An order that ends without its bills leaves its agents to another run. */
export function ended(process: string, end: string, at: string): Statement[] {
  if (!runs.has(process) || end === 'settled' || end === 'resettled') return []
  return [
    statement(
      'run_stopped',
      `UPDATE settlement_run r SET state = 'stopped', closed_at = ${$('at', 'timestamptz')} FROM o
  WHERE r.id = o.id AND r.state NOT IN ('closed', 'stopped', 'replaced') RETURNING r.no`,
      { at },
    ),
    statement(
      'bills_void',
      `UPDATE settlement_bill b SET state = 'void', voided_at = ${$('at', 'timestamptz')} FROM run_stopped r
  WHERE b.run_no = r.no AND b.state IN ('open', 'computed', 'proposed')`,
      { at },
    ),
  ]
}

/** By `step=outcome` of each process. */
export const settlementProjections: Readonly<Record<string, Readonly<Record<string, (happening: Happening) => Projected>>>> = {
  'settlement-special': { 'review-special=passed': specialPassed },
  'settlement-real-time': { 'reverse-commission=reversed': reversed },
  'rebate-payout': {
    'propose-adjustment=adjusted': adjusted,
    'approve-adjustment=approved': decided('approved'),
    'approve-adjustment=rejected': decided('rejected'),
    'agent-confirm=confirmed': confirmed('confirmed'),
    'agent-confirm=disputed': confirmed('disputed'),
    'agent-confirm=silent': confirmed('silent'),
    'pay-out=paid': paid,
    'bank-answer=paid': paid,
  },
  'commission-correction': {
    'pay-supplement=paid': supplemented,
    'bank-answer=paid': supplemented,
    'collect-back=collected': collected,
    'deduct-later=deducted': collected,
  },
}
