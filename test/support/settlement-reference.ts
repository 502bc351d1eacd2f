/**
 * The demo schemes (prisma/settlement/demo-schemes.ts) written out by hand as one SQL statement, from the wording of the schemes and
 * not from the compiler: what a run is measured against, in fen and in time.
 */

/** @param date last day of the period @param next first day of the next period */
const settled = (department: string, period: string, last: string, months3: string, months24: string) => `
  record AS (SELECT u.* FROM settlement_user u JOIN settlement_load l ON l.id = u.load_id AND l.department_id = '${department}'
    WHERE u.period = '${period}' AND u.replaced_by IS NULL),
  scheme AS (SELECT DISTINCT ON (agent_id) agent_id, scheme_id FROM agent_scheme WHERE kind = 'commission' AND daterange(valid_from, valid_to, '[]') @> DATE '${last}'
    ORDER BY agent_id, rank),
  volume AS (SELECT agent_id, count(*) FILTER (WHERE business_type = 'mobile' AND package <> 'p-trial') AS users,
      coalesce(sum(fee_data + fee_other) FILTER (WHERE business_type = 'cloud'), 0) AS fees FROM record GROUP BY agent_id),
  tiered AS (SELECT r.id, r.agent_id, r.business_type, r.fee_rent, r.fee_call, r.fee_data, r.fee_other, s.scheme_id, CASE
      WHEN business_type = 'mobile' AND package = 'p-trial' THEN 0
      WHEN business_type = 'mobile' AND scheme_id = 'cs-growth' THEN CASE WHEN v.users >= 5000 THEN 3 WHEN v.users >= 500 THEN 2 ELSE 1 END
      WHEN business_type = 'mobile' THEN CASE WHEN fee_rent + fee_call + fee_data < 1000 THEN 0
        WHEN joined_on < DATE '${months24}' THEN 3 WHEN joined_on < DATE '${months3}' THEN 2 ELSE 1 END
      WHEN business_type = 'broadband' THEN CASE WHEN joined_on < DATE '2018-01-01' THEN 0
        WHEN fee_rent + fee_other >= 3000 THEN 2 WHEN fee_rent + fee_other >= 1 THEN 1 ELSE 0 END
      WHEN business_type = 'fixed' THEN CASE WHEN r.region = '/cn/js/nj' THEN 1 ELSE 0 END
      WHEN business_type = 'cloud' THEN CASE WHEN v.fees >= 1000000 THEN 2 WHEN v.fees >= 0 THEN 1 ELSE 0 END END AS tier
    FROM record r JOIN agent a ON a.id = r.agent_id JOIN scheme s ON s.agent_id = r.agent_id JOIN volume v ON v.agent_id = r.agent_id
    WHERE business_type IN ('mobile', 'broadband') OR scheme_id <> 'cs-basic' AND (business_type = 'fixed' OR business_type = 'cloud' AND a.level_id <> 'bronze') OFFSET 0),
  based AS (SELECT id, agent_id, business_type, scheme_id, tier, CASE
      WHEN tier = 0 OR business_type = 'fixed' THEN 0
      WHEN business_type = 'mobile' AND scheme_id = 'cs-growth' THEN fee_rent + fee_call + fee_data
      WHEN business_type = 'mobile' THEN CASE tier WHEN 1 THEN 0 WHEN 2 THEN fee_rent + fee_call ELSE fee_rent + fee_call + fee_data END
      WHEN business_type = 'broadband' THEN CASE tier WHEN 2 THEN fee_rent + fee_other ELSE 0 END
      ELSE fee_data + fee_other END AS basis FROM tiered OFFSET 0),
  paid AS (SELECT agent_id, id, tier, basis, CASE
      WHEN tier = 0 THEN 0
      WHEN business_type = 'mobile' AND scheme_id = 'cs-growth' THEN CASE tier WHEN 3 THEN round(basis * 555 / 10000.0) WHEN 2 THEN round(basis * 444 / 10000.0) ELSE round(basis * 333 / 10000.0) END
      WHEN business_type = 'mobile' THEN least(5000, CASE tier WHEN 1 THEN 2000 WHEN 2 THEN round(basis * 525 / 10000.0) ELSE round(basis * 315 / 10000.0) END)
      WHEN business_type = 'broadband' THEN CASE tier WHEN 2 THEN round(basis / 10.0) ELSE 300 END
      WHEN business_type = 'fixed' THEN 150
      ELSE CASE tier WHEN 2 THEN round(basis * 888 / 10000.0) ELSE round(basis * 777 / 10000.0) END END::bigint AS amount FROM based)`

export interface ReferencePeriod {
  department: string
  period: string
  last: string
  /** Users who joined before these days are on the network for 3 and for 24 months. */
  months3: string
  months24: string
}

export const october: ReferencePeriod = {
  department: 'js-market',
  period: '2026-10',
  last: '2026-10-31',
  months3: '2026-08-01',
  months24: '2024-11-01',
}

const of = ({ department, period, last, months3, months24 }: ReferencePeriod) => settled(department, period, last, months3, months24)

/** By agent: users and fen. */
export const referenceByAgent = (period: ReferencePeriod): string =>
  `WITH ${of(period)} SELECT agent_id AS agent, count(*)::int AS users, sum(amount)::bigint AS amount FROM paid GROUP BY 1 ORDER BY 1`

/** Tables like the product's own, so that writing them costs the same. */
export const referenceTables = `
  CREATE TABLE reference_line (LIKE settlement_line INCLUDING ALL);
  CREATE TABLE reference_bill (agent_id text COLLATE "C" PRIMARY KEY, users int NOT NULL, amount bigint NOT NULL)`

/** The yardstick of the benchmark: all lines and all bills in one INSERT … SELECT. */
export const referenceInsert = (period: ReferencePeriod): string => `WITH ${of(period)},
  line AS (INSERT INTO reference_line (run_no, agent_id, user_id, scheme_no, tier, basis, amount)
    SELECT 1, agent_id, id, 1, tier, basis, amount FROM paid ORDER BY agent_id, id RETURNING agent_id, amount)
  INSERT INTO reference_bill SELECT agent_id, count(*), sum(amount) FROM line GROUP BY 1`
