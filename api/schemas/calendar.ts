/** Calendars: working time in versions, day by day. */
import { z } from 'zod'
import { boolParam, id, instant, instantIn, intParam, line, names } from './common.ts'
import { told } from './told.ts'

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, told('须为 YYYY-MM-DD', 'YYYY-MM-DD'))
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, told('须为 HH:MM', 'HH:MM'))

export const calendarSpec = z
  .strictObject({
    timeZone: z.string().min(1).max(60),
    continuous: z.boolean().default(false).meta({ description: 'Around the clock; then there are no shifts, holidays or make-up days.' }),
    shifts: z.array(z.strictObject({ weekday: z.literal([1, 2, 3, 4, 5, 6, 7]), from: time, to: time })).max(100),
    holidays: z.array(date).max(2_000),
    makeUpDays: z.array(date).max(2_000),
    publishedYears: z
      .array(z.int().min(1970).max(2199))
      .max(200)
      .meta({ description: 'Years whose holidays are published; all others are provisional.' }),
  })
  .meta({ id: 'CalendarSpec' })

const head = {
  id: z.string(),
  version: z.int(),
  state: z.enum(['past', 'in-force', 'announced']),
  validFrom: instant,
  changedBy: z.string().nullable(),
  note: z.string().nullable(),
}
const version = z.object({ ...head, spec: calendarSpec }).meta({ id: 'CalendarVersion' })

export const calendarList = z.object({ items: z.array(version), names })

export const calendarParams = z.strictObject({ id })
export const calendarQuery = z.strictObject({ year: intParam(1970, 2199, 0).meta({ description: 'Default: this year.' }) })

const kind = z.enum(['work', 'off', 'holiday', 'make-up'])

export const calendarYear = z
  .object({
    calendar: version,
    year: z.int(),
    provisional: z.boolean().meta({ description: 'Its holidays are not published.' }),
    days: z.array(z.object({ date, weekday: z.int(), kind, work: z.number().meta({ description: 'Working time, ms.' }) })),
    versions: z.array(z.object(head)).meta({ description: 'The latest first.' }),
    names,
  })
  .meta({ id: 'CalendarYear' })

export const calendarChangeQuery = z.strictObject({ preview: boolParam.meta({ description: 'Only say what would change.' }) })
export const calendarIn = z.strictObject({
  spec: calendarSpec,
  validFrom: instantIn.optional().meta({ description: 'Not in the past. Without: at once.' }),
  note: line(400).trim().min(1).meta({ description: 'Why.' }),
})

const side = z.object({ kind, work: z.number() })

export const calendarChange = z
  .object({
    preview: z.boolean(),
    calendar: version,
    before: version,
    days: z.array(z.object({ date, from: side, to: side })).meta({ description: 'Days that differ, last year to the second from now.' }),
    fields: z.array(z.string()).meta({ description: 'What of the wording differs.' }),
    orders: z
      .object({
        count: z.int(),
        items: z.array(
          z.object({
            id: z.string(),
            no: z.string().nullable(),
            title: z.string(),
            process: z.string(),
            clock: z.string(),
            dueAt: instant,
          }),
        ),
      })
      .meta({
        description:
          'Open orders with a limit on this calendar, those in sight by due instant. Limits that run keep the version they began with.',
      }),
  })
  .meta({ id: 'CalendarChange' })
