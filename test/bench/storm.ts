/** A thousand rungs that come due at one instant, in orders that the worker keeps, and in orders that it has to read again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Desk } from './desk.ts'
import type { Servers } from './servers.ts'
import { type Spread, spread } from './spread.ts'

export interface StormReport {
  warm: Storm
  /** The worker has just been started, and knows none of the orders. */
  cold: Storm
}

export interface Storm {
  rungs: number
  /** Workflow time at firing minus the due instant, ms. */
  late: Spread & { max: number }
  /** From the due instant until all of them stood in the record, ms. */
  recorded: number
}

/** Orders made before the instant is chosen, to see how long the others will take. */
const FIRST = 24
const LANES = 8
const TRIES = 5
/** Before the instant, for the restart and for what is still under way. */
const CALM_MS = 30_000
const LONGEST_MS = 600_000

export async function measureStorm(
  servers: Servers,
  { orders, note }: { orders: number; note: (line: string) => void },
): Promise<StormReport> {
  const desk = new Desk(servers)
  await desk.open()
  const kept = { MAX_CACHED_WORKFLOWS: String(orders * 2) }
  await servers.restartWorker(kept)
  const warm = await storm(servers, desk, { orders, note, what: 'warm' })
  const cold = await storm(servers, desk, { orders, note, what: 'cold', before: () => servers.restartWorker(kept) })
  return { warm, cold }
}

interface Options {
  orders: number
  what: string
  note: (line: string) => void
  /** Done once all orders are there, before the instant. */
  before?: () => Promise<void>
}

async function storm(servers: Servers, desk: Desk, { orders, what, note, before }: Options): Promise<Storm> {
  await complaints(servers, desk, FIRST, Date.now() + 3_600_000)
  const began = Date.now()
  await complaints(servers, desk, FIRST, began + 3_600_000)
  const each = (Date.now() - began) / FIRST
  // Whole seconds: a form's instant is what the clock is set to.
  const due = Math.ceil((Date.now() + orders * each * 1.25 + CALM_MS) / 1_000) * 1_000
  note(`storm, ${what}: ${orders} orders whose limit ends at ${new Date(due).toISOString()}`)
  await complaints(servers, desk, orders, due)
  await before?.()
  if (Date.now() > due - 5_000) throw new Error('the orders took longer than reckoned: nothing was measured; a quieter machine is needed')
  await sleep(due - Date.now())
  const fired = async () =>
    (
      await servers.pool.query<{ late: number }>(
        `SELECT late_ms::int AS late FROM rung WHERE pct = 100 AND due_at = $1 AND clock = 'record-classify.1/complete' AND fired_at IS NOT NULL`,
        [new Date(due)],
      )
    ).rows
  let found = await fired()
  for (; found.length < orders && Date.now() < due + LONGEST_MS; found = await fired()) await sleep(100)
  const recorded = Date.now() - due
  const late = found.map((row) => row.late)
  return { rungs: late.length, late: { ...spread(late), max: Math.max(...late) }, recorded }
}

/** Complaints that are to be classified by an instant that the customer demanded. */
async function complaints({ pool }: Servers, desk: Desk, count: number, latestHandling: number): Promise<void> {
  const { rows } = await pool.query<{ customer: string; by: string }>(
    `SELECT c.id AS customer, (SELECT r.staff_id FROM staff_role r JOIN staff p ON p.id = r.staff_id
       WHERE r.role = 'kac-staff' AND p.active AND starts_with(c.region_path, p.region_path) ORDER BY length(p.region_path) DESC, p.id LIMIT 1) AS by
     FROM customer c ORDER BY c.id LIMIT 50`,
  )
  const one = async (n: number) => {
    const { customer, by } = rows[n % rows.length]!
    const input = {
      ...{ businessCategory: 'data', category: 'network', number: `storm ${n}`, complainant: 'Li', homeRegion: 'Nanjing', content: 'c' },
      ...{ raisedAt: Date.now() - 60_000, latestHandling },
    }
    const { order } = await desk.post(by, '/orders', { process: 'complaint', customerId: customer, title: 'storm', input })
    for (let received = false; !received; ) {
      const next = await desk.next(order)
      if (!next) throw new Error(`${order}: nobody is asked to receive the complaint`)
      await desk.give(order, next)
      received = next.command.type === 'complete'
    }
  }
  let made = 0
  const lane = async () => {
    for (let n = made++; n < count; n = made++)
      // An answer that came too late (202): another complaint takes its place.
      for (let tried = 1; ; tried++) {
        try {
          await one(n)
          break
        } catch (error) {
          if (tried === TRIES) throw error
        }
      }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

const ms = (value: number): string => `${value.toFixed(0)} ms`
const line = (name: string, { rungs, late, recorded }: Storm): string =>
  `storm, ${name.padEnd(15)}${rungs} rungs due at one instant: late p50 ${ms(late.p50)}  p99 ${ms(late.p99)}  max ${ms(late.max)}; all in the record after ${ms(recorded)}`

export const stormText = ({ warm, cold }: StormReport): string => [line('warm', warm), line('cold', cold)].join('\n')
