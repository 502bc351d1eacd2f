/** What the command palette finds. */
import { z } from 'zod'
import { instant, title } from './common.ts'
import { orderStatuses } from './order.ts'
import { customer, staff } from './picker.ts'

export const searchQuery = z.strictObject({
  q: z.string().trim().min(1).max(100).meta({ description: 'Part of a number, a title or a name.' }),
})

export const found = z
  .object({
    orders: z
      .array(
        z.object({
          id: z.string(),
          no: z.string().nullable(),
          title: z.string(),
          process: z.string(),
          status: z.enum(orderStatuses),
          source: z.string().nullable().meta({ description: 'Number of the source.' }),
          customer: title.nullable(),
          openedAt: instant,
        }),
      )
      .meta({ description: 'The exact number first, then the latest.' }),
    customers: z.array(customer),
    people: z.array(staff),
    processes: z.array(z.object({ id: z.string(), no: z.string(), title, startable: z.boolean() })),
  })
  .meta({ id: 'Found', description: 'A few of each kind, of what is in sight.' })
