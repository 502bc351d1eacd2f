/** Afterwards: is what was acknowledged in the record, once, and do record and engine agree about every order? */
import type { Client } from '@temporalio/client'
import type pg from 'pg'
import { verify } from '../../api/trust/verify.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { keptAfter } from '../../prisma/verification/kept.ts'
import { workflowType } from '../../domain/order/names.ts'
import { processes } from '../../workflows/processes.ts'
import type { Entry } from './ledger.ts'

export interface Finding {
  kind: 'lost' | 'doubled' | 'refused-but-done' | 'orphan' | 'apart' | 'chain' | 'rung' | 'late'
  of: string
  what: string
}

const PAGE = 500

/** Acknowledged and not there; there twice; or there although it was refused. */
export async function checkLedger(pool: pg.Pool, entries: readonly Entry[]): Promise<Finding[]> {
  const found: Finding[] = []
  for (let at = 0; at < entries.length; at += PAGE) {
    const page = entries.slice(at, at + PAGE)
    const { rows } = await pool.query<{ key: string; order_id: string; seq: number; moves: number }>(
      `SELECT c.command_id AS key, c.order_id, c.seq,
              (SELECT count(DISTINCT e.move_seq)::int FROM order_event e WHERE e.order_id = c.order_id AND e.cmd = c.command_id) AS moves
         FROM order_command c WHERE c.command_id = ANY ($1)`,
      [page.map(({ key }) => key)],
    )
    const byKey = new Map<string, typeof rows>()
    for (const row of rows) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row])
    for (const entry of page) found.push(...checkEntry(entry, byKey.get(entry.key) ?? []))
  }
  return found
}

function checkEntry(entry: Entry, rows: readonly { order_id: string; seq: number; moves: number }[]): Finding[] {
  const { key, kind, order, seq, status, code } = entry
  const of = `${kind} ${key} of ${order}`
  if (status >= 400)
    return rows.length > 0 ? [{ kind: 'refused-but-done', of, what: `was refused with ${code}, and is in the record` }] : []
  const mine = rows.find((row) => row.order_id === order)
  if (!mine || mine.moves === 0) return [{ kind: 'lost', of, what: mine ? 'is remembered, but has no event' : 'is not in the record' }]
  if (rows.length > 1) return [{ kind: 'doubled', of, what: `took effect in ${rows.map((row) => row.order_id).join(', ')}` }]
  if (mine.moves > 1) return [{ kind: 'doubled', of, what: `made ${mine.moves} moves` }]
  if (seq !== undefined && kind === 'command' && seq !== mine.seq)
    return [{ kind: 'lost', of, what: `was answered with version ${seq}, the record says ${mine.seq}` }]
  return []
}

/** Chain, rows and process of every order, and each rung once. */
export async function checkOrders(pool: pg.Pool): Promise<{ orders: number; events: number; rungs: number; findings: Finding[] }> {
  const byId = new Map(processes.map((process) => [process.spec.id, process]))
  const findings: Finding[] = []
  let [orders, events] = [0, 0]
  for (let last = ''; ; ) {
    const page = await keptAfter(pool, last, { limit: 200 })
    for (const kept of page) {
      const verdict = await verify(byId.get(String(kept.order.process)), kept)
      orders++
      events += verdict.events
      const first = verdict.chain ?? verdict.rows ?? verdict.body
      if (!verdict.ok) findings.push({ kind: 'chain', of: kept.id, what: JSON.stringify(first).slice(0, 300) })
    }
    last = page.at(-1)?.id ?? last
    if (page.length < 200) break
  }
  const { rows } = await pool.query<{ order_id: string; rung: string; n: number }>(
    `SELECT order_id, concat_ws(' ', data ->> 'clock', data ->> 'pct', data ->> 'due') AS rung, count(*)::int AS n
       FROM order_event WHERE type = 'rung-fired' GROUP BY 1, 2`,
  )
  for (const { order_id: of, rung, n } of rows) if (n > 1) findings.push({ kind: 'rung', of, what: `${rung} fired ${n} times` })
  return { orders, events, rungs: rows.length, findings }
}

interface Row {
  id: string
  status: string
  seq: number
  hash: string
}

/** How late a clock may be heard when nothing is wrong any more. */
const LATE_MS = 10_000

/**
 * Record and engine, both ways. What is under way makes them differ for a moment: ask until nothing is found.
 * @param now epoch ms
 */
export async function checkEngine(pool: pg.Pool, client: Client, taskQueue: string, now: number): Promise<Finding[]> {
  const running = new Set<string>()
  const types = new Set(processes.map(({ spec }) => workflowType(spec.id)))
  for await (const { workflowId, type, taskQueue: queue } of client.workflow.list({ query: "ExecutionStatus = 'Running'" }))
    if (queue === taskQueue && types.has(type)) running.add(workflowId)
  const { rows } = await pool.query<Row>('SELECT id, status, seq, hash FROM orders')
  const findings: Finding[] = []
  const known = new Map(rows.map((row) => [row.id, row]))
  for (const { id, status } of rows) {
    if (status !== 'closed' && !running.has(id)) findings.push({ kind: 'orphan', of: id, what: `is ${status}, and no workflow runs` })
    if (status === 'closed' && running.has(id)) findings.push({ kind: 'orphan', of: id, what: 'has ended, and its workflow runs' })
  }
  for (const id of running) if (!known.has(id)) findings.push({ kind: 'orphan', of: id, what: 'runs, and the record does not know it' })
  findings.push(
    ...(await inLanes(
      [...running].filter((id) => known.has(id)),
      (id) => apart(client, known.get(id)!),
    )),
  )
  const late = await pool.query<{ id: string; due: Date }>(
    `SELECT id, next_due_at AS due FROM orders WHERE status IN ('open', 'withdrawing') AND next_due_at < $1`,
    [new Date(now - LATE_MS)],
  )
  for (const { id, due } of late.rows)
    findings.push({ kind: 'late', of: id, what: `a clock was due at ${due.toISOString()} and is not heard` })
  return findings
}

async function apart(client: Client, { id, seq, hash }: Row): Promise<Finding[]> {
  try {
    const state = await client.workflow.getHandle(id).query<OrderState>('order')
    if (state.seq === seq && state.hash === hash) return []
    return [{ kind: 'apart', of: id, what: `the engine stands at event ${state.seq}, the record at ${seq}` }]
  } catch (error) {
    return [{ kind: 'apart', of: id, what: `the engine does not say where it stands: ${(error as Error).message}` }]
  }
}

async function inLanes<T>(list: readonly T[], look: (item: T) => Promise<Finding[]>): Promise<Finding[]> {
  const rest = list.values()
  const found: Finding[] = []
  const lane = async () => {
    for (const item of rest) found.push(...(await look(item)))
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  return found
}
