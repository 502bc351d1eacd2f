/** The figures of design section 10 that concern a move. */
import { randomUUID } from 'node:crypto'
import { Desk } from './desk.ts'
import type { Servers } from './servers.ts'

interface Spread {
  p50: number
  p99: number
}

export interface Report {
  latency: { move: Spread; bare: Spread; ratio: number }
  history: { events: number; bytes: number; moves: number; orders: number }
  commits: number
  rungs: { rung: Spread; timer: Spread; above: number; count: number }
  throughput: { moves: number; bare: number; ratio: number }
}

interface Options {
  /** Moves timed one by one. */
  moves: number
  /** Length of each block of the throughput measurement. */
  seconds: number
  note: (line: string) => void
}

export async function measure(servers: Servers, { moves, seconds, note }: Options): Promise<Report> {
  const desk = new Desk(servers)
  await desk.open()
  const bench = new Bench(servers, desk)
  note('warming up')
  await bench.alternate(60)
  note(`latency: ${moves} moves, each beside a bare update`)
  const latency = await bench.alternate(moves)
  note('history and transactions: whole orders')
  const { history, commits } = await bench.wholeOrders(6)
  note('lateness of rungs beside bare timers')
  const rungs = await bench.lateness()
  note('sixteen at once')
  const throughput = await bench.throughput(seconds)
  return { latency, history, commits, rungs, throughput }
}

export class Bench {
  private readonly servers: Servers
  private readonly desk: Desk

  constructor(servers: Servers, desk: Desk) {
    this.servers = servers
    this.desk = desk
  }

  /** Closed loop of one; a move of ours and a move of the yardstick in turn, so that both meet the same neighbours. */
  async alternate(count: number): Promise<Report['latency']> {
    const bare = await this.startBare()
    const moves: number[] = []
    const bares: number[] = []
    let order: string | undefined
    while (moves.length < count) {
      order ??= await this.start()
      const action = await this.desk.next(order)
      if (!action) {
        order = (await this.ended(order)) ? undefined : order
        continue
      }
      const id = order
      moves.push(await timed(() => this.desk.give(id, action)))
      bares.push(await timed(() => bare()))
    }
    const [move, reference] = [spread(moves), spread(bares)]
    return { move, bare: reference, ratio: move.p50 / reference.p50 }
  }

  /** Orders from start to end: what they leave in the engine's history, and how many transactions wrote for them. */
  async wholeOrders(orders: number): Promise<{ history: Report['history']; commits: number }> {
    let [events, bytes, moves] = [0, 0, 0]
    const before = await this.nextTransaction()
    const recorded = await this.recordedMoves()
    for (let n = 0; n < orders; n++) {
      const order = await this.start()
      moves++
      for (;;) {
        const action = await this.desk.next(order)
        if (action) {
          await this.desk.give(order, action)
          moves++
        } else if (await this.ended(order)) break
      }
      const { historyLength, historySize } = await this.servers.client.workflow.getHandle(order).describe()
      events += historyLength
      bytes += historySize ?? 0
    }
    // Orders also start others and do steps by themselves: all moves count here, not only those that somebody made.
    const commits = ((await this.nextTransaction()) - before) / ((await this.recordedMoves()) - recorded)
    return { history: { events: events / moves, bytes: bytes / moves, moves, orders }, commits }
  }

  /** Limits of seconds (the demo product) against timers of the same lengths. */
  async lateness(): Promise<Report['rungs']> {
    const { rows } = await this.servers.pool.query<{ n: string }>('select coalesce(max(fired_at), to_timestamp(0)) as n from rung')
    const since = rows[0]!.n
    await Promise.all(Array.from({ length: 25 }, () => this.start('demo-line')))
    const lengths = [5_000, 7_000, 11_000, 13_000]
    const timers = await Promise.all(
      Array.from(
        { length: 25 },
        () =>
          this.servers.client.workflow.execute('timers', { taskQueue: 'bare', workflowId: randomUUID(), args: [lengths] }) as Promise<
            number[]
          >,
      ),
    )
    await new Promise((resolve) => setTimeout(resolve, 45_000))
    const fired = await this.servers.pool.query<{ late_ms: string }>('select late_ms from rung where fired_at > $1', [since])
    const rung = spread(fired.rows.map((row) => Number(row.late_ms)))
    const timer = spread(timers.flat())
    return { rung, timer, above: rung.p99 - timer.p99, count: fired.rows.length }
  }

  /** Closed loops of sixteen for as long as said, first ours and then the yardstick's. */
  async throughput(seconds: number): Promise<Report['throughput']> {
    const ours = await this.loops(seconds, async (end) => {
      let done = 0
      let order = await this.start()
      while (Date.now() < end) {
        const action = await this.desk.next(order)
        if (action) {
          await this.desk.give(order, action)
          done++
        } else if (await this.ended(order)) order = await this.start()
      }
      return done
    })
    const bare = await this.loops(seconds, async (end) => {
      const act = await this.startBare()
      let done = 0
      for (; Date.now() < end; done++) await act()
      return done
    })
    return { moves: ours, bare, ratio: ours / bare }
  }

  private async loops(seconds: number, loop: (end: number) => Promise<number>): Promise<number> {
    const end = Date.now() + seconds * 1000
    const done = await Promise.all(Array.from({ length: 16 }, () => loop(end)))
    return done.reduce((a, b) => a + b, 0) / seconds
  }

  private async startBare(): Promise<() => Promise<unknown>> {
    const workflowId = randomUUID()
    const handle = await this.servers.client.workflow.start('bare', { taskQueue: 'bare', workflowId, args: [workflowId, 1_000_000] })
    // The server allows 2000 updates in one run.
    let left = 1_500
    let current = handle
    return async () => {
      if (left-- === 0) {
        left = 1_500
        const id = randomUUID()
        current = await this.servers.client.workflow.start('bare', { taskQueue: 'bare', workflowId: id, args: [id, 1_000_000] })
      }
      return current.executeUpdate('act', { args: ['x'] })
    }
  }

  /** A level-2 fault of a service, reported by the key-account centre of its city. */
  private async start(product?: string): Promise<string> {
    const { rows } = await this.servers.pool.query<{ id: string; customer_id: string; reporter: string }>(
      `select s.id, s.customer_id, (select r.staff_id from staff_role r join staff p on p.id = r.staff_id
         where r.role = 'kac-staff' and p.active and starts_with(s.region_path, p.region_path) order by length(p.region_path) desc, p.id limit 1) as reporter
       from service s where ($1::text is null and s.product_id not like 'demo%') or s.product_id = $1 order by random() limit 1`,
      [product ?? null],
    )
    const { id, customer_id: customerId, reporter } = rows[0]!
    const input = {
      service: id,
      symptom: 'no light on the line',
      occurredAt: Date.now() - 60_000,
      reporter: 'Zhang',
      reporterPhone: '13800000000',
      channel: '1001',
    }
    const { order } = await this.desk.post(reporter, '/orders', { process: 'fault-level-2', customerId, title: 'bench', input })
    return order
  }

  private async ended(order: string): Promise<boolean> {
    if ((await this.desk.state(order)).status === 'closed') return true
    await new Promise((resolve) => setTimeout(resolve, 10))
    return false
  }

  private async recordedMoves(): Promise<number> {
    const { rows } = await this.servers.pool.query<{ n: string }>(
      'select count(*) as n from (select distinct order_id, move_seq from order_event) m',
    )
    return Number(rows[0]!.n)
  }

  /** The next transaction number; only transactions that write take one. */
  private async nextTransaction(): Promise<number> {
    const { rows } = await this.servers.pool.query<{ n: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as n')
    return Number(rows[0]!.n)
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}
