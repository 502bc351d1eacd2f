/** Whether what a request names exists, is in sight of who names it, and fits. */
import type pg from 'pg'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { inGroup, isRole, roles } from '../../domain/roles.ts'
import type { Title } from '../../domain/title.ts'
import type { AppAbility } from '../auth/ability.ts'
import { onLine, visibleAgents } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { rows, sql } from '../queries/sql.ts'
import { scoped } from '../queries/scoped.ts'

/** Roles of the steps that go to whom this step's form names: who is named must be able to do one of them. */
export const rolesAfter = (spec: ProcessSpec, step: string): readonly string[] =>
  Object.values(spec.steps).flatMap(({ offerFrom, who }) => (offerFrom === step ? who : []))

/** Steps of the machine alone may be taken over by anybody of ours. */
const anyone = (roles: readonly string[]): boolean => roles.length === 0 || roles.every((role) => inGroup([role], 'system'))

const things = { unit: '单位', person: '人员', customer: '客户', resource: '资源', agent: '代理商' } as const

const unknown = (what: keyof typeof things, id: string, field: string): Problem =>
  new Problem('UNKNOWN_REFERENCE', { field, says: { zh: `没有${things[what]} ${id}`, en: `no ${what} ${id}` } })

/** Roles in both languages, any of which would do. */
const anyOf = (ids: readonly string[]): Title => ({
  zh: ids.map((id) => (isRole(id) ? roles[id].title.zh : id)).join('或'),
  en: ids.join(' or '),
})

/** @throws Problem UNKNOWN_REFERENCE naming the first few that were not found */
function requireAll(what: keyof typeof things, ids: readonly string[], found: readonly { id: string }[], field: string): void {
  const known = new Set(found.map(({ id }) => id))
  const missing = ids.filter((id) => !known.has(id))
  if (missing.length > 0) throw unknown(what, missing.slice(0, 5).join(', '), field)
}

/** What a form may name, looked up for whoever fills it in. */
export type Naming = Pick<References, 'unit' | 'anyUnit' | 'person' | 'file' | 'customers' | 'resources' | 'agents'>

export class References {
  private readonly pool: pg.Pool
  private readonly deps: Pick<Deps, 'pool' | 'prisma'>
  private readonly principal: Principal
  private readonly ability: AppAbility

  constructor(deps: Pick<Deps, 'pool' | 'prisma'>, principal: Principal, ability: AppAbility) {
    this.pool = deps.pool
    this.deps = deps
    this.principal = principal
    this.ability = ability
  }

  /** A unit on the line of who names it, with somebody in it who can do the step. @throws Problem UNKNOWN_REFERENCE, UNFIT_TARGET */
  async unit(id: string, roles: readonly string[], field: string): Promise<void> {
    const [unit] = await rows<{ region_path: string; fit: boolean }>(
      this.pool,
      sql`SELECT u.region_path,
                 EXISTS (SELECT 1 FROM staff_role g JOIN staff s ON s.id = g.staff_id AND s.active
                          WHERE g.unit_id = u.id AND g.role = ANY (${roles})) AS fit
            FROM org_unit u WHERE u.id = ${id}`,
    )
    if (!unit || !this.maySeeUnit(id, unit.region_path)) throw unknown('unit', id, field)
    if (anyone(roles) || unit.fit) return
    const { zh, en } = anyOf(roles)
    throw new Problem('UNFIT_TARGET', { field, says: { zh: `${id} 中没有${zh}`, en: `nobody in ${id} is ${en}` } })
  }

  /** A unit wherever it is: naming it is not acting for it. Somebody from outside knows the own units only. @throws Problem UNKNOWN_REFERENCE */
  async anyUnit(id: string, field: string): Promise<void> {
    const known = !this.principal.external || this.principal.units.includes(id)
    const found = known ? await rows<{ id: string }>(this.pool, sql`SELECT id FROM org_unit WHERE id = ${id}`) : []
    requireAll('unit', [id], found, field)
  }

  /** An active person on the line of who names it, with a fitting role. @throws Problem UNKNOWN_REFERENCE, UNFIT_TARGET */
  async person(id: string, roles: readonly string[], field: string, unit?: string): Promise<void> {
    const [person] = await rows<{ unit_id: string; region_path: string; roles: string[]; units: string[] }>(
      this.pool,
      sql`SELECT s.unit_id, u.region_path,
                 ARRAY(SELECT g.role FROM staff_role g WHERE g.staff_id = s.id) AS roles,
                 ARRAY(SELECT g.unit_id FROM staff_role g WHERE g.staff_id = s.id) AS units
            FROM staff s JOIN org_unit u ON u.id = s.unit_id WHERE s.id = ${id} AND s.active`,
    )
    if (!person || !this.maySeeUnit(person.unit_id, person.region_path)) throw unknown('person', id, field)
    if (!anyone(roles) && !person.roles.some((role) => roles.includes(role))) {
      const { zh, en } = anyOf(roles)
      throw new Problem('UNFIT_TARGET', { field, says: { zh: `${id} 不是${zh}`, en: `${id} is not ${en}` } })
    }
    if (unit !== undefined && person.unit_id !== unit && !person.units.includes(unit))
      throw new Problem('UNFIT_TARGET', { field, says: { zh: `${id} 不属于 ${unit}`, en: `${id} does not belong to ${unit}` } })
  }

  /** A file attached to the order. @throws Problem UNKNOWN_REFERENCE */
  async file(id: string, order: string | undefined, field: string): Promise<void> {
    const found = order === undefined ? [] : await rows(this.pool, sql`SELECT 1 FROM attachment WHERE id = ${id} AND order_id = ${order}`)
    if (found.length === 0)
      throw new Problem('UNKNOWN_REFERENCE', {
        field,
        says: { zh: '请先将文件附到工单，再填写其编号', en: 'attach the file to the order first, then name its id' },
      })
  }

  /** Customers in sight. @throws Problem UNKNOWN_REFERENCE naming those that are not */
  async customers(ids: readonly string[], field: string): Promise<void> {
    const found = this.ability.can('read', 'Customer')
      ? await this.deps.prisma.customer.findMany({
          where: { AND: [scoped(this.ability, 'Customer'), { id: { in: [...ids] } }] },
          select: { id: true },
        })
      : []
    requireAll('customer', ids, found, field)
  }

  /** Resources of the own region. @throws Problem UNKNOWN_REFERENCE naming those that are not */
  async resources(ids: readonly string[], field: string): Promise<void> {
    const found = this.ability.can('read', 'Resource')
      ? await this.deps.prisma.resource.findMany({
          where: { AND: [scoped(this.ability, 'Resource'), { id: { in: [...ids] } }] },
          select: { id: true },
        })
      : []
    requireAll('resource', ids, found, field)
  }

  /** Agents in sight. @throws Problem UNKNOWN_REFERENCE naming those that are not */
  async agents(ids: readonly string[], field: string): Promise<void> {
    const found = await rows<{ id: string }>(
      this.pool,
      sql`SELECT a.id FROM agent a WHERE a.id = ANY (${[...ids]}) AND ${visibleAgents(this.principal, this.ability)}`,
    )
    requireAll('agent', ids, found, field)
  }

  /** Ours up and down the line; somebody from outside knows the own units only. */
  private maySeeUnit(unit: string, region: string): boolean {
    return this.principal.units.includes(unit) || (!this.principal.external && onLine(this.principal, region))
  }
}
