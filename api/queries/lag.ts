/** How long something waits already that should not: figures for alerts, as the record has them. */
import type pg from 'pg'
import { rows, sql } from './sql.ts'

export interface LagFigures {
  /** Seconds since the oldest message that is not sent was written, by kind; 0 where none waits. */
  waiting: { kind: 'outbox' | 'notification'; seconds: number }[]
  /** Seconds since the most overdue clock of an open order should have been heard; 0 where none is overdue. */
  timer: number
}

interface Oldest {
  outbox: Date | null
  notification: Date | null
  due: Date | null
}

const FRESH_MS = 5_000

/** Remembers an answer for a while, so that several scrapers cost one look. A failure is not remembered. */
export class Kept<T> {
  private kept: { at: number; value: Promise<T> } | undefined
  private readonly look: (now: number) => Promise<T>

  constructor(look: (now: number) => Promise<T>) {
    this.look = look
  }

  read(now: number): Promise<T> {
    if (!this.kept || now - this.kept.at > FRESH_MS || now < this.kept.at) {
      const value = this.look(now)
      this.kept = { at: now, value }
      value.catch(() => {
        this.kept = undefined
      })
    }
    return this.kept.value
  }
}

/** Looks at what waits alone, by partial indexes. */
export async function readLag(pool: pg.Pool, now: number): Promise<LagFigures> {
  const [oldest] = await rows<Oldest>(
    pool,
    sql`SELECT
      (SELECT min(created_at) FROM outbox WHERE state IN ('pending', 'failed')) AS outbox,
      (SELECT min(created_at) FROM notification WHERE state IN ('pending', 'failed') AND channel = 'email') AS notification,
      (SELECT next_due_at FROM orders WHERE status IN ('open', 'withdrawing') ORDER BY next_due_at, id LIMIT 1) AS due`,
  )
  const since = (instant: Date | null) => (instant ? Math.max(0, (now - instant.getTime()) / 1_000) : 0)
  return {
    waiting: [
      { kind: 'outbox', seconds: since(oldest!.outbox) },
      { kind: 'notification', seconds: since(oldest!.notification) },
    ],
    timer: since(oldest!.due),
  }
}
