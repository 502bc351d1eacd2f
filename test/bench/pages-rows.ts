/** As many orders as wanted, written set by set: what pages are read from. They have no workflows, so nothing but pages is asked of them. */
import type pg from 'pg'

const TABLES = ['orders', 'order_event', 'task', 'rung', 'order_find']
const STREAMS = 4
/** Histories that the audit page looks at. */
export const LONG_HISTORIES = 50

/**
 * `open` open orders and a quarter as many that ended, in the regions of the demo data. Whatever the number, the caller's own lanes hold
 * the same: more orders are more people.
 */
export async function writeOrders(pool: pg.Pool, { open, me, unit }: { open: number; me: string; unit: string }): Promise<void> {
  const { rows: indexes } = await pool.query<{ name: string; def: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS def FROM pg_index i
      WHERE i.indrelid = ANY ($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    [TABLES],
  )
  const all = open + Math.floor(open / 4)
  const streams = Array.from({ length: STREAMS }, (_, n) => [Math.floor((all * n) / STREAMS) + 1, Math.floor((all * (n + 1)) / STREAMS)])
  for (const { name } of indexes) await pool.query(`DROP INDEX ${name}`)
  await Promise.all(
    streams.map((range) =>
      quickly(pool, async (client) => {
        await client.query(ORDERS, [...range, open])
        await client.query(OPEN_TASKS, [...range, me, unit])
        for (const statement of [DONE_TASKS, RUNGS, EVENTS, FIND]) await client.query(statement, range)
      }),
    ),
  )
  // The heaviest first, so that the others find time beside it.
  const left = indexes.map(({ def }) => def).sort((a, b) => Number(b.includes('gin')) - Number(a.includes('gin')))
  await Promise.all(
    streams.map(() =>
      quickly(pool, async (client) => {
        for (let def = left.shift(); def; def = left.shift()) await client.query(def)
      }),
    ),
  )
  await Promise.all(TABLES.map((table) => pool.query(`VACUUM (ANALYZE) ${table}`)))
}

/** Neither foreign keys nor the trigger of order_find, row by row: both sides are written here. */
async function quickly(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query("SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
    await work(client)
    await client.query('RESET ALL')
  } finally {
    client.release()
  }
}

const NUMBERED = 'substr(o.id, 6)::bigint'
/** The orders of one stream. */
const RANGE = `o.id BETWEEN 'page-' || lpad($1::text, 8, '0') AND 'page-' || lpad($2::text, 8, '0')`

/** Spread over a year, scattered over services: neighbours in time are not neighbours in the table of anything else. */
const ORDERS = `
  INSERT INTO orders (id, no, process, status, "end", customer_id, service_id, region_path, title, priority, grade, started_by, responsible_id,
                      seq, hash, state, opened_at, closed_at, next_due_at, updated_at)
  SELECT 'page-' || lpad(i::text, 8, '0'), 'GF-20260101-' || lpad(i::text, 8, '0'),
         (ARRAY['graded-fault', 'fault-level-2', 'complaint', 'service-activation'])[1 + i % 4],
         CASE WHEN i <= $3 THEN 'open' ELSE 'closed' END, CASE WHEN i > $3 THEN 'closed' END,
         s.customers[k], s.ids[k], s.regions[k], '光路中断 ' || substr(md5(i::text), 1, 6), 1 + i % 4, 'A',
         'page-person-' || i / 50, 'page-person-' || i / 50, CASE WHEN i <= ${LONG_HISTORIES} THEN 40 ELSE 2 END, md5(i::text),
         ('{"facts": {"filler": "' || repeat(md5(i::text), 16) || '"}}')::jsonb,
         opened, CASE WHEN i > $3 THEN opened + interval '2 days' END, CASE WHEN i <= $3 THEN now() + interval '1 hour' END, opened
    FROM (SELECT array_agg(id ORDER BY id) AS ids, array_agg(customer_id ORDER BY id) AS customers, array_agg(region_path ORDER BY id) AS regions
            FROM service) s,
         generate_series($1::int, $2::int) AS i,
         LATERAL (SELECT 1 + (hashint4(i)::bigint & 65535) % cardinality(s.ids) AS k,
                         now() - interval '1 day' - (hashint4(i + 7)::bigint & 1048575) * interval '30 seconds' AS opened) x
   WHERE $3::int > 0`

/** Of a hundred: 12 undispatched, 25 offered, 33 worked on, 30 waiting; 15 overdue, 10 without a limit. Some of the first are mine or my unit's. */
const OPEN_TASKS = `
  INSERT INTO task (order_id, task, step, n, status, unit_id, person_id, opened_at, accepted_at, due_at, region_path, process, priority)
  SELECT o.id, 'repair.1', 'repair', 1, s.status,
         CASE WHEN s.status = 'undispatched' THEN NULL WHEN o.i BETWEEN 61 AND 180 THEN $4 ELSE 'page-unit-' || o.i / 200 END,
         CASE WHEN s.status IN ('offered', 'accepted', 'suspended') THEN CASE WHEN o.i <= 60 THEN $3 ELSE 'page-person-' || o.i / 20 END END,
         o.opened_at, CASE WHEN s.status IN ('accepted', 'suspended') THEN o.opened_at + interval '5 minutes' END,
         CASE WHEN o.h % 20 < 3 THEN now() - (o.h % 86400) * interval '1 second'
              WHEN o.h % 20 < 18 THEN now() + interval '2 hours' + (o.h % 2592000) * interval '1 second' END,
         o.region_path, o.process, o.priority
    FROM (SELECT o.id, o.opened_at, o.region_path, o.process, o.priority, ${NUMBERED} AS i, hashtext(o.id)::bigint & 16777215 AS h
            FROM orders o WHERE ${RANGE} AND o.status = 'open') o,
         LATERAL (SELECT (h / 32) % 100 AS p) d,
         LATERAL (SELECT CASE WHEN p < 12 THEN 'undispatched' WHEN p < 37 THEN 'offered' WHEN p < 65 THEN 'accepted' WHEN p < 70 THEN 'automatic'
                              WHEN p < 85 THEN 'suspended' ELSE 'child' END AS status) s`

const DONE_TASKS = `
  INSERT INTO task (order_id, task, step, n, status, unit_id, person_id, opened_at, accepted_at, closed_at, outcome, done_by, due_at, region_path, process, priority)
  SELECT o.id, 'accept.1', 'accept', 1, 'done', 'page-unit-' || ${NUMBERED} / 200, o.started_by, o.opened_at, o.opened_at,
         o.opened_at + interval '5 minutes', 'accepted', o.started_by, o.opened_at + interval '1 hour', o.region_path, o.process, o.priority
    FROM orders o WHERE ${RANGE}`

/** Warned and overdue where it is late; warned a sixth of what is not; past ones of an eighth of what was done. */
const RUNGS = `
  INSERT INTO rung (order_id, clock, pct, due_at, task, step, fired_at, late_ms, holder_id, unit_id, region_path, settled_at)
  SELECT o.order_id, o.task || '/complete', p.pct, o.due_at, o.task, o.step,
         least(o.due_at, now() - (hashtext(o.order_id)::bigint & 8191) * interval '1 second'), 40, o.person_id, o.unit_id, o.region_path,
         CASE WHEN o.closed_at IS NOT NULL THEN o.closed_at + interval '1 hour' END
    FROM task o, LATERAL (SELECT 80 AS pct UNION ALL SELECT 100 WHERE o.due_at < now()) p
   WHERE ${RANGE.replaceAll('o.id', 'o.order_id')} AND o.due_at IS NOT NULL
     AND CASE WHEN o.closed_at IS NULL THEN o.due_at < now() OR hashtext(o.order_id) % 6 = 0 ELSE hashtext(o.order_id) % 8 = 0 END`

const EVENTS = `
  INSERT INTO order_event (order_id, seq, move_seq, type, data, actor_kind, actor_id, at, prev_hash, hash)
  SELECT o.id, n, n, CASE n WHEN 1 THEN 'order-opened' ELSE 'comment-added' END, '{"text": "looked at the line", "task": "repair.1"}',
         'person', o.started_by, o.opened_at + n * interval '1 minute', o.hash, o.hash
    FROM orders o, LATERAL generate_series(1, o.seq) AS n WHERE ${RANGE}`

/** As the trigger writes it. */
const FIND = `
  INSERT INTO order_find (order_id, words, parts)
  SELECT o.id, w, letter_parts(w) FROM orders o, LATERAL (SELECT lower(concat_ws(' ', o.no, o.title)) AS w) x WHERE ${RANGE}`
