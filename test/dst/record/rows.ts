/**
 * Stands in for activities/move-rows.ts, or passes on to it: all rows of a move are many, and only every so often looked at. Events,
 * commands, the order itself and what projections do to resources are always there.
 */
import type { OfferRecord } from '../../../domain/order/plan.ts'
import type { Folded } from '../../../domain/order/rows/fold.ts'
import { eventRows } from '../../../domain/order/rows/order.ts'
import type { ProcessSpec } from '../../../domain/order/spec.ts'
import type { Facts } from '../../../activities/facts.ts'
import { moveRows as whole } from '../../../activities/move-rows.ts'
import { project } from '../../../activities/projections/index.ts'
import type { Move } from '../../../activities/types.ts'
import type { Part } from '../../../activities/write.ts'

export const rows = { deep: true }

type Rows = ReturnType<typeof whole>

export function moveRows(
  email: boolean,
  spec: ProcessSpec,
  move: Move,
  folded: Folded,
  offers: readonly OfferRecord[],
  facts: Facts,
  advice: ReadonlyMap<string, unknown>,
): Rows {
  if (rows.deep) return whole(email, spec, move, folded, offers, facts, advice)
  const { state, states, events } = folded
  const before = states[0]!
  const order = {
    parent_id: state.parent?.id ?? null,
    started_by: state.startedBy ?? null,
    source_channel: state.source?.channel ?? null,
    source_no: state.source?.no ?? null,
    seq: state.seq,
    hash: state.hash,
    state,
  }
  const hashes = events.map((_, i) => (states[i + 1] ?? state).hash)
  const part = (table: string, of: Record<string, unknown>[]): Part => ({ table, columns: {}, rows: of })
  const tasks: Record<string, unknown>[] = []
  if (before.tasks !== state.tasks) {
    for (const id in state.tasks) {
      const { person } = state.tasks[id]!
      if (before.tasks[id]?.person !== person) tasks.push({ task: id, person_id: person ?? null, closed_at: null })
    }
    for (const id in before.tasks) if (!state.tasks[id]) tasks.push({ task: id, person_id: null, closed_at: 'now' })
  }
  const tables = [
    part('order_event', eventRows(events, hashes, before.hash, state.seq)),
    part('order_command', move.cmd === undefined ? [] : [{ command_id: move.cmd, seq: state.seq }]),
    part('task', tasks),
  ]
  return [order, tables, project(folded, facts).statements, { order: state.id, base: move.base, seq: state.seq }]
}
