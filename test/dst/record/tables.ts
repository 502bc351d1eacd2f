/** The rows of an order as its statements leave them, conflict clauses and all (activities/tables.ts), for an auditor to look at. */
import type { KeptOrder, Row } from '../../../domain/order/verify/kept.ts'
import type { Kept } from './database.ts'

type Merge = (was: Row, is: Row) => Row

const pick = (row: Row, names: readonly string[]): Row => Object.fromEntries(names.map((name) => [name, row[name]]))
const coalesced = (was: Row, is: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, was[name] ?? is[name]]))

/** What a later move may change of an order (activities/write.ts). */
const changing = ['no', 'status', 'end', 'priority', 'responsible_id', 'seq', 'hash', 'state', 'closed_at', 'next_due_at', 'updated_at']

const ofTask = ['status', 'unit_id', 'person_id', 'queue', 'queue_unit_id', 'absent_id', 'closed_at', 'outcome', 'form', 'note']
const more = ['done_by', 'done_for', 'due_at', 'next_rung_at', 'priority']
const task: Merge = (was, is) => ({
  ...was,
  ...pick(is, [...ofTask, ...more]),
  accepted_at: is.status === 'undispatched' || is.status === 'offered' ? null : (is.accepted_at ?? was.accepted_at),
  breached_at: was.breached_at ?? is.breached_at,
  refusals: Math.max(Number(was.refusals), Number(is.refusals)),
  advice: is.advice ?? was.advice,
})

const signature: Merge = (was, is) => ({
  ...was,
  ...pick(is, ['unit_id', 'person_id', 'removed_at']),
  ...coalesced(was, is, ['answer', 'opinion', 'signed_by', 'signed_for', 'signed_at', 'asked_at']),
})

const clock: Merge = (was, is) => ({
  ...is,
  ...pick(was, ['clock', 'task', 'kind']),
  started_at: was.stopped_at === null && String(was.started_at) < String(is.started_at) ? was.started_at : is.started_at,
})

/** The order as the record keeps it. Only of what was written with all its rows. */
export function keptOrder({ id, moves, events }: Kept): KeptOrder {
  let order: Row = {}
  const tables = {
    task: new Map<string, Row>(),
    signature: new Map<string, Row>(),
    clock: new Map<string, Row>(),
    rung: new Map<string, Row>(),
  }
  const put = (into: Map<string, Row>, name: string, row: Row, merge: Merge) => {
    const was = into.get(name)
    into.set(name, was ? merge(was, row) : row)
  }
  for (const move of moves) {
    order = move.base === 0 ? move.order : { ...order, ...pick(move.order, changing) }
    // A statement's parts see the tables as they were before it.
    for (const { name, param } of move.statements) settle(tables.rung, name, param as { clocks: string[]; at: string | null })
    for (const { table, rows } of move.parts)
      for (const row of rows as readonly Row[]) {
        if (table === 'task') put(tables.task, String(row.task), row, task)
        if (table === 'signature') put(tables.signature, `${String(row.task)} ${String(row.party)}`, row, signature)
        if (table === 'clock') put(tables.clock, String(row.clock), row, clock)
        if (table === 'rung') put(tables.rung, `${String(row.clock)} ${String(row.pct)} ${String(row.due_at)}`, row, twice)
      }
  }
  const rows = (of: Map<string, Row>) => [...of.values()]
  return {
    id,
    order,
    events: events as unknown as KeptOrder['events'],
    tasks: rows(tables.task),
    signatures: rows(tables.signature),
    clocks: rows(tables.clock),
    rungs: rows(tables.rung),
  }
}

const twice: Merge = (was) => {
  throw new Error(`the rung ${String(was.clock)} ${String(was.pct)} is in the table already`)
}

function settle(rungs: Map<string, Row>, name: string, { clocks, at }: { clocks: string[]; at: string | null }): void {
  if (name !== 'settled' && name !== 'unsettled') return
  for (const [key, rung] of rungs)
    if (clocks.includes(String(rung.clock)) && (rung.settled_at === null) === (name === 'settled'))
      rungs.set(key, { ...rung, settled_at: at })
}
