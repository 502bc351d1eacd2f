import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { noTracing, type Tracing } from '../worker/config/tracing.ts'
import { PrismaClient } from './generated/client.ts'
import { tracePool } from './traced.ts'

export interface PoolOptions {
  /** Most connections (DB_POOL_MAX). */
  max?: number
  /** Shown in pg_stat_activity. */
  applicationName?: string
  /** Milliseconds after which the server gives up a statement. Default: none. */
  statementTimeout?: number
  /** False: no statement asks for helping processes. A page of some hundred rows is read sooner than they have started. */
  parallel?: boolean
  /** Called when an idle connection is lost, e.g. because the server restarts; the pool makes a new one when it needs one. */
  onError?: (error: Error) => void
  /** Statements become spans. */
  tracing?: Tracing
}

/**
 * Connections to the record. The hot path uses the pool itself; {@link createPrisma} puts Prisma's client on the same pool.
 * Waiting for a connection ends with an error after 5 s: a request must not hang for as long as the database is away.
 */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 20,
    application_name: options.applicationName ?? 'paidan',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 300_000,
    keepAlive: true,
    ...(options.statementTimeout !== undefined && { statement_timeout: options.statementTimeout }),
    ...(options.parallel === false && { options: '-c max_parallel_workers_per_gather=0' }),
  })
  // Without a listener the loss of an idle connection would end the process.
  pool.on('error', options.onError ?? (() => {}))
  return options.tracing && options.tracing !== noTracing ? tracePool(pool, options.tracing) : pool
}

/**
 * Prisma's client. On a pool it shares the connections, and `$disconnect` leaves the pool to whoever made it; from a URL it has
 * a pool of its own, which `$disconnect` ends.
 */
export function createPrisma(source: pg.Pool | string): PrismaClient {
  const pool = typeof source === 'string' ? createPool(source) : source
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: pool !== source }) })
}

export type { PrismaClient }
