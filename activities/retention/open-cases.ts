/** Who has a case already, and how many an account manager can still take. */
import type pg from 'pg'

/** SQL: order `o` is the case that alarm `a` has opened: the run's own order where it looked at its own customer. */
export const caseLinks = 'o.customer_id = a.customer_id AND (o.started_by = a.run_id OR o.id = a.run_id)'

/** A run is no case. */
const isCase = (process: string) => `o.process = ${process} AND o.closed_at IS NULL AND o.state #>> '{facts,entry}' IS DISTINCT FROM 'run'`

/** Alarms of which the order is about to be opened; a day later nobody waits for it any more. */
const pending = (
  process: string,
  at: string,
) => `a.state = 'opened' AND a.at > ${at} - interval '1 day' AND EXISTS (SELECT FROM retention_run r
    WHERE r.order_id = a.run_id AND r.process = ${process}) AND NOT EXISTS (SELECT FROM orders o WHERE ${caseLinks})`

/** SQL: the customer has an open case of the process, other than the order itself (P-34 rule 3), or is about to get one. */
export const openCase = (customer: string, process: string, order: string, at: string): string =>
  `(EXISTS (SELECT FROM orders o WHERE o.customer_id = ${customer} AND o.id <> ${order} AND ${isCase(process)})
     OR (${process} = 'retention' AND EXISTS (SELECT FROM retention_case k WHERE k.customer_id = ${customer} AND k.closed_at IS NULL AND k.order_id <> ${order}))
     OR EXISTS (SELECT FROM retention_alarm a WHERE a.customer_id = ${customer} AND ${pending(process, at)}))`

/**
 * Cases that the account managers of some customers can take. Whoever has a capacity of open tasks: what it leaves free. The others:
 * as many open cases of the process as the rule set says. What is about to be opened counts as open.
 */
export async function capacityOf(
  client: pg.ClientBase,
  process: string,
  found: readonly { manager: string | null }[],
  perManager: number,
  at: number,
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: string; free: number }>(
    `SELECT s.id, (CASE WHEN s.capacity IS NOT NULL THEN s.capacity - (SELECT count(*) FROM task t WHERE t.person_id = s.id AND t.closed_at IS NULL)
        ELSE $3 - (SELECT count(*) FROM customer c JOIN orders o ON o.customer_id = c.id WHERE c.account_manager_id = s.id AND ${isCase('$2')}) END
      - (SELECT count(*) FROM retention_alarm a JOIN customer c ON c.id = a.customer_id WHERE c.account_manager_id = s.id AND ${pending('$2', '$4::timestamptz')}))::int AS free
     FROM staff s WHERE s.id = ANY ($1) AND s.active`,
    [[...new Set(found.flatMap(({ manager }) => (manager === null ? [] : [manager])))], process, perManager, new Date(at)],
  )
  return new Map(rows.map(({ id, free }) => [id, free]))
}
