import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { automaticSteps, doAutomatic } from '../../../activities/automatic/index.ts'
import { balances } from '../../../activities/settlement/ledger.ts'
import { endOfPeriod } from '../../../activities/settlement/events.ts'
import { checkForm } from '../../../domain/order/form.ts'
import type { Fact } from '../../../domain/order/spec.ts'
import { specOf } from '../../../domain/processes/index.ts'
import type { BusinessScheme, CompositeScheme } from '../../../domain/settlement/scheme.ts'
import { completeLoad, generateSettlement } from '../../../prisma/settlement/generate.ts'
import { releaseScheme, saveScheme } from '../../../prisma/settlement/schemes.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const AT = Date.parse('2026-11-02T00:00:00Z')
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await generateSettlement(database.pool, { rows: 3_000, agents: 10, seed: 1, period: '2026-10' })
})
afterAll(() => database.drop())

/** A step, done twice as after a lost answer: both say the same. */
async function twice(process: string, order: string, step: string, facts: Record<string, Fact>, at = AT, task = step) {
  const input = { order, task, process, step, facts, at }
  const first = await doAutomatic(database.pool, input)
  expect(await doAutomatic(database.pool, input)).toEqual(first)
  return first
}

/** The outcome is one of the specification, and its form takes what the step filled in. */
function fits(process: string, step: string, { outcome, form }: { outcome?: string; form?: Readonly<Record<string, Fact>> }): void {
  const found = specOf(process).steps[step]?.outcomes[outcome ?? '']
  expect(found, `${process}/${step}=${outcome}`).toBeDefined()
  expect(() => checkForm(found!.form ?? {}, form ?? {}), `${process}/${step}=${outcome}`).not.toThrow()
}

async function walk(process: string, order: string, facts: Record<string, Fact>, steps: Record<string, string>) {
  let last: Awaited<ReturnType<typeof doAutomatic>> = {}
  for (const [step, outcome] of Object.entries(steps)) {
    last = await twice(process, order, step, facts)
    expect(last, step).toMatchObject({ outcome })
    fits(process, step, last)
  }
  return last
}

const facts = { department: 'js-market', period: '2026-10', kind: 'commission' }

describe('the steps of the settlements', () => {
  it('are all there that the specifications leave to the machine', () => {
    const left = ['unified', 'single', 'special', 'real-time', 'rerun'].flatMap((name) =>
      Object.entries(specOf(`settlement-${name}`).steps).flatMap(([step, { automatic }]) =>
        automatic ? [`settlement-${name}/${step}`] : [],
      ),
    )
    expect(
      Object.keys(automaticSteps)
        .filter((key) => key.startsWith('settlement-'))
        .sort(),
    ).toEqual(left.sort())
  })

  it('settle one agent, then the others of the department, then both anew', async () => {
    const single = { ...facts, agent: 'ag-00002' }
    const closed = await walk('settlement-single', 'one', single, {
      'open-run': 'opened',
      'extract-users': 'complete',
      'choose-scheme': 'found',
      'compute-bills': 'computed',
      'close-run': 'closed',
    })
    expect(closed.form).toEqual({ agents: ['ag-00002'] })
    expect(await twice('settlement-single', 'two', 'open-run', single)).toEqual({ outcome: 'already-settled', form: { run: 'one' } })
    const all = await walk('settlement-unified', 'all', facts, {
      'open-run': 'opened',
      'extract-users': 'complete',
      'choose-schemes': 'some-without',
      'compute-user-bills': 'computed',
      'compute-agent-bills': 'computed',
      'close-run': 'closed',
    })
    expect(all.form?.agents).not.toContain('ag-00002')
    expect(all.form?.agents).not.toContain('ag-00007')
    expect(await twice('settlement-unified', 'other', 'open-run', facts)).toEqual({ outcome: 'already-open', form: { run: 'all' } })
    await walk(
      'settlement-rerun',
      'anew',
      { run: 'all', reason: 'why' },
      { 'check-payout': 'not-paid', recompute: 'computed', 'replace-bills': 'no-difference-paid' },
    )
  })

  it('settle specially beside the ordinary run', async () => {
    const special = { ...facts, agents: ['ag-00007', 'ag-00001'], scheme: 'cs-basic', reason: 'campaign' }
    await walk('settlement-special', 'special', special, { 'extract-users': 'complete', 'compute-special': 'computed' })
    const { rows } = await database.pool.query(
      "SELECT agent_id, special, state FROM settlement_bill WHERE id LIKE 'sb-%' AND special ORDER BY 1",
    )
    expect(rows).toEqual([
      { agent_id: 'ag-00001', special: true, state: 'computed' },
      { agent_id: 'ag-00007', special: true, state: 'computed' },
    ])
  })

  it('say what is missing and are tried again', async () => {
    const missing = { ...facts, period: '2027-01' }
    await twice('settlement-unified', 'early', 'open-run', missing)
    await expect(twice('settlement-unified', 'early', 'extract-users', missing)).rejects.toMatchObject({
      type: 'INCOMPLETE',
      nonRetryable: false,
    })
    await expect(twice('settlement-unified', 'nobody', 'extract-users', missing)).rejects.toMatchObject({
      type: 'NO_RUN',
      nonRetryable: true,
    })
    await expect(twice('settlement-unified', 'early', 'choose-schemes', missing)).rejects.toMatchObject({ type: 'NOT_EXTRACTED' })
  })
})

describe('an event at once', () => {
  const process = 'settlement-real-time'
  const sale = {
    agent: 'ag-00001',
    event: 'sale-1',
    eventKind: 'sale',
    eventAt: Date.parse('2026-12-05T04:00:00Z'),
    number: '13900001111',
    businessType: 'activation',
    fee: 20_000,
  }

  beforeAll(async () => {
    const client = await database.pool.connect()
    const business: BusinessScheme = {
      nature: 'business',
      businessType: 'activation',
      kind: 'commission',
      settlements: ['unified', 'real-time'],
      range: [],
      conditions: [],
      tiers: [{ from: 0, pay: { basisPoints: 1_000, of: ['other'] } }],
    }
    const composite: CompositeScheme = { nature: 'composite', kind: 'commission', schemes: { activation: 'bs-activation' } }
    for (const [id, spec] of [
      ['bs-activation', business],
      ['cs-standard', composite],
      ['cs-growth', composite],
      ['cs-basic', composite],
    ] as const) {
      const saved = await saveScheme(client, { id, nameZh: id, nameEn: id, spec, by: 'me', at: AT })
      await releaseScheme(client, id, saved.saved ? saved.version : 0, 'me', AT)
    }
    client.release()
  })

  const deliver = async (agent: string, users: string[]) => {
    const client = await database.pool.connect()
    const { rows } = await client.query<{ id: number }>(
      "INSERT INTO settlement_load (department_id, period, source, opened_at) VALUES ('js-market', '2026-12', 'test', now()) RETURNING id",
    )
    await client.query(
      `INSERT INTO settlement_user (load_id, period, agent_id, user_no, business_type, package, region, joined_on, fee_rent, fee_call, fee_data, fee_message, fee_other)
       SELECT $1, '2026-12', $2, n, 'activation', 'p', '/cn/js/nj', '2026-12-05', 0, 0, 0, 0, 20000 FROM unnest($3::text[]) n`,
      [rows[0]!.id, agent, users],
    )
    await completeLoad(client, rows[0]!.id)
    client.release()
  }

  it('is booked once, checked at the end of the period, and left out of the unified run', async () => {
    const before = (await balances(database.pool, 'ag-00001')).rebate
    await walk(process, 'ev-1', sale, { 'catch-event': 'eligible', 'compute-commission': 'computed', 'book-commission': 'booked' })
    expect((await balances(database.pool, 'ag-00001')).rebate - before).toBe(2_000n)
    const booked = await twice(process, 'ev-1', 'book-commission', sale)
    expect(booked.form).toEqual({ checkAt: Date.parse('2027-01-01T00:00:00+08:00') })
    expect(endOfPeriod('2026-12')).toBe(booked.form!.checkAt)
    expect(await twice(process, 'ev-2', 'catch-event', sale)).toMatchObject({ outcome: 'not-eligible' })
    await expect(twice(process, 'ev-1', 'confirm-later', sale)).rejects.toMatchObject({ type: 'TOO_EARLY' })

    // a second one, whose user the billing system will not know
    const gone = { ...sale, event: 'sale-2', number: '13900002222' }
    await walk(process, 'ev-3', gone, { 'catch-event': 'eligible', 'compute-commission': 'computed', 'book-commission': 'booked' })
    await deliver('ag-00001', ['13900001111', '13900003333'])
    fits(process, 'confirm-later', await twice(process, 'ev-1', 'confirm-later', sale))
    const reversed = await twice(process, 'ev-3', 'confirm-later', gone)
    expect(reversed.outcome).toBe('reversed')
    fits(process, 'confirm-later', reversed)

    const december = { ...facts, period: '2026-12' }
    await walk('settlement-unified', 'december', december, {
      'open-run': 'opened',
      'extract-users': 'complete',
      'choose-schemes': 'all-have-scheme',
      'compute-user-bills': 'computed',
      'compute-agent-bills': 'computed',
    })
    const { rows } = await database.pool.query("SELECT left_out, users, amount FROM settlement_run WHERE id = 'december'")
    expect(rows).toEqual([{ left_out: 1, users: 1, amount: '2000' }])
    // what the run has extracted is its own
    const late = { ...sale, event: 'sale-3', number: '13900003333' }
    expect(await twice(process, 'ev-4', 'catch-event', late)).toMatchObject({ outcome: 'not-eligible' })
  })

  it('has a scheme that no special settlement may use', async () => {
    const special = { ...facts, period: '2026-12', agents: ['ag-00001'], scheme: 'cs-basic', reason: 'other' }
    await walk('settlement-special', 'not-special', special, {
      'extract-users': 'complete',
      'compute-special': 'computed',
    })
    const { rows } = await database.pool.query(
      "SELECT s.business_type, s.reason FROM settlement_skip s JOIN settlement_run r ON r.no = s.run_no WHERE r.id = 'not-special'",
    )
    expect(rows).toEqual([{ business_type: 'activation', reason: 'no-business-scheme' }])
  })

  it('is ignored where no scheme is for events', async () => {
    const other = { ...sale, event: 'sale-9', businessType: 'fixed', eventAt: Date.parse('2027-02-05T04:00:00Z') }
    await walk(process, 'ev-9', other, { 'catch-event': 'eligible', 'compute-commission': 'no-scheme' })
    expect(await twice(process, 'ev-10', 'catch-event', { ...other, event: 'x', agent: 'nobody' })).toMatchObject({
      outcome: 'not-eligible',
    })
  })
})
