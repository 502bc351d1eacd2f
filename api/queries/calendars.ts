/** Calendars in versions, and the open orders whose limits run on one. */
import type { CalendarSpec } from '../../domain/calendar/calendar.ts'
import { type AppAbility, visibleOrders } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import { type Db, all, rows, sql } from './sql.ts'

export interface CalendarRow {
  id: string
  version: number
  spec: CalendarSpec
  valid_from: Date
  changed_by: string | null
  note: string | null
}

/** All versions, or those of one, in order. */
export const readCalendars = (db: Db, id?: string): Promise<CalendarRow[]> =>
  rows<CalendarRow>(db, sql`SELECT * FROM calendar c WHERE ${all([id !== undefined && sql`c.id = ${id}`])} ORDER BY c.id, c.version`)

/** The version in force; before the first one begins, that. */
export const inForce = (versions: readonly CalendarRow[], now: Date): CalendarRow | undefined =>
  versions.findLast(({ valid_from: from }) => from <= now) ?? versions[0]

export function headOf(row: CalendarRow, versions: readonly CalendarRow[], now: Date) {
  const current = inForce(versions, now)
  const state = row === current ? ('in-force' as const) : row.valid_from > now ? ('announced' as const) : ('past' as const)
  return { id: row.id, version: row.version, state, validFrom: row.valid_from.toISOString(), changedBy: row.changed_by, note: row.note }
}

export function shownCalendar(row: CalendarRow, versions: readonly CalendarRow[], now: Date) {
  const { timeZone, continuous = false, shifts, holidays, makeUpDays, publishedYears } = row.spec
  return { ...headOf(row, versions, now), spec: { timeZone, continuous, shifts, holidays, makeUpDays, publishedYears } }
}

export async function ordersOn(db: Db, { principal, ability }: { principal: Principal; ability: AppAbility }, calendar: string) {
  const on = sql`FROM clock k JOIN orders o ON o.id = k.order_id
    WHERE k.stopped_at IS NULL AND o.status IN ('open', 'withdrawing') AND k.calendar LIKE ${`${calendar.replace(/[\\%_]/g, '\\$&')}@%`}`
  const [counted] = await rows<{ n: number }>(db, sql`SELECT count(DISTINCT o.id)::int AS n ${on}`)
  const items = await rows<{ id: string; no: string | null; title: string; process: string; clock: string; due: Date }>(
    db,
    sql`SELECT o.id, o.no, o.title, o.process, k.clock, k.due_at AS due ${on} AND ${visibleOrders(principal, ability)} ORDER BY k.due_at, o.id LIMIT 50`,
  )
  return { count: counted!.n, items: items.map(({ due, ...item }) => ({ ...item, dueAt: due.toISOString() })) }
}
