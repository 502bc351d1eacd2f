import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstBreak, GENESIS } from '../../domain/order/hash.ts'
import { type Caller, type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
let monitor: Caller
let order: string
beforeAll(async () => {
  door = await openDoor()
  monitor = await door.as('monitor')
  order = await startFault(door)
  door.now.value = MONDAY + 5 * MINUTE
  await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })
  door.now.value = MONDAY + 6 * MINUTE
  await monitor.command(order, { type: 'comment', text: '长'.repeat(1000) })
  door.now.value = MONDAY + 7 * MINUTE
  await monitor.command(order, { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
})
afterAll(() => door.close())

interface EventItem {
  seq: number
  type: string
  at: string
  actor: { kind: string; id: string }
  data: Record<string, unknown>
  command: string | null
  prevHash: string
  hash: string
}

describe('the events of an order', () => {
  it('are all there, in pages, and their chain can be checked by whoever reads them', async () => {
    const all: EventItem[] = []
    let next: string | null = ''
    while (next !== null) {
      const { body, status } = await monitor.get(`/orders/${order}/events?limit=3${next && `&cursor=${next}`}`)
      expect(status).toBe(200)
      expect(body.items.length).toBeLessThanOrEqual(3)
      all.push(...(body.items as EventItem[]))
      next = body.page.next as string | null
    }
    const { version, hash } = (await monitor.get(`/orders/${order}`)).body
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: version }, (_, i) => i + 1))
    expect(all.at(-1)!.hash).toBe(hash)
    expect(all[0]!.prevHash).toBe(GENESIS)
    // As kept: the long text is replaced by what the chain covers.
    const { rows } = await door.db.pool.query('SELECT seq, data FROM order_event WHERE order_id = $1', [order])
    const kept = new Map(rows.map((row) => [row.seq, row.data]))
    const chain = all.map(({ seq, type, at, actor, command, prevHash, hash: own }) => ({
      event: { seq, type, at: Date.parse(at), actor, data: kept.get(seq), ...(command && { cmd: command }) } as never,
      prevHash,
      hash: own,
    }))
    expect(firstBreak(chain)).toBe(-1)
  })

  it('name who did what, by which command, with long texts as written', async () => {
    const { body } = await monitor.get(`/orders/${order}/events`)
    const comment = body.items.find((one: EventItem) => one.type === 'comment-added')
    expect(comment).toMatchObject({
      actor: { kind: 'person', id: monitor.id },
      data: { text: '长'.repeat(1000) },
      at: new Date(MONDAY + 6 * MINUTE).toISOString(),
    })
    expect(comment.command).toMatch(/^[0-9a-f-]{36}$/)
    expect(body.names[monitor.id]).toEqual({ en: 'Liang Jia', zh: '梁佳' })
  })
})

describe('the state at a moment', () => {
  it('is the fold of the events up to one', async () => {
    const first = await monitor.get(`/orders/${order}/at?seq=1`)
    expect(first.body).toMatchObject({ order, seq: 1, at: new Date(MONDAY).toISOString(), state: { status: 'open', seq: 1, tasks: {} } })
    const { version, hash } = (await monitor.get(`/orders/${order}`)).body
    const last = await monitor.get(`/orders/${order}/at?seq=${version}`)
    const { rows } = await door.db.pool.query('SELECT state FROM orders WHERE id = $1', [order])
    expect(last.body.state).toEqual(rows[0].state)
    expect(last.body.hash).toBe(hash)
  })

  it.each([
    ['before the acceptance', 5 * MINUTE - 1, 'offered'],
    ['at the instant of the acceptance', 5 * MINUTE, 'accepted'],
    ['a minute later', 6 * MINUTE, 'accepted'],
  ])('%s, by time', async (_what, after, status) => {
    const { body } = await monitor.get(`/orders/${order}/at?time=${encodeURIComponent(new Date(MONDAY + after).toISOString())}`)
    expect(body.state.tasks['accept-fault.1'].status).toBe(status)
  })

  it('takes a time of any zone', async () => {
    const { body } = await monitor.get(`/orders/${order}/at?time=${encodeURIComponent('2026-01-05T09:05:00+08:00')}`)
    expect(body.state.tasks['accept-fault.1'].status).toBe('accepted')
  })

  it.each(['seq=0', 'seq=9999', 'time=2020-01-01T00:00:00Z'])('is none for %s', async (query) => {
    const { status, body } = await monitor.get(`/orders/${order}/at?${query}`)
    expect([status, body.code]).toEqual([404, 'NOT_FOUND'])
    expect(body.detail).toBeDefined()
  })
})

describe('the verification', () => {
  const verify = async (of: string) => (await monitor.get(`/orders/${of}/verification`)).body
  /** Changes what nobody may change, as somebody with the keys of the database could. */
  const tamper = (sql: string, values: unknown[]) =>
    door.db.pool.connect().then(async (client) => {
      try {
        await client.query('ALTER TABLE order_event DISABLE TRIGGER ALL')
        await client.query(sql, values)
        await client.query('ALTER TABLE order_event ENABLE ALWAYS TRIGGER order_event_append_only')
      } finally {
        client.release()
      }
    })

  it('finds an honest history whole', async () => {
    const { version, hash } = (await monitor.get(`/orders/${order}`)).body
    expect(await verify(order)).toEqual({
      order,
      events: version,
      head: hash,
      ok: true,
      brokenAt: null,
      headMatches: true,
      stateMatches: true,
    })
  })

  it.each<[string, string, object]>([
    [
      'a changed fact',
      `UPDATE order_event SET data = '{"task": "accept-fault.1", "x": 1}' WHERE order_id = $1 AND seq = 2`,
      { ok: false, brokenAt: 2 },
    ],
    ['a changed instant', `UPDATE order_event SET at = at + interval '1 ms' WHERE order_id = $1 AND seq = 3`, { ok: false, brokenAt: 3 }],
    ['another doer', `UPDATE order_event SET actor_id = 'st-001' WHERE order_id = $1 AND seq = 1`, { ok: false, brokenAt: 1 }],
    ['a missing event', `DELETE FROM order_event WHERE order_id = $1 AND seq = 2`, { ok: false, brokenAt: 2 }],
    [
      'a missing end',
      `DELETE FROM order_event WHERE order_id = $1 AND seq = (SELECT seq FROM orders WHERE id = $1)`,
      { ok: false, brokenAt: null, headMatches: false },
    ],
    [
      'a changed state',
      `UPDATE orders SET state = jsonb_set(state, '{priority}', '4') WHERE id = $1`,
      { ok: false, brokenAt: null, stateMatches: false },
    ],
  ])('finds %s', async (_what, sql, expected) => {
    const other = await startFault(door)
    await tamper(sql, [other])
    expect(await verify(other)).toMatchObject(expected)
  })
})
