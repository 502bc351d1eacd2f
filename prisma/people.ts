/** People as offers go by them, and what makes somebody the first whom a customer's order is offered to: for the recorder and the door. */
import type { Calendar } from '../domain/calendar/calendar.ts'
import type { Candidate } from '../domain/order/offer.ts'
import { type DutyHours, onShift } from '../domain/order/on-shift.ts'
import type { Limits } from '../domain/order/policy.ts'

/** Candidates at most; people who can't see the order's region are read only to say so. */
const MOST = 200
const MOST_ELSEWHERE = 20

/** A list of the one JSON parameter. With lists as parameters of their own the database would plan the statement anew each time. */
export const list = (name: string) => `(SELECT jsonb_array_elements_text($1::jsonb -> '${name}'))`
export const value = (name: string) => `($1::jsonb ->> '${name}')`

/**
 * Everybody who may be asked: $1 names roles, people, units and `regions` (that of the order and those above it), $2 is the instant.
 * Whoever stands in for an absent one is among them.
 */
export const peopleAsked = `
  WITH RECURSIVE granted AS (
    (SELECT DISTINCT r.staff_id AS id FROM staff_role r JOIN staff s ON s.id = r.staff_id
      WHERE r.role IN ${list('roles')} AND s.region_path IN ${list('regions')} ORDER BY 1 LIMIT ${MOST})
    UNION
    (SELECT DISTINCT r.staff_id FROM staff_role r JOIN staff s ON s.id = r.staff_id
      WHERE r.role IN ${list('roles')} AND s.region_path NOT IN ${list('regions')} ORDER BY 1 LIMIT ${MOST_ELSEWHERE})
    UNION
    SELECT r.staff_id FROM staff_role r WHERE r.unit_id IN ${list('units')}
    UNION
    SELECT jsonb_array_elements_text($1::jsonb -> 'people')
  ), asked AS (
    SELECT id FROM granted
    UNION
    SELECT d.to_id FROM asked a
      JOIN absence b ON b.staff_id = a.id AND b.from_at <= $2 AND b.to_at > $2
      JOIN delegation d ON d.from_id = a.id AND d.from_at <= $2 AND d.to_at > $2
  )`

/** The people of {@link peopleAsked}; {@link candidatesOf} reads them. */
export const peopleColumn = `(SELECT jsonb_agg(jsonb_build_object(
        'id', s.id, 'unit', s.unit_id, 'region', s.region_path, 'active', s.active,
        'roles', (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'unit', r.unit_id, 'region', u.region_path) ORDER BY r.role, r.unit_id)
          FROM staff_role r JOIN org_unit u ON u.id = r.unit_id WHERE r.staff_id = s.id),
        'skills', (SELECT jsonb_object_agg(k.skill, k.level) FROM staff_skill k WHERE k.staff_id = s.id),
        'shifts', (SELECT jsonb_agg(jsonb_build_array(h.weekday, h.from_minute, h.to_minute, h.calendar)) FROM shift h WHERE h.staff_id = s.id),
        'absent', EXISTS (SELECT FROM absence b WHERE b.staff_id = s.id AND b.from_at <= $2 AND b.to_at > $2),
        'delegate', (SELECT jsonb_build_object('to', d.to_id, 'roles', d.roles) FROM delegation d
          WHERE d.from_id = s.id AND d.from_at <= $2 AND d.to_at > $2 LIMIT 1),
        'capacity', s.capacity,
        'load', (SELECT count(*) FROM task t WHERE t.person_id = s.id AND t.closed_at IS NULL)))
      FROM asked JOIN staff s USING (id))`

/** Grade, tags, account manager and first contact of the customer that $1 names. */
export const customerColumn = `(SELECT jsonb_build_object('grade', c.grade, 'tags', c.tags, 'accountManager', c.account_manager_id,
        'contact', (SELECT k.id FROM contact k WHERE k.customer_id = c.id ORDER BY k.is_primary DESC, k.id LIMIT 1))
      FROM customer c WHERE c.id = ${value('customer')})`

/** Product, grade and vendor of the service that $1 names by id or number. */
export const serviceColumn = `(SELECT jsonb_build_object('id', v.id, 'product', v.product_id, 'productGroup', p.product_group, 'circuitGrade', v.circuit_grade,
        'vendorUnit', p.vendor_unit_id)
      FROM service v JOIN product p ON p.id = v.product_id WHERE v.id = ${value('service')} OR v.no = ${value('service')}
      ORDER BY (v.id = ${value('service')}) DESC LIMIT 1)`

/** A person as {@link peopleColumn} has it. */
export interface PersonRow extends Omit<Candidate, 'onShift' | 'roles' | 'skills' | 'delegate' | 'capacity'> {
  roles: Candidate['roles'] | null
  skills: Candidate['skills'] | null
  delegate: { to: string; roles: string[] | null } | null
  capacity: number | null
  shifts: [number, number, number, string][] | null
}

/** A region and everything above it: '/cn/js/nj' gives '/cn', '/cn/js' and itself. */
export const regionsAbove = (region: string): string[] => {
  const parts = region.split('/').slice(1)
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)
}

/** Candidates by id, with absence, delegation and duty as they are at `now` (epoch ms). */
export function candidatesOf(rows: readonly PersonRow[] | null, limits: Limits, now: number): Map<string, Candidate> {
  const calendars = latestCalendars(limits, now)
  return new Map((rows ?? []).map((person) => [person.id, candidate(person, calendars, now)]))
}

function candidate(
  { id, unit, region, active, absent, load, shifts, roles, skills, delegate, capacity }: PersonRow,
  calendars: ReadonlyMap<string, Calendar>,
  now: number,
): Candidate {
  const hours = (shifts ?? []).map(([weekday, from, to, calendar]): DutyHours => ({ weekday, from, to, calendar }))
  return {
    id,
    unit,
    region,
    active,
    roles: roles ?? [],
    skills: skills ?? {},
    absent,
    delegate: delegate ? { to: delegate.to, roles: delegate.roles ?? undefined } : undefined,
    onShift: onShift(hours, calendars, now),
    load,
    capacity: capacity ?? undefined,
  }
}

/** Of each calendar the version in force at `now` (epoch ms), or the first to be. */
export function latestCalendars(limits: Limits, now: number): Map<string, Calendar> {
  const found = new Map<string, Calendar>()
  const inOrder = [...limits.calendars].sort((a, b) => a.validFrom - b.validFrom)
  for (const { calendar, validFrom } of inOrder) if (validFrom <= now || !found.has(calendar.id)) found.set(calendar.id, calendar)
  return found
}
