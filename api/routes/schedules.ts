/** Time starts orders: daily, monthly, per billing period. */
import { z } from 'zod'
import { logAdmin } from '../../prisma/admin-log.ts'
import type { Caller } from '../http/operation.ts'
import { etag, expectedVersion } from '../http/etag.ts'
import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { namesOf } from '../queries/names.ts'
import { lastRuns, readRuns, readSchedules, type RunRow, type ScheduleRow } from '../queries/schedules.ts'
import { transaction } from '../queries/sql.ts'
import { putSchedule, removeSchedule, requireInReach, requireSchedule } from '../schedules/keep.ts'
import { schedule, scheduleIn, scheduleParams, scheduleRuns, schedules } from '../schemas/schedule.ts'

const RUNS = 50

const runOf = ({ at, order_id: order, no, status, end, started_at: startedAt }: RunRow) => ({
  at: at.toISOString(),
  order,
  no,
  status,
  end,
  startedAt: startedAt.toISOString(),
})

async function shown(deps: Deps, row: ScheduleRow, last: RunRow | undefined) {
  // Nobody waits for an engine that is down to read what stands in the record.
  const next = await deps.engine.schedules.next(row.id).catch(() => null)
  const { customer_id: customerId, region_path: region, time_zone: timeZone, catch_up: catchUp, changed_by: changedBy } = row
  return {
    id: row.id,
    process: row.process,
    title: row.title,
    customerId,
    region,
    input: row.input,
    cron: row.cron,
    timeZone,
    overlap: row.overlap,
    catchUp,
    paused: row.paused,
    note: row.note,
    version: row.version,
    changedBy,
    changedAt: row.changed_at.toISOString(),
    last: last ? runOf(last) : null,
    next: next && next.slice(0, 5).map((at) => at.toISOString()),
  }
}

const readable = ({ ability }: Caller): void => {
  if (!ability.can('read', 'Schedule')) throw new Problem('NOT_ALLOWED')
}

export const scheduleOperations = [
  operation({
    id: 'listSchedules',
    method: 'get',
    path: '/schedules',
    tag: 'Schedules',
    summary: 'What time starts, with the latest run and the next',
    answers: { 200: { description: 'Those of the own region.', schema: schedules } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const { deps, principal } = ctx
      readable(ctx)
      const found = await readSchedules(deps.pool, { below: principal.region.path })
      const last = await lastRuns(
        deps.pool,
        found.map(({ id }) => id),
      )
      const items = await Promise.all(found.map((row) => shown(deps, row, last.get(row.id))))
      return {
        status: 200,
        body: {
          items,
          names: await namesOf(
            deps.pool,
            found.map(({ changed_by: by }) => by),
          ),
        },
      }
    },
  }),
  operation({
    id: 'putSchedule',
    method: 'post',
    path: '/schedules/{id}',
    tag: 'Schedules',
    summary: 'Make a schedule, or change it',
    params: scheduleParams,
    body: scheduleIn,
    headers: [{ name: 'If-Match', description: 'The ETag on which it was decided: 412 where it has changed since; "0" for a new one.' }],
    answers: {
      201: { description: 'As it is now.', schema: schedule, headers: ['ETag'] },
      200: { description: 'Had been written by the same request before.', schema: schedule },
    },
    problems: [
      'NOT_ALLOWED',
      'POLICY_CHANGED',
      'BAD_VERSION',
      'UNKNOWN_PROCESS',
      'UNKNOWN_REFERENCE',
      'FORM_INVALID',
      'ENGINE_UNAVAILABLE',
    ],
    async handle(ctx) {
      const { deps, req, principal, params, body, key, now } = ctx
      const expect = expectedVersion(req)
      const request = { principal: principal.id, key, route: 'putSchedule', content: { params, body, expect }, now }
      return once(deps.pool, request, async (client) => {
        const row = await putSchedule(deps, client, ctx, { id: params.id, body, expect, now })
        const last = await lastRuns(client, [row.id])
        return { status: 201, body: await shown(deps, row, last.get(row.id)), headers: { ETag: etag(row.version) } }
      })
    },
  }),
  operation({
    id: 'removeSchedule',
    method: 'delete',
    path: '/schedules/{id}',
    tag: 'Schedules',
    summary: 'Remove a schedule; the orders that it opened stay',
    params: scheduleParams,
    answers: { 204: { description: 'Removed.' } },
    problems: ['NOT_ALLOWED', 'ENGINE_UNAVAILABLE'],
    async handle(ctx) {
      await transaction(ctx.deps.pool, (client) => removeSchedule(ctx.deps, client, ctx, ctx.params.id, ctx.now))
      return { status: 204 }
    },
  }),
  operation({
    id: 'runSchedule',
    method: 'post',
    path: '/schedules/{id}/runs',
    tag: 'Schedules',
    summary: 'Run a schedule now',
    params: scheduleParams,
    answers: { 202: { description: 'Told to the engine; the run follows.', schema: z.object({ schedule: z.string() }) } },
    problems: ['NOT_ALLOWED', 'ENGINE_UNAVAILABLE'],
    async handle(ctx) {
      const { deps, principal, params, key, now } = ctx
      const request = { principal: principal.id, key, route: 'runSchedule', content: params, now }
      requireInReach(ctx, await requireSchedule(deps.pool, ctx, params.id))
      return once(deps.pool, request, async (client) => {
        await deps.engine.schedules.trigger(params.id, `${principal.id}-${key}`)
        await logAdmin(client, { actor: principal.id, action: 'schedule-run', subject: params.id, at: now })
        return { status: 202, body: { schedule: params.id } }
      })
    },
  }),
  operation({
    id: 'listScheduleRuns',
    method: 'get',
    path: '/schedules/{id}/runs',
    tag: 'Schedules',
    summary: 'What the runs of a schedule opened',
    params: scheduleParams,
    answers: { 200: { description: 'The latest first.', schema: scheduleRuns } },
    async handle(ctx) {
      const { id } = await requireSchedule(ctx.deps.pool, ctx, ctx.params.id)
      return { status: 200, body: { items: (await readRuns(ctx.deps.pool, id, RUNS)).map(runOf) } }
    },
  }),
]
