/** The actor of a command, with the claims that decisions need. Built here and nowhere else. */
import type pg from 'pg'
import type { Actor } from '../../domain/order/event.ts'
import type { StepSpec } from '../../domain/order/spec.ts'
import { rows, sql } from '../queries/sql.ts'
import { actingRoles, type Principal } from './principal.ts'

/**
 * Who acts on a step now. `roles`: those that may do the task; a delegation of other roles does not reach it. The row of the authority
 * table is looked up only where the step asks for it (P-04 rule 2): the version that held when the order opened.
 */
export async function actorOf(
  pool: pg.Pool,
  principal: Principal,
  { step, roles = step?.who, openedAt }: { step?: StepSpec; roles?: readonly string[]; openedAt: Date },
): Promise<Actor> {
  const reaches = (delegated: readonly string[] | null) => delegated === null || !roles || delegated.some((role) => roles.includes(role))
  const standsFor = principal.standsFor.filter((colleague) => reaches(colleague.roles)).map(({ id }) => id)
  const authority = step?.authority ? await authorityOf(pool, principal, standsFor, roles ?? [], openedAt) : undefined
  return {
    kind: 'person',
    id: principal.id,
    roles: actingRoles(principal),
    units: principal.units,
    ...(standsFor.length > 0 && { standsFor }),
    ...(authority && { authority }),
  }
}

interface Rule {
  id: string
  version: number
  max_amount: string
  max_term_months: number
  max_discount_pct: number
  own: boolean
}

/** The widest rule that was in force, or the first ever, for the person's roles at the level of their units; without one, that of an absent colleague. */
async function authorityOf(
  pool: pg.Pool,
  principal: Principal,
  standsFor: readonly string[],
  roles: readonly string[],
  openedAt: Date,
): Promise<Actor['authority']> {
  const [rule] = await rows<Rule>(
    pool,
    sql`
    WITH in_force AS (
      SELECT DISTINCT ON (role, level) * FROM authority_rule
       WHERE role = ANY (${roles})
       ORDER BY role, level, valid_from <= ${openedAt} DESC, CASE WHEN valid_from <= ${openedAt} THEN -version ELSE version END
    )
    SELECT r.id, r.version, r.max_amount, r.max_term_months, r.max_discount_pct, g.staff_id = ${principal.id} AS own
      FROM staff_role g
      JOIN org_unit u ON u.id = g.unit_id
      JOIN region l ON l.path = u.region_path
      JOIN in_force r ON r.role = g.role AND r.level = l.level
     WHERE g.staff_id = ANY (${[principal.id, ...standsFor]})
     ORDER BY own DESC, r.max_amount DESC, r.id
     LIMIT 1`,
  )
  return (
    rule && {
      rule: `${rule.id}@${rule.version}`,
      maxAmount: Number(rule.max_amount),
      maxTermMonths: rule.max_term_months,
      maxDiscountPct: rule.max_discount_pct,
    }
  )
}
