/** A re-settlement beside what it settles anew. */
import pg from 'pg'
import type { Run } from './runs.ts'

export interface Difference {
  agent: string
  /** Fen; null where there is no such bill. */
  before: bigint | null
  after: bigint | null
  difference: bigint
  paid: boolean
}

const scope = (run: Run) => (run.agents.length > 0 ? 'AND o.agent_id = ANY($3)' : 'AND $3::text[] IS NOT NULL')

/** SQL of both versions by agent: $1 the new run's number, $2 the old one's, $3 its agents. */
export const sideBySide = (run: Run): string => `
  SELECT coalesce(n.agent_id, o.agent_id) AS agent, o.id AS old_id, n.id AS new_id, o.amount AS before, n.amount AS after,
    coalesce(n.amount, 0) - coalesce(o.amount, 0) AS difference,
    coalesce(o.state = 'paid' OR EXISTS (SELECT FROM settlement_payout p WHERE p.bill_id = o.id), false) AS paid
  FROM (SELECT * FROM settlement_bill WHERE run_no = $1 AND state IN ('proposed', 'settled', 'paid')) n
  FULL JOIN (SELECT * FROM settlement_bill o WHERE o.run_no = $2 AND (o.state IN ('settled', 'paid')
      OR o.replaced_by = ${pg.escapeLiteral(run.id)} OR o.replaced_by IN (SELECT id FROM settlement_bill WHERE run_no = $1)) ${scope(run)}) o
    ON o.agent_id = n.agent_id`

/** Both versions of every bill that differs. @param run re-settlement @param old what it replaces */
export async function differencesOf(db: pg.Pool | pg.ClientBase, run: Run, old: Run): Promise<Difference[]> {
  const { rows } = await db.query<{ agent: string; before: string | null; after: string | null; difference: string; paid: boolean }>(
    `SELECT agent, before, after, difference, paid FROM (${sideBySide(run)}) d WHERE difference <> 0 ORDER BY agent`,
    [run.no, old.no, run.agents],
  )
  const fen = (value: string | null) => (value === null ? null : BigInt(value))
  return rows.map((row) => ({ ...row, before: fen(row.before), after: fen(row.after), difference: BigInt(row.difference) }))
}
