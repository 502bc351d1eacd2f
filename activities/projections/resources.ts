/** Circuits, ports and numbers: reserved, used and freed. That two orders can't hold one is a constraint of the table. */
import type { Statement } from '../write.ts'

/**
 * Holds what an order has found. What the door asked for is confirmed; what did not come through the door is held where it is free.
 * @param ids of resources
 */
export function reserve(ids: readonly string[], at: string): Statement[] {
  const param = { ids, at }
  const listed = `resource_hold.resource_id IN (SELECT jsonb_array_elements_text($rows -> 'ids'))`
  return [
    {
      name: 'hold_confirmed',
      sql: `UPDATE resource_hold SET state = 'reserved', until = NULL FROM o
  WHERE resource_hold.order_id = o.id AND ${listed} AND resource_hold.state = 'asked'`,
      param,
    },
    {
      // The instant makes the id of a second hold, after the first was released, another one.
      name: 'hold_taken',
      sql: `INSERT INTO resource_hold (id, resource_id, order_id, state, since)
  SELECT o.id || '/' || r.id || '/' || ($rows ->> 'at'), r.id, o.id, 'reserved', ($rows ->> 'at')::timestamptz
  FROM o, resource r WHERE r.id IN (SELECT jsonb_array_elements_text($rows -> 'ids'))
  ON CONFLICT DO NOTHING`,
      param,
    },
  ]
}

/** SQL: ids of the order's whole tree, from the topmost order that waits for it down. */
export const tree = (order: string): string => `(WITH RECURSIVE up AS (
      SELECT x.id, x.parent_id FROM orders x WHERE x.id = ${order}
      UNION ALL SELECT x.id, x.parent_id FROM up JOIN orders x ON x.id = up.parent_id
    ), down AS (
      SELECT up.id FROM up WHERE up.parent_id IS NULL
      UNION ALL SELECT x.id FROM down JOIN orders x ON x.parent_id = down.id
    ) SELECT id FROM down)`

/**
 * Turns what an order's tree has reserved into what the customer uses. A circuit that an earlier order of the same customer built for
 * this activation, and that the order names, belongs to it too.
 * @param service SQL of the id of the service that uses them
 */
export const use = (named: readonly string[], service: string): Statement => ({
  name: 'hold_used',
  sql: `UPDATE resource_hold SET state = 'used', until = NULL, service_id = ${service} FROM o JOIN orders own ON own.id = o.id
  WHERE resource_hold.state IN ('asked', 'reserved') AND (
    resource_hold.order_id IN ${tree('(SELECT id FROM o)')}
    OR resource_hold.resource_id IN (SELECT jsonb_array_elements_text($rows -> 'named'))
      AND EXISTS (SELECT FROM orders holder WHERE holder.id = resource_hold.order_id AND holder.customer_id = own.customer_id))`,
  param: { named },
})

/** Frees what an order that came to nothing, and those below it, still hold; what a service uses stays in use. */
export const freed = (at: string): Statement => ({
  name: 'hold_freed',
  sql: `UPDATE resource_hold SET state = 'released', until = NULL, released_at = ($rows ->> 'at')::timestamptz FROM o
  WHERE resource_hold.state IN ('asked', 'reserved') AND resource_hold.order_id IN (
    WITH RECURSIVE down AS (
      SELECT o.id UNION ALL SELECT x.id FROM down JOIN orders x ON x.parent_id = down.id
    ) SELECT id FROM down)`,
  param: { at },
})
