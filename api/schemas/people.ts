/** People and units as those who look after them see and change them. */
import { z } from 'zod'
import { isRole, type RoleId } from '../../domain/roles.ts'
import { boolParam, id, instant, instantIn, line, names, page, paging, title } from './common.ts'
import { told } from './told.ts'

const role = z.strictObject({
  role: z
    .string()
    .refine((text): text is RoleId => isRole(text), told('须为目录中的角色', 'a role of the catalogue'))
    .meta({ type: 'string' }),
  unit: id,
})
const skill = z.strictObject({ skill: id, level: z.int().min(1).max(3) })
const shift = z
  .strictObject({
    weekday: z.int().min(1).max(7),
    from: z.int().min(0).max(1439),
    to: z.int().min(1).max(1440),
    calendar: z.string().min(1).max(60),
  })
  .refine(({ from, to }) => from < to, told('开始须早于结束', 'from before to'))
const region = z.string().min(1).max(200)
const capacity = z.int().min(1).max(10_000).nullable()

const given = {
  nameZh: line(100).trim().min(1),
  nameEn: line(100).trim().min(1),
  phone: line(40).trim().nullable(),
  email: z.email().max(200).nullable(),
  unit: id,
  region: region.meta({ description: 'What the person may see: this region and all below.' }),
  lang: z.enum(['zh', 'en']),
  capacity,
  roles: z.array(role).max(40),
  skills: z.array(skill).max(60),
  shifts: z.array(shift).max(60).meta({ description: 'Minutes after midnight; a night over midnight is two.' }),
}

export const personIn = z
  .strictObject({
    login: z.string().regex(/^[a-z0-9._-]{2,64}$/, told('2 至 64 个 a-z、0-9、. _ -', '2 to 64 of a-z, 0-9, . _ -')),
    ...given,
    phone: given.phone.default(null),
    email: given.email.default(null),
    lang: given.lang.default('zh'),
    capacity: capacity.default(null),
    roles: given.roles.default([]),
    skills: given.skills.default([]),
    shifts: given.shifts.default([]),
  })
  .meta({ id: 'NewPerson' })

export const personChange = z
  .strictObject({ ...given, active: z.boolean().meta({ description: 'False: may not log in any more; sessions and tokens end.' }) })
  .partial()
  .refine((body) => Object.keys(body).length > 0, told('请说明修改的内容', 'say what changes'))
  .meta({ id: 'PersonChange', description: 'What is left out stays; lists are replaced as a whole.' })

const stretch = { id: z.string(), from: instant, to: instant }

export const personDetail = z
  .object({
    id: z.string(),
    login: z.string(),
    name: title,
    phone: z.string().nullable(),
    email: z.string().nullable(),
    unit: z.string(),
    region: z.string(),
    active: z.boolean(),
    lang: z.enum(['zh', 'en']),
    capacity: z.int().nullable(),
    roles: z.array(z.object({ role: z.string(), unit: z.string() })),
    skills: z.array(z.object({ skill: z.string(), level: z.int() })),
    shifts: z.array(z.object({ weekday: z.int(), from: z.int(), to: z.int(), calendar: z.string() })),
    absences: z.array(z.object({ ...stretch, reason: z.string() })).meta({ description: 'Present and coming.' }),
    delegations: z.array(z.object({ ...stretch, delegate: z.string(), roles: z.array(z.string()) })),
    openTasks: z.int(),
  })
  .meta({ id: 'Person' })

export const personWhole = personDetail.extend({ names }).meta({ id: 'PersonWhole' })

export const peopleQuery = z.strictObject({
  ...paging,
  q: z.string().trim().min(1).max(100).optional(),
  unit: id.optional(),
  role: id.optional(),
  active: boolParam,
})
export const peopleList = z.object({ items: z.array(personDetail), names, page })
export const personParams = z.strictObject({ id })
export const personMade = z.object({ person: personWhole, password: z.string().optional().meta({ description: 'Shown once.' }) })
export const passwordMade = z.object({
  id: z.string(),
  password: z.string().optional().meta({ description: 'Shown once; not when repeated.' }),
})

export const absenceIn = z
  .strictObject({ from: instantIn, to: instantIn, reason: line(200).trim().min(1) })
  .refine(({ from, to }) => from < to, told('须晚于开始', 'after from', ['to']))
export const delegationIn = z
  .strictObject({ to: id, from: instantIn, until: instantIn, roles: z.array(id).max(40).default([]) })
  .refine(({ from, until }) => from < until, told('须晚于开始', 'after from', ['until']))
export const stretchParams = z.strictObject({ id, entry: id })

export const unitChange = z
  .strictObject({
    nameZh: line(100).trim().min(1),
    nameEn: line(100).trim().min(1),
    parent: id.nullable(),
    leader: id.nullable(),
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, told('请说明修改的内容', 'say what changes'))
export const unitIn = z.strictObject({
  id,
  nameZh: line(100).trim().min(1),
  nameEn: line(100).trim().min(1),
  kind: id,
  region,
  parent: id.nullable().default(null),
  leader: id.nullable().default(null),
})
