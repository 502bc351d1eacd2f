/** The facts of an order's history. The list is closed; events are never changed, only followed by others. */
import type { Fact } from './spec.ts'

/** Who did it. `for`: the absent colleague on whose behalf. A machine's act never carries a person's id. */
export interface Actor {
  kind: 'person' | 'customer' | 'system' | 'clock' | 'order'
  id: string
  roles?: readonly string[]
  units?: readonly string[]
  for?: string
  /** Absent colleagues who have delegated to this person. */
  standsFor?: readonly string[]
  /** The row of the authority table that holds for this person. */
  authority?: { rule: string; maxAmount: number; maxTermMonths: number; maxDiscountPct: number }
}

/** Actor as kept in an event: without the claims that only the decision needed. */
export type EventActor = Pick<Actor, 'kind' | 'id' | 'for'>

export interface ClockSetData {
  /** `${task}/complete`, `${task}/accept`, `${task}/dispatch`, or the name of an order clock. */
  clock: string
  cal: string
  /** Working ms in all, and already used when set. */
  budget: number
  used: number
  from: number
  due: number
  /** Rungs still to fire: percent and instant. */
  rungs: readonly (readonly [number, number])[]
  ladder: string
  mark: string
  /** Policy row and version. */
  policy: string
  provisional?: true
}

export interface OpenedData {
  process: string
  customer: string
  title: string
  region: string
  facts: Readonly<Record<string, Fact>>
  priority: number
  source?: { channel: string; no: string }
  parent?: { id: string; key: string }
  startedBy?: string
  continuedFrom?: string
}

export interface CompletedTask {
  task: string
  outcome: string
  form?: Readonly<Record<string, Fact>>
  note?: string
  /** Row of the authority table that allowed it. */
  rule?: string
  irreversible?: true
  /** End that a waiting parent is told already. */
  release?: string
  /** Effects that can't be undone any more. */
  settles?: readonly string[]
}

/** What a withdrawal would have to undo; `order` where another order did it. */
export interface UndoEntry {
  effect: string
  args?: Readonly<Record<string, Fact>>
  order?: string
}

/** What was done and cannot be undone. */
export interface Stays {
  order: string
  process: string
  step: string
  outcome: string
}

/** What a child tells its parent with its end. */
export interface ChildEnd {
  end: string
  facts?: Readonly<Record<string, Fact>>
  /** What the parent has to undo now, should it be withdrawn. */
  undo?: readonly UndoEntry[]
  stays?: readonly Stays[]
}

export interface OpenedTask {
  task: string
  step: string
  key?: string
  n: number
  kind?: 'automatic' | 'child'
  /** Roles instead of the step's own, after it climbed. */
  roles?: readonly string[]
  parties?: Readonly<Record<string, { roles: readonly string[]; mandatory?: boolean }>>
}

export type EventBody =
  | { type: 'order-opened'; data: OpenedData }
  | { type: 'order-numbered'; data: { no: string } }
  /** Another order opened it for a customer of its own: where he belongs, and what is known of him. */
  | { type: 'customer-known'; data: { region: string; facts: Readonly<Record<string, Fact>> } }
  | { type: 'task-opened'; data: OpenedTask }
  | {
      type: 'task-offered'
      data: { task: string; party?: string; unit?: string; person?: string; absent?: string; held?: true; mode?: 'offer'; why?: string }
    }
  | { type: 'task-queued'; data: { task: string; party?: string; queue: string; person?: string; unit?: string; why?: string } }
  | { type: 'task-dispatched'; data: { task: string; unit?: string; person?: string; reason?: string } }
  | { type: 'task-accepted'; data: { task: string } }
  | { type: 'task-refused'; data: { task: string; reason: string; times: number } }
  | { type: 'task-returned'; data: { task: string; reason: string } }
  | { type: 'task-reassigned'; data: { task: string; unit?: string; person?: string; reason: string } }
  | { type: 'offer-expired'; data: { task: string; person?: string } }
  | { type: 'task-rerouted'; data: { task: string; to: readonly string[] } }
  | { type: 'task-completed'; data: CompletedTask }
  | { type: 'task-cancelled'; data: { task: string } }
  | { type: 'suspend-requested'; data: { task: string; reason: string; party: string; until?: number } }
  | { type: 'suspend-denied'; data: { task: string; reason?: string } }
  | { type: 'task-suspended'; data: { task: string; reason: string; party: string; until?: number } }
  | { type: 'task-resumed'; data: { task: string } }
  | { type: 'signed'; data: { task: string; party: string; answer: string; opinion?: string } }
  | { type: 'signer-added'; data: { task: string; party: string; person?: string; roles: readonly string[]; mandatory?: boolean } }
  | { type: 'signer-removed'; data: { task: string; party: string; reason: string } }
  | { type: 'clock-set'; data: ClockSetData }
  | { type: 'clock-paused'; data: { clock: string; used: number } }
  | { type: 'clock-stopped'; data: { clock: string } }
  | { type: 'clock-reopened'; data: { clock: string } }
  | { type: 'rung-fired'; data: { clock: string; pct: number; due: number; late: number } }
  | { type: 'extension-requested'; data: { task: string; clock: string; by: number; reason: string } }
  | { type: 'extension-denied'; data: { task: string; clock: string; reason: string } }
  /** `task`: whose holder had asked for it, and it was granted. */
  | { type: 'limit-extended'; data: { clock: string; by: number; reason: string; task?: string } }
  | { type: 'order-urged'; data: { task?: string; note?: string } }
  | { type: 'comment-added'; data: { text: string; task?: string; told?: 'customer'; mentions?: readonly string[] } }
  | { type: 'priority-set'; data: { priority: number; reason?: string } }
  | { type: 'automatic-failed'; data: { task: string; message: string; times: number } }
  | { type: 'child-started'; data: { child: string; process: string; key: string; task?: string; waits: boolean } }
  | { type: 'child-ended'; data: { child: string } & ChildEnd }
  | { type: 'child-left'; data: { child: string } }
  | { type: 'fact-received'; data: { kind: string; id: string; facts: Readonly<Record<string, Fact>> } }
  | { type: 'order-amended'; data: { facts: Readonly<Record<string, Fact>>; reason: string; reopens?: string; kept?: number } }
  | { type: 'undo-added'; data: UndoEntry }
  | { type: 'undo-done'; data: { effect: string } }
  | { type: 'order-withdrawn'; data: { reason: string } }
  | { type: 'order-raised'; data: { to: string; reason: string } }
  | { type: 'order-closed'; data: { end: string; next?: string } }
  | { type: 'order-stopped'; data: { code: 'JOURNAL_MISMATCH' | 'BODY_FAILED'; message: string } }
  | { type: 'order-resumed'; data: Readonly<Record<never, never>> }

export type EventType = EventBody['type']

/** A fact before it has its place in the chain. */
export type Draft = EventBody & { actor: EventActor }

/** One fact, in its place in the chain. `at` is epoch ms of the engine's time. */
export type OrderEvent = EventBody & { seq: number; at: number; actor: EventActor; cmd?: string }

/** An event in its place. Made alike, field by field: every move makes its events several times, and a spread costs more than all else. */
export const inPlace = ({ type, data }: EventBody, seq: number, at: number, actor: EventActor, cmd?: string): OrderEvent =>
  ({ type, data, seq, at, actor, cmd }) as OrderEvent
