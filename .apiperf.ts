import pg from 'pg'
import { startPostgres, ensureDatabase } from './worker/stack/postgres.ts'
import { migrate } from './prisma/migrate/index.ts'
import { seedDemo } from './prisma/seed/index.ts'
import { person } from './prisma/seed/organisation.ts'
import { loadPrincipal } from './api/auth/principal.ts'
import { abilityFor } from './api/auth/ability.ts'
import { listOrders } from './api/queries/orders.ts'
import { listTasks } from './api/queries/tasks.ts'
import { listBreaches } from './api/queries/breaches.ts'
import { createCatalogue } from './api/catalogue.ts'
import { processes } from './workflows/processes.ts'
import { listQuery } from './api/schemas/order.ts'
import { tasksQuery, breachesQuery } from './api/schemas/task.ts'
import { rmSync, mkdirSync } from 'node:fs'
const N = Number(process.argv[2] ?? 1000)
const dir = '/tmp/apiperf/pg' + N
rmSync(dir, { recursive: true, force: true })
mkdirSync(dir, { recursive: true })
const server = await startPostgres({
  dir,
  settings: { fsync: 'off', full_page_writes: 'off', shared_buffers: '512MB', max_wal_size: '4GB' },
})
try {
  const url = server.url('perf')
  await ensureDatabase(url)
  await migrate(url)
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  pool.on('error', () => {})
  await seedDemo(pool)
  await pool.query('DELETE FROM delegation; DELETE FROM absence')
  await pool.query(`INSERT INTO orders (id, no, process, status, "end", customer_id, region_path, title, priority, seq, hash, state, opened_at, closed_at, next_due_at, updated_at)
 SELECT 'o'||i, 'N'||i, 'graded-fault', CASE WHEN i % 10 = 0 THEN 'open' ELSE 'closed' END, CASE WHEN i % 10 = 0 THEN NULL ELSE 'closed' END, 'cu-0'||lpad((1+i%40)::text,2,'0'),
 (ARRAY['/cn/js/nj/gulou','/cn/js/nj/jiangning','/cn/js/sz/wuzhong','/cn/js/sz/kunshan'])[1+(i%4)], 'fault '||i, 3, 10, 'h', '{"tasks":{}}', timestamptz '2025-01-01' + i * interval '10 s', CASE WHEN i % 10 = 0 THEN NULL ELSE timestamptz '2025-01-02' + i * interval '10 s' END, CASE WHEN i % 10 = 0 THEN timestamptz '2026-01-05' + (i % 100000) * interval '1 s' END, now() FROM generate_series(1, ${N}) i`)
  await pool.query(`INSERT INTO task (order_id, task, step, n, status, unit_id, person_id, opened_at, closed_at, outcome, done_by, due_at, region_path, process, priority)
 SELECT id, t||'.1', t, 1, CASE WHEN status='open' AND t='repair-fault' THEN 'accepted' ELSE 'done' END, 'nj-maintenance', 'st-0'||lpad((1 + substr(id,2)::int / 10 % 60)::text,2,'0'), opened_at, CASE WHEN status='open' AND t='repair-fault' THEN NULL ELSE opened_at + interval '1 h' END, CASE WHEN status='open' AND t='repair-fault' THEN NULL ELSE 'x' END, CASE WHEN status='open' AND t='repair-fault' THEN NULL ELSE 'st-0'||lpad((1 + substr(id,2)::int / 10 % 60)::text,2,'0') END,
 timestamptz '2026-01-05' + (substr(id,2)::int % 100000) * interval '1 s', region_path, process, 3 FROM orders, unnest(ARRAY['accept-fault','diagnose','take-ticket','repair-fault']) t`)
  await pool.query(
    `INSERT INTO rung (order_id, clock, pct, due_at, fired_at, late_ms, region_path, unit_id) SELECT id, 'repair', 100, opened_at, opened_at + interval '1 h', 5, region_path, 'nj-maintenance' FROM orders WHERE substr(id,2)::int % 5 = 0`,
  )
  await pool.query('ANALYZE')
  const cat = createCatalogue(processes)
  const now = new Date('2026-01-05T12:00:00Z')
  for (const login of ['xiaomei.lin', 'monitor', 'yong.peng', 'vendor', 'engineer']) {
    const principal = (await loadPrincipal(pool, person(login).id, now))!
    const ability = abilityFor(principal)
    const time = async (name: string, f: () => Promise<{ items: unknown[] }>) => {
      const ts: number[] = []
      let n = 0
      for (let k = 0; k < 7; k++) {
        const t = performance.now()
        n = (await f()).items.length
        ts.push(performance.now() - t)
      }
      ts.sort((a, b) => a - b)
      console.log(N, login.padEnd(10), name.padEnd(26), `${ts[3]!.toFixed(1)} ms`, n)
    }
    const o = (q: object) => () => listOrders(pool, principal, ability, listQuery.parse(q), now)
    await time('orders', o({}))
    await time('orders open', o({ status: 'open' }))
    await time('orders overdue', o({ overdue: 'true' }))
    await time('orders nextDueAt', o({ sort: 'nextDueAt' }))
    await time('orders q', o({ q: 'fault 77' }))
    const t = (q: object) => () => listTasks(pool, cat, { principal, ability, now }, tasksQuery.parse(q))
    for (const lane of ['mine', 'unit', 'undispatched', 'overdue', 'all']) await time('tasks ' + lane, t({ lane, counts: 'false' }))
    await time('tasks mine+counts', t({ lane: 'mine' }))
    await time('breaches', () => listBreaches(pool, principal, ability, breachesQuery.parse({})))
  }
  await pool.end()
} catch (e) {
  console.log('FAILED', e)
} finally {
  await server.stop()
}
