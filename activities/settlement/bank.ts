/** The bank as files: one instruction for each payout and attempt under `out`, answers as CSV under `in`. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApplicationFailure } from '@temporalio/common'
import type pg from 'pg'
import { parse } from 'csv-parse/sync'
import type { OutsideFact } from '../../domain/order/received.ts'
import { type BankAnswer, takeAnswer } from './payout.ts'

export interface Bank {
  /** Hands an instruction over. May be called twice for the same payout and attempt: the bank takes it once. */
  send(instruction: Instruction): void
  /** Answers that have come; `done` is called once they are in the record, `refuse` where they can't be taken. */
  answers(): { read: () => BankAnswer[]; done: () => void; refuse: (why: string) => void }[]
}

export interface Instruction {
  payout: string
  attempt: number
  account: string | null
  name: string
  /** Fen. */
  amount: string
}

const quoted = (value: string | number): string => `"${String(value).replaceAll('"', '""')}"`

/** @param folder with `out`, `in`, `taken` and `rejected`, made where missing */
export function fileBank(folder: string): Bank {
  const [out, inbox, taken, rejected] = ['out', 'in', 'taken', 'rejected'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ]
  for (const path of [out, inbox, taken, rejected]) mkdirSync(path, { recursive: true })
  return {
    send({ payout, attempt, account, name, amount }) {
      const file = join(out, `${encodeURIComponent(payout)}.${attempt}.csv`)
      const line = [payout, attempt, account ?? '', name, amount].map(quoted).join(',')
      // Written aside and renamed: the bank never sees half a file, and the same instruction is the same file.
      writeFileSync(`${file}.tmp`, `payout,attempt,account,name,fen\n${line}\n`)
      renameSync(`${file}.tmp`, file)
    },
    answers: () =>
      readdirSync(inbox)
        .filter((name) => name.endsWith('.csv'))
        .sort()
        .map((name) => ({
          read: () => read(join(inbox, name)),
          done: () => renameSync(join(inbox, name), join(taken, name)),
          refuse: (why) => {
            writeFileSync(join(rejected, `${name}.reason.txt`), `${why}\n`)
            renameSync(join(inbox, name), join(rejected, name))
          },
        })),
  }
}

/** Columns payout, attempt, result (paid, failed), bank_ref, error. @throws Error naming file and line that say something else */
function read(file: string): BankAnswer[] {
  const rows = parse<Record<string, string>>(readFileSync(file), { columns: true, skip_empty_lines: true, trim: true, bom: true })
  return rows.map(({ payout, attempt, result, bank_ref: bankRef, error }, i) => {
    if (!payout || !/^\d+$/.test(attempt ?? '') || (result !== 'paid' && result !== 'failed'))
      throw new Error(`${file}, line ${i + 2}: columns payout, attempt and result (paid or failed) are needed`)
    return { payout, attempt: Number(attempt), paid: result === 'paid', ...(bankRef && { bankRef }), ...(error && { error }) }
  })
}

/** Hands over what is asked for. Killed in between, it hands the same over again. @returns how many */
export async function sendPayouts(pool: pg.Pool, bank: Bank, at: number): Promise<number> {
  const { rows } = await pool.query<Instruction>(
    `SELECT p.id AS payout, p.attempt, a.bank_account AS account, a.name_zh AS name, p.amount FROM settlement_payout p JOIN agent a ON a.id = p.agent_id
      WHERE p.state = 'asked' ORDER BY p.asked_at, p.id`,
  )
  for (const instruction of rows) {
    bank.send(instruction)
    await pool.query(`UPDATE settlement_payout SET state = 'sent', sent_at = $3 WHERE id = $1 AND attempt = $2 AND state = 'asked'`, [
      instruction.payout,
      instruction.attempt,
      new Date(at),
    ])
  }
  return rows.length
}

/**
 * Takes the bank's answers into the record. A file that can't be read, or names a payout that there is not, is put aside with the
 * reason; what it said before that line is taken, and is not taken twice when it comes again.
 * @returns how many answers
 */
export async function takeAnswers(pool: pg.Pool, bank: Bank, at: number): Promise<number> {
  let taken = 0
  for (const { read: answers, done, refuse } of bank.answers()) {
    try {
      for (const answer of answers()) {
        await takeAnswer(pool, answer, at)
        taken++
      }
    } catch (error) {
      // The record's own trouble passes; what the file says does not change by itself.
      if (error instanceof Error && (error instanceof ApplicationFailure || !('code' in error))) {
        refuse(error.message)
        continue
      }
      throw error
    }
    done()
  }
  return taken
}

/** Tells an order a fact from outside. `ended`: it runs no more. Throws where the engine does not answer. */
export type Tell = (order: string, fact: OutsideFact) => Promise<'told' | 'ended'>

interface Untold {
  id: string
  order: string
  attempt: number
  state: 'paid' | 'failed'
  ref: string | null
  error: string | null
  closed: boolean | null
}

/** Tells the orders what the bank has said. Killed in between it tells the same again, which counts once. @returns how many */
export async function tellAnswers(pool: pg.Pool, tell: Tell, at: number): Promise<number> {
  const { rows } = await pool.query<Untold>(
    `SELECT p.id, p.order_id AS "order", p.attempt, p.state, p.bank_ref AS ref, p.error, o.status = 'closed' AS closed
       FROM settlement_payout p LEFT JOIN orders o ON o.id = p.order_id
      WHERE p.state IN ('paid', 'failed') AND p.told_at IS NULL AND p.order_id IS NOT NULL ORDER BY p.answered_at, p.id LIMIT 500`,
  )
  let told = 0
  for (const { id, order, attempt, state, ref, error, closed } of rows) {
    const facts = { bankResult: state, ...(ref && { bankNo: ref }), bankReason: error ?? '银行未说明原因 / the bank gave no reason' }
    const reached = closed === true ? 'told' : await tell(order, { kind: 'payout', id: `${id}/${attempt}`, facts })
    // An order that the engine has lost hears of it once it is back.
    if (reached === 'ended') continue
    await pool.query('UPDATE settlement_payout SET told_at = $3 WHERE id = $1 AND attempt = $2', [id, attempt, new Date(at)])
    told++
  }
  return told
}

export interface BankRound {
  sent: number
  answered: number
  told: number
}

/**
 * One round with the bank: takes its answers, tells the orders that wait for them, hands over what is asked for. One worker at a time;
 * killed anywhere, the next round goes on.
 */
export async function bankRound(pool: pg.Pool, bank: Bank, tell: Tell, at: number): Promise<BankRound> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ mine: boolean }>("SELECT pg_try_advisory_lock(hashtext('paidan-bank')) AS mine")
    if (!rows[0]!.mine) return { sent: 0, answered: 0, told: 0 }
    try {
      const answered = await takeAnswers(pool, bank, at)
      // The bank hears of its payments also while the engine is away.
      const sent = await sendPayouts(pool, bank, at)
      return { sent, answered, told: await tellAnswers(pool, tell, at) }
    } finally {
      await client.query("SELECT pg_advisory_unlock(hashtext('paidan-bank'))")
    }
  } finally {
    client.release()
  }
}
