/** Contracts of the customers in sight, with all that was said about each version. */
import type { z } from 'zod'
import type { AppAbility } from '../auth/ability.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import type { contractsQuery } from '../schemas/document.ts'
import { filesByVersion } from './attachments.ts'
import { customerFields, customerOf } from './customers.ts'
import { namesOf } from './names.ts'
import { type Opinion, opinionsOf } from './opinions.ts'
import { scoped } from './scoped.ts'

type Reading = Pick<Deps, 'pool' | 'prisma' | 'catalogue'>

export async function listContracts(
  { prisma }: Reading,
  ability: AppAbility,
  { customer, status, cursor, limit }: z.output<typeof contractsQuery>,
) {
  const key = decodeCursor<readonly [string]>(cursor, ['text'])
  const found = await prisma.contract.findMany({
    where: { AND: [scoped(ability, 'Contract'), { no: key && { gt: key[0] }, customerId: customer, status }] },
    include: { customer: customerFields },
    orderBy: { no: 'asc' },
    take: limit + 1,
  })
  const { items, page } = paged(found, limit, ({ no }) => [no])
  return { items: items.map(head), page }
}

interface Head {
  id: string
  no: string
  title: string
  status: string
  amount: bigint
  termMonths: number
  dueDate: Date | null
  signedAt: Date | null
  archiveNo: string | null
  customer: Parameters<typeof customerOf>[0]
}

const head = (row: Head) => ({
  id: row.id,
  no: row.no,
  customer: customerOf(row.customer),
  title: row.title,
  status: row.status,
  amount: Number(row.amount),
  termMonths: row.termMonths,
  dueDate: row.dueDate?.toISOString().slice(0, 10) ?? null,
  signedAt: row.signedAt?.toISOString() ?? null,
  archiveNo: row.archiveNo,
})

const by = (...steps: readonly string[]) => {
  const wanted = new Set(steps)
  return ({ step }: Opinion) => wanted.has(step)
}
const countersigns = by('countersign-business', 'countersign-finance')
const customers = by('customer-review')
const approvals = by('director-review', 'leadership-approve')
const signings = by('sign-contract', 'archive-contract')

/** The contract, or nothing where it is out of sight. */
export async function contractInSight({ pool, prisma, catalogue }: Reading, ability: AppAbility, id: string) {
  const row = await prisma.contract.findFirst({
    where: { AND: [scoped(ability, 'Contract'), { id }] },
    include: {
      customer: customerFields,
      services: { where: scoped(ability, 'Service'), select: { id: true, no: true }, orderBy: { no: 'asc' } },
      versions: { orderBy: { version: 'asc' } },
    },
  })
  if (!row) return undefined
  const orders = [...new Set(row.versions.flatMap(({ orderId }) => (orderId === null ? [] : [orderId])))]
  const [opinionsAt, filesAt] = await Promise.all([opinionsOf(pool, catalogue, orders), filesByVersion(pool, orders)])
  const versions = row.versions.map((one) => {
    const said = one.orderId === null ? [] : opinionsAt(one.orderId, one.version)
    return {
      version: one.version,
      order: one.orderId,
      text: one.text,
      amount: Number(one.amount),
      discountPct: one.discountPct,
      draftedBy: one.draftedBy,
      at: one.at.toISOString(),
      opinions: said.filter(countersigns),
      customerAnswers: said.filter(customers),
      approvals: said.filter(approvals),
      signing: said.filter(signings),
      files: one.orderId === null ? [] : filesAt(one.orderId, one.version),
    }
  })
  const { activationClause, compensationClause, draftedBy, services } = row
  const names = await namesOf(pool, [
    draftedBy,
    ...versions.flatMap((one) => [
      one.draftedBy,
      ...[...one.opinions, ...one.customerAnswers, ...one.approvals, ...one.signing].flatMap((said) => [said.by, said.for, said.unit]),
      ...one.files.map(({ uploadedBy }) => uploadedBy),
    ]),
  ])
  return { ...head(row), activationClause, compensationClause, draftedBy, services, versions, names }
}
