/** `npm run verify`: whether the record can be believed. */
import { logAdminAlone } from '../prisma/admin-log.ts'
import { keptAfter, keptOrders } from '../prisma/verification/kept.ts'
import { keepVerdict } from '../prisma/verification/verdicts.ts'
import type { Verdict } from '../workflows/kit/verdict.ts'
import { processes } from '../workflows/processes.ts'
import { verify } from '../api/trust/verify.ts'
import { findConfig, openRecord, readOptions, run, UsageError } from './record.ts'
import { stopOnInterrupt } from './stop.ts'

const usage = `npm run verify -- --order <id>[,<id>…] | --all | --since <instant> [--json]

Checks of each order: the chain of its events, every row against what the events tell, and that its process run against the journal
comes to stand where the record says. Names the first difference with both sides. Verdicts of --order, and of what does not hold, are
kept and shown to the auditor; the engine's history of those orders is replayed by a worker soon after.

  --json      one line of JSON for each order that does not hold

Exit code: 0 when all hold, 1 when one does not, 2 when it could not be done.`

const PAGE = 200

const text = (value: unknown): string => JSON.stringify(value ?? null).slice(0, 300)

function explain({ order, chain, rows, body }: Verdict): string {
  if (chain) return `${order}: event ${chain.of}, ${chain.field}: should be ${text(chain.told)}, is ${text(chain.kept)}`
  if (rows)
    return `${order}: ${rows.table} ${rows.of}, ${rows.field || 'row'}: the history tells ${text(rows.told)}, the row says ${text(rows.kept)}`
  return `${order}: ${body ?? ''}`
}

async function main(): Promise<number> {
  const options = readOptions(usage, {
    order: { type: 'string' },
    all: { type: 'boolean' },
    since: { type: 'string' },
    json: { type: 'boolean' },
  })
  if (!options) return 0
  const { order, all, since, json } = options
  if ([order, all, since].filter((given) => given !== undefined).length !== 1) throw new UsageError(usage)
  const from = since === undefined ? undefined : new Date(since)
  if (from && Number.isNaN(from.getTime())) throw new UsageError(`--since must be an instant such as 2026-01-31T00:00:00Z, not "${since}".`)

  const pool = openRecord(findConfig(['DATABASE_URL']).DATABASE_URL, 'verify')
  const stop = stopOnInterrupt('Stopping after this page …')
  const byId = new Map(processes.map((process) => [process.spec.id, process]))
  const began = performance.now()
  let [looked, events, bad] = [0, 0, 0]
  try {
    const wanted = order?.split(',')
    for (let last = ''; !stop.signal.aborted; ) {
      const page = wanted ? await keptOrders(pool, wanted) : await keptAfter(pool, last, { since: from, limit: PAGE })
      for (const kept of page) {
        const verdict = await verify(byId.get(String(kept.order.process)), kept)
        looked++
        events += verdict.events
        if (!verdict.ok) bad++
        if (!verdict.ok) console.log(json ? JSON.stringify(verdict) : explain(verdict))
        if (!verdict.ok || wanted) await keepVerdict(pool, verdict, 'cli', new Date())
      }
      const missing = wanted?.filter((id) => !page.some((kept) => kept.id === id)) ?? []
      if (missing.length > 0) throw new UsageError(`There is no order ${missing.join(', ')}.`)
      last = page.at(-1)?.id ?? last
      if (looked % 2_000 < PAGE && looked >= 2_000) process.stderr.write(`${looked} orders …\n`)
      if (wanted || page.length < PAGE) break
    }
    const subject = order ?? (all ? 'all' : `since ${from!.toISOString()}`)
    await logAdminAlone(pool, { actor: 'cli', action: 'order-verified', subject, detail: { looked, events, bad }, at: new Date() })
  } finally {
    stop.release()
    await pool.end()
  }
  const seconds = (performance.now() - began) / 1_000
  const rate = Math.round((looked / seconds) * 60)
  console.error(
    `${looked} orders with ${events} events looked at in ${seconds.toFixed(1)} s (${rate} a minute): ${bad === 0 ? 'all hold' : `${bad} do not hold`}`,
  )
  return bad === 0 ? 0 : 1
}

run(main)
