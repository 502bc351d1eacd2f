/** Circuits, ports and numbers, and who holds them. */
import { z } from 'zod'
import { boolParam, id, instant, page, paging } from './common.ts'

const kinds = ['circuit', 'port', 'number'] as const

export const resourceParams = z.strictObject({ id })

export const resourcesQuery = z.strictObject({
  ...paging,
  kind: z.enum(kinds).optional(),
  region: z.string().max(200).optional().meta({ description: 'This region and all below, for example /cn/js/nj.' }),
  product: id.optional(),
  free: boolParam.meta({ description: 'In use by nobody and not blocked (true), or not free (false).' }),
  stray: boolParam.meta({ description: 'Only those that an order holds which has ended and does not need them: there should be none.' }),
  q: z.string().trim().min(1).max(100).optional().meta({ description: 'Part of the number.' }),
})

const order = z.object({ id: z.string(), no: z.string().nullable() }).meta({ description: 'Null where the order is out of sight.' })

const hold = z.object({
  state: z.enum(['asked', 'reserved', 'used', 'released']),
  order: order.nullable(),
  since: instant,
  until: instant.nullable().meta({ description: 'Until when a command on its way holds it.' }),
  releasedAt: instant.nullable(),
})

export const resource = z
  .object({
    id: z.string(),
    no: z.string(),
    kind: z.enum(kinds),
    region: z.string(),
    product: z.string().nullable(),
    blocked: z.boolean().meta({ description: 'Out of use, whoever asks.' }),
    state: z.enum(['free', 'asked', 'reserved', 'used']),
    hold: hold.nullable().meta({ description: 'Who holds it now.' }),
  })
  .meta({ id: 'Resource' })

export const resourceList = z.object({ items: z.array(resource), page })

export const resourceDetail = resource
  .extend({ history: z.array(hold).meta({ description: 'The holds of the past, the latest first; at most 50.' }) })
  .meta({ id: 'ResourceDetail' })
