import { isDeepStrictEqual } from 'node:util'
import { BadWording } from '../../domain/calendar/bad-wording.ts'
import type { CalendarSpec } from '../../domain/calendar/calendar.ts'
import { type DayChange, dayChanges, daysOf } from '../../domain/calendar/year.ts'
import { logAdmin } from '../../prisma/admin-log.ts'
import { etag, expectedVersion } from '../http/etag.ts'
import { once } from '../http/idempotency.ts'
import { type Ctx, operation } from '../http/operation.ts'
import { Problem, wrongField } from '../problem.ts'
import { type CalendarRow, headOf, inForce, ordersOn, readCalendars, shownCalendar } from '../queries/calendars.ts'
import { namesOf } from '../queries/names.ts'
import { type Db, rows, sql } from '../queries/sql.ts'
import {
  calendarChange,
  calendarChangeQuery,
  calendarIn,
  calendarList,
  calendarParams,
  calendarQuery,
  calendarYear,
} from '../schemas/calendar.ts'

/** As with policies: by then it is written, so that no limit is set by a version that the recorder could not yet know. */
const SOON_MS = 1_000

function readable({ ability }: Pick<Ctx, 'ability'>): void {
  if (!ability.can('read', 'Policy')) throw new Problem('NOT_ALLOWED')
}

const chinaYear = (now: Date) => new Date(now.getTime() + 8 * 3_600_000).getUTCFullYear()

/** The next version and what it changes. @throws Problem NOT_FOUND, POLICY_CHANGED, VALIDATION_FAILED */
async function wanted(
  {
    now,
    params,
    body,
    req,
  }: Pick<
    Ctx<{ id: string }, unknown, { spec: Omit<CalendarSpec, 'id' | 'version'>; validFrom?: number | undefined; note: string }>,
    'now' | 'params' | 'body' | 'req'
  >,
  db: Db,
  by: string,
) {
  const versions = await readCalendars(db, params.id)
  const current = versions.at(-1)
  if (!current) throw new Problem('NOT_FOUND')
  const expect = expectedVersion(req)
  if (expect !== undefined && expect !== current.version)
    throw new Problem('POLICY_CHANGED', { says: { zh: `当前版本为 ${current.version}`, en: `it is at version ${current.version}` } })
  const from = new Date(body.validFrom ?? now.getTime() + SOON_MS)
  if (from < now) throw wrongField('validFrom', 'IN_PAST', { zh: '时间已过', en: 'it lies in the past' })
  if (from <= current.valid_from)
    throw wrongField('validFrom', 'INVALID', {
      zh: `版本 ${current.version} 自 ${current.valid_from.toISOString()} 起生效，请填写更晚的时间`,
      en: `version ${current.version} begins ${current.valid_from.toISOString()}: begin later`,
    })
  const { continuous, ...rest } = body.spec
  const spec: CalendarSpec = { id: params.id, version: current.version + 1, ...rest, ...(continuous && { continuous }) }
  const year = chinaYear(now)
  let days: DayChange[]
  try {
    days = dayChanges(current.spec, spec, [year - 1, year + 2])
  } catch (error) {
    if (error instanceof BadWording) throw wrongField('spec', 'INVALID', error.says)
    throw error
  }
  const fields = (['timeZone', 'continuous', 'shifts', 'holidays', 'makeUpDays', 'publishedYears'] as const).filter(
    (name) => !isDeepStrictEqual(current.spec[name] ?? false, spec[name] ?? false),
  )
  if (fields.length === 0)
    throw wrongField('spec', 'UNCHANGED', { zh: `与版本 ${current.version} 相同`, en: `version ${current.version} says the same` })
  const next: CalendarRow = { id: params.id, version: spec.version, spec, valid_from: from, changed_by: by, note: body.note }
  return { versions, current, next, days, fields }
}

export const calendarOperations = [
  operation({
    id: 'listCalendars',
    method: 'get',
    path: '/calendars',
    tag: 'Policies',
    summary: 'Calendars as they are in force',
    answers: { 200: { description: 'By id.', schema: calendarList } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      readable(ctx)
      const all = await readCalendars(ctx.deps.pool)
      const items = [...new Set(all.map(({ id }) => id))].map((id) => {
        const versions = all.filter((row) => row.id === id)
        return shownCalendar(inForce(versions, ctx.now)!, versions, ctx.now)
      })
      const names = await namesOf(
        ctx.deps.pool,
        items.map(({ changedBy }) => changedBy),
      )
      return { status: 200, body: { items, names } }
    },
  }),
  operation({
    id: 'getCalendar',
    method: 'get',
    path: '/calendars/{id}',
    tag: 'Policies',
    summary: 'A year of a calendar day by day, and its versions',
    params: calendarParams,
    query: calendarQuery,
    answers: { 200: { description: 'By the latest version.', schema: calendarYear, headers: ['ETag'] } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      readable(ctx)
      const { deps, now, params } = ctx
      const versions = await readCalendars(deps.pool, params.id)
      const latest = versions.at(-1)
      if (!latest) throw new Problem('NOT_FOUND')
      const year = ctx.query.year === 0 ? chinaYear(now) : ctx.query.year
      const names = await namesOf(
        deps.pool,
        versions.map(({ changed_by: by }) => by),
      )
      const body = {
        calendar: shownCalendar(latest, versions, now),
        year,
        provisional: latest.spec.continuous !== true && !latest.spec.publishedYears.includes(year),
        days: daysOf(latest.spec, year),
        versions: [...versions].reverse().map((row) => headOf(row, versions, now)),
        names,
      }
      return { status: 200, body, headers: { ETag: etag(latest.version) } }
    },
  }),
  operation({
    id: 'changeCalendar',
    method: 'post',
    path: '/calendars/{id}',
    tag: 'Policies',
    summary: 'Change a calendar: the next version, from an instant on',
    description: 'Limits that run keep the version they began with.',
    params: calendarParams,
    query: calendarChangeQuery,
    body: calendarIn,
    headers: [{ name: 'If-Match', description: 'The ETag of the version on which it was decided.' }],
    answers: {
      201: { description: 'Written.', schema: calendarChange, headers: ['ETag'] },
      200: {
        description: 'A preview; or, with Idempotent-Replayed, written before.',
        schema: calendarChange,
        headers: ['ETag', 'Idempotent-Replayed'],
      },
    },
    problems: ['NOT_ALLOWED', 'POLICY_CHANGED', 'BAD_VERSION'],
    async handle(ctx) {
      const { deps, ability, principal, params, query, body, key, now } = ctx
      if (!ability.can('change', 'Calendar'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '日历由省级总监维护', en: 'calendars are for the directors of the province' } })
      const answer = async (db: Db, { versions, current, next, days, fields }: Awaited<ReturnType<typeof wanted>>) => ({
        preview: query.preview === true,
        calendar: shownCalendar(next, [...versions, next], now),
        before: shownCalendar(current, versions, now),
        days,
        fields: [...fields],
        orders: await ordersOn(db, ctx, params.id),
      })
      if (query.preview) return { status: 200, body: await answer(deps.pool, await wanted(ctx, deps.pool, principal.id)) }
      const content = { params, body, expect: expectedVersion(ctx.req) }
      return once(deps.pool, { principal: principal.id, key, route: 'changeCalendar', content, now }, async (client) => {
        await rows(client, sql`SELECT pg_advisory_xact_lock(hashtextextended(${`calendar ${params.id}`}, 0))`)
        const change = await wanted(ctx, client, principal.id)
        const { next } = change
        await rows(
          client,
          sql`INSERT INTO calendar (id, version, spec, valid_from, changed_by, note)
              VALUES (${next.id}, ${next.version}, ${JSON.stringify(next.spec)}::jsonb, ${next.valid_from}, ${principal.id}, ${body.note})`,
        )
        const changed = await answer(client, change)
        const detail = {
          version: next.version,
          fields: change.fields,
          days: change.days.length,
          validFrom: next.valid_from.toISOString(),
          note: body.note,
        }
        await logAdmin(client, { actor: principal.id, action: 'calendar-changed', subject: params.id, detail, at: now })
        return { status: 201, body: changed, headers: { ETag: etag(next.version) } }
      })
    },
  }),
]
