/** What the door measures itself, and what the record says about lateness and backlog. */
import type { Express, RequestHandler } from 'express'
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Deps } from '../deps.ts'
import type { Load } from './load.ts'
import { operatingMetrics } from './operating.ts'
import { Backlog, LATENESS_BUCKETS, RungLateness } from '../queries/metrics.ts'

export interface Metrics {
  registry: Registry
  /** Measures requests; to be mounted first. */
  measure: RequestHandler
}

export function createMetrics(deps: Deps, load: Load): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'paidan_http_request_seconds',
    help: 'Duration of HTTP requests by operation and status.',
    labelNames: ['operation', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  new Gauge({
    name: 'paidan_db_connections',
    help: 'Connections of the pool by state.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'idle' }, deps.pool.idleCount)
      this.set({ state: 'busy' }, deps.pool.totalCount - deps.pool.idleCount)
      this.set({ state: 'waiting' }, deps.pool.waitingCount)
    },
  })
  new Gauge({
    name: 'paidan_sse_viewers',
    help: 'Open live streams of this process.',
    registers: [registry],
    collect() {
      this.set(deps.live.size)
    },
  })
  recordMetrics(registry, deps)
  const count = operatingMetrics(registry, deps, load)
  return {
    registry,
    measure(req, res, next) {
      const began = process.hrtime.bigint()
      res.on('finish', () => {
        count(res)
        const operation = (res.locals.operation as string | undefined) ?? 'none'
        // A stream lasts as long as somebody watches.
        if (operation === 'stream') return
        durations.observe({ operation, method: req.method, status: res.statusCode }, Number(process.hrtime.bigint() - began) / 1e9)
      })
      next()
    },
  }
}

/** Read from the record when asked for, so that every process tells the same and a restart loses nothing. */
function recordMetrics(registry: Registry, deps: Deps): void {
  const backlog = new Backlog(deps.pool)
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    read: (values: Awaited<ReturnType<Backlog['read']>>) => { label: string; value: number }[],
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        this.reset()
        // Without the record the other figures are still told: that is when they are looked at.
        const figures = await backlog.read(deps.now()).catch(() => undefined)
        for (const { label, value } of figures ? read(figures) : [])
          this.set(labelNames.length > 0 ? { [labelNames[0]!]: label } : {}, value)
      },
    })
  gauge('paidan_open_tasks', 'Open tasks by status.', ['status'], ({ tasks }) => tasks)
  gauge('paidan_overdue_tasks', 'Open tasks past their limit.', [], ({ overdue }) => [{ label: '', value: overdue }])
  gauge('paidan_open_breaches', 'Rungs of 100 % and above whose clock still runs.', [], ({ breaches }) => [{ label: '', value: breaches }])
  gauge('paidan_outbox', 'Messages not sent yet, by state.', ['state'], ({ outbox }) => outbox)
  gauge('paidan_stopped_orders', 'Orders that an operator must look at.', [], ({ stopped }) => [{ label: '', value: stopped }])
  gauge('paidan_archive_backlog', 'Ended orders whose history is still to be archived.', [], ({ archiveBacklog: value }) => [
    { label: '', value },
  ])
  gauge(
    'paidan_archive_failures',
    'Ended orders whose history could not be archived, or does not hold.',
    [],
    ({ archiveFailures: value }) => [{ label: '', value }],
  )
  gauge('paidan_orphans', 'What the latest comparison of record and engine left to be done.', ['kind'], ({ orphans }) => orphans)
  gauge('paidan_reconciled_at_seconds', 'When record and engine were compared last; 0 where never.', [], ({ reconciledAt }) => [
    { label: '', value: reconciledAt },
  ])
}

const LATENESS = 'paidan_rung_lateness_seconds'

/** A histogram whose counts are the record's; prom-client's own can only count what it has seen itself. */
async function latenessText(lateness: RungLateness, now: number): Promise<string> {
  const { counts, sum, total } = await lateness.read(now)
  return [
    `# HELP ${LATENESS} How late the clock fired the rungs of ladders.`,
    `# TYPE ${LATENESS} histogram`,
    ...LATENESS_BUCKETS.map((le, i) => `${LATENESS}_bucket{le="${le}"} ${counts[i]}`),
    `${LATENESS}_bucket{le="+Inf"} ${total}`,
    `${LATENESS}_sum ${sum}`,
    `${LATENESS}_count ${total}`,
    '',
  ].join('\n')
}

export function mountMetrics(app: Express, { registry }: Metrics, deps: Deps): void {
  const lateness = new RungLateness(deps.pool)
  app.get('/metrics', async (_req, res) => {
    const text = `${await registry.metrics()}\n${await latenessText(lateness, deps.now()).catch(() => '')}`
    res.set('Cache-Control', 'no-store').set('Content-Type', registry.contentType).send(text)
  })
}
