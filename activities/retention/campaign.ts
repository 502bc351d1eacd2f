/**
 * A run of a campaign (P-34): the customers whom it is for and whose turn has not come, the best value first, as far as the account
 * managers can take cases. Of those a share by chance gets nothing, so that the others can be compared with them.
 */
import type pg from 'pg'
import { allot } from '../../domain/retention/allot.ts'
import type { Campaign, Target } from '../../domain/retention/campaign.ts'
import { releasedModels } from '../../prisma/retention/models.ts'
import { never } from '../errors.ts'
import { inTransaction } from '../settlement/shared.ts'
import { type Found, RUN_MOST, writeRun } from './detect.ts'
import { capacityOf, openCase } from './open-cases.ts'
import { type Run, runOf } from './run.ts'

interface Row {
  spec: Campaign
  name_zh: string
  name_en: string
  region_path: string
  active: boolean
}

/** SQL of the conditions, $6 the target. Values are never part of the text. */
const conditions: Readonly<Record<keyof Target, string>> = {
  values: `p.value_class IN (SELECT jsonb_array_elements_text($6::jsonb -> 'values'))`,
  contracts: `p.contract IN (SELECT jsonb_array_elements_text($6::jsonb -> 'contracts'))`,
  tenureFrom: `p.tenure_months >= ($6::jsonb ->> 'tenureFrom')::int`,
  tenureBelow: `p.tenure_months < ($6::jsonb ->> 'tenureBelow')::int`,
  chargeFrom: `p.monthly_charge >= ($6::jsonb ->> 'chargeFrom')::bigint`,
  chargeBelow: `p.monthly_charge < ($6::jsonb ->> 'chargeBelow')::bigint`,
  has: `p.flags @> ARRAY(SELECT jsonb_array_elements_text($6::jsonb -> 'has'))`,
  hasNot: `NOT p.flags && ARRAY(SELECT jsonb_array_elements_text($6::jsonb -> 'hasNot'))`,
  alarmedWithin: `EXISTS (SELECT FROM retention_alarm a WHERE a.customer_id = c.id AND a.at > $4::timestamptz - interval '1 day' * ($6::jsonb ->> 'alarmedWithin')::int)`,
}

/** Shares are of this many. */
const WHOLE = 10_000

/** @throws ApplicationFailure NO_CAMPAIGN, not retryable */
export function runCampaign(pool: pg.Pool, { order, campaign, at }: { order: string; campaign: string; at: number }): Promise<Run> {
  return inTransaction(pool, async (client) => {
    // The same lock as a detection run: both give the managers' free places away.
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', ['detect', 'retention'])
    const done = await runOf(client, order)
    if (done) return done
    const { rows } = await client.query<Row>(
      `SELECT spec, name_zh, name_en, region_path, state = 'running' AND ($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date BETWEEN from_day AND to_day AS active
         FROM campaign WHERE id = $1 FOR SHARE`,
      [campaign, new Date(at)],
    )
    if (!rows[0]) throw never('NO_CAMPAIGN', `there is no campaign ${campaign}`)
    const found = rows[0].active ? await targets(client, rows[0], { order, campaign, at }) : []
    const perManager = await perManagerOf(client)
    const free = perManager === undefined ? undefined : await capacityOf(client, 'retention', found, perManager, at)
    const allotted = allot(found, { run: RUN_MOST, ...(free && { free }) })
    const heldOut = allotted.filter(({ alarm, why }) => why === undefined && alarm.holdout)
    await writeRun(
      client,
      { order, process: 'retention', at },
      [{ id: campaign, version: 0 }],
      found.length,
      allotted.filter((one) => !heldOut.includes(one)),
    )
    await client.query(
      `INSERT INTO campaign_member (campaign_id, customer_id, arm, run_id, at)
       SELECT $1, customer, CASE WHEN holdout THEN 'holdout' ELSE 'treated' END, $2, $3 FROM jsonb_to_recordset($4::jsonb) AS t (customer text, holdout boolean)
       ON CONFLICT DO NOTHING`,
      [
        campaign,
        order,
        new Date(at),
        JSON.stringify(allotted.flatMap(({ alarm: { customer, holdout }, why }) => (why === undefined ? [{ customer, holdout }] : []))),
      ],
    )
    return (await runOf(client, order))!
  })
}

async function targets(
  client: pg.ClientBase,
  { spec, name_zh: zh, name_en: en, region_path: region }: Row,
  { order, campaign, at }: { order: string; campaign: string; at: number },
): Promise<(Found & { holdout: boolean })[]> {
  const wanted = (Object.keys(spec.target) as (keyof Target)[]).map((key) => conditions[key])
  const { rows } = await client.query<Omit<Found, 'keys' | 'reasons'> & { holdout: boolean }>(
    `SELECT c.id AS customer, c.account_manager_id AS manager, p.value_class AS "valueClass", p.monthly_charge::float8 AS "monthlyCharge",
       NULL::jsonb AS profile, NULL::int AS points, '{}'::float8[] AS measures, '{}'::text[] AS recent,
       ${openCase('c.id', `'retention'`, '$3', '$4::timestamptz')} AS "hasCase",
       (hashtextextended(c.id, hashtext($1)) & 9223372036854775807) % ${WHOLE} < $5 AS holdout
     FROM customer c JOIN customer_profile p ON p.customer_id = c.id
     WHERE c.status = 'active' AND (c.region_path = $2 OR starts_with(c.region_path, $2 || '/'))
       AND NOT EXISTS (SELECT FROM campaign_member m WHERE m.campaign_id = $1 AND m.customer_id = c.id) AND ${wanted.join(' AND ')}`,
    [campaign, region, order, new Date(at), spec.holdout, JSON.stringify(spec.target)],
  )
  const key = `campaign:${campaign}`
  return rows.map((row) => ({ ...row, keys: [key], reasons: [{ key, zh: `活动：${zh}`, en: `campaign: ${en}`, points: 0 }] }))
}

/** As many open cases of an account manager as the rule sets in force say; the strictest holds. */
async function perManagerOf(client: pg.ClientBase): Promise<number | undefined> {
  const said = (await releasedModels(client, 'retention')).flatMap((model) =>
    model.kind === 'rules' && model.spec.perManager !== undefined ? [model.spec.perManager] : [],
  )
  return said.length > 0 ? Math.min(...said) : undefined
}
