/** What the record must say before money, contracts and services are named in an outcome: the order's own rules can't look there. */
import type pg from 'pg'
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import { clawBackSources } from '../../domain/settlement/claw-back.ts'
import { Problem, wrongField } from '../problem.ts'
import { rows, sql } from '../queries/sql.ts'

interface Completing {
  order: string
  spec: ProcessSpec
  step: string
  outcome: string
  form: Readonly<Record<string, Fact>>
}

/** @throws Problem UNKNOWN_REFERENCE, PAYMENT_CONFLICT, VALIDATION_FAILED */
export async function checkActivation(pool: pg.Pool, { order, spec, step: id, outcome, form }: Completing): Promise<void> {
  const step = spec.steps[id]
  const needs = step?.outcomes[outcome]?.requires?.some(({ fact, is, equals }) => fact === 'contract' && is === undefined && !equals)
  if (needs) await signedContract(pool, order, form.contract)
  const bankNo = step?.awaits?.fact === 'payment' ? form[step.awaits.idField] : undefined
  if (typeof bankNo === 'string') await freePayment(pool, order, bankNo, form.paid)
  if (spec.id === 'commission-correction' && typeof form.from === 'string' && form.from !== 'cash') await covers(pool, order, id, form.from)
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
  const says =
    found.status === null
      ? { zh: `客户没有合同 ${found.named}`, en: `the customer has no contract ${found.named}` }
      : { zh: `合同 ${found.named} 尚未签署`, en: `contract ${found.named} is not signed` }
  throw new Problem('UNKNOWN_REFERENCE', { field: 'form.contract', says })
}

const yuan = (fen: string) => (Number(fen) / 100).toFixed(2)

/** P-63: what the accounts named do not cover is not called collected. */
async function covers(pool: pg.Pool, order: string, step: string, from: string): Promise<void> {
  const [found] = await rows<{ due: string; there: string }>(
    pool,
    sql`SELECT ((o.state #>> '{facts,amount}')::bigint - coalesce(c.from_rebate + c.from_prepaid + c.from_deposit + c.from_cash, 0))::text AS due,
               coalesce((SELECT sum(l.balance) FROM ledger_account l WHERE l.agent_id = o.state #>> '{facts,agent}'
                          AND l.kind = ANY (${[...clawBackSources(step, from)]})), 0)::text AS there
          FROM orders o LEFT JOIN settlement_correction c ON c.id = o.id WHERE o.id = ${order}`,
  )
  if (!found || BigInt(found.there) >= BigInt(found.due)) return
  const next =
    step === 'collect-back'
      ? { zh: '请另选来源，或选“未收回”以后扣取', en: 'choose another source, or "unpaid" to deduct it later' }
      : { zh: '请另选来源，或等待下次返佣', en: 'choose another source, or wait for the next rebate' }
  const [there, due] = [yuan(found.there), yuan(found.due)]
  throw wrongField('form.from', 'INVALID', {
    zh: `应收 ${due} 元，账上只有 ${there} 元：${next.zh}`,
    en: `there are ${there} of ${due} yuan: ${next.en}`,
  })
}

/** A payment counts once: not for two orders, and not with two amounts. */
async function freePayment(pool: pg.Pool, order: string, bankNo: string, paid: Fact | undefined): Promise<void> {
  const [found] = await rows<{ order_id: string | null; amount: string }>(
    pool,
    sql`SELECT order_id, amount FROM payment WHERE bank_no = ${bankNo}`,
  )
  if (!found) return
  if (found.order_id !== null && found.order_id !== order)
    throw new Problem('PAYMENT_CONFLICT', {
      field: 'form.bankNo',
      says: { zh: `付款 ${bankNo} 属于其他工单`, en: `payment ${bankNo} belongs to another order` },
    })
  if (paid !== undefined && Number(found.amount) !== paid)
    throw new Problem('PAYMENT_CONFLICT', {
      field: 'form.paid',
      says: { zh: `付款 ${bankNo} 为 ${found.amount} 分`, en: `payment ${bankNo} was ${found.amount} fen` },
    })
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
    throw new Problem('UNKNOWN_REFERENCE', {
      field: 'form.service',
      says: { zh: `${service} 属于其他客户：请换用新号码`, en: `${service} is another customer's: choose a new number` },
    })
  if (found?.own === null && found.product === null)
    throw new Problem('UNKNOWN_REFERENCE', {
      field: 'form.product',
      says: { zh: '新业务须选择已有的产品', en: 'a new service needs a product that there is: name its id' },
    })
}
