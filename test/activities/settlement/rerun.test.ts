import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeRun, computeBills } from '../../../activities/settlement/bills.ts'
import { choose } from '../../../activities/settlement/choose.ts'
import { extract } from '../../../activities/settlement/extract.ts'
import { computeLines } from '../../../activities/settlement/lines.ts'
import { payBill, takeAnswer } from '../../../activities/settlement/payout.ts'
import { differences, paidOut, recompute, replaceBills } from '../../../activities/settlement/rerun.ts'
import { noPulse } from '../../../activities/settlement/shared.ts'
import type { BusinessScheme } from '../../../domain/settlement/scheme.ts'
import { demoSchemes } from '../../../prisma/settlement/demo-schemes.ts'
import { generateSettlement } from '../../../prisma/settlement/generate.ts'
import { openRun } from '../../../prisma/settlement/runs.ts'
import { releaseScheme, saveScheme } from '../../../prisma/settlement/schemes.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const AT = Date.parse('2026-11-02T00:00:00Z')
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const { pool } = database
  await generateSettlement(pool, { rows: 6_000, agents: 30, seed: 9, period: '2026-10' })
  await openRun(pool, { order: 'run', department: 'js-market', period: '2026-10', kind: 'commission', at: AT })
  await extract(pool, 'run', AT)
  await choose(pool, 'run', AT)
  await computeLines(pool, 'run', AT, noPulse())
  await computeBills(pool, 'run')
  await closeRun(pool, 'run', AT)
  const { rows } = await pool.query<{ id: string; agent: string }>(
    "SELECT id, agent_id AS agent FROM settlement_bill WHERE state = 'settled' AND agent_id IN ('ag-00001', 'ag-00002', 'ag-00003') ORDER BY 1",
  )
  for (const { id } of rows) await payBill(pool, { bill: id, at: AT })
  // the first is paid, the second's money is on its way, the third's came back
  for (const [i, paid] of [
    [0, true],
    [2, false],
  ] as const)
    await takeAnswer(pool, { payout: `po-${rows[i]!.id}`, attempt: 1, paid }, AT)
  await pool.query(
    `INSERT INTO settlement_adjustment (id, bill_id, amount, reason, state, proposed_by, proposed_at)
     SELECT 'bonus', id, 777, 'test', 'approved', 'me', now() FROM settlement_bill WHERE agent_id = 'ag-00004'`,
  )
})
afterAll(() => database.drop())

describe('re-settlement after a scheme change', () => {
  it('keeps both versions, shows the difference, and leaves only what was paid to be corrected', async () => {
    const { pool } = database
    const { rows: old } = await pool.query<{ agent: string; amount: string }>(
      "SELECT agent_id AS agent, amount FROM settlement_bill WHERE state <> 'void' AND run_no = (SELECT no FROM settlement_run WHERE id = 'run') ORDER BY 1",
    )
    const broadband = demoSchemes.find(({ id }) => id === 'bs-broadband')!
    const spec = { ...(broadband.spec as BusinessScheme), tiers: [{ from: 1, pay: { fixed: 400 } }] }
    const client = await pool.connect()
    const saved = await saveScheme(client, { id: broadband.id, nameZh: 'x', nameEn: 'x', spec, by: 'me', at: AT })
    expect(saved).toMatchObject({ saved: true, version: 2 })
    expect(await releaseScheme(client, broadband.id, 2, 'me', AT)).toBe(true)
    client.release()
    await expect(pool.query("UPDATE settlement_scheme_version SET spec = '{}' WHERE scheme_id = 'bs-broadband'")).rejects.toThrow(
      'keeps its wording',
    )
    expect(await paidOut(pool, 'run')).toBe(true)
    expect(await paidOut(pool, 'run', 'ag-00009')).toBe(false)
    const found = await recompute(pool, { order: 'again', replaces: 'run', at: AT }, noPulse())
    expect(await recompute(pool, { order: 'again', replaces: 'run', at: AT }, noPulse())).toEqual(found)
    expect(found.length).toBeGreaterThan(10)
    const moved = await replaceBills(pool, 'again', AT)
    expect(moved.map(({ agent }) => agent)).toEqual(['ag-00001', 'ag-00002', 'ag-00003'])
    expect(await replaceBills(pool, 'again', AT)).toEqual(moved)
    const { rows: both } = await pool.query<{
      agent: string
      old: string
      new: string
      old_state: string
      state: string
      difference: string | null
    }>(
      `SELECT o.agent_id AS agent, o.amount AS old, n.amount AS new, o.state AS old_state, n.state, n.difference FROM settlement_bill o
        JOIN settlement_bill n ON n.id = o.replaced_by ORDER BY 1`,
    )
    expect(both.map(({ agent, old }) => ({ agent, amount: old }))).toEqual(old)
    for (const { agent, old: was, new: is, ...row } of both) {
      const paid = ['ag-00001', 'ag-00002', 'ag-00003'].includes(agent)
      const difference = BigInt(is) - BigInt(was)
      expect(row).toEqual({ old_state: 'void', state: paid ? 'paid' : 'settled', difference: paid ? String(difference) : null })
      expect(found.find((each) => each.agent === agent)?.difference ?? 0n).toBe(difference)
    }
    await expect(recompute(pool, { order: 'third', replaces: 'run', at: AT }, noPulse())).rejects.toThrow('only a closed run')
  })
  it('takes the approved bonus of an unpaid bill along', async () => {
    const { rows } = await database.pool.query(
      "SELECT b.state, j.amount FROM settlement_adjustment j JOIN settlement_bill b ON b.id = j.bill_id WHERE b.agent_id = 'ag-00004' ORDER BY b.version",
    )
    expect(rows).toEqual([
      { state: 'void', amount: '777' },
      { state: 'settled', amount: '777' },
    ])
  })

  it('settles one agent anew, then the department, each against what holds', async () => {
    const { pool } = database
    const input = { replaces: 'again', at: AT }
    expect(await recompute(pool, { ...input, order: 'part', agent: 'ag-00005' }, noPulse())).toEqual([])
    expect(await replaceBills(pool, 'part', AT)).toEqual([])
    await expect(recompute(pool, { ...input, order: 'part-2', agent: 'ag-00005' }, noPulse())).rejects.toThrow('settle that one anew')
    expect(await recompute(pool, { ...input, order: 'whole' }, noPulse())).toEqual([])
    expect(await replaceBills(pool, 'whole', AT)).toEqual([])
    expect(await differences(pool, 'again')).not.toEqual([])
    const { rows } = await pool.query(
      "SELECT agent_id, count(*)::int AS n FROM settlement_bill WHERE state IN ('settled', 'paid') GROUP BY 1 HAVING count(*) > 1",
    )
    expect(rows).toEqual([])
    const { rows: holds } = await pool.query(
      "SELECT r.id FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no WHERE b.agent_id IN ('ag-00005', 'ag-00006') AND b.state = 'settled' ORDER BY b.agent_id",
    )
    expect(holds).toEqual([{ id: 'part' }, { id: 'whole' }])
  })
})
