/** What the engine room costs beside a warm move: an evicted order, a killed worker, memory, and rungs that come due all at once. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Desk } from './desk.ts'
import type { Servers } from './servers.ts'
import { type Spread, spread } from './spread.ts'

export interface EngineReport {
  warm: Spread
  /** Moves of orders that the worker has evicted: its cache holds one. */
  cold: Spread
  /** ms from the SIGKILL of the worker, whose successor starts at once, until a move is acknowledged. */
  recovery: number[]
  /** Bytes of the worker's resident memory for each order that it keeps, and for each that is open beyond. */
  memory: { cached: number; open: number; orders: number }
  /** Rungs that came due while there was no worker: how long after its start the half and the last of them had fired, ms. */
  storm: { rungs: number; p50: number; last: number }
}

interface Options {
  moves: number
  kills: number
  /** For the memory, and for the storm. */
  orders: number
  note: (line: string) => void
}

const CACHE_ONE = { MAX_CACHED_WORKFLOWS: '1' }

export async function measureEngine(servers: Servers, { moves, kills, orders, note }: Options): Promise<EngineReport> {
  const desk = new Desk(servers)
  await desk.open()
  const pair = [await report(servers, desk), await report(servers, desk)]
  const comments = async (count: number): Promise<Spread> => {
    const times: number[] = []
    for (let i = -10; i < count; i++) {
      const { order, by } = pair[i & 1]!
      const took = await timed(() => desk.give(order, { by, command: { type: 'comment', text: `look ${i}` } }))
      if (i >= 0) times.push(took)
    }
    return spread(times)
  }
  note(`${moves} warm moves`)
  const warm = await comments(moves)

  note(`${kills} kills`)
  const recovery: number[] = []
  for (let i = 0; i < kills; i++) {
    const began = performance.now()
    const started = servers.restartWorker({}, 'SIGKILL')
    // Whoever asks insists, as every client of ours does.
    for (let done = false; !done; )
      done = await desk.give(pair[0]!.order, { by: pair[0]!.by, command: { type: 'comment', text: `after kill ${i}` } }).then(
        () => true,
        () => sleep(50).then(() => false),
      )
    recovery.push(performance.now() - began)
    await started
  }

  note(`memory: ${orders} orders kept, then as many beyond`)
  await servers.restartWorker({ MAX_CACHED_WORKFLOWS: String(orders) })
  await startMany(servers, desk, Math.ceil(orders / 10))
  const before = resident(servers.workerPid())
  await startMany(servers, desk, orders - Math.ceil(orders / 10))
  const full = resident(servers.workerPid())
  await startMany(servers, desk, orders)
  const beyond = resident(servers.workerPid())
  const memory = { cached: (full - before) / (orders - Math.ceil(orders / 10)), open: (beyond - full) / orders, orders }

  note(`${moves} cold moves`)
  await servers.restartWorker(CACHE_ONE)
  const cold = await comments(moves)
  const storm = await stormOf(servers, desk, orders, note)
  return { warm, cold, recovery, memory, storm }
}

/** Orders whose limits are seconds, and no worker until all of them have passed. */
async function stormOf(servers: Servers, desk: Desk, orders: number, note: (line: string) => void): Promise<EngineReport['storm']> {
  note(`a storm of ${orders} orders' rungs`)
  await servers.restartWorker({})
  const { rows } = await servers.pool.query<{ at: Date }>('SELECT now() AS at')
  await startMany(servers, desk, orders, 'demo-line')
  await servers.stopWorker()
  const { rows: due } = await servers.pool.query<{ n: number; last: Date | null }>(
    `SELECT count(*)::int AS n, max(t.next_rung_at) AS last FROM task t JOIN orders o ON o.id = t.order_id
      WHERE o.opened_at >= $1 AND t.closed_at IS NULL AND t.next_rung_at IS NOT NULL`,
    [rows[0]!.at],
  )
  const { n, last } = due[0]!
  await sleep(Math.max(0, (last?.getTime() ?? 0) - Date.now()) + 1_000)
  const stopped = new Date()
  await servers.restartWorker({})
  const began = Date.now()
  let fired: { fired_at: Date }[] = []
  for (const end = began + 300_000; fired.length < n && Date.now() < end; await sleep(500))
    fired = (await servers.pool.query<{ fired_at: Date }>('SELECT fired_at FROM rung WHERE fired_at >= $1 ORDER BY fired_at', [stopped]))
      .rows
  const after = fired.map(({ fired_at: at }) => at.getTime() - began)
  return { rungs: fired.length, p50: after[Math.floor(after.length / 2)] ?? Number.NaN, last: after.at(-1) ?? Number.NaN }
}

/** A level-2 fault, reported by the key-account centre of its city. */
async function report({ pool }: Servers, desk: Desk, product?: string): Promise<{ order: string; by: string }> {
  const { rows } = await pool.query<{ id: string; customer_id: string; by: string }>(
    `select s.id, s.customer_id, (select r.staff_id from staff_role r join staff p on p.id = r.staff_id
       where r.role = 'kac-staff' and p.active and starts_with(s.region_path, p.region_path) order by length(p.region_path) desc, p.id limit 1) as by
     from service s where ($1::text is null and s.product_id not like 'demo%') or s.product_id = $1 order by random() limit 1`,
    [product ?? null],
  )
  const { id: service, customer_id: customerId, by } = rows[0]!
  const input = {
    service,
    symptom: 'no light',
    occurredAt: Date.now() - 60_000,
    reporter: 'Zhang',
    reporterPhone: '13800000000',
    channel: '1001',
  }
  const { order } = await desk.post(by, '/orders', { process: 'fault-level-2', customerId, title: 'bench', input })
  return { order, by }
}

async function startMany(servers: Servers, desk: Desk, count: number, product?: string): Promise<void> {
  let left = count
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (left-- > 0) await report(servers, desk, product)
    }),
  )
}

/** Bytes of resident memory, as Linux says. */
const resident = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

export function engineText({ warm, cold, recovery, memory, storm }: EngineReport): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`
  const kills = spread(recovery)
  return [
    `cold move             p50 ${ms(cold.p50)}  p95 ${ms(cold.p95)}   warm p50 ${ms(warm.p50)}  p95 ${ms(warm.p95)}   ratio p50 ${(cold.p50 / warm.p50).toFixed(2)}`,
    `worker killed         first move after p50 ${ms(kills.p50)}, worst ${ms(Math.max(...recovery))}; ${recovery.length} kills, the worker's own start included`,
    `worker's memory       ${(memory.cached / 1024).toFixed(0)} KB a kept order (budget 130), ${(memory.open / 1024).toFixed(1)} KB for each open beyond; ${memory.orders} orders`,
    `storm                 ${storm.rungs} rungs due at once, without a worker until then: half after ${ms(storm.p50)}, all after ${ms(storm.last)} of its start`,
  ].join('\n')
}
