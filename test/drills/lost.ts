/** A world whose engine is a server of its own, which a drill may lose, and orders of every kind that stand in the middle of their way. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../worker/stack/ports.ts'
import { startTemporal, type TemporalServer } from '../../worker/stack/temporal.ts'
import { type Caller, doStep, ok, openWorld, someService, until, type World } from '../support/world.ts'
import { newRoute, stages } from '../support/whole-order.ts'

export interface LostWorld extends World {
  /** Ends the engine with SIGKILL, and with it, where asked, everything that it knew. */
  lose(everything: boolean): Promise<void>
  /** The engine again, at the same address. */
  again(): Promise<void>
  /** A program of the operator, with the record and the engine of this world; what it said at its end. */
  operate(module: string, ...args: string[]): Promise<string>
}

export async function openLostWorld(): Promise<LostWorld> {
  const home = mkdtempSync(join(tmpdir(), 'paidan-lost-'))
  chmodSync(home, 0o755)
  const port = await freePort()
  const dir = join(home, 'temporal')
  let server: TemporalServer = await startTemporal({ dir, port })
  const world = await openWorld({ address: server.address })
  // Seconds, so that rungs come due while the engine is away.
  await world.db.pool.query(`UPDATE policy SET budget = '5s' WHERE process = 'graded-fault' AND product_group = 'demo'`)
  return {
    ...world,
    async lose(everything) {
      process.kill(server.pid, 'SIGKILL')
      await server.exited
      if (everything) for (const end of ['', '-wal', '-shm']) rmSync(join(dir, `temporal.db${end}`), { force: true })
    },
    async again() {
      server = await startTemporal({ dir, port })
    },
    async operate(module, ...args) {
      const env = {
        ...process.env,
        DATABASE_URL: world.db.url,
        TEMPORAL_ADDRESS: server.address,
        TASK_QUEUE: world.queue,
        PAIDAN_HOME: join(home, 'none'),
      }
      const { stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', module, ...args], { env })
      return stderr.trim().split('\n').at(-1) ?? ''
    },
    async close() {
      await world.close()
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** An order that stands somewhere, and how it goes on from there. */
export interface Standing {
  what: string
  /** The order whose next step is done. */
  order: string
  /** All orders of its tree. */
  orders: string[]
  goOn(): Promise<void>
}

type Kind = (world: World, n: number) => Promise<Standing>

const post = async (world: World, by: string, body: object): Promise<string> => {
  const reply = await world.as(by).post<{ order: string }>('/orders', body)
  if (reply.status >= 300) throw new Error(`${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply.body.order
}

/** Once the first step is accepted a child order has the next; then the child is in the middle of its own. */
const tree: Kind = async (world, n) => {
  const route = await newRoute(world, n)
  await stages[0]![1](world, route)
  await doStep(world, route.visit, 'contact-customer', 'contacted')
  return {
    what: 'a child in the middle of its way',
    order: route.visit,
    orders: [route.order, route.visit],
    goOn: () => doStep(world, route.visit, 'collect-basic-data', 'collected'),
  }
}

const contract = async (given: World): Promise<string> => {
  const world = insisting(given)
  const { customer, reporter } = await someService(world)
  const input = { letterOfIntent: 'LOI-1', amount: 100_000, termMonths: 12 }
  const order = await post(world, reporter, { process: 'contract-countersign', customerId: customer, title: 'A contract', input })
  await doStep(world, order, 'draft-contract', 'drafted')
  await until(world, order, ({ tasks }) => tasks['countersign-business.1'] !== undefined, 'it is countersigned')
  return order
}

const sign = async (world: World, order: string, party: string): Promise<void> => {
  const open = await until(world, order, ({ tasks }) => tasks['countersign-business.1'] !== undefined, 'it is countersigned')
  const { person } = open.tasks['countersign-business.1']!.parties![party]!
  await ok(world.as(person!).command(order, { type: 'sign', task: 'countersign-business.1', party, answer: 'agree' }))
}

const halfSigned: Kind = async (world) => {
  const order = await contract(world)
  await sign(world, order, 'business')
  const goOn = async () => {
    await sign(world, order, 'lawyer')
    await until(world, order, ({ tasks }) => tasks['countersign-finance.1'] !== undefined, 'finance is asked')
  }
  return { what: 'half signed', order, orders: [order], goOn }
}

/** Suspended by a supervisor; every second one until an instant that passes while the engine is away. */
const suspended: Kind = async (world, n) => {
  const { customer, reporter, service } = await someService(world)
  const input = {
    service,
    symptom: 'no light',
    reporter: 'Zhang',
    reporterPhone: '13800000000',
    occurredAt: Date.now() - 60_000,
    channel: '1001',
  }
  const order = await post(world, reporter, { process: 'fault-level-1', customerId: customer, title: 'A fault', input })
  await doStep(world, order, 'report-fault', 'registered')
  await doStep(world, order, 'issue-fault-application', 'sent')
  await doStep(world, order, 'start-standby-and-plan', 'restored-and-planned')
  await until(world, order, ({ tasks }) => tasks['implement-solution.1'] !== undefined, 'it is implemented')
  const boss = world.as(await bossOf(world))
  const until_ = n % 2 === 0 ? { until: new Date(Date.now() + 5_000).toISOString() } : {}
  const command = { type: 'suspend', task: 'implement-solution.1', reason: 'the site is closed', party: 'customer', ...until_ } as const
  await ok(boss.command(order, command as never))
  const goOn = async () => {
    if (n % 2 === 1) await ok(boss.command(order, { type: 'resume', task: 'implement-solution.1' }))
    await until(world, order, ({ tasks }) => tasks['implement-solution.1']?.suspended === undefined, 'it is resumed')
    await doStep(world, order, 'implement-solution', 'not-fixed', { log: 'tried' })
  }
  return { what: 'suspended', order, orders: [order], goOn }
}

/** Its limits are seconds. */
const ticking: Kind = async (world) => {
  const { rows } = await world.db.pool.query<{ id: string }>("SELECT id FROM staff WHERE login = 'monitor'")
  const input = { service: 'sv-013-3', symptom: 'No light', reporter: 'Zhao Min', source: 'monitoring' }
  const order = await post(world, rows[0]!.id, { process: 'graded-fault', customerId: 'cu-013', title: 'Line down', input })
  return { what: 'its clock runs', order, orders: [order], goOn: () => doStep(world, order, 'accept-fault', 'accepted') }
}

let boss: Promise<string> | undefined
const bossOf = (world: World): Promise<string> =>
  (boss ??= world.db.pool.query<{ id: string }>("SELECT id FROM staff WHERE login = 'vp'").then(({ rows }) => rows[0]!.id))

/** The same world for careful clients: where nobody knows yet whether a command was taken, it is given again with the same key. */
export function insisting<W extends World>(world: W): W {
  const as = (staff: string): Caller => {
    const caller = world.as(staff)
    const post: Caller['post'] = async <T>(path: string, body: unknown, headers: Record<string, string> = {}) => {
      const key = { 'idempotency-key': randomUUID(), ...headers }
      for (const end = Date.now() + 90_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
        const reply = await caller.post<T>(path, body, key)
        // An order that the first try had opened after all.
        if (path === '/orders' && reply.status === 200) return { ...reply, status: 201 }
        if ((reply.status !== 202 && reply.status < 500) || Date.now() > end) return reply
      }
    }
    return { ...caller, post, command: (order, command, headers) => post(`/orders/${order}/commands`, command, headers) }
  }
  return { ...world, as, patience: 90_000 }
}

/** Work for many, some at a time. */
export async function all<T, R>(items: readonly T[], work: (item: T, i: number) => Promise<R>, lanes = 8): Promise<R[]> {
  const results: R[] = []
  const rest = items.entries()
  const lane = async () => {
    for (const [i, item] of rest) results[i] = await work(item, i)
  }
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
  return results
}

/** Trees are few: each takes a circuit and a number of the demo data. */
const TREES = 24

/** So many orders in the middle of their way; those with clocks of seconds last, so that these run when the engine is lost. */
export async function populate(given: World, orders: number): Promise<Standing[]> {
  const world = insisting(given)
  const trees = Math.min(TREES, Math.floor(orders / 8))
  const kinds: Kind[] = Array.from({ length: trees }, () => tree)
  const left = orders - 2 * trees
  for (let i = 0; i < left; i++) kinds.push(i < left / 3 ? halfSigned : i < (left * 2) / 3 ? suspended : ticking)
  return all(kinds, (kind, n) => kind(world, n))
}

export { contract, sign }
