import { z } from 'zod'
import { id, instant, line } from './common.ts'
import { orderStatuses } from './order.ts'
import { told } from './told.ts'

export const repeatQuery = z
  .strictObject({
    process: id,
    value: line(200)
      .trim()
      .min(1)
      .optional()
      .meta({ description: "Value of the fact by which the process knows a repeat: a complaint's number." }),
    service: id.optional().meta({ description: 'Instead of a value: what was reported of this service, whatever the process.' }),
  })
  .refine(
    ({ value, service }) => (value === undefined) !== (service === undefined),
    told('value 与 service 只能填一个', 'value or service, not both', ['value']),
  )

export const repeats = z
  .object({
    fact: z.string().nullable().meta({ description: 'The fact by which the process knows a repeat; none: it knows none.' }),
    rule: z.object({ version: z.int(), days: z.number() }).nullable().meta({ description: 'The rule that is valid now.' }),
    days: z.number().meta({ description: 'How far back it looks: the days of the rule, 30 without one.' }),
    total: z.int().meta({ description: 'Earlier orders within these days.' }),
    unnamed: z.int().meta({ description: 'Those of them that are not listed: out of sight, or beyond the latest twenty.' }),
    items: z.array(
      z.object({
        id: z.string(),
        no: z.string().nullable(),
        title: z.string(),
        process: z.string(),
        status: z.enum(orderStatuses),
        end: z.string().nullable(),
        openedAt: instant,
      }),
    ),
  })
  .meta({ id: 'Repeats' })
