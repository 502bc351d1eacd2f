import { z } from 'zod'
import { instant, title } from './common.ts'

const part = z.object({
  id: z.enum(['database', 'engine', 'recorder', 'relay', 'clock', 'archive']),
  state: z.enum(['ok', 'slow', 'failed']),
  ms: z.number().nullable().meta({ description: 'How long it took to answer.' }),
  detail: title,
})

export const health = z
  .object({
    at: instant,
    version: z.string(),
    state: z.enum(['ok', 'slow', 'failed']).meta({ description: 'The worst of the parts.' }),
    parts: z.array(part),
    live: z.object({ viewers: z.int() }).meta({ description: 'Open streams of the process that answers.' }),
    moves: z.object({
      lastAt: instant.nullable().meta({ description: 'Instant of the latest recorded move.' }),
      lastMinute: z.int(),
      unrecorded: z.object({ order: z.string(), no: z.string().nullable(), dueAt: instant, seconds: z.number() }).nullable().meta({
        description: 'The oldest clock of an open order that should have been heard, and of which nothing is recorded.',
      }),
    }),
    timers: z.object({
      worstLagMs: z.number().nullable().meta({ description: 'The latest of the last hour: fired minus due.' }),
      p99LagMs: z.number().nullable(),
      fired: z.int(),
    }),
    stopped: z
      .array(z.object({ order: z.string(), no: z.string().nullable(), code: z.string(), message: z.string(), since: instant }))
      .meta({ description: 'Orders that wait for an operator.' }),
    orphans: z
      .object({ checkedAt: instant, tookMs: z.int(), looked: z.int(), repaired: z.int(), open: z.record(z.string(), z.int()) })
      .nullable()
      .meta({ description: 'The latest comparison of record and engine; /health/findings says what to do. Null: there was none.' }),
    outbox: z.object({ waiting: z.int(), dead: z.int(), oldestSeconds: z.number() }),
    email: z.object({ waiting: z.int(), dead: z.int(), oldestSeconds: z.number() }),
    archive: z.object({ waiting: z.int(), failed: z.int(), dead: z.int() }),
    schedules: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        process: z.string(),
        paused: z.boolean(),
        lastAt: instant.nullable(),
        lastOrder: z.string().nullable(),
        lastStatus: z.string().nullable(),
        nextAt: instant.nullable(),
      }),
    ),
    gate: z
      .object({ at: instant, ok: z.boolean(), version: z.string(), orders: z.int(), moved: z.int(), refused: z.int() })
      .nullable()
      .meta({ description: 'The latest verdict of npm run gate.' }),
    anchor: z
      .object({ n: z.int(), day: z.string(), at: instant, written: z.boolean(), posted: z.boolean(), error: z.string().nullable() })
      .nullable(),
    connections: z.object({ idle: z.int(), busy: z.int(), waiting: z.int() }),
  })
  .meta({ id: 'Health' })
