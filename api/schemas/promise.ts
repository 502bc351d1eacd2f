import { z } from 'zod'
import { instant, title } from './common.ts'

const promiseLine = z
  .object({
    step: z.string(),
    title,
    process: z.string().nullable().meta({ description: 'Process of the step, where it is one of an order under this one.' }),
    key: z.string().nullable(),
    why: z.enum(['open', 'waiting', 'ahead', 'date', 'child']).meta({
      description:
        'open: is being done; waiting: is suspended; ahead: follows, at its limit; date: follows, and a date of the order says when; child: is another order, whose steps are the lines below it.',
    }),
    child: z.string().nullable().meta({ description: 'Process of the order that the step is.' }),
    clock: z.string().nullable().meta({ description: "The order's clock that gives a step without a limit of its own its time." }),
    limit: title.nullable().meta({ description: 'How long; null where a date says when, and where there is no limit.' }),
    calendar: z.string().nullable(),
    mark: z.string().nullable().meta({ description: 'How sure the source documents are of the limit.' }),
    policy: z.string().nullable(),
    from: instant,
    until: instant,
  })
  .meta({ id: 'PromiseLine' })

export const promise = z
  .object({
    order: z.string(),
    at: instant
      .nullable()
      .meta({ description: 'When the order is promised to be done, or was last; null where it has no limit to promise by.' }),
    firstAt: instant.nullable().meta({ description: 'What was promised when it opened.' }),
    moves: z
      .array(z.object({ seq: z.int(), at: instant, from: instant, to: instant }))
      .meta({ description: 'Events that moved the promise, oldest first. It moves with an hour of work or more.' }),
    expectedAt: instant.nullable().meta({
      description:
        'Where the lines lead: within an hour of work of the promise. Null where the order has ended, and where nothing that remains has a limit.',
    }),
    lines: z.array(promiseLine).meta({ description: 'What the promise rests on, as of the latest event.' }),
  })
  .meta({ id: 'Promise' })
