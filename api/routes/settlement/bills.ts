import { billLines as explainedLines, billParts } from '../../../prisma/settlement/explain.ts'
import { decodeCursor, paged } from '../../http/cursor.ts'
import { operation } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { namesOf } from '../../queries/names.ts'
import { aroundBill, billOf, listBills, requireBill } from '../../queries/settlement/bills.ts'
import { billLines, billList, billParams, billsQuery, billWhole, linesQuery } from '../../schemas/settlement.ts'

export const billOperations = [
  operation({
    id: 'listBills',
    method: 'get',
    path: '/bills',
    tag: 'Settlement',
    summary: "Agents' bills in sight; an agent's people see their own that are settled",
    query: billsQuery,
    answers: { 200: { description: 'A page, the latest period first.', schema: billList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle({ deps, principal, ability, query }) {
      if (!ability.can('read', 'Bill'))
        throw new Problem('NOT_ALLOWED', {
          says: { zh: '仅限结算、财务、主管、稽核与代理商', en: 'settlement, finance, supervisors, auditors and agents' },
        })
      const { items, page } = await listBills(deps.pool, principal, ability, query)
      return { status: 200, body: { items: items.map(billOf), page } }
    },
  }),
  operation({
    id: 'getBill',
    method: 'get',
    path: '/bills/{id}',
    tag: 'Settlement',
    summary: 'A bill: the schemes that made it, what each came to, adjustments, payouts, corrections',
    params: billParams,
    answers: { 200: { description: 'As the record has it.', schema: billWhole } },
    async handle({ deps: { pool }, principal, ability, params }) {
      const row = await requireBill(pool, principal, ability, params.id)
      const parts = await billParts(pool, row.run, row.agent_id)
      const around = await aroundBill(pool, row.id)
      const people = around.adjustments.flatMap(({ proposedBy, decidedBy }) =>
        decidedBy === null ? [proposedBy] : [proposedBy, decidedBy],
      )
      return {
        status: 200,
        body: {
          ...billOf(row),
          parts: parts.map((part) => ({ ...part, amount: Number(part.amount) })),
          ...around,
          names: await namesOf(pool, people),
        },
      }
    },
  }),
  operation({
    id: 'listBillLines',
    method: 'get',
    path: '/bills/{id}/lines',
    tag: 'Settlement',
    summary: 'Lines of a bill, each explained: scheme, version, variables, step and rounding that made it',
    params: billParams,
    query: linesQuery,
    answers: { 200: { description: 'A page in the order of the user records.', schema: billLines } },
    problems: ['BAD_CURSOR'],
    async handle({ deps: { pool }, principal, ability, params, query }) {
      const row = await requireBill(pool, principal, ability, params.id)
      const [after] = decodeCursor<readonly [string]>(query.cursor, ['text']) ?? ['0']
      if (!/^\d{1,18}$/.test(after)) throw new Problem('BAD_CURSOR', { field: 'cursor' })
      const { items, page } = paged(
        await explainedLines(pool, row.run, row.agent_id, after, query.limit + 1),
        query.limit,
        ({ userId }) => [userId],
      )
      return {
        status: 200,
        body: {
          items: items.map(({ userNo, businessType, tier, basis, amount, explanation, agrees }) => ({
            user: userNo,
            businessType,
            tier,
            basis: Number(basis),
            amount: Number(amount),
            explanation: explanation.sentences,
            agrees,
          })),
          page,
        },
      }
    },
  }),
]
