/** Verdicts of the deploy gate, as they are kept. */
import type { Db } from './rows.ts'

export interface GateVerdict {
  at: Date
  ok: boolean
  /** Of the product that was asked. */
  version: string
  /** Open orders looked at, and of these those that stand, would move, and cannot be. */
  orders: number
  stand: number
  moved: number
  refused: number
  /** Histories replayed, and those that went another way. */
  histories: number
  differ: number
}

const columns = 'at, ok, version, orders, stand, moved, refused, histories, differ'

export async function latestGate(db: Db): Promise<GateVerdict | undefined> {
  const { rows } = await db.query<GateVerdict>(`SELECT ${columns} FROM gate_verdict ORDER BY id DESC LIMIT 1`)
  return rows[0]
}

/** @param report what `npm run gate --json` writes */
export async function keepGate(db: Db, verdict: GateVerdict, report: object): Promise<void> {
  const { at, ok, version, orders, stand, moved, refused, histories, differ } = verdict
  await db.query(`INSERT INTO gate_verdict (${columns}, report) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, [
    at,
    ok,
    version,
    orders,
    stand,
    moved,
    refused,
    histories,
    differ,
    JSON.stringify(report),
  ])
}
