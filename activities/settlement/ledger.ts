/** Double-entry bookings. What the database enforces (balance, no change, no overdraft) is not repeated here. */
import type pg from 'pg'

export type SubAccount = 'deposit' | 'rebate' | 'prepaid'

/** Account of an agent's sub-account (保证金, 返利, 预存). The company's are called by their kind: commission, transit, bank, cash. */
export const subAccount = (agent: string, kind: SubAccount): string => `${agent}/${kind}`

export interface Booking {
  /** What is booked; the same thing is booked once. */
  ref: string
  kind: string
  order?: string | undefined
  memo?: string | undefined
  at: number
  /** Fen from one account to the other. */
  moves: readonly { from: string; to: string; amount: bigint }[]
}

/**
 * Books in the caller's transaction.
 * @returns false where it has been booked before
 * @throws DatabaseError ledger_account_not_overdrawn where a sub-account has too little
 */
export async function book(client: pg.ClientBase, { ref, kind, order, memo, at, moves }: Booking): Promise<boolean> {
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO ledger_entry (ref, kind, order_id, memo, at, tx) VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (ref) DO NOTHING RETURNING id',
    [ref, kind, order ?? null, memo ?? null, new Date(at)],
  )
  if (!rows[0]) return false
  const lines = moves.flatMap(({ from, to, amount }) => [
    { account: to, amount },
    { account: from, amount: -amount },
  ])
  await client.query(
    `INSERT INTO ledger_line (entry_id, n, account_id, amount)
     SELECT $1, n, account, amount FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS l (account, amount, n)`,
    [rows[0].id, lines.map(({ account }) => account), lines.map(({ amount }) => String(amount))],
  )
  return true
}

/** Whether a booking was refused because a sub-account has too little. */
export const isOverdrawn = (error: unknown): boolean => (error as { constraint?: unknown }).constraint === 'ledger_account_not_overdrawn'

/** Fen on an agent's sub-accounts. */
export async function balances(db: pg.Pool | pg.ClientBase, agent: string, lock = false): Promise<Record<SubAccount, bigint>> {
  const { rows } = await db.query<{ kind: SubAccount; balance: string }>(
    `SELECT kind, balance FROM ledger_account WHERE agent_id = $1 ORDER BY id ${lock ? 'FOR NO KEY UPDATE' : ''}`,
    [agent],
  )
  const of = (kind: SubAccount) => BigInt(rows.find((row) => row.kind === kind)?.balance ?? 0)
  return { deposit: of('deposit'), rebate: of('rebate'), prepaid: of('prepaid') }
}

/** Money that an agent brings: deposit or prepaid. @param ref the bank's number, so that it counts once */
export const topUp = (
  client: pg.ClientBase,
  agent: string,
  kind: 'deposit' | 'prepaid',
  amount: bigint,
  ref: string,
  at: number,
): Promise<boolean> =>
  book(client, { ref: `top-up/${ref}`, kind: 'top-up', at, moves: [{ from: 'bank', to: subAccount(agent, kind), amount }] })
