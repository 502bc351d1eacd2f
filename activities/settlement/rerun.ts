/** Re-settlement (P-61): a new version of the bills beside the old one, compared, then put in its place. */
import type pg from 'pg'
import { type Difference, differencesOf, sideBySide } from '../../prisma/settlement/differences.ts'
import type { Run } from '../../prisma/settlement/runs.ts'
import { never } from '../errors.ts'
import { computeBills } from './bills.ts'
import { choose } from './choose.ts'
import { extract } from './extract.ts'
import { computeLines } from './lines.ts'
import { inTransaction, lockedRun, matchByHash, type Pulse, runOf } from './shared.ts'

/** Whether any bill that would be replaced has been paid out, or is on its way: once asked for, it is on the agent's account. */
export async function paidOut(pool: pg.Pool, replaces: string, agent?: string): Promise<boolean> {
  const old = await runOf(pool, replaces)
  const { rows } = await pool.query<{ paid: boolean }>(
    `SELECT EXISTS (SELECT FROM settlement_bill b WHERE b.run_no = $1 AND ($2::text IS NULL OR b.agent_id = $2)
      AND (b.state = 'paid' OR EXISTS (SELECT FROM settlement_payout p WHERE p.bill_id = b.id))) AS paid`,
    [old.no, agent ?? null],
  )
  return rows[0]!.paid
}

export interface RerunInput {
  order: string
  replaces: string
  agent?: string
  reason?: string
  at: number
}

/** Extracts and computes anew. Done again, it goes on where it was. */
export async function recompute(
  pool: pg.Pool,
  { order, replaces, agent, reason, at }: RerunInput,
  pulse: Pulse,
  task?: string,
): Promise<Difference[]> {
  const old = await runOf(pool, replaces)
  if (old.state !== 'closed') throw never('NOT_CLOSED', `run ${replaces} is ${old.state}: only a closed run is settled anew`)
  const { rows: replaced } = await pool.query<{ by: string }>(
    `SELECT r.id AS by FROM settlement_bill b JOIN settlement_bill n ON n.id = b.replaced_by JOIN settlement_run r ON r.no = n.run_no
      WHERE b.run_no = $1 AND b.agent_id = $2 AND r.id <> $3`,
    [old.no, agent ?? null, order],
  )
  if (replaced[0]) throw never('REPLACED', `${agent} has been settled anew by run ${replaced[0].by}: settle that one anew`)
  await pool.query(
    `INSERT INTO settlement_run (id, origin, department_id, agents, period, kind, replaces, reason, opened_at)
     SELECT $1, 'rerun', department_id, CASE WHEN $3::text IS NULL THEN agents ELSE ARRAY[$3::text] END, period, kind, id, $4, $5 FROM settlement_run
      WHERE id = $2 ON CONFLICT (id) DO NOTHING`,
    [order, replaces, agent ?? null, reason ?? null, new Date(at)],
  )
  const extracted = await extract(pool, order, at)
  if (extracted.outcome === 'incomplete') throw new Error(extracted.why)
  await choose(pool, order, at)
  if ((await computeLines(pool, order, at, pulse, task)).outcome === 'stopped') throw never('STOPPED', `run ${order} was asked to stop`)
  await computeBills(pool, order)
  return differences(pool, order)
}

/** Both versions of every bill that differs. */
export async function differences(db: pg.Pool | pg.ClientBase, id: string): Promise<Difference[]> {
  const run = await runOf(db, id)
  return differencesOf(db, run, await runOf(db, run.replaces ?? ''))
}

/**
 * Puts the new bills in the place of the old ones, which stay, void. What was paid stays paid: only the difference is to be moved (P-63).
 * Done again, it answers the same.
 * @returns the differences of bills that had been paid out
 */
export function replaceBills(pool: pg.Pool, id: string, at: number): Promise<Difference[]> {
  return inTransaction(pool, async (client) => {
    const run = await lockedRun(client, id)
    const old = await lockedRun(client, run.replaces ?? '')
    if (run.state === 'computed') await swap(client, run, old, at)
    else if (run.state !== 'closed') throw never('NOT_COMPUTED', `run ${id} is ${run.state}: its bills are not computed`)
    return (await differences(client, id)).filter(({ paid }) => paid)
  })
}

async function swap(client: pg.ClientBase, run: Run, old: Run, at: number): Promise<void> {
  const when = new Date(at)
  await matchByHash(client)
  await client.query('SELECT FROM settlement_bill WHERE run_no = $1 ORDER BY id FOR NO KEY UPDATE', [old.no])
  await client.query(`CREATE TEMP TABLE swapped ON COMMIT DROP AS ${sideBySide(run)}`, [run.no, old.no, run.agents])
  await client.query(
    `UPDATE settlement_bill b SET state = 'void', voided_at = $1, replaced_by = coalesce(s.new_id, $2) FROM swapped s WHERE b.id = s.old_id AND b.state IN ('settled', 'paid')`,
    [when, run.id],
  )
  // What was paid is not paid again; the new bill says by how much it differs.
  await client.query(
    `UPDATE settlement_bill b SET state = CASE WHEN s.paid THEN 'paid' ELSE 'settled' END, settled_at = $1,
      difference = CASE WHEN s.paid THEN s.difference END FROM swapped s WHERE b.id = s.new_id AND b.state = 'proposed'`,
    [when],
  )
  // A bonus or fine on a bill that is not paid yet is meant for the agent, not for that version.
  await client.query(
    `INSERT INTO settlement_adjustment (id, bill_id, amount, reason, state, proposed_by, proposed_at, decided_by, decided_at)
     SELECT j.id || '/' || s.new_id, s.new_id, j.amount, j.reason, j.state, j.proposed_by, j.proposed_at, j.decided_by, j.decided_at
     FROM swapped s JOIN settlement_adjustment j ON j.bill_id = s.old_id WHERE s.new_id IS NOT NULL AND NOT s.paid AND j.state IN ('approved', 'proposed')`,
  )
  await client.query(`UPDATE settlement_run SET state = 'closed', closed_at = $2 WHERE id = $1`, [run.id, when])
  if (run.agents.length === 0 || old.agents.length > 0)
    await client.query(`UPDATE settlement_run SET state = 'replaced' WHERE id = $1`, [old.id])
  await client.query('DROP TABLE swapped')
}
