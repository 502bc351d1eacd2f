/** The demo data: complete, the same every time, and there once. */
import { verify } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileCalendar, type CalendarSpec } from '../../domain/calendar/calendar.ts'
import { parseBudget } from '../../domain/calendar/duration.ts'
import { specs as policySpecs } from '../../api/schemas/policy.ts'
import { ruleKinds } from '../../domain/order/rules.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { specs } from '../../domain/processes/index.ts'
import { isRole } from '../../domain/roles.ts'
import { demoLogins, seedDemo } from '../../prisma/seed/index.ts'
import { freshDatabase, type Database } from './database.ts'

let db: Database
let answers: { seeded: boolean }[]
let took: number

const rows = async <T extends object = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await db.pool.query(sql, values)).rows as T[]
const all = Object.values(specs) as ProcessSpec[]

beforeAll(async () => {
  db = await freshDatabase()
  const start = performance.now()
  answers = await Promise.all([seedDemo(db.pool), seedDemo(db.pool)])
  took = performance.now() - start
})
afterAll(() => db?.stop())

describe('seeding', () => {
  it('happens once, when two begin at the same time and when it is repeated', async () => {
    expect(answers.filter((answer) => answer.seeded)).toHaveLength(1)
    expect(await seedDemo(db.pool)).toEqual({ seeded: false })
    expect(took).toBeLessThan(3000)
  })

  it('leaves the data of others alone', async () => {
    const other = await freshDatabase()
    try {
      await other.pool.query(`INSERT INTO region VALUES ('/cn/zj', '浙江省', 'Zhejiang', 'province');
        INSERT INTO customer VALUES ('mine', 'X1', '客户', 'Mine', 'group', '{}', '/cn/zj', NULL, NULL, NULL)`)
      expect(await seedDemo(other.pool)).toEqual({ seeded: false })
      expect((await other.pool.query('SELECT id FROM customer')).rows).toEqual([{ id: 'mine' }])

      await other.pool.query("DELETE FROM customer; DELETE FROM region; INSERT INTO region VALUES ('/cn/js', 'x', 'x', 'province')")
      await expect(seedDemo(other.pool)).rejects.toThrow(/region_pkey/)
      expect((await other.pool.query('SELECT count(*)::int AS n FROM org_unit')).rows).toEqual([{ n: 0 }])

      await other.pool.query('DELETE FROM region')
      expect(await seedDemo(other.pool)).toEqual({ seeded: true })
      for (const table of ['customer', 'service', 'contact', 'staff_skill', 'shift', 'contract', 'resource', 'solution_model']) {
        const read = `SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY to_jsonb(t)::text`
        expect((await other.pool.query(read)).rows, table).toEqual(await rows(read))
      }
    } finally {
      await other.stop()
    }
  })

  it.each([
    ["region WHERE level = 'province'", 1],
    ["region WHERE level = 'city'", 2],
    ["region WHERE level = 'county'", 4],
    ['staff', 81],
    ['customer', 40],
    ['service', 120],
    ["org_unit WHERE kind = 'vendor'", 2],
    ['resource', 2160],
    ["resource WHERE region_path = '/cn/js/nj/gulou' AND kind = 'circuit' AND NOT blocked", 156],
    ['solution_model', 5],
  ])('%s: %i', async (from, count) => {
    expect(await rows(`SELECT count(*)::int AS n FROM ${from}`)).toEqual([{ n: count }])
  })

  it('the demo people can log in with their password', async () => {
    for (const { login, password, role } of demoLogins) {
      const [person] = await rows<{ password_hash: string }>('SELECT password_hash FROM staff WHERE login = $1', [login])
      expect(await verify(person?.password_hash ?? '', password), login).toBe(true)
      expect(role).not.toBe('')
    }
    expect(demoLogins.map((d) => d.login)).toEqual(
      expect.arrayContaining(['supervisor', 'dispatcher', 'kac', 'monitor', 'engineer', 'director', 'vp', 'finance', 'lawyer', 'auditor']),
    )
  })
})

describe('people', () => {
  it('two or more have every role that a process needs', async () => {
    const counts = new Map(
      (await rows<{ role: string; n: number }>('SELECT role, count(DISTINCT staff_id)::int AS n FROM staff_role GROUP BY role')).map(
        (r) => [r.role, r.n],
      ),
    )
    expect([...counts.keys()].filter((role) => !isRole(role))).toEqual([])
    const needed = new Set(
      all.flatMap((spec) => Object.values(spec.steps).flatMap((s) => [...s.who, ...(s.joint?.parties ?? []).flatMap((p) => p.who)])),
    )
    for (const outside of ['customer', 'customer-liaison', 'system']) needed.delete(outside as never)
    expect(needed.size).toBeGreaterThan(8)
    expect([...needed].filter((role) => (counts.get(role) ?? 0) < 2)).toEqual([])
    expect(counts.get('kac-staff')).toBeGreaterThanOrEqual(6)
  })

  it('every unit has a leader from its own ranks, and superiors end at the top', async () => {
    expect(await rows(`SELECT u.id FROM org_unit u LEFT JOIN staff s ON s.id = u.leader_id WHERE s.unit_id IS DISTINCT FROM u.id`)).toEqual(
      [],
    )
    const top = await rows<{ id: string }>(`
      WITH RECURSIVE up AS (SELECT id, id AS at, parent_id FROM org_unit UNION SELECT up.id, p.id, p.parent_id FROM up JOIN org_unit p ON p.id = up.parent_id)
      SELECT DISTINCT at AS id FROM up WHERE parent_id IS NULL ORDER BY 1`)
    expect(top.map((unit) => unit.id)).toEqual(['agent-hongda', 'agent-tongda', 'js-leadership', 'vendor-tianheng', 'vendor-yunqiao'])
  })

  it('somebody of each round-the-clock unit is on duty at every minute of the week', async () => {
    const gaps = await rows(`
      SELECT u.id, d AS weekday FROM org_unit u CROSS JOIN generate_series(1, 7) AS d
      WHERE u.kind IN ('kac', 'monitor', 'maintenance', 'response', 'vendor') AND int4multirange(int4range(0, 1440)) <> (
        SELECT coalesce(range_agg(int4range(from_minute, to_minute)), '{}') FROM shift JOIN staff s ON s.id = staff_id
        WHERE s.unit_id = u.id AND weekday = d AND calendar = 'C')`)
    expect(gaps).toEqual([])
    expect(await rows('SELECT id FROM staff WHERE id NOT IN (SELECT staff_id FROM shift)')).toEqual([])
  })

  it('every product can be repaired in every county, or by its vendor', async () => {
    const missing = await rows(`
      SELECT p.id, r.path FROM product p CROSS JOIN region r WHERE r.level = 'county' AND NOT EXISTS (
        SELECT FROM staff s JOIN staff_role o ON o.staff_id = s.id JOIN staff_skill k ON k.staff_id = s.id
        WHERE o.role = 'maintenance-dept' AND k.skill = p.skill AND s.region_path = r.path)`)
    expect(missing).toEqual([])
    const vendors = await rows(`SELECT p.id FROM product p WHERE vendor_unit_id IS NOT NULL AND 2 > (
      SELECT count(*) FROM staff s JOIN staff_skill k ON k.staff_id = s.id WHERE s.unit_id = p.vendor_unit_id AND k.skill = p.skill)`)
    expect(vendors).toEqual([])
  })

  it('some have a limit of open tasks, and beside each of them is a colleague without', async () => {
    expect((await rows('SELECT id FROM staff WHERE capacity IS NOT NULL')).length).toBeGreaterThan(4)
    expect(
      await rows(`
        SELECT r.unit_id, r.role FROM staff_role r JOIN staff s ON s.id = r.staff_id WHERE s.capacity IS NOT NULL AND NOT EXISTS (
          SELECT FROM staff_role m JOIN staff c ON c.id = m.staff_id WHERE m.unit_id = r.unit_id AND m.role = r.role AND c.capacity IS NULL)`),
    ).toEqual([])
  })

  it('some are away now, with a chain of two delegates', async () => {
    const chain = await rows<{ a: string; b: string; c: string; c_away: boolean }>(`
      SELECT a.login AS a, b.login AS b, c.login AS c, EXISTS (SELECT FROM absence x WHERE x.staff_id = c.id AND now() BETWEEN x.from_at AND x.to_at) AS c_away
      FROM delegation d1 JOIN delegation d2 ON d2.from_id = d1.to_id
      JOIN staff a ON a.id = d1.from_id JOIN staff b ON b.id = d1.to_id JOIN staff c ON c.id = d2.to_id
      WHERE now() BETWEEN d1.from_at AND d1.to_at AND now() BETWEEN d2.from_at AND d2.to_at
        AND EXISTS (SELECT FROM absence x WHERE x.staff_id = a.id AND now() BETWEEN x.from_at AND x.to_at)
        AND EXISTS (SELECT FROM absence x WHERE x.staff_id = b.id AND now() BETWEEN x.from_at AND x.to_at)`)
    expect(chain).toEqual([{ a: 'chaoqun.deng', b: 'hao.yuan', c: 'engineer', c_away: false }])
  })
})

/** P-14, 业务范围: the products as the document names them. */
const scope = [
  ...['DDN', '帧中继', 'ATM', 'SDH数字电路', 'MPLS-VPN', '数字电路出租', '卫星电路出租', 'XDSL', 'LAN终端', 'LAN专线'],
  ...['总机服务（通信版）', '无线宽带', '总机服务（信息版）', '综合办公', '定制终端', '销售管家', '物流E通（行业版）'],
  ...['政企号百', '全球眼（ICT）', '信息化应用', 'IT服务及应用'],
  ...['协同通信', '天翼对讲', '位置定位', '行业短信', '全球眼（C网）', 'VPDN', '警务E通', '工商E通', '烟草E通', '物流E通（C网）'],
  ...['虚拟网', 'NGN虚拟网', '800', '4008', '企业彩铃'],
]

describe('customers', () => {
  it('have a service of every product of the scope table, and of the demo product', async () => {
    const served = await rows<{ name_zh: string; n: number }>(
      'SELECT p.name_zh, count(DISTINCT s.customer_id)::int AS n FROM product p JOIN service s ON s.product_id = p.id GROUP BY p.id',
    )
    const names = served.map((p) => p.name_zh)
    expect([...scope, '演示专线'].filter((name) => !names.includes(name))).toEqual([])
    expect(served.filter((p) => p.n < 3)).toEqual([])
    expect(await rows('SELECT id FROM product WHERE id NOT IN (SELECT product_id FROM service)')).toEqual([])
  })

  it('bandwidth services have a circuit grade, all three occur; others have none', async () => {
    expect(
      await rows(`SELECT p.product_group = 'bandwidth' AS bandwidth, array_agg(DISTINCT s.circuit_grade ORDER BY s.circuit_grade) AS grades
        FROM service s JOIN product p ON p.id = s.product_id WHERE p.product_group <> 'demo' GROUP BY 1 ORDER BY 1`),
    ).toEqual([
      { bandwidth: false, grades: [null] },
      { bandwidth: true, grades: ['A', 'B', 'C'] },
    ])
  })

  it('are of all five grades and of every tag, with contracts that do and do not name a compensation', async () => {
    expect(await rows('SELECT grade FROM customer GROUP BY grade HAVING count(*) >= 4')).toHaveLength(5)
    expect(await rows('SELECT DISTINCT unnest(tags) AS tag FROM customer ORDER BY 1')).toEqual([
      { tag: 'brand' },
      { tag: 'high-end-cluster' },
      { tag: 'industry' },
    ])
    expect(await rows('SELECT compensation_clause IS NULL AS none, count(*)::int AS n FROM contract GROUP BY 1 ORDER BY 1')).toEqual([
      { none: false, n: 24 },
      { none: true, n: 16 },
    ])
    // a place, a region and an account manager near by
    expect(
      await rows(
        `SELECT s.id FROM service s JOIN site i ON i.id = s.site_id WHERE s.region_path <> i.region_path OR s.customer_id <> i.customer_id`,
      ),
    ).toEqual([])
    expect(
      await rows(
        `SELECT c.id FROM customer c JOIN staff s ON s.id = c.account_manager_id WHERE NOT starts_with(c.region_path, s.region_path || '/')`,
      ),
    ).toEqual([])
    expect(
      await rows(
        'SELECT id FROM customer WHERE account_manager_id IS NULL OR id NOT IN (SELECT customer_id FROM contact WHERE is_primary)',
      ),
    ).toEqual([])
  })
})

interface Policy {
  id: string
  process: string | null
  step: string | null
  kind: string
  clock: string | null
  product_group: string | null
  customer_grade: string | null
  circuit_grade: string | null
  tag: string | null
  budget: string | null
  calendar: string
  ladder: string
  mark: string
}

const RECIPIENTS = ['assignee', 'dispatcher', 'responsible', 'superior', 'next-superior', 'customer', 'account-manager']

describe('limits', () => {
  it('every policy can be read, and names a calendar and a ladder that exist', async () => {
    const calendars = await rows<{ id: string; spec: CalendarSpec }>('SELECT id, spec FROM calendar')
    for (const calendar of calendars) expect(compileCalendar(calendar.spec).id).toBe(calendar.id)
    const ladders = await rows<{ id: string; rungs: { pct: number; to: string[] }[] }>('SELECT id, rungs FROM ladder')
    for (const { id, rungs } of ladders) {
      expect(
        rungs.map((rung) => rung.pct),
        id,
      ).toEqual({ promise: [80, 100], 'customer-silence': [33, 67, 100], 'machine-dunning': [1, 34, 67, 100] }[id] ?? [80, 100, 150, 200])
      expect(
        rungs.flatMap((rung) => rung.to).filter((to) => !RECIPIENTS.includes(to) && !isRole(to)),
        id,
      ).toEqual([])
    }
    const policies = await rows<Policy>('SELECT * FROM policy')
    for (const policy of policies) {
      if (policy.budget !== null) expect(parseBudget(policy.budget).ms, policy.id).toBeGreaterThan(0)
      expect(calendars.map((c) => c.id)).toContain(policy.calendar)
      expect(ladders.map((l) => l.id)).toContain(policy.ladder)
      // a working day needs a calendar that has them, a natural day one that has nothing else
      if (policy.budget?.endsWith('WD')) expect(policy.calendar).toBe('W')
      if (policy.budget?.endsWith('d')) expect(policy.calendar).toBe('C')
    }
    expect(policies.length).toBeGreaterThan(80)
  })

  it('every limit of a specification is a policy with its mark', async () => {
    const policies = await rows<Policy>('SELECT * FROM policy')
    const limits = all.flatMap((spec) =>
      Object.entries(spec.steps).flatMap(([step, s]) => (s.limit?.budget ? [{ process: spec.id, step, ...s.limit }] : [])),
    )
    expect(limits.length).toBeGreaterThan(25)
    for (const limit of limits)
      expect(policies.find((p) => p.process === limit.process && p.step === limit.step && p.product_group === null)).toMatchObject({
        budget: limit.budget,
        calendar: limit.calendar,
        mark: limit.mark,
      })
  })

  /** P-14, "Defaults to make the table complete", column by column. */
  it.each([
    ['voice-centrex', null, ['20h', '20h', '24h', '48h', '48h'], 'inferred'],
    ['voice-800', 'industry', ['12h', '12h', '12h', '12h', '12h'], 'given'],
    ['voice-800', 'high-end-cluster', ['12h', '12h', '12h', '12h', '12h'], 'given'],
    ['voice-800', null, ['24h', '24h', '24h', '24h', '24h'], 'given'],
    ['e-tong', null, ['3WD', '3WD', '3WD', '3WD', '3WD'], 'given'],
    ['desk', null, ['12h', '12h', '24h', '24h', '48h'], 'default'],
    ['bandwidth', null, ['4h', '4h', '8h', '12h', '24h'], 'default'],
  ])('repair of %s, customers tagged %s', async (group, tag, budgets, mark) => {
    const found = await rows<Policy>(
      `SELECT customer_grade, budget, mark FROM policy
       WHERE process = 'graded-fault' AND kind = 'order' AND clock = 'repair' AND product_group = $1 AND tag IS NOT DISTINCT FROM $2 AND circuit_grade IS NULL
       ORDER BY array_position(ARRAY['group', 'province', 'local-a', 'local-b', 'local-c'], customer_grade)`,
      [group, tag],
    )
    expect(found.map((p) => p.budget)).toEqual(budgets)
    expect(new Set(found.map((p) => p.mark))).toEqual(new Set([mark]))
  })

  it('E-Tong products have a second clock, for feedback', async () => {
    expect(
      await rows(
        `SELECT DISTINCT budget, calendar, mark FROM policy WHERE process = 'graded-fault' AND clock = 'feedback' AND product_group = 'e-tong'`,
      ),
    ).toEqual([{ budget: '1WD', calendar: 'W', mark: 'given' }])
  })

  it('dispatching and accepting have a limit in every process, around the clock for faults', async () => {
    expect(
      await rows(
        `SELECT process, kind, budget, calendar FROM policy WHERE kind IN ('dispatch', 'accept') AND product_group IS NULL ORDER BY process NULLS FIRST, kind`,
      ),
    ).toEqual(
      [null, 'fault-level-1', 'fault-level-2', 'graded-fault'].flatMap((process) => [
        { process, kind: 'accept', budget: '30m', calendar: process ? 'C' : 'W' },
        { process, kind: 'dispatch', budget: '15m', calendar: process ? 'C' : 'W' },
      ]),
    )
  })

  it('the limits of the demo product let every rung fire within two minutes, at any hour', async () => {
    const demo = await rows<Policy>(`SELECT * FROM policy WHERE product_group = 'demo' OR mark = 'demo'`)
    expect(demo.filter((p) => p.product_group !== 'demo' || p.mark !== 'demo' || p.calendar !== 'C')).toEqual([])
    expect(demo.filter((p) => 2 * parseBudget(p.budget ?? '').ms > 120_000)).toEqual([])
    expect(demo.map((p) => p.clock)).toContain('repair')
    const timed = all
      .filter((spec) => spec.family === 'fault')
      .flatMap((spec) => Object.entries(spec.steps).flatMap(([step, s]) => (s.limit?.budget && !s.child ? [`${spec.id}/${step}`] : [])))
    expect(demo.filter((p) => p.step).map((p) => `${p.process}/${p.step}`)).toEqual(expect.arrayContaining(timed))
    expect(timed.length).toBeGreaterThan(20)
  })

  it('what a director may approve grows with the level of the centre, a county nothing', async () => {
    expect(await rows('SELECT level, max_amount FROM authority_rule ORDER BY max_amount')).toEqual([
      { level: 'county', max_amount: '0' },
      { level: 'city', max_amount: '100000000' },
      { level: 'province', max_amount: '500000000' },
    ])
  })
})

describe('rules', () => {
  it('are there for every kind, and say what the door would take', async () => {
    const found = await rows<{ kind: keyof typeof policySpecs; id: string; spec: unknown; note: string }>(
      'SELECT kind, id, spec, note FROM rule',
    )
    expect([...new Set(found.map(({ kind }) => kind))].sort()).toEqual([...ruleKinds].sort())
    for (const { kind, id, spec, note } of found) {
      expect([kind, id, policySpecs[kind].safeParse(spec).error]).toEqual([kind, id, undefined])
      expect(note).toMatch(/P-\d\d|catalogue/)
    }
  })

  it('of dispatch name steps that there are', async () => {
    const ids = (await rows<{ id: string }>("SELECT id FROM rule WHERE kind = 'dispatch' AND id <> 'default'")).map(({ id }) =>
      id.split('/'),
    )
    for (const [process, step] of ids) expect(all.find(({ id }) => id === process)?.steps[step ?? ''], `${process}/${step}`).toBeDefined()
  })
})
