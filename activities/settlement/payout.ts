/**
 * Payout (返利, P-62) towards the bank. A payout is asked for under its own id, so that the bank pays it once however often it hears of
 * it; what failed is asked for again until it is settled.
 */
import type pg from 'pg'
import { never } from '../errors.ts'
import { book, subAccount } from './ledger.ts'
import { inTransaction } from './shared.ts'

export interface Payout {
  id: string
  agentId: string
  billId: string | null
  correctionId: string | null
  orderId: string | null
  amount: string
  state: 'asked' | 'sent' | 'paid' | 'failed'
  attempt: number
  bankRef: string | null
}

const columns = `id, agent_id AS "agentId", bill_id AS "billId", correction_id AS "correctionId", order_id AS "orderId", amount, state, attempt,
  bank_ref AS "bankRef"`

const one = async (client: pg.ClientBase, where: string, value: string): Promise<Payout | undefined> =>
  (await client.query<Payout>(`SELECT ${columns} FROM settlement_payout WHERE ${where} = $1 FOR NO KEY UPDATE`, [value])).rows[0]

/** What a bill comes to: its amount and the approved adjustments, fen. */
export const payableSql = (bill: string): string =>
  `(${bill}.amount + coalesce((SELECT sum(j.amount) FROM settlement_adjustment j WHERE j.bill_id = ${bill}.id AND j.state = 'approved'), 0))::bigint`

/**
 * Books a settled bill to the agent's rebate account and asks for its payout. Asked again, it answers the payout that there is.
 * @returns nothing where there is nothing to pay; what a fine makes negative is left to a claw-back
 * @throws ApplicationFailure NOT_SETTLED, not retryable
 */
export function payBill(pool: pg.Pool, input: { bill: string; order?: string; at: number }): Promise<Payout | undefined> {
  return inTransaction(pool, (client) => payBillIn(client, input))
}

/** As {@link payBill}, in the caller's transaction. */
export async function payBillIn(
  client: pg.ClientBase,
  { bill: id, order, at }: { bill: string; order?: string; at: number },
): Promise<Payout | undefined> {
  const { rows } = await client.query<{ agent: string; state: string }>(
    'SELECT agent_id AS agent, state FROM settlement_bill WHERE id = $1 FOR NO KEY UPDATE',
    [id],
  )
  const bill = rows[0]
  const known = await one(client, 'bill_id', id)
  if (known || bill?.state === 'paid') return known
  if (bill?.state !== 'settled') throw never('NOT_SETTLED', `bill ${id} is ${bill?.state ?? 'unknown'}: only a settled bill is paid out`)
  const { rows: sums } = await client.query<{ payable: string }>(
    `SELECT ${payableSql('b')} AS payable FROM settlement_bill b WHERE b.id = $1`,
    [id],
  )
  const amount = BigInt(sums[0]!.payable)
  if (amount < 0n)
    await client.query(
      `INSERT INTO settlement_correction (id, agent_id, bill_id, direction, amount, reason, at) VALUES ($1, $2, $3, 'claw-back', $4, 'negative bill', $5)
       ON CONFLICT DO NOTHING`,
      [`negative/${id}`, bill.agent, id, String(-amount), new Date(at)],
    )
  if (amount <= 0n) {
    await client.query(`UPDATE settlement_bill SET state = 'paid' WHERE id = $1`, [id])
    return undefined
  }
  await book(client, {
    ref: `bill/${id}`,
    kind: 'settlement',
    order,
    at,
    moves: [{ from: 'commission', to: subAccount(bill.agent, 'rebate'), amount }],
  })
  return ask(client, { id: `po-${id}`, agent: bill.agent, bill: id, order, amount, at })
}

interface Asked {
  id: string
  agent: string
  bill?: string
  correction?: string
  order?: string | undefined
  amount: bigint
  at: number
}

/** Takes the money out of the rebate account and asks for it, in the caller's transaction. */
export async function ask(client: pg.ClientBase, { id, agent, bill, correction, order, amount, at }: Asked): Promise<Payout> {
  const known = await one(client, 'id', id)
  if (known) return known
  await book(client, {
    ref: `payout/${id}/1`,
    kind: 'payout',
    order,
    at,
    moves: [{ from: subAccount(agent, 'rebate'), to: 'transit', amount }],
  })
  await client.query(
    `INSERT INTO settlement_payout (id, agent_id, bill_id, correction_id, order_id, amount, state, asked_at) VALUES ($1, $2, $3, $4, $5, $6, 'asked', $7)`,
    [id, agent, bill ?? null, correction ?? null, order ?? null, String(amount), new Date(at)],
  )
  return (await one(client, 'id', id))!
}

/** As {@link askAgainIn}, in a transaction of its own. */
export const askAgain = (pool: pg.Pool, id: string, at: number, most?: number): Promise<Payout> =>
  inTransaction(pool, (client) => askAgainIn(client, id, at, most))

/**
 * Asks again for what failed.
 * @param most attempts that there may be then: done twice with the same number, it asks once
 * @throws DatabaseError ledger_account_not_overdrawn where the money has been taken back since
 */
export async function askAgainIn(client: pg.ClientBase, id: string, at: number, most = Number.MAX_SAFE_INTEGER): Promise<Payout> {
  const payout = await one(client, 'id', id)
  if (!payout) throw never('NO_PAYOUT', `there is no payout ${id}`)
  if (payout.state !== 'failed' || payout.attempt >= most) return payout
  const attempt = payout.attempt + 1
  const moves = [{ from: subAccount(payout.agentId, 'rebate'), to: 'transit', amount: BigInt(payout.amount) }]
  await book(client, { ref: `payout/${id}/${attempt}`, kind: 'payout', order: payout.orderId ?? undefined, at, moves })
  await client.query(
    `UPDATE settlement_payout SET state = 'asked', attempt = $2, error = NULL, asked_at = $3, told_at = NULL WHERE id = $1`,
    [id, attempt, new Date(at)],
  )
  return (await one(client, 'id', id))!
}

export interface BankAnswer {
  payout: string
  /** Attempt that it answers; an answer to an earlier one is late and changes nothing. */
  attempt: number
  paid: boolean
  bankRef?: string
  error?: string
}

/**
 * Takes the bank's answer: paid money has left, failed money is back on the rebate account. The same answer again changes nothing.
 * @returns the payout as it is then; its order is to be told
 */
export function takeAnswer(pool: pg.Pool, { payout: id, attempt, paid, bankRef, error }: BankAnswer, at: number): Promise<Payout> {
  return inTransaction(pool, async (client) => {
    const payout = await one(client, 'id', id)
    if (!payout) throw never('NO_PAYOUT', `there is no payout ${id}`)
    if (payout.attempt !== attempt || payout.state === 'paid' || payout.state === 'failed') return payout
    const amount = BigInt(payout.amount)
    const to = paid ? 'bank' : subAccount(payout.agentId, 'rebate')
    const kind = paid ? 'payout-paid' : 'payout-failed'
    await book(client, {
      ref: `${kind}/${id}/${attempt}`,
      kind,
      order: payout.orderId ?? undefined,
      at,
      moves: [{ from: 'transit', to, amount }],
    })
    if (paid && payout.billId)
      await client.query(`UPDATE settlement_bill SET state = 'paid' WHERE id = $1 AND state = 'settled'`, [payout.billId])
    if (paid && payout.correctionId)
      await client.query(`UPDATE settlement_correction SET state = 'settled' WHERE id = $1`, [payout.correctionId])
    await client.query(`UPDATE settlement_payout SET state = $2, bank_ref = $3, error = $4, answered_at = $5 WHERE id = $1`, [
      id,
      paid ? 'paid' : 'failed',
      bankRef ?? null,
      error ?? null,
      new Date(at),
    ])
    return (await one(client, 'id', id))!
  })
}
