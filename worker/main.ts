/** `npm run worker`: runs the processes, writes the record, delivers notifications. Run more of them to scale. */
import { readFileSync } from 'node:fs'
import { Client } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { createActivities, startRelay } from '../activities/index.ts'
import { createPool } from '../prisma/client.ts'
import { codeOf, startAuditor } from './auditor/index.ts'
import { bundleWorkflows } from './bundle.ts'
import { type Config, ConfigError, formatConfig, loadConfig, loadDotEnv } from './config/config.ts'
import { temporalConnectionOptions } from './config/temporal.ts'
import { createLogger } from './config/logger.ts'
import { loadTracing } from './config/tracing.ts'
import { createWorker } from './create-worker.ts'
import { tellBy } from './tell.ts'
import { watchWorker } from './watch.ts'
import { revivalsOf } from './engine/revivals.ts'
import { startReconciler } from './recovery/schedule.ts'

async function main(): Promise<void> {
  loadDotEnv()
  const config = loadConfig(process.env, { require: ['DATABASE_URL', 'TEMPORAL_ADDRESS'] })
  const logger = createLogger(config.LOG_LEVEL, 'worker')
  logger.debug(`configuration\n${formatConfig(config)}`)
  Runtime.install({
    shutdownSignals: ['SIGINT', 'SIGTERM'],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => logger[level === 'ERROR' ? 'error' : 'warn']({ ...meta }, message)),
    telemetryOptions: {
      ...(config.METRICS_PORT && {
        metrics: { prometheus: { bindAddress: `${config.METRICS_HOST}:${config.METRICS_PORT}`, useSecondsForDurations: true } },
      }),
      logging: { forward: {}, filter: 'WARN' },
    },
  })
  const tracing = await loadTracing(config, 'paidan-worker')
  const pool = createPool(config.DATABASE_URL, {
    tracing,
    max: config.DB_POOL_MAX,
    applicationName: 'paidan-worker',
    onError: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  })
  const watch = watchWorker(Runtime.instance().metricMeter, pool)
  const connection = await NativeConnection.connect(temporalConnectionOptions(config))
  const bundle = config.WORKFLOW_BUNDLE ? { codePath: config.WORKFLOW_BUNDLE } : { code: await bundleWorkflows(logger) }
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE })
  const worker = await createWorker({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: config.TASK_QUEUE,
    bundle,
    activities: createActivities({
      pool,
      logger,
      email: config.SMTP_URL !== undefined,
      moves: watch.moves,
      tracing,
      engine: revivalsOf(client, config.TASK_QUEUE),
    }),
    maxCachedWorkflows: config.MAX_CACHED_WORKFLOWS,
    maxActivities: config.DB_POOL_MAX,
  })
  const relay = startRelay({ pool, config, logger, tell: tellBy(client) })
  const auditor = startAuditor({ pool, client, code: await codeOf(bundle, version()), logger, anchors: anchorsOf(config) })
  const reconciler = startReconciler(client, config.TASK_QUEUE, logger)
  process.send?.('ready')
  try {
    await worker.run()
  } finally {
    reconciler.stop()
    // The engine's work is done or given back; now what it needed.
    await Promise.all([relay.stop(), auditor.stop()])
    watch.stop()
    await connection.close()
    await pool.end()
    await tracing.close()
  }
}

function anchorsOf({ ANCHOR_DIR: folder, ANCHOR_WEBHOOK: url, ANCHOR_SECRET: secret }: Config) {
  return { folder, ...(url !== undefined && { webhook: { url, ...(secret !== undefined && { secret }) } }) }
}

/** The product's version; beside the sources or, after a build, one folder further up. */
function version(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { version: string }).version
    } catch {
      // Not here.
    }
  }
  return '0.0.0'
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error)
  process.exitCode = 1
})
