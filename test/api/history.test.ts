import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unsealAll } from '../../prisma/personal.ts'
import { chainHash, firstBreak, GENESIS } from '../../domain/order/hash.ts'
import { eventOf, type KeptEvent } from '../../domain/order/verify/kept.ts'
import { keptOrders } from '../../prisma/verification/kept.ts'
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

  it('come the latest first too, page by page', async () => {
    const all: number[] = []
    for (let next: string | null = ''; next !== null; ) {
      const { body } = await monitor.get(`/orders/${order}/events?limit=4&sort=-seq${next && `&cursor=${next}`}`)
      all.push(...(body.items as EventItem[]).map(({ seq }) => seq))
      next = body.page.next as string | null
    }
    const { version } = (await monitor.get(`/orders/${order}`)).body
    expect(all).toEqual(Array.from({ length: version }, (_, i) => version - i))
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
    expect(last.body.state).toEqual(await unsealAll(door.db.pool, rows[0].state))
    expect(last.body.hash).toBe(hash)
  })

  it('names the people, the customer and what is his', async () => {
    const { version } = (await monitor.get(`/orders/${order}`)).body
    const { state, names } = (await monitor.get(`/orders/${order}/at?seq=${version}`)).body
    expect(names[monitor.id]).toEqual({ en: 'Liang Jia', zh: '梁佳' })
    for (const id of [state.customer, state.facts.service, state.facts.product, state.facts.accountManager])
      expect([id, names[id]?.zh]).toEqual([id, expect.stringMatching(/\S/)])
    expect(names[state.facts.service].en).toContain((await monitor.get(`/orders/${order}`)).body.service.no)
    // The history of the facts, too: as the events name them.
    const { body } = await monitor.get(`/orders/${order}/events?limit=1`)
    expect(body.names[state.facts.service]).toEqual(names[state.facts.service])
  })

  it('never takes what somebody wrote for an id', async () => {
    const other = await startFault(door)
    const secret = 'st-001'
    await monitor.command(other, { type: 'accept', task: 'accept-fault.1' })
    await monitor.command(other, { type: 'complete', task: 'accept-fault.1', outcome: 'accepted', note: secret })
    await monitor.command(other, { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: secret } })
    await monitor.command(other, { type: 'comment', text: secret })
    const { version } = (await monitor.get(`/orders/${other}`)).body
    const at = (await monitor.get(`/orders/${other}/at?seq=${version}`)).body
    expect(at.state.facts.diagnosis).toBe(secret)
    const events = (await monitor.get(`/orders/${other}/events`)).body
    expect((await door.db.pool.query('SELECT 1 FROM staff WHERE id = $1', [secret])).rows).toHaveLength(1)
    expect([secret in at.names, secret in events.names]).toEqual([false, false])
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

const HASH = /^[0-9a-f]{64}$/
const eventsOf = async (of: string): Promise<KeptEvent[]> => [...(await keptOrders(door.db.pool, [of]))[0]!.events]
/** A fault that was accepted and taken in. */
async function accepted(): Promise<string> {
  const other = await startFault(door)
  for (const body of [
    { type: 'accept', task: 'accept-fault.1' },
    { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
  ])
    expect((await monitor.command(other, body)).status).toBe(200)
  return other
}

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
      chain: null,
      rows: null,
      body: null,
    })
  })

  it.each<[string, string, object]>([
    [
      'a changed fact',
      `UPDATE order_event SET data = '{"task": "accept-fault.1", "x": 1}' WHERE order_id = $1 AND seq = 2`,
      { chain: { of: '2', field: 'hash' } },
    ],
    [
      'one changed byte',
      `UPDATE order_event SET data = replace(data::text, 'accept-fault', 'accept-fauls')::jsonb WHERE order_id = $1 AND seq = 2`,
      { chain: { of: '2', field: 'hash' } },
    ],
    [
      'a changed instant',
      `UPDATE order_event SET at = at + interval '1 ms' WHERE order_id = $1 AND seq = 3`,
      { chain: { of: '3', field: 'hash' } },
    ],
    ['another doer', `UPDATE order_event SET actor_id = 'st-001' WHERE order_id = $1 AND seq = 1`, { chain: { of: '1', field: 'hash' } }],
    ['a missing event', `DELETE FROM order_event WHERE order_id = $1 AND seq = 2`, { chain: { of: '2', field: 'seq', kept: 3 } }],
    [
      'a missing end',
      `DELETE FROM order_event WHERE order_id = $1 AND seq = (SELECT seq FROM orders WHERE id = $1)`,
      { chain: { field: 'seq' } },
    ],
    [
      'a swapped pair',
      `UPDATE order_event e SET type = o.type, data = o.data, hash = o.hash, prev_hash = o.prev_hash
         FROM order_event o WHERE e.order_id = $1 AND o.order_id = $1 AND e.seq IN (2, 3) AND o.seq = 5 - e.seq`,
      { chain: { of: '2', field: 'prev_hash' } },
    ],
    [
      'a changed state',
      `UPDATE orders SET state = jsonb_set(state, '{priority}', '4') WHERE id = $1`,
      { chain: null, rows: { table: 'orders', field: 'state' } },
    ],
    [
      'a changed title',
      `UPDATE orders SET title = 'x' WHERE id = $1`,
      { chain: null, rows: { table: 'orders', field: 'title', kept: 'x' } },
    ],
    [
      'an edited task',
      `UPDATE task SET due_at = due_at + interval '1 day' WHERE order_id = $1 AND task = 'accept-fault.1'`,
      { chain: null, rows: { table: 'task', of: 'accept-fault.1', field: 'due_at' } },
    ],
    [
      'a clock that was put off',
      `UPDATE clock SET due_at = due_at + interval '1 day' WHERE order_id = $1 AND clock = (SELECT min(clock) FROM clock WHERE order_id = $1)`,
      { chain: null, rows: { table: 'clock', field: 'due_at' } },
    ],
  ])('finds %s, and says where', async (_what, sql, expected) => {
    const other = await accepted()
    await tamper(sql, [other])
    expect(await verify(other)).toMatchObject({ ok: false, ...expected })
  })

  // Both sides of the first difference: what the history leads to, and what the record holds.
  it.each<[string, string | string[], (events: KeptEvent[]) => object]>([
    [
      'one byte of one event',
      `UPDATE order_event SET data = replace(data::text, 'accept-fault', 'accept-fauls')::jsonb WHERE order_id = $1 AND seq = 2`,
      (events) => ({ chain: { of: '2', field: 'hash', told: expect.stringMatching(HASH), kept: events[1]!.hash } }),
    ],
    [
      'a deleted last event',
      `DELETE FROM order_event WHERE order_id = $1 AND seq = (SELECT seq FROM orders WHERE id = $1)`,
      (events) => ({ chain: { of: String(events.length), field: 'seq', told: events.length - 1, kept: events.length } }),
    ],
    [
      'two neighbours that changed places, each with its own hashes',
      [
        `UPDATE order_event SET seq = 1000, move_seq = 1000 WHERE order_id = $1 AND seq = 2`,
        `UPDATE order_event SET seq = 2 WHERE order_id = $1 AND seq = 3`,
        `UPDATE order_event SET seq = 3, move_seq = 3 WHERE order_id = $1 AND seq = 1000`,
      ],
      (events) => ({ chain: { of: '2', field: 'prev_hash', told: events[0]!.hash, kept: events[1]!.hash } }),
    ],
    [
      'an edited task row',
      `UPDATE task SET person_id = 'st-001' WHERE order_id = $1 AND task = 'accept-fault.1'`,
      () => ({ chain: null, rows: { table: 'task', of: 'accept-fault.1', field: 'person_id', told: monitor.id, kept: 'st-001' } }),
    ],
  ])('names both sides: %s', async (_what, statements, expected) => {
    const other = await accepted()
    const events = await eventsOf(other)
    for (const sql of [statements].flat()) await tamper(sql, [other])
    expect(await verify(other)).toMatchObject({ ok: false, ...expected(events) })
  })

  it('finds two neighbours that changed places and were hashed anew, where the next event follows', async () => {
    const other = await accepted()
    const events = await eventsOf(other)
    let previous = events[0]!.hash
    for (const row of [events[2]!, events[1]!].map((event, i) => ({ ...event, seq: i + 2 }))) {
      const hash = chainHash(previous, eventOf(row))
      await tamper(
        `UPDATE order_event SET type = $3, data = $4, at = $5, actor_kind = $6, actor_id = $7, cmd = $8, prev_hash = $9, hash = $10
          WHERE order_id = $1 AND seq = $2`,
        [other, row.seq, row.type, row.data, row.at, row.actor_kind, row.actor_id, row.cmd, previous, hash],
      )
      previous = hash
    }
    expect(await verify(other)).toMatchObject({
      ok: false,
      chain: { of: '4', field: 'prev_hash', told: previous, kept: events[3]!.prev_hash },
    })
  })

  it('is kept, once for a request, and read by who may read histories', async () => {
    const other = await startFault(door)
    const auditor = await door.as('auditor')
    const key = { 'Idempotency-Key': randomUUID() }
    const made = await auditor.post(`/orders/${other}/verifications`, {}, key)
    expect([made.status, made.body]).toMatchObject([202, { order: other, ok: true, by: auditor.id, engine: null }])
    expect(made.headers).toMatchObject({ location: `/api/v1/orders/${other}/verifications/${made.body.id}`, 'retry-after': '1' })
    const one = await auditor.get(`/orders/${other}/verifications/${made.body.id}`)
    expect([one.status, one.body, one.headers['retry-after']]).toEqual([200, made.body, '1'])
    expect((await auditor.get(`/orders/${other}/verifications/999999`)).status).toBe(404)
    const again = await auditor.post(`/orders/${other}/verifications`, {}, key)
    expect([again.status, again.body.id]).toEqual([202, made.body.id])
    await tamper(`UPDATE order_event SET actor_id = 'st-001' WHERE order_id = $1 AND seq = 1`, [other])
    await auditor.post(`/orders/${other}/verifications`, {})
    const { body } = await auditor.get(`/orders/${other}/verifications`)
    expect(body.items.map(({ ok }: { ok: boolean }) => ok)).toEqual([false, true])
    expect(body.items[0].chain).toMatchObject({ of: '1', field: 'hash' })
    const engineer = await door.as('vendor')
    expect((await engineer.get(`/orders/${other}/verifications`)).status).toBe(404)
  })
})
