/** A change of policies while orders run, on the real servers: those that have begun keep what they began with. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { begin, openWorld, replays, until, verify, type World } from '../support/world.ts'

let world: World
let boss: string

beforeAll(async () => {
  world = await openWorld()
  await world.db.pool.query('DELETE FROM delegation; DELETE FROM absence')
  const { rows } = await world.db.pool.query("SELECT id FROM staff WHERE login = 'vp'")
  boss = rows[0].id
})

afterAll(() => world?.close())

type Item = Record<string, any>

/** Changes a policy and waits until the change holds. */
async function change(path: string, spec: object): Promise<Item> {
  const { status, body } = await world.as(boss).post<Item>(`/policies/${path}`, { spec, note: 'tried out' })
  expect([status, body]).toEqual([201, expect.anything()])
  await new Promise((resolve) => setTimeout(resolve, Date.parse(body.policy.validFrom as string) - Date.now() + 50))
  return body
}

const clockOf = async (order: string, clock: string) => (await world.state(order)).clocks[clock]!

describe('a change of policies', () => {
  it('holds for orders that open afterwards; those before keep limit and dispatch, and the history says who and why', async () => {
    const old = await begin(world, 'contract-countersign')
    const list = (await world.as(boss).get<Item>('/policies?process=contract-countersign&step=draft-contract')).body.items as Item[]
    const limit = list.find(({ applies }) => applies.for === 'complete')!
    const everywhere = (await world.as(boss).get<Item>('/policies')).body.items as Item[]
    const accept = everywhere.find(({ applies }) => applies.for === 'accept' && applies.process === null)!
    const before = await clockOf(old, 'draft-contract.1/complete')

    await change(`limits/${limit.id}`, { ...limit.spec, budget: '33h' })
    // On calendar C, so that the two seconds pass at night as well.
    await change(`limits/${accept.id}`, { budget: '2s', calendar: 'C', ladder: 'take-ticket' })
    const { orders } = await change(`dispatch/${encodeURIComponent('contract-countersign/draft-contract')}`, { mode: 'offer' })
    expect((orders.items as Item[]).map(({ id, keeps }) => [id, keeps])).toContainEqual([old, null])

    const young = await begin(world, 'contract-countersign')
    const first = (await world.state(young)).tasks['draft-contract.1']!
    expect(first).toMatchObject({ status: 'offered', mode: 'offer' })
    expect(await clockOf(old, 'draft-contract.1/complete')).toEqual(before)
    expect(await clockOf(young, 'draft-contract.1/complete')).toMatchObject({ budget: 33 * 3_600_000 })

    // Nobody accepts: the offer returns and goes to a colleague, and so on.
    const again = await until(world, young, ({ tasks }) => tasks['draft-contract.1']!.person !== first.person, 'the offer goes on')
    expect(again.notAgain['draft-contract']).toContain(first.person)
    const events = await verify(world, young)
    expect(events.filter(({ type }) => type === 'offer-expired')[0]).toMatchObject({
      actor: { kind: 'clock' },
      data: { task: 'draft-contract.1', person: first.person },
    })
    expect((await world.state(old)).tasks['draft-contract.1']).not.toHaveProperty('mode')
    const { body } = await world.as(boss).get<Item>(`/policies/limits/${limit.id}`)
    expect(body.items[0]).toMatchObject({ version: 2, changedBy: boss, note: 'tried out', state: 'in-force' })
    expect(body.items[1]).toMatchObject({ version: 1, state: 'past', spec: limit.spec })
    await verify(world, old)
    await replays(world, young)
  })
})
