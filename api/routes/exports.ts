/** Lists as files, with the filters and the sight of the list itself. Money is fen, so that no sheet rounds it. */
import { billLines } from '../../prisma/settlement/explain.ts'
import { everyRow, rowsOf, sendTable } from '../exports/table.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { billOf, listBills, requireBill } from '../queries/settlement/bills.ts'
import { listCases } from '../queries/retention.ts'
import { billLinesExport, billsExport, casesExport } from '../schemas/export.ts'
import { allowed } from './retention/allowed.ts'

const PAGE = 200
/** Explained one by one: a page is what one statement reads. */
const LINES = 500

const columns = {
  bills: {
    zh: ['帐单', '批次', '代理商', '名称', '帐期', '结算对象', '版本', '状态', '用户数', '金额（分）', '调整（分）', '结算时间'],
    en: ['Bill', 'Run', 'Agent', 'Name', 'Period', 'Subject', 'Version', 'State', 'Users', 'Amount (fen)', 'Adjusted (fen)', 'Settled at'],
  },
  lines: {
    zh: ['用户', '业务类型', '档', '基数（分）', '金额（分）', '说明'],
    en: ['User', 'Business type', 'Step', 'Basis (fen)', 'Amount (fen)', 'Explanation'],
  },
  cases: {
    zh: ['工单', '编号', '客户编号', '客户', '活动', '开立', '结束', '结果', '成本（分）'],
    en: ['Order', 'Number', 'Customer no.', 'Customer', 'Campaign', 'Opened', 'Closed', 'End', 'Cost (fen)'],
  },
} as const

const answers = { 200: { description: 'The file: CSV in UTF-8 with a mark, or Excel, as `format` says.', type: 'text/csv' } } as const

export const exportOperations = [
  operation({
    id: 'exportBills',
    method: 'get',
    path: '/exports/bills',
    tag: 'Settlement',
    summary: 'Bills as a file',
    query: billsExport,
    answers,
    problems: ['NOT_ALLOWED'],
    async handle({ deps, principal, ability, query, res }) {
      if (!ability.can('read', 'Bill'))
        throw new Problem('NOT_ALLOWED', {
          says: { zh: '仅限结算、财务、主管、稽核与代理商', en: 'settlement, finance, supervisors, auditors and agents' },
        })
      const { format, lang, ...filter } = query
      const bills = everyRow((cursor) => listBills(deps.pool, principal, ability, { ...filter, limit: PAGE, cursor }))
      await sendTable(res, format, {
        name: 'bills',
        columns: columns.bills[lang],
        rows: rowsOf(bills, (row) => {
          const bill = billOf(row)
          const { id, run, agent, agentName, period, kind, version, state, users, amount, adjusted, settledAt } = bill
          return [id, run, agent, agentName[lang], period, kind, version, state, users, amount, adjusted, settledAt]
        }),
      })
      return undefined
    },
  }),
  operation({
    id: 'exportBillLines',
    method: 'get',
    path: '/exports/bill-lines',
    tag: 'Settlement',
    summary: 'All lines of a bill with their explanation, as a file',
    query: billLinesExport,
    answers,
    async handle({ deps: { pool }, principal, ability, query, res }) {
      const { bill: id, format, lang } = query
      const bill = await requireBill(pool, principal, ability, id)
      const lines = everyRow(async (after = '0') => {
        const items = await billLines(pool, bill.run, bill.agent_id, after, LINES)
        return { items, page: { next: items.length < LINES ? null : items.at(-1)!.userId } }
      })
      await sendTable(res, format, {
        name: 'bill-lines',
        columns: columns.lines[lang],
        rows: rowsOf(lines, ({ userNo, businessType, tier, basis, amount, explanation }) => [
          userNo,
          businessType,
          tier,
          Number(basis),
          Number(amount),
          explanation.sentences.map((sentence) => sentence[lang]).join(lang === 'zh' ? '' : '; '),
        ]),
      })
      return undefined
    },
  }),
  operation({
    id: 'exportCases',
    method: 'get',
    path: '/exports/retention-cases',
    tag: 'Retention',
    summary: 'Retention cases as a file',
    query: casesExport,
    answers,
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'read')
      const { deps, principal, query, res } = ctx
      const { format, lang, ...filter } = query
      const cases = everyRow((cursor) => listCases(deps.pool, principal, { ...filter, limit: PAGE, cursor }))
      await sendTable(res, format, {
        name: 'retention-cases',
        columns: columns.cases[lang],
        rows: rowsOf(cases, ({ order, no, customer, campaign, openedAt, closedAt, end, cost }) => [
          order,
          no,
          customer.no,
          customer.name[lang],
          campaign,
          openedAt,
          closedAt,
          end,
          cost,
        ]),
      })
      return undefined
    },
  }),
]
