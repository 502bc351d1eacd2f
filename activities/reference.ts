/** Limits, ladders, calendars, rules and the tree of units, kept in the process until the record has other versions of them. */
import type pg from 'pg'
import type { Unit } from '../domain/order/desks.ts'
import type { Limits } from '../domain/order/policy.ts'
import type { RuleRow } from '../domain/order/rules.ts'
import { Kept, type LimitColumns, limitColumns, limitsOf, limitTables, rulesColumn, rulesOf, versionOf } from '../prisma/reference.ts'

/** What many moves read and hardly anybody changes. */
export interface Reference {
  version: string
  limits: Limits
  rules: readonly RuleRow[]
  units: ReadonlyMap<string, Unit>
}

/** The version as a column of whatever a move reads first, so that the check costs no round trip. */
export const referenceVersion = versionOf(...limitTables, 'rule', 'org_unit')

const loading = `
  SELECT ${referenceVersion} AS version,
    ${limitColumns},
    ${rulesColumn('dispatch')} AS rules,
    (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', u.id, 'parent', u.parent_id, 'leader', u.leader_id))) FROM org_unit u) AS units`

/** Reads everything anew. @throws RangeError where a calendar's row is no calendar */
export async function loadReference(db: pg.Pool | pg.ClientBase): Promise<Reference> {
  const { rows } = await db.query<
    LimitColumns & { version: string; rules: Readonly<Record<string, unknown>>[] | null; units: Readonly<Record<string, unknown>>[] | null }
  >(loading)
  const { version, rules, units, ...limits } = rows[0]!
  return {
    version,
    limits: limitsOf(limits),
    rules: rulesOf(rules),
    units: new Map((units ?? []).map(({ id, ...unit }) => [String(id), unit as Unit])),
  }
}

/** Keeps the latest reference. One for each pool. */
export class ReferenceCache extends Kept<Reference> {
  constructor(pool: pg.Pool) {
    super(() => loadReference(pool))
  }
}
