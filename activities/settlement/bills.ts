/** Agents' bills (代理商结算帐单) from the lines of their users, and the end of a run. */
import type pg from 'pg'
import { never } from '../errors.ts'
import { inTransaction, lockedRun, matchByHash } from './shared.ts'

export interface Billed {
  agents: number
  users: number
  /** Fen. */
  amount: bigint
}

const totals = async (client: pg.ClientBase, no: number): Promise<Billed> => {
  const { rows } = await client.query<{ agents: number; users: number; amount: string }>(
    `SELECT count(*)::int AS agents, coalesce(sum(users), 0)::int AS users, coalesce(sum(amount), 0)::bigint AS amount
     FROM settlement_bill WHERE run_no = $1 AND state <> 'void'`,
    [no],
  )
  return { agents: rows[0]!.agents, users: rows[0]!.users, amount: BigInt(rows[0]!.amount) }
}

/** Sums up (R3: nothing is rounded here). Done again, it changes nothing. */
export function computeBills(pool: pg.Pool, id: string): Promise<Billed> {
  return inTransaction(pool, async (client) => {
    const run = await lockedRun(client, id)
    if (run.state === 'computing') {
      await matchByHash(client)
      if (run.rowsDone !== run.rowsTotal) throw never('NOT_COMPUTED', `run ${id} has ${run.rowsDone} of ${run.rowsTotal} lines`)
      await client.query(
        `UPDATE settlement_bill b SET users = coalesce(l.users, 0), amount = coalesce(l.amount, 0),
          state = CASE WHEN b.state = 'proposed' THEN 'proposed' ELSE 'computed' END
         FROM settlement_bill own LEFT JOIN (SELECT agent_id, count(*) AS users, sum(amount) AS amount FROM settlement_line WHERE run_no = $1 GROUP BY 1) l
           ON l.agent_id = own.agent_id
         WHERE own.run_no = $1 AND b.run_no = $1 AND b.agent_id = own.agent_id AND b.state <> 'void'`,
        [run.no],
      )
      const { users, amount } = await totals(client, run.no)
      await client.query(`UPDATE settlement_run SET state = 'computed', users = $2, amount = $3, left_ms = 0 WHERE id = $1`, [
        id,
        users,
        amount,
      ])
    }
    if (!['computing', 'computed', 'closed', 'replaced'].includes(run.state)) throw never('NOT_COMPUTED', `run ${id} is ${run.state}`)
    return totals(client, run.no)
  })
}

/**
 * Closes the run: its bills are settled and go to the payout (P-62), its users are marked settled by the bills' state. Done again, it
 * changes nothing.
 */
export function closeRun(pool: pg.Pool, id: string, at: number): Promise<Billed> {
  return inTransaction(pool, async (client) => {
    const run = await lockedRun(client, id)
    if (run.state === 'computed') {
      await client.query(`UPDATE settlement_bill SET state = 'settled', settled_at = $2 WHERE run_no = $1 AND state = 'computed'`, [
        run.no,
        new Date(at),
      ])
      await client.query(`UPDATE settlement_run SET state = 'closed', closed_at = $2 WHERE id = $1`, [id, new Date(at)])
    } else if (run.state !== 'closed' && run.state !== 'replaced')
      throw never('NOT_COMPUTED', `run ${id} is ${run.state}: its bills are not computed`)
    return totals(client, run.no)
  })
}
