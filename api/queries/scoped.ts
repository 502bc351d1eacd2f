/** The ability's conditions as a filter of Prisma's client. Who may read nothing of a kind gets a problem, not an empty list. */
import { accessibleBy } from '@casl/prisma/runtime'
import type { Prisma } from '../../prisma/generated/client.ts'
import type { AppAbility } from '../auth/ability.ts'
import { Problem } from '../problem.ts'

interface Filters {
  Customer: Prisma.CustomerWhereInput
  Service: Prisma.ServiceWhereInput
  Contract: Prisma.ContractWhereInput
  Solution: Prisma.SolutionWhereInput
  Resource: Prisma.ResourceWhereInput
  Staff: Prisma.StaffWhereInput
  OrgUnit: Prisma.OrgUnitWhereInput
  Policy: Prisma.PolicyWhereInput
  Notification: Prisma.NotificationWhereInput
}

/** @throws Problem NOT_ALLOWED */
export function scoped<T extends keyof Filters>(ability: AppAbility, subject: T): Filters[T] {
  if (!ability.can('read', subject))
    throw new Problem('NOT_ALLOWED', { says: { zh: '您的角色不能查看此列表', en: 'your roles do not let you read this list' } })
  return accessibleBy(ability as never).ofType(subject as never)
}
