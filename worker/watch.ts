/** What an operator watches at the worker, told by the exporter of Temporal's SDK beside its own figures (METRICS_PORT). */
import type { MetricMeter } from '@temporalio/common'
import type pg from 'pg'
import type { MoveWatch } from '../activities/index.ts'

export interface WorkerWatch {
  moves: MoveWatch
  stop(): void
}

const LOOK_MS = 2_000
/** The engine tries again within 30 s, and here or at another worker; what is not heard of again for so long was recorded elsewhere. */
const FORGET_MS = 90_000

/**
 * @param meter of the SDK's runtime
 * @param pool whose connections are told
 */
export function watchWorker(meter: MetricMeter, pool: pg.Pool, now: () => number = Date.now): WorkerWatch {
  const moves = meter.createCounter('paidan_moves_total', '1', 'Moves recorded, by process and by who made them.')
  const took = meter.createHistogram('paidan_record_seconds', 'float', 's', 'How long the recorder took for a move.')
  const lag = meter.createHistogram('paidan_move_lag_seconds', 'float', 's', "From a move's instant to its being in the record.")
  const unrecorded = meter.createGauge('paidan_unrecorded_moves', 'int', '1', 'Moves whose recording failed and is tried again.')
  const oldest = meter.createGauge('paidan_unrecorded_age_seconds', 'float', 's', 'Age of the oldest move that could not be recorded yet.')
  const connections = meter.createGauge('paidan_db_connections', 'int', '1', 'Connections of the pool by state.')
  /** By order, since an order has one move at a time. */
  const failing = new Map<string, { at: number; seen: number }>()

  const look = () => {
    for (const [order, { seen }] of failing) if (now() - seen > FORGET_MS) failing.delete(order)
    unrecorded.set(failing.size)
    oldest.set(Math.max(0, ...[...failing.values()].map(({ at }) => (now() - at) / 1_000)))
    connections.set(pool.idleCount, { state: 'idle' })
    connections.set(pool.totalCount - pool.idleCount, { state: 'busy' })
    connections.set(pool.waitingCount, { state: 'waiting' })
  }
  look()
  const timer = setInterval(look, LOOK_MS).unref()
  return {
    moves: {
      written({ actor }, process) {
        moves.add(1, { process, by: actor.kind })
      },
      recorded({ order, at }, ms) {
        failing.delete(order)
        took.record(ms / 1_000)
        lag.record(Math.max(0, now() - at) / 1_000)
      },
      failed({ order, at }) {
        failing.set(order, { at, seen: now() })
      },
    },
    stop: () => clearInterval(timer),
  }
}
