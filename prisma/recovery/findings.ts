/** What the record shows by itself, and the reconciliations that were made. */
import type { Finding } from '../../domain/health/findings.ts'
import type { Db } from './rows.ts'

type Found = Pick<Finding, 'subject' | 'detail'>

/** Ids and versions of all open orders; `movedAt` epoch ms. */
export async function openVersions(db: Db): Promise<Map<string, { seq: number; movedAt: number }>> {
  const { rows } = await db.query<{ id: string; seq: number; at: Date }>(
    `SELECT id, seq, updated_at AS at FROM orders WHERE status <> 'closed'`,
  )
  return new Map(rows.map(({ id, seq, at }) => [id, { seq, movedAt: at.getTime() }]))
}

/** Versions of these orders, whatever their state; those that are not there are not in the map. */
export async function versionsOf(db: Db, ids: readonly string[]): Promise<Map<string, { seq: number; hash: string; closedAt?: number }>> {
  const { rows } = await db.query<{ id: string; seq: number; hash: string; closed_at: Date | null }>(
    'SELECT id, seq, hash, closed_at FROM orders WHERE id = ANY($1)',
    [ids],
  )
  return new Map(rows.map(({ id, seq, hash, closed_at: at }) => [id, { seq, hash, ...(at && { closedAt: at.getTime() }) }]))
}

/** Open tasks that nobody has, is asked for, or finds in a queue. Tasks of the machine and of children are nobody's. */
export async function tasksWithoutHolder(db: Db): Promise<Found[]> {
  const { rows } = await db.query<Found>(
    `SELECT t.order_id AS subject, t.task || ' is ' || t.status AS detail FROM task t JOIN orders o ON o.id = t.order_id
      WHERE t.closed_at IS NULL AND o.status = 'open' AND t.status IN ('undispatched', 'offered', 'accepted')
        AND t.person_id IS NULL AND t.unit_id IS NULL AND t.queue IS NULL
        AND NOT EXISTS (SELECT FROM signature g WHERE g.order_id = t.order_id AND g.task = t.task)`,
  )
  return rows
}

/** Open orders with an instant that passed before `before` and was not looked at. */
export async function clocksBehind(db: Db, before: Date): Promise<Found[]> {
  const { rows } = await db.query<{ subject: string; at: Date }>(
    `SELECT id AS subject, next_due_at AS at FROM orders WHERE status = 'open' AND next_due_at < $1 ORDER BY next_due_at`,
    [before],
  )
  return rows.map(({ subject, at }) => ({ subject, detail: `was due at ${at.toISOString()}` }))
}

export async function stoppedOrders(db: Db): Promise<Found[]> {
  const { rows } = await db.query<Found>(
    `SELECT id AS subject, coalesce(state #>> '{stopped,code}' || ': ' || (state #>> '{stopped,message}'), '') AS detail
       FROM orders WHERE status = 'stopped'`,
  )
  return rows
}

/**
 * Resources that orders hold which came to nothing (`freed`: nothing of the order stays), and those that nobody has put to use in a
 * quarter of a year; a line that was built may well wait for its activation.
 */
export async function heldByEnded(db: Db, before: Date): Promise<(Found & { hold: string; freed: boolean })[]> {
  const { rows } = await db.query<Found & { hold: string; freed: boolean }>(
    `SELECT h.id AS hold, h.order_id AS subject, r.no || ' (' || r.kind || '), ' || h.state || ' since ' || h.since::date AS detail,
            o."end" = 'withdrawn' AND NOT o.state ? 'stays' AS freed
       FROM resource_hold h JOIN orders o ON o.id = h.order_id JOIN resource r ON r.id = h.resource_id
      WHERE h.state IN ('asked', 'reserved') AND h.released_at IS NULL AND o.status = 'closed'
        AND o.closed_at < CASE WHEN o."end" = 'withdrawn' THEN $1::timestamptz ELSE $1::timestamptz - interval '90 days' END
        AND NOT EXISTS (WITH RECURSIVE up AS (
          SELECT p.id, p.parent_id, p.status FROM orders p WHERE p.id = o.parent_id
          UNION ALL SELECT p.id, p.parent_id, p.status FROM up JOIN orders p ON p.id = up.parent_id
        ) SELECT FROM up WHERE status <> 'closed')`,
    [before],
  )
  return rows
}

/** Frees a hold that nobody has confirmed meanwhile. */
export async function freeHold(db: Db, hold: string, at: Date): Promise<void> {
  await db.query(
    `UPDATE resource_hold SET state = 'released', until = NULL, released_at = $2 WHERE id = $1 AND state IN ('asked', 'reserved')`,
    [hold, at],
  )
}

export interface Reconciliation {
  at: Date
  tookMs: number
  /** Orders and workflows compared. */
  looked: number
  repaired: number
  findings: readonly Finding[]
}

/** So many findings are kept one by one; beyond, their number alone. */
const KEPT = 1_000

interface Row {
  at: Date
  took_ms: number
  looked_at: number
  repaired: number
  findings: { total: Record<string, number>; items: Finding[] }
}

/** What is still to be done, by kind. */
export function openByKind(findings: readonly Finding[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const { kind, repaired } of findings) if (!repaired) total[kind] = (total[kind] ?? 0) + 1
  return total
}

export async function keepReconciliation(db: Db, { at, tookMs, looked, repaired, findings }: Reconciliation): Promise<void> {
  const open = findings.filter((finding) => !finding.repaired)
  const items = [...open, ...findings.filter((finding) => finding.repaired)].slice(0, KEPT)
  await db.query('INSERT INTO reconciliation (at, took_ms, looked_at, repaired, findings) VALUES ($1, $2, $3, $4, $5)', [
    at,
    tookMs,
    looked,
    repaired,
    JSON.stringify({ total: openByKind(findings), items }),
  ])
  await db.query(`DELETE FROM reconciliation WHERE at < $1::timestamptz - interval '30 days'`, [at])
}

/** The latest reconciliation; `total`: what was still to be done then, by kind, whether or not it is among the items. */
export async function latestReconciliation(db: Db): Promise<(Reconciliation & { total: Record<string, number> }) | undefined> {
  const { rows } = await db.query<Row>(
    'SELECT at, took_ms, looked_at, repaired, findings FROM reconciliation ORDER BY at DESC, id DESC LIMIT 1',
  )
  const row = rows[0]
  if (!row) return undefined
  const { at, took_ms: tookMs, looked_at: looked, repaired, findings } = row
  return { at, tookMs, looked, repaired, findings: findings.items ?? [], total: findings.total ?? {} }
}
