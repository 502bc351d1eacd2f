/** The order that a run of a schedule opens. */
import type pg from 'pg'
import { type Facts, runFacts, runOrder } from '../domain/schedule/run.ts'
import type { ScheduledInput, ScheduledOpening } from './types.ts'

interface Row {
  process: string
  title: string
  customer_id: string | null
  region_path: string
  input: Facts
  time_zone: string
}

/** May run twice: the second finds the run that the first has noted. Nothing where the schedule has been removed meanwhile. */
export async function openScheduled(pool: pg.Pool, { schedule, at }: ScheduledInput): Promise<ScheduledOpening | undefined> {
  const order = runOrder(schedule, at)
  const { rows } = await pool.query<Row>(
    `WITH found AS (SELECT * FROM schedule WHERE id = $1),
       noted AS (INSERT INTO schedule_run (schedule_id, at, order_id, started_at)
         SELECT id, $2, $3, now() FROM found ON CONFLICT DO NOTHING)
     SELECT process, title, customer_id, region_path, input, time_zone FROM found`,
    [schedule, new Date(at), order],
  )
  const row = rows[0]
  if (!row) return undefined
  return {
    id: order,
    actor: { kind: 'system', id: 'schedule' },
    opened: {
      process: row.process,
      customer: row.customer_id ?? '',
      title: row.title,
      region: row.region_path,
      priority: 3,
      facts: runFacts(row.input, at, row.time_zone),
      startedBy: `schedule:${schedule}`,
    },
  }
}
