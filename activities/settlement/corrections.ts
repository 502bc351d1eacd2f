/** After the payout (P-63): a supplement or a claw-back, beside the original, which stays as it was. */
import type pg from 'pg'
import { never } from '../errors.ts'
import { balances, book, type SubAccount, subAccount } from './ledger.ts'
import { ask, type Payout } from './payout.ts'
import { inTransaction } from './shared.ts'

export interface CorrectionInput {
  /** Its order. */
  id: string
  agent: string
  bill?: string
  /** Fen, more than 0. */
  amount: bigint
  reason: string
  at: number
}

const note = async (client: pg.ClientBase, direction: 'pay' | 'claw-back', { id, agent, bill, amount, reason, at }: CorrectionInput) => {
  if (amount <= 0n) throw never('NO_AMOUNT', 'a correction is of more than 0 fen')
  await client.query(
    `INSERT INTO settlement_correction (id, agent_id, bill_id, direction, amount, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
    [id, agent, bill ?? null, direction, String(amount), reason, new Date(at)],
  )
}

/** 补发. Done again, it answers the payout that there is. */
export const paySupplement = (pool: pg.Pool, input: CorrectionInput): Promise<Payout> =>
  inTransaction(pool, (client) => paySupplementIn(client, input))

/** As {@link paySupplement}, in the caller's transaction. */
export async function paySupplementIn(client: pg.ClientBase, input: CorrectionInput): Promise<Payout> {
  const { id, agent, amount, at } = input
  await note(client, 'pay', input)
  const moves = [{ from: 'commission', to: subAccount(agent, 'rebate'), amount }]
  await book(client, { ref: `correction/${id}`, kind: 'correction', order: id, at, moves })
  return ask(client, { id: `po-${id}`, agent, correction: id, order: id, amount, at })
}

export interface ClawedBack {
  taken: Record<SubAccount | 'cash', bigint>
  /** Fen still to be paid back. */
  left: bigint
}

/** From which account first (P-63): what was paid too much, then what the agent keeps here, last his deposit. */
const inTurn: readonly SubAccount[] = ['rebate', 'prepaid', 'deposit']

/**
 * 补收: takes what the agent's sub-accounts have, in turn. What is left can be taken later with another `round`, or in cash.
 * @param round names the attempt; the same again takes nothing more
 */
export function clawBack(pool: pg.Pool, input: CorrectionInput, round = 1, from: readonly SubAccount[] = inTurn): Promise<ClawedBack> {
  return inTransaction(pool, async (client) => {
    const { id, agent, at } = input
    await note(client, 'claw-back', input)
    const before = await standing(client, id)
    const there = await balances(client, agent, true)
    let left = before.left
    const moves = inTurn
      .filter((kind) => from.includes(kind))
      .flatMap((kind) => {
        const amount = there[kind] < left ? there[kind] : left
        left -= amount
        return amount > 0n ? [{ kind, from: subAccount(agent, kind), to: 'commission', amount }] : []
      })
    if (moves.length === 0) return before
    if (!(await book(client, { ref: `claw-back/${id}/${round}`, kind: 'correction', order: id, at, moves }))) return before
    const of = (kind: SubAccount) => String(moves.find((move) => move.kind === kind)?.amount ?? 0n)
    await client.query(
      `UPDATE settlement_correction SET from_rebate = from_rebate + $2::bigint, from_prepaid = from_prepaid + $3::bigint, from_deposit = from_deposit + $4::bigint,
        state = CASE WHEN $5 THEN 'settled' ELSE 'open' END WHERE id = $1`,
      [id, of('rebate'), of('prepaid'), of('deposit'), left === 0n],
    )
    return standing(client, id)
  })
}

/** 补收 in cash. @param receipt its number, so that it counts once */
export function collectCash(pool: pg.Pool, input: CorrectionInput, amount: bigint, receipt: string): Promise<ClawedBack> {
  return inTransaction(pool, async (client) => {
    await note(client, 'claw-back', input)
    const { left } = await standing(client, input.id)
    const taken = amount < left ? amount : left
    const moves = [{ from: 'cash', to: 'commission', amount: taken }]
    if (taken > 0n && (await book(client, { ref: `cash/${receipt}`, kind: 'correction', order: input.id, at: input.at, moves })))
      await client.query(
        `UPDATE settlement_correction SET from_cash = from_cash + $2::bigint, state = CASE WHEN $3 THEN 'settled' ELSE 'open' END WHERE id = $1`,
        [input.id, String(taken), taken === left],
      )
    return standing(client, input.id)
  })
}

async function standing(client: pg.ClientBase, id: string): Promise<ClawedBack> {
  const { rows } = await client.query<Record<'amount' | 'rebate' | 'prepaid' | 'deposit' | 'cash', string>>(
    `SELECT amount, from_rebate AS rebate, from_prepaid AS prepaid, from_deposit AS deposit, from_cash AS cash FROM settlement_correction
      WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  )
  const row = rows[0]!
  const taken = { rebate: BigInt(row.rebate), prepaid: BigInt(row.prepaid), deposit: BigInt(row.deposit), cash: BigInt(row.cash) }
  return { taken, left: BigInt(row.amount) - taken.rebate - taken.prepaid - taken.deposit - taken.cash }
}
