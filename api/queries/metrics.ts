/** Figures for monitoring, as the record has them. */
import type pg from 'pg'
import { findingKindIds } from '../../domain/health/findings.ts'
import { latestReconciliation } from '../../prisma/recovery/findings.ts'
import { firedSince } from './lateness.ts'
import { join, rows, sql } from './sql.ts'

/** Upper bounds in seconds. */
export const LATENESS_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600] as const

interface Lateness {
  /** Rungs up to each bucket's bound. */
  counts: number[]
  /** Seconds. */
  sum: number
  total: number
}

/** A move is in the record well before this long after its instant; what is older is counted once and remembered. */
const SETTLED_MS = 10 * 60_000

/**
 * The lateness of all rungs that ever fired. The first look counts everything, later ones only the last minutes.
 */
export class RungLateness {
  private settled: Lateness = { counts: LATENESS_BUCKETS.map(() => 0), sum: 0, total: 0 }
  private until = new Date(0)
  private reading: Promise<Lateness> | undefined
  private readonly pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.pool = pool
  }

  read(now: number): Promise<Lateness> {
    this.reading ??= this.look(new Date(now - SETTLED_MS)).finally(() => {
      this.reading = undefined
    })
    return this.reading
  }

  private async look(border: Date): Promise<Lateness> {
    const bounds = join(LATENESS_BUCKETS.map((le) => sql`count(*) FILTER (WHERE late_ms <= ${le * 1000})::float8`))
    const found = await rows<{ recent: boolean; counts: number[]; sum: number; total: number }>(
      this.pool,
      sql`SELECT fired_at > ${border} AS recent, ARRAY[${bounds}] AS counts, (sum(late_ms) / 1000.0)::float8 AS sum, count(*)::int AS total
            FROM (${firedSince(this.until)}) fired GROUP BY 1`,
    )
    const old = found.find(({ recent }) => !recent)
    if (border > this.until) {
      if (old) this.settled = plus(this.settled, old)
      this.until = border
    }
    const recent = found.find((row) => row.recent)
    return recent ? plus(this.settled, recent) : this.settled
  }
}

const plus = (a: Lateness, b: Lateness): Lateness => ({
  counts: a.counts.map((n, i) => n + b.counts[i]!),
  sum: a.sum + b.sum,
  total: a.total + b.total,
})

interface BacklogFigures {
  tasks: { label: string; value: number }[]
  overdue: number
  breaches: number
  outbox: { label: string; value: number }[]
  stopped: number
  /** Ended orders whose history is still to be stored; and of those, and of the lost ones, the failures. */
  archiveBacklog: number
  archiveFailures: number
  /** What the latest comparison of record and engine left to be done, by kind. */
  orphans: { label: string; value: number }[]
  /** Of that comparison, epoch seconds; 0 where there was none. */
  reconciledAt: number
}

const FRESH_MS = 5_000

/** What waits. Read at most every few seconds, however often somebody asks. */
export class Backlog {
  private kept: { at: number; figures: Promise<BacklogFigures> } | undefined
  private readonly pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.pool = pool
  }

  read(now: number): Promise<BacklogFigures> {
    if (!this.kept || now - this.kept.at > FRESH_MS || now < this.kept.at) {
      const figures = this.look(new Date(now))
      this.kept = { at: now, figures }
      figures.catch(() => {
        this.kept = undefined
      })
    }
    return this.kept.figures
  }

  private async look(now: Date): Promise<BacklogFigures> {
    type Counts = { label: string; value: number }[] | null
    const [found] = await rows<{
      tasks: Counts
      overdue: number
      breaches: number
      outbox: Counts
      stopped: number
      archiveBacklog: number
      archiveFailures: number
    }>(
      this.pool,
      sql`SELECT
        (SELECT json_agg(x) FROM (SELECT status AS label, count(*)::int AS value FROM task WHERE closed_at IS NULL GROUP BY 1) x) AS tasks,
        (SELECT count(*)::int FROM task WHERE closed_at IS NULL AND due_at < ${now}) AS overdue,
        (SELECT count(*)::int FROM rung WHERE settled_at IS NULL AND pct >= 100) AS breaches,
        (SELECT json_agg(x) FROM (SELECT state AS label, count(*)::int AS value FROM outbox WHERE state IN ('pending', 'failed') GROUP BY 1) x) AS outbox,
        (SELECT count(*)::int FROM orders WHERE status = 'stopped') AS stopped,
        (SELECT count(*)::int FROM archive_state WHERE state IN ('waiting', 'failed')) AS "archiveBacklog",
        (SELECT count(*)::int FROM archive_state WHERE state IN ('failed', 'dead')) AS "archiveFailures"`,
    )
    const { tasks, outbox, ...rest } = found!
    const reconciled = await latestReconciliation(this.pool)
    const orphans = findingKindIds.map((label) => ({ label, value: reconciled?.total[label] ?? 0 }))
    const reconciledAt = reconciled ? reconciled.at.getTime() / 1_000 : 0
    return { tasks: tasks ?? [], outbox: outbox ?? [], orphans, reconciledAt, ...rest }
  }
}
