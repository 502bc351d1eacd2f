/** Technical solutions of the customers in sight: versions, votes, and what the customer saw and answered. */
import type { z } from 'zod'
import type { AppAbility } from '../auth/ability.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import type { solutionsQuery } from '../schemas/document.ts'
import { filesByVersion } from './attachments.ts'
import { customerFields, customerOf } from './customers.ts'
import { namesOf } from './names.ts'
import { opinionsOf } from './opinions.ts'
import { scoped } from './scoped.ts'

type Reading = Pick<Deps, 'pool' | 'prisma' | 'catalogue'>

export async function listSolutions(
  { prisma }: Reading,
  ability: AppAbility,
  { customer, status, cursor, limit }: z.output<typeof solutionsQuery>,
  now: Date,
) {
  const key = decodeCursor<readonly [string]>(cursor, ['text'])
  const found = await prisma.solution.findMany({
    where: { AND: [scoped(ability, 'Solution'), { no: key && { gt: key[0] }, customerId: customer, status }] },
    include: { customer: customerFields, _count: { select: { versions: true } } },
    orderBy: { no: 'asc' },
    take: limit + 1,
  })
  const { items, page } = paged(found, limit, ({ no }) => [no])
  return { items: items.map((row) => ({ ...head(row, now), versions: row._count.versions })), page }
}

interface Head {
  id: string
  no: string
  orderId: string
  title: string
  status: string
  class: string | null
  validUntil: Date | null
  customer: Parameters<typeof customerOf>[0]
}

const head = (row: Head, now: Date) => ({
  id: row.id,
  no: row.no,
  order: row.orderId,
  customer: customerOf(row.customer),
  title: row.title,
  status: row.status,
  class: row.class,
  validUntil: row.validUntil?.toISOString() ?? null,
  // A contract may not be drafted on an expired one (P-03 rule 3).
  valid: row.status === 'approved' && (row.validUntil === null || row.validUntil >= now),
})

/** The solution, or nothing where it is out of sight. */
export async function solutionInSight({ pool, prisma, catalogue }: Reading, ability: AppAbility, id: string, now: Date) {
  const row = await prisma.solution.findFirst({
    where: { AND: [scoped(ability, 'Solution'), { id }] },
    include: { customer: customerFields, model: { select: { id: true, name: true } }, versions: { orderBy: { version: 'asc' } } },
  })
  if (!row) return undefined
  const [opinionsAt, filesAt] = await Promise.all([opinionsOf(pool, catalogue, [row.orderId]), filesByVersion(pool, [row.orderId])])
  const versions = row.versions.map((one) => ({
    version: one.version,
    target: one.target,
    content: one.content,
    amount: one.amount === null ? null : Number(one.amount),
    draftedBy: one.draftedBy,
    at: one.at.toISOString(),
    verdict: one.verdict,
    votes: opinionsAt(row.orderId, one.version).filter(({ step }) => step === 'argue-solution' || step === 'decide-argued'),
    shown: one.shownAt && { at: one.shownAt.toISOString(), by: one.shownBy },
    answer: one.answer === null ? null : { answer: one.answer, at: one.answeredAt?.toISOString() ?? null },
    files: filesAt(row.orderId, one.version),
  }))
  const names = await namesOf(
    pool,
    versions.flatMap(({ draftedBy, shown, votes, files }) => [
      draftedBy,
      shown?.by,
      ...votes.flatMap((said) => [said.by, said.for, said.unit]),
      ...files.map(({ uploadedBy }) => uploadedBy),
    ]),
  )
  return { ...head(row, now), model: row.model, versions, names }
}
