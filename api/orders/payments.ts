/**
 * Money from outside: kept first, then matched to the order that it is for, then told to that order. Each part may be repeated: a
 * payment counts once by the bank's number, and what a crash left unmatched or untold the next round of `startPayments` finds.
 */
import type { Deps } from '../deps.ts'
import { EngineDown, EngineLate, EngineOrderMissing } from '../engine-errors.ts'
import { Problem } from '../problem.ts'
import { heard } from '../queries/payments.ts'
import { type Db, type Sql, empty, rows, sql } from '../queries/sql.ts'

type PaymentDeps = Pick<Deps, 'pool' | 'engine' | 'logger'>

export interface PaymentIn {
  bankNo: string
  /** Fen. */
  amount: number
  /** Epoch ms. */
  paidAt: number
  reference?: string | undefined
  customerId?: string | undefined
  source: 'bank' | 'finance'
  enteredBy: string
  now: Date
}

/**
 * Takes a payment, once by the bank's number.
 * @returns whether it had been taken before
 * @throws Problem PAYMENT_CONFLICT where the number came with another amount
 */
export async function takePayment(deps: PaymentDeps, given: PaymentIn): Promise<{ replayed: boolean }> {
  const { bankNo, amount, paidAt, reference = null, customerId = null, source, enteredBy, now } = given
  const [made] = await rows(
    deps.pool,
    sql`INSERT INTO payment (id, bank_no, customer_id, reference, amount, paid_at, source, entered_by, received_at, state)
        VALUES (${`py-${bankNo}`}, ${bankNo}, ${customerId}, ${reference}, ${amount}, ${new Date(paidAt)}, ${source}, ${enteredBy}, ${now}, 'unmatched')
        ON CONFLICT (bank_no) DO NOTHING RETURNING 1`,
  )
  if (!made) {
    const [first] = await rows<{ amount: string }>(deps.pool, sql`SELECT amount FROM payment WHERE bank_no = ${bankNo}`)
    if (Number(first?.amount) !== amount)
      throw new Problem('PAYMENT_CONFLICT', {
        field: 'amount',
        says: { zh: `付款 ${bankNo} 已有其他金额`, en: `payment ${bankNo} came with another amount` },
      })
  }
  await place(deps.pool, sql`AND p.bank_no = ${bankNo}`)
  await tellDue(deps, sql`AND p.bank_no = ${bankNo}`)
  return { replayed: !made }
}

/**
 * Says for which order a payment is.
 * @throws Problem PAYMENT_CONFLICT where it is another order's; UNKNOWN_REFERENCE where that order takes no payments now
 */
export async function matchPayment(deps: PaymentDeps, bankNo: string, order: string): Promise<void> {
  const [matched] = await rows(
    deps.pool,
    sql`UPDATE payment p SET state = 'matched', order_id = o.id, customer_id = o.customer_id, contract_id = o.contract_id
          FROM orders o WHERE p.bank_no = ${bankNo} AND p.state = 'unmatched' AND o.id = ${order} AND ${takesPayments} RETURNING 1`,
  )
  if (!matched) {
    const [found] = await rows<{ order_id: string | null }>(deps.pool, sql`SELECT order_id FROM payment WHERE bank_no = ${bankNo}`)
    if (found?.order_id === null)
      throw new Problem('UNKNOWN_REFERENCE', {
        field: 'order',
        says: {
          zh: '请选择尚未开通的开通工单（P-06、P-07）',
          en: 'choose an open activation (P-06, P-07) that is not switched on yet',
        },
      })
    if (found?.order_id !== order)
      throw new Problem('PAYMENT_CONFLICT', {
        field: 'order',
        says: { zh: `属于工单 ${found?.order_id}`, en: `it belongs to order ${found?.order_id}` },
      })
  }
  await tellDue(deps, sql`AND p.bank_no = ${bankNo}`)
}

/** An order `o` that is paid for and not past that: an activation, but not the far end's part of one. */
const takesPayments = sql`o.status = 'open' AND o.process IN ('service-activation', 'data-service-activation')
  AND o.state -> 'irreversible' IS NULL AND o.state #> '{input,farEnd}' IS DISTINCT FROM 'true'::jsonb`

/**
 * Matches payments by what the payer wrote: the order itself, the order above it, or the contract. Where several orders are meant, the
 * one that waits for money; where that is not one either, a person decides. Only orders in the region of whoever entered it count.
 */
async function place(db: Db, which: Sql): Promise<void> {
  await rows(
    db,
    sql`UPDATE payment SET state = 'matched', order_id = o.id, customer_id = o.customer_id, contract_id = o.contract_id
          FROM (
            SELECT p.id, CASE WHEN count(*) = 1 THEN min(o.id) WHEN count(*) FILTER (WHERE w.waits) = 1 THEN min(o.id) FILTER (WHERE w.waits) END AS order_id
              FROM payment p
              JOIN staff s ON s.id = p.entered_by
             CROSS JOIN LATERAL (
               SELECT x.id FROM orders x WHERE x.id = p.reference
               UNION SELECT x.id FROM orders x WHERE x.no = p.reference
               UNION SELECT x.id FROM orders above JOIN orders x ON x.parent_id = above.id WHERE p.reference IN (above.id, above.no)
               UNION SELECT x.id FROM contract k JOIN orders x ON x.contract_id = k.id WHERE p.reference IN (k.id, k.no)
             ) meant
              JOIN orders o ON o.id = meant.id
             CROSS JOIN LATERAL (
               SELECT EXISTS (SELECT FROM task t WHERE t.order_id = o.id AND t.step = 'collect-payment' AND t.closed_at IS NULL) AS waits
             ) w
             WHERE p.state = 'unmatched' ${which} AND ${takesPayments}
               AND (p.customer_id IS NULL OR p.customer_id = o.customer_id)
               AND (o.region_path = s.region_path OR starts_with(o.region_path, s.region_path || '/'))
             GROUP BY p.id
          ) found JOIN orders o ON o.id = found.order_id
         WHERE payment.id = found.id AND payment.state = 'unmatched'`,
  )
}

/** Tells orders of payments that they have not counted yet. What can't be told now is told in the next round. */
async function tellDue({ pool, engine, logger }: PaymentDeps, which: Sql): Promise<number> {
  const due = await rows<{ bank_no: string; amount: string; paid_at: Date; order_id: string }>(
    pool,
    sql`SELECT p.bank_no, p.amount, p.paid_at, p.order_id FROM payment p JOIN orders o ON o.id = p.order_id
         WHERE p.state = 'matched' ${which} AND o.status IN ('open', 'withdrawing') AND NOT ${heard} ORDER BY p.received_at, p.id LIMIT 200`,
  )
  let told = 0
  for (const { bank_no: id, amount, paid_at: paidAt, order_id: order } of due) {
    try {
      await engine.tell(order, { kind: 'payment', id, facts: { amount: Number(amount), paidAt: paidAt.getTime() } })
      told++
    } catch (error) {
      if (!(error instanceof EngineDown || error instanceof EngineLate || error instanceof EngineOrderMissing)) throw error
      logger.warn({ err: error, order, payment: id }, 'the order could not be told of a payment; it will be told again')
      if (error instanceof EngineDown) break
    }
  }
  return told
}

/** What reached an order just as it came to nothing goes back like what it had. */
async function returnLate(db: Db, now: Date): Promise<void> {
  await rows(
    db,
    sql`WITH due AS (
          UPDATE payment p SET state = 'refund-due' FROM orders o
           WHERE o.id = p.order_id AND p.state = 'matched' AND o.status = 'closed' AND o."end" IN ('withdrawn', 'terminated')
          RETURNING p.bank_no, p.amount, o.id, o.no, o.customer_id, o.seq
        )
        INSERT INTO outbox (order_id, seq, topic, dedupe, payload, next_at, created_at)
        SELECT id, seq, 'finance.refund', bank_no,
               jsonb_build_object('order', id, 'no', no, 'customer', customer_id, 'bankNo', bank_no, 'amount', amount), ${now}, ${now}
          FROM due ON CONFLICT DO NOTHING`,
  )
}

/** One round: matches what can be matched by now, and tells what has not been counted. @returns how many were told */
export async function payments(deps: PaymentDeps, now: Date): Promise<number> {
  await place(deps.pool, empty)
  await returnLate(deps.pool, now)
  return tellDue(deps, empty)
}

/** Goes round until stopped. `stop` waits for the round that is under way. */
export function startPayments(deps: PaymentDeps, intervalMs = 30_000): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const round = () => {
    running = running
      .then(() => payments(deps, new Date()))
      .then(
        () => undefined,
        (error: unknown) => deps.logger.error({ err: error }, 'payments could not be looked through; trying again'),
      )
  }
  round()
  const timer = setInterval(round, intervalMs)
  timer.unref()
  return {
    stop: () => {
      clearInterval(timer)
      return running
    },
  }
}
