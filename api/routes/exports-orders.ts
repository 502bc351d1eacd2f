/** Orders and their events as files: any selection, with the filters and the sight of the list, streamed row by row. */
import type { Response } from 'express'
import { logEntry } from '../../domain/order/verify/log.ts'
import { ocel } from '../exports/ocel.ts'
import { sendPieces } from '../exports/stream.ts'
import { type Cell, rowsOf, sendTable } from '../exports/table.ts'
import { xes } from '../exports/xes.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { type OrderEvents, type OrderSummary, type Selection, select } from '../queries/selection.ts'
import { eventsExport, ordersExport } from '../schemas/export.ts'

/** With them a reader can tell how far the file has come. */
const TOTALS = ['Total-Orders', 'Total-Events']
const columns = {
  orders: {
    zh: [
      '工单',
      '编号',
      '流程',
      '标题',
      '状态',
      '结果',
      '客户编号',
      '客户',
      '等级',
      '业务',
      '区域',
      '优先级',
      '来源',
      '来源编号',
      '上级工单',
      '开立',
      '结束',
      '最近时限',
      '超时',
      '版本',
      '当前环节',
    ],
    en: [
      'Order',
      'Number',
      'Process',
      'Title',
      'Status',
      'End',
      'Customer no.',
      'Customer',
      'Grade',
      'Service',
      'Region',
      'Priority',
      'Source',
      'Source no.',
      'Parent',
      'Opened',
      'Closed',
      'Next due',
      'Overdue',
      'Version',
      'Open steps',
    ],
  },
  events: {
    zh: ['工单', '编号', '流程', '序号', '时间', '事件', '环节', '任务', '结果', '操作者类型', '操作者', '代', '数据', '命令', '哈希'],
    en: [
      'Order',
      'Number',
      'Process',
      'Seq',
      'At',
      'Event',
      'Step',
      'Task',
      'Outcome',
      'Actor kind',
      'Actor',
      'For',
      'Data',
      'Command',
      'Hash',
    ],
  },
} as const

const sayTotals = async (res: Response, selection: Selection) => {
  const { orders, events } = await selection.size()
  res.set({ 'Total-Orders': String(orders), 'Total-Events': String(events) })
}

function orderCells(order: OrderSummary, lang: 'zh' | 'en'): Cell[] {
  const { id, no, process, title, status, end, customer, service, region, priority, source, parent, tasks } = order
  const head = [
    id,
    no,
    process,
    title,
    status,
    end,
    customer?.no ?? null,
    customer?.name[lang] ?? null,
    customer?.grade ?? null,
    service,
    region,
  ]
  const times = [order.openedAt, order.closedAt, order.nextDueAt, order.overdue ? 1 : 0, order.version]
  return [...head, priority, source?.channel ?? null, source?.number ?? null, parent, ...times, tasks.map(({ step }) => step).join(' ')]
}

async function* eventRows(all: AsyncIterable<OrderEvents>): AsyncGenerator<readonly Cell[]> {
  for await (const { order, events } of all)
    for (const event of events) {
      const { task = null, step = null, outcome = null } = logEntry(event as never)
      const { seq, at, type, actor, data, command, hash } = event
      const by = [actor.kind, actor.id, actor.for]
      yield [order.id, order.no, order.process, seq, at, type, step, task, outcome, ...by, JSON.stringify(data), command, hash]
    }
}

export const orderExportOperations = [
  operation({
    id: 'exportOrders',
    method: 'get',
    path: '/exports/orders',
    tag: 'Orders',
    summary: 'Orders as a file, with the filters and the sight of their list',
    query: ordersExport,
    answers: {
      200: { description: 'The file: CSV in UTF-8 with a mark, or Excel, as `format` says.', type: 'text/csv', headers: TOTALS },
    },
    async handle({ deps, principal, ability, query, res, now }) {
      const { format, lang, ...filter } = query
      const selection = select(deps.pool, principal, ability, filter, now)
      await sayTotals(res, selection)
      await sendTable(res, format, {
        name: 'orders',
        columns: columns.orders[lang],
        rows: rowsOf(selection.orders(), (order) => orderCells(order, lang)),
      })
      return undefined
    },
  }),
  operation({
    id: 'exportEvents',
    method: 'get',
    path: '/exports/events',
    tag: 'History',
    summary: 'Every event of a selection of orders, as a table or as a log for process mining',
    query: eventsExport,
    answers: {
      200: {
        description: 'The file: CSV, Excel, OCEL 2.0 (JSON) or XES, as `format` says; orders in the order of the list, up to this moment.',
        type: 'text/csv',
        headers: TOTALS,
      },
    },
    problems: ['NOT_ALLOWED'],
    async handle({ deps, principal, ability, query, res, now }) {
      if (!ability.can('audit', 'Order'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '历史仅限公司内部查看', en: "histories are the company's own" } })
      const { format, lang, ...filter } = query
      const selection = select(deps.pool, principal, ability, filter, now)
      await sayTotals(res, selection)
      if (format === 'xes') await sendPieces(res, { name: 'events.xes', type: 'application/xml; charset=utf-8' }, xes(selection.events()))
      else if (format === 'ocel')
        await sendPieces(
          res,
          { name: 'events.ocel.json', type: 'application/json; charset=utf-8' },
          ocel(selection.events(), selection.again),
        )
      else await sendTable(res, format, { name: 'events', columns: columns.events[lang], rows: eventRows(selection.events()) })
      return undefined
    },
  }),
]
