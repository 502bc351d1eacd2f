import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Place } from '../../../cli/import/plan.ts'
import { ensurePlaces, findReporter, knownOrders, noteRejected, noteStarted, readReference } from '../../../cli/import/record.ts'
import { person } from '../../../prisma/seed/organisation.ts'
import { type TestDatabase, createTestDatabase } from '../../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const place = (location: number, customer = 'cu-001'): Place => ({
  site: { id: `si-l${location}-${customer}`, customer, name: `L-${location}`, region: '/cn/js/nj/gulou' },
  service: {
    id: `sv-l${location}-sdh-a-${customer}`,
    no: `L${location}-SDH-A-${customer}`,
    customer,
    product: 'sdh',
    site: `si-l${location}-${customer}`,
    region: '/cn/js/nj/gulou',
    circuitGrade: 'A',
    contract: 'co-001',
    hasStandby: true,
  },
})

const notes = async () =>
  (
    await database.pool.query<{ source_id: string; state: string; error: string | null; order_id: string | null }>(
      `SELECT source_id, state, error, order_id FROM import_row WHERE source = 'list' ORDER BY source_id`,
    )
  ).rows.map(({ source_id: id, state, error, order_id: order }) => [id, state, error ?? order])

async function openOrder(id: string, no: string): Promise<void> {
  await database.pool.query(
    `INSERT INTO orders (id, process, status, customer_id, region_path, title, priority, source_channel, source_no, seq, hash, state, opened_at, updated_at)
     VALUES ($1, 'graded-fault', 'open', 'cu-001', '/cn/js/nj/gulou', 't', 3, 'list', $2, 1, 'h', '{}', now(), now())`,
    [id, no],
  )
}

describe('the record of an import', () => {
  it('reads counties, customers with a signed contract, and products', async () => {
    const { counties, customers, products } = await readReference(database.pool)
    expect(counties).toEqual(['/cn/js/nj/gulou', '/cn/js/nj/jiangning', '/cn/js/sz/kunshan', '/cn/js/sz/wuzhong'])
    expect(customers).toHaveLength(40)
    expect(customers[0]).toEqual({ id: 'cu-001', no: 'KA00001', grade: 'group', region: '/cn/js/nj/gulou', contract: 'co-001' })
    expect(products).toContainEqual({ id: 'sdh', group: 'bandwidth' })
  })

  it('creates sites and services that do not exist yet, once', async () => {
    const places = [place(1), place(1), place(2), place(2, 'cu-002')]
    expect(await ensurePlaces(database.pool, places)).toEqual({ sites: 3, services: 3 })
    expect(await ensurePlaces(database.pool, [...places, place(3)])).toEqual({ sites: 1, services: 1 })
    expect(await ensurePlaces(database.pool, [])).toEqual({ sites: 0, services: 0 })
    const { rows } = await database.pool.query(
      `SELECT s.no, s.product_id, s.circuit_grade, s.status, s.has_standby, s.contract_id, i.name_zh, i.region_path
         FROM service s JOIN site i ON i.id = s.site_id WHERE s.id = 'sv-l1-sdh-a-cu-001'`,
    )
    expect(rows).toEqual([
      {
        no: 'L1-SDH-A-cu-001',
        product_id: 'sdh',
        circuit_grade: 'A',
        status: 'active',
        has_standby: true,
        contract_id: 'co-001',
        name_zh: 'L-1',
        region_path: '/cn/js/nj/gulou',
      },
    ])
  })

  it('creates nothing when one of them can’t be', async () => {
    const bad = place(8)
    bad.service.product = 'telex'
    await expect(ensurePlaces(database.pool, [place(7), bad])).rejects.toThrow(/service_product_id_fkey/)
    const { rowCount } = await database.pool.query(`SELECT 1 FROM site WHERE name_zh IN ('L-7', 'L-8')`)
    expect(rowCount).toBe(0)
  })

  it('knows by the orders what has been started, and notes what became of each row', async () => {
    await openOrder('o1', '11')
    await openOrder('o2', '12')
    expect(await knownOrders(database.pool, 'list')).toEqual(
      new Map([
        ['11', 'o1'],
        ['12', 'o2'],
      ]),
    )
    expect(await knownOrders(database.pool, 'other')).toEqual(new Map())
    const reject = (id: string, line: number) => ({ file: 'train.csv', line, id, reason: 'broken' })
    await noteRejected(database.pool, 'list', [reject('12', 3), reject('13', 4), reject('13', 9), reject('', 5)], new Date())
    await noteStarted(
      database.pool,
      'list',
      [
        { no: '11', order: 'o1' },
        { no: '12', order: 'o2' },
      ],
      new Date(),
    )
    // Corrected rows lose their reason; a broken repetition does not undo a start.
    await noteRejected(database.pool, 'list', [reject('11', 8)], new Date())
    expect(await notes()).toEqual([
      ['11', 'started', 'o1'],
      ['12', 'started', 'o2'],
      ['13', 'rejected', 'train.csv line 9: broken'],
    ])
  })

  it('reports in the name of the monitoring centre of the widest region, or of whom one names', async () => {
    expect(await findReporter(database.pool, undefined)).toBe(person('supervisor').id)
    expect(await findReporter(database.pool, 'kac')).toBe(person('kac').id)
    expect(await findReporter(database.pool, 'nobody')).toBeUndefined()
  })
})
