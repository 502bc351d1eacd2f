/** People with everything that is kept about them. */
import type { z } from 'zod'
import type { Principal } from '../auth/principal.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import type { peopleQuery, personDetail, personWhole } from '../schemas/people.ts'
import { namesOf } from './names.ts'
import { type Db, type Sql, all, below, contains, rows, sql } from './sql.ts'

type Detail = z.output<typeof personDetail>

interface Row extends Omit<Detail, 'name' | 'absences' | 'delegations' | 'roles' | 'skills' | 'shifts'> {
  zh: string
  en: string
  roles: Detail['roles'] | null
  skills: Detail['skills'] | null
  shifts: Detail['shifts'] | null
  absences: Detail['absences'] | null
  delegations: Detail['delegations'] | null
}

async function read(db: Db, where: Sql, limit: number, now: Date): Promise<Detail[]> {
  const found = await rows<Row>(
    db,
    sql`SELECT s.id, s.login, s.name_zh AS zh, s.name_en AS en, s.phone, s.email, s.unit_id AS unit, s.region_path AS region, s.active, s.lang, s.capacity,
      (SELECT json_agg(json_build_object('role', g.role, 'unit', g.unit_id) ORDER BY g.role, g.unit_id) FROM staff_role g WHERE g.staff_id = s.id) AS roles,
      (SELECT json_agg(json_build_object('skill', k.skill, 'level', k.level) ORDER BY k.skill) FROM staff_skill k WHERE k.staff_id = s.id) AS skills,
      (SELECT json_agg(json_build_object('weekday', h.weekday, 'from', h.from_minute, 'to', h.to_minute, 'calendar', h.calendar) ORDER BY h.weekday, h.from_minute)
         FROM shift h WHERE h.staff_id = s.id) AS shifts,
      (SELECT json_agg(json_build_object('id', b.id, 'from', b.from_at, 'to', b.to_at, 'reason', b.reason) ORDER BY b.from_at)
         FROM absence b WHERE b.staff_id = s.id AND b.to_at > ${now}) AS absences,
      (SELECT json_agg(json_build_object('id', d.id, 'from', d.from_at, 'to', d.to_at, 'delegate', d.to_id, 'roles', coalesce(d.roles, '{}')) ORDER BY d.from_at)
         FROM delegation d WHERE d.from_id = s.id AND d.to_at > ${now}) AS delegations,
      (SELECT count(*)::int FROM task t WHERE t.person_id = s.id AND t.closed_at IS NULL) AS "openTasks"
      FROM staff s WHERE ${where} ORDER BY s.id LIMIT ${limit}`,
  )
  const stretch = <T extends { from: string; to: string }>(one: T): T => ({
    ...one,
    from: new Date(one.from).toISOString(),
    to: new Date(one.to).toISOString(),
  })
  return found.map(({ zh, en, roles, skills, shifts, absences, delegations, ...row }) => ({
    ...row,
    name: { zh, en },
    roles: roles ?? [],
    skills: skills ?? [],
    shifts: shifts ?? [],
    absences: (absences ?? []).map(stretch),
    delegations: (delegations ?? []).map(stretch),
  }))
}

/** People of the own region and below. */
export const inCare = (principal: Principal): Sql => below(sql`s.region_path`, principal.region.path)

const namesIn = (db: Db, people: readonly Detail[]) =>
  namesOf(
    db,
    people.flatMap((one) => [one.unit, ...one.roles.map(({ unit }) => unit), ...one.delegations.map(({ delegate }) => delegate)]),
  )

/** The person, with the names of units and colleagues. */
export async function readPerson(db: Db, principal: Principal, id: string, now: Date): Promise<z.output<typeof personWhole> | undefined> {
  const [person] = await read(db, sql`s.id = ${id} AND (${inCare(principal)} OR s.id = ${principal.id})`, 1, now)
  return person && { ...person, names: await namesIn(db, [person]) }
}

export async function listPeople(db: Db, principal: Principal, query: z.output<typeof peopleQuery>, now: Date) {
  const cursor = decodeCursor<readonly [string]>(query.cursor, ['text'])
  const { q, unit, role, active } = query
  const where = all([
    inCare(principal),
    q !== undefined && sql`(s.name_zh ILIKE ${contains(q)} OR s.name_en ILIKE ${contains(q)} OR s.login ILIKE ${contains(q)})`,
    unit !== undefined && sql`(s.unit_id = ${unit} OR EXISTS (SELECT FROM staff_role g WHERE g.staff_id = s.id AND g.unit_id = ${unit}))`,
    role !== undefined && sql`EXISTS (SELECT FROM staff_role g WHERE g.staff_id = s.id AND g.role = ${role})`,
    active !== undefined && sql`s.active = ${active}`,
    cursor && sql`s.id > ${cursor[0]}`,
  ])
  const { items, page } = paged(await read(db, where, query.limit + 1, now), query.limit, ({ id }) => [id])
  return { items, names: await namesIn(db, items), page }
}
