/** Real-time settlement (P-60): the commission of one event at once. */
import type pg from 'pg'
import { lastDay } from '../../domain/settlement/period.ts'
import type { BusinessScheme, UserRecord } from '../../domain/settlement/scheme.ts'
import { inRange, settleUser } from '../../domain/settlement/settle.ts'
import { newestReleased } from '../../prisma/settlement/schemes.ts'
import { never } from '../errors.ts'
import { periodLock } from './extract.ts'
import { book, subAccount } from './ledger.ts'
import { inTransaction } from './shared.ts'

const chinaDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' })
/** The day of an instant, as the billing system counts. */
export const dayOf = (at: number): string => chinaDay.format(at)

/** Midnight in China after a period's last day: from then on the billing system can say what was there. */
export const endOfPeriod = (period: string): number => Date.parse(`${lastDay(period)}T00:00:00+08:00`) + 86_400_000

export interface EventToCatch {
  order: string
  source: string
  agent: string
  number: string
  businessType: string
  /** Instant of the event, epoch ms. */
  at: number
  /** Fen; counted as other fees. */
  fee: number
  kind?: 'commission' | 'sharing'
}

export type Caught = { eligible: true; period: string } | { eligible: false; why: string }

/** One event, one order: the same again is the same, another order's is not eligible. Nor is what a run has extracted already. */
export function catchEvent(pool: pg.Pool, event: EventToCatch): Promise<Caught> {
  return inTransaction(pool, async (client): Promise<Caught> => {
    const { order, source, agent, number, businessType, at, fee, kind = 'commission' } = event
    const day = dayOf(at)
    const period = day.slice(0, 7)
    const { rows } = await client.query<{ department: string; status: string }>(
      'SELECT department_id AS department, status FROM agent WHERE id = $1',
      [agent],
    )
    if (!rows[0]) return { eligible: false, why: `there is no agent ${agent}` }
    if (rows[0].status !== 'active') return { eligible: false, why: `agent ${agent} is ${rows[0].status}` }
    // An extraction of the period waits for us, or we see it.
    await client.query(`SELECT pg_advisory_xact_lock_shared(${periodLock(rows[0].department, period)})`)
    const { rows: late } = await client.query<{ id: string }>(
      `SELECT r.id FROM settlement_run r WHERE r.department_id = $1 AND r.period = $2 AND r.kind = $3 AND r.origin IN ('unified', 'single')
        AND r.extracted_at IS NOT NULL AND r.state <> 'stopped' AND (r.agent_id IS NULL OR r.agent_id = $4)
        AND NOT EXISTS (SELECT FROM settlement_event e WHERE e.id = $5)`,
      [rows[0].department, period, kind, agent, order],
    )
    if (late[0]) return { eligible: false, why: `run ${late[0].id} settles ${period} already` }
    await client.query(
      `INSERT INTO settlement_event (id, source_no, agent_id, kind, period, at, user_no, business_type, package, region, joined_on, fees, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', $9, $10, 'caught') ON CONFLICT DO NOTHING`,
      [order, source, agent, kind, period, new Date(at), number, businessType, day, JSON.stringify({ other: String(fee) })],
    )
    const { rows: own } = await client.query<{ id: string }>('SELECT id FROM settlement_event WHERE source_no = $1', [source])
    return own[0]?.id === order
      ? { eligible: true, period }
      : { eligible: false, why: `event ${source} is settled by order ${own[0]?.id ?? ''}` }
  })
}

interface EventRow {
  agent: string
  kind: string
  period: string
  number: string
  businessType: string
  joinedOn: string
  fees: Record<string, string>
  state: string
  scheme: string | null
  amount: string | null
}

async function eventOf(client: pg.ClientBase, order: string): Promise<EventRow> {
  const { rows } = await client.query<EventRow>(
    `SELECT e.agent_id AS agent, e.kind, e.period, e.user_no AS number, e.business_type AS "businessType", e.joined_on::text AS "joinedOn", e.fees, e.state,
      v.scheme_id AS scheme, e.amount FROM settlement_event e LEFT JOIN settlement_scheme_version v ON v.no = e.scheme_no WHERE e.id = $1 FOR NO KEY UPDATE OF e`,
    [order],
  )
  if (!rows[0]) throw never('NO_EVENT', `order ${order} has no event`)
  return rows[0]
}

/** @returns the commission in fen, nothing where no scheme of the agent is for events of this type */
export function computeEvent(pool: pg.Pool, order: string): Promise<{ scheme: string; amount: bigint } | undefined> {
  return inTransaction(pool, async (client) => {
    const event = await eventOf(client, order)
    if (event.scheme !== null && event.amount !== null) return { scheme: event.scheme, amount: BigInt(event.amount) }
    const { rows } = await client.query<{ no: number; id: string; spec: BusinessScheme; type: string; level: string; region: string }>(
      `SELECT v.no, v.scheme_id AS id, v.spec, a.type, a.level_id AS level, a.region_path AS region FROM agent a
        JOIN LATERAL (SELECT c.spec FROM agent_scheme s JOIN ${newestReleased} c ON c.scheme_id = s.scheme_id
          WHERE s.agent_id = a.id AND s.kind = $2 AND s.valid_from <= $3 AND (s.valid_to IS NULL OR s.valid_to >= $3) ORDER BY s.rank LIMIT 1) s ON true
        JOIN ${newestReleased} v ON v.scheme_id = s.spec -> 'schemes' ->> $4 WHERE a.id = $1`,
      [event.agent, event.kind, event.joinedOn, event.businessType],
    )
    const found = rows[0]
    if (!found?.spec.settlements.includes('real-time') || !inRange(found.spec, found)) {
      await client.query(`UPDATE settlement_event SET state = 'ignored' WHERE id = $1`, [order])
      return undefined
    }
    const fees = { rent: 0n, call: 0n, data: 0n, message: 0n, other: BigInt(event.fees.other ?? 0) }
    const user: UserRecord = { businessType: event.businessType, package: '', region: '', joinedOn: event.joinedOn, fees }
    const { tier, basis, amount } = settleUser(found.spec, user, event.period)
    await client.query(`UPDATE settlement_event SET scheme_no = $2, tier = $3, basis = $4, amount = $5, state = 'computed' WHERE id = $1`, [
      order,
      found.no,
      tier,
      String(basis),
      String(amount),
    ])
    return { scheme: found.id, amount }
  })
}

/** Books to the rebate account, once. @returns when it is to be checked, epoch ms */
export function bookEvent(pool: pg.Pool, order: string, at: number): Promise<{ checkAt: number }> {
  return inTransaction(pool, async (client) => {
    const { agent, amount, state, period } = await eventOf(client, order)
    if (state === 'computed') {
      const fen = BigInt(amount ?? 0)
      const moves = [{ from: 'commission', to: subAccount(agent, 'rebate'), amount: fen }]
      if (fen > 0n) await book(client, { ref: `event/${order}`, kind: 'real-time', order, at, moves })
      await client.query(`UPDATE settlement_event SET state = 'booked', booked_at = $2 WHERE id = $1`, [order, new Date(at)])
    } else if (state === 'caught' || state === 'ignored') throw never('NOT_COMPUTED', `the event of order ${order} is ${state}`)
    return { checkAt: Math.max(at, endOfPeriod(period)) }
  })
}

/**
 * At the end of the period the billing system has the user's record, under this agent: then it stands. Otherwise it is to be reversed.
 * While nothing has been delivered it can't be said.
 */
export function checkEvent(pool: pg.Pool, order: string, at: number): Promise<'confirmed' | 'reversed' | 'too-early'> {
  return inTransaction(pool, async (client) => {
    const { agent, period, number, businessType, state } = await eventOf(client, order)
    if (state === 'confirmed') return 'confirmed'
    const { rows } = await client.query<{ delivered: boolean; there: boolean }>(
      `SELECT EXISTS (SELECT FROM settlement_load l WHERE l.department_id = a.department_id AND l.period = $2 AND l.state = 'complete') AS delivered,
        EXISTS (SELECT FROM settlement_user u WHERE u.period = $2 AND u.user_no = $3 AND u.business_type = $4 AND u.agent_id = $1 AND u.replaced_by IS NULL) AS there
       FROM agent a WHERE a.id = $1`,
      [agent, period, number, businessType],
    )
    const { delivered, there } = rows[0]!
    if (!delivered) return 'too-early'
    if (there) await client.query(`UPDATE settlement_event SET state = 'confirmed', checked_at = $2 WHERE id = $1`, [order, new Date(at)])
    return there ? 'confirmed' : 'reversed'
  })
}

/** 冲回: takes back what was booked, by an entry of its own. @throws DatabaseError ledger_account_not_overdrawn where it has been paid out since */
export function reverseEvent(pool: pg.Pool, order: string, at: number): Promise<void> {
  return inTransaction(pool, async (client) => {
    const { agent, amount, state } = await eventOf(client, order)
    if (state === 'reversed') return
    const moves = [{ from: subAccount(agent, 'rebate'), to: 'commission', amount: BigInt(amount ?? 0) }]
    if (BigInt(amount ?? 0) > 0n) await book(client, { ref: `reversal/${order}`, kind: 'reversal', order, at, moves })
    await client.query(`UPDATE settlement_event SET state = 'reversed', checked_at = $2 WHERE id = $1`, [order, new Date(at)])
  })
}
