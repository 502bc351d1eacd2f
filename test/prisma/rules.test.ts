/** What the database itself refuses, whoever writes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type Database } from './database.ts'

let db: Database
const AT = "'2026-03-02T01:00:00Z'"

const order = (id: string, more = '') =>
  `INSERT INTO orders (id, process, status, customer_id, region_path, title, priority, seq, hash, state, opened_at, updated_at ${more && ', source_channel, source_no'})
   VALUES ('${id}', 'graded-fault', 'open', 'cu', '/cn/js', 'no dial tone', 2, 1, 'h1', '{}', ${AT}, ${AT} ${more && `, ${more}`})`
const event = (id: string, seq = 1) =>
  `INSERT INTO order_event (order_id, seq, move_seq, type, data, actor_kind, actor_id, at, prev_hash, hash)
   VALUES ('${id}', ${seq}, ${seq}, 'order-opened', '{}', 'person', 'a', ${AT}, '', 'h1')`
const task = (status: string, closed: string, outcome: string) =>
  `INSERT INTO task (order_id, task, step, n, status, opened_at, closed_at, outcome, region_path, process, priority)
   VALUES ('o1', 't-${status}', 's', 1, '${status}', ${AT}, ${closed}, ${outcome}, '/cn/js', 'graded-fault', 2)`
const absence = (id: string, from: string, to: string) => `INSERT INTO absence VALUES ('${id}', 'a', '${from}', '${to}', 'leave')`
const delegation = (id: string, from: string, to: string, start: string, end: string) =>
  `INSERT INTO delegation VALUES ('${id}', '${from}', '${to}', '${start}', '${end}', NULL)`
const notification = (staff: string, contact: string, channel = 'inbox') =>
  `INSERT INTO notification (order_id, seq, template, recipient_kind, staff_id, contact_id, channel, data, next_at, created_at)
   VALUES ('o1', 1, 'limit-breach', '${staff === 'NULL' ? 'customer' : 'staff'}', ${staff}, ${contact}, '${channel}', '{}', ${AT}, ${AT})`
const outbox = (dedupe: string) =>
  `INSERT INTO outbox (topic, order_id, seq, dedupe, payload, next_at, created_at) VALUES ('notify', 'o1', 1, '${dedupe}', '{}', ${AT}, ${AT})`
const policy = (step: string, version: number, validTo = 'NULL') =>
  `INSERT INTO policy (process, step, kind, budget, calendar, ladder, mark, source, valid_from, valid_to, version)
   VALUES ('graded-fault', ${step}, 'complete', '1h', 'C', 'standard', 'default', 'test', ${AT}, ${validTo}, ${version})`
const compensation = (n: number, basis: string, clause: string, agreement: string, state: string) =>
  `INSERT INTO compensation (id, order_id, n, clause, agreement_order_id, amount, basis, state, proposed_by, paid_at)
   VALUES ('c${n}', 'o1', ${n}, ${clause}, ${agreement}, 100, '${basis}', '${state}', 'a', ${state === 'paid' ? AT : 'NULL'})`
const contact = (id: string, primary: boolean) =>
  `INSERT INTO contact VALUES ('${id}', 'cu', '王', 'Wang', NULL, NULL, NULL, ${primary}, 'zh')`
const shift = (from: number, to: number) => `INSERT INTO shift VALUES ('a', 1, ${from}, ${to}, 'W')`

beforeAll(async () => {
  db = await freshDatabase()
  await db.pool.query(`
    INSERT INTO region VALUES ('/cn/js', '江苏省', 'Jiangsu', 'province');
    INSERT INTO org_unit VALUES ('u', '维护', 'Maintenance', 'maintenance', '/cn/js', NULL, NULL);
    INSERT INTO staff SELECT id, 'login.' || id, id, id, 'x', NULL, NULL, 'u', '/cn/js', true, 'zh' FROM unnest(ARRAY['a', 'b', 'c']) AS id;
    INSERT INTO customer VALUES ('cu', 'KA1', '客户', 'Customer', 'local-a', '{}', '/cn/js', NULL, NULL, NULL);
    INSERT INTO order_text VALUES ('d1', 'a long text', ${AT});
    ${order('o1', "'10000+9', 'N1'")}; ${event('o1')};
    ${absence('ab1', '2026-03-01', '2026-03-05')}; ${delegation('de1', 'a', 'b', '2026-03-01', '2026-03-05')};
    ${notification("'a'", 'NULL')}; ${notification('NULL', 'NULL')}; ${outbox('')}; ${policy("'s'", 1)};
    ${contact('ct1', true)}; ${shift(510, 720)};
  `)
})
afterAll(() => db?.stop())

/** Runs in a transaction of its own and leaves nothing behind, accepted or not. */
async function attempt(...statements: string[]): Promise<string> {
  const client = await db.pool.connect()
  try {
    await client.query('BEGIN')
    for (const statement of statements) await client.query(statement)
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    return 'accepted'
  } catch (error) {
    const { code, constraint, message } = error as { code: string; constraint?: string; message: string }
    return `${code} ${constraint ?? message}`
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

describe('history', () => {
  it.each([
    ["UPDATE order_event SET actor_id = 'b'", 'order_event', 'UPDATE'],
    ["DELETE FROM order_event WHERE order_id = 'o1'", 'order_event', 'DELETE'],
    ['TRUNCATE order_event', 'order_event', 'TRUNCATE'],
    ['TRUNCATE orders CASCADE', 'order_event', 'TRUNCATE'],
    ["UPDATE order_text SET body = 'another'", 'order_text', 'UPDATE'],
    ['DELETE FROM order_text', 'order_text', 'DELETE'],
    ['TRUNCATE order_text', 'order_text', 'TRUNCATE'],
  ])('%s is refused, also where ordinary triggers are off', async (statement, table, verb) => {
    const refusal = `23000 ${table} is append-only: ${verb} is refused`
    expect(await attempt(statement)).toBe(refusal)
    expect(await attempt('SET LOCAL session_replication_role = replica', statement)).toBe(refusal)
    const { rows } = await db.pool.query('SELECT actor_id FROM order_event')
    expect(rows).toEqual([{ actor_id: 'a' }])
  })

  it('the same event number cannot be written twice', async () => {
    expect(await attempt(event('o1'))).toBe('23505 order_event_pkey')
    expect(await attempt(event('o1', 2))).toBe('accepted')
  })

  it('a move may write its events before its order, but not without', async () => {
    expect(await attempt(event('o2'), order('o2'))).toBe('accepted')
    expect(await attempt(event('o2'))).toBe('23503 order_event_order_id_fkey')
  })

  it('an order with a history stays', async () => {
    expect(await attempt("DELETE FROM orders WHERE id = 'o1'")).toMatch(/^(23001|23503) /) // PostgreSQL 18 and before
  })
})

describe('one at a time', () => {
  it.each([
    ['an order per number of a source', order('o2', "'10000+9', 'N1'"), '23505 orders_source'],
    ['the number of another source', order('o2', "'web', 'N1'"), 'accepted'],
    ['no number at all', order('o2'), 'accepted'],
    ['absences that overlap', absence('ab2', '2026-03-04', '2026-03-09'), '23P01 absence_no_overlap'],
    ['absences end to end', absence('ab2', '2026-03-05', '2026-03-09'), 'accepted'],
    ['an absence that ends before it begins', absence('ab2', '2026-04-02', '2026-04-01'), '23514 absence_range'],
    ['a second delegate', delegation('de2', 'a', 'c', '2026-03-04', '2026-03-09'), '23P01 delegation_no_overlap'],
    ['a chain of delegates', delegation('de2', 'b', 'c', '2026-03-04', '2026-03-09'), 'accepted'],
    ['oneself as delegate', delegation('de2', 'b', 'b', '2026-03-04', '2026-03-09'), '23514 delegation_not_self'],
    ['shifts that overlap', shift(700, 900), '23P01 shift_no_overlap'],
    ['shifts around lunch', shift(810, 1080), 'accepted'],
    ['a shift over midnight in one row', shift(1320, 1500), '23514 shift_hours'],
    ['a notification of staff', notification("'a'", 'NULL'), '23505 notification_once'],
    ['a notification of a customer without contact', notification('NULL', 'NULL'), '23505 notification_once'],
    ['the same by e-mail', notification("'a'", 'NULL', 'email'), 'accepted'],
    ['a message of the outbox', outbox(''), '23505 outbox_order_id_seq_topic_dedupe_key'],
    ['a second message of the same event', outbox('2'), 'accepted'],
    ['a limit that holds', policy("'s'", 2), '23505 policy_current'],
    ['a limit that held before', policy("'s'", 2, "'2026-12-31'"), 'accepted'],
    ['a second first contact', contact('ct2', true), '23505 contact_primary'],
    ['a second contact', contact('ct2', false), 'accepted'],
    ['a login', "INSERT INTO staff VALUES ('d', 'login.a', 'd', 'd', 'x', NULL, NULL, 'u', '/cn/js', true, 'zh')", '23505 staff_login_key'],
  ])('%s', async (_, statement, answer) => {
    expect(await attempt(statement)).toBe(answer)
  })
})

describe('sense', () => {
  it.each([
    ['payment by clause', compensation(1, 'clause', "'1 % an hour'", 'NULL', 'paid'), 'accepted'],
    ['payment by agreement', compensation(1, 'agreement', 'NULL', "'o1'", 'paid'), 'accepted'],
    ['payment without the clause it rests on', compensation(1, 'clause', 'NULL', "'o1'", 'paid'), '23514 compensation_paid'],
    ['payment without the agreement it rests on', compensation(1, 'agreement', "'1 % an hour'", 'NULL', 'paid'), '23514 compensation_paid'],
    ['a proposal without either', compensation(1, 'agreement', 'NULL', 'NULL', 'proposed'), 'accepted'],
    ['an open task', task('offered', 'NULL', 'NULL'), 'accepted'],
    ['an open task that is closed', task('offered', AT, 'NULL'), '23514 task_closed'],
    ['a done task without outcome', task('done', AT, 'NULL'), '23514 task_outcome'],
    ['a task of an unknown status', task('asleep', 'NULL', 'NULL'), '23514 task_status'],
    ['an order that closed without an end', "UPDATE orders SET status = 'closed'", '23514 orders_end'],
    ['priority 5', 'UPDATE orders SET priority = 5', '23514 orders_priority'],
    ['an unknown grade', "UPDATE customer SET grade = 'gold'", '23514 customer_grade'],
    ['a mark that nobody knows', "UPDATE policy SET mark = 'guessed'", '23514 policy_mark'],
    ['a clock of the order without a name', "UPDATE policy SET kind = 'order'", '23514 policy_clock'],
  ])('%s', async (_, statement, answer) => {
    expect(await attempt(statement)).toBe(answer)
  })
})

describe('what the record can list', () => {
  it('a region and all below is a range, in whatever locale', async () => {
    const { rows } = await db.pool.query<{ path: string }>(
      `SELECT path FROM unnest(ARRAY['/cn/js', '/cn/js-new', '/cn/js/nj', '/cn/js/nj/gulou', '/cn/jx', '/cn/js0']) AS path
       WHERE path COLLATE "C" = '/cn/js' OR (path COLLATE "C" >= '/cn/js/' AND path COLLATE "C" < '/cn/js0')`,
    )
    expect(rows.map((row) => row.path)).toEqual(['/cn/js', '/cn/js/nj', '/cn/js/nj/gulou'])
    const columns = await db.pool.query<{ table_name: string; collation_name: string | null }>(
      `SELECT table_name, collation_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'region_path'`,
    )
    expect(columns.rows.filter((column) => column.collation_name !== 'C')).toEqual([])
    expect(columns.rows.length).toBeGreaterThanOrEqual(8)
  })

  it.each([
    ['my tasks', "person_id = 'a' AND closed_at IS NULL", 'due_at, order_id, task', 'task_mine'],
    ["a unit's tasks", "unit_id = 'u' AND closed_at IS NULL", 'due_at, order_id, task', 'task_unit'],
    ["a role's queue", "queue = 'maintenance-dept' AND queue_unit_id = 'u' AND closed_at IS NULL", 'due_at, order_id, task', 'task_queue'],
    ['what is overdue', `due_at < ${AT} AND closed_at IS NULL`, 'due_at, order_id, task', 'task_open'],
    ["a region's tasks", "region_path = '/cn/js/nj' AND closed_at IS NULL", 'due_at, order_id, task', 'task_region'],
  ])('%s come from their index, already sorted', async (_, where, sort, index) => {
    const client = await db.pool.connect()
    try {
      await client.query('BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off')
      const { rows } = await client.query<Record<'QUERY PLAN', string>>(
        `EXPLAIN SELECT * FROM task WHERE ${where} ORDER BY ${sort} LIMIT 50`,
      )
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      expect(plan).toContain(index)
      expect(plan).not.toContain('Sort')
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
  })
})
