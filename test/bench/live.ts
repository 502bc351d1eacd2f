/** How soon a move reaches those who watch: from the sending of its command, and from its answer, to the arrival of its event. */
import { Desk } from './desk.ts'
import type { Servers } from './servers.ts'
import { Sse } from '../support/sse.ts'

interface Spread {
  p50: number
  p99: number
}

export interface LiveReport {
  viewers: number
  /** As many a second as were made. */
  rate: number
  moves: number
  /** From the answer to the command until the event has arrived, at every viewer; negative where the event is first. */
  fromAnswer: Spread
  /** From sending the command. */
  fromCommand: Spread
  /** The commands themselves. */
  command: Spread
  /** Events that arrived, and that were due: each move at each viewer. */
  arrived: number
  due: number
}

/** @param rate moves a second, sent whether or not those before have been answered */
export async function measureLive(
  servers: Servers,
  { viewers = 200, rate = 20, seconds = 30, note }: { viewers?: number; rate?: number; seconds?: number; note: (line: string) => void },
): Promise<LiveReport> {
  const desk = new Desk(servers)
  await desk.open()
  note(`live: ${viewers} viewers, ${rate} moves/s for ${seconds} s`)
  const { rows } = await servers.pool.query<{ id: string; customer_id: string; reporter: string }>(
    `select s.id, s.customer_id, (select r.staff_id from staff_role r join staff p on p.id = r.staff_id
       where r.role = 'kac-staff' and p.active and starts_with(s.region_path, p.region_path) order by length(p.region_path) desc, p.id limit 1) as reporter
     from service s where s.product_id not like 'demo%' order by s.id limit 1`,
  )
  const { id, customer_id: customerId, reporter } = rows[0]!
  const input = {
    service: id,
    symptom: 'no light',
    occurredAt: Date.now() - 60_000,
    reporter: 'Zhang',
    reporterPhone: '13800000000',
    channel: '1001',
  }
  // As many orders as there are moves in flight at once, so that none waits for another of its order.
  const orders: string[] = []
  for (let i = 0; i < rate * 2; i++)
    orders.push((await desk.post(reporter, '/orders', { process: 'fault-level-2', customerId, title: `bench ${i}`, input })).order)

  const seen = new Map<string, number[]>()
  const streams: Sse[] = []
  // Who sees every one of these orders: the most work for the door.
  const wide = await widest(servers, viewers)
  for (let i = 0; i < viewers; i++) {
    const sse = await Sse.open(`${servers.api}/stream`, desk.identity(wide[i % wide.length]!), ({ event, data, at }) => {
      if (event === 'order') seen.get(`${data.id} ${data.version}`)?.push(at) ?? seen.set(`${data.id} ${data.version}`, [at])
    })
    if (sse.status !== 200) throw new Error(`the stream answered ${sse.status}`)
    streams.push(sse)
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000))

  const moves: { order: string; seq: number; sent: number; answered: number }[] = []
  const flights: Promise<void>[] = []
  const begun = Date.now()
  for (let n = 0; n < rate * seconds; n++) {
    const wait = begun + (n * 1_000) / rate - Date.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    const order = orders[n % orders.length]!
    const sent = Date.now()
    flights.push(
      desk.give(order, { by: reporter, command: { type: 'comment', text: `look ${n}` } }).then((answer) => {
        moves.push({ order, seq: (answer as unknown as { seq: number }).seq, sent, answered: Date.now() })
      }),
    )
  }
  await Promise.all(flights)
  const took = (Date.now() - begun) / 1_000
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  for (const sse of streams) sse.close()

  const [fromAnswer, fromCommand]: [number[], number[]] = [[], []]
  for (const { order, seq, sent, answered } of moves) {
    // Two moves of one order that were read together are told as the later.
    let at: number[] | undefined
    for (let version = seq; version < seq + 10 && !at; version++) at = seen.get(`${order} ${version}`)
    for (const instant of at ?? []) {
      fromAnswer.push(instant - answered)
      fromCommand.push(instant - sent)
    }
  }
  return {
    viewers,
    rate: moves.length / took,
    moves: moves.length,
    fromAnswer: spread(fromAnswer),
    fromCommand: spread(fromCommand),
    command: spread(moves.map(({ sent, answered }) => answered - sent)),
    arrived: fromAnswer.length,
    due: moves.length * viewers,
  }
}

/** People who see the whole province; a session of one is good for twenty streams. */
async function widest({ pool }: Servers, viewers: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select s.id from staff s join org_unit u on u.id = s.unit_id
      where s.active and u.kind <> 'vendor' and exists (select from staff_role r where r.staff_id = s.id and r.role <> 'agent')
      order by length(s.region_path), s.id limit $1`,
    [Math.ceil(viewers / 20)],
  )
  return rows.map(({ id }) => id)
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

export function liveText({ viewers, rate, moves, fromAnswer, fromCommand, command, arrived, due }: LiveReport): string {
  return `live                  ${viewers} viewers, ${rate.toFixed(1)} moves/s, ${moves} moves: from command to screen p50 ${fromCommand.p50} ms  p99 ${fromCommand.p99} ms (budget 400); from the answer p50 ${fromAnswer.p50} ms  p99 ${fromAnswer.p99} ms; the command itself p50 ${command.p50} ms  p99 ${command.p99} ms; ${arrived} of ${due} events arrived`
}
