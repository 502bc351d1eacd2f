import { differences } from '../../domain/order/differences.ts'
import { keptOrders } from '../../prisma/verification/kept.ts'
import { eventTitle, type HistoryFile, sendPdf, whatSaid, whoDid, chinaTime } from '../exports/history.ts'
import { rowsOf, sendTable } from '../exports/table.ts'
import { type Ctx, operation } from '../http/operation.ts'
import { resolveTexts } from '../orders/texts.ts'
import { Problem } from '../problem.ts'
import { everyEvent, stateAt } from '../queries/events.ts'
import { clockLedgersOf } from '../queries/ledger.ts'
import { namesOf } from '../queries/names.ts'
import { rows, sql } from '../queries/sql.ts'
import { clockLedgers, compareQuery, comparison, fileQuery } from '../schemas/history.ts'
import { orderParams } from '../schemas/order.ts'
import { verify } from '../trust/verify.ts'
import { requireHistory } from './history.ts'

/** Parts of a state that say where it stands, not what is true of it. */
const NOT_COMPARED = ['hash', 'seq', 'at', 'recent', 'journal']

async function fileOf({ deps, now }: Pick<Ctx, 'deps' | 'now'>, id: string): Promise<HistoryFile> {
  const [order] = await rows<HistoryFile['order'] & { zh: string | null; en: string | null; opened: Date; of: string | null }>(
    deps.pool,
    sql`SELECT o.id, o.no, o.title, o.process, o.status, o.opened_at AS opened, o.customer_id AS of, c.name_zh AS zh, c.name_en AS en
          FROM orders o LEFT JOIN customer c ON c.id = o.customer_id WHERE o.id = ${id}`,
  )
  const [kept] = await keptOrders(deps.pool, [id])
  if (!order || !kept) throw new Problem('NOT_FOUND')
  const { zh, en, opened, of, ...rest } = order
  const spec = deps.catalogue.spec(order.process)
  const { items, names } = await everyEvent(deps.pool, id, { spec, customer: of })
  const { ok } = await verify(deps.catalogue.process(order.process), kept)
  return {
    order: { ...rest, customer: zh === null ? null : { zh, en: en! }, openedAt: opened.toISOString() },
    spec,
    rows: items,
    names,
    verified: ok,
    now,
  }
}

const columns = {
  zh: ['序号', '步', '时间', '事件', '操作人', '内容', '命令', '前一哈希', '哈希'],
  en: ['Seq', 'Move', 'At', 'Event', 'Who', 'What', 'Command', 'Previous hash', 'Hash'],
} as const

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

export const historyFileOperations = [
  operation({
    id: 'explainClocks',
    method: 'get',
    path: '/orders/{id}/clocks',
    tag: 'History',
    summary: 'Why each limit of an order is due when it is',
    description: 'The version of the limit, the calendar, every pause and extension with its reason, and what is left.',
    params: orderParams,
    answers: { 200: { description: 'Those that run first.', schema: clockLedgers } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      const found = await clockLedgersOf(ctx.deps, ctx.params.id, ctx.deps.catalogue.spec, ctx.now)
      if (!found) throw new Problem('NOT_FOUND')
      return { status: 200, body: found }
    },
  }),
  operation({
    id: 'compareMoments',
    method: 'get',
    path: '/orders/{id}/compare',
    tag: 'History',
    summary: 'What is different between two moments of an order',
    params: orderParams,
    query: compareQuery,
    answers: { 200: { description: 'Everything that differs, by its path.', schema: comparison } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const { deps, params, query } = ctx
      await requireHistory(ctx, params.id)
      const moments = [
        query.fromTime === undefined ? { seq: query.from } : { time: new Date(query.fromTime) },
        query.toTime === undefined ? { seq: query.to } : { time: new Date(query.toTime) },
      ]
      const [from, to] = await Promise.all(moments.map((moment) => stateAt(deps.pool, params.id, moment)))
      if (!from || !to) throw new Problem('NOT_FOUND', { says: { zh: '工单没有该时刻', en: 'the order has no such moment' } })
      const bare = (state: object) => Object.fromEntries(Object.entries(state).filter(([key]) => !NOT_COMPARED.includes(key)))
      const [before, after] = await resolveTexts(deps.pool, [bare(from.state), bare(to.state)])
      const changes = differences(before, after).map(({ path, from: was, to: is }) => ({
        area: path[0]!,
        path: [...path],
        from: was ?? null,
        to: is ?? null,
      }))
      const texts = changes.flatMap((change) => [change.from, change.to]).filter((value) => typeof value === 'string')
      const moment = ({ state, at }: typeof from) => ({ seq: state.seq, at: at.toISOString(), hash: state.hash })
      const body = {
        order: params.id,
        from: moment(from),
        to: moment(to),
        changes,
        events: Math.abs(to.state.seq - from.state.seq),
        names: await namesOf(deps.pool, texts),
      }
      return { status: 200, body }
    },
  }),
  operation({
    id: 'historyAsJson',
    method: 'get',
    path: '/orders/{id}/history.json',
    tag: 'History',
    summary: 'The whole history as JSON, so that a program can check its chain',
    params: orderParams,
    answers: { 200: { description: 'The file.', type: 'application/json' } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      const { order, rows: events, names, verified, now } = await fileOf(ctx, ctx.params.id)
      ctx.res.attachment(`${order.no ?? order.id}.json`)
      return { status: 200, body: { order, verified, written: now.toISOString(), events, names } }
    },
  }),
  operation({
    id: 'historyAsCsv',
    method: 'get',
    path: '/orders/{id}/history.csv',
    tag: 'History',
    summary: 'The whole history as a table',
    params: orderParams,
    query: fileQuery,
    answers: { 200: { description: 'CSV in UTF-8 with a mark.', type: 'text/csv' } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      const file = await fileOf(ctx, ctx.params.id)
      const { lang } = ctx.query
      await sendTable(ctx.res, 'csv', {
        name: file.order.no ?? file.order.id,
        columns: columns[lang],
        rows: rowsOf(each(file.rows), (row) => [
          row.seq,
          row.move,
          chinaTime(row.at),
          eventTitle(row.type, lang),
          whoDid(row, file.names, lang),
          whatSaid(row, file, lang),
          row.command,
          row.prevHash,
          row.hash,
        ]),
      })
      return undefined
    },
  }),
  operation({
    id: 'historyAsPdf',
    method: 'get',
    path: '/orders/{id}/history.pdf',
    tag: 'History',
    summary: 'The whole history to print',
    params: orderParams,
    query: fileQuery,
    answers: { 200: { description: 'PDF, A4.', type: 'application/pdf' } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      await requireHistory(ctx, ctx.params.id)
      await sendPdf(ctx.res, await fileOf(ctx, ctx.params.id), ctx.query.lang)
      return undefined
    },
  }),
]
