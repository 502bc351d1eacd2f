/** Parts that several operations share. The schemas check what comes in and are the source of the OpenAPI document. */
import { z } from 'zod'
import { told } from './told.ts'

export const title = z.object({ en: z.string(), zh: z.string() }).meta({ id: 'Title', description: 'A text in both languages.' })

export const instant = z.iso.datetime().meta({ description: 'Instant in UTC.' })

/** An instant that a client gives: any offset. Read as epoch ms. */
export const instantIn = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .meta({ type: 'string', format: 'date-time', description: 'Instant, ISO 8601 with offset.', example: '2026-01-05T09:00:00+08:00' })

/** Ids of orders, tasks, units, people: what may stand in an address. */
export const id = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:~-]*$/, told('只能用字母、数字和 . _ : ~ -', 'letters, digits and . _ : ~ - only'))

export const orderId = id.meta({ description: 'Id of an order.', example: 'ok3v7q2xw5m4n6p7r2s4t' })

export const fact = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
  .meta({ id: 'Fact', description: 'A value that an order knows. Money in fen; instants in epoch ms (an ISO 8601 text is taken too).' })

export const facts = z.record(z.string().min(1).max(60), fact)

/** A short text that somebody writes. */
export const line = (max: number) => z.string().max(max)

/** Longest note, comment or opinion. Above 400 characters the text lives in the record and the event carries its digest. */
export const LONG_TEXT = 20_000

export const names = z.record(z.string(), title).meta({ description: 'Names of the people and units that the answer mentions, by id.' })

export const page = z.object({
  limit: z.int(),
  next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last.' }),
})

/** A whole number in a query. */
export const intParam = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, told('须为整数', 'a whole number'))
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .optional()
    .transform((value) => value ?? fallback)
    .meta({ type: 'integer', minimum: min, maximum: max, default: fallback })

export const boolParam = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional()
  .meta({ type: 'boolean' })

/** Several values: `a,b` or the parameter repeated. */
export const listParam = <const T extends readonly [string, ...string[]]>(values: T) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((value) =>
      [value]
        .flat()
        .flatMap((part) => part.split(','))
        .filter((part) => part !== ''),
    )
    .pipe(z.array(z.enum(values)).max(20))
    .optional()
    .meta({ type: 'string', description: `One or several of ${values.join(', ')}, separated by commas.` })

/** Ids of orders, separated by commas. */
export const ordersParam = (most: number) =>
  z
    .string()
    .transform((value) => value.split(',').filter((part) => part !== ''))
    .pipe(z.array(id).min(1).max(most))
    .optional()

export const paging = {
  limit: intParam(1, 200, 50),
  cursor: z.string().min(1).max(1000).optional().meta({ description: 'From `page.next` of the page before.' }),
}

export const fieldType = z.enum([
  'text',
  'number',
  'money',
  'instant',
  'boolean',
  'choice',
  'unit',
  'person',
  'file',
  'customers',
  'units',
  'resources',
  'agent',
  'agents',
  'texts',
])

export const field = z
  .object({
    title,
    type: fieldType,
    required: z.boolean().optional(),
    requiredWith: z.union([z.string(), z.array(z.string())]).optional(),
    choices: z.array(z.string()).optional(),
    max: z.number().optional(),
    matches: z.object({ pattern: z.string(), example: z.string() }).optional().meta({ description: 'What a text must look like.' }),
    personal: z.literal(true).optional().meta({ description: "Sealed with the customer's key; erasable." }),
    by: z.literal('supervisor').optional().meta({ description: 'Only a supervisor may give it.' }),
  })
  .meta({ id: 'Field', description: 'A field of a form.' })

export const form = z.record(z.string(), field)

export const actor = z
  .object({
    kind: z.enum(['person', 'system', 'clock', 'order']),
    id: z.string(),
    for: z.string().optional().meta({ description: 'Absent colleague on whose behalf.' }),
  })
  .meta({ id: 'Actor' })

export const answer = z
  .object({
    order: z.string(),
    seq: z.int().meta({ description: 'Version of the order once the move is recorded; its ETag.' }),
  })
  .meta({ id: 'Answer' })
