/** What the chaos run looks for is found where it is: each fault is made by hand, on a real record and a real engine. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { workflowType } from '../../domain/order/names.ts'
import { begin, openWorld, someService, type World } from '../support/world.ts'
import type { Entry } from './ledger.ts'
import { checkEngine, checkLedger, checkOrders } from './reconcile.ts'

let world: World
let orders: string[]
let told: Entry[]

beforeAll(async () => {
  world = await openWorld()
  orders = await Promise.all(Array.from({ length: 3 }, () => begin(world, 'fault-level-1')))
  const { reporter } = await someService(world)
  told = await Promise.all(
    orders.map(async (order): Promise<Entry> => {
      const key = randomUUID()
      const { status, body } = await world.as(reporter).command(order, { type: 'comment', text: 'seen' }, { 'idempotency-key': key })
      return { key, kind: 'command', order, seq: body.seq as number, status, at: 0, ms: 0 }
    }),
  )
})
afterAll(() => world?.close())

const kinds = (found: readonly { kind: string; of: string }[]) => found.map(({ kind }) => kind)
const ledger = (...entries: Entry[]) => checkLedger(world.db.pool, entries)
const engine = () => checkEngine(world.db.pool, world.client, world.queue, Date.now())
const sql = (text: string, ...values: unknown[]) => world.db.pool.query(text, values)

it('finds nothing where all is well', async () => {
  expect(told.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(await ledger(...told)).toEqual([])
  expect(await engine()).toEqual([])
  expect(await checkOrders(world.db.pool)).toMatchObject({ orders: 3, rungs: 0, findings: [] })
})

it('finds what was acknowledged and is not there, or elsewhere', async () => {
  const [first] = told as [Entry]
  expect(kinds(await ledger({ ...first, key: randomUUID() }))).toEqual(['lost'])
  expect(kinds(await ledger({ ...first, order: orders[1]! }))).toEqual(['lost'])
  expect(kinds(await ledger({ ...first, seq: first.seq! + 1 }))).toEqual(['lost'])
})

it('finds what was refused and done all the same', async () => {
  expect(kinds(await ledger({ ...told[0]!, status: 409, code: 'TASK_TAKEN' }))).toEqual(['refused-but-done'])
})

it('finds what was done twice: in two orders, and in two moves of one', async () => {
  const [first, second] = told as [Entry, Entry]
  await sql(`INSERT INTO order_command (order_id, command_id, request_hash, seq, at) VALUES ($1, $2, 'x', 1, now())`, orders[1], first.key)
  expect(kinds(await ledger(first))).toEqual(['doubled'])
  const copy = `INSERT INTO order_event (order_id, seq, move_seq, type, data, actor_kind, actor_id, at, cmd, prev_hash, hash)
    SELECT order_id, seq + 1, seq + 1, type, data, actor_kind, actor_id, at, cmd, hash, 'x' FROM order_event WHERE order_id = $1 AND cmd = $2`
  await sql(copy, orders[1], second.key)
  expect(kinds(await ledger(second))).toEqual(['doubled'])
  // The history of that order is no longer whole.
  expect((await checkOrders(world.db.pool)).findings.map(({ kind, of }) => [kind, of])).toEqual([['chain', orders[1]]])
})

it('finds a rung that fired twice', async () => {
  const fired = `INSERT INTO order_event (order_id, seq, move_seq, type, data, actor_kind, actor_id, at, prev_hash, hash)
    VALUES ($1, $2, $2, 'rung-fired', '{"clock": "promise", "pct": 80, "due": 1, "late": 0}', 'clock', 'clock', now(), 'x', $3)`
  await sql(fired, orders[1], 900, 'y')
  expect(kinds((await checkOrders(world.db.pool)).findings)).toEqual(['chain'])
  await sql(fired, orders[1], 901, 'z')
  expect(kinds((await checkOrders(world.db.pool)).findings)).toEqual(['chain', 'rung'])
})

it('finds orders without workflow, workflows without order, and where the two stand apart', async () => {
  await sql('UPDATE orders SET seq = seq + 1 WHERE id = $1', orders[0])
  expect((await engine()).map(({ kind, of }) => [kind, of])).toEqual([['apart', orders[0]]])
  await sql("UPDATE orders SET seq = seq - 1, next_due_at = now() - interval '1 minute' WHERE id = $1", orders[0])
  expect((await engine()).map(({ kind, of }) => [kind, of])).toEqual([['late', orders[0]]])
  await sql(`UPDATE orders SET next_due_at = NULL, status = 'closed', "end" = 'closed', closed_at = now() WHERE id = $1`, orders[0])
  expect((await engine()).map(({ what }) => what)).toEqual(['has ended, and its workflow runs'])
  await sql(`UPDATE orders SET status = 'open', "end" = NULL, closed_at = NULL WHERE id = $1`, orders[0])
  await world.client.workflow.getHandle(orders[2]!).terminate('lost')
  for (const end = Date.now() + 10_000; (await engine()).length === 0 && Date.now() < end; );
  expect((await engine()).map(({ kind, of, what }) => [kind, of, what])).toEqual([['orphan', orders[2], 'is open, and no workflow runs']])
  const stranger = await world.client.workflow.start(workflowType('fault-level-1'), {
    workflowId: `stranger-${randomUUID()}`,
    taskQueue: world.queue,
    args: [{ nothing: true }],
  })
  for (const end = Date.now() + 10_000; (await engine()).length === 1 && Date.now() < end; );
  expect(new Set((await engine()).map(({ of }) => of))).toEqual(new Set([orders[2], stranger.workflowId]))
  await stranger.terminate('over')
})
