/** An order that another opens for a customer of its own belongs where that customer belongs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonical } from '../../domain/order/hash.ts'
import { returnVisit } from '../../workflows/customer/return-visit.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Desk, everybodyPresent, historyOf } from './desk.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
})
afterAll(() => db.drop())

const customerOf = async (region: string) =>
  (await db.pool.query('SELECT * FROM customer WHERE region_path LIKE $1 ORDER BY id LIMIT 1', [`${region}%`])).rows[0]

async function visitedBy(id: string, customer: string): Promise<Desk> {
  const child = new Desk(db.pool, returnVisit, id)
  const opened = {
    customer,
    region: '/cn/js/nj/gulou',
    facts: { planned: true, customers: [customer] },
    parent: { id: 'rv-parent', key: customer },
  }
  await child.open(opened, { kind: 'order', id: 'rv-parent' })
  return child
}

describe('a child order', () => {
  it('takes region, grade and account manager of its own customer', async () => {
    const [here, there] = [await customerOf('/cn/js/nj'), await customerOf('/cn/js/sz')]
    const parent = new Desk(db.pool, returnVisit, 'rv-parent')
    await parent.open({ customer: here.id, facts: { customers: [here.id, there.id] } })

    const child = await visitedBy('rv-child-there', there.id)
    expect(child.answers[0]!.plan[0]).toMatchObject({ type: 'customer-known', data: { region: there.region_path } })
    expect(child.state).toMatchObject({
      region: there.region_path,
      facts: { customerGrade: there.grade, ...(there.account_manager_id && { accountManager: there.account_manager_id }) },
    })
    const [row] = await child.rows('SELECT region_path, grade FROM orders WHERE id = $1')
    expect(row).toEqual({ region_path: there.region_path, grade: there.grade })
    const { folded, breakAt } = await historyOf(db.pool, child.state.id)
    expect(breakAt).toBe(-1)
    expect(canonical(folded)).toBe(canonical(child.state))

    const same = await visitedBy('rv-child-here', here.id)
    expect(same.state.region).toBe('/cn/js/nj/gulou')
    expect(same.answers[0]!.plan.some(({ type }) => type === 'customer-known')).toBe(false)
  })
})
