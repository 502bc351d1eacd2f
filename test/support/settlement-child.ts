/** A worker that does nothing but the pages of one run, so that a test can kill it: `node --import tsx settlement-child.ts <run>`. */
import { createPool } from '../../prisma/client.ts'
import { closeRun, computeBills } from '../../activities/settlement/bills.ts'
import { choose } from '../../activities/settlement/choose.ts'
import { extract } from '../../activities/settlement/extract.ts'
import { computeLines } from '../../activities/settlement/lines.ts'
import { noPulse } from '../../activities/settlement/shared.ts'

const [run, pageRows] = process.argv.slice(2) as [string, string]
const pool = createPool(process.env.DATABASE_URL!, { max: 4 })
const at = Date.parse('2026-11-02T00:00:00Z')
process.send?.('begun')
await extract(pool, run, at, Number(pageRows))
await choose(pool, run, at)
process.send?.('computing')
await computeLines(pool, run, at, { ...noPulse(), heartbeat: () => process.send?.('page') })
await computeBills(pool, run)
await closeRun(pool, run, at)
process.send?.({ closed: run, rss: process.memoryUsage.rss() })
await pool.end()
process.disconnect?.()
