/** A billing period settled on the real engine: run, review by two, payout of each agent, re-settlement after a scheme change. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bankRound, fileBank } from '../../activities/settlement/bank.ts'
import type { OrderState } from '../../domain/order/state.ts'
import type { BusinessScheme } from '../../domain/settlement/scheme.ts'
import { demoSchemes } from '../../prisma/settlement/demo-schemes.ts'
import { generateSettlement } from '../../prisma/settlement/generate.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { tellBy } from '../../worker/tell.ts'
import { type Caller, doStep, openWorld, until, type World } from '../support/world.ts'

type Item = Record<string, any>

const PERIOD = '2026-10'
let world: World
let clerk: Caller
const sql = async (text: string, ...values: unknown[]) => (await world.db.pool.query(text, values)).rows as Item[]
const start = async (who: Caller, process: string, input: Item): Promise<string> => {
  const { status, body } = await who.post<Item>('/orders', { process, title: 'Settlement', input })
  expect([status, body]).toEqual([201, expect.objectContaining({ order: expect.any(String) })])
  return body.order as string
}
const children = async (order: string): Promise<Item[]> => sql('SELECT id, state FROM orders WHERE parent_id = $1 ORDER BY id', order)
/** Engine events of all runs of an order. */
const eventsOf = async (order: string): Promise<number> => Number((await world.client.workflow.getHandle(order).describe()).historyLength)

beforeAll(async () => {
  world = await openWorld()
  world.patience = 60_000
  await sql('DELETE FROM delegation; DELETE FROM absence')
  await generateSettlement(world.db.pool, { rows: 2_000, agents: 4, seed: 7, period: PERIOD })
  await sql(
    `INSERT INTO staff (id, login, name_zh, name_en, password_hash, unit_id, region_path)
     SELECT 'p-' || unit_id, 'p-' || unit_id, '店主', 'Owner', 'x', unit_id, region_path FROM agent WHERE id LIKE 'ag-%'`,
  )
  await sql(`INSERT INTO staff_role (staff_id, role, unit_id) SELECT 'p-' || unit_id, 'agent', unit_id FROM agent WHERE id LIKE 'ag-%'`)
  clerk = world.as(person('settlement').id)
})
afterAll(() => world.close())

describe('a billing period', () => {
  let run: string
  let bills: Item[]

  it('is settled, reviewed by two who did not open it, and closed', async () => {
    run = await start(clerk, 'settlement-unified', { department: 'js-market', period: PERIOD, kind: 'commission' })
    const computed = await until(world, run, ({ tasks }) => Object.values(tasks).some(({ step }) => step === 'review-bills'), 'the review')
    expect(Object.values(computed.tasks).find(({ step }) => step === 'review-bills')!.parties).toMatchObject({ market: {}, finance: {} })
    const progress = (await clerk.get<Item>(`/settlement-runs/${run}`)).body
    expect(progress).toMatchObject({ state: 'computed', progress: { done: progress.progress.total } })
    const second = await start(clerk, 'settlement-unified', { department: 'js-market', period: PERIOD, kind: 'commission' })
    expect((await until(world, second, ({ status }) => status === 'closed', 'the second is refused')).end).toBe('refused')

    await doStep(world, run, 'review-bills', 'passed')
    expect((await until(world, run, ({ status }) => status === 'closed', 'it ends')).end).toBe('settled')
    bills = (await clerk.get<Item>(`/bills?run=${run}`)).body.items
    expect(bills.length).toBeGreaterThan(2)
    expect(new Set(bills.map(({ state }) => state))).toEqual(new Set(['settled']))
    expect(await eventsOf(run)).toBeLessThanOrEqual(150)
  })

  it('pays each agent once he has confirmed, and none waits for another', async () => {
    const [parent] = (await vi.waitUntil(async () => {
      const found = await sql("SELECT id FROM orders WHERE process = 'rebate-payout' AND started_by = $1", run)
      return found.length === 1 && found
    }, 30_000)) as [Item]
    const each = await vi.waitUntil(async () => {
      const found = await children(parent.id)
      return found.length === bills.length && found
    }, 30_000)
    const folder = mkdtempSync(join(tmpdir(), 'paidan-bank-'))
    const bank = fileBank(folder)
    const round = () => bankRound(world.db.pool, bank, tellBy(world.client), Date.now())
    for (const { id, state } of each) {
      await doStep(world, id, 'propose-adjustment', 'none')
      // His own people confirm, and see his bill alone.
      const own = world.as(`p-${state.facts.agent}`)
      expect((await own.get<Item>('/bills')).body.items.map(({ agent }: Item) => agent)).toEqual([state.facts.agent])
      await doStep(world, id, 'agent-confirm', 'confirmed')
      if (id === each[0]!.id) {
        // By the bank, which can't the first time: finance has it again with the reason, and hands it over once more.
        for (const [attempt, said] of ['failed,,account closed', 'paid,B-77,'].entries()) {
          await doStep(world, id, 'pay-out', 'sent')
          await vi.waitUntil(async () => (await round()).sent === 1, 20_000)
          const payout = `po-${bills.find(({ agent }) => agent === state.facts.agent)!.id}`
          writeFileSync(join(folder, 'in', `${attempt}.csv`), `payout,attempt,result,bank_ref,error\n${payout},${attempt + 1},${said}\n`)
          expect(await round()).toEqual({ sent: 0, answered: 1, told: 1 })
          const answered = ({ journal }: OrderState) => journal.filter((entry) => 'step' in entry && entry.step === 'bank-answer')
          const after = await until(world, id, (now) => answered(now).length > attempt, 'the order hears of it')
          expect(answered(after).at(-1)).toMatchObject(
            attempt === 0 ? { outcome: 'failed', data: { reason: 'account closed' } } : { outcome: 'paid', data: { bankNo: 'B-77' } },
          )
        }
      } else await doStep(world, id, 'pay-out', 'paid', { bankNo: `B-${state.facts.agent}` })
      await until(world, id, ({ status }) => status === 'closed', 'he is paid')
    }
    rmSync(folder, { recursive: true })
    expect((await until(world, parent.id, ({ status }) => status === 'closed', 'all are paid')).end).toBe('paid')
    const [sum] = await sql('SELECT sum(amount)::text AS asked, count(*)::int AS n FROM settlement_payout')
    expect(sum).toEqual({ asked: String(bills.reduce((total, { amount }) => total + amount, 0)), n: bills.length })
    expect(await sql('SELECT sum(amount)::text AS sum FROM ledger_line')).toEqual([{ sum: '0' }])
  })

  it('is settled anew after a scheme change; what was paid stays, and the difference becomes corrections', async () => {
    const broadband = demoSchemes.find(({ id }) => id === 'bs-broadband')!.spec as BusinessScheme
    const spec = { ...broadband, tiers: [{ from: 1, pay: { fixed: 400 } }] }
    const name = { zh: '宽带', en: 'Broadband' }
    expect((await clerk.post('/schemes/bs-broadband', { name, spec })).status).toBe(201)
    expect((await world.as(person('market').id).post('/schemes/bs-broadband/releases', { version: 2 })).status).toBe(201)
    const again = await start(clerk, 'settlement-rerun', { run, reason: 'scheme changed' })
    await doStep(world, again, 'request-rerun', 'requested')
    await doStep(world, again, 'approve-rerun', 'approved')
    await until(world, again, ({ tasks }) => Object.values(tasks).some(({ step }) => step === 'compare'), 'the comparison')
    const { items } = (await clerk.get<Item>(`/settlement-runs/${again}/differences`)).body
    expect(items.length).toBeGreaterThan(0)
    expect(items.every(({ paid, before, after, difference }: Item) => paid && difference === after - before)).toBe(true)
    await doStep(world, again, 'compare', 'accepted')
    await until(world, again, ({ tasks }) => Object.values(tasks).some(({ step }) => step === 'correct-payout'), 'the correction')
    expect((await clerk.get<Item>(`/bills?run=${run}&limit=200`)).body.items.filter(({ state }: Item) => state === 'void')).toHaveLength(
      items.length,
    )

    const correction = (await vi.waitUntil(async () => (await children(again))[0], 30_000)).id as string
    const each = await vi.waitUntil(async () => {
      const found = await children(correction)
      return found.length === items.length && found
    }, 30_000)
    for (const { id, state } of each) {
      const { agent, direction, amount } = state.facts
      const due = items.find((item: Item) => item.agent === agent).difference as number
      expect([direction, amount]).toEqual([due < 0 ? 'claw-back' : 'supplement', Math.abs(due)])
      await doStep(world, id, 'request-correction', 'requested', { agent, direction, amount })
      await doStep(world, id, 'approve-correction', due < 0 ? 'claw-back' : 'pay')
      if (due > 0) await doStep(world, id, 'pay-supplement', 'paid', { bankNo: `S-${agent}` })
      else {
        await doStep(world, id, 'notify-agent', 'agreed')
        // All has been paid out: no account covers it, and nobody may say that one did.
        await expect(doStep(world, id, 'collect-back', 'collected', { from: 'in-turn' })).rejects.toThrow(/there are 0\.00 of [\d.]+ yuan/)
        await doStep(world, id, 'collect-back', 'collected', { from: 'cash', bankNo: `C-${agent}` })
      }
    }
    expect((await until(world, again, ({ status }) => status === 'closed', 'it ends')).end).toBe('resettled')
    // What was paid is as it was; only the difference has moved beside it.
    const payouts = await sql('SELECT sum(amount)::text AS asked FROM settlement_payout WHERE bill_id IS NOT NULL')
    expect(payouts).toEqual([{ asked: String(bills.reduce((total, { amount }) => total + amount, 0)) }])
    const moved = await sql(
      "SELECT agent_id AS agent, CASE direction WHEN 'pay' THEN amount ELSE -amount END::text AS fen FROM settlement_correction",
    )
    expect(Object.fromEntries(moved.map(({ agent, fen }) => [agent, Number(fen)]))).toEqual(
      Object.fromEntries(items.map(({ agent, difference }: Item) => [agent, difference])),
    )
    expect(await sql('SELECT sum(amount)::text AS sum FROM ledger_line')).toEqual([{ sum: '0' }])
  })
})
