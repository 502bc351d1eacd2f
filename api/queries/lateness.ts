/** How late the engine was, not the people. */
import { type Sql, sql } from './sql.ts'

/**
 * Rungs that fired after an instant, with `late_ms` as the engine's own: a limit that runs from an earlier mark may have been over
 * before its task was opened, and nobody could have fired its rungs then.
 */
export const firedSince = (since: Date): Sql => sql`
  SELECT r.fired_at, LEAST(r.late_ms, GREATEST(0, EXTRACT(EPOCH FROM r.fired_at - t.opened_at) * 1000)) AS late_ms
    FROM rung r LEFT JOIN task t ON t.order_id = r.order_id AND t.task = r.task
   WHERE r.fired_at > ${since}`
