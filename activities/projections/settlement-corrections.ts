/** P-63 and P-60 reverse-commission: what is paid or taken back after a payout, beside it. */
import type { Statement } from '../write.ts'
import { bodyOf, type Happening, type Projected, str, whole } from './projection.ts'
import { $, about, bankNo, booked, given, statement } from './settlement-parts.ts'

const correction = (happening: Happening) => {
  const { after, form, task } = happening
  return {
    ...about(happening),
    amount: whole(after.facts.amount),
    reason: str(after.facts.reason) ?? '',
    bankNo: str(form.bankNo),
    from: str(form.from),
    round: `${task.step}/${task.n}`,
  }
}

/** The order's correction; nothing where its agent is not known. */
const correctionRow = (direction: 'pay' | 'claw-back', row: object): Statement =>
  statement(
    'correction_row',
    `INSERT INTO settlement_correction AS c (id, agent_id, bill_id, direction, amount, reason, at)
  SELECT o.id, a.id, (SELECT b.id FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no WHERE r.id = ${$('run')} AND b.agent_id = a.id),
    '${direction}', ${$('amount', 'bigint')}, ${bodyOf($('reason'))}, ${$('at', 'timestamptz')}
  FROM o, agent a WHERE a.id = ${$('agent')} ON CONFLICT (id) DO UPDATE SET reason = excluded.reason RETURNING c.id, c.agent_id, c.amount`,
    row,
  )

export function supplemented(happening: Happening): Projected {
  const row = correction(happening)
  if (row.amount <= 0) return { statements: [] }
  return {
    statements: [
      correctionRow('pay', row),
      statement(
        'supplement_moves',
        `SELECT m.* FROM correction_row c, LATERAL (VALUES
    ('correction/' || c.id, 'correction', 'commission', c.agent_id || '/rebate', c.amount),
    ('payout/po-' || c.id || '/1', 'payout', c.agent_id || '/rebate', 'transit', c.amount),
    ('payout-paid/po-' || c.id || '/1', 'payout-paid', 'transit', 'bank', c.amount)) m (ref, kind, source, target, fen) WHERE ${given}`,
        row,
      ),
      ...booked('supplement_moves', row),
      statement(
        'payout_row',
        `INSERT INTO settlement_payout (id, agent_id, correction_id, order_id, amount, state, bank_ref, asked_at, answered_at)
  SELECT 'po-' || c.id, c.agent_id, c.id, c.id, c.amount, 'paid', ${bankNo($('bankNo'))}, ${$('at', 'timestamptz')}, ${$('at', 'timestamptz')}
  FROM correction_row c ON CONFLICT DO NOTHING`,
        row,
      ),
    ],
  }
}

/** As much as the account has and the correction still lacks; cash is all there. */
export function collected(happening: Happening): Projected {
  const row = correction(happening)
  if (row.amount <= 0) return { statements: [] }
  return {
    statements: [
      statement(
        'collected_now',
        `SELECT o.id, a.id AS agent_id, ${$('from')} AS kind, greatest(0, least(${$('amount', 'bigint')} - coalesce(c.from_rebate + c.from_prepaid + c.from_deposit + c.from_cash, 0),
    CASE WHEN ${$('from')} = 'cash' THEN ${$('amount', 'bigint')}
      ELSE (SELECT l.balance FROM ledger_account l WHERE l.agent_id = a.id AND l.kind = ${$('from')} FOR NO KEY UPDATE) END)) AS fen
  FROM o JOIN agent a ON a.id = ${$('agent')} LEFT JOIN settlement_correction c ON c.id = o.id`,
        row,
      ),
      statement(
        'collected_moves',
        `SELECT 'claw-back/' || n.id || '/' || ${$('round')} AS ref, 'correction' AS kind, CASE WHEN n.kind = 'cash' THEN 'cash' ELSE n.agent_id || '/' || n.kind END AS source,
    'commission' AS target, n.fen FROM collected_now n WHERE ${given}`,
        row,
      ),
      ...booked('collected_moves', row),
      statement(
        'correction_row',
        `INSERT INTO settlement_correction AS c (id, agent_id, bill_id, direction, amount, reason, at, from_rebate, from_prepaid, from_deposit, from_cash, state)
  SELECT n.id, n.agent_id, (SELECT b.id FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no WHERE r.id = ${$('run')} AND b.agent_id = n.agent_id),
    'claw-back', ${$('amount', 'bigint')}, ${bodyOf($('reason'))}, ${$('at', 'timestamptz')}, CASE n.kind WHEN 'rebate' THEN n.fen ELSE 0 END,
    CASE n.kind WHEN 'prepaid' THEN n.fen ELSE 0 END, CASE n.kind WHEN 'deposit' THEN n.fen ELSE 0 END, CASE n.kind WHEN 'cash' THEN n.fen ELSE 0 END,
    CASE WHEN n.fen = ${$('amount', 'bigint')} THEN 'settled' ELSE 'open' END
  FROM collected_now n ON CONFLICT (id) DO UPDATE SET from_rebate = c.from_rebate + excluded.from_rebate, from_prepaid = c.from_prepaid + excluded.from_prepaid,
    from_deposit = c.from_deposit + excluded.from_deposit, from_cash = c.from_cash + excluded.from_cash,
    state = CASE WHEN c.from_rebate + c.from_prepaid + c.from_deposit + c.from_cash + excluded.from_rebate + excluded.from_prepaid + excluded.from_deposit
      + excluded.from_cash = c.amount THEN 'settled' ELSE 'open' END`,
        row,
      ),
    ],
  }
}

/** P-60 reverse-commission: what is still on the account goes back; what has been paid out since is left as a claw-back. */
export function reversed(happening: Happening): Projected {
  const row = about(happening)
  return {
    statements: [
      statement(
        'reversed_event',
        `SELECT e.id, e.agent_id, e.amount, least(e.amount, (SELECT l.balance FROM ledger_account l WHERE l.id = e.agent_id || '/rebate' FOR NO KEY UPDATE)) AS fen
  FROM o JOIN settlement_event e ON e.id = o.id AND e.state = 'booked' AND ${given}`,
        row,
      ),
      statement(
        'reversal_moves',
        `SELECT 'reversal/' || e.id AS ref, 'reversal' AS kind, e.agent_id || '/rebate' AS source, 'commission' AS target, e.fen FROM reversed_event e WHERE ${given}`,
        row,
      ),
      ...booked('reversal_moves', row),
      statement(
        'event_reversed',
        `UPDATE settlement_event e SET state = 'reversed', checked_at = ${$('at', 'timestamptz')} FROM reversed_event r WHERE e.id = r.id`,
        row,
      ),
      statement(
        'reversal_rest',
        `INSERT INTO settlement_correction (id, agent_id, direction, amount, reason, at)
  SELECT 'reversal/' || r.id, r.agent_id, 'claw-back', r.amount - r.fen, 'reversal', ${$('at', 'timestamptz')} FROM reversed_event r WHERE r.amount > r.fen
  ON CONFLICT DO NOTHING`,
        row,
      ),
    ],
  }
}
