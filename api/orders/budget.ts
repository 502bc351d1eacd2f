/**
 * Costs of a campaign's cases: taken from its budget before the command that names them is sent, so that all together never exceed it,
 * however many cases close at once. A command that was refused gives its sum back; one whose answer was lost keeps it.
 */
import type pg from 'pg'
import type { CommandBody } from '../../domain/order/command.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { Problem } from '../problem.ts'
import { rows, sql, transaction } from '../queries/sql.ts'
import type { Held } from './holds.ts'
import { stepOf } from './ids.ts'

/** Fields of a retention case that say what it costs in all: reserved with the scheme, final when it closes. */
const costs: Readonly<Record<string, string>> = { 'choose-scheme': 'cost', 'close-scheme': 'finalCost' }

const WITHIN = 'campaign_within_budget'

/**
 * Reserves what a completion says that a case costs, in place of what it had reserved before.
 * @returns nothing where the command names no cost, or the order is of no campaign
 * @throws Problem BUDGET_EXCEEDED
 */
export async function reserveCost(
  pool: pg.Pool,
  { order, spec, command, by, now }: { order: string; spec: ProcessSpec; command: CommandBody; by: string; now: Date },
): Promise<Held | undefined> {
  if (command.type !== 'complete' || spec.id !== 'retention') return undefined
  const step = stepOf(command.task)
  const field = costs[step]
  const amount = field === undefined ? undefined : command.form?.[field]
  // A value of a wrong type is the order's to refuse.
  if (field === undefined || typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 0) return undefined
  try {
    return await transaction(pool, (client) => reserve(client, { order, step, amount, by, now }, pool))
  } catch (error) {
    if ((error as { constraint?: unknown }).constraint !== WITHIN) throw error
    throw new Problem('BUDGET_EXCEEDED', { field: `form.${field}`, cause: error })
  }
}

async function reserve(
  client: pg.PoolClient,
  { order, step, amount, by, now }: { order: string; step: string; amount: number; by: string; now: Date },
  pool: pg.Pool,
): Promise<Held | undefined> {
  const [campaign] = await rows<{ id: string }>(
    client,
    sql`SELECT c.id FROM orders o JOIN campaign c ON c.id = o.state #>> '{facts,campaign}' WHERE o.id = ${order} FOR NO KEY UPDATE OF c`,
  )
  if (!campaign) return undefined
  const [before] = await rows<{ amount: string; step: string; by: string; at: Date }>(
    client,
    sql`SELECT amount, step, by, at FROM campaign_cost WHERE order_id = ${order}`,
  )
  await rows(
    client,
    sql`INSERT INTO campaign_cost (order_id, campaign_id, amount, step, by, at) VALUES (${order}, ${campaign.id}, ${amount}, ${step}, ${by}, ${now})
        ON CONFLICT (order_id) DO UPDATE SET amount = excluded.amount, step = excluded.step, by = excluded.by, at = excluded.at`,
  )
  const mine = sql`order_id = ${order} AND amount = ${amount} AND step = ${step} AND by = ${by} AND at = ${now}`
  return {
    async release() {
      await rows(
        pool,
        before
          ? sql`UPDATE campaign_cost SET amount = ${before.amount}::bigint, step = ${before.step}, by = ${before.by}, at = ${before.at} WHERE ${mine}`
          : sql`DELETE FROM campaign_cost WHERE ${mine}`,
      )
    },
  }
}
