import { z } from 'zod'
import { billParams, billsQuery } from './settlement.ts'
import { listQuery } from './order.ts'
import { casesQuery } from './retention.ts'

const file = {
  format: z.enum(['csv', 'xlsx']).default('csv'),
  lang: z.enum(['zh', 'en']).default('zh').meta({ description: 'Of the first row.' }),
}
export const billsExport = billsQuery.omit({ cursor: true, limit: true }).extend(file)
export const billLinesExport = z.strictObject({ bill: billParams.shape.id, ...file })
export const casesExport = casesQuery.omit({ cursor: true, limit: true }).extend(file)

const selection = listQuery.omit({ cursor: true, limit: true })
export const ordersExport = selection.extend(file)
export const eventsExport = selection.extend({
  ...file,
  format: z
    .enum(['csv', 'xlsx', 'ocel', 'xes'])
    .default('csv')
    .meta({ description: 'A table; OCEL 2.0 as JSON or XES, for process mining.' }),
})
