import { z } from 'zod'
import { adminActions } from '../../domain/admin.ts'
import { id, instant, names, page, paging } from './common.ts'

export const adminLogQuery = z.strictObject({
  ...paging,
  actor: id.optional(),
  action: z.enum(adminActions).optional(),
  subject: z.string().min(1).max(200).optional(),
})

export const adminEntry = z
  .object({
    seq: z.int(),
    at: instant,
    actor: z.string().meta({ description: 'Person, or `cli`, or `machine`.' }),
    action: z.string(),
    subject: z.string(),
    detail: z.record(z.string(), z.unknown()),
    prevHash: z.string(),
    hash: z.string().meta({ description: 'SHA-256 over the hash before, a line feed, and the entry as JSON with sorted keys.' }),
  })
  .meta({ id: 'AdminEntry' })

export const adminLog = z.object({ items: z.array(adminEntry), names, page })

export const adminChain = z.object({
  entries: z.int(),
  head: z.string(),
  ok: z.boolean(),
  broken: z.int().nullable().meta({ description: 'Number of the first entry that does not follow from the one before.' }),
})
