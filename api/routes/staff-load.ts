import { operation } from '../http/operation.ts'
import { listLoad, listTimeline } from '../queries/staff-load.ts'
import { loadQuery, staffLoad, timeline, timelineQuery } from '../schemas/staff-load.ts'

export const staffLoadOperations = [
  operation({
    id: 'listLoad',
    method: 'get',
    path: '/staff/load',
    tag: 'Work',
    summary: 'The people of units: on duty or away, what they have to do, when they are free',
    query: loadQuery,
    answers: { 200: { description: 'A page by unit and id.', schema: staffLoad } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    handle: async ({ deps, principal, ability, now, query }) => ({
      status: 200,
      body: await listLoad(deps, { principal, ability, now }, query),
    }),
  }),
  operation({
    id: 'listTimeline',
    method: 'get',
    path: '/staff/timeline',
    tag: 'Work',
    summary: 'People over time: hours of duty, absences, tasks from acceptance to their limit',
    query: timelineQuery,
    answers: { 200: { description: 'A page by unit and id.', schema: timeline } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    handle: async ({ deps, principal, ability, now, query }) => ({
      status: 200,
      body: await listTimeline(deps, { principal, ability, now }, query),
    }),
  }),
]
