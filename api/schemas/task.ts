import { z } from 'zod'
import { boolParam, id, instant, names, orderId, ordersParam, page, paging, title } from './common.ts'
import { told } from './told.ts'

export const lanes = ['mine', 'unit', 'undispatched', 'offered', 'working', 'waiting', 'risk', 'overdue', 'approvals', 'all'] as const
export type Lane = (typeof lanes)[number]

/** Lanes are counted up to here; more is shown as this number. */
export const COUNT_CAP = 200

export const tasksQuery = z.strictObject({
  ...paging,
  lane: z.enum(lanes).default('mine').meta({
    description:
      'mine: offered to me or held by me. unit: of my units. The others are in what I may see: undispatched, offered, working (accepted or automatic) and waiting (suspended, or for another order) by status; risk (a warning has fired, the limit lies ahead) and overdue across them. approvals: what waits for my word: tasks that somebody asks to suspend or wants more time for, where I may grant it, and signatures that are asked of me or of my unit.',
  }),
  order: ordersParam(50).meta({ type: 'string', description: 'Of these orders alone: up to 50 ids, separated by commas.' }),
  process: id.optional(),
  step: id.optional(),
  region: z.string().max(200).optional(),
  person: id.optional(),
  unit: id.optional(),
  product: id.optional(),
  counts: boolParam.meta({ description: 'Also count every lane (default true).' }),
})

export const taskItem = z
  .object({
    order: z.string(),
    task: z.string(),
    step: z.string(),
    title,
    process: z.string(),
    orderNo: z.string().nullable(),
    orderTitle: z.string(),
    customer: z.object({ id: z.string(), name: title }).nullable(),
    region: z.string(),
    priority: z.int(),
    status: z.string(),
    person: z.string().nullable(),
    unit: z.string().nullable(),
    absent: z.string().nullable(),
    queue: z.string().nullable(),
    party: z.string().nullable().meta({ description: 'The signature that is asked for, in a joint step.' }),
    openedAt: instant,
    acceptedAt: instant.nullable(),
    dueAt: instant.nullable(),
    breachedAt: instant.nullable(),
    overdue: z.boolean(),
    refusals: z.int(),
    pauseAsked: z.object({ reason: z.string(), party: z.string(), until: instant.nullable(), by: z.string() }).nullable().meta({
      description: 'In the lane of approvals: the suspension that is asked for. Without this and `extensionAsked`, it is a signature.',
    }),
    extensionAsked: z.object({ clock: z.string(), title, moreMs: z.number(), reason: z.string(), by: z.string() }).nullable().meta({
      description:
        'In the lane of approvals: the time that is asked for, and what its limit is called. A task may ask for both, and is then one entry.',
    }),
    rung: z
      .object({ pct: z.int(), firedAt: instant, lateMs: z.number() })
      .nullable()
      .meta({ description: 'The highest rung of its limits that has fired and is open.' }),
  })
  .meta({ id: 'TaskItem' })

export const taskList = z.object({
  items: z.array(taskItem),
  counts: z
    .object(Object.fromEntries(lanes.map((lane) => [lane, z.int()])) as Record<Lane, z.ZodInt>)
    .nullable()
    .meta({ description: `Open tasks per lane, at most ${COUNT_CAP}.` }),
  names,
  page,
})

export const offerParams = z.strictObject({ order: orderId, task: id })

export const offers = z.object({
  items: z.array(
    z
      .object({
        seq: z.int(),
        party: z.string().nullable(),
        chosen: z.string().nullable(),
        at: instant,
        digest: z.string().meta({ description: 'As the event carries it.' }),
        explanation: z.unknown().meta({ description: 'Why this one, and why not the others.' }),
      })
      .meta({ id: 'Offer' }),
  ),
  names,
})

export const breachesQuery = z.strictObject({
  ...paging,
  state: z.enum(['open', 'settled', 'all']).default('all'),
  minPct: z
    .enum(['0', '80', '100', '150', '200'])
    .default('0')
    .transform(Number)
    .meta({ type: 'integer', description: 'Rungs from this percentage; 100: breaches without warnings.' }),
  process: id.optional(),
  region: z.string().max(200).optional(),
  holder: id.optional(),
  unit: id.optional(),
  step: id.optional(),
  product: id.optional(),
})

export const breach = z
  .object({
    order: z.string(),
    orderNo: z.string().nullable(),
    orderTitle: z.string(),
    process: z.string(),
    clock: z.string(),
    task: z.string().nullable(),
    step: z.string().nullable(),
    pct: z.int(),
    dueAt: instant,
    firedAt: instant,
    lateMs: z.number().meta({ description: 'Fired minus due: how late the engine was, not the people.' }),
    holder: z.string().nullable(),
    unit: z.string().nullable(),
    region: z.string(),
    settledAt: instant.nullable(),
  })
  .meta({ id: 'Breach', description: 'A rung of a ladder that fired.' })

export const breachList = z.object({ items: z.array(breach), names, page })

export const notificationsQuery = z.strictObject({ ...paging, unread: boolParam })

const rendered = z.object({ subject: z.string(), body: z.string() })

export const notification = z
  .object({
    id: z.string(),
    order: z.string(),
    orderNo: z.string().nullable(),
    orderTitle: z.string(),
    template: z.string(),
    data: z.unknown(),
    message: z.object({ en: rendered, zh: rendered }).meta({ description: 'In words, in both languages.' }),
    state: z.string(),
    createdAt: instant,
    readAt: instant.nullable(),
  })
  .meta({ id: 'Notification' })

export const notificationList = z.object({ items: z.array(notification), unread: z.int(), page })

export const readAllIn = z.strictObject({
  until: z
    .string()
    .regex(/^\d{1,18}$/, told('须为数字', 'a number'))
    .optional()
    .meta({ description: 'The latest that was seen; what came after it stays unread.' }),
})
export const readAll = z.object({ read: z.int(), unread: z.int() })

export const notificationParams = z.strictObject({ id: z.string().regex(/^\d{1,18}$/, told('须为数字', 'a number')) })
