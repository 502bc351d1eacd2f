/** What those who look after people change: in one transaction with its entry in the log of administration. */
import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { z } from 'zod'
import type { AdminAction } from '../../domain/admin.ts'
import { type RoleId, roles } from '../../domain/roles.ts'
import type { Title } from '../../domain/title.ts'
import { logAdmin } from '../../prisma/admin-log.ts'
import { hashPassword } from '../auth/passwords.ts'
import type { Principal } from '../auth/principal.ts'
import { Problem, wrongField } from '../problem.ts'
import { rows, sql } from '../queries/sql.ts'
import type { personChange, personIn, unitChange, unitIn } from '../schemas/people.ts'

export interface Hand {
  client: pg.PoolClient
  principal: Principal
  now: Date
}

/** Above the directors decides who is above them. */
const HIGH: readonly RoleId[] = ['vp-in-charge', 'kac-director', 'top-management']

export const log = ({ client, principal, now }: Hand, action: AdminAction, subject: string, detail: object) =>
  logAdmin(client, { actor: principal.id, action, subject, detail, at: now })

const unknown = (field: string, zh: string, en: string) => new Problem('UNKNOWN_REFERENCE', { field, says: { zh, en } })

/** @throws Problem UNKNOWN_REFERENCE where the region is not the own or below */
function inRegion({ principal }: Hand, region: string, field = 'region'): void {
  const own = principal.region.path
  if (region !== own && !region.startsWith(`${own}/`)) throw unknown(field, `须为 ${own} 或其下级`, `it must be ${own} or lie below`)
}

/** @throws Problem UNKNOWN_REFERENCE */
async function knownRegion(hand: Hand, region: string): Promise<void> {
  inRegion(hand, region)
  const known = await rows(hand.client, sql`SELECT 1 FROM region WHERE path = ${region}`)
  if (known.length === 0) throw unknown('region', '没有该区域', 'there is no such region')
}

/** @throws Problem UNKNOWN_REFERENCE */
async function activeLeader(hand: Hand, leader: string): Promise<void> {
  const found = await rows(hand.client, sql`SELECT 1 FROM staff WHERE id = ${leader} AND active`)
  if (found.length === 0) throw unknown('leader', '没有该人员', 'there is no such person')
}

async function unitOf(hand: Hand, id: string, field: string): Promise<void> {
  const [unit] = await rows<{ region_path: string }>(hand.client, sql`SELECT region_path FROM org_unit WHERE id = ${id}`)
  if (!unit) throw unknown(field, '没有该单位', 'there is no such unit')
  inRegion(hand, unit.region_path, field)
}

type Given = z.output<typeof personChange>

/** @throws Problem for what names something that is not there or beyond the caller */
async function check(hand: Hand, person: string | undefined, body: Given): Promise<void> {
  const { principal, client } = hand
  if (body.region !== undefined) await knownRegion(hand, body.region)
  if (body.unit !== undefined) await unitOf(hand, body.unit, 'unit')
  if (body.roles) {
    // Nobody widens his own authority.
    if (person === principal.id)
      throw new Problem('NOT_ALLOWED', { says: { zh: '您的角色须由他人修改', en: 'somebody else changes your roles' } })
    for (const { role, unit } of body.roles) {
      await unitOf(hand, unit, 'roles')
      const held = await rows(client, sql`SELECT 1 FROM staff_role WHERE staff_id = ${person ?? ''} AND role = ${role}`)
      if (held.length === 0 && HIGH.includes(role) && !principal.roles.includes('vp-in-charge'))
        throw new Problem('NOT_ALLOWED', {
          says: { zh: `只有分管副总可授予角色「${roles[role].title.zh}」`, en: `only the deputy general manager gives the role ${role}` },
        })
    }
  }
  if (person === principal.id && (body.active === false || body.region !== undefined))
    throw new Problem('NOT_ALLOWED', { says: { zh: '您的这一项须由他人修改', en: 'somebody else changes that of yours' } })
}

async function writeLists({ client }: Hand, person: string, { roles, skills, shifts }: Given): Promise<void> {
  if (roles) {
    await rows(client, sql`DELETE FROM staff_role WHERE staff_id = ${person}`)
    await rows(
      client,
      sql`INSERT INTO staff_role (staff_id, role, unit_id) SELECT ${person}, r.role, r.unit FROM jsonb_to_recordset(${JSON.stringify(roles)}::jsonb) AS r (role text, unit text) ON CONFLICT DO NOTHING`,
    )
  }
  if (skills) {
    await rows(client, sql`DELETE FROM staff_skill WHERE staff_id = ${person}`)
    await rows(
      client,
      sql`INSERT INTO staff_skill (staff_id, skill, level) SELECT ${person}, r.skill, max(r.level) FROM jsonb_to_recordset(${JSON.stringify(skills)}::jsonb) AS r (skill text, level int) GROUP BY r.skill`,
    )
  }
  if (shifts) {
    await rows(client, sql`DELETE FROM shift WHERE staff_id = ${person}`)
    await rows(
      client,
      sql`INSERT INTO shift (staff_id, weekday, from_minute, to_minute, calendar)
          SELECT ${person}, r.weekday, r."from", r."to", r.calendar FROM jsonb_to_recordset(${JSON.stringify(shifts)}::jsonb) AS r (weekday int, "from" int, "to" int, calendar text)`,
    )
  }
}

/** 16 letters and digits that are not taken for each other. */
export function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  return [...randomBytes(16)].map((byte) => letters[byte % letters.length]).join('')
}

const SHIFTS_OVERLAP: Title = { zh: '同一天的班次重叠', en: 'shifts of one day overlap' }

/** What overlaps, as a problem of its field. */
export async function saying<T>(field: string, says: Title, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === '23P01' || code === '23505') throw wrongField(field, 'OVERLAPS', says)
    throw error
  }
}

/** Answers the person's id and the first password, which is not kept. */
export async function createPerson(hand: Hand, body: z.output<typeof personIn>): Promise<{ id: string; password: string }> {
  await check(hand, undefined, body)
  const id = `st-${randomUUID()}`
  const password = newPassword()
  const hash = await hashPassword(password)
  const [made] = await rows(
    hand.client,
    sql`INSERT INTO staff (id, login, name_zh, name_en, password_hash, phone, email, unit_id, region_path, active, lang, capacity)
        VALUES (${id}, ${body.login}, ${body.nameZh}, ${body.nameEn}, ${hash}, ${body.phone}, ${body.email}, ${body.unit}, ${body.region}, true, ${body.lang}, ${body.capacity})
        ON CONFLICT (login) DO NOTHING RETURNING id`,
  )
  if (!made) throw wrongField('login', 'TAKEN', { zh: '已有人使用该账号', en: 'somebody has this login already' })
  await saying('shifts', SHIFTS_OVERLAP, () => writeLists(hand, id, body))
  await log(hand, 'person-changed', id, { created: true, unit: body.unit, region: body.region, roles: body.roles })
  return { id, password }
}

const columns = {
  nameZh: sql`name_zh`,
  nameEn: sql`name_en`,
  phone: sql`phone`,
  email: sql`email`,
  unit: sql`unit_id`,
  region: sql`region_path`,
  lang: sql`lang`,
  capacity: sql`capacity`,
  active: sql`active`,
} as const

/** @throws Problem NOT_ALLOWED, UNKNOWN_REFERENCE, VALIDATION_FAILED */
export async function changePerson(hand: Hand, id: string, body: Given): Promise<void> {
  await check(hand, id, body)
  for (const [name, column] of Object.entries(columns)) {
    const value = body[name as keyof typeof columns]
    if (value !== undefined) await rows(hand.client, sql`UPDATE staff SET ${column} = ${value} WHERE id = ${id}`)
  }
  await saying('shifts', SHIFTS_OVERLAP, () => writeLists(hand, id, body))
  if (body.active === false) await endSessions(hand, id)
  const { roles, region, unit, active } = body
  const personal = Object.keys(body).filter((name) => !['roles', 'region', 'unit', 'active'].includes(name))
  // Names and numbers of people stay out of what can't be taken back.
  const detail = {
    ...(unit !== undefined && { unit }),
    ...(active !== undefined && { active }),
    ...(personal.length > 0 && { fields: personal }),
  }
  if (Object.keys(detail).length > 0) await log(hand, 'person-changed', id, detail)
  if (roles !== undefined || region !== undefined)
    await log(hand, 'scopes-changed', id, { ...(roles && { roles }), ...(region !== undefined && { region }) })
}

async function endSessions({ client, now }: Hand, id: string): Promise<void> {
  await rows(client, sql`UPDATE session SET revoked_at = ${now} WHERE staff_id = ${id} AND revoked_at IS NULL`)
  await rows(client, sql`UPDATE api_token SET revoked_at = ${now} WHERE staff_id = ${id} AND revoked_at IS NULL`)
}

/** A new password, and the end of everything that was opened with the old one. */
export async function resetPassword(hand: Hand, id: string): Promise<string> {
  const password = newPassword()
  const hash = await hashPassword(password)
  await rows(hand.client, sql`UPDATE staff SET password_hash = ${hash} WHERE id = ${id}`)
  await endSessions(hand, id)
  await log(hand, 'sessions-revoked', id, { password: 'reset' })
  return password
}

/** @throws Problem UNKNOWN_REFERENCE, VALIDATION_FAILED */
export async function createUnit(hand: Hand, body: z.output<typeof unitIn>): Promise<void> {
  await knownRegion(hand, body.region)
  if (body.parent !== null) await unitOf(hand, body.parent, 'parent')
  if (body.leader !== null) await activeLeader(hand, body.leader)
  const [made] = await rows(
    hand.client,
    sql`INSERT INTO org_unit (id, name_zh, name_en, kind, region_path, parent_id, leader_id)
        VALUES (${body.id}, ${body.nameZh}, ${body.nameEn}, ${body.kind}, ${body.region}, ${body.parent}, ${body.leader})
        ON CONFLICT (id) DO NOTHING RETURNING id`,
  )
  if (!made) throw wrongField('id', 'TAKEN', { zh: '已有单位使用该编号', en: 'a unit has this id already' })
  await log(hand, 'unit-changed', body.id, { created: true, region: body.region, parent: body.parent, leader: body.leader })
}

/** @throws Problem NOT_FOUND, UNKNOWN_REFERENCE, VALIDATION_FAILED where the tree would bite its tail */
export async function changeUnit(hand: Hand, id: string, body: z.output<typeof unitChange>): Promise<void> {
  const { client } = hand
  await unitOf(hand, id, 'id').catch(() => {
    throw new Problem('NOT_FOUND')
  })
  const { parent, leader, nameZh, nameEn } = body
  if (parent != null) {
    await unitOf(hand, parent, 'parent')
    const under = await rows(
      client,
      sql`WITH RECURSIVE up(id, parent_id) AS (SELECT id, parent_id FROM org_unit WHERE id = ${parent}
            UNION SELECT u.id, u.parent_id FROM org_unit u JOIN up ON u.id = up.parent_id) SELECT 1 FROM up WHERE id = ${id}`,
    )
    if (under.length > 0) throw wrongField('parent', 'INVALID', { zh: '它在本单位之下', en: 'it lies under this unit itself' })
  }
  if (leader != null) await activeLeader(hand, leader)
  if (nameZh !== undefined) await rows(client, sql`UPDATE org_unit SET name_zh = ${nameZh} WHERE id = ${id}`)
  if (nameEn !== undefined) await rows(client, sql`UPDATE org_unit SET name_en = ${nameEn} WHERE id = ${id}`)
  if (parent !== undefined) await rows(client, sql`UPDATE org_unit SET parent_id = ${parent} WHERE id = ${id}`)
  if (leader !== undefined) await rows(client, sql`UPDATE org_unit SET leader_id = ${leader} WHERE id = ${id}`)
  await log(hand, 'unit-changed', id, body)
}
