/** What supervisors look at: breaches over time, time lost, load. */
import { z } from 'zod'
import { id, instant, instantIn, intParam, title } from './common.ts'
import { told } from './told.ts'

const MOST_DAYS = 400

/** A stretch of time, and what of the business. Default: the last 30 days. */
const span = {
  from: instantIn.optional().meta({ description: 'Default: 30 days before `to`.' }),
  to: instantIn.optional().meta({ description: 'Default: now.' }),
  region: z.string().max(200).optional().meta({ description: 'This region and all below.' }),
  process: id.optional(),
  step: id.optional().meta({ description: 'Of the process.' }),
  product: id.optional(),
}

const spanned = <T extends z.ZodType<{ from?: number | undefined; to?: number | undefined }>>(query: T) =>
  query.refine(
    ({ from, to }) => from === undefined || to === undefined || (from < to && to - from <= MOST_DAYS * 86_400_000),
    told(`须晚于开始，最多 ${MOST_DAYS} 天`, `after from, by ${MOST_DAYS} days at most`, ['to']),
  )

const labels = z.record(z.string(), title).meta({ description: 'Names of what the rows are about, by key.' })
const range = { from: instant, to: instant }

export const breachKeys = ['step', 'process', 'unit', 'region', 'product', 'holder'] as const

export const breachReportQuery = spanned(
  z.strictObject({
    ...span,
    by: z.enum(breachKeys).default('step').meta({ description: 'What the days are broken down by.' }),
    unit: id.optional(),
    limit: intParam(1, 50, 12).meta({ description: 'Keys; the rest is summed up under an empty key.' }),
  }),
)

export const breachReport = z
  .object({
    ...range,
    items: z.array(
      z.object({
        day: z.string().meta({ description: 'YYYY-MM-DD, China time.' }),
        key: z.string().nullable().meta({ description: 'Null: all others together, or nobody.' }),
        warnings: z.int(),
        breaches: z.int().meta({ description: 'Rungs of 100 % and above: each order, limit and rung once.' }),
        orders: z.int().meta({ description: 'Orders with a breach.' }),
      }),
    ),
    totals: z
      .array(z.object({ key: z.string().nullable(), warnings: z.int(), breaches: z.int(), orders: z.int(), open: z.int() }))
      .meta({ description: 'Over all days, the most breaches first. `open`: of clocks that still run.' }),
    labels,
  })
  .meta({ id: 'BreachReport' })

export const timeLostQuery = spanned(
  z.strictObject({
    ...span,
    customer: id.optional(),
    unit: id.optional().meta({ description: 'Tasks that this unit has or had.' }),
    limit: intParam(1, 200, 50).meta({ description: 'Orders, the most time lost first.' }),
  }),
)

const lost = z
  .object({ customer: z.number(), vendor: z.number(), own: z.number(), 'third-party': z.number() })
  .meta({ id: 'Lost', description: 'Milliseconds of suspension, by the party that they are put down to.' })

export const timeLost = z
  .object({
    ...range,
    totals: z
      .object({ lost, all: z.number(), overrun: z.number(), orders: z.int() })
      .meta({ description: 'Of all orders with a suspension that began in the span.' }),
    items: z.array(
      z.object({
        order: z.string(),
        no: z.string().nullable(),
        title: z.string(),
        process: z.string(),
        status: z.string(),
        customer: title.nullable(),
        lost,
        all: z.number(),
        overrun: z.number().meta({ description: 'Milliseconds beyond the limits of its tasks, ours alone.' }),
        waitsFor: z.string().nullable().meta({ description: 'The party for which it is suspended now.' }),
        reasons: z.array(z.object({ reason: z.string(), party: z.string(), from: instant, to: instant.nullable(), step: z.string() })),
      }),
    ),
  })
  .meta({ id: 'TimeLost' })

export const loadReportQuery = spanned(
  z.strictObject({
    ...span,
    by: z.enum(['unit', 'person', 'process', 'step', 'region', 'product']).default('unit'),
    unit: id
      .optional()
      .meta({ description: 'Tasks with this unit, its people, or in its queue. Orders opened and closed are those of the whole span.' }),
  }),
)

export const loadReport = z
  .object({
    ...range,
    items: z
      .array(
        z.object({
          key: z.string().nullable(),
          open: z.int(),
          undispatched: z.int(),
          offered: z.int(),
          working: z.int(),
          waiting: z.int(),
          atRisk: z.int(),
          overdue: z.int(),
          done: z.int().meta({ description: 'Tasks done in the span.' }),
          medianMs: z.number().nullable().meta({ description: 'Half of those took no longer, from opening to end.' }),
        }),
      )
      .meta({ description: 'Tasks, the most open first.' }),
    days: z.array(z.object({ day: z.string(), opened: z.int(), closed: z.int() })).meta({ description: 'Orders.' }),
    labels,
  })
  .meta({ id: 'LoadReport' })
