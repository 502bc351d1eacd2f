/** Schedules and what their runs opened. */
import type { Fact } from '../../domain/order/spec.ts'
import type { Overlap } from '../schedules/engine.ts'
import { all, below, type Db, rows, sql } from './sql.ts'

export interface ScheduleRow {
  id: string
  process: string
  title: string
  customer_id: string | null
  region_path: string
  input: Readonly<Record<string, Fact>>
  cron: string
  time_zone: string
  overlap: Overlap
  catch_up: number
  paused: boolean
  note: string | null
  version: number
  changed_by: string
  changed_at: Date
}

/** @param below region that they lie in */
export const readSchedules = (db: Db, wanted: { id?: string; below?: string }): Promise<ScheduleRow[]> =>
  rows<ScheduleRow>(
    db,
    sql`SELECT s.* FROM schedule s WHERE ${all([
      wanted.id !== undefined && sql`s.id = ${wanted.id}`,
      wanted.below !== undefined && below(sql`s.region_path`, wanted.below),
    ])} ORDER BY s.id`,
  )

export interface RunRow {
  at: Date
  order_id: string
  started_at: Date
  no: string | null
  status: string | null
  end: string | null
}

/** Runs of a schedule, the latest first. */
export const readRuns = (db: Db, schedule: string, limit: number): Promise<RunRow[]> =>
  rows<RunRow>(
    db,
    sql`SELECT r.at, r.order_id, r.started_at, o.no, o.status, o."end" FROM schedule_run r LEFT JOIN orders o ON o.id = r.order_id
         WHERE r.schedule_id = ${schedule} ORDER BY r.at DESC LIMIT ${limit}`,
  )

/** The latest run of each. */
export async function lastRuns(db: Db, schedules: readonly string[]): Promise<Map<string, RunRow>> {
  const found = await rows<RunRow & { schedule_id: string }>(
    db,
    sql`SELECT DISTINCT ON (r.schedule_id) r.schedule_id, r.at, r.order_id, r.started_at, o.no, o.status, o."end"
          FROM schedule_run r LEFT JOIN orders o ON o.id = r.order_id
         WHERE r.schedule_id = ANY (${schedules}) ORDER BY r.schedule_id, r.at DESC`,
  )
  return new Map(found.map((row) => [row.schedule_id, row]))
}
