/** Limits, ladders and calendars as the record has them, for whoever reckons with them: the recorder and the door. */
import type pg from 'pg'
import { type CalendarSpec, compileCalendar } from '../domain/calendar/calendar.ts'
import type { LadderRow, Limits, PolicyRow } from '../domain/order/policy.ts'
import type { RuleRow } from '../domain/order/rules.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * An SQL expression that differs once a row was added, changed or removed: a changed row has another xmin, and a sum sees also a change
 * that an older transaction commits late.
 */
export const versionOf = (...tables: string[]): string =>
  tables.map((table) => `(SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM ${table})`).join(` || '/' || `)

/** Tables that limits are read from. */
export const limitTables = ['policy', 'ladder', 'calendar'] as const

const cleaned = (row: string, ...gone: string[]) => `jsonb_strip_nulls(to_jsonb(${row})${gone.map((name) => ` - '${name}'`).join('')})`

/** The rows of all limits as columns of a SELECT; {@link limitsOf} reads them. */
export const limitColumns = `(SELECT jsonb_agg(${cleaned('p', 'source')} ORDER BY p.id) FROM policy p) AS policies,
    (SELECT jsonb_agg(${cleaned('l')}) FROM ladder l) AS ladders,
    (SELECT jsonb_agg(${cleaned('c')}) FROM calendar c) AS calendars`

export interface LimitColumns {
  policies: Json[] | null
  ladders: Json[] | null
  calendars: Json[] | null
}

/** Camel case of a column: `product_group` → `productGroup`. */
const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

const ms = (value: unknown): number => Date.parse(String(value))

function policy(row: Json): PolicyRow {
  const { valid_from: from, valid_to: to, id, ...rest } = row
  const fields = Object.fromEntries(Object.entries(rest).map(([name, value]) => [camel(name), value]))
  return { ...fields, id: String(id), validFrom: ms(from), ...(to !== undefined && { validTo: ms(to) }) } as PolicyRow
}

/** @throws RangeError where a calendar's row is no calendar */
export const limitsOf = ({ policies, ladders, calendars }: LimitColumns): Limits => ({
  policies: (policies ?? []).map(policy),
  ladders: (ladders ?? []).map(({ valid_from: from, ...row }) => ({ ...row, validFrom: ms(from) }) as LadderRow),
  calendars: (calendars ?? []).map(({ spec, valid_from: from }) => ({
    calendar: compileCalendar(spec as CalendarSpec),
    validFrom: ms(from),
  })),
})

/** The rules of one kind, in all versions, as a column of a SELECT; {@link rulesOf} reads them. */
export const rulesColumn = (kind: RuleRow['kind']): string =>
  `(SELECT jsonb_agg(to_jsonb(r) - 'changed_by' - 'note') FROM rule r WHERE r.kind = '${kind}')`

/** Rules with their instants in epoch ms. */
export const rulesOf = (rules: readonly Json[] | null): RuleRow[] =>
  (rules ?? []).map(({ valid_from: from, ...row }) => ({ ...row, validFrom: ms(from) }) as unknown as RuleRow)

/** The version of all limits, as an expression. */
export const limitsVersion = versionOf(...limitTables)

/** Reads all limits anew. @throws RangeError where a calendar's row is no calendar */
export async function loadLimits(db: pg.Pool | pg.ClientBase): Promise<{ version: string; limits: Limits }> {
  const { rows } = await db.query<LimitColumns & { version: string }>(`SELECT ${limitsVersion} AS version, ${limitColumns}`)
  const row = rows[0]!
  return { version: row.version, limits: limitsOf(row) }
}

/**
 * What limits go by beside the facts of an order, as columns of a SELECT in which `o` is the order's row: its customer's grade and tags,
 * and the service that its facts name by id or number.
 */
export const subjectColumns = `(SELECT jsonb_build_object('grade', c.grade, 'tags', c.tags) FROM customer c WHERE c.id = o.customer_id) AS customer,
    (SELECT jsonb_strip_nulls(jsonb_build_object('id', v.id, 'product', v.product_id, 'productGroup', p.product_group, 'circuitGrade', v.circuit_grade))
       FROM (SELECT o.state #>> '{facts,service}' AS named) f JOIN service v ON v.id = f.named OR v.no = f.named
       JOIN product p ON p.id = v.product_id ORDER BY (v.id = f.named) DESC LIMIT 1) AS service`

export interface SubjectColumns {
  customer: { grade: string; tags: string[] } | null
  service: { id: string; product: string; productGroup: string; circuitGrade?: string } | null
}

/** Keeps what was read last until somebody asks for another version of it. */
export class Kept<T extends { version: string }> {
  private kept: Promise<T> | undefined
  private readonly load: () => Promise<T>

  constructor(load: () => Promise<T>) {
    this.load = load
  }

  /** What has this version; reads it where the kept one is another. */
  async get(version: string): Promise<T> {
    const kept = await this.kept
    if (kept?.version === version) return kept
    const loaded = this.load()
    this.kept = loaded
    // A failed load must not be remembered.
    loaded.catch(() => {
      if (this.kept === loaded) this.kept = undefined
    })
    return loaded
  }
}
