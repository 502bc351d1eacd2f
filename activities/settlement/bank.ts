/** The bank as files: one instruction for each payout and attempt under `out`, answers as CSV under `in`. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { parse } from 'csv-parse/sync'
import type { AutomaticResult } from '../types.ts'
import { type BankAnswer, takeAnswer } from './payout.ts'

export interface Bank {
  /** Hands an instruction over. May be called twice for the same payout and attempt: the bank takes it once. */
  send(instruction: Instruction): void
  /** Answers that have come; `done` is called once they are in the record. */
  answers(): { answers: BankAnswer[]; done: () => void }[]
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

/** @param folder with `out` and `in`, made where missing */
export function fileBank(folder: string): Bank {
  const [out, inbox, taken] = ['out', 'in', 'taken'].map((name) => join(folder, name)) as [string, string, string]
  for (const path of [out, inbox, taken]) mkdirSync(path, { recursive: true })
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
          answers: read(join(inbox, name)),
          done: () => renameSync(join(inbox, name), join(taken, name)),
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

/** Takes the bank's answers into the record. @returns what is to be told to the orders that wait */
export async function takeAnswers(pool: pg.Pool, bank: Bank, at: number): Promise<NonNullable<AutomaticResult['tell']>> {
  const told: NonNullable<AutomaticResult['tell']>[number][] = []
  for (const { answers, done } of bank.answers()) {
    for (const answer of answers) {
      const { orderId, state, bankRef } = await takeAnswer(pool, answer, at)
      if (orderId)
        told.push({
          order: orderId,
          kind: 'payout',
          id: `${answer.payout}/${answer.attempt}`,
          facts: { result: state, bankNo: bankRef ?? '' },
        })
    }
    done()
  }
  return told
}
