/**
 * A billing period made up from a seed: agents with levels and schemes, and the user records that the billing system would deliver.
 * The same seed gives the same rows; skewed as sales are (agent n has about 1/n of the first one's users).
 */
import type pg from 'pg'
import { isPeriod, lastDay } from '../../domain/settlement/period.ts'
import { demoSchemes } from './demo-schemes.ts'
import { releaseScheme, saveScheme } from './schemes.ts'

export interface GenerateOptions {
  rows: number
  agents: number
  seed: number
  period: string
  /** Market department; made where there is none of that id. */
  department?: string
  log?: (line: string) => void
}

export const DEFAULT_DEPARTMENT = 'js-market'
const BY = 'generator'

/** Uniform in [0, 1) from a row's number: the same whatever the order of the rows. */
const uniform = (row: string, seed: number, salt: number): string =>
  `((hashint8extended(${row}, ${seed * 64 + salt}) & 9007199254740991)::float8 / 9007199254740992.0)`

/** @returns ids of the load; rows that this seed has made for the period already are not made twice */
export async function generateSettlement(pool: pg.Pool, options: GenerateOptions): Promise<{ load: number; rows: number; agents: number }> {
  const { rows, agents, seed, period, department = DEFAULT_DEPARTMENT, log = () => {} } = options
  if (!isPeriod(period)) throw new RangeError(`${period} is no period: 2026-10`)
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SET LOCAL jit = off')
    await people(client, { agents, department, period })
    log(`${agents} agents of ${department}`)
    const source = `generator/${seed}/${rows}`
    const { rows: known } = await client.query<{ id: number; rows: number }>(
      'SELECT id, rows FROM settlement_load WHERE department_id = $1 AND period = $2 AND source = $3',
      [department, period, source],
    )
    const load = known[0] ?? (await users(client, { rows, agents, seed, period, department, source }))
    await client.query('COMMIT')
    log(`${load.rows} user records of ${period} in load ${load.id}${known[0] ? ' (there before)' : ''}`)
    // without figures of the new rows the planner takes the table for empty
    await client.query('ANALYZE settlement_user')
    return { load: load.id, rows: load.rows, agents }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

interface Where {
  agents: number
  period: string
  department: string
}

const agentId = (n: string) => `'ag-' || lpad((${n})::text, 5, '0')`

async function people(client: pg.ClientBase, { agents, department, period }: Where): Promise<void> {
  const region = '/cn/js'
  await client.query(
    `INSERT INTO region (path, name_zh, name_en, level) VALUES ($1, '江苏省', 'Jiangsu', 'province') ON CONFLICT DO NOTHING`,
    [region],
  )
  await client.query(
    `INSERT INTO org_unit (id, name_zh, name_en, kind, region_path) VALUES ($1, '省市场部', 'Market department', 'market', $2) ON CONFLICT DO NOTHING`,
    [department, region],
  )
  await client.query(
    `INSERT INTO agent_level (id, name_zh, name_en, rank) VALUES ('gold', '金牌', 'Gold', 1), ('silver', '银牌', 'Silver', 2), ('bronze', '铜牌', 'Bronze', 3)
     ON CONFLICT DO NOTHING`,
  )
  // An agent's own people are a unit of his name, which sees his bills and confirms them.
  await client.query(
    `INSERT INTO org_unit (id, name_zh, name_en, kind, region_path) SELECT ${agentId('n')}, '代理商' || n, 'Agent ' || n, 'agent', $2
     FROM generate_series(1, $1::int) AS n ON CONFLICT DO NOTHING`,
    [agents, region],
  )
  await client.query(
    `INSERT INTO agent (id, no, name_zh, name_en, type, level_id, department_id, region_path, unit_id, contract_no, bank_account)
     SELECT ${agentId('n')}, 'AG' || lpad(n::text, 5, '0'), '代理商' || n, 'Agent ' || n, (ARRAY['dealer', 'franchise', 'direct', 'online'])[1 + n % 4],
       (ARRAY['gold', 'silver', 'bronze'])[1 + least(2, n / 20)], $2, $3, ${agentId('n')}, 'DL-' || lpad(n::text, 5, '0'), '6222' || lpad(n::text, 12, '0')
     FROM generate_series(1, $1::int) AS n ON CONFLICT DO NOTHING`,
    [agents, department, region],
  )
  // Where there are the agents of the demo data, they are the first two: their logins see and confirm bills.
  await client.query(
    `INSERT INTO staff_role (staff_id, role, unit_id) SELECT s.id, 'agent', a.unit_id
       FROM (VALUES ('agent-hongda', 'ag-00001'), ('agent-tongda', 'ag-00002')) AS demo (unit, agent)
       JOIN staff s ON s.unit_id = demo.unit JOIN agent a ON a.id = demo.agent WHERE a.department_id = $1 ON CONFLICT DO NOTHING`,
    [department],
  )
  const at = Date.parse(`${period}-01T00:00:00Z`)
  for (const { id, zh, en, spec } of demoSchemes) {
    const { rows } = await client.query('SELECT FROM settlement_scheme WHERE id = $1', [id])
    if (rows.length > 0) continue
    const saved = await saveScheme(client, { id, nameZh: zh, nameEn: en, spec, by: BY, at })
    if (!saved.saved) throw new Error(`${id}: ${saved.problems.map(({ field, message }) => `${field}: ${message.en}`).join('; ')}`)
    await releaseScheme(client, id, saved.version, BY, at)
  }
  // Of a hundred agents: two have no scheme, ten a first choice that has run out (half of them with a substitute), the rest one that holds.
  await client.query(
    `INSERT INTO agent_scheme (agent_id, kind, rank, scheme_id, valid_from, valid_to, set_by, set_at)
     SELECT ${agentId('n')}, 'commission', r, CASE r WHEN 'substitute' THEN 'cs-basic' ELSE (ARRAY['cs-standard', 'cs-growth', 'cs-basic'])[1 + n % 3] END,
       DATE '2020-01-01', CASE WHEN r = 'first' AND n % 100 BETWEEN 40 AND 49 THEN DATE '${lastDay(period)}' - 40 END, '${BY}', $2
     FROM generate_series(1, $1::int) AS n, unnest(ARRAY['first', 'substitute']) AS r
     WHERE n % 100 NOT IN (7, 77) AND (r = 'first' OR n % 2 = 0)
       AND NOT EXISTS (SELECT FROM agent_scheme s WHERE s.agent_id = ${agentId('n')} AND s.kind = 'commission' AND s.rank = r)`,
    [agents, new Date(at)],
  )
}

interface Records extends Where {
  rows: number
  seed: number
  source: string
}

async function users(
  client: pg.ClientBase,
  { rows, agents, seed, period, department, source }: Records,
): Promise<{ id: number; rows: number }> {
  const { rows: opened } = await client.query<{ id: number }>(
    `INSERT INTO settlement_load (department_id, period, source, opened_at) VALUES ($1, $2, $3, now()) RETURNING id`,
    [department, period, source],
  )
  const load = opened[0]!.id
  const weights = Array.from({ length: agents }, (_, i) => 1 / (i + 1))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  const upTo = weights.slice(0, -1).map((weight) => (sum += weight / all))
  const fee = (salt: number, most: number, share: number) =>
    `CASE WHEN ${uniform('i', seed, salt)} < ${share} THEN floor(power(${uniform('i', seed, salt + 16)}, 3) * ${most})::bigint ELSE 0 END`
  const { rowCount } = await client.query(
    `INSERT INTO settlement_user (load_id, period, agent_id, user_no, business_type, package, region, joined_on, fee_rent, fee_call, fee_data, fee_message, fee_other)
     SELECT $1, $2, ${agentId(`1 + width_bucket(${uniform('i', seed, 1)}, $3::float8[])`)}, '139' || lpad((i + ${(seed % 1000) * 100_000_000})::text, 11, '0'),
       (ARRAY['mobile', 'mobile', 'mobile', 'mobile', 'mobile', 'mobile', 'broadband', 'broadband', 'fixed', 'cloud'])[1 + floor(${uniform('i', seed, 2)} * 10)::int],
       (ARRAY['p-29', 'p-59', 'p-99', 'p-129', 'p-199', 'p-trial'])[1 + floor(power(${uniform('i', seed, 3)}, 2) * 6)::int],
       (ARRAY['/cn/js/nj', '/cn/js/sz'])[1 + floor(${uniform('i', seed, 4)} * 2)::int],
       DATE '${lastDay(period)}' - floor(power(${uniform('i', seed, 5)}, 2) * 2400)::int,
       ${fee(6, 19_900, 0.97)}, ${fee(7, 60_000, 0.8)}, ${fee(8, 40_000, 0.7)}, ${fee(9, 3_000, 0.5)}, ${fee(10, 10_000, 0.1)} - CASE WHEN ${uniform('i', seed, 11)} < 0.01 THEN 12345 ELSE 0 END
     FROM generate_series(1, $4::bigint) AS i`,
    [load, period, upTo, rows],
  )
  await completeLoad(client, load)
  return { id: load, rows: rowCount ?? 0 }
}

/** The delivery is whole: from now on extractions take it. */
export async function completeLoad(client: pg.ClientBase, load: number): Promise<void> {
  await client.query(
    `UPDATE settlement_load SET state = 'complete', completed_at = now(), rows = u.rows, first_id = u.first, last_id = u.last
     FROM (SELECT count(*)::int AS rows, min(id) AS first, max(id) AS last FROM settlement_user WHERE load_id = $1) u WHERE settlement_load.id = $1`,
    [load],
  )
}
