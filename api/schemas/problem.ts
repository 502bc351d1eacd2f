import { z } from 'zod'
import { fieldCodes, problemCodes } from '../problem-codes.ts'

const codes = Object.keys(problemCodes) as [keyof typeof problemCodes, ...(keyof typeof problemCodes)[]]

export const problem = z
  .object({
    type: z.string().meta({ example: 'urn:paidan:problem:not-accepted' }),
    title: z.string().meta({ description: 'What is wrong and what to do, in the language of Accept-Language (en, zh).' }),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), code: z.enum([...fieldCodes, ...codes]), detail: z.string().optional() })).optional(),
    instance: z.string(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' })
