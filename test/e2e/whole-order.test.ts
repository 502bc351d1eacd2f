/** A whole order over HTTP, on the real servers: its story, and its withdrawal at five depths. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heldBy, newRoute, type Route, stages, storyOf, treeOf } from '../support/whole-order.ts'
import { doStep, openWorld, replays, until, verify, type World } from '../support/world.ts'

let world: World
let boss: string
beforeAll(async () => {
  world = await openWorld()
  await world.db.pool.query('DELETE FROM delegation; DELETE FROM absence')
  boss = (await world.db.pool.query("SELECT id FROM staff WHERE login = 'vp'")).rows[0].id
})
afterAll(() => world?.close())

type Item = Record<string, any>
const get = async (path: string): Promise<Item> => (await world.as(boss).get<Item>(path)).body

/** At each stage: every chain is whole, the tree is seen in one call, something is promised and explained, and somebody has a way on. */
async function checkStage(title: string, { order }: Route): Promise<void> {
  for (const { id } of await treeOf(world, { order })) await verify(world, id)
  // The orders first: one that starts between the two readings is in the tree and not yet asked for.
  const orders = await treeOf(world, { order })
  const tree = await get(`/orders/${order}/tree`)
  expect([title, JSON.stringify(tree).includes(orders.at(-1)!.id)]).toEqual([title, true])
  for (const { id, status } of orders) {
    const { tasks, children, clocks } = await world.state(id)
    const waiting = Object.values(children).some(({ waits, end }) => waits && end === undefined)
    if (status === 'open')
      expect([title, id, Object.keys(tasks).length + Object.keys(clocks).length > 0 || waiting]).toEqual([title, id, true])
  }
  const { status } = await world.state(order)
  if (status !== 'open') return
  const promise = await get(`/orders/${order}/promise`)
  expect([title, Date.parse(promise.at as string) > Date.now(), (promise.lines as Item[]).length > 0]).toEqual([title, true, true])
}

describe('a whole order', () => {
  it('reads in its history like the story that it was', async () => {
    const route = await newRoute(world)
    for (const [title, stage] of stages) {
      if (title === 'filed') await expect(doStep(world, route.order, 'archive-project', 'archived')).rejects.toThrow(/RESOURCE_UNNAMED/)
      await stage(world, route)
      await checkStage(title, route)
    }
    await until(world, route.order, ({ status }) => status === 'closed', 'the file is closed')
    expect(await storyOf(world, route.order)).toEqual([
      'accept-request=new-demand',
      'visit-customer=intent-signed',
      'sign-contract=signed',
      'decide-construction=needed',
      'construct=accepted',
      'activate=activated',
      'notify-activation=confirmed',
      'archive-project=archived',
    ])
    expect(await storyOf(world, route.contract)).toEqual([
      'draft-contract=drafted',
      'countersign-business=agreed',
      'countersign-finance=objection',
      'draft-contract=drafted',
      'countersign-business=agreed',
      'countersign-finance=agreed',
      'customer-review=not-satisfied',
      'draft-contract=drafted',
      'countersign-business=agreed',
      'countersign-finance=agreed',
      'customer-review=accepted',
      'director-review=approved-within-authority',
      'sign-contract=signed',
      'archive-contract=archived',
    ])
    expect((await storyOf(world, route.construction)).filter((line) => line.startsWith('joint-acceptance'))).toEqual([
      'joint-acceptance=not-qualified',
      'joint-acceptance=not-qualified',
      'joint-acceptance=qualified',
    ])
    expect((await storyOf(world, route.activation)).slice(4, 8)).toEqual([
      'collect-payment=collected',
      'finance-check=mismatch',
      'recheck=rechecked',
      'finance-check=match',
    ])
    expect((await treeOf(world, route)).map(({ id, end }) => [id.slice(route.order.length), end])).toEqual([
      ['', 'completed'],
      ['.activate.1', 'activated'],
      ['.construct.1', 'accepted'],
      ['.sign-contract.1', 'signed'],
      ['.visit-customer.1', 'intent-signed'],
      ['.visit-customer.1.argue-solution.1', 'approved'],
    ])
    expect(await heldBy(world, route)).toEqual([`used ${route.circuit}`, `used ${route.number}`].sort())
    const file = (await world.db.pool.query('SELECT * FROM project_file WHERE order_id = $1', [route.order])).rows[0] as Item
    expect([...(file.resources as string[])].sort()).toEqual([route.circuit, route.number].sort())
    for (const { id } of await treeOf(world, route)) await replays(world, id)
  }, 120_000)
})

describe('a whole order in many runs', () => {
  it('goes on in a new run after every second move, with its children open, and every run replays', async () => {
    const many = await openWorld({ movesPerRun: 2 })
    try {
      await many.db.pool.query('DELETE FROM delegation; DELETE FROM absence')
      const route = await newRoute(many)
      for (const [, stage] of stages) await stage(many, route)
      const tree = await treeOf(many, route)
      expect(tree.map(({ end }) => String(end)).sort()).toEqual([
        'accepted',
        'activated',
        'approved',
        'completed',
        'intent-signed',
        'signed',
      ])
      for (const { id } of tree) {
        await verify(many, id)
        await replays(many, id)
      }
      const first = await many.client.workflow.getHandle(route.order).describe()
      expect(first.raw.workflowExecutionInfo?.firstRunId).not.toBe(first.runId)
    } finally {
      await many.close()
    }
  }, 120_000)
})

describe('a withdrawal', () => {
  /** Depth: after which stage, what it undoes (latest first), and what stays. */
  const depths: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['accepted', [], []],
    ['visited', [], []],
    ['countersigned', ['void-contract'], []],
    ['circuits ready', ['release-resources'], ['sign-contract=signed']],
    ['paid', ['release-resources', 'refund-payment', 'release-resources'], ['sign-contract=signed', 'archive-construction=archived']],
  ]

  it.each(depths)(
    'after "%s" leaves nothing open and nothing reserved, and names what stays',
    async (last, undone, stays) => {
      const route = await newRoute(world, depths.findIndex(([title]) => title === last) + 1)
      for (const [title, stage] of stages) {
        await stage(world, route)
        if (title === last) break
      }
      const withdraw = { type: 'withdraw' as const, reason: 'the customer has changed his mind' }
      const preview = await world.as(boss).post<Item>(`/orders/${route.order}/commands?preview=true`, withdraw)
      expect(preview.status).toBe(200)
      expect((preview.body.withdrawal.undone as Item[]).map(({ effect }) => effect)).toEqual(undone)
      expect((preview.body.withdrawal.stays as Item[]).map(({ step, outcome }) => `${step}=${outcome}`)).toEqual(stays)
      expect((await world.state(route.order)).status).toBe('open')

      const { status, body } = await world.as(boss).command(route.order, withdraw)
      expect([status, body.code]).toEqual([200, undefined])
      await until(world, route.order, (state) => state.status === 'closed', 'the order is withdrawn')
      expect((await world.state(route.order)).end).toBe('withdrawn')
      // What was built and accepted is settled to its end, though nobody waits for it.
      const goesOn = (preview.body.withdrawal.goesOn as Item[]).map(({ order }) => order as string)
      expect(goesOn).toEqual(last === 'paid' ? [route.construction] : [])
      for (const order of goesOn) await doStep(world, order, 'settle-construction', 'settled')
      const done: [number, string][] = []
      for (const { id } of await treeOf(world, route)) {
        await until(world, id, (state) => state.status === 'closed', 'it is closed')
        for (const { type, at, data } of await verify(world, id)) if (type === 'undo-done') done.push([at, (data as Item).effect as string])
      }
      expect(done.sort(([a], [b]) => a - b).map(([, effect]) => effect)).toEqual(undone)
      expect(await heldBy(world, route)).toEqual([])
      const { rows } = await world.db.pool.query('SELECT task FROM task WHERE starts_with(order_id, $1) AND closed_at IS NULL', [
        route.order,
      ])
      expect(rows).toEqual([])
      if (undone.includes('refund-payment')) {
        const { rows: payments } = await world.db.pool.query('SELECT state FROM payment WHERE order_id = $1', [route.activation])
        expect(payments).toEqual([{ state: 'refund-due' }, { state: 'refund-due' }])
      }
    },
    90_000,
  )
})
