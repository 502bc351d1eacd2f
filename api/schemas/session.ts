import { z } from 'zod'
import { commandTypes } from '../../domain/order/command.ts'
import { id, instant, title } from './common.ts'
import { policyKinds } from './policy.ts'

export const login = z.strictObject({
  login: z.string().min(1).max(64),
  password: z.string().min(1).max(1024),
  kind: z
    .enum(['cookie', 'bearer'])
    .default('cookie')
    .meta({ description: 'cookie: for browsers, the answer sets it. bearer: for programs, the answer carries `token`.' }),
})

export const sessionStarted = z.object({
  staff: z.string(),
  kind: z.enum(['cookie', 'bearer']),
  expiresAt: instant,
  token: z.string().optional().meta({ description: 'Shown once; send it as `Authorization: Bearer …`.' }),
})

const subjects = ['Order', 'Task', 'Rung', 'Customer', 'Service', 'Staff', 'OrgUnit', 'Policy', 'Process', 'Notification'] as const

/** What administration looks after. */
const kept = ['Staff', 'OrgUnit', 'Calendar', 'Schedule', 'Settlement', 'Retention'] as const

export const me = z
  .object({
    id: z.string(),
    login: z.string(),
    name: title,
    lang: z.enum(['en', 'zh']),
    unit: z.object({ id: z.string(), name: title, kind: z.string() }),
    region: z.object({ path: z.string(), name: title }),
    roles: z.array(z.object({ role: z.string(), title, unit: z.string(), groups: z.array(z.string()) })),
    external: z.boolean().meta({ description: 'Sees only orders that involve this person or unit.' }),
    standsFor: z
      .array(z.object({ id: z.string(), name: title }))
      .meta({ description: 'Absent colleagues who have delegated to this person.' }),
    session: z.object({ kind: z.enum(['cookie', 'bearer', 'token']), expiresAt: instant.nullable() }),
    may: z.object({
      start: z.array(z.string()).meta({ description: 'Processes that this person may start.' }),
      command: z
        .array(z.enum(commandTypes))
        .meta({ description: 'Commands that the roles allow at all; each order says which it takes now.' }),
      read: z.array(z.enum(subjects)),
      change: z
        .array(z.enum(kept))
        .meta({ description: 'What this person looks after: people, units, calendars, schedules, schemes, campaigns.' }),
      policies: z.array(z.enum(policyKinds)).meta({ description: 'Kinds of policies that this person may change.' }),
      audit: z.boolean(),
      attach: z.boolean(),
    }),
  })
  .meta({ id: 'Me' })

export const sessionList = z.object({
  items: z.array(
    z
      .object({
        id: z.string(),
        kind: z.enum(['cookie', 'bearer']),
        current: z.boolean().meta({ description: 'The one of this request.' }),
        userAgent: z.string().nullable(),
        createdAt: instant,
        lastSeenAt: instant.meta({ description: 'To the minute.' }),
        expiresAt: instant,
      })
      .meta({ id: 'Session' }),
  ),
})

const scope = z.enum(['read', 'work', 'money', 'admin'])

export const token = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(scope),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'Token' })

export const tokenIn = z.strictObject({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(scope).min(1).max(4).default(['read', 'work']).meta({
    description: 'read: every GET. work: changes of orders and files. money: payments, settlement, retention. admin: all other changes.',
  }),
  days: z.int().min(1).max(365).default(90).meta({ description: 'Days until it expires.' }),
})

export const tokenMade = token.extend({
  token: z.string().optional().meta({ description: 'The secret. Only in the first answer; a repeat of the request leaves it out.' }),
})

export const tokenParams = z.strictObject({ id })
