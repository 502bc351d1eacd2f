/** A bill explained from the record: from the agent's sum down to each user's line. */
import type pg from 'pg'
import { explainLine, type Explanation } from '../../domain/settlement/explain.ts'
import type { BusinessScheme, UserRecord } from '../../domain/settlement/scheme.ts'
import type { Title } from '../../domain/title.ts'

type Db = pg.Pool | pg.ClientBase

/** Part of a bill that one business scheme made. Money is fen. */
export interface BillPart {
  businessType: string
  rank: string
  composite: { id: string; version: number }
  scheme: { id: string; version: number; title: Title }
  /** Value of the agent's variable that the steps go by, and the step reached. */
  volume: string | null
  tier: number | null
  users: number
  /** Users who got something. */
  paid: number
  amount: string
}

/** The schemes of an agent's bill in a run, with what each came to. */
export async function billParts(db: Db, run: string, agent: string): Promise<BillPart[]> {
  const { rows } = await db.query<BillPart>(
    `SELECT c.business_type AS "businessType", c.rank, c.volume, c.tier, c.users,
      jsonb_build_object('id', k.scheme_id, 'version', k.version) AS composite,
      jsonb_build_object('id', v.scheme_id, 'version', v.version, 'title', jsonb_build_object('zh', s.name_zh, 'en', s.name_en)) AS scheme,
      coalesce(l.paid, 0)::int AS paid, coalesce(l.amount, 0)::text AS amount
     FROM settlement_run r JOIN settlement_choice c ON c.run_no = r.no AND c.agent_id = $2
      JOIN settlement_scheme_version v ON v.no = c.scheme_no JOIN settlement_scheme s ON s.id = v.scheme_id
      JOIN settlement_scheme_version k ON k.no = c.composite_no
      LEFT JOIN (SELECT l.scheme_no, count(*) FILTER (WHERE l.amount <> 0) AS paid, sum(l.amount) AS amount FROM settlement_line l
        JOIN settlement_run x ON x.no = l.run_no WHERE x.id = $1 AND l.agent_id = $2 GROUP BY 1) l ON l.scheme_no = c.scheme_no
     WHERE r.id = $1 ORDER BY 1`,
    [run, agent],
  )
  return rows
}

export interface BillLine {
  userId: string
  userNo: string
  businessType: string
  /** As the run wrote them. */
  tier: number
  basis: string
  amount: string
  explanation: Explanation
  /** Whether the slow reference comes to the same. */
  agrees: boolean
}

interface Row {
  userId: string
  userNo: string
  tier: number
  basis: string
  amount: string
  spec: BusinessScheme
  title: Title
  version: number
  rank: string
  volume: string | null
  period: string
  user: Omit<UserRecord, 'fees'>
  fees: Record<string, string>
}

/**
 * Lines of an agent's bill, explained, in the order of the user records.
 * @param after user id after which the page begins; 0 for the first
 */
export async function billLines(db: Db, run: string, agent: string, after: string, limit: number): Promise<BillLine[]> {
  const { rows } = await db.query<Row>(
    `SELECT l.user_id AS "userId", u.user_no AS "userNo", l.tier, l.basis, l.amount, v.spec, jsonb_build_object('zh', s.name_zh, 'en', s.name_en) AS title,
      v.version, c.rank, c.volume, r.period,
      jsonb_build_object('businessType', u.business_type, 'package', u.package, 'region', u.region, 'joinedOn', u.joined_on::text) AS user,
      jsonb_build_object('rent', u.fee_rent::text, 'call', u.fee_call::text, 'data', u.fee_data::text, 'message', u.fee_message::text, 'other', u.fee_other::text) AS fees
     FROM settlement_run r JOIN settlement_line l ON l.run_no = r.no JOIN settlement_user u ON u.id = l.user_id
      JOIN settlement_choice c ON c.run_no = r.no AND c.agent_id = l.agent_id AND c.business_type = u.business_type
      JOIN settlement_scheme_version v ON v.no = l.scheme_no JOIN settlement_scheme s ON s.id = v.scheme_id
     WHERE r.id = $1 AND l.agent_id = $2 AND l.user_id > $3 ORDER BY l.user_id LIMIT $4`,
    [run, agent, after, limit],
  )
  return rows.map(({ userId, userNo, tier, basis, amount, spec, title, version, rank, volume, period, user, fees }) => {
    const record = { ...user, fees: Object.fromEntries(Object.entries(fees).map(([fee, fen]) => [fee, BigInt(fen)])) } as UserRecord
    const explanation = explainLine({
      scheme: spec,
      schemeTitle: title,
      version,
      rank,
      period,
      user: record,
      ...(volume !== null && { volume: BigInt(volume) }),
    })
    const { settled } = explanation
    const agrees = settled.tier === tier && String(settled.basis) === basis && String(settled.amount) === amount
    return { userId, userNo, businessType: user.businessType, tier, basis, amount, explanation, agrees }
  })
}
