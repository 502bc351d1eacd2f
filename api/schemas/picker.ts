/** Lists from which something is chosen: customers, services, people, units. */
import { z } from 'zod'
import { id, page, paging, title } from './common.ts'

const q = z.string().trim().min(1).max(100).optional().meta({ description: 'Part of a name or number.' })

export const customersQuery = z.strictObject({
  ...paging,
  q,
  grade: z.enum(['group', 'province', 'local-a', 'local-b', 'local-c']).optional(),
})

export const customer = z
  .object({
    id: z.string(),
    no: z.string(),
    name: title,
    grade: z.string(),
    tags: z.array(z.string()),
    region: z.string(),
    accountManager: z.string().nullable(),
  })
  .meta({ id: 'Customer' })

export const customerList = z.object({ items: z.array(customer), page })

export const servicesQuery = z.strictObject({ ...paging, q, customer: id.optional(), product: id.optional() })

export const service = z
  .object({
    id: z.string(),
    no: z.string(),
    customer: z.string(),
    product: z.string(),
    productName: title,
    productGroup: z.string(),
    site: title.nullable(),
    region: z.string(),
    circuitGrade: z.string().nullable(),
    status: z.string(),
    hasStandby: z.boolean(),
  })
  .meta({ id: 'Service' })

export const serviceList = z.object({ items: z.array(service), page })

export const staffQuery = z.strictObject({ ...paging, q, unit: id.optional(), role: id.optional(), skill: id.optional() })

export const staff = z
  .object({
    id: z.string(),
    name: title,
    unit: z.string(),
    region: z.string(),
    roles: z.array(z.object({ role: z.string(), unit: z.string() })),
    skills: z.array(z.object({ skill: z.string(), level: z.int() })),
    absent: z.boolean().meta({ description: 'Away now.' }),
  })
  .meta({ id: 'Staff' })

export const staffList = z.object({ items: z.array(staff), page })

export const unitsQuery = z.strictObject({ ...paging, q, kind: id.optional(), role: id.optional() })

export const unit = z
  .object({
    id: z.string(),
    name: title,
    kind: z.string(),
    region: z.string(),
    parent: z.string().nullable(),
    leader: z.string().nullable(),
  })
  .meta({ id: 'Unit' })

export const unitList = z.object({ items: z.array(unit), page })
