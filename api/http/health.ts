/** Is the program alive, and may it be sent work? */
import type { Express } from 'express'
import type { Deps } from '../deps.ts'
import { rows, sql } from '../queries/sql.ts'

interface Check {
  state: 'ok' | 'failed'
  reason?: string
}

const LIMIT_MS = 2_000

/** Reasons name what failed and not how: whoever asks may be anybody. */
async function checked(what: string, work: Promise<string | undefined>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`${what} does not answer within ${LIMIT_MS / 1_000} s`), LIMIT_MS)
  })
  try {
    const reason = await Promise.race([work, late])
    return reason === undefined ? { state: 'ok' } : { state: 'failed', reason }
  } catch {
    return { state: 'failed', reason: `${what} cannot be reached` }
  } finally {
    clearTimeout(timer)
  }
}

async function database({ pool }: Deps): Promise<string | undefined> {
  // A standby answers reads; moves would fail on it.
  const [found] = await rows<{ standby: boolean }>(
    pool,
    sql`SELECT pg_is_in_recovery() AS standby FROM (SELECT 1 FROM orders LIMIT 1) x RIGHT JOIN (SELECT 1) y ON true`,
  )
  return found?.standby ? 'the database is a standby and takes no writes' : undefined
}

export function mountHealth(app: Express, deps: Deps): void {
  app.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' })
  })
  app.get('/readyz', async (_req, res) => {
    const [record, engine] = await Promise.all([
      checked('the database', database(deps)),
      checked(
        'the engine',
        deps.engine.check().then(() => undefined),
      ),
    ])
    const draining = deps.draining()
    const reasons = [
      ...(draining ? ['this process is going down'] : []),
      ...[record.reason, engine.reason].filter((one) => one !== undefined),
    ]
    res.status(reasons.length === 0 ? 200 : 503).set('Cache-Control', 'no-store')
    res.json({
      status: reasons.length === 0 ? 'ready' : draining ? 'draining' : 'not ready',
      reasons,
      checks: { database: record.state, engine: engine.state },
    })
  })
}
