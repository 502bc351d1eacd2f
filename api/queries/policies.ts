/** Versions of policies, of whatever table, in one shape. */
import type { ruleKinds } from '../../domain/order/rules.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { ladders } from '../../prisma/seed/ladders.ts'
import { isRole, roles } from '../../domain/roles.ts'
import type { Title } from '../../domain/title.ts'
import type { Catalogue } from '../catalogue.ts'
import type { PolicyKind } from '../schemas/policy.ts'
import { type Db, type Sql, all, rows, sql } from './sql.ts'

export interface Version {
  id: string
  version: number
  applies: Readonly<Record<string, string | null>> | null
  spec: Readonly<Record<string, unknown>>
  mark: string | null
  source: string | null
  valid_from: Date
  valid_to: Date | null
  changed_by: string | null
  note: string | null
}

/** Columns that say what a limit is about. Its versions share them; the first one's number names them all. */
export const conditions = sql`kind, process, step, clock, product_group, product, customer_grade, circuit_grade, tag`

const limits = sql`
  SELECT min(id) OVER (PARTITION BY ${conditions})::text AS id, id AS row_id, version,
         jsonb_build_object('for', kind, 'process', process, 'step', step, 'clock', clock, 'productGroup', product_group, 'product', product,
           'customerGrade', customer_grade, 'circuitGrade', circuit_grade, 'tag', tag) AS applies,
         jsonb_build_object('budget', budget, 'calendar', calendar, 'ladder', ladder) AS spec,
         mark, source, valid_from, valid_to, changed_by, note
    FROM policy`

/** A version ends where the next one begins. */
const ends = sql`lead(valid_from) OVER (PARTITION BY id ORDER BY version)`

const ladderVersions = sql`
  SELECT id, version, NULL::jsonb AS applies, jsonb_build_object('rungs', rungs) AS spec, NULL::text AS mark, NULL::text AS source,
         valid_from, ${ends} AS valid_to, changed_by, note
    FROM ladder`

const authority = sql`
  SELECT id, version, jsonb_build_object('role', role, 'level', level) AS applies,
         jsonb_build_object('maxAmount', max_amount, 'maxTermMonths', max_term_months, 'maxDiscountPct', max_discount_pct) AS spec,
         NULL::text AS mark, NULL::text AS source, valid_from, ${ends} AS valid_to, changed_by, note
    FROM authority_rule`

const rules = (kind: string) => sql`
  SELECT id, version, NULL::jsonb AS applies, spec, mark, NULL::text AS source, valid_from, ${ends} AS valid_to, changed_by, note
    FROM rule WHERE kind = ${kind}`

const relation = (kind: PolicyKind): Sql => {
  if (kind === 'limits') return limits
  if (kind === 'ladders') return ladderVersions
  return kind === 'authority' ? authority : rules(kind)
}

const columns = sql`id, version, applies, spec, mark, source, valid_from, valid_to, changed_by, note`

/** Versions in force, or all of them. `process` and `step` look for what names them. */
export function readPolicies(
  db: Db,
  {
    kind,
    process,
    step,
    history,
  }: { kind: PolicyKind; process?: string | undefined; step?: string | undefined; history?: boolean | undefined },
  now: Date,
): Promise<Version[]> {
  const named = (name: 'process' | 'step', value: string | undefined, place: number): Sql | false => {
    if (value === undefined) return false
    return kind === 'limits' ? sql`applies ->> ${name} = ${value}` : sql`split_part(id, '/', ${place}::int) = ${value}`
  }
  const wanted = [
    history !== true && sql`valid_from <= ${now} AND (valid_to IS NULL OR valid_to > ${now})`,
    named('process', process, 1),
    named('step', step, 2),
  ]
  const place = sql`applies ->> 'process' NULLS FIRST, applies ->> 'step' NULLS FIRST, applies ->> 'for', length(id), id, version`
  return rows<Version>(db, sql`SELECT ${columns} FROM (${relation(kind)}) v WHERE ${all(wanted)} ORDER BY ${place}`)
}

/** All versions of one policy, the first one first. A limit is found by the number of any of its versions. */
export function readVersions(db: Db, kind: PolicyKind, id: string): Promise<Version[]> {
  const ofLimit = /^\d{1,18}$/.test(id) ? sql`id = (SELECT l.id FROM (${limits}) l WHERE l.row_id = ${id}::bigint)` : sql`FALSE`
  const own = kind === 'limits' ? ofLimit : sql`id = ${id}`
  return rows<Version>(db, sql`SELECT ${columns} FROM (${relation(kind)}) v WHERE ${own} ORDER BY version`)
}

/** A version as it is shown. */
export function shown(catalogue: Catalogue, kind: PolicyKind, version: Version, now: Date) {
  const { id, applies, spec, mark, source, valid_from: from, valid_to: to, changed_by: changedBy, note } = version
  return {
    kind,
    id,
    title: titleOf(catalogue, kind, version),
    version: version.version,
    mark,
    source,
    validFrom: from.toISOString(),
    validTo: to?.toISOString() ?? null,
    state: from > now ? 'announced' : to !== null && to <= now ? 'past' : 'in-force',
    changedBy,
    note,
    ...(applies && { applies }),
    spec,
  }
}

const t = (zh: string, en: string): Title => ({ zh, en })

const clocks: Readonly<Record<string, Title>> = {
  dispatch: t('派单时限', 'Limit to dispatch'),
  accept: t('接单时限', 'Limit to accept'),
  complete: t('完成时限', 'Limit to complete'),
  order: t('全程时限', 'Limit of the order'),
}

const ofRules: Readonly<Record<(typeof ruleKinds)[number], Title>> = {
  dispatch: t('派单方式', 'How it is dispatched'),
  screening: t('大客户筛选', 'Screening'),
  repeat: t('重复判定', 'When it is a repeat'),
  review: t('回访复查', 'When it is looked at again'),
  validity: t('有效期', 'How long it is valid'),
  credit: t('信用评分', 'How credit is rated'),
  'late-payment': t('逾期扣减积分', 'Points that a late payment costs'),
}

const joined = (...parts: readonly (Title | undefined)[]): Title => {
  const known = parts.filter((part) => part !== undefined)
  return t(known.map(({ zh }) => zh).join(' · '), known.map(({ en }) => en).join(' · '))
}

const plain = (text: string | null | undefined): Title | undefined => (text == null ? undefined : t(text, text))

function titleOf(catalogue: Catalogue, kind: PolicyKind, { id, applies }: Version): Title {
  if (kind === 'ladders') return ladders[id]?.title ?? t(id, id)
  if (kind === 'authority') {
    const role = applies?.role ?? ''
    return joined(isRole(role) ? roles[role].title : plain(role), plain(applies?.level))
  }
  if (kind !== 'limits') return joined(...place(catalogue, ...id.split('/')), ofRules[kind])
  const { process, step, clock, for: of, ...rest } = applies ?? {}
  const spec = process == null ? undefined : catalogue.spec(process)
  const ofOrder = clock == null ? undefined : (spec?.clocks?.[clock]?.title ?? plain(clock))
  return joined(...place(catalogue, process, step), ofOrder, clocks[of ?? ''], ...Object.values(rest).map(plain))
}

/** Titles of a process and its step, or the ids of what is not in the catalogue. */
function place(catalogue: Catalogue, process?: string | null, step?: string | null): (Title | undefined)[] {
  const spec: ProcessSpec | undefined = process == null ? undefined : catalogue.spec(process)
  return [spec?.title ?? plain(process), step == null ? undefined : (spec?.steps[step]?.title ?? plain(step))]
}
