/** What the statements of the settlement's outcomes share. */
import { iso } from '../../domain/order/rows/order.ts'
import type { Statement } from '../write.ts'
import { type Happening, str } from './projection.ts'

export const statement = (name: string, sql: string, param: object): Statement => ({ name, sql, param })
/** A parameter of which a statement makes no use has no type for the server. */
export const given = '$rows IS NOT NULL'

/** A field of the statement's row. */
export const $ = (name: string, type = 'text') => `($rows ->> '${name}')::${type}`

/** Run, agent, instant and who did it. */
export const about = ({ after, event, doer }: Happening) => ({
  run: str(after.facts.run),
  agent: str(after.facts.agent),
  at: iso(event.at),
  doer,
})

/** Entries with two lines each, from rows (ref, kind, source, target, fen) of a CTE. */
export const booked = (rows: string, row: object): Statement[] => [
  statement(
    'entries',
    `INSERT INTO ledger_entry (ref, kind, order_id, at, tx) SELECT m.ref, m.kind, o.id, ${$('at', 'timestamptz')}, 0 FROM o, ${rows} m WHERE m.fen > 0
  ON CONFLICT (ref) DO NOTHING RETURNING id, ref`,
    row,
  ),
  statement(
    'entry_lines',
    `INSERT INTO ledger_line (entry_id, n, account_id, amount)
  SELECT e.id, s.n, CASE s.n WHEN 1 THEN m.target ELSE m.source END, CASE s.n WHEN 1 THEN m.fen ELSE -m.fen END
  FROM entries e JOIN ${rows} m ON m.ref = e.ref, (VALUES (1::smallint), (2::smallint)) s (n) WHERE ${given}`,
    row,
  ),
]

/** A number that another payout has already is not taken over: finance sorts it out. */
export const bankNo = (column: string) =>
  `CASE WHEN NOT EXISTS (SELECT FROM settlement_payout x WHERE x.bank_ref = ${column}) THEN ${column} END`

/**
 * What finance's word "paid" moves, as rows of VALUES: what is under way with the bank arrives there, what it could not pay leaves the
 * rebate account by hand. `p` is the payout asked of the bank, null where none was.
 */
export const paidMoves = (
  payout: string,
  agent: string,
  amount: string,
) => `('payout-paid/' || ${payout} || '/' || coalesce(p.attempt, 1), 'payout-paid', 'transit', 'bank',
      CASE WHEN p.id IS NULL THEN ${amount} WHEN p.state IN ('asked', 'sent') THEN p.amount ELSE 0 END),
    ('payout-paid/' || ${payout} || '/' || p.attempt || '/by-hand', 'payout-paid', ${agent} || '/rebate', 'bank',
      CASE WHEN p.state = 'failed' AND p.amount <= (SELECT a.balance FROM ledger_account a WHERE a.id = ${agent} || '/rebate' FOR NO KEY UPDATE) THEN p.amount ELSE 0 END)`
