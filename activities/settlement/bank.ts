/** The bank as files: one instruction for each payout and attempt under `out`, answers as CSV under `in`. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApplicationFailure } from '@temporalio/common'
import type pg from 'pg'
import { parse } from 'csv-parse/sync'
import type { AutomaticResult } from '../types.ts'
import { askAgain, type BankAnswer, takeAnswer } from './payout.ts'

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
 * @returns what is to be told to the orders that wait
 */
export async function takeAnswers(pool: pg.Pool, bank: Bank, at: number): Promise<NonNullable<AutomaticResult['tell']>> {
  const told: NonNullable<AutomaticResult['tell']>[number][] = []
  for (const { read: answers, done, refuse } of bank.answers()) {
    try {
      for (const answer of answers()) {
        const { orderId, state, bankRef } = await takeAnswer(pool, answer, at)
        if (orderId)
          told.push({
            order: orderId,
            kind: 'payout',
            id: `${answer.payout}/${answer.attempt}`,
            facts: { result: state, bankNo: bankRef ?? '' },
          })
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
  return told
}

/** How long until what the bank could not pay is asked for again, in ms. */
const AGAIN_MS = 3_600_000

export interface BankRound {
  sent: number
  answered: number
  again: number
}

/**
 * One round with the bank: takes its answers, asks again for what failed an hour ago and is still covered, hands over what is asked
 * for. One worker at a time; killed anywhere, the next round goes on.
 */
export async function bankRound(pool: pg.Pool, bank: Bank, at: number): Promise<BankRound> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ mine: boolean }>("SELECT pg_try_advisory_lock(hashtext('paidan-bank')) AS mine")
    if (!rows[0]!.mine) return { sent: 0, answered: 0, again: 0 }
    try {
      const answered = (await takeAnswers(pool, bank, at)).length
      const failed = await pool.query<{ id: string }>(
        `SELECT p.id FROM settlement_payout p JOIN ledger_account c ON c.agent_id = p.agent_id AND c.kind = 'rebate' AND c.balance >= p.amount
          WHERE p.state = 'failed' AND p.answered_at <= $1 ORDER BY p.answered_at LIMIT 200`,
        [new Date(at - AGAIN_MS)],
      )
      let again = 0
      // Of two payouts of an agent whose account covers one, the second waits for the next round.
      for (const { id } of failed.rows)
        again += await askAgain(pool, id, at).then(
          () => 1,
          (error: unknown) => {
            if ((error as { constraint?: unknown }).constraint === 'ledger_account_not_overdrawn') return 0
            throw error
          },
        )
      return { sent: await sendPayouts(pool, bank, at), answered, again }
    } finally {
      await client.query("SELECT pg_advisory_unlock(hashtext('paidan-bank'))")
    }
  } finally {
    client.release()
  }
}
