import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { listBreaches } from '../queries/breaches.ts'
import { listNotifications, readAllNotifications, readNotification } from '../queries/notifications.ts'
import { namesOf } from '../queries/names.ts'
import { isOwn, listOffers, listTasks } from '../queries/tasks.ts'
import {
  breachList,
  breachesQuery,
  notification,
  notificationList,
  notificationParams,
  notificationsQuery,
  offerParams,
  offers,
  readAll,
  readAllIn,
  taskList,
  tasksQuery,
} from '../schemas/task.ts'
import { requireInSight } from './orders.ts'

export const taskOperations = [
  operation({
    id: 'listTasks',
    method: 'get',
    path: '/tasks',
    tag: 'Work',
    summary: 'Queues: mine, of my units, undispatched, overdue, all',
    query: tasksQuery,
    answers: { 200: { description: 'A page by due instant; what has no limit comes last.', schema: taskList } },
    problems: ['BAD_CURSOR'],
    async handle({ deps, principal, ability, now, query }) {
      return { status: 200, body: await listTasks(deps.pool, deps.catalogue, { principal, ability, now }, query) }
    },
  }),
  operation({
    id: 'explainOffer',
    method: 'get',
    path: '/tasks/{order}/{task}/offer',
    tag: 'Work',
    summary: 'Why a task was offered to whom',
    params: offerParams,
    answers: { 200: { description: 'The latest offer first.', schema: offers } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const { deps, principal, ability, params } = ctx
      await requireInSight(ctx, params.order)
      // It names colleagues and their load: for our own people, and for whom it concerns.
      if (!ability.can('audit', 'Order') && !(await isOwn(deps.pool, principal, params.order, params.task)))
        throw new Problem('NOT_ALLOWED')
      const items = await listOffers(deps.pool, params.order, params.task)
      if (items.length === 0)
        throw new Problem('NOT_FOUND', { says: { zh: '该任务不是由系统派出的', en: 'the task has not been offered by the machine' } })
      return { status: 200, body: { items, names: await namesOf(deps.pool, idsIn(items)) } }
    },
  }),
  operation({
    id: 'listBreaches',
    method: 'get',
    path: '/breaches',
    tag: 'Work',
    summary: 'Rungs that fired: warnings and breaches, open and past',
    query: breachesQuery,
    answers: { 200: { description: 'A page, the latest first.', schema: breachList } },
    problems: ['BAD_CURSOR'],
    async handle({ deps, principal, ability, query }) {
      return { status: 200, body: await listBreaches(deps.pool, principal, ability, query) }
    },
  }),
  operation({
    id: 'listNotifications',
    method: 'get',
    path: '/notifications',
    tag: 'Work',
    summary: 'My inbox',
    query: notificationsQuery,
    answers: { 200: { description: 'A page, the latest first.', schema: notificationList } },
    problems: ['BAD_CURSOR'],
    async handle({ deps, principal, query }) {
      return { status: 200, body: await listNotifications(deps.pool, principal.id, query) }
    },
  }),
  operation({
    id: 'readAllNotifications',
    method: 'post',
    path: '/notifications/read-all',
    tag: 'Work',
    summary: 'Mark all notifications as read',
    body: readAllIn,
    answers: { 200: { description: 'How many were, and how many are left.', schema: readAll } },
    async handle({ deps, principal, body, key, now }) {
      return once(deps.pool, { principal: principal.id, key, route: 'readAllNotifications', content: body, now }, async (client) => ({
        status: 200,
        body: await readAllNotifications(client, principal.id, body.until, now),
      }))
    },
  }),
  operation({
    id: 'readNotification',
    method: 'post',
    path: '/notifications/{id}/read',
    tag: 'Work',
    summary: 'Mark a notification as read',
    params: notificationParams,
    answers: { 200: { description: 'Read.', schema: notification } },
    async handle({ deps, principal, params, key, now }) {
      return once(deps.pool, { principal: principal.id, key, route: 'readNotification', content: params, now }, async (client) => {
        const read = await readNotification(client, principal.id, params.id, now)
        if (!read) throw new Problem('NOT_FOUND')
        return { status: 200, body: read }
      })
    },
  }),
]

/** Everything in an explanation that may be somebody's id. */
function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length <= 100 ? [value] : []
  if (Array.isArray(value)) return value.flatMap(idsIn)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => [key, ...idsIn(item)])
}
