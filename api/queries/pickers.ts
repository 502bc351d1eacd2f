/** Lists to choose from. Prisma's client with the ability's filter; pages by id or number. */
import type { z } from 'zod'
import { type AppAbility, above } from '../auth/ability.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import { Problem } from '../problem.ts'
import type { customersQuery, servicesQuery, staffQuery, unitsQuery } from '../schemas/picker.ts'
import { scoped } from './scoped.ts'

type Db = Pick<Deps, 'prisma'>

const part = (q: string) => ({ contains: q, mode: 'insensitive' }) as const

const named = (of: { nameEn: string; nameZh: string }) => ({ en: of.nameEn, zh: of.nameZh })

/** The rows after a cursor of one text. */
const after = (cursor: string | undefined): { gt: string } | undefined => {
  const key = decodeCursor<readonly [string]>(cursor, ['text'])
  return key && { gt: key[0] }
}

export async function listCustomers(
  { prisma }: Db,
  ability: AppAbility,
  { q, grade, status, cursor, limit }: z.output<typeof customersQuery>,
) {
  const found = await prisma.customer.findMany({
    where: {
      AND: [
        scoped(ability, 'Customer'),
        { no: after(cursor), grade, status },
        q === undefined ? {} : { OR: [{ no: part(q) }, { nameZh: part(q) }, { nameEn: part(q) }] },
      ],
    },
    orderBy: { no: 'asc' },
    take: limit + 1,
  })
  const { items, page } = paged(found, limit, ({ no }) => [no])
  return {
    items: items.map((row) => ({
      id: row.id,
      no: row.no,
      name: named(row),
      grade: row.grade,
      tags: row.tags,
      region: row.regionPath,
      accountManager: row.accountManagerId,
      status: row.status,
    })),
    page,
  }
}

export async function listServices(
  { prisma }: Db,
  ability: AppAbility,
  { q, customer, product, cursor, limit }: z.output<typeof servicesQuery>,
) {
  const found = await prisma.service.findMany({
    where: {
      AND: [
        scoped(ability, 'Service'),
        { no: after(cursor), customerId: customer, productId: product },
        q === undefined
          ? {}
          : {
              OR: [
                { no: part(q) },
                { customer: { is: { OR: [{ nameZh: part(q) }, { nameEn: part(q) }] } } },
                { site: { is: { OR: [{ nameZh: part(q) }, { nameEn: part(q) }] } } },
              ],
            },
      ],
    },
    include: { product: true, site: true },
    orderBy: { no: 'asc' },
    take: limit + 1,
  })
  const { items, page } = paged(found, limit, ({ no }) => [no])
  return {
    items: items.map((row) => ({
      id: row.id,
      no: row.no,
      customer: row.customerId,
      product: row.productId,
      productName: named(row.product),
      productGroup: row.product.group,
      site: row.site && named(row.site),
      region: row.regionPath,
      circuitGrade: row.circuitGrade,
      status: row.status,
      hasStandby: row.hasStandby,
    })),
    page,
  }
}

/** Whether the service is in sight. */
export const seesService = async ({ prisma }: Db, ability: AppAbility, id: string): Promise<boolean> =>
  ability.can('read', 'Service') && (await prisma.service.count({ where: { AND: [scoped(ability, 'Service'), { id }] } })) > 0

/** What is sold: the same for all of the company. @throws Problem NOT_ALLOWED */
export async function listProducts({ prisma }: Db, ability: AppAbility) {
  if (!ability.can('read', 'Service'))
    throw new Problem('NOT_ALLOWED', { says: { zh: '您的角色不能查看此列表', en: 'your roles do not let you read this list' } })
  const found = await prisma.product.findMany({ orderBy: [{ group: 'asc' }, { id: 'asc' }] })
  return { items: found.map((row) => ({ id: row.id, name: named(row), group: row.group, category: row.category })) }
}

export async function listStaff(
  { prisma }: Db,
  ability: AppAbility,
  { q, unit, role, skill, cursor, limit }: z.output<typeof staffQuery>,
  now: Date,
) {
  const found = await prisma.staff.findMany({
    where: {
      AND: [
        scoped(ability, 'Staff'),
        { id: after(cursor) },
        unit === undefined ? {} : { OR: [{ unitId: unit }, { roles: { some: { unitId: unit } } }] },
        role === undefined ? {} : { roles: { some: { role } } },
        skill === undefined ? {} : { skills: { some: { skill } } },
        q === undefined ? {} : { OR: [{ login: part(q) }, { nameZh: part(q) }, { nameEn: part(q) }] },
      ],
    },
    include: { roles: true, skills: true, absences: { where: { fromAt: { lte: now }, toAt: { gt: now } }, select: { id: true } } },
    orderBy: { id: 'asc' },
    take: limit + 1,
  })
  const { items, page } = paged(found, limit, ({ id }) => [id])
  return {
    items: items.map((row) => ({
      id: row.id,
      name: named(row),
      unit: row.unitId,
      region: row.regionPath,
      roles: row.roles.map((grant) => ({ role: grant.role, unit: grant.unitId })),
      skills: row.skills.map((one) => ({ skill: one.skill, level: one.level })),
      absent: row.absences.length > 0,
    })),
    page,
  }
}

/** The own region, those below it, and those that it lies in. */
export async function listRegions({ prisma }: Db, own: string) {
  const found = await prisma.region.findMany({
    where: { OR: [{ path: { in: above(own) } }, { path: { startsWith: `${own}/` } }] },
    orderBy: { path: 'asc' },
  })
  return { items: found.map((row) => ({ path: row.path, name: named(row), level: row.level })) }
}

export async function listUnits({ prisma }: Db, ability: AppAbility, { q, kind, role, cursor, limit }: z.output<typeof unitsQuery>) {
  const found = await prisma.orgUnit.findMany({
    where: {
      AND: [
        scoped(ability, 'OrgUnit'),
        { id: after(cursor), kind },
        role === undefined ? {} : { grants: { some: { role, staff: { is: { active: true } } } } },
        q === undefined ? {} : { OR: [{ nameZh: part(q) }, { nameEn: part(q) }] },
      ],
    },
    include: {
      leader: { select: { id: true, nameEn: true, nameZh: true } },
      grants: { where: { staff: { is: { active: true } } }, select: { role: true } },
      _count: { select: { staff: { where: { active: true } } } },
    },
    orderBy: { id: 'asc' },
    take: limit + 1,
  })
  const { items, page } = paged(found, limit, ({ id }) => [id])
  return {
    items: items.map((row) => ({
      id: row.id,
      name: named(row),
      kind: row.kind,
      region: row.regionPath,
      parent: row.parentId,
      leader: row.leaderId,
      roles: [...new Set(row.grants.map((grant) => grant.role))].sort(),
      people: row._count.staff,
    })),
    page,
    names: Object.fromEntries(items.flatMap((row) => (row.leader ? [[row.leader.id, named(row.leader)]] : []))),
  }
}
