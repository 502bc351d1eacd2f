/** Settlement at the door: who sees what, schemes by two people, runs with progress, bills down to the line. */
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeRun, computeBills } from '../../activities/settlement/bills.ts'
import { choose } from '../../activities/settlement/choose.ts'
import { extract } from '../../activities/settlement/extract.ts'
import { computeLines } from '../../activities/settlement/lines.ts'
import { payBill } from '../../activities/settlement/payout.ts'
import { noPulse } from '../../activities/settlement/shared.ts'
import { demoSchemes } from '../../prisma/settlement/demo-schemes.ts'
import { generateSettlement } from '../../prisma/settlement/generate.ts'
import { openRun } from '../../prisma/settlement/runs.ts'
import { type Caller, type Door, MONDAY, openDoor } from './support/door.ts'

type Item = Record<string, any>

let door: Door
let clerk: Caller
let market: Caller
/** Of agent ag-00001. */
let agent: Caller
let bill: string
const path = (id: string) => `/bills/${encodeURIComponent(id)}`

beforeAll(async () => {
  door = await openDoor()
  const { pool } = door.db
  await generateSettlement(pool, { rows: 3_000, agents: 12, seed: 4, period: '2025-12' })
  for (const [run, period] of [['run-a', '2025-12']] as const) {
    await openRun(pool, { order: run, department: 'js-market', period, kind: 'commission', at: MONDAY })
    await extract(pool, run, MONDAY)
    await choose(pool, run, MONDAY)
    await computeLines(pool, run, MONDAY, noPulse())
    await computeBills(pool, run)
  }
  clerk = await door.as('settlement')
  market = await door.as('market')
  agent = await door.as('agent')
  await pool.query('UPDATE agent SET unit_id = (SELECT unit_id FROM staff WHERE id = $1) WHERE id = $2', [agent.id, 'ag-00001'])
  bill = (await clerk.get('/bills?run=run-a&agent=ag-00001')).body.items[0].id
})
afterAll(() => door.close())

describe('bills', () => {
  it('are the agent’s to see once they are settled, and his own only', async () => {
    expect((await agent.get('/bills')).body.items).toEqual([])
    expect((await agent.get(path(bill))).status).toBe(404)
    await closeRun(door.db.pool, 'run-a', MONDAY)
    const seen = (await agent.get('/bills')).body.items as Item[]
    expect(seen.map(({ id, agent: of }) => [id, of])).toEqual([[bill, 'ag-00001']])
    const all = (await clerk.get('/bills?run=run-a&limit=200')).body.items as Item[]
    expect(all.length).toBeGreaterThan(5)
    for (const { id } of all) expect([id, (await agent.get(path(id))).status]).toEqual([id, id === bill ? 200 : 404])
    expect(((await agent.get('/agents')).body.items as Item[]).map(({ id }) => id)).toEqual(['ag-00001'])
    expect((await agent.get('/agents/ag-00002/ledger')).status).toBe(404)
    for (const closed of ['/settlement-runs', '/settlement-runs/run-a', '/schemes']) expect((await agent.get(closed)).status).toBe(403)
  })

  it('open down to the last line, each explained, and add up', async () => {
    const whole = (await agent.get(path(bill))).body
    expect(whole.parts.reduce((sum: number, part: Item) => sum + part.amount, 0)).toBe(whole.amount)
    const lines: Item[] = []
    for (let cursor = ''; ; ) {
      const { body } = await agent.get(`${path(bill)}/lines?limit=200${cursor}`)
      lines.push(...body.items)
      if (body.page.next === null) break
      cursor = `&cursor=${body.page.next}`
    }
    expect([lines.length, lines.reduce((sum, line) => sum + line.amount, 0)]).toEqual([whole.users, whole.amount])
    expect(lines.every(({ agrees, explanation }) => agrees && explanation.length > 1)).toBe(true)
    expect((await agent.get(`${path(bill)}/lines?cursor=bm8`)).body.code).toBe('BAD_CURSOR')
  })

  it('show their payout, and the ledger its bookings', async () => {
    await payBill(door.db.pool, { bill, at: MONDAY })
    const whole = (await clerk.get(path(bill))).body
    expect(whole.payouts).toMatchObject([{ amount: whole.amount, state: 'asked', attempt: 1 }])
    const ledger = (await agent.get('/agents/ag-00001/ledger')).body.items as Item[]
    expect(ledger.map(({ kind, account, amount }) => [kind, account, amount])).toEqual([
      ['payout', 'rebate', -whole.amount],
      ['settlement', 'rebate', whole.amount],
    ])
    const first = (await agent.get('/agents/ag-00001/ledger?limit=1')).body
    const second = (await agent.get(`/agents/ag-00001/ledger?limit=1&cursor=${first.page.next}`)).body
    expect([...first.items, ...second.items]).toEqual(ledger)
    expect((await clerk.get('/agents/ag-00001')).body.accounts).toEqual({ deposit: 0, rebate: 0, prepaid: 0 })
  })
})

describe('files', () => {
  const file = async (who: Caller, query: string) => {
    const { status, body, headers } = await who
      .raw('get', `/exports/${query}`)
      .buffer(true)
      .parse((res, done) => {
        const parts: Buffer[] = []
        res.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)))
      })
    return { status, bytes: body as Buffer, type: headers['content-type'] as string }
  }

  it('have what the list has, as CSV and as Excel', async () => {
    const listed = (await clerk.get('/bills?run=run-a&limit=200')).body.items as Item[]
    const csv = await file(clerk, 'bills?run=run-a')
    expect([csv.status, csv.type]).toEqual([200, 'text/csv; charset=utf-8'])
    const records: string[][] = parse(csv.bytes, { bom: true })
    expect(records[0]![0]).toBe('帐单')
    expect(records.slice(1).map(([id, , , , , , , , , amount]) => [id, Number(amount)])).toEqual(
      listed.map(({ id, amount }) => [id, amount]),
    )
    const xlsx = await file(clerk, 'bills?run=run-a&format=xlsx&lang=en')
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(xlsx.bytes as never)
    const sheet = book.worksheets[0]!
    expect([sheet.getCell('A1').value, sheet.rowCount - 1]).toEqual(['Bill', listed.length])
    expect(sheet.getCell('J2').value).toBe(listed[0]!.amount)
  })

  it('have every line of a bill, and add up', async () => {
    const whole = (await agent.get(path(bill))).body
    const records: string[][] = parse((await file(agent, `bill-lines?bill=${encodeURIComponent(bill)}`)).bytes, { bom: true })
    expect([records.length - 1, records.slice(1).reduce((sum, line) => sum + Number(line[4]), 0)]).toEqual([whole.users, whole.amount])
    expect((await file(agent, 'bill-lines?bill=other')).status).toBe(404)
  })

  it('run no formula that a name would be', async () => {
    await door.db.pool.query(`UPDATE agent SET name_zh = '=cmd|"/c calc"!A1' WHERE id = 'ag-00002'`)
    const records: string[][] = parse((await file(clerk, 'bills?agent=ag-00002')).bytes, { bom: true })
    expect(records[1]![3]).toBe(`'=cmd|"/c calc"!A1`)
    for (const what of ['bills', 'retention-cases']) expect([what, (await file(await door.as('lawyer'), what)).status]).toEqual([what, 403])
  })
})

describe('runs', () => {
  it('settled anew show no difference before they are computed', async () => {
    await door.db.pool.query(
      `INSERT INTO settlement_run (id, origin, department_id, agents, period, kind, replaces, opened_at)
       SELECT 'run-again', 'rerun', department_id, agents, period, kind, id, now() FROM settlement_run WHERE id = 'run-a'`,
    )
    const { status, body } = await clerk.get('/settlement-runs/run-again/differences')
    expect([status, body]).toEqual([200, { run: 'run-again', replaces: 'run-a', items: [] }])
    await door.db.pool.query("DELETE FROM settlement_run WHERE id = 'run-again'")
  })

  it('show progress, bills and who was left out', async () => {
    const { body } = await clerk.get('/settlement-runs/run-a')
    expect(body).toMatchObject({ state: 'closed', progress: { total: body.progress.done }, period: '2025-12', wanted: 'run' })
    expect(body.amount).toBe(body.bills.settled.amount + (body.bills.paid?.amount ?? 0))
    const skips = (await clerk.get('/settlement-runs/run-a/skips?limit=200')).body.items as Item[]
    const agents = (reason: string) => new Set(skips.filter((skip) => skip.reason === reason).map((skip) => skip.agent)).size
    expect(skips.length).toBeGreaterThan(0)
    for (const [reason, count] of Object.entries(body.skipped)) expect([reason, agents(reason)]).toEqual([reason, count])
    expect((await clerk.get('/settlement-runs?period=2025-12')).body.items.map(({ id }: Item) => id)).toEqual(['run-a'])
    expect((await clerk.get('/settlement-runs/run-a/differences')).status).toBe(404)
  })

  it('pause, go on and stop while they compute, asked by who may', async () => {
    await openRun(door.db.pool, { order: 'run-b', department: 'js-market', period: '2026-01', kind: 'commission', at: MONDAY })
    const ask = (who: Caller, wanted: string, run = 'run-b') => who.post(`/settlement-runs/${run}/requests`, { wanted })
    for (const wanted of ['pause', 'run', 'stop']) {
      const { status, body } = await ask(clerk, wanted)
      expect([status, body.wanted]).toEqual([202, wanted])
    }
    expect((await ask(await door.as('auditor'), 'run')).status).toBe(403)
    expect((await ask(clerk, 'pause', 'run-a')).body.code).toBe('ORDER_CLOSED')
    expect((await ask(clerk, 'pause', 'no-run')).status).toBe(404)
    expect((await ask(clerk, 'faster')).body.code).toBe('VALIDATION_FAILED')
  })

  it('are of the own region', async () => {
    await door.db.pool.query("UPDATE staff SET region_path = '/cn/js/sz' WHERE id = $1", [clerk.id])
    expect((await clerk.get('/settlement-runs')).body.items).toEqual([])
    expect((await clerk.get('/settlement-runs/run-a')).status).toBe(404)
    expect((await clerk.get(path(bill))).status).toBe(404)
    expect((await clerk.get('/agents')).body.items).toEqual([])
    await door.db.pool.query("UPDATE staff SET region_path = '/cn/js' WHERE id = $1", [clerk.id])
    expect((await clerk.get('/agents')).body.items).not.toEqual([])
  })
})

describe('an order that names an agent', () => {
  it('is refused where there is none, or none in sight', async () => {
    const single = (agent: string) =>
      clerk.post('/orders', { process: 'settlement-single', title: 't', input: { agent, period: '2025-12', kind: 'commission' } })
    const { status, body } = await single('ag-99999')
    expect([status, body.code, body.errors[0].field]).toEqual([422, 'UNKNOWN_REFERENCE', 'input.agent'])
    await door.db.pool.query("UPDATE agent SET region_path = '/us' WHERE id = 'ag-00005'")
    expect((await single('ag-00005')).body.code).toBe('UNKNOWN_REFERENCE')
    expect((await single('ag-00006')).status).toBe(201)
  })
})

describe('a scheme', () => {
  const broadband = demoSchemes.find(({ id }) => id === 'bs-broadband')!.spec as Item
  const name = { zh: '宽带', en: 'Broadband' }
  const save = (who: Caller, spec: Item, id = 'bs-broadband') => who.post(`/schemes/${id}`, { name, spec })

  it('is tried, saved by one and released by another', async () => {
    const spec = { ...broadband, tiers: [{ from: 1, pay: { fixed: 400 } }] }
    const tried = (await clerk.post('/schemes/bs-broadband/trials', { run: 'run-a', spec })).body
    expect(tried.difference).toBe(tried.after - tried.before)
    expect(tried.items.some(({ difference }: Item) => difference !== 0)).toBe(true)

    const saved = await save(clerk, spec)
    expect([saved.status, saved.body.draft, saved.body.released]).toEqual([201, 2, 1])
    const release = (who: Caller, version: number) => who.post('/schemes/bs-broadband/releases', { version })
    expect((await release(clerk, 2)).status).toBe(403)
    expect((await release(market, 3)).body.code).toBe('POLICY_CHANGED')
    expect((await release(market, 2)).body).toMatchObject({ released: 2, draft: null })
    expect((await release(market, 2)).body.code).toBe('POLICY_CHANGED')
    // who may do both still needs a second person
    expect((await save(market, spec)).status).toBe(201)
    expect((await release(market, 3)).body).toMatchObject({ code: 'NOT_ALLOWED' })
  })

  it.each([
    [
      'a variable out of its scope',
      { ...broadband, settlements: ['real-time'], steps: { variable: 'agent-users' } },
      'spec.steps.variable',
    ],
    [
      'a share above the whole',
      { ...broadband, tiers: [{ from: 1, pay: { basisPoints: 10_001, of: ['rent'] } }] },
      'spec.tiers[0].pay.basisPoints',
    ],
    ['half a fen', { ...broadband, tiers: [{ from: 1, pay: { fixed: 0.5 } }] }, 'spec.tiers[0].pay.fixed'],
    [
      'a business scheme that there is not',
      { nature: 'composite', kind: 'commission', schemes: { fixed: 'bs-none' } },
      'spec.schemes.fixed',
    ],
  ])('is refused with %s, by field, and nothing is kept', async (_what, spec, field) => {
    const { status, body } = await save(clerk, spec, 'new-one')
    expect([status, body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(body.errors.map((error: Item) => error.field)).toContain(field)
    expect((await clerk.get('/schemes/new-one')).status).toBe(404)
  })

  it('is given to an agent for days on which none other holds', async () => {
    const give = (more: object = {}) =>
      clerk.post('/agents/ag-00003/schemes', {
        rank: 'substitute',
        scheme: 'cs-none',
        validFrom: '2030-01-01',
        validTo: '2030-12-31',
        ...more,
      })
    expect((await give()).body.code).toBe('UNKNOWN_REFERENCE')
    const { id: scheme } = ((await clerk.get('/schemes?nature=composite')).body.items as Item[])[0]!
    await door.db.pool.query("DELETE FROM agent_scheme WHERE agent_id = 'ag-00003' AND rank = 'substitute'")
    expect((await give({ scheme, validTo: '2029-01-01' })).body.code).toBe('VALIDATION_FAILED')
    expect((await give({ scheme })).body.schemes).toEqual(
      expect.arrayContaining([expect.objectContaining({ scheme, validFrom: '2030-01-01', validTo: '2030-12-31', setBy: clerk.id })]),
    )
    expect((await give({ scheme, validFrom: '2030-12-31', validTo: '2031-12-31' })).body.code).toBe('VALIDATION_FAILED')
    expect((await give({ scheme, validFrom: '2031-01-01', validTo: undefined })).status).toBe(201)
    expect(
      (await (await door.as('auditor')).post('/agents/ag-00003/schemes', { rank: 'first', scheme, validFrom: '2040-01-01' })).status,
    ).toBe(403)
  })
})
