/** What the planner has to know of people, customer and service: one statement. */
import type pg from 'pg'
import type { Holders } from '../domain/order/desks.ts'
import type { PlanFacts } from '../domain/order/plan.ts'
import type { Fact } from '../domain/order/spec.ts'
import {
  candidatesOf,
  customerColumn,
  list,
  peopleAsked,
  peopleColumn,
  type PersonRow,
  regionsAbove,
  serviceColumn,
  value,
} from '../prisma/people.ts'
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

const asking = `
  ${peopleAsked}
  SELECT
    ${peopleColumn} AS people,
    (SELECT jsonb_agg(h) FROM (
        SELECT r.role, r.unit_id AS unit, u.region_path AS region, array_agg(r.staff_id ORDER BY r.staff_id) AS staff
        FROM staff_role r JOIN org_unit u ON u.id = r.unit_id JOIN staff s ON s.id = r.staff_id AND s.active
        WHERE r.role IN ${list('holders')} AND u.region_path IN ${list('regions')} GROUP BY r.role, r.unit_id, u.region_path) h) AS holders,
    ${customerColumn} AS customer,
    ${serviceColumn} AS service,
    (SELECT k.id FROM contract k WHERE k.id = ${value('contract')} OR k.no = ${value('contract')}
      ORDER BY (k.id = ${value('contract')}) DESC LIMIT 1) AS contract,
    CASE WHEN ${value('numbered')} IS NOT NULL THEN nextval('order_no') END AS number`

interface Row {
  people: PersonRow[] | null
  holders: Holders[] | null
  customer: { grade: string; tags: string[]; accountManager: string | null; contact: string | null } | null
  service: { id: string; product: string; productGroup: string; circuitGrade: string | null; vendorUnit: string | null } | null
  contract: string | null
  number: string | null
}

const known = <T extends object>(row: T): { [K in keyof T]: Exclude<T[K], null> } =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as { [K in keyof T]: Exclude<T[K], null> }

const text = (fact: Fact | undefined): string | null => (typeof fact === 'string' && fact !== '' ? fact : null)

/**
 * Reads the facts for one move at its instant.
 * @param now epoch ms of the move; absence, delegation and duty are judged by it
 */
export async function readFacts(db: pg.Pool | pg.ClientBase, reference: Reference, wanted: FactsWanted, now: number): Promise<Facts> {
  const { roles, people, units, holders, customer, region, numbered } = wanted
  const regions = regionsAbove(region)
  const asked = {
    roles,
    people,
    units,
    holders,
    customer,
    regions,
    service: text(wanted.service),
    contract: text(wanted.contract),
    numbered,
  }
  const { rows } = await db.query<Row>({ name: 'recorder-facts', text: asking, values: [JSON.stringify(asked), new Date(now)] })
  const row = rows[0]!
  return {
    limits: reference.limits,
    rules: reference.rules,
    units: reference.units,
    people: candidatesOf(row.people, reference.limits, now),
    holders: row.holders ?? [],
    customerKnown: row.customer !== null,
    customer: row.customer ? known(row.customer) : undefined,
    service: row.service ? known(row.service) : undefined,
    contract: row.contract ?? undefined,
    no: row.number !== null && numbered !== undefined ? orderNo(numbered, now, row.number) : undefined,
  }
}

const chinaDate = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' })

const HOUR_MS = 3_600_000
let dated = { hour: Number.NaN, date: '' }

/** The day in China, 20260105: the same within each hour, and asked for by every order that opens. */
function dateOf(at: number): string {
  const hour = Math.floor(at / HOUR_MS)
  if (hour !== dated.hour) dated = { hour, date: chinaDate.format(at).replaceAll('-', '') }
  return dated.date
}

/** Number that people say: `GF-20260105-000123`, the initials of the process, the day in China, and a running number. */
export function orderNo(process: string, at: number, running: string): string {
  const initials = process
    .split('-')
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
  return `${initials}-${dateOf(at)}-${running.padStart(6, '0')}`
}
