/** What operators go by: figures, logs that name what they are about, and a door that says no early. */
import { pino } from 'pino'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
const lines: Record<string, unknown>[] = []

beforeAll(async () => {
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) })
  door = await openDoor({ MAX_REQUESTS: '3' }, logger)
})
afterAll(() => door.close())

const metrics = async () => {
  const { status, text } = await request(door.server).get('/metrics')
  expect(status).toBe(200)
  return (line: string): number | undefined => {
    const found = text.split('\n').find((one) => one.startsWith(`${line} `))
    return found === undefined ? undefined : Number(found.slice(line.length + 1))
  }
}

describe('/metrics', () => {
  it('counts commands by how they were answered, and refusals by code', async () => {
    const order = await startFault(door)
    const monitor = await door.as('monitor')
    await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })
    await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })
    door.engine.mood = 'late-before'
    await monitor.command(order, { type: 'comment', text: 'late' })
    door.engine.mood = 'down'
    await monitor.command(order, { type: 'comment', text: 'down' })
    door.engine.mood = 'well'
    const value = await metrics()
    expect(value('paidan_commands_total{command="accept",answer="done"}')).toBe(1)
    expect(value('paidan_commands_total{command="accept",answer="refused"}')).toBe(1)
    expect(value('paidan_commands_total{command="comment",answer="late"}')).toBe(1)
    expect(value('paidan_commands_total{command="comment",answer="failed"}')).toBe(1)
    expect(value('paidan_refusals_total{code="ENGINE_UNAVAILABLE"}')).toBe(1)
  })

  it('tells how old the oldest message is that waits, and how late the most overdue clock', async () => {
    const order = await startFault(door)
    const at = new Date(MONDAY)
    await door.db.pool.query(
      `INSERT INTO outbox (topic, order_id, seq, dedupe, payload, state, next_at, created_at) VALUES ('t', $1, 1, 'late', '{}', 'failed', $2, $2)`,
      [order, at],
    )
    const { rows } = await door.db.pool.query<{ due: Date }>('SELECT min(next_due_at) AS due FROM orders')
    door.now.value = MONDAY + 30 * MINUTE
    const value = await metrics()
    expect(value('paidan_waiting_seconds{kind="outbox"}')).toBe(30 * 60)
    expect(value('paidan_waiting_seconds{kind="notification"}')).toBe(0)
    expect(value('paidan_timer_lag_seconds')).toBe((door.now.value - rows[0]!.due.getTime()) / 1_000)
    expect(value('paidan_timer_lag_seconds')).toBeGreaterThan(60)
    door.now.value = MONDAY
  })

  it('tells what waits in the engine, and answers with the rest where the engine does not', async () => {
    door.engine.waiting = [{ kind: 'workflow', backlog: 7, ageSeconds: 1.5, workers: 2 }]
    door.now.value += MINUTE
    const well = await metrics()
    expect(well('paidan_queue_backlog{kind="workflow"}')).toBe(7)
    expect(well('paidan_queue_age_seconds{kind="workflow"}')).toBe(1.5)
    expect(well('paidan_queue_workers{kind="workflow"}')).toBe(2)
    expect([well('paidan_engine_up'), well('paidan_record_up')]).toEqual([1, 1])
    door.engine.mood = 'down'
    door.now.value += MINUTE
    const down = await metrics()
    expect([down('paidan_engine_up'), down('paidan_record_up')]).toEqual([0, 1])
    expect(down('paidan_queue_backlog{kind="workflow"}')).toBeUndefined()
    expect(down('paidan_requests_limit')).toBe(3)
    door.engine.mood = 'well'
    door.now.value = MONDAY
  })

  it('answers also where the record does not', async () => {
    await door.db.pool.query('ALTER TABLE orders RENAME TO elsewhere')
    try {
      door.now.value += 10 * MINUTE
      const value = await metrics()
      expect([value('paidan_record_up'), value('paidan_engine_up')]).toEqual([0, 1])
      expect(value('paidan_timer_lag_seconds')).toBeUndefined()
      const ready = await request(door.server).get('/readyz')
      expect([ready.status, ready.body.reasons]).toEqual([503, ['the database cannot be reached']])
    } finally {
      await door.db.pool.query('ALTER TABLE elsewhere RENAME TO orders')
      door.now.value = MONDAY
    }
  })
})

describe('logs', () => {
  it('name the operation, the order, the command and the person of each request', async () => {
    const order = await startFault(door, { headers: { 'Idempotency-Key': 'start-1' } })
    const monitor = await door.as('monitor')
    await monitor.command(order, { type: 'accept', task: 'nothing.1' }, { 'Idempotency-Key': 'accept-1' })
    const of = (command: string) => lines.filter((line) => line.command === command)
    expect(of('start-1').map(({ msg, operation, order: about, by }) => [msg, operation, about, by])).toEqual([
      ['request completed', 'startOrder', order, (await door.as('xiaomei.lin')).id],
    ])
    expect(of('accept-1').map(({ msg, operation, order: about, by }) => [msg, operation, about, by])).toEqual([
      ['request refused', 'giveCommand', order, monitor.id],
      ['request completed', 'giveCommand', order, monitor.id],
    ])
  })
})

describe('a door with more requests than it may have under way', () => {
  it('answers 503 with Retry-After at once, and takes them again when others are done', async () => {
    const order = await startFault(door)
    const monitor = await door.as('monitor')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const { act } = door.engine
    door.engine.act = async (...given) => {
      await held
      return act.apply(door.engine, given)
    }
    const underWay = ['a', 'b', 'c'].map((text) => monitor.command(order, { type: 'comment', text }))
    for (let n = 0; n < 3; ) n = (await metrics())('paidan_requests_under_way') ?? 0
    const refused = await monitor.command(order, { type: 'comment', text: 'd' })
    expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([503, 'OVERLOADED', '1'])
    expect((await monitor.get('/me')).body.code).toBe('OVERLOADED')
    // Who looks after the server is always answered.
    for (const path of ['/healthz', '/readyz']) expect((await request(door.server).get(path)).status).toBe(200)
    expect((await metrics())('paidan_refusals_total{code="OVERLOADED"}')).toBe(2)
    release()
    expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual([200, 200, 200])
    door.engine.act = act
    expect((await monitor.command(order, { type: 'comment', text: 'd' })).status).toBe(200)
    expect((await metrics())('paidan_requests_under_way')).toBe(0)
  })
})
