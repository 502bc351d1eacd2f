/** What the record knows about customer and service when an order starts, frozen into its facts: it decides limits and candidates. */
import type { Fact } from '../../domain/order/spec.ts'
import type { AppAbility } from '../auth/ability.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { scoped } from '../queries/scoped.ts'

export interface Subject {
  /** Where the order belongs: the service's region, else the customer's. */
  region: string
  grade: string
  facts: Readonly<Record<string, Fact>>
}

/**
 * Customer, service and contract of a new order, in sight of who starts it.
 * @throws Problem UNKNOWN_REFERENCE naming the field
 */
export async function subjectOf(
  { prisma }: Pick<Deps, 'prisma'>,
  ability: AppAbility,
  {
    customerId,
    service: serviceName,
    contract: contractName,
  }: { customerId: string; service: string | undefined; contract: string | undefined },
): Promise<Subject> {
  const customer = await prisma.customer.findFirst({
    where: { AND: [scoped(ability, 'Customer'), { id: customerId }] },
    select: { id: true, grade: true, tags: true, regionPath: true, accountManagerId: true },
  })
  if (!customer)
    throw new Problem('UNKNOWN_REFERENCE', { field: 'customerId', says: { zh: `没有客户 ${customerId}`, en: `no customer ${customerId}` } })
  const service = serviceName === undefined ? undefined : await serviceOf({ prisma }, ability, customer.id, serviceName)
  const contract =
    contractName === undefined
      ? service?.contract
      : await prisma.contract.findFirst({ where: { customerId: customer.id, OR: [{ id: contractName }, { no: contractName }] } })
  if (contractName !== undefined && !contract)
    throw new Problem('UNKNOWN_REFERENCE', {
      field: 'input.contract',
      says: { zh: `客户没有合同 ${contractName}`, en: `the customer has no contract ${contractName}` },
    })
  return {
    region: service?.regionPath ?? customer.regionPath,
    grade: customer.grade,
    facts: {
      customerGrade: customer.grade,
      ...(customer.tags.length > 0 && { tags: customer.tags }),
      ...(customer.accountManagerId && { accountManager: customer.accountManagerId }),
      ...(service && {
        service: service.id,
        product: service.productId,
        productGroup: service.product.group,
        skill: service.product.skill,
        ...(service.circuitGrade && { circuitGrade: service.circuitGrade }),
        ...(service.siteId && { site: service.siteId }),
      }),
      ...(contract && { contract: contract.id }),
      ...(contract?.compensationClause && { contractClause: contract.compensationClause }),
    },
  }
}

/** A service of the customer, by id or number. */
async function serviceOf({ prisma }: Pick<Deps, 'prisma'>, ability: AppAbility, customerId: string, name: string) {
  const service = await prisma.service.findFirst({
    where: { AND: [scoped(ability, 'Service'), { customerId, OR: [{ id: name }, { no: name }] }] },
    include: { product: true, contract: true },
  })
  if (!service)
    throw new Problem('UNKNOWN_REFERENCE', {
      field: 'input.service',
      says: { zh: `客户没有业务 ${name}`, en: `the customer has no service ${name}` },
    })
  if (service.status === 'ended')
    throw new Problem('UNKNOWN_REFERENCE', { field: 'input.service', says: { zh: `业务 ${name} 已终止`, en: `service ${name} has ended` } })
  return service
}

/** 1 (highest) to 4, where nobody says otherwise: by the fault's level, then by the customer's grade. */
export function priorityOf(process: string, grade: string): number {
  if (process === 'fault-level-1') return 1
  if (process === 'fault-level-2') return 2
  if (process !== 'graded-fault') return 3
  return grade === 'group' || grade === 'province' ? 2 : 3
}
