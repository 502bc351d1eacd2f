/** Looking at a history: why a clock is due when it is, two moments beside each other, the whole of it as a file. */
import { z } from 'zod'
import { actor, instant, instantIn, intParam, names, title } from './common.ts'
import { told } from './told.ts'

export const clockLedgers = z
  .object({
    order: z.string(),
    items: z
      .array(
        z.object({
          clock: z.string(),
          kind: z.string(),
          task: z.string().nullable(),
          title: title.meta({ description: 'The step, or the name of the clock of the order.' }),
          dueAt: instant,
          state: z.enum(['running', 'paused', 'stopped']),
          budget: title.meta({ description: 'The limit in words.' }),
          budgetMs: z.number(),
          usedMs: z.number().meta({ description: 'Working time used up by now.' }),
          leftMs: z.number().meta({ description: 'What is left of it; below 0 when it is overrun.' }),
          calendar: z.object({ id: z.string(), version: z.int(), timeZone: z.string(), continuous: z.boolean() }).nullable(),
          policy: z
            .object({
              id: z.string(),
              version: z.int(),
              source: z.string().nullable(),
              mark: z.string(),
              budget: z.string().nullable(),
              validFrom: instant,
              changedBy: z.string().nullable(),
              note: z.string().nullable(),
            })
            .nullable()
            .meta({ description: 'The version of the limit that the clock began with.' }),
          ladder: z.array(z.object({ pct: z.int(), at: instant, fired: z.boolean() })),
          provisional: z.boolean().meta({ description: 'It reaches into a year whose holidays are not published.' }),
          lines: z.array(
            z.object({
              seq: z.int(),
              at: instant,
              what: z.enum(['started', 'set', 'paused', 'resumed', 'extended', 'stopped', 'reopened', 'rung']),
              dueAt: instant.nullable(),
              usedMs: z.number().nullable(),
              party: z.string().nullable(),
              reason: z.string().nullable(),
              byMs: z.number().nullable().meta({ description: 'How much it was extended, or how long the pause was.' }),
              pct: z.int().nullable(),
              lateMs: z.number().nullable(),
              actor,
              text: title,
            }),
          ),
          because: title.meta({ description: 'Why it is due when it is, in one sentence.' }),
        }),
      )
      .meta({ description: 'Clocks that run first, by due instant.' }),
    names,
  })
  .meta({ id: 'ClockLedgers' })

export const compareQuery = z
  .strictObject({
    from: intParam(1, 1_000_000, 0).meta({ description: 'Number of an event.' }),
    to: intParam(1, 1_000_000, 0),
    fromTime: instantIn.optional(),
    toTime: instantIn.optional(),
  })
  .refine(
    ({ from, fromTime }) => (from === 0) !== (fromTime === undefined),
    told('from 与 fromTime 只能填一个', 'from or fromTime, not both', ['from']),
  )
  .refine(({ to, toTime }) => (to === 0) !== (toTime === undefined), told('to 与 toTime 只能填一个', 'to or toTime, not both', ['to']))

const moment = z.object({ seq: z.int(), at: instant, hash: z.string() })

export const comparison = z
  .object({
    order: z.string(),
    from: moment,
    to: moment,
    changes: z.array(
      z.object({
        area: z.string().meta({ description: 'tasks, clocks, facts, parties … : the first part of the path.' }),
        path: z.array(z.string()),
        from: z.unknown().meta({ description: 'Null: it was not there.' }),
        to: z.unknown().meta({ description: 'Null: it is there no longer.' }),
      }),
    ),
    events: z.int().meta({ description: 'Events between the two.' }),
    names,
  })
  .meta({ id: 'Comparison' })

export const fileQuery = z.strictObject({ lang: z.enum(['zh', 'en']).default('zh') })
