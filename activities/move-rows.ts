/** Everything that a move writes, as the parts of its statement. */
import { type LiveMove, liveMove } from '../domain/order/live.ts'
import { type Notice, notices } from '../domain/order/notices.ts'
import { type OfferRecord, subjectOf } from '../domain/order/plan.ts'
import { clockRows } from '../domain/order/rows/clock.ts'
import type { Folded } from '../domain/order/rows/fold.ts'
import { eventRows, iso, orderRow, outboxRows } from '../domain/order/rows/order.ts'
import { signatureRows, taskRows } from '../domain/order/rows/task.ts'
import type { ProcessSpec } from '../domain/order/spec.ts'
import type { OrderState } from '../domain/order/state.ts'
import type { Facts } from './facts.ts'
import { project } from './projections/index.ts'
import { parts } from './tables.ts'
import type { Move } from './types.ts'
import { type Part, settle, type Statement } from './write.ts'

/**
 * The order's row, the rows of other tables, the statements of projections, and what whoever watches is told.
 * @param email whether messages are also written for e-mail
 */
export function moveRows(
  email: boolean,
  spec: ProcessSpec,
  move: Move,
  whole: Folded,
  offers: readonly OfferRecord[],
  facts: Facts,
  advice: ReadonlyMap<string, unknown>,
): [order: Record<string, unknown>, tables: Part[], statements: Statement[], live: LiveMove] {
  const { state, events, states } = whole
  const before = states[0]!
  const at = iso(move.at)!
  const hashes = events.map((_, i) => (states[i + 1] ?? state).hash)
  const projected = project(whole, facts)
  const clocks = clockRows(whole)
  const told = notices({ spec, before, after: state, events, facts })
  const firstPlanned = move.base + move.events.length + 1
  const order = {
    ...orderRow(state),
    contract_id: projected.contract ?? (before.seq === 0 ? (facts.contract ?? null) : null),
    ...(before.seq === 0 && { service_id: facts.service?.id ?? null, grade: subjectOf(state, facts).customerGrade ?? null }),
  }
  const tables = [
    parts.events(eventRows(events, hashes, before.hash, state.seq)),
    parts.commands(move.cmd === undefined ? [] : [{ command_id: move.cmd, request_hash: move.req ?? '', seq: state.seq, at }]),
    parts.tasks(taskRows(whole, advice)),
    parts.signatures(signatureRows(spec, whole)),
    parts.clocks(clocks.rows),
    parts.rungs(clocks.rungs),
    parts.offers(
      offers.map(({ index, task, party, digest, explanation }) => {
        const { chosen } = explanation
        return {
          seq: firstPlanned + index,
          task,
          party: party ?? null,
          digest,
          chosen: chosen?.person ?? chosen?.unit ?? null,
          explanation,
          at,
        }
      }),
    ),
    parts.notifications(told.flatMap((notice) => messageRows(notice, email, at))),
    parts.outbox(outboxRows(events, state).map((row) => ({ ...row, next_at: at, created_at: at }))),
  ]
  const statements = [...settle(clocks.ended, clocks.reopened, at), ...projected.statements, ...continued(before, state)]
  const live = liveMove(before, state, { rungs: clocks.rungs.length > 0, told: told.some(({ to }) => 'staff' in to) })
  return [order, tables, statements, live]
}

/** In the application at once; by e-mail when the relay comes to it. A customer has no inbox but the one that our people see. */
function messageRows({ seq, template, to, data }: Notice, email: boolean, at: string) {
  const customer = 'customer' in to
  const row = {
    seq,
    template,
    recipient_kind: customer ? 'customer' : 'staff',
    staff_id: customer ? null : to.staff,
    contact_id: customer ? (to.contact ?? null) : null,
    data,
    next_at: at,
    created_at: at,
  }
  const inbox = { ...row, channel: 'inbox', state: 'sent', sent_at: at }
  const reachable = !customer || to.contact !== undefined
  return email && reachable ? [inbox, { ...row, channel: 'email', state: 'pending', sent_at: null }] : [inbox]
}

/** Regrading links both orders. */
const continued = (before: OrderState, state: OrderState) =>
  before.seq === 0 && state.continuedFrom !== undefined
    ? [
        {
          name: 'continued',
          sql: `UPDATE orders SET continued_as = o.id FROM o WHERE orders.id = $rows ->> 'from'`,
          param: { from: state.continuedFrom },
        },
      ]
    : []
