import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openRun } from '../../../prisma/settlement/runs.ts'
import type { Fact } from '../../../domain/order/spec.ts'
import { generateSettlement } from '../../../prisma/settlement/generate.ts'
import { bankSteps } from '../../../activities/settlement/at-bank.ts'
import { bankRound, fileBank, sendPayouts, takeAnswers, tellAnswers, type Tell } from '../../../activities/settlement/bank.ts'
import { closeRun, computeBills } from '../../../activities/settlement/bills.ts'
import { choose } from '../../../activities/settlement/choose.ts'
import { clawBack, collectCash, paySupplement } from '../../../activities/settlement/corrections.ts'
import { extract } from '../../../activities/settlement/extract.ts'
import { balances, book, subAccount, topUp } from '../../../activities/settlement/ledger.ts'
import { computeLines } from '../../../activities/settlement/lines.ts'
import { askAgain, payBill, takeAnswer } from '../../../activities/settlement/payout.ts'
import { noPulse } from '../../../activities/settlement/shared.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const AT = Date.parse('2026-11-02T00:00:00Z')
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await generateSettlement(database.pool, { rows: 6_000, agents: 30, seed: 9, period: '2026-10' })
  const { pool } = database
  await openRun(pool, { order: 'run', department: 'js-market', period: '2026-10', kind: 'commission', at: AT })
  await extract(pool, 'run', AT)
  await choose(pool, 'run', AT)
  await computeLines(pool, 'run', AT, noPulse())
  await computeBills(pool, 'run')
  await closeRun(pool, 'run', AT)
})
afterAll(() => database.drop())

let agent: string
let made = 0
beforeEach(async () => {
  agent = `ag-test-${++made}`
  await database.pool.query(
    `INSERT INTO agent (id, no, name_zh, name_en, type, level_id, department_id, region_path) VALUES ($1, $1, $1, $1, 'dealer', 'gold', 'js-market', '/cn/js')`,
    [agent],
  )
})

async function within<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await database.pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

const credit = (to: string, amount: bigint, ref = `credit/${to}/${Math.random()}`) =>
  within((client) => book(client, { ref, kind: 'settlement', at: AT, moves: [{ from: 'commission', to, amount }] }))

const billOf = async (id: string) => {
  const { rows } = await database.pool.query<{ id: string; amount: string; state: string }>(
    "SELECT id, amount, state FROM settlement_bill WHERE agent_id = $1 AND state <> 'void' AND run_no = (SELECT no FROM settlement_run WHERE id = 'run')",
    [id],
  )
  return rows[0]!
}

/** Every entry, every account. */
async function soundLedger(): Promise<void> {
  const { rows } = await database.pool.query<{ what: string }>(
    `SELECT 'entry ' || entry_id AS what FROM ledger_line GROUP BY entry_id HAVING sum(amount) <> 0 OR count(*) < 2
     UNION ALL SELECT 'account ' || a.id FROM ledger_account a LEFT JOIN ledger_line l ON l.account_id = a.id
      WHERE a.balance IS NOT NULL GROUP BY a.id HAVING a.balance <> coalesce(sum(l.amount), 0)`,
  )
  expect(rows).toEqual([])
}

describe('the ledger', () => {
  it('refuses what is out of balance, a change, and a later line', async () => {
    const entry = (ref: string, lines: string) =>
      within(async (client) => {
        const { rows } = await client.query<{ id: string }>(
          "INSERT INTO ledger_entry (ref, kind, at, tx) VALUES ($1, 'top-up', now(), 0) RETURNING id",
          [ref],
        )
        if (lines)
          await client.query(`INSERT INTO ledger_line (entry_id, n, account_id, amount) SELECT $1, l.* FROM (VALUES ${lines}) l`, [
            rows[0]!.id,
          ])
        return rows[0]!.id
      })
    await expect(entry('x/1', `(1, '${agent}/rebate', 5::bigint), (2, 'bank', -4)`)).rejects.toThrow('1 fen out of balance')
    await expect(entry('x/2', '')).rejects.toThrow('has 0 lines')
    const id = await entry('x/3', `(1, '${agent}/rebate', 5::bigint), (2, 'bank', -5)`)
    for (const sql of [
      `UPDATE ledger_line SET amount = 6 WHERE entry_id = ${id}`,
      `DELETE FROM ledger_line WHERE entry_id = ${id}`,
      `UPDATE ledger_entry SET memo = 'x' WHERE id = ${id}`,
      `INSERT INTO ledger_line VALUES (${id}, 3, 'bank', 7), (${id}, 4, 'cash', -7)`,
      `UPDATE ledger_account SET balance = 9 WHERE id = '${agent}/rebate'`,
    ])
      await expect(database.pool.query(sql), sql).rejects.toThrow(/append-only|is booked|follows from its lines/)
    expect((await balances(database.pool, agent)).rebate).toBe(5n)
  })

  it('is balanced, and no sub-account below nothing, whatever is booked in whatever order', async () => {
    const kinds = ['rebate', 'prepaid', 'deposit'] as const
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ from: fc.integer({ min: 0, max: 5 }), to: fc.integer({ min: 0, max: 5 }), amount: fc.integer({ min: 1, max: 500 }) }),
          { maxLength: 12 },
        ),
        async (moves) => {
          const accounts = [...kinds.map((kind) => subAccount(agent, kind)), 'commission', 'bank', 'cash']
          const results = await Promise.allSettled(
            moves.map(({ from, to, amount }) =>
              within((client) =>
                book(client, {
                  ref: `p/${Math.random()}`,
                  kind: 'top-up',
                  at: AT,
                  moves: [{ from: accounts[from]!, to: accounts[to]!, amount: BigInt(amount) }],
                }),
              ),
            ),
          )
          // refused for want of money alone, not because two waited for each other
          for (const result of results) if (result.status === 'rejected') expect(String(result.reason)).toContain('not_overdrawn')
          for (const balance of Object.values(await balances(database.pool, agent))) expect(balance).toBeGreaterThanOrEqual(0n)
        },
      ),
      { numRuns: 12 },
    )
    await soundLedger()
  })

  it('books the same thing once', async () => {
    const once = await Promise.all(Array.from({ length: 5 }, () => credit(subAccount(agent, 'rebate'), 100n, `once/${agent}`)))
    expect(once.filter(Boolean)).toHaveLength(1)
    expect((await balances(database.pool, agent)).rebate).toBe(100n)
  })
})

describe('payout', () => {
  it('cannot overdraw, however many come at once', async () => {
    await credit(subAccount(agent, 'rebate'), 1_000n)
    const take = (i: number) =>
      within((client) =>
        book(client, {
          ref: `take/${agent}/${i}`,
          kind: 'payout',
          at: AT,
          moves: [{ from: subAccount(agent, 'rebate'), to: 'transit', amount: 300n }],
        }),
      )
    const results = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => take(i)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const result of results) if (result.status === 'rejected') expect(String(result.reason)).toContain('ledger_account_not_overdrawn')
    expect((await balances(database.pool, agent)).rebate).toBe(100n)
  })

  it('pays a bill once, with its adjustments, and repeats what failed until it is settled', async () => {
    const { pool } = database
    const folder = mkdtempSync(join(tmpdir(), 'paidan-bank-'))
    try {
      const bank = fileBank(folder)
      const bill = await billOf('ag-00001')
      const adjust = (id: string, amount: number, state: string) =>
        pool.query(
          `INSERT INTO settlement_adjustment (id, bill_id, amount, reason, state, proposed_by, proposed_at) VALUES ($1, $2, $3, 'test', $4, 'me', now())`,
          [id, bill.id, amount, state],
        )
      await adjust('bonus', 5_000, 'approved')
      await adjust('fine', -700, 'approved')
      await adjust('not-yet', 9_999, 'rejected')
      const asked = await Promise.all(Array.from({ length: 4 }, () => payBill(pool, { bill: bill.id, order: 'p-62', at: AT })))
      const due = BigInt(bill.amount) + 4_300n
      for (const payout of asked) expect(payout).toMatchObject({ id: `po-${bill.id}`, amount: String(due), state: 'asked', attempt: 1 })
      await expect(adjust('late', 1, 'proposed')).rejects.toThrow("can't be adjusted")
      expect(await sendPayouts(pool, bank, AT)).toBe(1)
      expect(await sendPayouts(pool, bank, AT)).toBe(0)
      const [file] = readdirSync(join(folder, 'out')) as [string]
      expect(readFileSync(join(folder, 'out', file), 'utf8')).toContain(`"po-${bill.id}","1"`)

      const answer = (line: string) => writeFileSync(join(folder, 'in', 'a.csv'), `payout,attempt,result,bank_ref,error\n${line}\n`)
      answer(`po-${bill.id},1,failed,,account closed`)
      expect(await takeAnswers(pool, bank, AT)).toBe(1)
      const told: unknown[] = []
      const tell: Tell = (order, fact) => Promise.resolve(told.push({ order, ...fact }) > 1 ? 'told' : 'ended')
      // An order that the engine does not have is told again later, and what is told is not told twice.
      for (const count of [0, 1, 0]) expect(await tellAnswers(pool, tell, AT)).toBe(count)
      const facts = { bankResult: 'failed', bankReason: 'account closed' }
      expect(told).toEqual([1, 2].map(() => ({ order: 'p-62', kind: 'payout', id: `po-${bill.id}/1`, facts })))
      expect((await balances(pool, 'ag-00001')).rebate).toBe(due)
      expect(await askAgain(pool, `po-${bill.id}`, AT)).toMatchObject({ attempt: 2, state: 'asked' })
      expect(await askAgain(pool, `po-${bill.id}`, AT)).toMatchObject({ attempt: 2 })
      await sendPayouts(pool, bank, AT)
      // late: of the first attempt
      await takeAnswer(pool, { payout: `po-${bill.id}`, attempt: 1, paid: false }, AT)
      answer(`po-${bill.id},2,paid,B-77,`)
      await takeAnswers(pool, bank, AT)
      answer(`po-${bill.id},2,paid,B-77,`)
      await takeAnswers(pool, bank, AT)
      expect(await tellAnswers(pool, tell, AT)).toBe(1)
      expect((await balances(pool, 'ag-00001')).rebate).toBe(0n)
      expect((await billOf('ag-00001')).state).toBe('paid')
      const { rows } = await pool.query(
        "SELECT account_id, sum(amount)::text AS sum FROM ledger_line WHERE account_id IN ('bank', 'transit') AND entry_id IN (SELECT id FROM ledger_entry WHERE order_id = 'p-62') GROUP BY 1 ORDER BY 1",
      )
      expect(rows).toEqual([
        { account_id: 'bank', sum: String(due) },
        { account_id: 'transit', sum: '0' },
      ])
      await soundLedger()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('the bank', () => {
  it('has one worker at a time; what it writes wrongly is put aside', async () => {
    const { pool } = database
    const folder = mkdtempSync(join(tmpdir(), 'paidan-bank-'))
    try {
      const bank = fileBank(folder)
      const bill = await billOf('ag-00002')
      await payBill(pool, { bill: bill.id, at: AT })
      const id = `po-${bill.id}`
      const nobody: Tell = () => Promise.reject(new Error('no order waits for this payout'))
      const both = await Promise.all([bankRound(pool, bank, nobody, AT), bankRound(pool, bank, nobody, AT)])
      expect(both.map(({ sent }) => sent).sort((a, b) => a - b)).toEqual([0, 1])
      const answer = (name: string, line: string) =>
        writeFileSync(join(folder, 'in', name), `payout,attempt,result,bank_ref,error\n${line}\n`)
      answer('a.csv', `${id},1,perhaps,,`)
      answer('b.csv', 'po-nobody,1,paid,B-1,')
      answer('c.csv', `${id},1,failed,,account closed`)
      expect(await bankRound(pool, bank, nobody, AT)).toEqual({ answered: 1, sent: 0, told: 0 })
      expect(readdirSync(join(folder, 'in'))).toEqual([])
      expect(readdirSync(join(folder, 'taken'))).toEqual(['c.csv'])
      expect(readdirSync(join(folder, 'rejected'))).toEqual(['a.csv', 'a.csv.reason.txt', 'b.csv', 'b.csv.reason.txt'])
      expect(readFileSync(join(folder, 'rejected', 'a.csv.reason.txt'), 'utf8')).toContain('line 2')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('what an order asks of the bank', () => {
  const input = (task: string, facts: Record<string, Fact>, order = 'po-3') => ({
    order,
    task,
    process: 'rebate-payout',
    step: 'bank-answer',
    facts,
    at: AT,
  })
  const opens = (order: string, task: string) =>
    database.pool.query(
      `INSERT INTO orders (id, process, status, region_path, title, priority, seq, hash, state, opened_at, updated_at)
       VALUES ($1, 'x', 'open', '/cn/js', 'x', 3, 1, 'h', jsonb_build_object('tasks', jsonb_build_object($2::text, '{}'::jsonb)), now(), now())
       ON CONFLICT (id) DO UPDATE SET state = excluded.state`,
      [order, task],
    )
  const byBill = bankSteps['rebate-payout/bank-answer']
  const bySupplement = bankSteps['commission-correction/bank-answer']
  const payout = async (id: string) =>
    (await database.pool.query('SELECT state, attempt FROM settlement_payout WHERE id = $1', [id])).rows[0]

  it('is asked once for each opening of the step, and never beside a person who has taken it over', async () => {
    const { pool } = database
    const bill = await billOf('ag-00003')
    const facts = { run: 'run', agent: 'ag-00003' }
    const id = `po-${bill.id}`
    await opens('po-3', 'pay-out.2')
    expect(await byBill(pool, input('bank-answer.1', facts))).toEqual({})
    expect(await payout(id)).toBeUndefined()
    await opens('po-3', 'bank-answer.1')
    for (const _ of [1, 2]) expect(await byBill(pool, input('bank-answer.1', facts))).toEqual({})
    expect(await payout(id)).toEqual({ state: 'asked', attempt: 1 })
    await takeAnswer(pool, { payout: id, attempt: 1, paid: false, error: 'account closed' }, AT)
    // The same opening again: its attempt has been answered.
    await byBill(pool, input('bank-answer.1', facts))
    expect(await payout(id)).toEqual({ state: 'failed', attempt: 1 })
    await opens('po-3', 'bank-answer.2')
    for (const _ of [1, 2]) await byBill(pool, input('bank-answer.2', facts))
    expect(await payout(id)).toEqual({ state: 'asked', attempt: 2 })
    await takeAnswer(pool, { payout: id, attempt: 2, paid: false }, AT)
    // Taken back meanwhile: nothing is left to pay it from, and finance is told why.
    await clawBack(pool, { id: 'taken-back', agent: 'ag-00003', amount: BigInt(bill.amount), reason: 'test', at: AT })
    await opens('po-3', 'bank-answer.3')
    expect(await byBill(pool, input('bank-answer.3', facts))).toMatchObject({
      outcome: 'failed',
      form: { reason: expect.stringContaining('P-63') },
    })
    expect(await payout(id)).toEqual({ state: 'failed', attempt: 2 })
    await soundLedger()
  })

  it('is asked for a supplement the same way', async () => {
    const { pool } = database
    await opens('sup-bank', 'bank-answer.1')
    const asking = input('bank-answer.1', { agent: 'ag-00004', amount: 700, reason: 'short' }, 'sup-bank')
    for (const _ of [1, 2]) expect(await bySupplement(pool, asking)).toEqual({})
    await takeAnswer(pool, { payout: 'po-sup-bank', attempt: 1, paid: true, bankRef: 'B-sup' }, AT)
    expect(await bySupplement(pool, asking)).toEqual({ outcome: 'paid', form: { bankNo: 'B-sup' } })
    expect((await pool.query("SELECT state FROM settlement_correction WHERE id = 'sup-bank'")).rows).toEqual([{ state: 'settled' }])
    await soundLedger()
  })
})

describe('correction', () => {
  const correction = (id: string, amount: bigint) => ({ id: `${id}-${agent}`, agent, amount, reason: 'test', at: AT })

  it('claws back from rebate, prepaid and deposit in turn, then later and in cash, never more than is due', async () => {
    const { pool } = database
    await credit(subAccount(agent, 'rebate'), 100n)
    await within((client) => topUp(client, agent, 'prepaid', 50n, `${agent}-1`, AT))
    await within((client) => topUp(client, agent, 'deposit', 30n, `${agent}-2`, AT))
    const input = correction('c', 200n)
    expect(await clawBack(pool, input, 1, ['rebate', 'prepaid'])).toEqual({
      taken: { rebate: 100n, prepaid: 50n, deposit: 0n, cash: 0n },
      left: 50n,
    })
    expect(await clawBack(pool, input, 1)).toMatchObject({ left: 50n })
    expect(await clawBack(pool, input, 2)).toEqual({ taken: { rebate: 100n, prepaid: 50n, deposit: 30n, cash: 0n }, left: 20n })
    await credit(subAccount(agent, 'rebate'), 5n)
    expect(await clawBack(pool, input, 3)).toMatchObject({ left: 15n })
    expect(await collectCash(pool, input, 100n, `${agent}-r`)).toMatchObject({ taken: { cash: 15n }, left: 0n })
    expect(await collectCash(pool, input, 100n, `${agent}-r`)).toMatchObject({ left: 0n })
    expect(await balances(pool, agent)).toEqual({ rebate: 0n, prepaid: 0n, deposit: 0n })
    await soundLedger()
  })

  it('never touches the original payout', async () => {
    const { pool } = database
    const bill = await billOf('ag-00002')
    const payout = (await payBill(pool, { bill: bill.id, at: AT }))!
    await takeAnswer(pool, { payout: payout.id, attempt: 1, paid: true, bankRef: 'B-2' }, AT)
    const read = async () =>
      (
        await pool.query(
          'SELECT to_jsonb(p) AS p, to_jsonb(b) AS b FROM settlement_payout p JOIN settlement_bill b ON b.id = p.bill_id WHERE p.id = $1',
          [payout.id],
        )
      ).rows
    const before = await read()
    const supplement = { ...correction('s', 60n), agent: 'ag-00002', bill: bill.id }
    const paid = await Promise.all([paySupplement(pool, supplement), paySupplement(pool, supplement)])
    expect(paid[0].id).toBe(paid[1].id)
    await takeAnswer(pool, { payout: paid[0].id, attempt: 1, paid: true }, AT)
    await within((client) => topUp(client, 'ag-00002', 'deposit', 500n, 'dep-2', AT))
    await clawBack(pool, { ...correction('b', 40n), agent: 'ag-00002', bill: bill.id })
    expect(await read()).toEqual(before)
    for (const sql of [
      `UPDATE settlement_payout SET amount = 1 WHERE id = '${payout.id}'`,
      `DELETE FROM settlement_payout WHERE id = '${payout.id}'`,
    ])
      await expect(pool.query(sql)).rejects.toThrow("can't be changed")
  })
})
