/** Who asks: a member of staff with roles, units, region and the absent colleagues for whom this person stands. */
import type pg from 'pg'
import { inGroup, type RoleId, isRole, roles as allRoles } from '../../domain/roles.ts'
import type { Title } from '../../domain/title.ts'
import { Prisma } from '../../prisma/generated/client.ts'
import { hotRows } from '../queries/sql.ts'

export interface Principal {
  id: string
  login: string
  name: Title
  lang: 'en' | 'zh'
  unit: { id: string; name: Title; kind: string }
  region: { path: string; name: Title }
  /** Role by role, with the unit it holds in and that unit's level (province, city, county). */
  grants: readonly { role: string; unit: string; level: string }[]
  roles: readonly RoleId[]
  /** The own unit and those of the grants. */
  units: readonly string[]
  /** Absent colleagues and the roles delegated; null: all of them. */
  standsFor: readonly { id: string; name: Title; roles: readonly string[] | null }[]
  /** A vendor's or partner's person: sees only what involves the person or the unit. */
  external: boolean
}

interface Row {
  id: string
  login: string
  name_zh: string
  name_en: string
  lang: string
  unit_id: string
  unit_zh: string
  unit_en: string
  unit_kind: string
  region_path: string
  region_zh: string
  region_en: string
  grants: { role: string; unit: string; level: string }[] | null
  stands: { id: string; zh: string; en: string; roles: string[] | null }[] | null
}

/**
 * The person with what holds at `now`. An inactive or unknown one: undefined.
 *
 * Delegation: a colleague who is absent and has named this person, directly or through others who are absent too. Roles narrow along
 * the chain; a circle ends where it began.
 */
export async function loadPrincipal(db: pg.Pool | pg.PoolClient, staff: string, now: Date): Promise<Principal | undefined> {
  const [row] = await hotRows<Row>(
    db,
    Prisma.sql`
    WITH RECURSIVE stands(id, roles, path) AS (
      SELECT d.from_id, nullif(d.roles, '{}'), ARRAY[d.to_id, d.from_id]
        FROM delegation d
        JOIN absence a ON a.staff_id = d.from_id AND a.from_at <= ${now} AND a.to_at > ${now}
       WHERE d.to_id = ${staff} AND d.from_at <= ${now} AND d.to_at > ${now}
      UNION ALL
      SELECT d.from_id,
             CASE WHEN s.roles IS NULL THEN nullif(d.roles, '{}')
                  WHEN d.roles = '{}' OR d.roles IS NULL THEN s.roles
                  ELSE ARRAY(SELECT unnest(s.roles) INTERSECT SELECT unnest(d.roles)) END,
             s.path || d.from_id
        FROM stands s
        JOIN delegation d ON d.to_id = s.id AND d.from_at <= ${now} AND d.to_at > ${now}
        JOIN absence a ON a.staff_id = d.from_id AND a.from_at <= ${now} AND a.to_at > ${now}
       WHERE d.from_id <> ALL (s.path)
    )
    SELECT p.id, p.login, p.name_zh, p.name_en, p.lang, p.unit_id, u.name_zh AS unit_zh, u.name_en AS unit_en, u.kind AS unit_kind,
           p.region_path, r.name_zh AS region_zh, r.name_en AS region_en,
           (SELECT json_agg(json_build_object('role', g.role, 'unit', g.unit_id, 'level', gr.level) ORDER BY g.role, g.unit_id)
              FROM staff_role g JOIN org_unit gu ON gu.id = g.unit_id JOIN region gr ON gr.path = gu.region_path
             WHERE g.staff_id = p.id) AS grants,
           (SELECT json_agg(json_build_object('id', s.id, 'zh', a.name_zh, 'en', a.name_en, 'roles', s.roles) ORDER BY s.id)
              FROM stands s JOIN staff a ON a.id = s.id AND a.active) AS stands
      FROM staff p JOIN org_unit u ON u.id = p.unit_id JOIN region r ON r.path = p.region_path
     WHERE p.id = ${staff} AND p.active`,
  )
  return row && fromRow(row)
}

function fromRow(row: Row): Principal {
  const grants = row.grants ?? []
  const roles = [...new Set(grants.map(({ role }) => role))].filter(isRole)
  return {
    id: row.id,
    login: row.login,
    name: { en: row.name_en, zh: row.name_zh },
    lang: row.lang === 'en' ? 'en' : 'zh',
    unit: { id: row.unit_id, name: { en: row.unit_en, zh: row.unit_zh }, kind: row.unit_kind },
    region: { path: row.region_path, name: { en: row.region_en, zh: row.region_zh } },
    grants,
    roles,
    units: [...new Set([row.unit_id, ...grants.map(({ unit }) => unit)])],
    standsFor: (row.stands ?? []).map(({ id, zh, en, roles: delegated }) => ({ id, name: { en, zh }, roles: delegated })),
    external: row.unit_kind === 'vendor' || (roles.length > 0 && roles.every(isOutside)),
  }
}

/**
 * The roles that a person acts with. In another company's unit a supervisor leads his own people; he approves nothing of ours, such as
 * the suspension of a clock that runs against him (P-14 rule 4).
 */
export const actingRoles = ({ roles, external }: Pick<Principal, 'roles' | 'external'>): readonly RoleId[] =>
  external ? roles.filter((role) => !inGroup([role], 'supervisor') && !inGroup([role], 'dispatcher')) : roles

/** Roles that belong to other companies. */
const isOutside = (role: RoleId): boolean =>
  role === 'vendor' || (allRoles[role].groups as readonly string[]).every((group) => group === 'external')
