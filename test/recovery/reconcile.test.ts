/** Record against engine, both ways, on the real engine: what is repaired, and what is listed. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { reconcile } from '../../activities/reconcile.ts'
import type { Finding } from '../../domain/health/findings.ts'
import { specOf } from '../../domain/processes/index.ts'
import type { Histories, Revivals } from '../../prisma/recovery/engine.ts'
import { latestReconciliation } from '../../prisma/recovery/findings.ts'
import { revivalsOf } from '../../worker/engine/revivals.ts'
import { contract, insisting } from '../drills/lost.ts'
import { newRoute, stages } from '../support/whole-order.ts'
import { doStep, ok, openWorld, until, verify, type World } from '../support/world.ts'

let world: World
let real: Revivals & Histories
let vp: string
beforeAll(async () => {
  world = insisting(await openWorld())
  real = revivalsOf(world.client, world.queue)
  vp = (await world.db.pool.query("SELECT id FROM staff WHERE login = 'vp'")).rows[0].id
})
afterAll(() => world?.close())

/** Later than everything that may still be on its way. */
const later = () => Date.now() + 11 * 60_000
const look = async (engine = real) => {
  const done = await reconcile({ pool: world.db.pool, engine, specOf }, later())
  return { done, found: (await latestReconciliation(world.db.pool))!.findings }
}
const brief = (found: readonly Finding[]) =>
  found.map(({ kind, subject, repaired }) => `${kind} ${subject} ${repaired ? 'repaired' : 'open'}`).sort()
const lose = (order: string) => world.client.workflow.getHandle(order).terminate('lost')

it('starts again what is gone, tells a parent what it missed, and then finds nothing', async () => {
  const route = await newRoute(world)
  await stages[0]![1](world, route)
  const gone = await contract(world)
  await until(world, route.visit, ({ tasks }) => tasks['contact-customer.1'] !== undefined, 'the child is open')
  expect((await look()).found).toEqual([])

  // The parent is away while its child is given up.
  await lose(route.order)
  await lose(gone)
  await ok(world.as(vp).command(route.visit, { type: 'withdraw', reason: 'the customer has changed his mind' }))
  await until(world, route.visit, ({ status }) => status === 'closed', 'the child ends')
  const { done, found } = await look()
  expect(brief(found).filter((line) => !line.startsWith('parent-not-told'))).toEqual(
    [`order-without-workflow ${gone} repaired`, `order-without-workflow ${route.order} repaired`].sort(),
  )
  expect(done).toMatchObject({ open: {}, repaired: found.length })
  await until(world, route.order, ({ children }) => children[route.visit]?.end === 'withdrawn', 'the parent knows')
  await doStep(world, gone, 'countersign-business', 'agreed')
  for (const order of [route.order, gone]) await verify(world, order)
  expect((await look()).found).toEqual([])
})

it('lists the rest with what to do, remembers since when, and counts it', async () => {
  const [held, late, stopped, ended] = await Promise.all([1, 2, 3, 4].map(() => contract(world)))
  const query = (sql: string, ...values: unknown[]) => world.db.pool.query(sql, values)
  await query(`UPDATE task SET person_id = NULL, unit_id = NULL, queue = NULL WHERE order_id = $1 AND step = 'countersign-finance'`, held)
  await query(`UPDATE orders SET next_due_at = now() - interval '1 hour' WHERE id = $1`, late)
  await query(`UPDATE orders SET status = 'stopped', next_due_at = NULL WHERE id = $1`, stopped)
  await ok(world.as(vp).command(ended!, { type: 'withdraw', reason: 'no longer wanted' }))
  await until(world, ended!, ({ status }) => status === 'closed', 'it is withdrawn')
  await query(
    `INSERT INTO resource_hold (id, resource_id, order_id, state, since)
     SELECT 'left', r.id, $1, 'reserved', now() FROM resource r WHERE NOT EXISTS (SELECT FROM resource_hold h WHERE h.resource_id = r.id) LIMIT 1`,
    ended,
  )
  const ghost = { order: 'ghost', type: 'contractCountersign', startedAt: Date.now() }
  const engine: typeof real = {
    ...real,
    async *running() {
      yield* real.running()
      yield ghost
      yield { ...ghost, order: ended! }
    },
    isRunning: () => Promise.resolve(true),
    movesSince: async (order, seq) =>
      order === late ? [{ ...(await real.movesSince(order, 0)).at(-1)!, base: seq }] : real.movesSince(order, seq),
  }
  const expected = [
    `clock-not-armed ${late} open`,
    `moves-not-recorded ${late} open`,
    `order-stopped ${stopped} open`,
    `task-without-holder ${held} open`,
    `workflow-of-ended-order ${ended} open`,
    'workflow-without-order ghost open',
  ]
  const first = await look(engine)
  expect(brief(first.found)).toEqual([...expected, `resource-without-order ${ended} repaired`].sort())
  expect((await query(`SELECT state FROM resource_hold WHERE id = 'left'`)).rows).toEqual([{ state: 'released' }])
  const second = await look(engine)
  expect(brief(second.found)).toEqual(expected.sort())
  for (const { kind, subject, since } of second.found)
    expect(since).toBe(first.found.find((one) => one.kind === kind && one.subject === subject)!.since)

  const { status, body } = await world.as(vp).get<{ open: object; items: Record<string, any>[] }>('/health/findings')
  expect([status, body.open]).toEqual([
    200,
    {
      'clock-not-armed': 1,
      'moves-not-recorded': 1,
      'order-stopped': 1,
      'task-without-holder': 1,
      'workflow-of-ended-order': 1,
      'workflow-without-order': 1,
    },
  ])
  for (const { title, todo } of body.items)
    for (const text of [title, todo]) expect(text).toEqual({ en: expect.any(String), zh: expect.any(String) })
  const metrics = await (await fetch(world.url.replace('/api/v1', '/metrics'))).text()
  expect(metrics).toContain('paidan_orphans{kind="clock-not-armed"} 1')
  expect(metrics).toContain('paidan_orphans{kind="order-without-workflow"} 0')
  expect(metrics).toMatch(/paidan_reconciled_at_seconds 1[\d.]+/)
})
