/** `npm run api`: the door as a program of its own. */
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { createPool, createPrisma } from '../prisma/client.ts'
import { ConfigError, formatConfig, loadConfig, loadDotEnv } from '../worker/config/config.ts'
import { createApp } from './app.ts'
import { connectEngine } from './engine.ts'
import { tellAll } from './schedules/keep.ts'
import { startPayments } from './orders/payments.ts'

/** A balancer looks at /readyz every few seconds: so long it is told "no" while requests are still taken. */
const NOTICE_MS = 1_000
/** What has not been answered by then is cut off. A call to the engine ends within 5 s. */
const DRAIN_MS = 10_000

async function main(): Promise<void> {
  loadDotEnv()
  const config = loadConfig(process.env, { require: ['DATABASE_URL', 'TEMPORAL_ADDRESS'] })
  const logger = pino({ level: config.LOG_LEVEL, name: 'api' })
  logger.debug(`configuration\n${formatConfig(config)}`)
  const pool = createPool(config.DATABASE_URL, {
    max: config.DB_POOL_MAX,
    applicationName: 'paidan-api',
    statementTimeout: 30_000,
    onError: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  })
  const prisma = createPrisma(pool)
  const engine = connectEngine(config)
  let draining = false
  const app = createApp({ pool, prisma, engine, config, logger, draining: () => draining })
  const server = app.listen(config.PORT, config.HOST)
  await listening(server)
  logger.info(`listening on http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${config.PORT}`)
  void tellAll({ pool, engine, logger })
  const payments = startPayments({ pool, engine, logger })
  process.send?.('ready')

  const stop = async (signal: string) => {
    if (draining) return
    draining = true
    logger.info(`${signal}: draining`)
    await sleep(NOTICE_MS)
    await close(server)
    await payments.stop()
    await engine.close()
    await prisma.$disconnect()
    await pool.end()
    logger.info('stopped')
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      stop(signal).then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'did not stop cleanly')
          process.exit(1)
        },
      )
    })
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
}

/** Takes no more, answers what is under way, and cuts off what takes too long. */
async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const late = new AbortController()
  const cutOff = sleep(DRAIN_MS, undefined, { signal: late.signal }).then(
    () => server.closeAllConnections(),
    () => undefined,
  )
  await closed
  late.abort()
  await cutOff
}

main().catch((error: unknown) => {
  const { code, message } = error as { code?: unknown; message?: string }
  if (error instanceof ConfigError) console.error(message)
  else if (code === 'EADDRINUSE') console.error(`${message}. Set PORT to a free port.`)
  else console.error(error)
  process.exit(1)
})
