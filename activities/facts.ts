/** What the planner has to know of people, customer and service: one statement. */
import type pg from 'pg'
import type { Calendar } from '../domain/calendar/calendar.ts'
import type { Candidate } from '../domain/order/offer.ts'
import { type DutyHours, onShift } from '../domain/order/on-shift.ts'
import type { Holders } from '../domain/order/desks.ts'
import type { PlanFacts } from '../domain/order/plan.ts'
import type { Fact } from '../domain/order/spec.ts'
import type { Reference } from './reference.ts'

/** Whom and what a move asks about. */
export interface FactsWanted {
  /** Roles of which everybody who may is a candidate. */
  roles: readonly string[]
  /** People and units asked for by name. */
  people: readonly string[]
  units: readonly string[]
  /** Roles whose holders are told or whose desks dispatch. */
  holders: readonly string[]
  customer: string
  region: string
  service?: Fact
  contract?: Fact
  /** Process whose orders are numbered, where one opens. */
  numbered?: string
}

export interface KnownService {
  id: string
  product: string
  productGroup: string
  circuitGrade?: string
  vendorUnit?: string
}

/** The planner's facts, and the rows that the order's texts stand for. */
export interface Facts extends PlanFacts {
  customerKnown: boolean
  service?: KnownService
  contract?: string
}

/** Candidates at most; people who can't see the order's region are read only to say so. */
const MOST = 200
const MOST_ELSEWHERE = 20

/** A list of the one JSON parameter. With lists as parameters of their own the database would plan the statement anew each time. */
const list = (name: string) => `(SELECT jsonb_array_elements_text($1::jsonb -> '${name}'))`
const value = (name: string) => `($1::jsonb ->> '${name}')`

const asking = `
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
  )
  SELECT
    (SELECT jsonb_agg(jsonb_build_object(
        'id', s.id, 'unit', s.unit_id, 'region', s.region_path, 'active', s.active,
        'roles', (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'unit', r.unit_id, 'region', u.region_path) ORDER BY r.role, r.unit_id)
          FROM staff_role r JOIN org_unit u ON u.id = r.unit_id WHERE r.staff_id = s.id),
        'skills', (SELECT jsonb_object_agg(k.skill, k.level) FROM staff_skill k WHERE k.staff_id = s.id),
        'shifts', (SELECT jsonb_agg(jsonb_build_array(h.weekday, h.from_minute, h.to_minute, h.calendar)) FROM shift h WHERE h.staff_id = s.id),
        'absent', EXISTS (SELECT FROM absence b WHERE b.staff_id = s.id AND b.from_at <= $2 AND b.to_at > $2),
        'delegate', (SELECT jsonb_build_object('to', d.to_id, 'roles', d.roles) FROM delegation d
          WHERE d.from_id = s.id AND d.from_at <= $2 AND d.to_at > $2 LIMIT 1),
        'load', (SELECT count(*) FROM task t WHERE t.person_id = s.id AND t.closed_at IS NULL)))
      FROM asked JOIN staff s USING (id)) AS people,
    (SELECT jsonb_agg(h) FROM (
        SELECT r.role, r.unit_id AS unit, u.region_path AS region, array_agg(r.staff_id ORDER BY r.staff_id) AS staff
        FROM staff_role r JOIN org_unit u ON u.id = r.unit_id JOIN staff s ON s.id = r.staff_id AND s.active
        WHERE r.role IN ${list('holders')} AND u.region_path IN ${list('regions')} GROUP BY r.role, r.unit_id, u.region_path) h) AS holders,
    (SELECT jsonb_build_object('grade', c.grade, 'tags', c.tags, 'accountManager', c.account_manager_id,
        'contact', (SELECT k.id FROM contact k WHERE k.customer_id = c.id ORDER BY k.is_primary DESC, k.id LIMIT 1))
      FROM customer c WHERE c.id = ${value('customer')}) AS customer,
    (SELECT jsonb_build_object('id', v.id, 'product', v.product_id, 'productGroup', p.product_group, 'circuitGrade', v.circuit_grade,
        'vendorUnit', p.vendor_unit_id)
      FROM service v JOIN product p ON p.id = v.product_id WHERE v.id = ${value('service')} OR v.no = ${value('service')}
      ORDER BY (v.id = ${value('service')}) DESC LIMIT 1) AS service,
    (SELECT k.id FROM contract k WHERE k.id = ${value('contract')} OR k.no = ${value('contract')}
      ORDER BY (k.id = ${value('contract')}) DESC LIMIT 1) AS contract,
    CASE WHEN ${value('numbered')} IS NOT NULL THEN nextval('order_no') END AS number`

interface Person extends Omit<Candidate, 'onShift' | 'roles' | 'skills' | 'delegate'> {
  roles: Candidate['roles'] | null
  skills: Candidate['skills'] | null
  delegate: { to: string; roles: string[] | null } | null
  shifts: [number, number, number, string][] | null
}

interface Row {
  people: Person[] | null
  holders: Holders[] | null
  customer: { grade: string; tags: string[]; accountManager: string | null; contact: string | null } | null
  service: { id: string; product: string; productGroup: string; circuitGrade: string | null; vendorUnit: string | null } | null
  contract: string | null
  number: string | null
}

/** A region and everything above it: '/cn/js/nj' gives '/cn', '/cn/js' and itself. */
export const regionsAbove = (region: string): string[] => {
  const parts = region.split('/').slice(1)
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)
}

const known = <T extends object>(row: T): { [K in keyof T]: Exclude<T[K], null> } =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as { [K in keyof T]: Exclude<T[K], null> }

const text = (fact: Fact | undefined): string | null => (typeof fact === 'string' && fact !== '' ? fact : null)

/**
 * Reads the facts for one move at its instant.
 * @param now epoch ms of the move; absence, delegation and duty are judged by it
 */
export async function readFacts(db: pg.Pool | pg.ClientBase, reference: Reference, wanted: FactsWanted, now: number): Promise<Facts> {
  const { region, service, contract, numbered, ...rest } = wanted
  const asked = { ...rest, regions: regionsAbove(region), service: text(service), contract: text(contract), numbered }
  const { rows } = await db.query<Row>({ name: 'recorder-facts', text: asking, values: [JSON.stringify(asked), new Date(now)] })
  const row = rows[0]!
  const calendars = latestCalendars(reference, now)
  return {
    limits: reference.limits,
    units: reference.units,
    people: new Map((row.people ?? []).map((person) => [person.id, candidate(person, calendars, now)])),
    holders: row.holders ?? [],
    customerKnown: row.customer !== null,
    ...(row.customer && { customer: known(row.customer) }),
    ...(row.service && { service: known(row.service) }),
    ...(row.contract && { contract: row.contract }),
    ...(row.number !== null && numbered !== undefined && { no: orderNo(numbered, now, row.number) }),
  }
}

function candidate(
  { shifts, roles, skills, delegate, ...person }: Person,
  calendars: ReadonlyMap<string, Calendar>,
  now: number,
): Candidate {
  const hours = (shifts ?? []).map(([weekday, from, to, calendar]): DutyHours => ({ weekday, from, to, calendar }))
  const onDuty = onShift(hours, calendars, now)
  return {
    ...person,
    roles: roles ?? [],
    skills: skills ?? {},
    ...(delegate && { delegate: { to: delegate.to, ...(delegate.roles && { roles: delegate.roles }) } }),
    ...(onDuty !== undefined && { onShift: onDuty }),
  }
}

function latestCalendars({ limits }: Reference, now: number): Map<string, Calendar> {
  const found = new Map<string, Calendar>()
  const inOrder = [...limits.calendars].sort((a, b) => a.validFrom - b.validFrom)
  for (const { calendar, validFrom } of inOrder) if (validFrom <= now || !found.has(calendar.id)) found.set(calendar.id, calendar)
  return found
}

const chinaDate = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' })

/** Number that people say: `GF-20260105-000123`, the initials of the process, the day in China, and a running number. */
export function orderNo(process: string, at: number, running: string): string {
  const initials = process
    .split('-')
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
  return `${initials}-${chinaDate.format(at).replaceAll('-', '')}-${running.padStart(6, '0')}`
}
