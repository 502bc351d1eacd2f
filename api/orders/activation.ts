/** What the record must say before money, contracts and services are named in an outcome: the order's own rules can't look there. */
import type pg from 'pg'
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import { Problem } from '../problem.ts'
import { rows, sql } from '../queries/sql.ts'

interface Completing {
  order: string
  spec: ProcessSpec
  step: string
  outcome: string
  form: Readonly<Record<string, Fact>>
}

/** @throws Problem UNKNOWN_REFERENCE, PAYMENT_CONFLICT */
export async function checkActivation(pool: pg.Pool, { order, spec, step: id, outcome, form }: Completing): Promise<void> {
  const step = spec.steps[id]
  const needs = step?.outcomes[outcome]?.requires?.some(({ fact, is, equals }) => fact === 'contract' && is === undefined && !equals)
  if (needs) await signedContract(pool, order, form.contract)
  const bankNo = step?.awaits?.fact === 'payment' ? form[step.awaits.idField] : undefined
  if (typeof bankNo === 'string') await freePayment(pool, order, bankNo, form.paid)
  if (id === 'enter-customer-data' && typeof form.service === 'string') await ownService(pool, order, form.service, form.product)
}

/** P-06 rule 1: the contract is the customer's, and signed. Without any the order itself refuses. */
async function signedContract(pool: pg.Pool, order: string, given: Fact | undefined): Promise<void> {
  const [found] = await rows<{ named: string | null; status: string | null }>(
    pool,
    sql`SELECT n.named, k.status
          FROM orders o
         CROSS JOIN LATERAL (SELECT coalesce(${typeof given === 'string' ? given : null}::text, o.state #>> '{facts,contract}') AS named) n
          LEFT JOIN contract k ON k.customer_id = o.customer_id AND (k.id = n.named OR k.no = n.named)
         WHERE o.id = ${order} LIMIT 1`,
  )
  if (found?.named == null || found.status === 'signed') return
  const detail = found.status === null ? `the customer has no contract ${found.named}` : `contract ${found.named} is not signed`
  throw new Problem('UNKNOWN_REFERENCE', { field: 'form.contract', detail })
}

/** A payment counts once: not for two orders, and not with two amounts. */
async function freePayment(pool: pg.Pool, order: string, bankNo: string, paid: Fact | undefined): Promise<void> {
  const [found] = await rows<{ order_id: string | null; amount: string }>(
    pool,
    sql`SELECT order_id, amount FROM payment WHERE bank_no = ${bankNo}`,
  )
  if (!found) return
  if (found.order_id !== null && found.order_id !== order)
    throw new Problem('PAYMENT_CONFLICT', { field: 'form.bankNo', detail: `payment ${bankNo} belongs to another order` })
  if (paid !== undefined && Number(found.amount) !== paid)
    throw new Problem('PAYMENT_CONFLICT', { field: 'form.paid', detail: `payment ${bankNo} was ${found.amount} fen` })
}

/** An existing number is the customer's own; a new one is of a product that there is. */
async function ownService(pool: pg.Pool, order: string, service: string, product: Fact | undefined): Promise<void> {
  const named = typeof product === 'string' ? product : null
  const [found] = await rows<{ own: boolean | null; product: string | null }>(
    pool,
    sql`SELECT (SELECT v.customer_id = o.customer_id FROM service v WHERE v.id = ${service} OR v.no = ${service} LIMIT 1) AS own,
               (SELECT p.id FROM product p WHERE coalesce(${named}::text, o.state #>> '{facts,product}') IN (p.id, p.name_zh, p.name_en) LIMIT 1) AS product
          FROM orders o WHERE o.id = ${order}`,
  )
  if (found?.own === false)
    throw new Problem('UNKNOWN_REFERENCE', { field: 'form.service', detail: `${service} is another customer's: choose a new number` })
  if (found?.own === null && found.product === null)
    throw new Problem('UNKNOWN_REFERENCE', { field: 'form.product', detail: 'a new service needs a product that there is: name its id' })
}
