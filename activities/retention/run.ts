/** A detection run as the record has it. */
import type pg from 'pg'
import type { Reason } from '../../domain/retention/score.ts'

export interface Run {
  looked: number
  alarmed: number
  heldBack: number
  /** Alarms that opened a case, the best value first. */
  opened: { id: string; customer: string; reasons: Reason[] }[]
  /** Alarms by reason and, of those held back, by why. */
  byReason: Readonly<Record<string, number>>
  byWhy: Readonly<Record<string, number>>
}

export async function runOf(client: pg.Pool | pg.ClientBase, order: string): Promise<Run | undefined> {
  const { rows } = await client.query<Run>(
    `SELECT r.looked, r.alarmed, r.held_back AS "heldBack",
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', 'ra-' || a.id, 'customer', a.customer_id, 'reasons', a.reasons) ORDER BY a.id)
        FROM retention_alarm a WHERE a.run_id = r.order_id AND a.state = 'opened'), '[]') AS opened,
      coalesce((SELECT jsonb_object_agg(k, n) FROM (SELECT k, count(*) AS n FROM retention_alarm a, unnest(a.keys) k WHERE a.run_id = r.order_id GROUP BY 1) t),
        '{}') AS "byReason",
      coalesce((SELECT jsonb_object_agg(why, n) FROM (SELECT why, count(*) AS n FROM retention_alarm a WHERE a.run_id = r.order_id AND why IS NOT NULL
        GROUP BY 1) t), '{}') AS "byWhy"
     FROM retention_run r WHERE r.order_id = $1`,
    [order],
  )
  return rows[0]
}
