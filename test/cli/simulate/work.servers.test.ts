/** The import and the simulator against the whole product: real database, engine, worker and API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPrincipal } from '../../../api/auth/principal.ts'
import { createCatalogue } from '../../../api/catalogue.ts'
import { createEngine } from '../../../api/engine.ts'
import { startOrder } from '../../../api/orders/start.ts'
import { type ImportRecord, prepareImport, runImport } from '../../../cli/import/import-faults.ts'
import { defaultMapping, readMapping } from '../../../cli/import/mapping.ts'
import { ensurePlaces, findReporter, knownOrders, noteRejected, noteStarted, readReference } from '../../../cli/import/record.ts'
import { Api } from '../../../cli/simulate/api.ts'
import { steadyHabits } from '../../../cli/simulate/choose.ts'
import { UsageError, openOffice } from '../../../cli/simulate/office.ts'
import { Stats } from '../../../cli/simulate/stats.ts'
import { verifyAll } from '../../../cli/simulate/verify.ts'
import { work } from '../../../cli/simulate/work.ts'
import { demoPassword } from '../../../prisma/seed/index.ts'
import { person } from '../../../prisma/seed/organisation.ts'
import { processes } from '../../../workflows/processes.ts'
import { type World, openWorld } from '../../support/world.ts'
import { goodFiles, writeList } from '../import/list.ts'

let world: World
let url: string
beforeAll(async () => {
  world = await openWorld()
  url = world.url.replace(/\/api\/v1$/, '')
})
afterAll(() => world.close())

/** What a day without building works brings; a return visit and a transfer may open others beside. */
const mix = [
  'contract-countersign',
  'complaint',
  'fault-level-1',
  'fault-level-2',
  'graded-fault',
  'return-visit',
  'solution-argumentation',
  'suggestion',
]

const mapping = readMapping(defaultMapping)

async function importList(folder: string, options: { limit?: number } = {}) {
  const { pool, prisma } = world.db
  const { channel } = mapping
  const record: ImportRecord = {
    reference: () => readReference(pool),
    known: () => knownOrders(pool, channel),
    ensurePlaces: (places) => ensurePlaces(pool, places),
    noteStarted: (rows) => noteStarted(pool, channel, rows, new Date()),
    noteRejected: (rejects) => noteRejected(pool, channel, rejects, new Date()),
  }
  const deps = { pool, prisma, engine: createEngine(world.client, world.queue), catalogue: createCatalogue(processes), now: Date.now }
  const principal = (await loadPrincipal(pool, (await findReporter(pool, undefined))!, new Date()))!
  const prepared = await prepareImport({ folder, mapping, specs: deps.catalogue.specs, record, now: Date.now(), ...options })
  return runImport(prepared, {
    record,
    run: `test-${Math.random()}`,
    concurrency: 4,
    stop: new AbortController().signal,
    start: async ({ fault, process, customer: customerId, title, input }, key) => {
      const { order, existing } = await startOrder(deps, {
        principal,
        key,
        process,
        customerId,
        title,
        input,
        source: { channel, number: fault.id },
      })
      return { order, existing: existing === 'source' }
    },
  })
}

describe('an import and a working day', () => {
  it('starts each fault once, as a live order that knows its place', async () => {
    const files = goodFiles(9)
    files.event_type[4] = '5,event_type 99'
    const folder = writeList(files)
    expect(await importList(folder, { limit: 3 })).toMatchObject({ read: 9, started: 3, existing: 0, rejected: 1, left: 5 })
    expect(await importList(folder)).toMatchObject({ read: 9, started: 5, existing: 3, rejected: 1, left: 0 })
    expect(await importList(folder)).toMatchObject({ started: 0, existing: 8, rejected: 1, sites: 0, services: 0 })
    const { rows } = await world.db.pool.query<{ id: string; process: string; site: string; region: string; no: string }>(
      `SELECT o.id, o.process, i.name_zh AS site, o.region_path = s.region_path AS region, o.source_no AS no
         FROM orders o JOIN service s ON s.id = o.service_id JOIN site i ON i.id = s.site_id WHERE o.source_channel = 'telstra' ORDER BY o.source_no`,
    )
    expect(rows.map(({ no, process, site, region }) => [no, process, site, region])).toEqual([
      ['1', 'fault-level-2', 'L-1', true],
      ['2', 'fault-level-1', 'L-2', true],
      ['3', 'graded-fault', 'L-3', true],
      ['4', 'fault-level-2', 'L-4', true],
      ['6', 'graded-fault', 'L-6', true],
      ['7', 'fault-level-2', 'L-7', true],
      ['8', 'fault-level-1', 'L-8', true],
      ['9', 'graded-fault', 'L-9', true],
    ])
    for (const { id } of rows) expect((await world.client.workflow.getHandle(id).describe()).status.name).toBe('RUNNING')
    const { rows: notes } = await world.db.pool.query(
      `SELECT state, count(*)::int AS n FROM import_row WHERE source = 'telstra' GROUP BY state ORDER BY state`,
    )
    expect(notes).toEqual([
      { state: 'rejected', n: 1 },
      { state: 'started', n: 8 },
    ])
  })

  it('brings orders of many processes to their end, and leaves every history whole', async () => {
    const stats = new Stats()
    const over = new AbortController()
    const { office, claims, processes: known, failed } = await openOffice({ url, stats, stop: over.signal })
    expect(failed).toEqual([])
    const worked = known.filter(({ id }) => mix.includes(id))
    const enough = () => stats.endedCount >= 12 && mix.every((id) => stats.endedProcesses.has(id))
    const done = () => {
      if (enough()) over.abort()
      return over.signal.aborted
    }
    await work({ office, claims, people: 6, seed: 1, processes: worked, done })
    expect([...stats.endedProcesses]).toEqual(expect.arrayContaining(mix))
    expect(stats.stuckCount).toBe(0)
    const auditor = await new Api({ url, stats: new Stats(), stop: new AbortController().signal }).logIn('auditor', demoPassword)
    const findings = await verifyAll(auditor, stats.orders)
    expect(findings.problems).toEqual([])
    expect(findings.histories).toBe(stats.orders.length)
    expect(findings.open).toBeGreaterThan(0)
  }, 240_000)

  it('with only what is open reports nothing, and each does the next right thing', async () => {
    const stats = new Stats()
    const over = new AbortController()
    const { office, claims, processes: known } = await openOffice({ url, stats, stop: over.signal, habits: steadyHabits })
    const opened = await world.as(person('kac').id).post('/orders', {
      process: 'contract-countersign',
      customerId: 'cu-013',
      title: 'steady',
    })
    expect(opened.status).toBe(201)
    const worked = known.filter(({ id }) => id === 'contract-countersign')
    const done = () => {
      if (stats.endedCount > 0 && stats.idleMs > 1_500) over.abort()
      return over.signal.aborted
    }
    await work({ office, claims, people: 3, seed: 2, processes: worked, onlyOpen: true, done })
    expect(stats.reported).toBe(0)
    expect(stats.summary().join('\n')).not.toMatch(/suspend|refuse|return|reassign/)
    expect(stats.stuckCount).toBe(0)
    const { rows } = await world.db.pool.query(`SELECT "end" FROM orders WHERE title = 'steady'`)
    expect(rows).toEqual([{ end: 'signed' }])
  }, 60_000)

  it('says what is missing where nobody answers', async () => {
    const stop = AbortSignal.abort()
    await expect(openOffice({ url: 'http://127.0.0.1:1', stats: new Stats(), stop })).rejects.toThrow(UsageError)
  }, 20_000)
})
