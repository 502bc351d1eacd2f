/** P-63 and P-60 reverse-commission: what is paid or taken back after a payout, beside it. */
import { clawBackSources } from '../../domain/settlement/claw-back.ts'
import type { Statement } from '../write.ts'
import { bodyOf, type Happening, type Projected, str, whole } from './projection.ts'
import { $, about, bankNo, booked, given, paidMoves, statement } from './settlement-parts.ts'

const correction = (happening: Happening) => {
  const { after, form, task } = happening
  return {
    ...about(happening),
    amount: whole(after.facts.amount),
    reason: str(after.facts.reason) ?? '',
    bankNo: str(form.bankNo),
    round: `${task.step}/${task.n}`,
  }
}

/** The order's correction; nothing where its agent is not known. */
const supplementRow = (row: object): Statement =>
  statement(
    'correction_row',
    `INSERT INTO settlement_correction AS c (id, agent_id, bill_id, direction, amount, reason, at, state)
  SELECT o.id, a.id, (SELECT b.id FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no WHERE r.id = ${$('run')} AND b.agent_id = a.id),
    'pay', ${$('amount', 'bigint')}, ${bodyOf($('reason'))}, ${$('at', 'timestamptz')}, 'settled'
  FROM o, agent a WHERE a.id = ${$('agent')} ON CONFLICT (id) DO UPDATE SET state = 'settled' RETURNING c.id, c.agent_id, c.amount`,
    row,
  )

export function supplemented(happening: Happening): Projected {
  const row = correction(happening)
  if (row.amount <= 0) return { statements: [] }
  return {
    statements: [
      supplementRow(row),
      statement(
        'supplement_moves',
        `SELECT m.* FROM correction_row c LEFT JOIN settlement_payout p ON p.correction_id = c.id, LATERAL (VALUES
    ('correction/' || c.id, 'correction', 'commission', c.agent_id || '/rebate', CASE WHEN p.id IS NULL THEN c.amount ELSE 0 END),
    ('payout/po-' || c.id || '/1', 'payout', c.agent_id || '/rebate', 'transit', CASE WHEN p.id IS NULL THEN c.amount ELSE 0 END),
    ${paidMoves("'po-' || c.id", 'c.agent_id', 'c.amount')}) m (ref, kind, source, target, fen) WHERE ${given}`,
        row,
      ),
      ...booked('supplement_moves', row),
      statement(
        'payout_row',
        `INSERT INTO settlement_payout AS p (id, agent_id, correction_id, order_id, amount, state, bank_ref, asked_at, answered_at)
  SELECT 'po-' || c.id, c.agent_id, c.id, c.id, c.amount, 'paid', ${bankNo($('bankNo'))}, ${$('at', 'timestamptz')}, ${$('at', 'timestamptz')}
  FROM correction_row c ON CONFLICT (correction_id) DO UPDATE SET state = 'paid', bank_ref = coalesce(p.bank_ref, excluded.bank_ref),
    answered_at = excluded.answered_at WHERE p.state <> 'paid'`,
        row,
      ),
    ],
  }
}

/** As much as the accounts have, in turn, and the correction still lacks; cash is all there. What is then left stays open. */
export function collected(happening: Happening): Projected {
  const row = { ...correction(happening), from: clawBackSources(happening.task.step, str(happening.form.from) ?? '') }
  if (row.amount <= 0) return { statements: [] }
  const taken = (alias: string) => ['rebate', 'prepaid', 'deposit', 'cash'].map((kind) => `${alias}.from_${kind}`).join(' + ')
  const sum = (kind: string) => `coalesce(sum(n.fen) FILTER (WHERE n.kind = '${kind}'), 0)`
  return {
    statements: [
      statement(
        'collected_due',
        `SELECT o.id, a.id AS agent_id, greatest(0, ${$('amount', 'bigint')} - coalesce(${taken('c')}, 0)) AS due
  FROM o JOIN agent a ON a.id = ${$('agent')} LEFT JOIN settlement_correction c ON c.id = o.id`,
        row,
      ),
      statement(
        'collected_from',
        `SELECT l.kind, l.balance FROM collected_due d JOIN ledger_account l ON l.agent_id = d.agent_id
  WHERE l.kind IN (SELECT jsonb_array_elements_text($rows -> 'from')) ORDER BY l.id FOR NO KEY UPDATE OF l`,
        row,
      ),
      statement(
        'collected_now',
        `SELECT d.id, d.agent_id, s.kind, greatest(0, least(s.has, d.due - s.before)) AS fen
  FROM collected_due d, (SELECT f.kind, f.has, coalesce(sum(f.has) OVER (ORDER BY f.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM (SELECT w.kind, w.n, CASE WHEN w.kind = 'cash' THEN ${$('amount', 'bigint')} ELSE coalesce(l.balance, 0) END AS has
      FROM jsonb_array_elements_text($rows -> 'from') WITH ORDINALITY AS w (kind, n) LEFT JOIN collected_from l ON l.kind = w.kind) f) s`,
        row,
      ),
      statement(
        'collected_moves',
        `SELECT 'claw-back/' || n.id || '/' || ${$('round')} || '/' || n.kind AS ref, 'correction' AS kind,
    CASE WHEN n.kind = 'cash' THEN 'cash' ELSE n.agent_id || '/' || n.kind END AS source, 'commission' AS target, n.fen FROM collected_now n WHERE ${given}`,
        row,
      ),
      ...booked('collected_moves', row),
      statement(
        'correction_row',
        `INSERT INTO settlement_correction AS c (id, agent_id, bill_id, direction, amount, reason, at, from_rebate, from_prepaid, from_deposit, from_cash, state)
  SELECT n.id, n.agent_id, (SELECT b.id FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no WHERE r.id = ${$('run')} AND b.agent_id = n.agent_id),
    'claw-back', ${$('amount', 'bigint')}, ${bodyOf($('reason'))}, ${$('at', 'timestamptz')}, ${sum('rebate')}, ${sum('prepaid')}, ${sum('deposit')}, ${sum('cash')},
    CASE WHEN sum(n.fen) = ${$('amount', 'bigint')} THEN 'settled' ELSE 'open' END
  FROM collected_now n GROUP BY n.id, n.agent_id ON CONFLICT (id) DO UPDATE SET from_rebate = c.from_rebate + excluded.from_rebate,
    from_prepaid = c.from_prepaid + excluded.from_prepaid, from_deposit = c.from_deposit + excluded.from_deposit, from_cash = c.from_cash + excluded.from_cash,
    state = CASE WHEN ${taken('c')} + ${taken('excluded')} = c.amount THEN 'settled' ELSE 'open' END`,
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
