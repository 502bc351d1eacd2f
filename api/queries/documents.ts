/** Which version of its document each task of an order was about, told by the order of the events. */
import { documents, versionOf } from '../../domain/processes/documents.ts'
import { type Db, type Sql, all, rows, sql } from './sql.ts'

/**
 * Versions by order and task, of the tasks that are about one.
 * @param task only this one
 */
export async function versionsByTask(db: Db, orders: readonly string[], task?: string): Promise<Map<string, Map<string, number>>> {
  const versions = new Map<string, Map<string, number>>()
  if (orders.length === 0) return versions
  const drawnUp = Object.entries(documents).map(
    ([process, { drawnUpBy, outcome }]): Sql =>
      sql`(o.process = ${process} AND d.data ->> 'outcome' = ${outcome} AND starts_with(d.data ->> 'task', ${`${drawnUpBy}.`}))`,
  )
  const found = await rows<{ order_id: string; process: string; task: string; step: string; before: number }>(
    db,
    sql`SELECT o.id AS order_id, o.process, e.data ->> 'task' AS task, e.data ->> 'step' AS step,
               (SELECT count(*)::int FROM order_event d
                 WHERE d.order_id = o.id AND d.seq < e.seq AND d.type = 'task-completed'
                   AND (${drawnUp.reduce((left, right) => sql`${left} OR ${right}`)})) AS before
          FROM orders o JOIN order_event e ON e.order_id = o.id AND e.type = 'task-opened'
         WHERE ${all([sql`o.id = ANY (${[...orders]})`, sql`o.process = ANY (${Object.keys(documents)})`, task !== undefined && sql`e.data ->> 'task' = ${task}`])}`,
  )
  for (const { order_id, process, task: id, step, before } of found) {
    const version = versionOf(process, step, before)
    if (version === null) continue
    versions.set(order_id, (versions.get(order_id) ?? new Map<string, number>()).set(id, version))
  }
  return versions
}

/** The version that a file belongs to which comes for this task now; null where the step is about none. */
export const versionOfTask = async (db: Db, order: string, task: string): Promise<number | null> =>
  (await versionsByTask(db, [order], task)).get(order)?.get(task) ?? null
