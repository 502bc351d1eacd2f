/** Limits, ladders, calendars and the tree of units, kept in the process until the record has other versions of them. */
import type pg from 'pg'
import { type CalendarSpec, compileCalendar } from '../domain/calendar/calendar.ts'
import type { Unit } from '../domain/order/desks.ts'
import type { LadderRow, Limits, PolicyRow } from '../domain/order/policy.ts'

/** What many moves read and hardly anybody changes. */
export interface Reference {
  version: string
  limits: Limits
  units: ReadonlyMap<string, Unit>
}

/**
 * An SQL expression that differs once a row was added, changed or removed: a changed row has another xmin, and a sum sees also a change
 * that an older transaction commits late.
 */
const versionOf = (table: string) => `(SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM ${table})`

/** The version as a column of whatever a move reads first, so that the check costs no round trip. */
export const referenceVersion = ['policy', 'ladder', 'calendar', 'org_unit'].map(versionOf).join(` || '/' || `)

const cleaned = (row: string, ...gone: string[]) => `jsonb_strip_nulls(to_jsonb(${row})${gone.map((name) => ` - '${name}'`).join('')})`

const loading = `
  SELECT ${referenceVersion} AS version,
    (SELECT jsonb_agg(${cleaned('p', 'source')} ORDER BY p.id) FROM policy p) AS policies,
    (SELECT jsonb_agg(${cleaned('l')}) FROM ladder l) AS ladders,
    (SELECT jsonb_agg(${cleaned('c')}) FROM calendar c) AS calendars,
    (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', u.id, 'parent', u.parent_id, 'leader', u.leader_id))) FROM org_unit u) AS units`

type Json = Readonly<Record<string, unknown>>

/** Camel case of a column: `product_group` → `productGroup`. */
const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

const ms = (value: unknown): number => Date.parse(String(value))

function policy(row: Json): PolicyRow {
  const { valid_from: from, valid_to: to, id, ...rest } = row
  const fields = Object.fromEntries(Object.entries(rest).map(([name, value]) => [camel(name), value]))
  return { ...fields, id: String(id), validFrom: ms(from), ...(to !== undefined && { validTo: ms(to) }) } as PolicyRow
}

/** Reads everything anew. @throws RangeError where a calendar's row is no calendar */
export async function loadReference(db: pg.Pool | pg.ClientBase): Promise<Reference> {
  const { rows } = await db.query<{
    version: string
    policies: Json[] | null
    ladders: Json[] | null
    calendars: Json[] | null
    units: Json[] | null
  }>(loading)
  const { version, policies, ladders, calendars, units } = rows[0]!
  return {
    version,
    limits: {
      policies: (policies ?? []).map(policy),
      ladders: (ladders ?? []).map(({ valid_from: from, ...row }) => ({ ...row, validFrom: ms(from) }) as LadderRow),
      calendars: (calendars ?? []).map(({ spec, valid_from: from }) => ({
        calendar: compileCalendar(spec as CalendarSpec),
        validFrom: ms(from),
      })),
    },
    units: new Map((units ?? []).map(({ id, ...unit }) => [String(id), unit as Unit])),
  }
}

/** Keeps the latest reference. One for each pool. */
export class ReferenceCache {
  private kept: Promise<Reference> | undefined
  private readonly pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.pool = pool
  }

  /** The reference of this version; loads it where the kept one is another. */
  async get(version: string): Promise<Reference> {
    const kept = await this.kept
    if (kept?.version === version) return kept
    const loaded = loadReference(this.pool)
    this.kept = loaded
    // A failed load must not be remembered.
    loaded.catch(() => {
      if (this.kept === loaded) this.kept = undefined
    })
    return loaded
  }
}
