/** What the record says of orders that are to be brought back, and of relatives that were not told. */
import type pg from 'pg'
import type { OutsideFact } from '../../domain/order/received.ts'
import type { OrderState } from '../../domain/order/state.ts'

export type Db = Pick<pg.Pool, 'query'>

export interface OpenRow {
  id: string
  state: OrderState
  /** Children that the record has. */
  started: string[]
}

const started = `ARRAY(SELECT c.id FROM jsonb_object_keys(o.state -> 'children') k JOIN orders c ON c.id = k) AS started`

/**
 * Open orders by their ids, backwards: children come after their parents by id, and have to be there first, since a parent that is being
 * withdrawn tells them at once.
 */
export async function openOrders(
  db: Db,
  orders: readonly string[] | undefined,
  before: string | undefined,
  limit: number,
): Promise<OpenRow[]> {
  const { rows } = await db.query<OpenRow>(
    `SELECT o.id, o.state, ${started} FROM orders o
      WHERE o.status <> 'closed' AND ($1::text[] IS NULL OR o.id = ANY($1)) AND ($2::text IS NULL OR o.id COLLATE "C" < $2)
      ORDER BY o.id COLLATE "C" DESC LIMIT $3`,
    [orders ?? null, before ?? null, limit],
  )
  return rows
}

/** One order as it stands now; nothing where it has ended. */
export async function openOrder(db: Db, id: string): Promise<OpenRow | undefined> {
  const { rows } = await db.query<OpenRow>(`SELECT o.id, o.state, ${started} FROM orders o WHERE o.id = $1 AND o.status <> 'closed'`, [id])
  return rows[0]
}

/** Which orders are asked about. */
export interface Which {
  orders?: readonly string[] | undefined
  /** Only those where nothing has happened since: what is on its way is not yet owed. */
  quietSince?: Date | undefined
  /** Of ended orders only those that ended since. */
  endedSince?: Date | undefined
}

const asked = ({ orders, quietSince, endedSince }: Which) => [orders ?? null, quietSince ?? null, endedSince ?? null]

/** Ended orders that another was to continue, which is not there. */
export async function unopened(db: Db, which: Which): Promise<{ id: string; next: string; state: OrderState }[]> {
  const { rows } = await db.query<{ id: string; next: string; state: OrderState }>(
    `SELECT o.id, o.state ->> 'next' AS next, o.state FROM orders o
      WHERE o.status = 'closed' AND o.state ? 'next' AND ($1::text[] IS NULL OR o.id = ANY($1))
        AND ($2::timestamptz IS NULL OR o.updated_at < $2) AND ($3::timestamptz IS NULL OR o.closed_at >= $3)
        AND NOT EXISTS (SELECT FROM orders n WHERE n.id = o.state ->> 'next')`,
    asked(which),
  )
  return rows
}

/** Ended orders that had still to open others beside them, which are not there. */
export async function unstarted(db: Db, which: Which): Promise<(OpenRow & { child: string })[]> {
  const { rows } = await db.query<OpenRow & { child: string }>(
    `SELECT DISTINCT ON (o.id) o.id, k.child, o.state, ${started}
       FROM orders o CROSS JOIN LATERAL jsonb_each(o.state -> 'children') AS k (child, ref)
      WHERE o.status = 'closed' AND o.state -> 'children' <> '{}' AND NOT o.state ? 'next' AND ($1::text[] IS NULL OR o.id = ANY($1))
        AND ($2::timestamptz IS NULL OR o.updated_at < $2) AND ($3::timestamptz IS NULL OR o.closed_at >= $3)
        AND NOT (k.ref -> 'waits')::boolean AND NOT k.ref ? 'end' AND NOT EXISTS (SELECT FROM orders c WHERE c.id = k.child)`,
    asked(which),
  )
  return rows
}

/** Children that have ended, or given their parent leave to go on, of open parents that do not know it. */
export async function untold(db: Db, which: Which): Promise<{ id: string; parent: string; state: OrderState }[]> {
  const [orders, quiet] = asked(which)
  const { rows } = await db.query<{ id: string; parent: string; state: OrderState }>(
    `SELECT c.id, p.id AS parent, c.state
       FROM orders p CROSS JOIN LATERAL jsonb_each(p.state -> 'children') AS k (child, ref) JOIN orders c ON c.id = k.child
      WHERE p.status <> 'closed' AND ($1::text[] IS NULL OR p.id = ANY($1) OR c.id = ANY($1))
        AND ($2::timestamptz IS NULL OR c.updated_at < $2) AND NOT k.ref ? 'end'
        AND (k.ref -> 'waits')::boolean AND (c.status = 'closed' OR c.state ? 'released')`,
    [orders, quiet],
  )
  return rows
}

/** Open children whose parent is being withdrawn, or has ended without them. */
export async function unwanted(db: Db, which: Which): Promise<{ id: string; parent: string; withdrawing: boolean }[]> {
  const [orders, quiet] = asked(which)
  const { rows } = await db.query<{ id: string; parent: string; withdrawing: boolean }>(
    `SELECT c.id, p.id AS parent, p.status = 'withdrawing' OR p."end" = 'withdrawn' AS withdrawing
       FROM orders c JOIN orders p ON p.id = c.parent_id
      WHERE c.status = 'open' AND p.status IN ('withdrawing', 'closed') AND ($1::text[] IS NULL OR c.id = ANY($1) OR p.id = ANY($1))
        AND ($2::timestamptz IS NULL OR p.updated_at < $2) AND NOT c.state ? 'released'`,
    [orders, quiet],
  )
  return rows
}

/**
 * Open orders of a customer who has another account manager, which were to be told (P-10) and were not. As
 * activities/automatic/transfer.ts chose them: orders that were under way when the transfer came to telling.
 */
export async function untransferred(db: Db, which: Which): Promise<{ id: string; fact: OutsideFact }[]> {
  const [orders, quiet] = asked(which)
  const { rows } = await db.query<{ id: string; by: string; manager: string; previous: string | null }>(
    `SELECT o.id, t.by, t.manager, t.previous
       FROM (SELECT e.order_id AS by, e.at, x.customer_id, x.process, c.account_manager_id AS manager, c.previous_manager AS previous
               FROM orders x JOIN order_event e ON e.order_id = x.id
               JOIN customer_transfer c ON c.customer_id = x.customer_id AND c.order_id = coalesce(x.parent_id, x.id)
              WHERE x.process = 'customer-transfer' AND e.type = 'task-completed' AND e.data ->> 'task' LIKE 'start-return-visit.%') t
       JOIN orders o ON o.customer_id = t.customer_id AND o.status = 'open' AND o.opened_at < t.at AND o.process <> t.process
      WHERE ($1::text[] IS NULL OR o.id = ANY($1)) AND ($2::timestamptz IS NULL OR t.at < $2) AND t.manager IS DISTINCT FROM t.previous
        AND NOT EXISTS (SELECT FROM jsonb_array_elements(coalesce(o.state -> 'received', '[]')) r WHERE r ->> 'id' = 'transfer-' || t.by)`,
    [orders, quiet],
  )
  return rows.map(({ id, by, manager: accountManager, previous }) => ({
    id,
    fact: { kind: 'customer-transferred', id: `transfer-${by}`, facts: { accountManager, ...(previous !== null && { previous }) } },
  }))
}
