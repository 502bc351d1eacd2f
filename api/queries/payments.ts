/** Payments, the latest first. */
import type { z } from 'zod'
import { type AppAbility, visiblePayments } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import type { payment, paymentsQuery } from '../schemas/payment.ts'
import { type Db, type Sql, all, rows, sql } from './sql.ts'

type Item = z.output<typeof payment>

interface Row {
  id: string
  bank_no: string
  amount: string
  paid_at: Date
  reference: string | null
  order_id: string | null
  order_no: string | null
  customer_id: string | null
  contract_id: string | null
  state: Item['state']
  heard: boolean
  source: Item['source']
  entered_by: string
  received_at: Date
  refunded_at: Date | null
}

/** Whether the order `o` has counted the payment `p`: as the outside's fact, or because finance entered it by hand. */
export const heard = sql`coalesce(
  o.state -> 'received' @> jsonb_build_array(jsonb_build_object('kind', 'payment', 'id', p.bank_no))
  OR o.state -> 'journal' @> jsonb_build_array(jsonb_build_object('step', 'collect-payment', 'data', jsonb_build_object('bankNo', p.bank_no))), FALSE)`

const select = sql`
  SELECT p.id, p.bank_no, p.amount, p.paid_at, p.reference, p.order_id, o.no AS order_no, p.customer_id, p.contract_id, p.state, ${heard} AS heard,
         p.source, p.entered_by, p.received_at, p.refunded_at
    FROM payment p LEFT JOIN orders o ON o.id = p.order_id LEFT JOIN customer c ON c.id = p.customer_id`

const itemOf = (row: Row): Item => ({
  bankNo: row.bank_no,
  amount: Number(row.amount),
  paidAt: row.paid_at.toISOString(),
  reference: row.reference,
  order: row.order_id,
  orderNo: row.order_no,
  customer: row.customer_id,
  contract: row.contract_id,
  state: row.state,
  heard: row.heard,
  source: row.source,
  enteredBy: row.entered_by,
  receivedAt: row.received_at.toISOString(),
  refundedAt: row.refunded_at?.toISOString() ?? null,
})

export async function listPayments(db: Db, principal: Principal, ability: AppAbility, query: z.output<typeof paymentsQuery>) {
  const cursor = decodeCursor<readonly [string, string]>(query.cursor, ['instant', 'text'])
  const conditions: (Sql | false | undefined)[] = [
    visiblePayments(principal, ability),
    query.state !== undefined && sql`p.state = ${query.state}`,
    query.order !== undefined && sql`p.order_id = ${query.order}`,
    query.customer !== undefined && sql`p.customer_id = ${query.customer}`,
    cursor && sql`(p.received_at, p.id) < (${new Date(cursor[0])}, ${cursor[1]})`,
  ]
  const found = await rows<Row>(db, sql`${select} WHERE ${all(conditions)} ORDER BY p.received_at DESC, p.id DESC LIMIT ${query.limit + 1}`)
  const { items, page } = paged(found, query.limit, (row) => [row.received_at.toISOString(), row.id])
  return { items: items.map(itemOf), page }
}

/** One payment, where it is in sight. */
export async function paymentInSight(db: Db, principal: Principal, ability: AppAbility, bankNo: string): Promise<Item | undefined> {
  const [found] = await rows<Row>(db, sql`${select} WHERE p.bank_no = ${bankNo} AND ${visiblePayments(principal, ability)}`)
  return found && itemOf(found)
}
