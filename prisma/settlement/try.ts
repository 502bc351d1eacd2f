/** A scheme tried on a past period before its release: what each agent would get, beside what he got. Nothing is written. */
import type pg from 'pg'
import type { BusinessScheme } from '../../domain/settlement/scheme.ts'
import { byVolume } from '../../domain/settlement/settle.ts'
import { byScheme, linesSql, rangeSql, volumeSql, volumeTierSql } from './compile.ts'
import { findRun } from './runs.ts'

export interface Tried {
  agent: string
  users: number
  /** Fen, of the business type alone. */
  before: string
  after: string
  difference: string
}

/**
 * Settles the users whom a closed run settled by any version of the scheme with this wording instead.
 * @param schemeId business scheme whose place it takes
 * @throws RangeError where there is no such run
 */
export async function tryScheme(pool: pg.Pool, run: string, schemeId: string, scheme: BusinessScheme): Promise<Tried[]> {
  const tried = await findRun(pool, run)
  if (!tried) throw new RangeError(`there is no run ${run}`)
  const client = await pool.connect()
  try {
    // A number that no version has, so that its lines can't be mistaken.
    const version = { no: 0, scheme }
    await client.query('BEGIN')
    await client.query(
      `CREATE TEMP TABLE tried ON COMMIT DROP AS SELECT c.agent_id, c.business_type, 0 AS scheme_no, NULL::bigint AS volume, NULL::int AS tier,
        (${rangeSql(scheme)}) AS within FROM settlement_choice c JOIN agent a ON a.id = c.agent_id JOIN settlement_scheme_version v ON v.no = c.scheme_no
       WHERE c.run_no = $1 AND v.scheme_id = $2`,
      [tried.no, schemeId],
    )
    const users = `FROM settlement_line w JOIN settlement_user u ON u.id = w.user_id
      JOIN tried c ON c.agent_id = u.agent_id AND c.business_type = u.business_type AND c.within WHERE w.run_no = ${tried.no}`
    if (byVolume(scheme))
      await client.query(
        `UPDATE tried t SET volume = v.volume, tier = ${byScheme('0', [version], (each) => volumeTierSql(each, 'v.volume'), '0')}
         FROM (SELECT u.agent_id, sum(${volumeSql(scheme, tried.period)})::bigint AS volume ${users} GROUP BY 1) v WHERE v.agent_id = t.agent_id`,
      )
    const { rows } = await client.query<Tried>(
      `SELECT t.agent_id AS agent, coalesce(w.users, 0)::int AS users, coalesce(w.amount, 0)::text AS before, coalesce(n.amount, 0)::text AS after,
        (coalesce(n.amount, 0) - coalesce(w.amount, 0))::text AS difference
       FROM tried t
       LEFT JOIN (SELECT l.agent_id, count(*) AS users, sum(l.amount) AS amount FROM settlement_line l JOIN settlement_scheme_version v ON v.no = l.scheme_no
         WHERE l.run_no = $1 AND v.scheme_id = $2 GROUP BY 1) w ON w.agent_id = t.agent_id
       LEFT JOIN (SELECT agent_id, sum(amount) AS amount FROM (${linesSql([version], tried.period, users)}) x GROUP BY 1) n ON n.agent_id = t.agent_id
       ORDER BY abs(coalesce(n.amount, 0) - coalesce(w.amount, 0)) DESC, 1`,
      [tried.no, schemeId],
    )
    return rows
  } finally {
    await client.query('ROLLBACK').catch(() => {})
    client.release()
  }
}
