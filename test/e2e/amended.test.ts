/** What a supervisor changes in flight, on the real engine: the steps concerned open anew, what was begun for nothing is taken back. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newRoute, stages, treeOf } from '../support/whole-order.ts'
import { openWorld, replays, until, verify, type World } from '../support/world.ts'

let world: World
let boss: string
beforeAll(async () => {
  world = await openWorld()
  await world.db.pool.query('DELETE FROM delegation; DELETE FROM absence')
  boss = (await world.db.pool.query("SELECT id FROM staff WHERE login = 'vp'")).rows[0].id
})
afterAll(() => world?.close())

it('a changed demand goes back to the visit, voids the contract that was being countersigned, and keeps the reason', async () => {
  const route = await newRoute(world)
  for (const [title, stage] of stages) {
    await stage(world, route)
    if (title === 'countersigned') break
  }
  const amended = {
    type: 'amend' as const,
    facts: { demand: '100 Mbit/s between three offices' },
    reason: 'the customer has bought a firm',
  }
  const { status, body } = await world.as(boss).command(route.order, amended)
  expect([status, body.code]).toEqual([200, undefined])

  await until(world, route.contract, (state) => state.status === 'closed', 'the contract is withdrawn')
  const state = await until(world, route.order, ({ children }) => `${route.order}.visit-customer.2` in children, 'the visit begins anew')
  expect(state).toMatchObject({ status: 'open', facts: { demand: '100 Mbit/s between three offices' } })
  expect(Object.keys(state.tasks)).toEqual(['visit-customer.2'])
  expect((await world.state(route.contract)).end).toBe('withdrawn')
  const { rows } = await world.db.pool.query('SELECT status FROM contract WHERE id = $1', [`ct-${route.contract}`])
  expect(rows).toEqual([{ status: 'void' }])

  const second = `${route.order}.visit-customer.2`
  await until(world, second, ({ tasks }) => 'contact-customer.1' in tasks, 'the second visit is open')
  expect((await world.state(second)).facts.demand).toBe('100 Mbit/s between three offices')
  const said = (await world.history(route.order)).find(({ type }) => type === 'order-amended')
  expect(said).toMatchObject({
    actor: { kind: 'person', id: boss },
    data: { reason: 'the customer has bought a firm', reopens: 'visit-customer' },
  })
  for (const { id } of await treeOf(world, route)) {
    await verify(world, id)
    await replays(world, id)
  }
}, 60_000)
