/** Retention campaigns in the record: saved as drafts, started by another person, paused, stopped; measured against their holdout. */
import type pg from 'pg'
import { type Campaign, checkCampaign } from '../../domain/retention/campaign.ts'
import type { Title } from '../../domain/title.ts'

type Db = pg.Pool | pg.ClientBase

export type CampaignState = 'draft' | 'running' | 'paused' | 'stopped'

export interface CampaignToSave {
  id: string
  name: Title
  region: string
  spec: Campaign
  by: string
  at: number
}

export type SavedCampaign = { saved: true } | { saved: false; problems: { field: string; message: Title }[] }

/** Saves a draft, new or anew. What has been started keeps its wording: its figures would compare two things. */
export async function saveCampaign(db: Db, { id, name, region, spec, by, at }: CampaignToSave): Promise<SavedCampaign> {
  const problems = checkCampaign(spec)
  if (problems.length > 0) return { saved: false, problems }
  const { rowCount } = await db.query(
    `INSERT INTO campaign AS c (id, name_zh, name_en, region_path, spec, budget, from_day, to_day, saved_by, saved_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (id) DO UPDATE SET name_zh = $2, name_en = $3, spec = $5, budget = $6, from_day = $7, to_day = $8, saved_by = $9, saved_at = $10
       WHERE c.state = 'draft' AND c.region_path = $4`,
    [id, name.zh, name.en, region, JSON.stringify(spec), spec.budget, spec.from, spec.to, by, new Date(at)],
  )
  if (rowCount === 1) return { saved: true }
  const message = {
    zh: `活动 ${id} 已开始，或属于其他地区：请用新编号`,
    en: `campaign ${id} has been started, or is of another region: give a new id`,
  }
  return { saved: false, problems: [{ field: 'id', message }] }
}

const steps: Readonly<Record<'running' | 'paused' | 'stopped', readonly CampaignState[]>> = {
  running: ['draft', 'paused'],
  paused: ['running'],
  stopped: ['running', 'paused'],
}

/** Starts, pauses, goes on, or stops for good. @returns false where its state does not lead there, or who saved it would start it */
export async function moveCampaign(db: Db, id: string, to: 'running' | 'paused' | 'stopped', by: string, at: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE campaign SET state = $2, started_by = coalesce(started_by, $3), started_at = coalesce(started_at, $4)
      WHERE id = $1 AND state = ANY ($5) AND NOT (state = 'draft' AND saved_by = $3)`,
    [id, to, by, new Date(at), steps[to]],
  )
  return rowCount === 1
}

/** A group of a campaign, as it stands. Money is fen. */
export interface Arm {
  n: number
  /** Cases that are over; of the holdout nobody has one. */
  closed: number
  left: number
  attempts: number
  positive: number
  /** Attempts by their result, cases that are over by their end. */
  results: Readonly<Record<string, number>>
  ends: Readonly<Record<string, number>>
  /** Mean days from a case's opening to its end. */
  days: number | null
  cost: string
}

/** A customer who left since his turn came: by the end of his case, by leaving the network, or by what the imported list says. */
const leftSql = `(k."end" = 'lost' OR EXISTS (SELECT FROM loss_record l WHERE l.customer_id = m.customer_id AND l.at >= m.at AND NOT l.remains)
  OR EXISTS (SELECT FROM customer_profile p WHERE p.customer_id = m.customer_id AND p.churned AND p.updated_at >= m.at))`

const membersWithCases = `campaign_member m LEFT JOIN retention_alarm a ON a.run_id = m.run_id AND a.customer_id = m.customer_id
      LEFT JOIN retention_case k ON k.alarm_id = a.id`
const attemptsSql = `order_event e WHERE e.order_id = k.order_id AND e.type = 'task-completed' AND e.data ->> 'outcome' = 'contact-made'`

type Counts = Record<string, Record<string, number>>

/** Counts by arm and by what `column` says, of the rows where it says something. */
async function counted(db: Db, campaign: string, column: string, from: string): Promise<Counts> {
  const { rows } = await db.query<{ arm: string; what: string; n: number }>(
    `SELECT m.arm, ${column} AS what, count(*)::int AS n FROM ${from} WHERE m.campaign_id = $1 AND ${column} IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 2`,
    [campaign],
  )
  const counts: Counts = {}
  for (const { arm, what, n } of rows) counts[arm] = { ...counts[arm], [what]: n }
  return counts
}

/** Both groups of a campaign. */
export async function armsOf(db: Db, campaign: string): Promise<Record<'treated' | 'holdout', Arm>> {
  const { rows } = await db.query<Omit<Arm, 'results' | 'ends'> & { arm: 'treated' | 'holdout' }>(
    `SELECT m.arm, count(*)::int AS n, count(k.closed_at)::int AS closed, count(*) FILTER (WHERE ${leftSql})::int AS left,
      coalesce(sum(t.attempts), 0)::int AS attempts, coalesce(sum(t.positive), 0)::int AS positive,
      (avg(extract(epoch FROM k.closed_at - k.opened_at)) / 86400)::float8 AS days, coalesce(sum(c.amount), 0)::text AS cost
     FROM ${membersWithCases} LEFT JOIN campaign_cost c ON c.order_id = k.order_id
      LEFT JOIN LATERAL (SELECT count(*) AS attempts, count(*) FILTER (WHERE e.data #>> '{form,attemptResult}' = 'positive') AS positive
        FROM ${attemptsSql}) t ON true
     WHERE m.campaign_id = $1 GROUP BY 1`,
    [campaign],
  )
  const results = await counted(
    db,
    campaign,
    't.result',
    `${membersWithCases} CROSS JOIN LATERAL (SELECT e.data #>> '{form,attemptResult}' AS result FROM ${attemptsSql}) t`,
  )
  const ends = await counted(db, campaign, 'k."end"', membersWithCases)
  const none = { n: 0, closed: 0, left: 0, attempts: 0, positive: 0, days: null, cost: '0' }
  const of = (arm: 'treated' | 'holdout'): Arm => {
    const { arm: _, ...found } = rows.find((row) => row.arm === arm) ?? { arm, ...none }
    return { ...found, results: results[arm] ?? {}, ends: ends[arm] ?? {} }
  }
  return { treated: of('treated'), holdout: of('holdout') }
}
