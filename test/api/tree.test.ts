/** An order with all that belongs to it in one call, and what a withdrawal would do, told before. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, openDoor, startFault } from './support/door.ts'
import { complete, did, startOrder } from './support/play.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

type Item = Record<string, any>
const tree = async (order: string, login = 'vp'): Promise<Item> => (await (await door.as(login)).get(`/orders/${order}/tree`)).body as Item

describe('the tree', () => {
  it('says of each order how it hangs on which, with its open tasks and the clocks that run', async () => {
    const order = await startOrder(door, 'return-visit', { occasion: 'own-plan' })
    const { nodes, truncated, names } = await tree(order)
    expect([nodes.length, truncated]).toEqual([1, false])
    const [node] = nodes as [Item]
    expect(node).toMatchObject({ id: order, process: 'return-visit', status: 'open', parent: null, relation: null })
    const state = (await door.db.pool.query('SELECT state FROM orders WHERE id = $1', [order])).rows[0].state as Item
    expect((node.tasks as Item[]).map(({ task }) => task as string).sort()).toEqual(Object.keys(state.tasks as object).sort())
    expect((node.clocks as Item[]).length).toBeGreaterThan(0)
    for (const { person } of node.tasks as Item[]) if (person !== null) expect(names).toHaveProperty(person as string)
  })

  it('goes from the top down, wherever it is entered, and leaves out what is out of sight', async () => {
    const top = await startFault(door, { region: '/cn/js/nj' })
    const below = await startFault(door, { region: '/cn/js/nj', group: 'bandwidth' })
    const hidden = await startFault(door, { region: '/cn/js/sz' })
    await door.db.pool.query('UPDATE orders SET parent_id = $1 WHERE id = ANY ($2)', [top, [below, hidden]])
    const all = (await tree(below)).nodes as Item[]
    expect(all.map(({ id, parent, relation }) => [id, parent, relation])).toEqual(
      expect.arrayContaining([
        [top, null, null],
        [below, top, 'child'],
        [hidden, top, 'child'],
      ]),
    )
    expect(all[0]!.id).toBe(top)
    const ofNanjing = (await tree(below, 'lixin.song')).nodes as Item[]
    expect(ofNanjing.map(({ id }) => id as string).sort()).toEqual([top, below].sort())
    expect((await (await door.as('yuan.fang')).get(`/orders/${top}/tree`)).status).toBe(404)
  })
})

describe('a preview', () => {
  const preview = async (order: string, login: string, body: Item) =>
    (await door.as(login)).post(`/orders/${order}/commands?preview=true`, body)

  it('tells what a withdrawal closes and undoes, and changes nothing', async () => {
    const order = await startOrder(door, 'contract-countersign', { letterOfIntent: 'LOI-1', amount: 100_000, termMonths: 12 })
    await did(door, order, 'draft-contract', 'drafted', { text: 'x', amount: 100_000, termMonths: 12, discountPct: 0 })
    const before = (await door.db.pool.query('SELECT seq, state FROM orders WHERE id = $1', [order])).rows
    const { status, body } = await preview(order, 'vp', { type: 'withdraw', reason: 'changed his mind' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ order, allowed: true, withdrawal: { undone: [{ effect: 'void-contract' }], stays: [], goesOn: [] } })
    expect((body.withdrawal.closes as Item[])[0]!.tasks.length).toBeGreaterThan(0)
    expect((await door.db.pool.query('SELECT seq, state FROM orders WHERE id = $1', [order])).rows).toEqual(before)
    expect(door.engine.given.filter(({ type }) => type === 'withdraw')).toEqual([])
  })

  it('is refused like the command itself', async () => {
    const order = await startFault(door)
    const { body } = await preview(order, 'engineer', { type: 'withdraw', reason: 'x' })
    expect(body.code).toBe('NOT_ALLOWED')
    const wrong = await preview(order, 'monitor', { type: 'complete', task: 'accept-fault.1', outcome: 'no-such' })
    expect(wrong.status).toBeGreaterThanOrEqual(400)
    expect((await complete(door, order, 'accept-fault', 'accepted')).status).toBe(200)
  })

  it('says which events any other command would make', async () => {
    const order = await startFault(door)
    const { body } = await preview(order, 'vp', { type: 'set-priority', priority: 1, reason: 'a ministry' })
    expect(body.effects).toEqual([{ type: 'priority-set' }])
  })
})
