import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BusinessScheme, UserRecord } from '../../../domain/settlement/scheme.ts'
import { settleUser } from '../../../domain/settlement/settle.ts'
import { askRun, findRun, openRun } from '../../../prisma/settlement/runs.ts'
import { closeRun, computeBills } from '../../../activities/settlement/bills.ts'
import { choose } from '../../../activities/settlement/choose.ts'
import { extract } from '../../../activities/settlement/extract.ts'
import { computeLines } from '../../../activities/settlement/lines.ts'
import { noPulse } from '../../../activities/settlement/shared.ts'
import { completeLoad, generateSettlement } from '../../../prisma/settlement/generate.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { settleWithKills } from '../../support/settlement-kills.ts'
import { october, referenceByAgent } from '../../support/settlement-reference.ts'

const AT = Date.parse('2026-11-02T00:00:00Z')
const DEPARTMENT = 'js-market'
const run = { department: DEPARTMENT, period: '2026-10', kind: 'commission', at: AT }

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await generateSettlement(database.pool, { rows: 50_000, agents: 120, seed: 3, period: '2026-10' })
})
afterAll(() => database.drop())

const sums = async (id: string) =>
  (
    await database.pool.query<{ agent: string; users: number; amount: string }>(
      `SELECT b.agent_id AS agent, b.users, b.amount FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no WHERE r.id = $1 AND b.state <> 'void' ORDER BY 1`,
      [id],
    )
  ).rows

async function settle(id: string): Promise<void> {
  const { pool } = database
  await extract(pool, id, AT)
  await choose(pool, id, AT)
  await computeLines(pool, id, AT, noPulse())
  await computeBills(pool, id)
  await closeRun(pool, id, AT)
}

describe('a run over 50 000 records, its worker killed five times', () => {
  it('ends with the sums of an independent statement, and done again changes nothing', async () => {
    const { pool, url } = database
    expect(await openRun(pool, { ...run, order: 'unified' })).toBe('opened')
    const { killed } = await settleWithKills({ url, run: 'unified', pageRows: 2_500, killAfter: [0, 2, 4, 3, 5] })
    expect(killed).toBe(5)
    const { rows: reference } = await pool.query(referenceByAgent(october))
    const bills = await sums('unified')
    expect(bills.length).toBeGreaterThan(100)
    expect(bills).toEqual(reference)
    const { rows: lines } = await pool.query<{ n: number; once: number }>(
      'SELECT count(*)::int AS n, count(DISTINCT user_id)::int AS once FROM settlement_line',
    )
    expect(lines[0]!.n).toBe(lines[0]!.once)
    await settle('unified')
    expect(await sums('unified')).toEqual(bills)
    expect((await pool.query('SELECT count(*)::int AS n FROM settlement_line')).rows).toEqual([{ n: lines[0]!.n }])
    const done = await findRun(pool, 'unified')
    expect(done).toMatchObject({ state: 'closed', rowsDone: lines[0]!.n, rowsTotal: lines[0]!.n })
  }, 60_000)

  it('has lines as the slow reference computes them', async () => {
    const { rows } = await database.pool.query<{
      spec: BusinessScheme
      volume: string | null
      tier: number
      basis: string
      amount: string
      user: Omit<UserRecord, 'fees'>
      fees: Record<string, string>
    }>(
      `SELECT v.spec, c.volume, l.tier, l.basis, l.amount,
        jsonb_build_object('businessType', u.business_type, 'package', u.package, 'region', u.region, 'joinedOn', u.joined_on::text) AS user,
        jsonb_build_object('rent', fee_rent::text, 'call', fee_call::text, 'data', fee_data::text, 'message', fee_message::text, 'other', fee_other::text) AS fees
       FROM settlement_line l JOIN settlement_user u ON u.id = l.user_id JOIN settlement_scheme_version v ON v.no = l.scheme_no
       JOIN settlement_choice c ON c.run_no = l.run_no AND c.agent_id = l.agent_id AND c.business_type = u.business_type
       WHERE l.user_id % 7 = 0`,
    )
    expect(rows.length).toBeGreaterThan(5_000)
    for (const { spec, volume, user, fees, ...line } of rows) {
      const record = { ...user, fees: Object.fromEntries(Object.entries(fees).map(([fee, fen]) => [fee, BigInt(fen)])) } as UserRecord
      const { tier, basis, amount } = settleUser(spec, record, '2026-10', volume === null ? undefined : BigInt(volume))
      expect({ tier, basis: String(basis), amount: String(amount) }).toEqual(line)
    }
  })

  it('names who takes no part', async () => {
    const { skipped, agents } = await choose(database.pool, 'unified', AT)
    const without = skipped.filter(({ reason }) => reason === 'no-scheme').map(({ agent }) => agent)
    // 7, 77 and 107 have no scheme; the first choice of 41, 43 … has run out and there is no substitute
    expect(without).toEqual(['ag-00007', 'ag-00041', 'ag-00043', 'ag-00045', 'ag-00047', 'ag-00049', 'ag-00077', 'ag-00107'])
    expect(agents).toBe(120 - without.length)
    const { rows } = await database.pool.query("SELECT DISTINCT rank FROM settlement_choice WHERE agent_id = 'ag-00042'")
    expect(rows).toEqual([{ rank: 'substitute' }])
  })
})

describe('one run for each department, period and kind', () => {
  it('opens for one of two clerks who click at once', async () => {
    const { pool } = database
    const clicks = Array.from({ length: 8 }, (_, i) => openRun(pool, { ...run, period: '2026-07', order: `click-${i}` }))
    const answers = await Promise.all(clicks)
    expect(answers.filter((answer) => answer === 'opened')).toHaveLength(1)
    const winner = `click-${answers.indexOf('opened')}`
    expect(await openRun(pool, { ...run, period: '2026-07', order: winner })).toBe('opened')
  })

  it('settles an agent singly or in the department, not twice', async () => {
    const { pool } = database
    expect(await openRun(pool, { ...run, order: 'late', agent: 'ag-00003' })).toBe('already-open')
    await generateSettlement(pool, { rows: 3_000, agents: 120, seed: 4, period: '2026-09' })
    expect(await openRun(pool, { ...run, period: '2026-09', order: 'single', agent: 'ag-00003' })).toBe('opened')
    await settle('single')
    expect(await openRun(pool, { ...run, period: '2026-09', order: 'rest' })).toBe('opened')
    await settle('rest')
    const { skipped } = await choose(pool, 'rest', AT)
    expect(skipped.filter(({ reason }) => reason === 'settled-elsewhere')).toMatchObject([{ agent: 'ag-00003' }])
    // parts add up to the whole
    const parts = [...(await sums('single')), ...(await sums('rest'))].sort((a, b) => (a.agent < b.agent ? -1 : 1))
    const september = { ...october, period: '2026-09', last: '2026-09-30', months3: '2026-07-01', months24: '2024-10-01' }
    expect(parts).toEqual((await pool.query(referenceByAgent(september))).rows)
  })
})

describe('what a run takes', () => {
  it('waits for a delivery, and does not see what comes or is corrected after its extraction', async () => {
    const { pool } = database
    await openRun(pool, { ...run, period: '2026-08', order: 'frozen' })
    expect(await extract(pool, 'frozen', AT)).toMatchObject({ outcome: 'incomplete' })
    const load = async () =>
      (
        await pool.query<{ id: number }>(
          `INSERT INTO settlement_load (department_id, period, source, opened_at) VALUES ('${DEPARTMENT}', '2026-08', 'test', now()) RETURNING id`,
        )
      ).rows[0]!.id
    const record = (id: number, user: string, rent: number) =>
      pool.query(
        `INSERT INTO settlement_user (load_id, period, agent_id, user_no, business_type, package, region, joined_on, fee_rent, fee_call, fee_data, fee_message, fee_other)
         VALUES ($1, '2026-08', 'ag-00003', $2, 'broadband', 'p-29', '/cn/js/nj', '2025-01-01', $3, 0, 0, 0, 0)`,
        [id, user, rent],
      )
    const complete = async (id: number) => {
      const client = await pool.connect()
      await completeLoad(client, id)
      client.release()
    }
    const first = await load()
    await record(first, 'a', 10_000)
    expect(await extract(pool, 'frozen', AT)).toMatchObject({ outcome: 'incomplete' })
    await complete(first)
    expect(await extract(pool, 'frozen', AT)).toMatchObject({ outcome: 'complete' })
    const second = await load()
    await pool.query("UPDATE settlement_user SET replaced_by = $1 WHERE period = '2026-08' AND user_no = 'a'", [second])
    await record(second, 'a', 50_000)
    await record(second, 'b', 50_000)
    await complete(second)
    await settle('frozen')
    expect(await sums('frozen')).toEqual([{ agent: 'ag-00003', users: 1, amount: '1000' }])
    await expect(pool.query("UPDATE settlement_user SET fee_rent = 1 WHERE period = '2026-08'")).rejects.toThrow("can't be changed")
  })

  it('stops and pauses between two pages', async () => {
    const { pool } = database
    await generateSettlement(pool, { rows: 4_000, agents: 120, seed: 5, period: '2026-06' })
    await openRun(pool, { ...run, period: '2026-06', order: 'held' })
    await extract(pool, 'held', AT, 500)
    await choose(pool, 'held', AT)
    let pages = 0
    const asking = { ...noPulse(), heartbeat: () => void (++pages === 2 && (asked = askRun(pool, 'held', 'stop'))) }
    let asked: Promise<unknown> = Promise.resolve()
    const first = await computeLines(pool, 'held', AT, asking)
    await asked
    expect(first.outcome).toBe('stopped')
    const kept = (await findRun(pool, 'held'))!.rowsDone
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(4_000)
    // taken up again by another opening of the step: what was done stays, as nothing has changed
    const done = await computeLines(pool, 'held', AT, noPulse(), 'compute-user-bills#2')
    expect(done).toMatchObject({ outcome: 'computed', rows: (await findRun(pool, 'held'))!.rowsTotal })
  })
})

describe('a review that says "wrong"', () => {
  it('computes anew with what holds now, and a worker that was given up writes nothing into it', async () => {
    const { pool } = database
    await generateSettlement(pool, { rows: 4_000, agents: 120, seed: 7, period: '2026-05' })
    await openRun(pool, { ...run, period: '2026-05', order: 'reviewed' })
    await extract(pool, 'reviewed', AT, 500)
    await choose(pool, 'reviewed', AT)
    let done: Promise<unknown> | undefined
    // the first page of the old worker sets off the new one, which has another scheme for the agent with the most users
    const given = {
      ...noPulse(),
      heartbeat: () => {
        done ??= pool
          .query("UPDATE agent_scheme SET scheme_id = 'cs-basic' WHERE agent_id = 'ag-00001'")
          .then(() => computeLines(pool, 'reviewed', AT, noPulse(), 'compute-user-bills#2'))
      },
    }
    await computeLines(pool, 'reviewed', AT, given, 'compute-user-bills#1').catch((error: unknown) => {
      expect(error).toMatchObject({ type: 'CHOSEN_ANEW' })
    })
    await done
    const { amount } = await computeBills(pool, 'reviewed')
    const may = { ...october, period: '2026-05', last: '2026-05-31', months3: '2026-03-01', months24: '2024-06-01' }
    expect(await sums('reviewed')).toEqual((await pool.query(referenceByAgent(may))).rows)
    expect(amount).toBeGreaterThan(0n)
    const { rows } = await pool.query(
      "SELECT DISTINCT business_type AS type FROM settlement_choice c JOIN settlement_run r ON r.no = c.run_no WHERE r.id = 'reviewed' AND c.agent_id = 'ag-00001' ORDER BY 1",
    )
    expect(rows).toEqual([{ type: 'broadband' }, { type: 'mobile' }])
  })
})

/** A pool that says, before each commit, how many rows of users and lines the transaction has read. */
function watched(pool: pg.Pool, note: (rows: number) => void): pg.Pool {
  const connect = async () => {
    const client = await pool.connect()
    const query = async (...args: unknown[]) => {
      if (args[0] === 'COMMIT') {
        const { rows } = await client.query<{ read: string }>(
          "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS read FROM pg_stat_xact_user_tables WHERE relname IN ('settlement_user', 'settlement_line')",
        )
        note(Number(rows[0]!.read))
      }
      return (client.query as (...given: unknown[]) => unknown)(...args)
    }
    return { query, release: (error?: Error) => client.release(error) }
  }
  return { connect, query: pool.query.bind(pool) } as unknown as pg.Pool
}

describe('the next period', () => {
  it('reads each record far fewer times than there are agents, though the figures of the tables are those of the run before', async () => {
    const { pool } = database
    const rows = 20_000
    await generateSettlement(pool, { rows, agents: 120, seed: 3, period: '2026-12' })
    await pool.query('ANALYZE settlement_choice, settlement_line, settlement_bill, settlement_user')
    expect(await openRun(pool, { ...run, period: '2026-12', order: 'december' })).toBe('opened')
    await extract(pool, 'december', AT)
    const read: number[] = []
    const watching = watched(pool, (n) => read.push(n))
    await choose(watching, 'december', AT)
    await computeLines(watching, 'december', AT, noPulse())
    await computeBills(watching, 'december')
    expect(read.length).toBeGreaterThan(2)
    // Once for each of the 120 agents, as the planner would have it, is three times as much.
    expect(Math.max(...read)).toBeLessThan(40 * rows)
  })
})
