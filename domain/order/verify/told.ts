/** The rows that a history tells of: what the record's tables must hold if every move was written as it is now read. */
import type { OrderEvent } from '../event.ts'
import { blank } from '../evolve.ts'
import { clockRows } from '../rows/clock.ts'
import { fold } from '../rows/fold.ts'
import { iso, orderRow } from '../rows/order.ts'
import { signatureRows, taskRows } from '../rows/task.ts'
import type { ProcessSpec } from '../spec.ts'
import type { OrderState } from '../state.ts'
import type { Row } from './kept.ts'

export interface Told {
  state: OrderState
  order: Row
  tasks: ReadonlyMap<string, Row>
  signatures: ReadonlyMap<string, Row>
  clocks: ReadonlyMap<string, Row>
  rungs: ReadonlyMap<string, Row>
}

export const rowName = {
  tasks: (row: Row) => String(row.task),
  signatures: (row: Row) => `${String(row.task)} ${String(row.party)}`,
  clocks: (row: Row) => String(row.clock),
  // An offer that was made anew begins its clock anew, and the same rung may fire again.
  rungs: (row: Row) => `${String(row.clock)} ${String(row.pct)} ${Date.parse(String(row.due_at))}`,
} as const

/** What the record keeps of the first row of a task, whatever later moves say; as activities/tables.ts writes it. */
const SETTLED_OF_TASK = ['step', 'key', 'n', 'opened_at', 'region_path', 'process']

const NO_ADVICE: ReadonlyMap<string, unknown> = new Map()

function mergedTask(was: Row, is: Row): Row {
  const untaken = is.status === 'undispatched' || is.status === 'offered'
  const settled = Object.fromEntries(SETTLED_OF_TASK.map((name) => [name, was[name]]))
  return {
    ...is,
    ...settled,
    accepted_at: untaken ? null : (is.accepted_at ?? was.accepted_at),
    breached_at: was.breached_at ?? is.breached_at,
    refusals: Math.max(Number(was.refusals), Number(is.refusals)),
  }
}

function mergedSignature(was: Row, is: Row): Row {
  const once = ['answer', 'opinion', 'signed_by', 'signed_for', 'signed_at', 'asked_at']
  const kept = Object.fromEntries(once.map((name) => [name, was[name] ?? is[name]]))
  return { ...was, unit_id: is.unit_id, person_id: is.person_id, ...kept, removed_at: is.removed_at }
}

function mergedClock(was: Row, is: Row): Row {
  const earlier = String(was.started_at) < String(is.started_at) ? was.started_at : is.started_at
  return { ...is, task: was.task, kind: was.kind, started_at: was.stopped_at === null ? earlier : is.started_at }
}

/**
 * Folds a history move by move.
 * @param moves the events of each move, and their hashes
 */
export function told(spec: ProcessSpec, id: string, moves: readonly { events: readonly OrderEvent[]; hashes: readonly string[] }[]): Told {
  const tasks = new Map<string, Row>()
  const signatures = new Map<string, Row>()
  const clocks = new Map<string, Row>()
  const rungs = new Map<string, Row>()
  const put = (into: Map<string, Row>, name: string, row: Row, merged: (was: Row, is: Row) => Row) => {
    const was = into.get(name)
    into.set(name, was ? merged(was, row) : row)
  }
  let state = blank(id)
  for (const { events, hashes } of moves) {
    const whole = fold(state, events, hashes)
    state = whole.state
    for (const row of taskRows(whole, NO_ADVICE)) put(tasks, rowName.tasks(row), row, mergedTask)
    for (const row of signatureRows(spec, whole)) put(signatures, rowName.signatures(row), row, mergedSignature)
    const changed = clockRows(whole)
    for (const row of changed.rows) put(clocks, rowName.clocks(row), row, mergedClock)
    for (const row of changed.rungs) rungs.set(rowName.rungs(row), row)
    settle(rungs, changed, iso(state.at))
  }
  return { state, order: orderRow(state), tasks, signatures, clocks, rungs }
}

/** A clock that ended has settled its rungs; one that runs on has them open again. */
function settle(
  rungs: Map<string, Row>,
  { ended, reopened }: { ended: readonly string[]; reopened: readonly string[] },
  at: string | null,
) {
  if (ended.length === 0 && reopened.length === 0) return
  for (const [name, rung] of rungs) {
    const clock = String(rung.clock)
    if (ended.includes(clock) && rung.settled_at === null) rungs.set(name, { ...rung, settled_at: at })
    if (reopened.includes(clock)) rungs.set(name, { ...rung, settled_at: null })
  }
}
