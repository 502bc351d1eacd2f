/** Is the program alive, and may it be sent work? */
import type { Express } from 'express'
import type { Deps } from '../deps.ts'

type Check = 'ok' | 'failed'

const within = async (ms: number, work: Promise<unknown>): Promise<Check> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), ms)
  })
  try {
    await Promise.race([work, late])
    return 'ok'
  } catch {
    return 'failed'
  } finally {
    clearTimeout(timer)
  }
}

export function mountHealth(app: Express, deps: Deps): void {
  app.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' })
  })
  app.get('/readyz', async (_req, res) => {
    const [database, engine] = await Promise.all([
      within(2_000, deps.pool.query('SELECT 1 FROM orders LIMIT 1')),
      within(2_000, deps.engine.check()),
    ])
    const draining = deps.draining()
    const ready = !draining && database === 'ok' && engine === 'ok'
    res.status(ready ? 200 : 503).set('Cache-Control', 'no-store')
    res.json({ status: ready ? 'ready' : draining ? 'draining' : 'not ready', checks: { database, engine } })
  })
}
