/** P-62 and P-63, "bank-answer": the payment is asked of the bank under its own id; the bank's word then ends the step (bank.ts). */
import type pg from 'pg'
import { billInForce } from '../../prisma/settlement/in-force.ts'
import { isOverdrawn } from './ledger.ts'
import type { AutomaticInput, AutomaticResult } from '../types.ts'
import { askAgainIn, type Payout, payBillIn } from './payout.ts'
import { paySupplementIn } from './corrections.ts'
import { inTransaction } from './shared.ts'

type Asking = (client: pg.ClientBase, input: AutomaticInput) => Promise<Payout | undefined>

/** The n-th opening of the step is the n-th attempt at most: done twice, it asks once. */
const attemptOf = (task: string): number => Number(/\.(\d+)$/.exec(task)?.[1] ?? 1)

const askForBill: Asking = async (client, { order, facts, at }) => {
  const { rows } = await client.query<{ id: string }>(
    `SELECT b.id FROM settlement_bill b WHERE b.id = ${billInForce('$1', '$2')} AND b.state <> 'void'`,
    [facts.run, facts.agent],
  )
  return rows[0] && payBillIn(client, { bill: rows[0].id, order, at })
}

const askForSupplement: Asking = async (client, { order, facts, at }) => {
  const { rows } = await client.query<{ bill: string | null }>(
    `SELECT b.id AS bill FROM agent a LEFT JOIN settlement_run r ON r.id = $2 LEFT JOIN settlement_bill b ON b.run_no = r.no AND b.agent_id = a.id
      WHERE a.id = $1`,
    [facts.agent, facts.run ?? null],
  )
  const amount = BigInt(Number(facts.amount ?? 0))
  if (!rows[0] || amount <= 0n) return undefined
  const { bill } = rows[0]
  return paySupplementIn(client, {
    id: order,
    agent: String(facts.agent),
    ...(bill && { bill }),
    amount,
    reason: String(facts.reason ?? ''),
    at,
  })
}

const asked =
  (ask: Asking) =>
  async (pool: pg.Pool, input: AutomaticInput): Promise<AutomaticResult> => {
    try {
      return await inTransaction(pool, async (client): Promise<AutomaticResult> => {
        // The order's row is held: whoever has taken the step over meanwhile has paid, or will, and nothing is asked beside him.
        const { rowCount: open } = await client.query(`SELECT FROM orders WHERE id = $1 AND state -> 'tasks' ? $2 FOR UPDATE`, [
          input.order,
          input.task,
        ])
        if (!open) return {}
        const payout = await ask(client, input)
        if (!payout) return { outcome: 'paid', note: '无须支付 / nothing was to be paid' }
        if (payout.state === 'paid') return { outcome: 'paid', ...(payout.bankRef && { form: { bankNo: payout.bankRef } }) }
        if (payout.state === 'failed') await askAgainIn(client, payout.id, input.at, attemptOf(input.task))
        return {}
      })
    } catch (error) {
      if (!isOverdrawn(error)) throw error
      const reason = '返利子账户余额不足 / the rebate account does not cover it any more: correct the amount (P-63) or pay by hand'
      return { outcome: 'failed', form: { reason } }
    }
  }

/** By `process/step`. */
export const bankSteps = {
  'rebate-payout/bank-answer': asked(askForBill),
  'commission-correction/bank-answer': asked(askForSupplement),
}
