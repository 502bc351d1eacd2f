/** The people of units: what they have to do, when they are there. */
import type { z } from 'zod'
import type { DutyHours, Stretch } from '../../domain/order/on-shift.ts'
import { dutyBetween, nextOnDuty, onShift } from '../../domain/order/on-shift.ts'
import { limitsVersion } from '../../prisma/reference.ts'
import { latestCalendars } from '../../prisma/people.ts'
import type { AppAbility } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import { Problem } from '../problem.ts'
import type { loadQuery, timelineQuery } from '../schemas/staff-load.ts'
import { limitsOf } from './limits.ts'
import { namesOf } from './names.ts'
import { type Sql, all, below, rows, sql } from './sql.ts'

/** How far ahead it is looked for when somebody is free. */
const AHEAD_MS = 14 * 86_400_000

interface Who {
  principal: Principal
  ability: AppAbility
  now: Date
}

interface PersonRow {
  id: string
  name_zh: string
  name_en: string
  unit_id: string
  region_path: string
  capacity: number | null
  hours: [number, number, number, string][] | null
  away: { from: string; to: string; reason: string }[] | null
}

interface Asked {
  unit?: string | undefined
  role?: string | undefined
  limit: number
  cursor?: string | undefined
}

/** The people asked for, in sight: their hours, and their absences between two instants. `more`: further columns of `s`. */
async function people<T extends PersonRow>(
  { pool }: Pick<Deps, 'pool'>,
  { principal, ability }: Who,
  asked: Asked & { skill?: string | undefined },
  [from, to]: [Date, Date],
  more: Sql,
) {
  if (!ability.can('read', 'Staff'))
    throw new Problem('NOT_ALLOWED', { says: { zh: '您的角色不能查看此列表', en: 'your roles do not let you read this list' } })
  const cursor = decodeCursor<readonly [string, string]>(asked.cursor, ['text', 'text'])
  const roots = asked.unit === undefined ? principal.units : [asked.unit]
  const conditions = [
    sql`s.active AND ${below(sql`u.region_path`, principal.region.path)}`,
    sql`(s.unit_id IN (SELECT id FROM under) OR EXISTS (SELECT FROM staff_role g WHERE g.staff_id = s.id AND g.unit_id IN (SELECT id FROM under)))`,
    asked.role !== undefined && sql`EXISTS (SELECT FROM staff_role g WHERE g.staff_id = s.id AND g.role = ${asked.role})`,
    asked.skill !== undefined && sql`EXISTS (SELECT FROM staff_skill k WHERE k.staff_id = s.id AND k.skill = ${asked.skill})`,
    cursor && sql`(s.unit_id, s.id) > (${cursor[0]}, ${cursor[1]})`,
  ]
  const found = await rows<T>(
    pool,
    sql`
    WITH RECURSIVE under(id) AS (SELECT id FROM org_unit WHERE id = ANY (${roots}) UNION SELECT u.id FROM org_unit u JOIN under ON u.parent_id = under.id)
    SELECT s.id, s.name_zh, s.name_en, s.unit_id, s.region_path, s.capacity,
           (SELECT json_agg(json_build_array(h.weekday, h.from_minute, h.to_minute, h.calendar)) FROM shift h WHERE h.staff_id = s.id) AS hours,
           (SELECT json_agg(json_build_object('from', b.from_at, 'to', b.to_at, 'reason', b.reason) ORDER BY b.from_at)
              FROM absence b WHERE b.staff_id = s.id AND b.to_at > ${from} AND b.from_at < ${to}) AS away ${more}
      FROM staff s JOIN org_unit u ON u.id = s.unit_id
     WHERE ${all(conditions)} ORDER BY s.unit_id, s.id LIMIT ${asked.limit + 1}`,
  )
  return paged(found, asked.limit, (row) => [row.unit_id, row.id])
}

async function calendarsOf({ pool }: Pick<Deps, 'pool'>, now: number) {
  const { rows: found } = await pool.query<{ version: string }>(`SELECT ${limitsVersion} AS version`)
  return latestCalendars(await limitsOf(pool, found[0]!.version), now)
}

const hoursOf = ({ hours }: PersonRow): DutyHours[] =>
  (hours ?? []).map(([weekday, from, to, calendar]) => ({ weekday, from, to, calendar }))
const awayOf = ({ away }: PersonRow) => (away ?? []).map(({ from, to, reason }) => ({ from: Date.parse(from), to: Date.parse(to), reason }))
const iso = (ms: number) => new Date(ms).toISOString()
const written = ({ from, to }: Stretch) => ({ from: iso(from), to: iso(to) })
const headOf = (row: PersonRow) => ({
  person: row.id,
  name: { zh: row.name_zh, en: row.name_en },
  unit: row.unit_id,
  region: row.region_path,
})

type LoadRow = PersonRow & {
  roles: string[]
  skills: { skill: string; level: number }[] | null
  delegate: string | null
  tasks: number
  at_risk: number
  overdue: number
  done_today: number
}

/** What everybody has to do now, by unit and id. @throws Problem NOT_ALLOWED, BAD_CURSOR */
export async function listLoad(deps: Pick<Deps, 'pool'>, who: Who, query: z.output<typeof loadQuery>) {
  const { now } = who
  const until = new Date(now.getTime() + AHEAD_MS)
  const counts = sql`,
    ARRAY(SELECT DISTINCT g.role FROM staff_role g WHERE g.staff_id = s.id ORDER BY 1) AS roles,
    (SELECT json_agg(json_build_object('skill', k.skill, 'level', k.level) ORDER BY k.skill) FROM staff_skill k WHERE k.staff_id = s.id) AS skills,
    (SELECT d.to_id FROM delegation d WHERE d.from_id = s.id AND d.from_at <= ${now} AND d.to_at > ${now} LIMIT 1) AS delegate,
    (SELECT count(*)::int FROM task t WHERE t.person_id = s.id AND t.closed_at IS NULL) AS tasks,
    (SELECT count(*)::int FROM task t WHERE t.person_id = s.id AND t.closed_at IS NULL AND t.due_at >= ${now}
        AND EXISTS (SELECT FROM rung r WHERE r.order_id = t.order_id AND r.task = t.task AND r.settled_at IS NULL AND r.pct < 100)) AS at_risk,
    (SELECT count(*)::int FROM task t WHERE t.person_id = s.id AND t.closed_at IS NULL AND t.due_at < ${now}) AS overdue,
    (SELECT count(*)::int FROM task t WHERE t.done_by = s.id
        AND t.closed_at >= date_trunc('day', ${now}::timestamptz, 'Asia/Shanghai') AND t.closed_at <= ${now}) AS done_today`
  const { items, page } = await people<LoadRow>(deps, who, query, [now, until], counts)
  const calendars = await calendarsOf(deps, now.getTime())
  const names = await namesOf(
    deps.pool,
    items.flatMap(({ unit_id, delegate }) => [unit_id, delegate]),
  )
  return {
    items: items.map((row) => {
      const at = now.getTime()
      const [hours, away] = [hoursOf(row), awayOf(row)]
      const absent = away.some(({ from, to }) => from <= at && at < to)
      const duty = dutyBetween(hours, calendars, at, until.getTime())
      const onDuty = onShift(hours, calendars, at)
      const full = row.capacity !== null && row.tasks >= row.capacity
      const free = full ? undefined : nextOnDuty(duty, away, at)
      return {
        ...headOf(row),
        roles: row.roles,
        skills: row.skills ?? [],
        onShift: onDuty ?? null,
        shiftEnds: onDuty && duty?.[0] ? iso(duty[0].to) : null,
        absent,
        absences: away.map(({ reason, ...stretch }) => ({ ...written(stretch), reason })),
        delegate: absent ? row.delegate : null,
        tasks: row.tasks,
        atRisk: row.at_risk,
        overdue: row.overdue,
        doneToday: row.done_today,
        capacity: row.capacity,
        freeAt: free === undefined ? null : iso(free),
      }
    }),
    names,
    page,
  }
}

interface TaskJson {
  order: string
  no: string | null
  title: string
  task: string
  step: string
  process: string
  status: string
  from: string
  due: string | null
  closed: string | null
}

/** People × time: hours, absences, and what they had or have to do. @throws Problem NOT_ALLOWED, BAD_CURSOR */
export async function listTimeline(deps: Pick<Deps, 'pool' | 'catalogue'>, who: Who, query: z.output<typeof timelineQuery>) {
  const [from, to] = [new Date(query.from), new Date(query.to)]
  const { now } = who
  const fields = sql`json_build_object('order', t.order_id, 'no', o.no, 'title', o.title, 'task', t.task, 'step', t.step, 'process', t.process,
    'status', t.status, 'from', coalesce(t.accepted_at, t.opened_at), 'due', t.due_at, 'closed', t.closed_at)`
  const tasks = sql`,
    (SELECT json_agg(x.task ORDER BY x.due, x.id) FROM (
       (SELECT ${fields} AS task, t.due_at AS due, t.order_id || t.task AS id FROM task t JOIN orders o ON o.id = t.order_id
         WHERE t.person_id = s.id AND t.closed_at IS NULL AND t.opened_at < ${to} ORDER BY t.due_at LIMIT 200)
       UNION ALL
       (SELECT ${fields}, t.due_at, t.order_id || t.task FROM task t JOIN orders o ON o.id = t.order_id
         WHERE t.done_by = s.id AND t.closed_at >= ${from} AND t.opened_at < ${to} ORDER BY t.closed_at DESC LIMIT 200)) x) AS tasks`
  const { items, page } = await people<PersonRow & { tasks: TaskJson[] | null }>(deps, who, query, [from, to], tasks)
  const calendars = await calendarsOf(deps, now.getTime())
  const names = await namesOf(
    deps.pool,
    items.map(({ unit_id }) => unit_id),
  )
  return {
    items: items.map((row) => ({
      ...headOf(row),
      shifts: dutyBetween(hoursOf(row), calendars, query.from, query.to)?.map(written) ?? null,
      absences: awayOf(row).map(({ reason, ...stretch }) => ({ ...written(stretch), reason })),
      tasks: (row.tasks ?? []).map(({ no, due, closed, title: orderTitle, ...task }) => ({
        ...task,
        orderNo: no,
        orderTitle,
        title: deps.catalogue.spec(task.process)?.steps[task.step]?.title ?? { en: task.step, zh: task.step },
        from: iso(Date.parse(task.from)),
        dueAt: due && iso(Date.parse(due)),
        closedAt: closed && iso(Date.parse(closed)),
        overdue: due !== null && Date.parse(due) < (closed === null ? now.getTime() : Date.parse(closed)),
      })),
    })),
    names,
    page,
  }
}
