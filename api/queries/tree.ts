/** Orders that belong together: children, continuations, and orders that one started beside itself. */
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Clock, OrderState } from '../../domain/order/state.ts'
import type { Member } from '../../domain/order/withdrawal.ts'
import { type AppAbility, visibleOrders } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import { namesOf } from './names.ts'
import { type Db, rows, type Sql, sql } from './sql.ts'

/** A plan for every customer of a province fits; what is more is cut off, and the answer says so. */
export const TREE_LIMIT = 1_000
const DEEPEST = 30

type Relation = 'child' | 'continued' | 'started'

/** The order that everything hangs on: up through those that wait for it, that it continues, or that started it. */
const top = (order: Sql): Sql => sql`
  up (id, above, path) AS (
    SELECT o.id, coalesce(o.parent_id, o.continued_from, o.started_by), ARRAY[o.id] FROM orders o WHERE o.id = ${order}
    UNION ALL
    SELECT p.id, coalesce(p.parent_id, p.continued_from, p.started_by), u.path || p.id
      FROM up u JOIN orders p ON p.id = u.above
     WHERE p.id <> ALL (u.path) AND cardinality(u.path) < ${DEEPEST}
  )`

/**
 * Everything below: an order's state names its children and those that it started beside itself, and its continuation, so that each step
 * down is a look-up by key. `path` keeps a circle in the rows from being walked for ever.
 */
const down = (from: Sql): Sql => sql`
  tree (id, above, relation, path, children, next) AS (
    SELECT o.id, NULL::text, NULL::text, ARRAY[o.id], o.state -> 'children', coalesce(o.continued_as, o.state ->> 'next')
      FROM orders o WHERE o.id = (${from})
    UNION ALL
    SELECT c.id, t.id, CASE WHEN c.parent_id = t.id THEN 'child' WHEN c.continued_from = t.id THEN 'continued' ELSE 'started' END,
           t.path || c.id, c.state -> 'children', coalesce(c.continued_as, c.state ->> 'next')
      FROM tree t
      JOIN LATERAL (SELECT x.id FROM orders x WHERE x.parent_id = t.id
                    UNION SELECT jsonb_object_keys(coalesce(t.children, '{}'))
                    UNION SELECT t.next WHERE t.next IS NOT NULL) below ON TRUE
      JOIN orders c ON c.id = below.id AND t.id IN (c.parent_id, c.continued_from, c.started_by)
     WHERE c.id <> ALL (t.path) AND cardinality(t.path) < ${DEEPEST}
  )`

interface NodeRow {
  id: string
  above: string | null
  relation: Relation | null
  no: string | null
  process: string
  title: string
  status: string
  end: string | null
  parent_key: string | null
  opened_at: Date
  closed_at: Date | null
  seq: number
  clocks: Record<string, Clock> | null
  tasks: { task: string; step: string; status: string; person: string | null; unit: string | null; dueAt: string | null }[] | null
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** The whole tree as far as the caller may see it, from the top down. `now` decides what is breached. */
export async function orderTree(
  db: Db,
  { principal, ability, now }: { principal: Principal; ability: AppAbility; now: Date },
  order: string,
  specOf: (process: string) => ProcessSpec | undefined,
) {
  const found = await rows<NodeRow>(
    db,
    sql`
    WITH RECURSIVE ${top(sql`${order}`)}, ${down(sql`SELECT up.id FROM up ORDER BY cardinality(up.path) DESC LIMIT 1`)},
    walked AS (SELECT * FROM tree LIMIT ${TREE_LIMIT + 1}),
    node AS (SELECT DISTINCT ON (w.id) w.id, w.above, w.relation, cardinality(w.path) AS depth FROM walked w ORDER BY w.id, cardinality(w.path))
    SELECT o.id, n.above, n.relation, o.no, o.process, o.title, o.status, o."end", o.parent_key, o.opened_at, o.closed_at, o.seq,
           o.state -> 'clocks' AS clocks,
           (SELECT json_agg(json_build_object('task', t.task, 'step', t.step, 'status', t.status, 'person', t.person_id, 'unit', t.unit_id,
                                              'dueAt', t.due_at) ORDER BY t.opened_at, t.task)
              FROM task t WHERE t.order_id = o.id AND t.closed_at IS NULL) AS tasks
      FROM node n JOIN orders o ON o.id = n.id
     WHERE ${visibleOrders(principal, ability)}
     ORDER BY n.depth, o.opened_at, o.id`,
  )
  const nodes = found.slice(0, TREE_LIMIT)
  const seen = new Set(nodes.map(({ id }) => id))
  const names = await namesOf(
    db,
    nodes.flatMap(({ tasks }) => (tasks ?? []).flatMap(({ person, unit }) => [person, unit])),
  )
  return {
    order,
    nodes: nodes.map((row) => nodeOf(row, seen, specOf(row.process), now.getTime())),
    truncated: found.length > TREE_LIMIT,
    names,
  }
}

function nodeOf(row: NodeRow, seen: ReadonlySet<string>, spec: ProcessSpec | undefined, now: number) {
  return {
    id: row.id,
    no: row.no,
    process: row.process,
    title: row.title,
    status: row.status,
    end: row.end,
    // An order out of sight is not named, though what is under it may be seen.
    parent: row.above !== null && seen.has(row.above) ? row.above : null,
    relation: row.relation,
    key: row.parent_key,
    openedAt: row.opened_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    version: row.seq,
    tasks: (row.tasks ?? []).map((task) => ({
      ...task,
      title: spec?.steps[task.step]?.title ?? { en: task.step, zh: task.step },
      dueAt: task.dueAt && iso(Date.parse(task.dueAt)),
    })),
    clocks: Object.values(row.clocks ?? {})
      .filter((clock) => clock.stopped === undefined)
      .sort((a, b) => a.due - b.due || (a.clock < b.clock ? -1 : 1))
      .map((clock) => ({
        clock: clock.clock,
        task: clock.task ?? null,
        dueAt: iso(clock.due),
        nextRung: !clock.paused && clock.rungs[0] ? { pct: clock.rungs[0][0], at: iso(clock.rungs[0][1]) } : null,
        paused: clock.paused !== undefined,
        breached: clock.fired.includes(100) || (!clock.paused && clock.due < now),
      })),
  }
}

/** The order and those under it that it waits for, with their rules: what a withdrawal reaches. */
export async function membersBelow(
  db: Db,
  order: string,
  specOf: (process: string) => ProcessSpec | undefined,
): Promise<Map<string, Member & { no: string | null }>> {
  const found = await rows<{ id: string; no: string | null; state: OrderState }>(
    db,
    sql`
    WITH RECURSIVE below (id, path) AS (
      SELECT o.id, ARRAY[o.id] FROM orders o WHERE o.id = ${order}
      UNION ALL
      SELECT c.id, b.path || c.id FROM below b JOIN orders c ON c.parent_id = b.id
       WHERE c.id <> ALL (b.path) AND cardinality(b.path) < ${DEEPEST}
    )
    SELECT o.id, o.no, o.state FROM orders o WHERE o.id IN (SELECT below.id FROM below)`,
  )
  return new Map(
    found.map(({ id, no, state }) => {
      const spec = specOf(state.process)
      if (!spec) throw new Error(`order ${id} has the unknown process ${state.process}`)
      return [id, { no, state, spec }]
    }),
  )
}

/**
 * What the customer's page looks at: the order, what continues it, and those under them that are about the same customer; a plan of visits
 * has other customers' orders below it.
 */
export async function customersOrders(
  db: Db,
  order: string,
): Promise<{ order: OrderState; continuations: OrderState[]; children: OrderState[] } | undefined> {
  const found = await rows<{ id: string; above: string | null; relation: Relation | null; state: OrderState }>(
    db,
    sql`
    WITH RECURSIVE ${down(sql`${order}`)}, walked AS (SELECT * FROM tree WHERE relation IS DISTINCT FROM 'started' LIMIT ${TREE_LIMIT})
    SELECT o.id, w.above, w.relation, o.state FROM walked w JOIN orders o ON o.id = w.id
     WHERE o.customer_id = (SELECT own.customer_id FROM orders own WHERE own.id = ${order}) ORDER BY cardinality(w.path), o.opened_at, o.id`,
  )
  const own = found.find(({ id }) => id === order)
  if (!own) return undefined
  // What was started beside is another matter, and so is everything under it.
  const kept = new Map<string, (typeof found)[number]>()
  for (const row of found) if (row.id === order || kept.has(row.above ?? '')) kept.set(row.id, row)
  const chain = new Set([order])
  for (const { id, above, relation } of kept.values()) if (relation === 'continued' && chain.has(above ?? '')) chain.add(id)
  const rest = [...kept.values()].filter(({ id }) => id !== order)
  return {
    order: own.state,
    continuations: rest.filter(({ id }) => chain.has(id)).map(({ state }) => state),
    children: rest.filter(({ id }) => !chain.has(id)).map(({ state }) => state),
  }
}
