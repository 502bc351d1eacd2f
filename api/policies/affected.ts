/** Open orders that a policy concerns. A change touches none of them: each keeps the version with which it began. */
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { DEFAULT_RULE } from '../../domain/order/rules.ts'
import { type AppAbility, visibleOrders } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Version } from '../queries/policies.ts'
import { type Db, type Sql, all, rows, sql } from '../queries/sql.ts'
import type { PolicyKind } from '../schemas/policy.ts'

/** As many are shown. */
const SHOWN = 50

interface Concerned {
  id: string
  no: string | null
  title: string
  process: string
  region_path: string
  opened_at: Date
}

/** Processes that go by rules of these names. */
const users: Readonly<Record<string, readonly string[]>> = {
  'potential-demand': ['order-fulfilment', 'customer-visit'],
  solution: ['solution-argumentation', 'contract-countersign'],
}

/**
 * Counts the open orders that a policy concerns, and lists those of them that the person may see, the latest first.
 * @param versions all versions of the policy, from the first on
 */
export async function affected(
  db: Db,
  catalogue: Catalogue,
  { principal, ability }: { principal: Principal; ability: AppAbility },
  { kind, id, versions }: { kind: PolicyKind; id: string; versions: readonly Version[] },
) {
  const concerned = sql`o.status IN ('open', 'withdrawing') AND ${all(conditionsOf(catalogue, kind, id, versions))}`
  const from = sql`FROM orders o LEFT JOIN customer c ON c.id = o.customer_id LEFT JOIN service s ON s.id = o.service_id LEFT JOIN product p ON p.id = s.product_id`
  const [counted] = await rows<{ n: number }>(db, sql`SELECT count(*)::int AS n ${from} WHERE ${concerned}`)
  const found = await rows<Concerned>(
    db,
    sql`SELECT o.id, o.no, o.title, o.process, o.region_path, o.opened_at ${from}
         WHERE ${concerned} AND ${visibleOrders(principal, ability)} ORDER BY o.opened_at DESC, o.id DESC LIMIT ${SHOWN}`,
  )
  return {
    count: counted!.n,
    items: found.map(({ region_path: region, opened_at: openedAt, ...order }) => ({
      ...order,
      region,
      openedAt: openedAt.toISOString(),
      keeps: versions.findLast(({ valid_from: begins }) => begins <= openedAt)?.version ?? null,
    })),
    more: counted!.n > found.length,
  }
}

function conditionsOf(catalogue: Catalogue, kind: PolicyKind, id: string, versions: readonly Version[]): (Sql | undefined)[] {
  const withAuthority = ({ steps }: ProcessSpec) =>
    Object.values(steps).some(({ authority, who }) => authority && who.some((role) => role === versions[0]?.applies?.role))
  switch (kind) {
    case 'limits':
      return limitConditions(versions[0]?.applies ?? {})
    case 'ladders':
      // Limits name their ladder; one that holds in every process concerns every order.
      return [sql`EXISTS (SELECT 1 FROM policy l WHERE l.ladder = ${id} AND (l.process IS NULL OR l.process = o.process))`]
    case 'authority':
      return [ofProcesses(catalogue.specs.filter(withAuthority).map((spec) => spec.id))]
    case 'dispatch':
      return id === DEFAULT_RULE ? [] : [ofProcesses([id.split('/')[0]!])]
    default:
      return [ofProcesses(users[id] ?? [id])]
  }
}

const ofProcesses = (ids: readonly string[]): Sql => sql`o.process = ANY (${ids})`

/** What an order is about, as the planner has it: its own facts, else what the record says of service and customer. */
function limitConditions(applies: Readonly<Record<string, string | null>>): (Sql | undefined)[] {
  const is = (value: string | null | undefined, column: Sql) => (value == null ? undefined : sql`${column} = ${value}`)
  const fact = (name: string) => sql`o.state #>> ARRAY['facts', ${name}]`
  const { process, product, productGroup, circuitGrade, customerGrade, tag } = applies
  return [
    is(process, sql`o.process`),
    is(product, sql`coalesce(${fact('product')}, s.product_id)`),
    is(productGroup, sql`coalesce(${fact('productGroup')}, p.product_group)`),
    is(circuitGrade, sql`coalesce(${fact('circuitGrade')}, s.circuit_grade)`),
    is(customerGrade, sql`coalesce(${fact('customerGrade')}, o.grade, c.grade)`),
    tag == null ? undefined : sql`coalesce(o.state #> '{facts,tags}', to_jsonb(c.tags)) ? ${tag}`,
  ]
}
