/** Units, people, roles, skills, shifts, absences and delegations as rows. */
import type { ProductGroup } from './products.ts'
import { chance, pad, type Row } from './rows.ts'
import { type Member, type Unit, units } from './units.ts'

export interface Person extends Member {
  id: string
  login: string
  unit: Unit
}

/** Everybody, numbered in the sequence of the units. */
export const people: readonly Person[] = units
  .flatMap((unit) => unit.members.map((member) => ({ unit, member })))
  .map(({ unit, member }, i) => ({ ...member, unit, id: `st-${pad(i + 1, 3)}`, login: member.login ?? loginOf(member.en) }))

/** 'Zhou Jianguo' → 'jianguo.zhou'. */
function loginOf(name: string): string {
  const [family = '', given = ''] = name.toLowerCase().replaceAll('ü', 'v').split(' ')
  return `${given}.${family}`
}

/** A person by login. @throws Error when nobody has it */
export function person(login: string): Person {
  const found = people.find((p) => p.login === login)
  if (!found) throw new Error(`nobody in the demo data has the login '${login}'`)
  return found
}

/** Units without their leaders, who do not exist yet when units are written. */
export const unitRows = (): Row[] =>
  units.map((u) => ({ id: u.id, name_zh: u.zh, name_en: u.en, kind: u.kind, region_path: u.region, parent_id: u.parent }))

/** The first person of each unit leads it. */
export const leaderRows = () =>
  units.map((unit) => ({ id: unit.id, leader_id: people.find((p) => p.unit === unit && p.zh === unit.members[0]?.zh)?.id }))

export const staffRows = (passwordHash: string): Row[] =>
  people.map((p, i) => ({
    id: p.id,
    login: p.login,
    name_zh: p.zh,
    name_en: p.en,
    password_hash: passwordHash,
    phone: `138-0000-${pad(1001 + i, 4)}`,
    email: `${p.login}@paidan.example`,
    unit_id: p.unit.id,
    region_path: p.unit.region,
    active: true,
    lang: p.unit.id === 'vendor-tianheng' ? 'en' : 'zh',
    capacity: capacityOf(p),
  }))

/** Open tasks beyond which the machine asks for no more. Leaders, and whoever has no number here, take what comes. */
const capacities: Readonly<Record<string, number>> = { maintenance: 12, vendor: 8 }

/** In stations and at vendors the people beside the leader have a limit, so that there is always somebody who can be asked. */
function capacityOf({ unit, zh }: Person): number | null {
  const leads = zh === unit.members[0]?.zh
  return leads || unit.members.length > 2 ? null : (capacities[unit.kind] ?? null)
}

export const roleRows = (): Row[] => people.flatMap((p) => p.roles.map((role) => ({ staff_id: p.id, role, unit_id: p.unit.id })))

const repairSkills: readonly ProductGroup[] = ['bandwidth', 'voice-centrex', 'voice-800', 'e-tong', 'desk']
const vendorSkills: Readonly<Record<string, readonly ProductGroup[]>> = {
  'vendor-yunqiao': ['e-tong', 'desk'],
  'vendor-tianheng': ['desk', 'bandwidth'],
}

/** In a county station nobody knows everything: one knows 800, the other E-Tong. */
function skillsOf(p: Person): readonly ProductGroup[] {
  if (p.unit.kind === 'vendor') return vendorSkills[p.unit.id] ?? []
  if (p.unit.kind !== 'maintenance') return []
  if (p.unit.region.split('/').length < 5) return repairSkills
  const missing = p.zh === p.unit.members[0]?.zh ? 'e-tong' : 'voice-800'
  return repairSkills.filter((skill) => skill !== missing)
}

export function skillRows(): Row[] {
  const next = chance(7)
  return people.flatMap((p) => skillsOf(p).map((skill) => ({ staff_id: p.id, skill, level: 1 + Math.floor(next() * 3) })))
}

const WEEK = [1, 2, 3, 4, 5, 6, 7]
const OFFICE = [
  [510, 720],
  [810, 1080],
] as const

export const shiftRows = (): Row[] => people.flatMap((p) => hoursOf(p).map((hours) => ({ staff_id: p.id, ...hours })))

function hoursOf(p: Person): Row[] {
  const mates = people.filter((q) => q.unit === p.unit)
  const row = (weekday: number, from: number, to: number, calendar: string) => ({ weekday, from_minute: from, to_minute: to, calendar })
  const office = (calendar: string) => WEEK.slice(0, 5).flatMap((day) => OFFICE.map(([from, to]) => row(day, from, to, calendar)))
  if (p.unit.duty === 'office') return office('W')

  if (p.unit.duty === 'on-call') {
    // every night and every day of the weekend has its one person
    const turn = (day: number) => mates[day % mates.length] === p
    return WEEK.flatMap((day) => {
      if (day > 5) return turn(day) ? [row(day, 0, 1440, 'C')] : []
      const night = [row(day, 0, 510, 'C'), row(day, 510, 1080, 'C'), row(day, 1080, 1440, 'C')]
      return turn(day) ? night : OFFICE.map(([from, to]) => row(day, from, to, 'C'))
    })
  }

  // watch: equal parts of the day from 08:00; a leader of more than two stands none
  const watch = mates.length > 2 ? mates.slice(1) : mates
  const place = watch.indexOf(p)
  if (place < 0) return office('C')
  const length = 1440 / watch.length
  const from = (480 + place * length) % 1440
  const end = from + length
  const parts =
    end <= 1440
      ? [[from, end]]
      : [
          [from, 1440],
          [0, end - 1440],
        ]
  return WEEK.flatMap((day) => parts.map(([a = 0, b = 0]) => row(day, a, b, 'C')))
}

const DAY = 86_400_000
const DAYS_AWAY = 5

/** Who is away when the demo begins, in whose hands, and why. The first two make a chain: chaoqun → hao → engineer. */
const away: readonly { who: string; to?: string; roles?: string[]; fromDay: number; reason: string }[] = [
  { who: 'chaoqun.deng', to: 'hao.yuan', fromDay: -1, reason: '病假 sick leave' },
  { who: 'hao.yuan', to: 'engineer', fromDay: -1, reason: '培训 training' },
  { who: 'liping.jiang', to: 'director', roles: ['kac-director'], fromDay: -1, reason: '年休假 annual leave' },
  { who: 'jing.xu', fromDay: -1, reason: '产假 maternity leave' },
  { who: 'guohua.shen', to: 'vp', roles: ['vp-in-charge'], fromDay: 10, reason: '出差 business trip' },
]

/** @param now epoch ms from which the days count */
export const absenceRows = (now: number): Row[] =>
  away.map((a, i) => ({ id: `ab-${i + 1}`, staff_id: person(a.who).id, ...range(now, a.fromDay), reason: a.reason }))

/** @param now epoch ms from which the days count */
export const delegationRows = (now: number): Row[] =>
  away.flatMap(({ who, to, roles = [], fromDay }, i) =>
    to ? [{ id: `de-${i + 1}`, from_id: person(who).id, to_id: person(to).id, ...range(now, fromDay), roles }] : [],
  )

const range = (now: number, fromDay: number) => ({
  from_at: new Date(now + fromDay * DAY).toISOString(),
  to_at: new Date(now + (fromDay + DAYS_AWAY + 1) * DAY).toISOString(),
})
