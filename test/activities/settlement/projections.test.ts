import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { project } from '../../../activities/projections/index.ts'
import type { Facts } from '../../../activities/facts.ts'
import type { Folded } from '../../../domain/order/rows/fold.ts'
import { closeRun, computeBills } from '../../../activities/settlement/bills.ts'
import { choose } from '../../../activities/settlement/choose.ts'
import { extract } from '../../../activities/settlement/extract.ts'
import { balances, book, subAccount, topUp } from '../../../activities/settlement/ledger.ts'
import { paySupplement } from '../../../activities/settlement/corrections.ts'
import { recompute, replaceBills } from '../../../activities/settlement/rerun.ts'
import { takeAnswer } from '../../../activities/settlement/payout.ts'
import { computeLines } from '../../../activities/settlement/lines.ts'
import { noPulse } from '../../../activities/settlement/shared.ts'
import { write } from '../../../activities/write.ts'
import type { Fact } from '../../../domain/order/spec.ts'
import { generateSettlement } from '../../../prisma/settlement/generate.ts'
import { findRun, openRun } from '../../../prisma/settlement/runs.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const AT = Date.parse('2026-11-02T00:00:00Z')
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const { pool } = database
  await generateSettlement(pool, { rows: 3_000, agents: 10, seed: 2, period: '2026-10' })
  await openRun(pool, { order: 'run', department: 'js-market', period: '2026-10', kind: 'commission', at: AT })
  await extract(pool, 'run', AT)
  await choose(pool, 'run', AT)
  await computeLines(pool, 'run', AT, noPulse())
  await computeBills(pool, 'run')
  await closeRun(pool, 'run', AT)
})
afterAll(() => database.drop())

let moves = 0
/** A move of an order that gives one outcome, written as the recorder writes it. */
async function outcome(
  process: string,
  order: string,
  step: string,
  what: string,
  facts: Record<string, Fact>,
  form: Record<string, Fact> = {},
  n = 1,
) {
  const state = { id: order, process, facts, tasks: { t: { id: 't', step, n, title: step } }, journal: [] }
  const event = { type: 'task-completed', at: AT, actor: { kind: 'person', id: 'me' }, data: { task: 't', outcome: what, form } }
  await apply(order, process, { events: [event], states: [state], state })
}
const close = (process: string, order: string, end: string) => {
  const state = { id: order, process, facts: {}, tasks: {}, journal: [] }
  return apply(order, process, {
    events: [{ type: 'order-closed', at: AT, actor: { kind: 'system', id: 'x' }, data: { end } }],
    states: [state],
    state,
  })
}
async function apply(order: string, process: string, folded: unknown): Promise<void> {
  const { statements } = project(folded as Folded, {} as Facts)
  const { rows } = await database.pool.query<{ seq: number; hash: string }>('SELECT seq, hash FROM orders WHERE id = $1', [order])
  const [at, hash] = [new Date(AT), `h${++moves}`]
  const row = {
    process,
    status: 'open',
    region_path: '/cn/js',
    title: 'x',
    priority: 3,
    seq: (rows[0]?.seq ?? 0) + 1,
    hash,
    state: {},
    opened_at: at,
    updated_at: at,
  }
  const base = rows[0]?.seq ?? 0
  const live = { order, base, seq: row.seq }
  const written = await write(database.pool, { order, base, prev: rows[0]?.hash ?? '' }, row, [], statements, live)
  expect(written).toBe(true)
}
const bill = async (agent: string) =>
  (
    await database.pool.query(
      "SELECT b.* FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no WHERE r.id = 'run' AND b.agent_id = $1",
      [agent],
    )
  ).rows[0]
const entries = async (order: string) =>
  (
    await database.pool.query(
      'SELECT e.kind, l.account_id AS account, l.amount FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id WHERE e.order_id = $1 ORDER BY e.id, l.n',
      [order],
    )
  ).rows

describe('P-62', () => {
  const facts = { run: 'run', agent: 'ag-00001' }

  it('adjusts by what was approved, notes the confirmation, and books what finance paid', async () => {
    const due = BigInt((await bill('ag-00001')).amount)
    await outcome('rebate-payout', 'po', 'propose-adjustment', 'adjusted', facts, {
      adjustment: 'bonus',
      adjustmentAmount: 900,
      adjustmentReason: 'good',
    })
    await outcome('rebate-payout', 'po', 'approve-adjustment', 'rejected', facts)
    await outcome(
      'rebate-payout',
      'po',
      'propose-adjustment',
      'adjusted',
      facts,
      { adjustment: 'fine', adjustmentAmount: 100, adjustmentReason: 'late' },
      2,
    )
    await outcome('rebate-payout', 'po', 'approve-adjustment', 'approved', facts)
    await outcome('rebate-payout', 'po', 'agent-confirm', 'silent', facts)
    await outcome('rebate-payout', 'po', 'pay-out', 'paid', facts, { bankNo: 'B-1' })
    expect(await bill('ag-00001')).toMatchObject({ state: 'paid', confirmed: 'silent' })
    const paid = String(due - 100n)
    expect((await database.pool.query("SELECT state, amount, bank_ref FROM settlement_payout WHERE order_id = 'po'")).rows).toEqual([
      { state: 'paid', amount: paid, bank_ref: 'B-1' },
    ])
    expect(await entries('po')).toEqual([
      { kind: 'settlement', account: 'ag-00001/rebate', amount: paid },
      { kind: 'settlement', account: 'commission', amount: `-${paid}` },
      { kind: 'payout', account: 'transit', amount: paid },
      { kind: 'payout', account: 'ag-00001/rebate', amount: `-${paid}` },
      { kind: 'payout-paid', account: 'bank', amount: paid },
      { kind: 'payout-paid', account: 'transit', amount: `-${paid}` },
    ])
    // told again, and adjusted too late: the order goes on, the money stays where it is
    await outcome('rebate-payout', 'po', 'pay-out', 'paid', facts, { bankNo: 'B-1' })
    await outcome('rebate-payout', 'po2', 'propose-adjustment', 'adjusted', facts, {
      adjustment: 'bonus',
      adjustmentAmount: 5,
      adjustmentReason: 'late',
    })
    expect(await entries('po')).toHaveLength(6)
    expect((await database.pool.query("SELECT FROM settlement_adjustment WHERE id LIKE 'po2/%'")).rowCount).toBe(0)
  })
})

describe('P-62 after a re-settlement', () => {
  it('pays the bill that has taken the place of the run’s own, with what was proposed about the old one', async () => {
    const { pool } = database
    const facts = { run: 'run', agent: 'ag-00005' }
    const old = await bill('ag-00005')
    await outcome('rebate-payout', 'po5', 'propose-adjustment', 'adjusted', facts, {
      adjustment: 'bonus',
      adjustmentAmount: 40,
      adjustmentReason: 'good',
    })
    await recompute(pool, { order: 'again', replaces: 'run', agent: 'ag-00005', at: AT }, noPulse())
    expect(await replaceBills(pool, 'again', AT)).toEqual([])
    await outcome('rebate-payout', 'po5', 'approve-adjustment', 'approved', facts)
    await outcome('rebate-payout', 'po5', 'agent-confirm', 'confirmed', facts)
    await outcome('rebate-payout', 'po5', 'pay-out', 'paid', facts, { bankNo: 'B-5' })
    expect((await bill('ag-00005')).state).toBe('void')
    const { rows } = await pool.query(
      `SELECT b.state, b.confirmed, p.amount FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no JOIN settlement_payout p ON p.bill_id = b.id
        WHERE r.id = 'again'`,
    )
    expect(rows).toEqual([{ state: 'paid', confirmed: 'confirmed', amount: String(BigInt(old.amount) + 40n) }])
  })
})

describe('P-63', () => {
  const facts = { run: 'run', agent: 'ag-00002', amount: 500, reason: 'wrong package' }

  it('pays a supplement', async () => {
    await outcome('commission-correction', 'sup', 'pay-supplement', 'paid', facts, { bankNo: 'B-1' })
    const rows = (await database.pool.query("SELECT direction, amount FROM settlement_correction WHERE id = 'sup'")).rows
    expect(rows).toEqual([{ direction: 'pay', amount: '500' }])
    expect(await entries('sup')).toHaveLength(6)
    expect((await balances(database.pool, 'ag-00002')).rebate).toBe(0n)
    expect((await database.pool.query("SELECT state FROM settlement_correction WHERE id = 'sup'")).rows).toEqual([{ state: 'settled' }])
  })

  it('pays by hand what the bank could not, and what it still has', async () => {
    const { pool } = database
    const later = { agent: 'ag-00004', amount: 300n, reason: 'x', at: AT }
    await paySupplement(pool, { ...later, id: 'sup-failed' })
    await takeAnswer(pool, { payout: 'po-sup-failed', attempt: 1, paid: false }, AT)
    await paySupplement(pool, { ...later, id: 'sup-there' })
    for (const id of ['sup-failed', 'sup-there'])
      for (const _ of [1, 2])
        await outcome('commission-correction', id, 'pay-supplement', 'paid', { ...facts, agent: 'ag-00004', amount: 300 })
    const states = await pool.query("SELECT state FROM settlement_payout WHERE id LIKE 'po-sup-%' AND agent_id = 'ag-00004'")
    expect(states.rows).toEqual([{ state: 'paid' }, { state: 'paid' }])
    expect((await balances(pool, 'ag-00004')).rebate).toBe(0n)
    const { rows } = await pool.query("SELECT coalesce(sum(amount), 0)::text AS sum FROM ledger_line WHERE account_id = 'transit'")
    expect(rows).toEqual([{ sum: '0' }])
  })

  it('collects what is there and deducts the rest later, never more than is due', async () => {
    const client = await database.pool.connect()
    await client.query('BEGIN')
    await topUp(client, 'ag-00002', 'prepaid', 200n, 'a', AT)
    await topUp(client, 'ag-00002', 'deposit', 1_000n, 'b', AT)
    await client.query('COMMIT')
    client.release()
    await outcome('commission-correction', 'back', 'collect-back', 'collected', facts, { from: 'prepaid' })
    await outcome('commission-correction', 'back', 'deduct-later', 'deducted', facts, { from: 'rebate' })
    const row = async () =>
      (await database.pool.query("SELECT from_prepaid, from_deposit, state FROM settlement_correction WHERE id = 'back'")).rows[0]
    expect(await row()).toEqual({ from_prepaid: '200', from_deposit: '0', state: 'open' })
    await outcome('commission-correction', 'back', 'deduct-later', 'deducted', facts, { from: 'deposit' }, 2)
    expect(await row()).toEqual({ from_prepaid: '200', from_deposit: '300', state: 'settled' })
    expect(await balances(database.pool, 'ag-00002')).toEqual({ rebate: 0n, prepaid: 0n, deposit: 700n })
  })
})

describe('P-63 in turn', () => {
  it('takes from rebate and prepaid first, later the rest from the deposit; told twice it takes once', async () => {
    const { pool } = database
    const facts = { run: 'run', agent: 'ag-00003', amount: 900, reason: 'wrong package' }
    const client = await pool.connect()
    await client.query('BEGIN')
    await book(client, {
      ref: 'seed/3',
      kind: 'settlement',
      at: AT,
      moves: [{ from: 'commission', to: subAccount('ag-00003', 'rebate'), amount: 100n }],
    })
    await topUp(client, 'ag-00003', 'prepaid', 250n, 'c', AT)
    await topUp(client, 'ag-00003', 'deposit', 1_000n, 'd', AT)
    await client.query('COMMIT')
    client.release()
    for (const _ of [1, 2]) await outcome('commission-correction', 'turn', 'collect-back', 'collected', facts, { from: 'in-turn' })
    const row = async () =>
      (await pool.query("SELECT from_rebate, from_prepaid, from_deposit, state FROM settlement_correction WHERE id = 'turn'")).rows[0]
    expect(await row()).toEqual({ from_rebate: '100', from_prepaid: '250', from_deposit: '0', state: 'open' })
    await outcome('commission-correction', 'turn', 'deduct-later', 'deducted', facts, { from: 'in-turn' })
    expect(await row()).toEqual({ from_rebate: '100', from_prepaid: '250', from_deposit: '550', state: 'settled' })
    expect(await balances(pool, 'ag-00003')).toEqual({ rebate: 0n, prepaid: 0n, deposit: 450n })
    expect((await pool.query('SELECT sum(amount)::text AS sum FROM ledger_line')).rows).toEqual([{ sum: '0' }])
  })
})

describe('the end of an order', () => {
  it('frees the agents of a run that comes to nothing, and leaves a closed one alone', async () => {
    const { pool } = database
    await generateSettlement(pool, { rows: 500, agents: 10, seed: 2, period: '2026-09' })
    await openRun(pool, { order: 'stops', department: 'js-market', period: '2026-09', kind: 'commission', at: AT })
    await extract(pool, 'stops', AT)
    await choose(pool, 'stops', AT)
    await close('settlement-unified', 'stops', 'stopped')
    expect((await findRun(pool, 'stops'))!.state).toBe('stopped')
    expect(await openRun(pool, { order: 'next', department: 'js-market', period: '2026-09', kind: 'commission', at: AT })).toBe('opened')
    await extract(pool, 'next', AT)
    expect((await choose(pool, 'next', AT)).skipped.filter(({ reason }) => reason === 'settled-elsewhere')).toEqual([])
    await close('settlement-unified', 'run', 'withdrawn')
    expect((await findRun(pool, 'run'))!.state).toBe('closed')
  })
})
