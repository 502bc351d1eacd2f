/** `npm run api`: the door as a program of its own. */
import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPool, createPrisma } from '../prisma/client.ts'
import { loadTracing } from '../worker/config/tracing.ts'
import { ConfigError, formatConfig, loadConfig, loadDotEnv } from '../worker/config/config.ts'
import { createLogger } from '../worker/config/logger.ts'
import { createApp } from './app.ts'
import { connectEngine } from './engine.ts'
import { tellAll } from './schedules/keep.ts'
import { startPayments } from './orders/payments.ts'

async function main(): Promise<void> {
  loadDotEnv()
  const config = loadConfig(process.env, { require: ['DATABASE_URL', 'TEMPORAL_ADDRESS'] })
  const logger = createLogger(config.LOG_LEVEL, 'api')
  logger.debug(`configuration\n${formatConfig(config)}`)
  const tracing = await loadTracing(config, 'paidan-api')
  const pool = createPool(config.DATABASE_URL, {
    tracing,
    max: config.DB_POOL_MAX,
    applicationName: 'paidan-api',
    statementTimeout: 30_000,
    parallel: false,
    onError: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  })
  const prisma = createPrisma(pool)
  const engine = connectEngine(config, tracing)
  let draining = false
  const app = createApp({ pool, prisma, engine, config, logger, tracing, draining: () => draining })
  const server = app.listen(config.PORT, config.HOST)
  await listening(server)
  logger.info(`listening on http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${config.PORT}`)
  void tellAll({ pool, engine, logger })
  const payments = startPayments({ pool, engine, logger })
  process.send?.('ready')

  const stop = async (signal: string) => {
    if (draining) return
    draining = true
    // First the balancer hears of it, while requests are still taken; then the port closes; what the requests need goes last.
    logger.info(`${signal}: draining`)
    await sleep(config.DRAIN_NOTICE_MS)
    await close(server, config.DRAIN_LIMIT_MS)
    await payments.stop()
    await engine.close()
    await prisma.$disconnect()
    await pool.end()
    await tracing.close()
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

/** Those who are connected have so long to ask; the answer tells them to go. */
const LINGER_MS = 500

/** Takes no more, answers what is under way, and cuts off what takes too long. */
async function close(server: Server, limit: number): Promise<void> {
  await quiet(server)
  // Not the HTTP server's own close, which at once ends connections on which a request may be on its way.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  const late = AbortSignal.timeout(Math.max(LINGER_MS, limit))
  late.addEventListener('abort', () => server.closeAllConnections())
  await Promise.race([closed, sleep(LINGER_MS)])
  const idle = setInterval(() => server.closeIdleConnections(), 100)
  server.closeIdleConnections()
  await closed
  clearInterval(idle)
}

/** Whom the system has let in but nobody has looked at is reset when the port closes; each turn of the loop looks at one of them. */
async function quiet(server: Server): Promise<void> {
  let newcomers = 0
  const count = () => newcomers++
  server.on('connection', count)
  for (let turns = 0, without = 0; without < 3 && turns < 10_000; turns++) {
    const before = newcomers
    await new Promise((resolve) => setImmediate(resolve))
    without = newcomers === before ? without + 1 : 0
  }
  server.off('connection', count)
}

main().catch((error: unknown) => {
  const { code, message } = error as { code?: unknown; message?: string }
  if (error instanceof ConfigError) console.error(message)
  else if (code === 'EADDRINUSE') console.error(`${message}. Set PORT to a free port.`)
  else console.error(error)
  process.exit(1)
})
