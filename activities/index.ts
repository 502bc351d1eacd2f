/** The hands: everything that a workflow may ask for. */
import { Context } from '@temporalio/activity'
import type pg from 'pg'
import type { ProcessSpec } from '../domain/order/spec.ts'
import { specOf as builtIn } from '../domain/processes/index.ts'
import { type AutomaticStep, automaticSteps, doAutomatic, type Pulse, type Undo, undoEffect, undoEffects } from './automatic/index.ts'
import type { Histories, Revivals } from '../prisma/recovery/engine.ts'
import { asFailure, never } from './errors.ts'
import { reconcile } from './reconcile.ts'
import { noTracing, type Tracing, traceIdOf } from '../worker/config/tracing.ts'
import { record } from './record.ts'
import { ReferenceCache } from './reference.ts'
import { openScheduled } from './scheduled.ts'
import type { Activities, Move } from './types.ts'

/** What of a logger the activities use; pino fits. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Who counts what the recorder does. */
export interface MoveWatch {
  /** A move has been written by this worker. */
  written(move: Move, process: string): void
  /** It is in the record, whoever wrote it; the call took `ms`. */
  recorded(move: Move, ms: number): void
  /** It could not be recorded; the engine has it tried again. */
  failed(move: Move): void
}

export interface ActivityDeps {
  /** Connections to the record; whoever made the pool ends it. */
  pool: pg.Pool
  logger: Logger
  /** Whether messages are also written for e-mail; true where a mail server is configured (SMTP_URL). */
  email?: boolean
  moves?: MoveWatch
  /** The engine, for the comparison with the record; a worker without it does not compare. */
  engine?: Revivals & Histories
  tracing?: Tracing
  /** Specifications, automatic steps and undo effects beside those of the product. */
  specOf?: (process: string) => ProcessSpec
  automatic?: Readonly<Record<string, AutomaticStep>>
  effects?: Readonly<Record<string, Undo>>
}

const PULSE_MS = 5_000

/** Tells the engine that the work lives, so that a dead worker's is soon taken up by another. A test calls activities without an engine. */
async function living<T>(work: (pulse?: Pulse) => Promise<T>): Promise<T> {
  let context: Context
  try {
    context = Context.current()
  } catch {
    return work()
  }
  const beat = setInterval(() => context.heartbeat(), PULSE_MS)
  try {
    return await work({ heartbeat: (details) => context.heartbeat(details), signal: context.cancellationSignal })
  } finally {
    clearInterval(beat)
  }
}

/**
 * A move as two spans: the order's turn, from its instant until the recorder began, and under it the recording. So a trace needs
 * nothing in the workflow but the text that it carries along.
 */
function tracedMove<T>(tracing: Tracing, move: Move, work: () => Promise<T>): Promise<T> {
  if (tracing === noTracing) return work()
  const attributes = {
    'paidan.order': move.order,
    'paidan.base': move.base,
    'paidan.events': move.events.map(({ type }) => type).join(' '),
    ...(move.cmd && { 'paidan.command': move.cmd }),
  }
  const turn = tracing.past('workflow turn', { parent: move.trace, start: move.at, end: Date.now(), attributes })
  return tracing.span('activity record', { parent: turn, attributes }, work)
}

/** The activities of a worker. Every failure tells the engine whether to try again (activities/errors.ts). */
export function createActivities({
  pool,
  logger,
  email = false,
  moves,
  engine,
  tracing = noTracing,
  specOf = builtIn,
  automatic = {},
  effects = {},
}: ActivityDeps): Activities {
  const reference = new ReferenceCache(pool)
  const recorder = { pool, reference, specOf, email, written: moves?.written }
  const steps = { ...automaticSteps, ...automatic }
  const undos = { ...undoEffects, ...effects }

  const failing = async <T>(what: object, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      const failure = asFailure(error)
      const level = failure.nonRetryable ? 'error' : 'warn'
      logger[level]({ ...what, type: failure.type, err: error }, failure.message)
      throw failure
    }
  }

  return {
    record: async (move) => {
      const trace = traceIdOf(move.trace)
      const what = { activity: 'record', order: move.order, command: move.cmd, base: move.base, ...(trace && { trace }) }
      const began = performance.now()
      try {
        const recorded = await failing(what, () => tracedMove(tracing, move, () => record(recorder, move)))
        const ms = performance.now() - began
        moves?.recorded(move, ms)
        logger.debug({ ...what, events: move.events.length + recorded.plan.length, ms: Math.round(ms) }, 'recorded')
        return recorded
      } catch (error) {
        moves?.failed(move)
        throw error
      }
    },
    automatic: (input) =>
      failing({ activity: 'automatic', order: input.order, task: input.task }, () =>
        living((pulse) => doAutomatic(pool, input, steps, pulse)),
      ),
    openScheduled: (input) => failing({ activity: 'openScheduled', ...input }, () => openScheduled(pool, input)),
    reconcile: ({ at }) =>
      failing({ activity: 'reconcile' }, () => {
        if (!engine) throw never('NO_ENGINE', 'this worker was started without the engine to compare with')
        return living((pulse) => reconcile({ pool, engine, specOf }, at, () => pulse?.heartbeat(at)))
      }),
    undo: (input) => failing({ activity: 'undo', order: input.order, effect: input.effect }, () => undoEffect(pool, input, undos)),
  }
}

export { deliverNotifications, publishOutbox, startRelay } from './relay.ts'
export type { Tell } from './settlement/bank.ts'
