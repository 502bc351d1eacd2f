/** Who has how much to do, and when. */
import { z } from 'zod'
import { id, instant, instantIn, names, page, paging, title } from './common.ts'
import { told } from './told.ts'

const whose = {
  unit: id.optional().meta({ description: 'This unit and those under it. Default: the units of the caller and those under them.' }),
  role: id.optional(),
}

const stretch = z.object({ from: instant, to: instant })
const absence = stretch.extend({ reason: z.string() })

const who = {
  person: z.string(),
  name: title,
  unit: z.string(),
  region: z.string(),
}

export const loadQuery = z.strictObject({ ...paging, ...whose, skill: id.optional() })

export const staffLoad = z.object({
  items: z.array(
    z
      .object({
        ...who,
        roles: z.array(z.string()),
        skills: z.array(z.object({ skill: z.string(), level: z.int() })),
        onShift: z.boolean().nullable().meta({ description: 'Null where no hours are written down.' }),
        shiftEnds: instant.nullable(),
        absent: z.boolean().meta({ description: 'Away now.' }),
        absences: z.array(absence).meta({ description: 'Of the next 14 days.' }),
        delegate: z.string().nullable().meta({ description: 'Who acts in his place now.' }),
        tasks: z.int().meta({ description: 'Open tasks.' }),
        atRisk: z.int().meta({ description: 'Of which a warning has fired.' }),
        overdue: z.int(),
        doneToday: z.int().meta({ description: 'Done since midnight, China time.' }),
        capacity: z.int().nullable(),
        freeAt: instant
          .nullable()
          .meta({ description: 'When he is next on duty and not away; now, where he is. Null: at capacity, or not within 14 days.' }),
      })
      .meta({ id: 'StaffLoad' }),
  ),
  names,
  page,
})

const DAYS = 15

export const timelineQuery = z
  .strictObject({ ...paging, ...whose, from: instantIn, to: instantIn })
  .refine(
    ({ from, to }) => from < to && to - from <= DAYS * 86_400_000,
    told(`须晚于开始，最多 ${DAYS} 天`, `after from, by ${DAYS} days at most`, ['to']),
  )

export const timeline = z.object({
  items: z.array(
    z
      .object({
        ...who,
        shifts: z.array(stretch).nullable(),
        absences: z.array(absence),
        tasks: z.array(
          z.object({
            order: z.string(),
            orderNo: z.string().nullable(),
            orderTitle: z.string(),
            task: z.string(),
            step: z.string(),
            title,
            process: z.string(),
            status: z.string(),
            from: instant.meta({ description: 'When it was accepted; before that, when it was opened.' }),
            dueAt: instant.nullable(),
            closedAt: instant.nullable(),
            overdue: z.boolean(),
          }),
        ),
      })
      .meta({ id: 'TimelineRow' }),
  ),
  names,
  page,
})
