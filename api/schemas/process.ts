import { z } from 'zod'
import { form, id, title } from './common.ts'

const limit = z.looseObject({
  text: z.string(),
  budget: z.string().optional(),
  calendar: z.enum(['C', 'W']),
  mark: z.enum(['given', 'inferred', 'default', 'demo']),
  ladder: z.string().optional(),
  from: z.array(z.string()).optional(),
  dueFact: z.string().optional(),
})

const ofCustomer = z
  .enum(['required', 'optional', 'none'])
  .meta({ description: "Whether its orders are about a customer, or the company's own work." })

const purpose = title.nullable().meta({ description: 'What it is for, in a sentence.' })

export const processSummary = z
  .object({
    no: z.string(),
    id: z.string(),
    family: z.string(),
    title,
    purpose,
    customer: ofCustomer,
    steps: z.int(),
    startable: z.boolean().meta({ description: 'The caller may start it.' }),
    input: form,
  })
  .meta({ id: 'ProcessSummary' })

const edge = z.object({ outcome: z.string(), next: z.string(), end: z.boolean() })

export const graph = z
  .object({ steps: z.array(z.object({ id: z.string(), outcomes: z.array(edge) })), ends: z.array(z.string()), runs: z.int() })
  .meta({ id: 'Graph', description: 'Where each outcome leads, found by trying the process.' })

const step = z.looseObject({
  title,
  who: z.array(z.string()),
  outcomes: z.record(z.string(), z.looseObject({ title, form: form.optional(), irreversible: z.boolean().optional() })),
  limit: limit.optional(),
})

export const processDetail = z
  .object({
    no: z.string(),
    id: z.string(),
    family: z.string(),
    title,
    purpose,
    customer: ofCustomer,
    startable: z.boolean(),
    input: form,
    steps: z
      .record(z.string(), step)
      .meta({ description: 'Steps of the specification, with roles, limits with their mark, outcomes and forms.' }),
    ends: z.record(z.string(), z.looseObject({ title })),
    clocks: z.record(z.string(), z.looseObject({ title, limit })).optional(),
    raise: z.object({ step: z.string(), to: z.string(), end: z.string() }).optional(),
    rules: z.array(title).optional(),
    differences: z.array(z.object({ step: z.string(), outcome: z.string(), reason: z.string() })).optional(),
    graph,
  })
  .meta({ id: 'Process' })

export const processParams = z.strictObject({ id })
