/** Which scheme settles whom (首选方案有效? 否则替代方案), for all agents of a run at once. */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { lastDay } from '../../domain/settlement/period.ts'
import { byVolume } from '../../domain/settlement/settle.ts'
import { byScheme, rangeSql, volumeSql, volumeTierSql } from '../../prisma/settlement/compile.ts'
import type { Run } from '../../prisma/settlement/runs.ts'
import { businessVersions, newestReleased, releasedBusiness, releasedComposite } from '../../prisma/settlement/schemes.ts'
import { never } from '../errors.ts'
import { takenSql } from './extract.ts'
import { inTransaction, lockedRun, matchByHash } from './shared.ts'

export interface Chosen {
  /** Agents with a bill in this run. */
  agents: number
  /** Agents who take no part, and why: named, not silently dropped (P-57 rule 2). */
  skipped: { agent: string; businessType: string; reason: string; users: number }[]
}

/** Chooses for the whole run and claims its agents. Done again, it changes nothing. */
export function choose(pool: pg.Pool, id: string, at: number): Promise<Chosen> {
  return inTransaction(pool, async (client) => {
    const run = await lockedRun(client, id)
    if (run.state === 'open' || run.state === 'stopped') throw never('NOT_EXTRACTED', `run ${id} is ${run.state}: extract its users first`)
    if (run.state === 'extracted') await chooseAnew(client, run, at)
    return chosen(client, run.no)
  })
}

/** Who is in and who is not. */
export async function chosen(db: pg.Pool | pg.ClientBase, runNo: number): Promise<Chosen> {
  const { rows: skipped } = await db.query<Chosen['skipped'][number]>(
    `SELECT agent_id AS agent, business_type AS "businessType", reason, users FROM settlement_skip WHERE run_no = $1 ORDER BY 1, 2`,
    [runNo],
  )
  const { rows } = await db.query<{ agents: number }>(
    `SELECT count(*)::int AS agents FROM settlement_bill WHERE run_no = $1 AND state <> 'void'`,
    [runNo],
  )
  return { agents: rows[0]!.agents, skipped }
}

/** The composite scheme of each agent that has users in the run. */
const composites = (run: Run, special: number | undefined): string =>
  special !== undefined
    ? `SELECT t.agent_id, 'special' AS rank, v.no, v.spec FROM (SELECT DISTINCT agent_id FROM tally) t, settlement_scheme_version v WHERE v.no = ${special}`
    : `SELECT DISTINCT ON (s.agent_id) s.agent_id, s.rank, v.no, v.spec FROM agent_scheme s JOIN ${newestReleased} v ON v.scheme_id = s.scheme_id
        WHERE s.kind = '${run.kind}' AND s.valid_from <= DATE '${lastDay(run.period)}' AND (s.valid_to IS NULL OR s.valid_to >= DATE '${lastDay(run.period)}')
        ORDER BY s.agent_id, s.rank`

/** Chooses again from what the record holds now; the transaction is the caller's, and the run's row is locked. */
export async function chooseAnew(client: pg.ClientBase, run: Run, at: number): Promise<void> {
  const { where, leftOut } = await takenSql(client, run)
  const special = run.origin === 'special' ? await releasedComposite(client, run.schemeId ?? '') : undefined
  if (run.origin === 'special' && !special) throw never('NO_SCHEME', `there is no released composite scheme ${run.schemeId ?? ''}`)
  const business = await releasedBusiness(client, run.kind)
  await client.query(`CREATE TEMP TABLE tally ON COMMIT DROP AS
    SELECT u.agent_id, u.business_type, count(*)::int AS users FROM settlement_user u WHERE ${where} GROUP BY 1, 2`)
  for (const table of ['choice', 'skip']) await client.query(`DELETE FROM settlement_${table} WHERE run_no = $1`, [run.no])
  await claim(client, run)
  await client.query(
    `WITH composite AS (${composites(run, special?.no)}),
     looked AS (
       SELECT t.agent_id, t.business_type, t.users, s.rank, s.no AS composite_no, v.no AS scheme_no, a.id IS NULL AS unknown,
         EXISTS (SELECT FROM settlement_bill b WHERE b.run_no = $1 AND b.agent_id = t.agent_id AND b.state <> 'void') AS ours,
         (${byScheme('v.no', business, rangeSql, 'false')}) AS within
       FROM tally t LEFT JOIN agent a ON a.id = t.agent_id LEFT JOIN composite s ON s.agent_id = t.agent_id
         LEFT JOIN ${newestReleased} v ON v.scheme_id = s.spec -> 'schemes' ->> t.business_type
           AND v.spec -> 'settlements' ? '${run.origin === 'special' ? 'special' : 'unified'}'),
     taken AS (
       INSERT INTO settlement_choice (run_no, agent_id, business_type, rank, composite_no, scheme_no, users)
       SELECT $1, agent_id, business_type, rank, composite_no, scheme_no, users FROM looked WHERE ours AND within)
     INSERT INTO settlement_skip (run_no, agent_id, business_type, reason, users)
     SELECT $1, agent_id, CASE WHEN whole THEN '' ELSE business_type END, reason, sum(users)
     FROM (SELECT *, CASE WHEN unknown THEN 'unknown-agent' WHEN NOT ours THEN 'settled-elsewhere' WHEN composite_no IS NULL THEN 'no-scheme'
         WHEN scheme_no IS NULL THEN 'no-business-scheme' ELSE 'out-of-range' END AS reason,
         unknown OR NOT ours OR composite_no IS NULL AS whole FROM looked WHERE unknown OR NOT (ours AND coalesce(within, false))) s
     GROUP BY 2, 3, 4`,
    [run.no],
  )
  await volumes(client, run, where)
  // Who has nothing to be settled here is free for another run.
  await client.query(
    `UPDATE settlement_bill b SET state = 'void', voided_at = $2 WHERE b.run_no = $1 AND b.state <> 'void'
      AND NOT EXISTS (SELECT FROM settlement_choice c WHERE c.run_no = $1 AND c.agent_id = b.agent_id)`,
    [run.no, new Date(at)],
  )
  const { rows: out } = leftOut
    ? await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM settlement_user u WHERE ${leftOut}`)
    : { rows: [{ n: 0 }] }
  await client.query(
    `UPDATE settlement_run SET state = 'chosen', left_out = $2, fingerprint = $3,
      rows_total = (SELECT coalesce(sum(users), 0) FROM settlement_choice WHERE run_no = $4) WHERE id = $1`,
    [run.id, out[0]!.n, await fingerprint(client, run), run.no],
  )
  await client.query('DROP TABLE tally')
}

/** A bill for each agent; the unique index decides where another run has him in this period. */
async function claim(client: pg.ClientBase, run: Run): Promise<void> {
  const proposed = run.origin === 'rerun'
  await client.query(
    `INSERT INTO settlement_bill AS b (id, run_no, agent_id, period, kind, special, version, state)
     SELECT 'sb-${run.no}-' || t.agent_id, $1, t.agent_id, $2, $3, $4,
       1 + coalesce((SELECT max(o.version) FROM settlement_bill o WHERE o.agent_id = t.agent_id AND o.period = $2 AND o.kind = $3 AND o.special = $4
         AND o.run_no <> $1), 0), $5
     FROM (SELECT DISTINCT agent_id FROM tally) t JOIN agent a ON a.id = t.agent_id
     WHERE NOT $6 OR NOT EXISTS (SELECT FROM settlement_bill o JOIN settlement_run r ON r.no = o.run_no WHERE o.agent_id = t.agent_id AND o.period = $2
       AND o.kind = $3 AND NOT o.special AND o.state IN ('open', 'computed', 'settled', 'paid') AND r.id <> $7)
     ORDER BY t.agent_id
     ON CONFLICT DO NOTHING`,
    [run.no, run.period, run.kind, run.origin === 'special', proposed ? 'proposed' : 'open', proposed, run.replaces],
  )
  // An agent that an earlier opening of the step had let go.
  await client.query(
    `UPDATE settlement_bill b SET state = $2, voided_at = NULL WHERE b.run_no = $1 AND b.state = 'void' AND b.replaced_by IS NULL
      AND EXISTS (SELECT FROM tally t WHERE t.agent_id = b.agent_id)
      AND ($2 = 'proposed' OR b.special OR NOT EXISTS (SELECT FROM settlement_bill o WHERE o.agent_id = b.agent_id AND o.period = b.period AND o.kind = b.kind
        AND NOT o.special AND o.state IN ('open', 'computed', 'settled', 'paid')))`,
    [run.no, proposed ? 'proposed' : 'open'],
  )
}

/** Volumes and the steps that they reach, of the schemes whose steps go by the agent. */
async function volumes(client: pg.ClientBase, run: Run, where: string): Promise<void> {
  const { rows } = await client.query<{ no: number }>('SELECT DISTINCT scheme_no AS no FROM settlement_choice WHERE run_no = $1', [run.no])
  const schemes = (
    await businessVersions(
      client,
      rows.map(({ no }) => no),
    )
  ).filter(({ scheme }) => byVolume(scheme))
  if (schemes.length === 0) return
  const nos = schemes.map(({ no }) => no).join(', ')
  await matchByHash(client)
  await client.query(
    `UPDATE settlement_choice c SET volume = v.volume, tier = ${byScheme('c.scheme_no', schemes, (scheme) => volumeTierSql(scheme, 'v.volume'), '0')}
     FROM (SELECT c.agent_id, c.business_type, sum(${byScheme('c.scheme_no', schemes, (scheme) => volumeSql(scheme, run.period), '0')})::bigint AS volume
       FROM settlement_user u JOIN settlement_choice c ON c.run_no = $1 AND c.scheme_no IN (${nos}) AND c.agent_id = u.agent_id AND c.business_type = u.business_type
       WHERE ${where} GROUP BY 1, 2) v
     WHERE c.run_no = $1 AND c.agent_id = v.agent_id AND c.business_type = v.business_type AND c.scheme_no IN (${nos})`,
    [run.no],
  )
}

/** Of everything that the lines follow from: the same again means the same lines. */
async function fingerprint(client: pg.ClientBase, run: Run): Promise<string> {
  const { rows } = await client.query<{ all: string }>(
    `SELECT coalesce(string_agg(concat_ws('/', agent_id, business_type, scheme_no, users, volume, tier), ';' ORDER BY agent_id, business_type), '') AS all
     FROM settlement_choice WHERE run_no = $1`,
    [run.no],
  )
  return createHash('sha256').update(`${run.loadTo};${rows[0]!.all}`).digest('hex')
}
