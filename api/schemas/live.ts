import { z } from 'zod'
import { names } from './common.ts'
import { orderSummary } from './order.ts'
import { breach, notification } from './task.ts'

export const streamQuery = z.strictObject({
  lastEventId: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'As the header Last-Event-ID, for clients that cannot set one: go on after this event.' }),
})

/** The data of every event, by its name. */
export const liveEvents = {
  ready: z.object({ resumed: z.boolean().meta({ description: 'What was missed since the last event follows.' }) }),
  order: orderSummary.extend({ names }).meta({ id: 'LiveOrder', description: 'An order moved: as the list of orders shows it now.' }),
  gone: z
    .object({ id: z.string(), version: z.int() })
    .meta({ id: 'LiveGone', description: 'An order moved, and the caller no longer sees it.' }),
  rung: breach,
  notification,
  resync: z.object({
    reason: z
      .enum(['gap', 'connection', 'flood', 'unread', 'access'])
      .meta({ description: 'Something was missed: fetch anew what is shown.' }),
  }),
  beat: z.object({ at: z.string() }),
  end: z.object({ reason: z.enum(['session', 'draining']) }),
} as const

export type LiveEvent = keyof typeof liveEvents
