/** Bills of agents. The lines and their explanation come from prisma/settlement/explain.ts. */
import type { z } from 'zod'
import { type AppAbility, visibleBills } from '../../auth/ability.ts'
import type { Principal } from '../../auth/principal.ts'
import { decodeCursor, paged } from '../../http/cursor.ts'
import { Problem } from '../../problem.ts'
import type { bill, billsQuery } from '../../schemas/settlement.ts'
import { all, type Db, rows, type Sql, sql } from '../sql.ts'

type Item = z.output<typeof bill>

export interface BillRow {
  id: string
  run: string
  agent_id: string
  name_zh: string
  name_en: string
  period: string
  kind: Item['kind']
  special: boolean
  version: number
  state: Item['state']
  users: number
  amount: string
  adjusted: string
  difference: string | null
  replaced_by: string | null
  confirmed: string | null
  settled_at: Date | null
}

const select = sql`
  SELECT b.*, r.id AS run, a.name_zh, a.name_en,
         coalesce((SELECT sum(j.amount) FROM settlement_adjustment j WHERE j.bill_id = b.id AND j.state = 'approved'), 0)::text AS adjusted
    FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no JOIN agent a ON a.id = b.agent_id`

export const billOf = (row: BillRow): Item => ({
  id: row.id,
  run: row.run,
  agent: row.agent_id,
  agentName: { zh: row.name_zh, en: row.name_en },
  period: row.period,
  kind: row.kind,
  special: row.special,
  version: row.version,
  state: row.state,
  users: row.users,
  amount: Number(row.amount),
  adjusted: Number(row.adjusted),
  difference: row.difference === null ? null : Number(row.difference),
  replacedBy: row.replaced_by,
  confirmed: row.confirmed,
  settledAt: row.settled_at?.toISOString() ?? null,
})

/** What a list, or a file, of bills is about. */
export type BillFilter = Omit<z.output<typeof billsQuery>, 'cursor' | 'limit'>

const wanted = ({ agent, run, period, kind, state }: BillFilter): (Sql | false)[] => [
  agent !== undefined && sql`b.agent_id = ${agent}`,
  run !== undefined && sql`r.id = ${run}`,
  period !== undefined && sql`b.period = ${period}`,
  kind !== undefined && sql`b.kind = ${kind}`,
  state !== undefined && sql`b.state = ${state}`,
]

/** A page of bills, the latest period first. */
export async function listBills(db: Db, principal: Principal, ability: AppAbility, query: z.output<typeof billsQuery>) {
  const cursor = decodeCursor<readonly [string, string]>(query.cursor, ['text', 'text'])
  const found = await rows<BillRow>(
    db,
    sql`${select} WHERE ${all([
      visibleBills(principal, ability),
      ...wanted(query),
      cursor && sql`(b.period < ${cursor[0]} OR (b.period = ${cursor[0]} AND b.id > ${cursor[1]}))`,
    ])} ORDER BY b.period DESC, b.id LIMIT ${query.limit + 1}`,
  )
  return paged(found, query.limit, (row) => [row.period, row.id])
}

/** A bill in sight. @throws Problem NOT_FOUND */
export async function requireBill(db: Db, principal: Principal, ability: AppAbility, id: string): Promise<BillRow> {
  const [found] = await rows<BillRow>(db, sql`${select} WHERE b.id = ${id} AND ${visibleBills(principal, ability)}`)
  if (!found) throw new Problem('NOT_FOUND')
  return found
}

/** What has been done about a bill: bonuses and fines, payouts, corrections. */
export async function aroundBill(db: Db, id: string) {
  const adjustments = await rows<{ id: string; amount: string; reason: string; state: string; by: string; decided: string | null }>(
    db,
    sql`SELECT id, amount::text, reason, state, proposed_by AS by, decided_by AS decided FROM settlement_adjustment WHERE bill_id = ${id} ORDER BY proposed_at, id`,
  )
  const payouts = await rows<{
    id: string
    amount: string
    state: string
    attempt: number
    ref: string | null
    at: Date
    error: string | null
  }>(db, sql`SELECT id, amount::text, state, attempt, bank_ref AS ref, asked_at AS at, error FROM settlement_payout WHERE bill_id = ${id}`)
  const corrections = await rows<{ id: string; direction: string; amount: string; reason: string; state: string }>(
    db,
    sql`SELECT id, direction, amount::text, reason, state FROM settlement_correction WHERE bill_id = ${id} ORDER BY at, id`,
  )
  return {
    adjustments: adjustments.map(({ by, decided, amount, ...row }) => ({
      ...row,
      amount: Number(amount),
      proposedBy: by,
      decidedBy: decided,
    })),
    payouts: payouts.map(({ ref, at, amount, ...row }) => ({ ...row, amount: Number(amount), bankRef: ref, askedAt: at.toISOString() })),
    corrections: corrections.map(({ amount, ...row }) => ({ ...row, amount: Number(amount) })),
  }
}
