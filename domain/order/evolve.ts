/** What is true after an event. Total: an event that was recorded is never refused here. */
import type { EventType, OrderEvent } from './event.ts'
import { type Effects, type Of, ofClocks } from './evolve-clocks.ts'
import { ofTasks } from './evolve-tasks.ts'
import { chainHash } from './hash.ts'
import { openingName } from './journal.ts'
import { blank, copyOf, ownTask } from './made.ts'
import type { OrderState } from './state.ts'
import { RECENT_COMMANDS } from './state.ts'

export { blank } from './made.ts'

/** State after the event; `hash` where it is known already (a verified chain), else computed. */
export function evolve(state: OrderState, event: OrderEvent, hash = chainHash(state.hash, event)): OrderState {
  const next = copyOf(state)
  const effect = effects[event.type] as (next: OrderState, event: OrderEvent) => void
  effect(next, event)
  next.seq = event.seq
  next.hash = hash
  next.at = event.at
  if (event.cmd) next.recent = [...state.recent.slice(1 - RECENT_COMMANDS), [event.cmd, event.seq]]
  return next
}

/** State after a whole history. */
export const replay = (id: string, events: Iterable<OrderEvent>): OrderState => {
  let state = blank(id)
  for (const event of events) state = evolve(state, event)
  return state
}

const nothing = (): void => {}

const effects: Effects<EventType> = {
  ...ofTasks,
  ...ofClocks,

  'order-opened'(next, { data: { facts, ...data }, at, actor }) {
    Object.assign(next, data, { input: facts, facts, openedAt: at, responsible: actor })
  },
  'order-numbered'(next, { data }) {
    next.no = data.no
  },
  'customer-known'(next, { data }) {
    next.region = data.region
    next.facts = { ...next.facts, ...data.facts }
  },
  'priority-set'(next, { data }) {
    next.priority = data.priority
  },

  'child-started'(next, { data: { child, ...ref } }) {
    next.children = { ...next.children, [child]: ref }
    const task = ref.task ? ownTask(next, ref.task) : undefined
    if (task) task.child = child
  },
  'child-ended'(next, { data, at }) {
    const { child, end } = data
    const ref = next.children[child]
    if (!ref) return
    next.children = { ...next.children, [child]: { ...ref, end } }
    // What a waiting parent's child leaves to undo is the parent's now, beside what it has to undo itself.
    if (ref.waits && data.undo) next.undo = [...next.undo, ...data.undo.map((entry) => ({ ...entry, j: next.journal.length }))]
    if (ref.waits && data.stays?.length) next.stays = [...(next.stays ?? []), ...data.stays]
    if (ref.waits && !ref.task && !ref.left) next.journal = [...next.journal, { child, key: ref.key, end, at }]
  },
  'child-left'(next, { data: { child } }) {
    const ref = next.children[child]
    if (ref) next.children = { ...next.children, [child]: { ...ref, left: true } }
  },

  'fact-received'(next, { data: { kind, id, facts }, at }) {
    next.received = [...(next.received ?? []), { kind, id, facts, at }]
    next.facts = { ...next.facts, ...facts }
  },
  'order-amended': amended,
  'undo-added'(next, { data }) {
    next.undo = [...next.undo, { ...data, j: Math.max(0, next.journal.length - 1) }]
  },
  'undo-done'(next) {
    next.undo = next.undo.toSpliced(nextUndo(next), 1)
  },

  'order-withdrawn'(next) {
    next.status = 'withdrawing'
  },
  'order-closed'(next, { data }) {
    next.status = 'closed'
    next.end = data.end
    next.next = data.next
    next.tasks = {}
    next.clocks = {}
  },
  'order-stopped'(next, { data }) {
    next.status = 'stopped'
    next.stopped = data
  },
  'order-resumed'(next) {
    next.status = 'open'
    next.stopped = undefined
  },
  'order-urged': nothing,
  'comment-added': nothing,
  'order-raised': nothing,
}

/** The journal is cut back; occurrences that no longer count keep their numbers to themselves. */
function amended(next: OrderState, { data }: Of<'order-amended'>): void {
  next.facts = { ...next.facts, ...data.facts }
  if (data.kept === undefined) return
  const { kept } = data
  const { journal, children } = next
  const top: Record<string, number> = { ...next.amended?.top }
  for (const of of [...journal, ...Object.values(next.tasks)]) {
    if (!('step' in of)) continue
    const name = openingName(of.step, of.key)
    top[name] = Math.max(top[name] ?? 0, of.n)
  }
  next.amended = { kept, top }
  next.undo = next.undo.map((entry) => (entry.j >= kept ? { ...entry, due: true as const } : entry))
  // The end of a child that was cut off is no news to the body, which opens another in its place.
  const cut = journal.slice(kept).flatMap((entry) => ('child' in entry ? [entry.child] : []))
  const left = cut.flatMap((child) => {
    const ref = children[child]
    return ref ? [[child, { ...ref, left: true as const }]] : []
  })
  if (left.length > 0) next.children = { ...children, ...Object.fromEntries(left) }
  next.journal = journal.slice(0, kept)
}

/** Place of the effect to undo next, the latest first: any while the order is withdrawn, otherwise what an amendment made due; or -1. */
export const nextUndo = ({ undo, status }: OrderState): number =>
  undo.findLastIndex((entry) => status === 'withdrawing' || entry.due === true)
