/** Earlier orders about the same thing: as the repeat rule of a process counts them (P-09: complaints about one number), or of one service. */
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import { type Db, rows, type Sql, sql } from '../queries/sql.ts'

/** Earlier orders that are named; what is more is counted only. */
const NAMED = 20
const DAY = 86_400_000
/** How far back one looks where no rule says it. */
const DEFAULT_DAYS = 30

export interface RepeatRule {
  version: number
  days: number
}

export interface Earlier {
  id: string
  no: string | null
  title: string
  process: string
  status: string
  end: string | null
  opened_at: Date
}

export interface Repeats {
  /** The rule that is valid now; nothing where the process has none. */
  rule?: RepeatRule
  days: number
  /** All of them, in sight or not. */
  total: number
  /** Those in sight, the latest first. */
  earlier: Earlier[]
}

async function repeatRule(db: Db, process: string, now: Date): Promise<RepeatRule | undefined> {
  const [found] = await rows<{ version: number; days: unknown }>(
    db,
    sql`SELECT version, spec -> 'days' AS days FROM rule
         WHERE kind = 'repeat' AND id = ${process} AND valid_from <= ${now} ORDER BY valid_from DESC, version DESC LIMIT 1`,
  )
  return typeof found?.days === 'number' && found.days > 0 ? { version: found.version, days: found.days } : undefined
}

/**
 * Orders of the process with this value of its repeat fact, opened within the rule's days; withdrawn ones do not count.
 * @param scope which orders `o` may be named
 */
export async function repeatsOf(
  db: Db,
  { id: process, repeat }: ProcessSpec,
  { value, now, scope }: { value: Fact | undefined; now: Date; scope: Sql },
): Promise<Repeats> {
  const rule = repeat && value !== undefined ? await repeatRule(db, process, now) : undefined
  if (!repeat || !rule) return { days: DEFAULT_DAYS, total: 0, earlier: [] }
  const same = sql`o.process = ${process} AND o.state -> 'input' ->> ${repeat.fact}::text = ${String(value)}`
  return { rule, days: rule.days, ...(await earlierOrders(db, { same, days: rule.days, now, scope })) }
}

/** Orders of any process about the service, opened within the days of the process's rule, ended ones too; withdrawn ones do not count. */
export async function repeatsOfService(
  db: Db,
  process: string,
  { service, now, scope }: { service: string; now: Date; scope: Sql },
): Promise<Repeats> {
  const rule = await repeatRule(db, process, now)
  const days = rule?.days ?? DEFAULT_DAYS
  const found = await earlierOrders(db, { same: sql`o.service_id = ${service}`, days, now, scope })
  return { ...(rule && { rule }), days, ...found }
}

async function earlierOrders(
  db: Db,
  { same, days, now, scope }: { same: Sql; days: number; now: Date; scope: Sql },
): Promise<Pick<Repeats, 'total' | 'earlier'>> {
  const since = new Date(now.getTime() - days * DAY)
  const found = await rows<Earlier & { seen: boolean; total: number }>(
    db,
    sql`SELECT o.id, o.no, o.title, o.process, o.status, o."end", o.opened_at, ${scope} AS seen, count(*) OVER ()::int AS total
          FROM orders o
         WHERE ${same} AND o.opened_at >= ${since} AND o.opened_at <= ${now} AND o."end" IS DISTINCT FROM 'withdrawn'
         ORDER BY seen DESC, o.opened_at DESC, o.id DESC LIMIT ${NAMED}`,
  )
  return { total: found[0]?.total ?? 0, earlier: found.flatMap(({ seen, total: _, ...order }) => (seen ? [order] : [])) }
}

/** What an opening keeps of its repeats: how many there were, and the numbers of those in sight. Nothing where no rule counts them. */
export async function repeatFacts(
  db: Db,
  spec: ProcessSpec,
  { facts, now, scope }: { facts: Readonly<Record<string, Fact>>; now: Date; scope: Sql },
): Promise<Readonly<Record<string, Fact>>> {
  const value = spec.repeat && facts[spec.repeat.fact]
  const { rule, total, earlier } = await repeatsOf(db, spec, { value, now, scope })
  return { ...(rule && { repeats: total }), ...(earlier.length > 0 && { repeatOf: earlier.map(({ id, no }) => no ?? id) }) }
}
