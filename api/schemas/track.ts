/** What a customer sees and may do on the page of his order. */
import { z } from 'zod'
import { LONG_TEXT, facts, form, id, instant, line, orderId, title } from './common.ts'

export const trackLinkIn = z.strictObject({
  contactId: id
    .optional()
    .meta({ description: 'Whose link it is, of the people at the customer. Without, whoever has it acts for the customer.' }),
  expiresAt: z.iso.datetime({ offset: true }).optional().meta({ description: 'Until when it holds; without, until it is revoked.' }),
})

export const trackLink = z
  .object({
    id: z.string(),
    contact: z.object({ id: z.string(), name: title }).nullable(),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    active: z.boolean().meta({ description: 'It holds now.' }),
  })
  .meta({ id: 'TrackLink' })

export const trackLinkMade = trackLink.extend({
  token: z.string().optional().meta({ description: 'Only in the first answer; a repeat of the request leaves it out.' }),
  url: z.string().optional().meta({ description: "The customer's page." }),
})

export const trackLinkParams = z.strictObject({ id: orderId, link: id })

/** 256 bits in base64url. */
export const trackParams = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })

const asked = z
  .object({
    order: z.string(),
    task: z.string(),
    ask: title,
    outcomes: z.array(z.object({ id: z.string(), title, form })).meta({ description: 'Answers to give with `complete`.' }),
    party: z.string().nullable().meta({ description: 'For whom to `sign`.' }),
    answers: z.array(z.object({ id: z.string(), title })),
  })
  .meta({ id: 'Asked' })

export const track = z
  .object({
    no: z.string().nullable(),
    title,
    status: z.enum(['open', 'done', 'withdrawn']),
    openedAt: instant,
    closedAt: instant.nullable(),
    steps: z.array(
      z.object({
        title,
        state: z.enum(['done', 'now', 'upcoming']),
        at: instant.nullable().meta({ description: 'When it was done, or since when it is being done.' }),
      }),
    ),
    promise: z
      .object({
        at: instant,
        first: instant,
        moved: z
          .array(z.object({ at: instant, from: instant, to: instant }))
          .meta({ description: 'Each time that it moved, oldest first.' }),
      })
      .nullable(),
    asked: z.array(asked).meta({ description: 'What is asked of the customer now.' }),
    messages: z.array(z.object({ at: instant, from: z.enum(['us', 'you']), text: z.string() })),
  })
  .meta({ id: 'Track', description: 'An order as its customer sees it.' })

const task = id.meta({ description: 'Of `asked`.' })
const order = orderId.optional().meta({ description: 'Of `asked`; without, the order of the page.' })

export const trackCommand = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('complete'), order, task, outcome: id, form: facts.optional() }),
    z.strictObject({
      type: z.literal('sign'),
      order,
      task,
      party: id.default('customer'),
      answer: id,
      opinion: line(LONG_TEXT).optional(),
    }),
    z.strictObject({ type: z.literal('comment'), order, text: line(LONG_TEXT) }),
  ])
  .meta({ id: 'TrackCommand' })

export const trackFile = z
  .object({ id: z.string(), order: z.string(), task: z.string(), name: z.string(), mime: z.string(), size: z.int() })
  .meta({ id: 'TrackFile' })
