import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { connectEngine, createEngine, type Engine, type Opening } from '../../api/engine.ts'
import { EngineDown, EngineLate, EngineOrderMissing, EngineRefused } from '../../api/engine-errors.ts'
import type { Command, CommandBody } from '../../domain/order/command.ts'
import { loadConfig } from '../../worker/config/config.ts'
import { freePort } from '../../worker/stack/ports.ts'
import { openWorld, someService, type World } from '../support/world.ts'

let world: World
let engine: Engine
let customer: string
beforeAll(async () => {
  world = await openWorld()
  engine = createEngine(world.client, world.queue)
  customer = (await someService(world)).customer
})
afterAll(() => world.close())

const opening = (id = `test-${randomUUID()}`, process = 'contract-countersign'): Opening => ({
  id,
  actor: { kind: 'person', id: 'st-003' },
  cmd: 'start',
  req: 'hash',
  opened: { process, customer, title: 't', region: '/cn/js', priority: 3, facts: {}, startedBy: 'st-003' },
})

const supervisor = { kind: 'person' as const, id: 'st-004', roles: ['supervisor'] }
const command = (body: CommandBody, id: string = randomUUID()): Command => ({ ...body, id, actor: supervisor })

const failure = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

describe('the client of the engine', () => {
  it('opens an order once, and answers when the record has it', async () => {
    const order = opening()
    const first = await engine.open(order)
    const { rows } = await world.db.pool.query('SELECT seq FROM orders WHERE id = $1', [order.id])
    expect(first).toEqual({ order: order.id, seq: rows[0].seq })
    expect(await engine.open(order)).toEqual(first)
  })

  it('twenty times at once opens one', async () => {
    const order = opening()
    const answers = await Promise.all(Array.from({ length: 20 }, () => engine.open(order)))
    expect(new Set(answers.map(({ seq }) => seq)).size).toBe(1)
  })

  it('gives a command once, however often its id comes', async () => {
    const { id } = opening()
    await engine.open(opening(id))
    const urge = command({ type: 'urge' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => engine.act(id, urge, 'h')))
    expect(new Set(answers.map(({ seq }) => seq)).size).toBe(1)
    const { rows } = await world.db.pool.query("SELECT count(*)::int AS n FROM order_event WHERE order_id = $1 AND type = 'order-urged'", [
      id,
    ])
    expect(rows[0].n).toBe(1)
    const kept = await world.db.pool.query('SELECT request_hash, seq FROM order_command WHERE order_id = $1 AND command_id = $2', [
      id,
      urge.id,
    ])
    expect(kept.rows).toEqual([{ request_hash: 'h', seq: answers[0]!.seq }])
  })

  it('leaves nothing of an opening that the order refuses: what only a supervisor may give', async () => {
    const facts = { openOn: 'red', number: '1' }
    const { id, actor, ...rest } = opening(undefined, 'complaint')
    const refused = await failure(engine.open({ ...rest, id, actor, opened: { ...rest.opened, facts } }))
    expect(refused).toBeInstanceOf(EngineRefused)
    expect(refused).toMatchObject({ code: 'NOT_ALLOWED', field: 'input.openOn' })
    expect((await world.db.pool.query('SELECT 1 FROM orders WHERE id = $1', [id])).rows).toEqual([])
    const granted = opening(undefined, 'complaint')
    await engine.open({ ...granted, actor: supervisor, opened: { ...granted.opened, facts } })
    const { rows } = await world.db.pool.query('SELECT state FROM orders WHERE id = $1', [granted.id])
    expect(rows[0].state.facts.openOn).toBe('red')
  })

  it('takes no command for the opening, whatever its id', async () => {
    const { id } = opening()
    const { seq } = await engine.open(opening(id))
    for (const key of ['opened', 'order-opened', 'act'])
      expect((await engine.act(id, command({ type: 'urge' }, key), 'h')).seq).toBeGreaterThan(seq)
  })

  it.each<[CommandBody, object]>([
    [
      { type: 'accept', task: 'nothing.1' },
      { code: 'NO_SUCH_TASK', field: 'task', detail: undefined },
    ],
    [
      { type: 'complete', task: 'draft-contract.1', outcome: 'x' },
      {
        code: 'UNKNOWN_OUTCOME',
        field: 'outcome',
        detail: 'choose one of drafted',
        says: { zh: '请从中选择：drafted', en: 'choose one of drafted' },
      },
    ],
    [
      { type: 'withdraw', reason: ' ' },
      { code: 'REASON_REQUIRED', field: 'reason', detail: undefined },
    ],
  ])('tells a refusal with its code, field and detail, and says it in both languages: %o', async (body, expected) => {
    const { id } = opening()
    await engine.open(opening(id))
    const error = await failure(engine.act(id, command(body), 'h'))
    expect(error).toBeInstanceOf(EngineRefused)
    expect(error).toMatchObject(expected)
  })

  it('tells a stale version from a command that two people give at once', async () => {
    const { id } = opening()
    const { seq } = await engine.open(opening(id))
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => engine.act(id, { ...command({ type: 'comment', text: `${i}` }), expect: seq }, `h${i}`)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'STALE_VERSION' })
  })

  it('tells an order a fact from outside, which counts once, and says where no order hears it', async () => {
    const order = opening(undefined, 'service-activation')
    await engine.open(order)
    const payment = { kind: 'payment', id: 'b1', facts: { amount: 100 } }
    await engine.tell(order.id, payment)
    await engine.tell(order.id, payment)
    await engine.tell(order.id, { ...payment, id: 'b2' })
    const paid = async () => (await world.db.pool.query('SELECT state FROM orders WHERE id = $1', [order.id])).rows[0].state.facts.paid
    await expect.poll(paid, { timeout: 10_000 }).toBe(200)
    const { rows } = await world.db.pool.query(
      "SELECT data ->> 'id' AS id FROM order_event WHERE order_id = $1 AND type = 'fact-received' ORDER BY seq",
      [order.id],
    )
    expect(rows).toEqual([{ id: 'b1' }, { id: 'b2' }])
    expect(await failure(engine.tell('test-nothing', payment))).toBeInstanceOf(EngineOrderMissing)
  })

  it('finds no order where none runs, or none runs any more', async () => {
    expect(await failure(engine.act('test-nothing', command({ type: 'urge' }), 'h'))).toBeInstanceOf(EngineOrderMissing)
    const { id } = opening()
    const first = await engine.open(opening(id))
    await engine.act(id, command({ type: 'withdraw', reason: 'r' }), 'h')
    await world.client.workflow.getHandle(id).result()
    expect(await failure(engine.act(id, command({ type: 'urge' }), 'h'))).toBeInstanceOf(EngineOrderMissing)
    // The opening is not done again; the server still knows what came of it.
    expect(await engine.open(opening(id))).toEqual(first)
  })

  it('answers every command that comes while an order closes: done, refused, or gone, never in doubt', async () => {
    const { id } = opening()
    await engine.open(opening(id))
    const comments = Array.from({ length: 10 }, (_, i) => engine.act(id, command({ type: 'comment', text: `${i}` }), `${i}`))
    const results = await Promise.allSettled([...comments, engine.act(id, command({ type: 'withdraw', reason: 'r' }), 'w')])
    for (const result of results)
      if (result.status === 'rejected') {
        expect(result.reason).not.toBeInstanceOf(EngineLate)
        if (!(result.reason instanceof EngineOrderMissing))
          expect(['ORDER_CLOSED', 'ORDER_WITHDRAWING']).toContain((result.reason as EngineRefused).code)
      }
    const done = results.filter(({ status }) => status === 'fulfilled').length
    const { rows } = await world.db.pool.query('SELECT count(*)::int AS n FROM order_command WHERE order_id = $1', [id])
    // The start has one of its own.
    expect(rows[0].n).toBe(done + 1)
  })

  it('gives up at the deadline where no worker is, and what was sent is done once when one comes', async () => {
    const deaf = createEngine(world.client, `nobody-${randomUUID()}`, 700)
    const began = Date.now()
    const late = await failure(deaf.open(opening()))
    expect(late).toBeInstanceOf(EngineLate)
    expect(Date.now() - began).toBeLessThan(3_000)
  })

  it('says so when there is no engine, well before the deadline', async () => {
    const config = loadConfig(
      { TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`, DATABASE_URL: world.db.url },
      { require: ['TEMPORAL_ADDRESS'] },
    )
    const down = connectEngine(config)
    const began = Date.now()
    expect(await failure(down.act('o1', command({ type: 'urge' }), 'h'))).toBeInstanceOf(EngineDown)
    expect(await failure(down.open(opening()))).toBeInstanceOf(EngineDown)
    expect(await failure(down.check())).toBeInstanceOf(EngineDown)
    expect(Date.now() - began).toBeLessThan(9_000)
    await down.close()
  })

  it('checks engine and namespace', async () => {
    await engine.check()
    const connection = await Connection.connect({ address: inject('temporalAddress') })
    const other = createEngine(new Client({ connection, namespace: 'nowhere' }), 'q')
    expect(await failure(other.check())).toBeInstanceOf(EngineDown)
    await other.close()
  })
})
