/** What the import reads from the record and writes into it, in few statements however long the list is. */
import type pg from 'pg'
import type { Reject } from './faults.ts'
import type { Place, Reference } from './plan.ts'

export async function readReference(pool: pg.Pool): Promise<Reference> {
  const [counties, customers, products] = await Promise.all([
    pool.query<{ path: string }>(`SELECT path FROM region WHERE level = 'county' ORDER BY path`),
    pool.query<Reference['customers'][number]>(
      `SELECT c.id, c.no, c.grade, c.region_path AS region,
              (SELECT k.id FROM contract k WHERE k.customer_id = c.id AND k.status = 'signed' ORDER BY k.no LIMIT 1) AS contract
         FROM customer c ORDER BY c.no`,
    ),
    pool.query<Reference['products'][number]>(`SELECT id, product_group AS "group" FROM product ORDER BY id`),
  ])
  return { counties: counties.rows.map(({ path }) => path), customers: customers.rows, products: products.rows }
}

/** Numbers of the list that have an order. The orders are the truth, also where an import was killed before it could say so. */
export async function knownOrders(pool: pg.Pool, channel: string): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ no: string; id: string }>(
    `SELECT source_no AS no, id FROM orders WHERE source_channel = $1 AND source_no IS NOT NULL`,
    [channel],
  )
  return new Map(rows.map(({ no, id }) => [no, id]))
}

/**
 * Somebody in whose name faults are reported: the login given, else the first of the monitoring centre, which accepts them all
 * (P-14 rule 1), from the widest region.
 */
export async function findReporter(pool: pg.Pool, login: string | undefined): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>(
    login === undefined
      ? `SELECT s.id FROM staff s JOIN staff_role r ON r.staff_id = s.id AND r.role = 'monitor-centre'
          WHERE s.active ORDER BY length(s.region_path), s.id LIMIT 1`
      : `SELECT id FROM staff WHERE login = $1 AND active`,
    login === undefined ? [] : [login],
  )
  return rows[0]?.id
}

/** Creates the sites and services that don't exist yet. */
export async function ensurePlaces(pool: pg.Pool, places: readonly Place[]): Promise<{ sites: number; services: number }> {
  const sites = [...new Map(places.map(({ site }) => [site.id, site])).values()]
  const services = [...new Map(places.map(({ service }) => [service.id, service])).values()]
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const made = await client.query(
      `INSERT INTO site (id, customer_id, name_zh, name_en, region_path)
       SELECT id, customer, name, name, region FROM jsonb_to_recordset($1::jsonb) AS s (id text, customer text, name text, region text)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(sites)],
    )
    const opened = await client.query(
      `INSERT INTO service (id, no, customer_id, product_id, site_id, region_path, circuit_grade, contract_id, has_standby)
       SELECT id, no, customer, product, site, region, "circuitGrade", contract, "hasStandby"
         FROM jsonb_to_recordset($1::jsonb) AS s (id text, no text, customer text, product text, site text, region text,
              "circuitGrade" text, contract text, "hasStandby" boolean)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(services)],
    )
    await client.query('COMMIT')
    return { sites: made.rowCount ?? 0, services: opened.rowCount ?? 0 }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

/** Notes that the faults have their orders. */
export async function noteStarted(
  pool: pg.Pool,
  channel: string,
  rows: readonly { no: string; order: string }[],
  now: Date,
): Promise<void> {
  await pool.query(
    `INSERT INTO import_row (source, source_id, order_id, state, at)
     SELECT $1, no, "order", 'started', $3 FROM jsonb_to_recordset($2::jsonb) AS r (no text, "order" text)
     ON CONFLICT (source, source_id) DO UPDATE SET order_id = excluded.order_id, state = 'started', error = NULL, at = excluded.at
       WHERE import_row.state <> 'started'`,
    [channel, JSON.stringify(rows), now],
  )
}

/** Notes why faults have none. What was started before stays so. */
export async function noteRejected(pool: pg.Pool, channel: string, rejects: readonly Reject[], now: Date): Promise<void> {
  const rows = [...new Map(rejects.filter(({ id }) => id !== '').map((reject) => [reject.id, reject])).values()]
  await pool.query(
    `INSERT INTO import_row (source, source_id, state, error, at)
     SELECT $1, id, 'rejected', file || ' line ' || line || ': ' || reason, $3
       FROM jsonb_to_recordset($2::jsonb) AS r (file text, line int, id text, reason text)
     ON CONFLICT (source, source_id) DO UPDATE SET state = 'rejected', error = excluded.error, at = excluded.at
       WHERE import_row.state <> 'started'`,
    [channel, JSON.stringify(rows), now],
  )
}
