/** `npm run conformance`: whether what happened is what the processes allow. */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type pg from 'pg'
import { stringify } from 'csv-stringify'
import type { OrderEvent } from '../domain/order/event.ts'
import { eventOf, type KeptEvent } from '../domain/order/verify/kept.ts'
import { type Conformance, conform, type Deviation, type Model, modelOf } from '../workflows/kit/conformance.ts'
import { processes } from '../workflows/processes.ts'
import { findConfig, openRecord, readOptions, run, UsageError } from './record.ts'
import { stopOnInterrupt } from './stop.ts'

const usage = `npm run conformance -- [--process <id>] [--since <instant>] [--csv <file>] [--show <n>] [--json]

Replays the histories of orders on the computed graphs of their processes, and tells the fitness of each process: the share of openings,
outcomes and ends that its graph allows. Withdrawals, and what an amendment opens anew, are no deviations.

  --process   orders of one process
  --since     orders opened since then
  --csv       a file with every deviation
  --show      so many orders with their first deviation (20)

Exit code: 0 when all conform, 1 when one does not, 2 when it could not be done.`

const PAGE = 200

interface Row {
  id: string
  no: string | null
  process: string
  events: KeptEvent[]
}

async function page(pool: pg.Pool, last: string, process: string | undefined, since: Date | undefined): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    `SELECT o.id, o.no, o.process, (SELECT json_agg(e ORDER BY e.seq) FROM order_event e WHERE e.order_id = o.id) AS events
       FROM orders o WHERE o.id > $1 AND ($2::text IS NULL OR o.process = $2) AND ($3::timestamptz IS NULL OR o.opened_at >= $3)
      ORDER BY o.id LIMIT $4`,
    [last, process ?? null, since ?? null, PAGE],
  )
  return rows
}

interface Summary {
  process: string
  orders: number
  conforming: number
  moves: number
  fit: number
  /** How often each kind of deviation was, at which step. */
  where: Map<string, number>
}

const describe = ({ seq, what, was, allowed }: Deviation) =>
  `event ${seq}: ${was} (${what}); the graph allows ${allowed.join(', ') || 'nothing'}`

function add(summary: Summary, { moves, fit, deviations }: Conformance): void {
  summary.orders++
  summary.moves += moves
  summary.fit += fit
  if (deviations.length === 0) summary.conforming++
  for (const { what, step } of deviations) {
    const key = `${what} ${step}`.trim()
    summary.where.set(key, (summary.where.get(key) ?? 0) + 1)
  }
}

const line = ({ process, orders, conforming, moves, fit, where }: Summary) => {
  const worst = [...where].sort((a, b) => b[1] - a[1])[0]
  const fitness = moves === 0 ? 1 : fit / moves
  return `${process.padEnd(28)} ${String(orders).padStart(8)} orders ${String(conforming).padStart(8)} conform  fitness ${fitness.toFixed(4)}${worst ? `  mostly ${worst[0]} (${worst[1]})` : ''}`
}

async function main(): Promise<number> {
  const options = readOptions(usage, {
    process: { type: 'string' },
    since: { type: 'string' },
    csv: { type: 'string' },
    show: { type: 'string' },
    json: { type: 'boolean' },
  })
  if (!options) return 0
  const since = options.since === undefined ? undefined : new Date(options.since)
  if (since && Number.isNaN(since.getTime()))
    throw new UsageError(`--since must be an instant such as 2026-01-31T00:00:00Z, not "${options.since}".`)
  const byId = new Map(processes.map((process) => [process.spec.id, process]))
  if (options.process !== undefined && !byId.has(options.process)) throw new UsageError(`There is no process ${options.process}.`)

  const pool = openRecord(findConfig(['DATABASE_URL']).DATABASE_URL, 'conformance')
  const stop = stopOnInterrupt('Stopping after this page …')
  const models = new Map<string, Model>()
  const summaries = new Map<string, Summary>()
  const firsts: string[] = []
  const most = Number(options.show ?? 20)
  const csv = options.csv === undefined ? undefined : stringify({ bom: true, record_delimiter: 'windows', escape_formulas: true })
  const written = csv && once(csv.pipe(createWriteStream(options.csv!)), 'finish')
  csv?.write(['order', 'no', 'process', 'seq', 'at', 'step', 'deviation', 'was', 'allowed'])
  try {
    for (let last = ''; !stop.signal.aborted; ) {
      const found = await page(pool, last, options.process, since)
      for (const { id, no, process, events } of found) {
        const code = byId.get(process)
        if (!code) continue
        const model = models.get(process) ?? (await modelOf(code))
        models.set(process, model)
        const seen = conform(
          model,
          (events ?? []).map((row): OrderEvent & { move: number } => ({ ...eventOf(row), move: row.move_seq })),
        )
        const summary = summaries.get(process) ?? { process, orders: 0, conforming: 0, moves: 0, fit: 0, where: new Map() }
        summaries.set(process, summary)
        add(summary, seen)
        const [first] = seen.deviations
        if (first && firsts.length < most) firsts.push(`${id} (${process}): ${describe(first)}`)
        for (const { seq, at, step, what, was, allowed } of seen.deviations)
          csv?.write([id, no, process, seq, new Date(at).toISOString(), step, what, was, allowed.join(' ')])
      }
      if (found.length < PAGE) break
      last = found.at(-1)!.id
    }
  } finally {
    stop.release()
    csv?.end()
    await written
    await pool.end()
  }
  const all = [...summaries.values()].sort((a, b) => (a.process < b.process ? -1 : 1))
  if (options.json)
    console.log(
      JSON.stringify(
        all.map(({ where, ...rest }) => ({
          ...rest,
          fitness: rest.moves === 0 ? 1 : rest.fit / rest.moves,
          where: Object.fromEntries(where),
        })),
        null,
        2,
      ),
    )
  else for (const text of [...all.map(line), ...firsts]) console.log(text)
  const [orders, conforming] = [all.reduce((sum, one) => sum + one.orders, 0), all.reduce((sum, one) => sum + one.conforming, 0)]
  console.error(`${orders} orders replayed on their graphs, ${conforming} conform`)
  return orders === conforming ? 0 : 1
}

run(main)
