/** Earlier orders about the same thing, as the repeat rule of a process counts them (P-09: complaints about one number). */
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import { all, type Db, rows, type Sql, sql } from '../queries/sql.ts'

/** Earlier orders that an opening names; what is more is counted only. */
const NAMED = 20

export interface RepeatRule {
  version: number
  days: number
}

export interface Earlier {
  id: string
  no: string | null
  title: string
  status: string
  end: string | null
  opened_at: Date
}

/** The rule that is valid now; nothing where the process has none. */
export async function repeatRule(db: Db, process: string, now: Date): Promise<RepeatRule | undefined> {
  const [found] = await rows<{ version: number; days: unknown }>(
    db,
    sql`SELECT version, spec -> 'days' AS days FROM rule
         WHERE kind = 'repeat' AND id = ${process} AND valid_from <= ${now} ORDER BY valid_from DESC, version DESC LIMIT 1`,
  )
  return typeof found?.days === 'number' && found.days > 0 ? { version: found.version, days: found.days } : undefined
}

/** Orders of the process with this value of its repeat fact, opened within the rule's days, the latest first. @param scope of rows `o` */
export function earlierOrders(
  db: Db,
  { id: process, repeat }: ProcessSpec,
  { value, days, now, scope, limit }: { value: Fact; days: number; now: Date; scope?: Sql; limit: number },
): Promise<(Earlier & { total: number })[]> {
  if (!repeat) return Promise.resolve([])
  const since = new Date(now.getTime() - days * 86_400_000)
  const wanted = all([
    sql`o.process = ${process}`,
    sql`o.opened_at > ${since}`,
    sql`o.opened_at <= ${now}`,
    sql`o.state -> 'input' ->> ${repeat.fact}::text = ${String(value)}`,
    scope,
  ])
  return rows(
    db,
    sql`SELECT o.id, o.no, o.title, o.status, o."end", o.opened_at, count(*) OVER ()::int AS total
          FROM orders o WHERE ${wanted} ORDER BY o.opened_at DESC, o.id DESC LIMIT ${limit}`,
  )
}

/** What an opening keeps of its repeats: how many there were, and their numbers. Nothing where no rule counts them. */
export async function repeatFacts(
  db: Db,
  spec: ProcessSpec,
  input: Readonly<Record<string, Fact>>,
  now: Date,
): Promise<Readonly<Record<string, Fact>>> {
  const value = spec.repeat && input[spec.repeat.fact]
  const rule = value === undefined ? undefined : await repeatRule(db, spec.id, now)
  if (value === undefined || !rule) return {}
  const found = await earlierOrders(db, spec, { value, days: rule.days, now, limit: NAMED })
  return { repeats: found[0]?.total ?? 0, ...(found.length > 0 && { repeatOf: found.map(({ id, no }) => no ?? id) }) }
}
