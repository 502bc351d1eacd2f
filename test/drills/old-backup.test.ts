/**
 * The record is restored from a backup that is older than the engine: what was moved since is recorded again from the engine's histories,
 * the same events in the same chains. `npm run drill -- old-backup` has more orders.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { NativeConnection } from '@temporalio/worker'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { createWorker } from '../../worker/create-worker.ts'
import { revivalsOf } from '../../worker/engine/revivals.ts'
import { doStep, ok, openWorld, until, verify, type World } from '../support/world.ts'
import { all, contract, insisting, populate } from './lost.ts'

const ORDERS = Number(process.env.DRILL_ORDERS ?? 12)
const MOST_MS = process.env.DRILL_ORDERS ? 3_600_000 : 300_000
const say = (line: string) => process.env.DRILL_ORDERS && process.stderr.write(`  ${line}\n`)

let world: World
let native: NativeConnection
let stop: () => Promise<void> = () => Promise.resolve()
beforeAll(async () => {
  world = await openWorld({ noWorker: true })
  native = await NativeConnection.connect({ address: inject('temporalAddress') })
})
afterAll(async () => {
  await stop().catch(() => {})
  await world?.close()
  await native?.close()
})

/** A worker that a test may stop. */
async function work(): Promise<() => Promise<void>> {
  const engine = revivalsOf(world.client, world.queue)
  const activities = createActivities({ pool: world.db.pool, logger: pino({ level: 'silent' }), engine })
  const worker = await createWorker({
    connection: native,
    namespace: 'default',
    taskQueue: world.queue,
    bundle: { codePath: inject('bundlePath') },
    activities,
  })
  const running = worker.run()
  return async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown()
    await running
  }
}

const database = () => decodeURIComponent(new URL(world.db.url).pathname.slice(1))

/** As administrator, while nobody is connected to the record. */
async function alone(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: inject('databaseUrl') })
  await client.connect()
  try {
    for (let left = 20; ; left--) {
      try {
        await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database()])
        for (const statement of statements) await client.query(statement)
        return
      } catch (error) {
        if (left === 0) throw error
      }
    }
  } finally {
    await client.end()
  }
}

async function operate(module: string, ...args: string[]): Promise<{ said: string; code: number }> {
  const env = {
    ...process.env,
    DATABASE_URL: world.db.url,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TASK_QUEUE: world.queue,
    WORKFLOW_BUNDLE: inject('bundlePath'),
    PAIDAN_HOME: '/tmp/paidan-none',
  }
  const last = (text: string) => text.trim().split('\n').slice(-2).join('\n')
  try {
    const { stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', module, ...args], { env })
    return { said: last(stderr), code: 0 }
  } catch (error) {
    const { stderr, stdout, code } = error as { stderr: string; stdout: string; code: number }
    return { said: `${stdout}\n${last(stderr)}`, code }
  }
}

const rows = async <T>(sql: string): Promise<T[]> => (await world.db.pool.query(sql)).rows as T[]

/** What must be as it was. */
const whole = async () => ({
  orders: await rows<{ id: string; seq: number }>(
    'SELECT id, no, status, "end", seq, hash, continued_as, next_due_at FROM orders ORDER BY id',
  ),
  commands: await rows('SELECT order_id, command_id, seq FROM order_command ORDER BY 1, 2'),
  rungs: await rows('SELECT order_id, clock, pct, late_ms FROM rung ORDER BY 1, 2, 3'),
  signatures: await rows('SELECT order_id, task, party, answer, person_id FROM signature ORDER BY 1, 2, 3'),
  holds: await rows('SELECT resource_id, order_id, state FROM resource_hold ORDER BY 1, 2, 3'),
})

it(
  'records again what a backup of ten minutes ago does not have',
  async () => {
    stop = await work()
    await world.db.pool.query(`UPDATE policy SET budget = '5s' WHERE process = 'graded-fault' AND product_group = 'demo'`)
    const standing = await populate(world, ORDERS)
    const backup = `${database()}_backup`
    await alone(`CREATE DATABASE ${backup} TEMPLATE ${database()}`)
    const then = await whole()

    await all(standing, ({ goOn }) => goOn())
    const opened = await all(Array.from({ length: Math.max(3, ORDERS / 8) }), () => contract(world))
    await stop()
    const now = await whole()
    expect(now.orders.length).toBeGreaterThan(then.orders.length)
    say(`${now.orders.length} orders, ${opened.length} of them opened since the backup was made`)

    const sessions = await rows('SELECT * FROM session')
    await alone(`DROP DATABASE ${database()} WITH (FORCE)`, `ALTER DATABASE ${backup} RENAME TO ${database()}`)
    expect(await whole()).toEqual(then)
    // People log in again.
    await world.db.pool.query('INSERT INTO session SELECT * FROM jsonb_populate_recordset(null::session, $1) ON CONFLICT DO NOTHING', [
      JSON.stringify(sessions),
    ])

    // Somebody was too quick: his command finds a record that does not fit, and his order stops in the engine.
    stop = await work()
    const { order: quick } = standing.find(({ what }) => what === 'half signed')!
    const { tasks } = await world.client.workflow.getHandle(quick).query<OrderState>('order')
    const finance = tasks['countersign-finance.1']!
    const { rows: found } = await world.db.pool.query(
      `SELECT r.staff_id AS id FROM staff_role r WHERE r.role = 'finance-dept' AND ($1::text IS NULL OR r.staff_id = $1) AND ($2::text IS NULL OR r.unit_id = $2) LIMIT 1`,
      [finance.person ?? null, finance.unit ?? null],
    )
    const command = { type: 'accept', task: 'countersign-finance.1' } as const
    const key = { 'idempotency-key': randomUUID() }
    const tooQuick = await world.as(found[0].id).command(quick, command, key)
    expect(tooQuick.status).not.toBe(200)
    await stop()

    const { said, code } = await operate('worker/recovery/recover-main.ts')
    say(said)
    expect([code, said]).toEqual([0, expect.stringMatching(/0 orders failed/)])
    const again = await whole()
    for (const part of ['orders', 'commands', 'rungs', 'signatures', 'holds'] as const) expect(again[part]).toEqual(now[part])
    expect((await operate('worker/recovery/recover-main.ts')).said).toMatch(/: 0 moves of 0 orders recorded/)
    await all(now.orders, ({ id }) => verify(world, id))
    say('every chain, every row and every process agree')

    // And all goes on: those who waited, and those who are new, with numbers that nobody has.
    stop = await work()
    expect((await operate('cli/rehydrate.ts', '--missing')).code).toBe(0)
    await ok(insisting(world).as(found[0].id).command(quick, command, key))
    for (const order of opened) await until(world, order, ({ status }) => status === 'open', 'it is open')
    await doStep(insisting(world), opened[0]!, 'countersign-business', 'agreed')
    const next = await contract(world)
    const numbers = (await rows<{ no: string }>('SELECT no FROM orders')).map(({ no }) => no)
    expect(new Set(numbers).size).toBe(numbers.length)
    await verify(world, next)
    const gate = await operate('cli/gate.ts', '--histories', '1')
    say(gate.said)
    expect(gate).toEqual({
      code: 0,
      said: expect.stringMatching(/ 0 would move, 0 refused; [1-9]\d* histories replayed, 0 differ: the code fits/),
    })
    await stop()
  },
  MOST_MS,
)
