/** What the door needs of the outside, handed in by whoever opens it. */
import type pg from 'pg'
import type { Logger } from 'pino'
import type { PrismaClient } from '../prisma/generated/client.ts'
import type { Config } from '../worker/config/config.ts'
import type { Tracing } from '../worker/config/tracing.ts'
import type { Process } from '../workflows/kit/process.ts'
import type { Catalogue } from './catalogue.ts'
import type { Engine } from './engine.ts'
import type { LiveHub } from './live/hub.ts'

export interface AppOptions {
  pool: pg.Pool
  prisma: PrismaClient
  engine: Engine
  config: Config
  logger: Logger
  /** Default: all processes of the product. */
  processes?: readonly Process[]
  /** Epoch ms. Reads that judge lateness take their instant from here. */
  now?: () => number
  /** Default: none. */
  tracing?: Tracing
  /** True once the program is going down: /readyz says so. */
  draining?: () => boolean
}

export interface Deps extends Pick<AppOptions, 'pool' | 'prisma' | 'engine' | 'config' | 'logger'> {
  catalogue: Catalogue
  live: LiveHub
  now: () => number
  draining: () => boolean
}
