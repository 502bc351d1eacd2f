/** Handing out work: who could do a task, and many tasks at once. */
import { z } from 'zod'
import { dispatchModes } from '../../domain/order/rules.ts'
import { LONG_TEXT, id, line, names, orderId, title } from './common.ts'
import { problem } from './problem.ts'
import { told } from './told.ts'

const points = z.number().meta({ description: 'Points.' })

export const candidates = z
  .object({
    order: z.string(),
    task: z.string(),
    step: z.string(),
    title,
    mode: z.enum(dispatchModes).meta({ description: 'How the step is handed out in this order.' }),
    rule: z.string().nullable().meta({ description: 'The rule that says so, with its version.' }),
    roles: z.array(z.string()),
    region: z.string(),
    skill: z.string().nullable(),
    items: z.array(
      z
        .object({
          person: z.string(),
          unit: z.string(),
          role: z.string(),
          via: z.string().nullable().meta({ description: 'Who would act for the absent person.' }),
          not: z.string().nullable().meta({ description: 'Why the machine would not ask this person.' }),
          score: z.number().nullable(),
          parts: z.object({ near: points, skill: points, shift: points, load: points, own: points }).nullable(),
          tasks: z.int().meta({ description: 'Open tasks of whoever would do it.' }),
          capacity: z.int().nullable(),
        })
        .meta({ id: 'Candidate' }),
    ),
    names,
  })
  .meta({ id: 'Candidates' })

/** Tasks that one request may hand out. */
const MOST = 100

const items = z
  .array(z.strictObject({ order: orderId, task: id }))
  .min(1)
  .max(MOST)
  .refine(
    (list) => new Set(list.map(({ order, task }) => `${order} ${task}`)).size === list.length,
    told('每个任务只能列一次', 'every task once'),
  )
const reason = line(400)
const target = { unit: id.optional(), person: id.optional() }

export const bulkIn = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('dispatch'), items, ...target, reason: reason.optional() }),
    z.strictObject({ type: z.literal('reassign'), items, ...target, reason }),
    z.strictObject({ type: z.literal('urge'), items, note: line(LONG_TEXT).optional() }),
  ])
  .meta({ id: 'Bulk', description: 'One command for many tasks.' })
export type BulkIn = z.output<typeof bulkIn>

export const bulkResults = z.object({
  results: z
    .array(
      z
        .object({
          order: z.string(),
          task: z.string(),
          ok: z.boolean(),
          seq: z.int().optional().meta({ description: 'Version of the order once it was recorded.' }),
          pending: z
            .literal(true)
            .optional()
            .meta({ description: 'Sent, but not recorded in time: repeat the request with the same key.' }),
          problem: problem
            .pick({ code: true, status: true, title: true, detail: true, says: true, errors: true })
            .optional()
            .meta({ description: 'Why it was not done.' }),
        })
        .meta({ id: 'BulkResult' }),
    )
    .meta({ description: 'In the sequence of the items.' }),
})
