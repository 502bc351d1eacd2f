/** Lists from which something is chosen: customers, services, people, units. */
import { z } from 'zod'
import { id, line, names, page, paging, title } from './common.ts'

const q = z.string().trim().min(1).max(100).optional().meta({ description: 'Part of a name or number.' })

const customerStatuses = ['active', 'potential', 'left'] as const

export const customersQuery = z.strictObject({
  ...paging,
  q,
  grade: z.enum(['group', 'province', 'local-a', 'local-b', 'local-c']).optional(),
  status: z.enum(customerStatuses).optional(),
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
    status: z.enum(customerStatuses),
  })
  .meta({ id: 'Customer' })

export const customerList = z.object({ items: z.array(customer), page })

export const prospectIn = z
  .strictObject({
    nameZh: line(200).trim().min(1),
    nameEn: line(200).trim().min(1).optional().meta({ description: 'Default: the Chinese name.' }),
    region: z.string().min(1).max(200).meta({ description: 'The own region or one below, for example /cn/js/nj.' }),
    address: line(400).trim().min(1).optional(),
    contact: z
      .strictObject({ name: line(100).trim().min(1), phone: line(40).trim().min(1) })
      .meta({ description: 'Whom to talk to there.' }),
    industry: line(60).trim().min(1).optional().meta({ description: 'Kept as the tag `industry:…`.' }),
  })
  .meta({ id: 'Prospect', description: 'A customer who is not yet ours.' })

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

export const productList = z.object({
  items: z.array(z.object({ id: z.string(), name: title, group: z.string(), category: z.string() }).meta({ id: 'Product' })),
})

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

const region = z
  .object({ path: z.string(), name: title, level: z.string().meta({ description: 'province, city or county' }) })
  .meta({ id: 'Region' })

export const regionList = z.object({ items: z.array(region) })

export const unitsQuery = z.strictObject({ ...paging, q, kind: id.optional(), role: id.optional() })

export const unit = z
  .object({
    id: z.string(),
    name: title,
    kind: z.string(),
    region: z.string(),
    parent: z.string().nullable(),
    leader: z.string().nullable(),
    roles: z.array(z.string()).meta({ description: 'Held there by somebody who is active.' }),
    people: z.int().meta({ description: 'Active people whose unit it is.' }),
  })
  .meta({ id: 'Unit' })

export const unitList = z.object({ items: z.array(unit), page, names: names.meta({ description: 'Of leaders.' }) })
