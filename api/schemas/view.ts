/** Named views: the filters of a page of the console, kept and shared. */
import { z } from 'zod'
import { id, instant, line, names } from './common.ts'
import { told } from './told.ts'

const page = z
  .string()
  .regex(/^[a-z][a-z-]{0,39}$/, told('只能用小写字母和 -', 'small letters and - only'))
  .meta({ description: 'Page of the console: orders, board, supervise …' })

/** What stands in the address of the page: few, short, and nothing but texts. */
const query = z
  .record(z.string().regex(/^[A-Za-z][\w.]{0,39}$/), z.union([z.string().max(500), z.array(z.string().max(500)).max(50)]))
  .refine((record) => Object.keys(record).length <= 40, told('最多 40 项', '40 at most'))
  .meta({ description: 'The filters, as the address has them.' })

export const viewsQuery = z.strictObject({ page: page.optional() })

export const viewIn = z
  .strictObject({
    page,
    name: line(80).trim().min(1),
    query,
    unit: id.nullable().default(null).meta({ description: 'One of the own units: its people see the view too. Null: the owner alone.' }),
  })
  .meta({ id: 'SaveView' })

export const viewChange = z
  .strictObject({ name: viewIn.shape.name, query, unit: viewIn.shape.unit.unwrap() })
  .partial()
  .refine((body) => Object.keys(body).length > 0, told('请说明修改的内容', 'say what changes'))
  .meta({ id: 'ViewChange', description: 'What is left out stays.' })

export const view = z
  .object({
    id: z.string(),
    page,
    name: z.string(),
    query,
    unit: z.string().nullable(),
    owner: z.string(),
    mine: z.boolean().meta({ description: 'The caller may change and remove it.' }),
    updatedAt: instant,
  })
  .meta({ id: 'View' })

export const viewList = z.object({ items: z.array(view), names })

export const viewParams = z.strictObject({ id })
