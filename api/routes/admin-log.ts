/** What has been changed about the product itself, and by whom; for auditors. */
import { checkAdminLog, readAdminLog } from '../../prisma/admin-log.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import { type Ctx, operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { namesOf } from '../queries/names.ts'
import { adminChain, adminLog, adminLogQuery } from '../schemas/admin.ts'

function requireAuditor({ ability }: Pick<Ctx, 'ability'>): void {
  if (!ability.can('read', 'AdminLog'))
    throw new Problem('NOT_ALLOWED', { says: { zh: '管理日志仅限稽核', en: 'the log of administration is for auditors' } })
}

export const adminLogOperations = [
  operation({
    id: 'listAdminLog',
    method: 'get',
    path: '/admin-log',
    tag: 'Administration',
    summary: 'What has been changed about the product itself',
    query: adminLogQuery,
    answers: { 200: { description: 'A page, the latest first.', schema: adminLog } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      requireAuditor(ctx)
      const { cursor, limit, ...filter } = ctx.query
      const [before] = decodeCursor<readonly [number]>(cursor, ['number']) ?? []
      const found = await readAdminLog(ctx.deps.pool, { ...filter, before, limit: limit + 1 })
      const { items, page } = paged(found, limit, ({ seq }) => [seq])
      const names = await namesOf(
        ctx.deps.pool,
        items.flatMap(({ actor, subject }) => [actor, subject]),
      )
      return { status: 200, body: { items: items.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })), names, page } }
    },
  }),
  operation({
    id: 'verifyAdminLog',
    method: 'get',
    path: '/admin-log/verification',
    tag: 'Administration',
    summary: 'Whether the chain of the log is whole',
    answers: { 200: { description: 'What was looked at, and what was found.', schema: adminChain } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      requireAuditor(ctx)
      const { entries, head, broken } = await checkAdminLog(ctx.deps.pool)
      return { status: 200, body: { entries, head, ok: broken === null, broken } }
    },
  }),
]
