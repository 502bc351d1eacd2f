/** Schedules as they come in and go out. */
import { z } from 'zod'
import { scheduleWords } from '../../domain/schedule/run.ts'
import { facts, id, instant, line, names } from './common.ts'
import { told } from './told.ts'

const field = '(\\*|[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)(/[0-9]+)?'

const timeZone = z.string().refine(
  (zone) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
    } catch {
      return false
    }
  },
  told('须为时区名称，例如 Asia/Shanghai', 'a name of the time zone database, like Asia/Shanghai'),
)

export const scheduleIn = z
  .strictObject({
    process: id,
    title: line(200).min(1),
    customerId: id.optional().meta({ description: "Left out where the process is the company's own work." }),
    region: z.string().max(200).optional().meta({ description: 'Where its orders belong. Default: the region of who makes it.' }),
    input: facts.default({}).meta({ description: `Facts of the start. Words of the run's own day: ${scheduleWords.join(', ')}.` }),
    cron: z
      .string()
      .max(100)
      .regex(
        new RegExp(`^${field}( ${field}){4}$`),
        told('须为五段：分、时、日、月、星期（0 为星期日）', 'five fields: minute, hour, day of month, month, day of week (0 is Sunday)'),
      )
      .meta({ example: '0 6 * * *' }),
    timeZone: timeZone.default('Asia/Shanghai'),
    overlap: z
      .enum(['skip', 'buffer-one', 'allow-all'])
      .default('skip')
      .meta({ description: 'While the order of the run before is open: leave the run out, keep one waiting, or open the next beside it.' }),
    catchUp: z
      .int()
      .min(1)
      .max(24 * 90)
      .default(48)
      .meta({ description: 'Hours for which a run that was missed is made up for.' }),
    paused: z.boolean().default(false),
    note: line(500).optional(),
  })
  .meta({ id: 'ScheduleIn' })

const run = z
  .object({
    at: instant.meta({ description: 'The instant that the schedule means.' }),
    order: z.string(),
    no: z.string().nullable(),
    status: z.string().nullable().meta({ description: 'Of the order; null until it is there.' }),
    end: z.string().nullable(),
    startedAt: instant,
  })
  .meta({ id: 'ScheduleRun' })

export const schedule = z
  .object({
    id: z.string(),
    process: z.string(),
    title: z.string(),
    customerId: z.string().nullable(),
    region: z.string(),
    input: facts,
    cron: z.string(),
    timeZone: z.string(),
    overlap: z.string(),
    catchUp: z.int(),
    paused: z.boolean(),
    note: z.string().nullable(),
    version: z.int(),
    changedBy: z.string(),
    changedAt: instant,
    last: run.nullable(),
    next: z.array(instant).nullable().meta({ description: 'The next instants; null where the engine did not say.' }),
  })
  .meta({ id: 'Schedule' })

export const schedules = z.object({ items: z.array(schedule), names })
export const scheduleRuns = z.object({ items: z.array(run) })
export const scheduleId = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$/, told('只能用小写字母、数字和 -', 'small letters, digits and - only'))
export const scheduleParams = z.strictObject({ id: scheduleId })
