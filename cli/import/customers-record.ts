/** What the import of customers writes: a batch is one transaction, so that whoever is there has his profile too. */
import type pg from 'pg'
import { InputError } from './csv.ts'
import type { ListedCustomer } from './customers.ts'

/** Prefix of the ids and numbers of listed customers, and the name of the list in the record. */
export const SOURCE = 'telco-customers'
export const idOf = (id: string): string => `tc-${id}`

/** Grade by value: single subscribers are no group customers. */
const GRADES = { high: 'local-a', mid: 'local-b', low: 'local-c' } as const

/** Listed customers that have their profile already. */
export async function knownCustomers(pool: pg.Pool): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>(`SELECT customer_id AS id FROM customer_profile WHERE source = $1`, [SOURCE])
  return new Set(rows.map(({ id }) => id))
}

/**
 * Takes over what a later list says of customers who are there: their profiles, and that they have left. Who has once left stays so.
 * @returns how many had changed; none the second time
 */
export async function updateCustomers(pool: pg.Pool, customers: readonly ListedCustomer[], now: Date): Promise<number> {
  const rows = customers.map(({ id, left, profile }) => ({ ...profile, id: idOf(id), left }))
  const { rows: done } = await pool.query<{ changed: number }>(
    `WITH listed AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (id text, "tenureMonths" int, contract text, payment text, flags text[], "monthlyCharge" bigint,
         "totalCharge" bigint, "valueClass" text, "left" boolean)),
     changed AS (
       UPDATE customer_profile p SET tenure_months = l."tenureMonths", contract = l.contract, payment = l.payment, flags = l.flags,
           monthly_charge = l."monthlyCharge", total_charge = l."totalCharge", value_class = l."valueClass", churned = p.churned OR l."left", updated_at = $3
         FROM listed l WHERE p.customer_id = l.id AND p.source = $2
          AND (p.tenure_months, p.contract, p.payment, p.flags, p.monthly_charge, p.total_charge, p.value_class, p.churned)
           IS DISTINCT FROM (l."tenureMonths", l.contract, l.payment, l.flags, l."monthlyCharge", l."totalCharge", l."valueClass", p.churned OR l."left")
       RETURNING p.customer_id, p.churned),
     gone AS (UPDATE customer c SET status = 'left' FROM changed x WHERE c.id = x.customer_id AND x.churned AND c.status = 'active')
     SELECT count(*)::int AS changed FROM changed`,
    [JSON.stringify(rows), SOURCE, now],
  )
  return done[0]!.changed
}

/** @throws InputError where there is no county or nobody to give customers to */
export async function checkPlaces(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ counties: boolean; managers: boolean }>(
    `SELECT EXISTS (SELECT FROM region WHERE level = 'county') AS counties,
            EXISTS (SELECT FROM staff_role r JOIN staff s ON s.id = r.staff_id WHERE r.role = 'account-manager' AND s.active) AS managers`,
  )
  if (!rows[0]?.counties || !rows[0].managers)
    throw new InputError(
      'The database has no counties or no account managers to give customers to; `npm start` writes the demo data into an empty one.',
    )
}

/**
 * Writes customers and profiles, or leaves those that are there as they are. The county follows from the number alone; the account
 * manager is one of those of the county, or of what is above it where it has none.
 * @returns how many were new
 */
export async function writeCustomers(pool: pg.Pool, customers: readonly ListedCustomer[], now: Date): Promise<number> {
  const rows = customers.map(({ id, left, profile }) => ({ ...profile, no: id, id: idOf(id), left, grade: GRADES[profile.valueClass] }))
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { rowCount } = await client.query(
      `WITH listed AS (
         SELECT r.*, abs(hashtext(r.no)::bigint) AS h FROM jsonb_to_recordset($1::jsonb) AS r (id text, no text, "left" boolean, grade text)),
       county AS (SELECT path, row_number() OVER (ORDER BY path) - 1 AS n, count(*) OVER () AS all_of FROM region WHERE level = 'county'),
       manager AS (
         SELECT c.path, s.id, row_number() OVER w - 1 AS n, count(*) OVER (PARTITION BY c.path) AS all_of
           FROM county c JOIN LATERAL (
             SELECT s.id, s.region_path FROM staff s WHERE s.active AND (c.path = s.region_path OR starts_with(c.path, s.region_path || '/'))
               AND EXISTS (SELECT FROM staff_role r WHERE r.staff_id = s.id AND r.role = 'account-manager')
             ORDER BY length(s.region_path) DESC FETCH FIRST 1 ROW WITH TIES) s ON true
         WINDOW w AS (PARTITION BY c.path ORDER BY s.id))
       INSERT INTO customer (id, no, name_zh, name_en, grade, tags, region_path, account_manager_id, status)
       SELECT l.id, 'TC' || l.no, '客户 ' || l.no, 'Customer ' || l.no, l.grade, '{}', c.path, m.id, CASE WHEN l."left" THEN 'left' ELSE 'active' END
         FROM listed l JOIN county c ON c.n = l.h % c.all_of
         LEFT JOIN manager m ON m.path = c.path AND m.n = l.h / c.all_of % m.all_of
       ON CONFLICT (id) DO NOTHING`,
      [JSON.stringify(rows)],
    )
    await client.query(
      `INSERT INTO customer_profile (customer_id, tenure_months, contract, payment, flags, monthly_charge, total_charge, value_class, churned, source, updated_at)
       SELECT r.id, "tenureMonths", contract, payment, flags, "monthlyCharge", "totalCharge", "valueClass", "left", $2, $3
         FROM jsonb_to_recordset($1::jsonb) AS r (id text, "tenureMonths" int, contract text, payment text, flags text[], "monthlyCharge" bigint,
           "totalCharge" bigint, "valueClass" text, "left" boolean)
       ON CONFLICT (customer_id) DO NOTHING`,
      [JSON.stringify(rows), SOURCE, now],
    )
    // What was wrong with an earlier row of his is wrong no more.
    await client.query(`DELETE FROM import_row WHERE source = $1 AND source_id = ANY($2)`, [SOURCE, customers.map(({ id }) => id)])
    await client.query('COMMIT')
    return rowCount ?? 0
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}
