/** Units in forms: to name one is not to act for it, and several departments may be asked at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actingRoles, loadPrincipal, type Principal } from '../../api/auth/principal.ts'
import { abilityFor } from '../../api/auth/ability.ts'
import { References } from '../../api/orders/references.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { type Door, MONDAY, openDoor, serviceIn } from './support/door.ts'
import { complete, did, startOrder } from './support/play.ts'

const DAY = 86_400_000

let door: Door
let customer: string
beforeAll(async () => {
  door = await openDoor()
  customer = (await serviceIn(door, '/cn/js/nj')).customer
})
afterAll(() => door.close())

const tasks = async (order: string, step: string) =>
  (
    await door.db.pool.query<{ task: string; key: string; unit: string }>(
      `SELECT t.task, t.key, t.unit_id AS unit FROM task t
        WHERE t.order_id = $1 AND t.step = $2 AND t.closed_at IS NULL ORDER BY t.key`,
      [order, step],
    )
  ).rows

const complaint = () => ({
  businessCategory: 'leased line',
  category: 'network',
  number: '025-5',
  complainant: 'Mr Li',
  raisedAt: MONDAY,
  homeRegion: 'Nanjing',
  content: 'down every night',
  latestHandling: MONDAY + 9 * DAY,
})

async function unresolved(): Promise<string> {
  const order = await startOrder(door, 'complaint', complaint(), { customer })
  await did(door, order, 'receive-complaint', 'received')
  await did(door, order, 'record-classify', 'classified', { category: 'network' })
  return order
}
const ask = (order: string, departments: string[]) => complete(door, order, 'self-resolve', 'cannot', { reason: 'not mine', departments })

describe('a unit that a form names', () => {
  it('may be of another city: the far end of a circuit', async () => {
    const { rows } = await door.db.pool.query(
      "SELECT id, customer_id FROM contract WHERE status = 'signed' AND customer_id IN (SELECT id FROM customer WHERE starts_with(region_path, '/cn/js/nj')) ORDER BY id LIMIT 1",
    )
    const input = { contract: rows[0].id, amount: 100_000, unit: 'nj-branch', farBranch: 'sz-branch', siteA: 'Nanjing', siteZ: 'Suzhou' }
    const order = await startOrder(door, 'data-service-activation', input, { customer: rows[0].customer_id })
    expect((await door.db.pool.query('SELECT state FROM orders WHERE id = $1', [order])).rows[0].state.facts.farBranch).toBe('sz-branch')
  })

  it('must exist, each of a list', async () => {
    const order = await unresolved()
    const { status, body } = await ask(order, ['js-business', 'nowhere'])
    expect([status, body.code, body.errors[0].field, body.errors[0].detail]).toEqual([
      422,
      'UNKNOWN_REFERENCE',
      'form.departments',
      'no unit nowhere',
    ])
    expect((await ask(order, ['js-business', 'sz-branch'])).status).toBe(200)
  })

  it('is their own, for people from outside', async () => {
    const vendor = (await loadPrincipal(door.db.pool, person('vendor').id, new Date(MONDAY))) as Principal
    expect([vendor.external, actingRoles(vendor)]).toEqual([true, ['vendor']])
    const references = new References(door.db, vendor, abilityFor(vendor))
    await expect(references.anyUnit(vendor.unit.id, 'form.unit')).resolves.toBeUndefined()
    await expect(references.anyUnit('js-business', 'form.unit')).rejects.toMatchObject({ code: 'UNKNOWN_REFERENCE' })
  })
})

describe('two departments', () => {
  it('answer a complaint at once, each at its own desk', async () => {
    const order = await unresolved()
    expect((await ask(order, ['js-business', 'js-data'])).status).toBe(200)
    const asked = await tasks(order, 'department-cooperate')
    expect(asked.map(({ key, unit }) => [key, unit])).toEqual([
      ['js-business', 'js-business'],
      ['js-data', 'js-data'],
    ])
    const [business, data] = [await door.as('business'), await door.as('ting.zou')]
    // One department does not answer for the other.
    expect((await business.command(order, { type: 'accept', task: asked[1]!.task })).body.code).toBe('NOT_ASSIGNEE')
    const answers = await Promise.all(
      [business, data].map(async (by, i) => {
        const { task } = asked[i]!
        expect((await by.command(order, { type: 'accept', task })).status).toBe(200)
        return by.command(order, { type: 'complete', task, outcome: 'resolved', form: { result: `done at ${asked[i]!.unit}` } })
      }),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await tasks(order, 'department-cooperate')).toEqual([])
    expect(await tasks(order, 'department-feedback')).toHaveLength(1)
  })
})
