import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { person } from '../../prisma/seed/organisation.ts'
import { type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

const body = { page: 'orders', name: '超时的', query: { overdue: 'true', status: ['open', 'stopped'] } }

describe('named views', () => {
  it('are the own ones, replaced under the same name, and removed', async () => {
    const monitor = await door.as('monitor')
    const first = await monitor.post('/views', body, { 'Idempotency-Key': 'v1' })
    expect([first.status, first.body.mine, first.body.unit]).toEqual([200, true, null])
    expect((await monitor.post('/views', body, { 'Idempotency-Key': 'v1' })).body.id).toBe(first.body.id)
    const again = await monitor.post('/views', { ...body, query: { overdue: 'false' } })
    expect([again.body.id, again.body.query]).toEqual([first.body.id, { overdue: 'false' }])
    expect((await monitor.get('/views?page=orders')).body.items).toHaveLength(1)
    expect((await monitor.get('/views?page=board')).body.items).toEqual([])
    expect((await (await door.as('lixin.song')).get('/views')).body.items).toEqual([])
    expect((await (await door.as('lixin.song')).del(`/views/${first.body.id}`)).status).toBe(404)
    expect((await monitor.del(`/views/${first.body.id}`)).status).toBe(204)
    expect((await monitor.del(`/views/${first.body.id}`)).status).toBe(404)
  })

  it('are shared with a unit of the own, whose people see and cannot change them', async () => {
    const monitor = await door.as('monitor')
    const unit = person('monitor').unit.id
    expect((await monitor.post('/views', { ...body, unit: person('engineer').unit.id })).body.code).toBe('UNKNOWN_REFERENCE')
    const shared = (await monitor.post('/views', { ...body, unit })).body
    const colleague = await door.as('lixin.song')
    expect((await colleague.get('/views')).body.items).toMatchObject([{ id: shared.id, mine: false, owner: monitor.id }])
    expect((await colleague.del(`/views/${shared.id}`)).status).toBe(404)
    for (const stranger of ['engineer', 'vendor', 'vp']) expect((await (await door.as(stranger)).get('/views')).body.items).toEqual([])
  })

  it('are renamed, shared and given other filters by their owner, and two never have one name', async () => {
    const monitor = await door.as('monitor')
    const unit = person('monitor').unit.id
    const [one, other] = [await monitor.post('/views', { ...body, name: '甲' }), await monitor.post('/views', { ...body, name: '乙' })]
    const path = `/views/${one.body.id}`
    const renamed = await monitor.post(path, { name: '丙', unit, query: { status: 'open' } }, { 'Idempotency-Key': 'v2' })
    expect([renamed.status, renamed.body]).toEqual([
      200,
      expect.objectContaining({ id: one.body.id, name: '丙', unit, query: { status: 'open' }, mine: true }),
    ])
    expect((await monitor.post(path, { name: '丙', unit, query: { status: 'open' } }, { 'Idempotency-Key': 'v2' })).body).toEqual(
      renamed.body,
    )
    expect((await monitor.post(path, { unit: null })).body).toMatchObject({ name: '丙', unit: null, query: { status: 'open' } })
    expect((await monitor.post(path, { name: other.body.name })).body.errors).toMatchObject([{ field: 'name', code: 'TAKEN' }])
    expect((await monitor.post(path, { unit: person('engineer').unit.id })).body.code).toBe('UNKNOWN_REFERENCE')
    expect((await monitor.post(path, {})).status).toBe(422)
    expect((await (await door.as('lixin.song')).post(path, { name: 'x' })).status).toBe(404)
  })

  it.each([
    ['another kind of page', { page: '../etc' }],
    ['a name of nothing', { name: ' ' }],
    ['filters that are no texts', { query: { a: { b: 1 } } }],
    ['too many filters', { query: Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`a${i}`, 'x'])) }],
  ])('refuse %s', async (_what, wrong) => {
    expect((await (await door.as('monitor')).post('/views', { ...body, ...wrong })).status).toBe(422)
  })
})

describe('notifications', () => {
  it('can all be marked as read, up to the latest that was seen', async () => {
    const order = await startFault(door)
    door.now.value = MONDAY + 200 * MINUTE
    await door.engine.tick(order)
    const { rows } = await door.db.pool.query<{ login: string }>(
      `SELECT s.login FROM notification n JOIN staff s ON s.id = n.staff_id WHERE n.channel = 'inbox' GROUP BY 1 HAVING count(*) >= 2 ORDER BY 1 LIMIT 1`,
    )
    const told = await door.as(rows[0]!.login)
    const { items, unread } = (await told.get('/notifications')).body
    expect(unread).toBeGreaterThanOrEqual(2)
    const oldest = items.at(-1).id
    expect((await told.post('/notifications/read-all', { until: oldest })).body).toEqual({ read: 1, unread: unread - 1 })
    expect((await told.post('/notifications/read-all', {})).body).toEqual({ read: unread - 1, unread: 0 })
    expect((await told.get('/notifications?unread=true')).body).toMatchObject({ items: [], unread: 0 })
    expect((await told.post('/notifications/read-all', { until: 'x' })).status).toBe(422)
  })
})
