import { z } from 'zod'
import { fieldCodes, problemCodes } from '../problem-codes.ts'
import { title } from './common.ts'

const codes = Object.keys(problemCodes) as [keyof typeof problemCodes, ...(keyof typeof problemCodes)[]]

export const problem = z
  .object({
    type: z.string().meta({ example: 'urn:paidan:problem:not-accepted' }),
    title: z.string().meta({ description: 'What is wrong and what to do, in the language of Accept-Language (en, zh).' }),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string().optional().meta({ description: 'More precisely; English.' }),
    says: title.optional().meta({ description: 'What to show of the detail, in both languages.' }),
    errors: z
      .array(
        z.object({
          field: z.string(),
          code: z.enum([...fieldCodes, ...codes]),
          detail: z.string().optional().meta({ description: 'English.' }),
          says: title.meta({ description: 'What to show beside the field, in both languages.' }),
        }),
      )
      .optional(),
    instance: z.string(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' })
