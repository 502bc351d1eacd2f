/** The whole product in one process: a database of its own, a worker on a queue of its own, the API on a free port. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type pg from 'pg'
import { pino } from 'pino'
import { expect, inject } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import { createApp } from '../../api/app.ts'
import { newSecret, secretHash } from '../../api/auth/tokens.ts'
import { createEngine, type Opening } from '../../api/engine.ts'
import { verify as verdictOn } from '../../api/trust/verify.ts'
import type { CommandBody } from '../../domain/order/command.ts'
import type { OrderEvent } from '../../domain/order/event.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { checkChain } from '../../domain/order/verify/check.ts'
import { eventOf } from '../../domain/order/verify/kept.ts'
import { specOf } from '../../domain/processes/index.ts'
import { keptOrders } from '../../prisma/verification/kept.ts'
import { loadConfig } from '../../worker/config/config.ts'
import { createWorker } from '../../worker/create-worker.ts'
import { revivalsOf } from '../../worker/engine/revivals.ts'
import { processes } from '../../workflows/processes.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { example } from './simulator.ts'

export interface Reply<T = Record<string, unknown>> {
  status: number
  body: T
  headers: Headers
}

export interface World {
  db: TestDatabase
  url: string
  queue: string
  client: Client
  /** HTTP as a member of staff. */
  as(staff: string): Caller
  state(order: string): Promise<OrderState>
  history(order: string): Promise<OrderEvent[]>
  /** How long something is waited for, in ms; 30 s where nothing is said. */
  patience?: number
  close(): Promise<void>
}

/** What playing an order needs of a world. */
export type Played = Pick<World, 'db' | 'as' | 'state' | 'history' | 'patience'>

export interface Caller {
  get<T = Record<string, unknown>>(path: string): Promise<Reply<T>>
  post<T = Record<string, unknown>>(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply<T>>
  command(order: string, command: CommandBody, headers?: Record<string, string>): Promise<Reply>
}

// Workers say a line for each of their states; in a test only what went wrong matters.
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] })

const logger = pino({ level: process.env.LOG_LEVEL ?? 'silent' })

/** Opens a world. `address`: of another engine than the run's own (the time-skipping server); `movesPerRun`: orders go on in new runs. */
export async function openWorld(options: { address?: string; noWorker?: boolean; movesPerRun?: number } = {}): Promise<World> {
  const db = await createTestDatabase()
  const queue = `world-${randomUUID()}`
  const address = options.address ?? inject('temporalAddress')
  const connection = await Connection.connect({ address })
  const client = new Client({ connection })
  const native = await NativeConnection.connect({ address })
  const worker = options.noWorker
    ? undefined
    : await createWorker({
        connection: native,
        namespace: 'default',
        taskQueue: queue,
        bundle: { codePath: inject('bundlePath') },
        activities: createActivities({ pool: db.pool, logger, engine: revivalsOf(client, queue) }),
      })
  const running = worker?.run()
  const config = loadConfig({
    DATABASE_URL: db.url,
    TEMPORAL_ADDRESS: address,
    LOG_LEVEL: 'silent',
    PAIDAN_HOME: `/tmp/paidan-world-${queue}`,
  })
  const plain = createEngine(client, queue)
  const { movesPerRun } = options
  const engine =
    movesPerRun === undefined ? plain : { ...plain, open: (opening: Opening) => plain.open({ ...opening, tuning: { movesPerRun } }) }
  const app = createApp({ pool: db.pool, prisma: db.prisma, engine, config, logger })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`
  const tokens = new Map<string, Promise<string>>()
  const token = (staff: string) => {
    const known = tokens.get(staff) ?? session(db, staff)
    tokens.set(staff, known)
    return known
  }
  return {
    db,
    url,
    queue,
    client,
    as: (staff) => caller(url, () => token(staff)),
    state: async (order) => (await db.pool.query('select state from orders where id = $1', [order])).rows[0]?.state as OrderState,
    history: (order) => historyOf(db.pool, order),
    async close() {
      worker?.shutdown()
      await running
      server.close()
      server.closeAllConnections()
      await connection.close()
      await native.close()
      await db.drop()
    },
  }
}

/** A bearer session without the cost of a password. */
async function session(db: TestDatabase, staff: string): Promise<string> {
  const secret = newSecret()
  await db.pool.query(
    `insert into session (token_hash, staff_id, kind, created_at, expires_at, last_seen_at)
     values ($1, $2, 'bearer', now(), now() + interval '1 day', now())`,
    [secretHash(secret), staff],
  )
  return secret
}

function caller(url: string, token: () => Promise<string>): Caller {
  const ask = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply<T>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T, headers: response.headers }
  }
  const post = <T>(path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask<T>('POST', path, body, { 'idempotency-key': randomUUID(), ...headers })
  return {
    get: (path) => ask('GET', path),
    post,
    command: (order, command, headers) => post(`/orders/${order}/commands`, command, headers),
  }
}

/** An order's events, with their chain looked over. */
export async function historyOf(pool: Pick<pg.Pool, 'query'>, order: string): Promise<OrderEvent[]> {
  const [kept] = await keptOrders(pool, [order])
  if (!kept) return []
  expect(checkChain(kept)).toBeUndefined()
  return kept.events.map((row) => eventOf(row))
}

/** The chain is whole, every row is what the events tell, and the body stands where the state says. */
export async function verify(world: Played, order: string): Promise<OrderEvent[]> {
  const [kept] = await keptOrders(world.db.pool, [order])
  if (!kept) throw new Error(`there is no order ${order}`)
  const process = processes.find(({ spec }) => spec.id === kept.order.process)!
  expect(await verdictOn(process, kept)).toMatchObject({ order, ok: true, chain: null, rows: null, body: null })
  return kept.events.map((row) => eventOf(row))
}

/** Does an open task with an outcome, as whoever is asked: accepting, signing or completing as the step wants. */
export async function doStep(
  world: Played,
  order: string,
  step: string,
  outcome: string,
  form: Record<string, unknown> = {},
): Promise<void> {
  const state = await until(world, order, (s) => Object.values(s.tasks).some((task) => task.step === step), `${step} opens`)
  const task = Object.values(state.tasks).find((t) => t.step === step)!
  const spec = specOf(state.process).steps[step]!
  if (task.parties) return signAll(world, order, task.id, outcome)
  const roles = task.roles ?? spec.who
  const barred = (spec.notBy ?? []).map((earlier) => state.doers[earlier] ?? '')
  const person =
    task.status === 'undispatched'
      ? await dispatch(world, order, task.id, roles, barred)
      : (task.person ?? (await member(world, task.unit, roles)))
  const by = world.as(person)
  if (task.status !== 'accepted' && !spec.implicitAccept && !spec.acceptIs) await ok(by.command(order, { type: 'accept', task: task.id }))
  if (outcome === spec.acceptIs) return ok(by.command(order, { type: 'accept', task: task.id }))
  if (outcome === spec.refuseIs) return ok(by.command(order, { type: 'refuse', task: task.id, reason: 'not mine' }))
  const fields = Object.fromEntries(Object.entries(spec.outcomes[outcome]?.form ?? {}).filter(([, field]) => field.required))
  const people = Object.entries(fields).filter(([, field]) => field.type === 'person')
  const named = people.length > 0 ? Object.fromEntries(people.map(([name]) => [name, state.responsible.id])) : {}
  const filled = { ...example(fields, state.at), ...named, ...form } as never
  await ok(by.command(order, { type: 'complete', task: task.id, outcome, ...(Object.keys(filled).length > 0 && { form: filled }) }))
}

/** Somebody of the unit that was asked who has one of the roles. */
async function member(world: Played, unit: string | undefined, roles: readonly string[]): Promise<string> {
  const { rows } = await world.db.pool.query<{ id: string }>(
    `select s.id from staff s join staff_role r on r.staff_id = s.id where r.unit_id = $1 and r.role = any($2) and s.active order by s.id limit 1`,
    [unit, roles],
  )
  if (!rows[0]) throw new Error(`nobody in ${unit} has a role of ${roles.join(', ')}`)
  return rows[0].id
}

/** Where nobody fitted, the deputy general manager sends it to somebody of the step's roles. */
async function dispatch(world: Played, order: string, task: string, roles: readonly string[], barred: readonly string[]): Promise<string> {
  const { rows } = await world.db.pool.query<{ id: string; boss: string }>(
    `select s.id, (select b.staff_id from staff_role b join staff p on p.id = b.staff_id
                    where b.role = 'vp-in-charge' order by length(p.region_path), b.staff_id limit 1) as boss
       from staff s join staff_role r on r.staff_id = s.id where r.role = any($1) and s.id <> all($2) and s.active order by s.id limit 1`,
    [roles, barred],
  )
  if (!rows[0]) throw new Error(`${task}: nobody has a role of ${roles.join(', ')}`)
  await ok(world.as(rows[0].boss).command(order, { type: 'dispatch', task, person: rows[0].id }))
  return rows[0].id
}

async function signAll(world: Played, order: string, task: string, outcome: string): Promise<void> {
  const state = await world.state(order)
  const joint = specOf(state.process).steps[state.tasks[task]!.step]!.joint!
  for (const party of joint.parties) {
    const asked = (await world.state(order)).tasks[task]?.parties?.[party.id]
    if (!asked?.person) return
    const answer =
      party.answers.find((a) => joint.rules.some((rule) => rule.outcome === outcome && rule.answer === a)) ??
      party.answers.find((a) => !joint.rules.some((rule) => rule.answer === a))!
    await ok(world.as(asked.person).command(order, { type: 'sign', task, party: party.id, answer }))
  }
}

/** @throws with the problem document when the reply is not a success. */
export async function ok<T>(reply: Promise<Reply<T>>): Promise<void> {
  const { status, body } = await reply
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`)
}

/** Waits until the recorded state is as wanted. */
export async function until(world: Played, order: string, is: (state: OrderState) => boolean, what: string): Promise<OrderState> {
  const end = Date.now() + (world.patience ?? 30_000)
  while (Date.now() < end) {
    const state = await world.state(order)
    if (state && is(state)) return state
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${order}: waited in vain until ${what}; open: ${Object.keys((await world.state(order))?.tasks ?? {}).join(', ')}`)
}

/** Every run of an order's history replays with today's code. */
export async function replays(world: World, order: string): Promise<void> {
  const latest = await world.client.workflow.getHandle(order).fetchHistory()
  let runId = latest.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? undefined
  for (let run = 1; runId; run++) {
    const history = await world.client.workflow.getHandle(order, runId).fetchHistory()
    await Worker.runReplayHistory({ workflowBundle: { codePath: inject('bundlePath') }, replayName: `${order}-${run}` }, history, order)
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined
  }
}

/** A service with its customer, and somebody of the key-account centre who may report for it. */
export async function someService(
  world: Played,
  product?: string,
): Promise<{ service: string; customer: string; reporter: string; region: string }> {
  const { rows } = await world.db.pool.query(
    `select s.id as service, s.customer_id as customer, s.region_path as region,
       (select r.staff_id from staff_role r join staff p on p.id = r.staff_id where r.role = 'kac-staff' and p.active
          and starts_with(s.region_path, p.region_path) order by length(p.region_path) desc, p.id limit 1) as reporter
     from service s where ($1::text is null and s.product_id not like 'demo%') or s.product_id = $1 order by s.id limit 1`,
    [product ?? null],
  )
  return rows[0] as { service: string; customer: string; reporter: string; region: string }
}

const inputs = (service: string, customer: string): Record<string, Record<string, unknown>> => {
  const fault = { service, symptom: 'no light', reporter: 'Zhang', reporterPhone: '13800000000' }
  return {
    'fault-level-1': { ...fault, occurredAt: Date.now() - 60_000, channel: '1001' },
    'fault-level-2': { ...fault, occurredAt: Date.now() - 60_000, channel: 'hotline' },
    'graded-fault': { ...fault, source: '10000+9' },
    'contract-countersign': { letterOfIntent: 'LOI-1', amount: 100_000, termMonths: 12 },
    'return-visit': { occasion: 'own-plan', customers: [customer] },
  }
}

/** Starts an order over HTTP and answers its id. */
export async function begin(world: World, process: string, input: Record<string, unknown> = {}, product?: string): Promise<string> {
  const { service, customer, reporter } = await someService(world, product)
  const reply = await world.as(reporter).post<{ order: string }>('/orders', {
    process,
    customerId: customer,
    title: `test ${process}`,
    input: { ...inputs(service, customer)[process], ...input },
  })
  if (reply.status >= 300) throw new Error(`${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply.body.order
}
