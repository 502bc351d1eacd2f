/** What is true of an order now: the fold of its events. Small and plain, since it travels in snapshots. */
import type { ClockSetData, EventActor, Stays, UndoEntry } from './event.ts'
import type { Fact } from './spec.ts'

export type TaskStatus = 'undispatched' | 'offered' | 'accepted' | 'automatic' | 'child'

export interface Party {
  roles: readonly string[]
  mandatory?: boolean
  /** Added after the task opened, and by name only. */
  added?: true
  unit?: string
  person?: string
  /** The absent colleague for whom `person` was asked. */
  absent?: string
  answer?: string
  by?: string
}

export interface Task {
  id: string
  step: string
  key?: string
  /** Which opening of the step (with this key) it is, from 1. */
  n: number
  status: TaskStatus
  openedAt: number
  unit?: string
  person?: string
  absent?: string
  /** Role in whose queue it waits while undispatched. */
  queue?: string
  /** The offer returns when its acceptance is overdue. */
  mode?: 'offer'
  /** Roles that replaced those of the step, after it climbed. */
  roles?: readonly string[]
  suspended?: { reason: string; party: string; until?: number }
  suspendAsked?: { reason: string; party: string; until?: number; by: string }
  /** More time is asked for: on which clock, and how much (working ms). */
  extensionAsked?: { clock: string; more: number; reason: string; by: string }
  parties?: Readonly<Record<string, Party>>
  failed?: { message: string; times: number }
  child?: string
}

export interface Clock extends Omit<ClockSetData, 'rungs'> {
  task?: string
  rungs: readonly (readonly [number, number])[]
  /** Percents fired so far. */
  fired: readonly number[]
  paused?: { party: string; reason: string }
  stopped?: number
}

/** What the body has been told, in order; it alone determines where the body stands. */
export type JournalEntry =
  | { step: string; key?: string; n: number; outcome: string; data?: Readonly<Record<string, Fact>>; at: number; by?: string }
  | { child: string; key: string; end: string; at: number }

export interface ChildRef {
  process: string
  key: string
  task?: string
  waits: boolean
  end?: string
  /** An amendment cut it off: the body waits for it no longer, and opens another in its place. */
  left?: true
}

export interface OrderState {
  id: string
  process: string
  no?: string
  customer: string
  title: string
  region: string
  priority: number
  status: 'open' | 'withdrawing' | 'closed' | 'stopped'
  end?: string
  seq: number
  hash: string
  openedAt: number
  at: number
  /** As given at the start; a body may look at it, since it never changes. */
  input: Readonly<Record<string, Fact>>
  /** Input and what forms have added since; the latest value wins. */
  facts: Readonly<Record<string, Fact>>
  source?: { channel: string; no: string }
  parent?: { id: string; key: string }
  startedBy?: string
  continuedFrom?: string
  next?: string
  /** First contact until somebody has accepted (catalogue 0.3 ONE). */
  responsible: EventActor
  tasks: Readonly<Record<string, Task>>
  clocks: Readonly<Record<string, Clock>>
  journal: readonly JournalEntry[]
  /** Who did each step last. */
  doers: Readonly<Record<string, string>>
  /** Refusals by step since somebody last accepted it. */
  refusals: Readonly<Record<string, number>>
  /** Who refused or gave back a step: the machine does not ask them again. */
  notAgain: Readonly<Record<string, readonly string[]>>
  children: Readonly<Record<string, ChildRef>>
  /** `j`: length of the journal when it was added; `due`: to be undone though the order goes on (it was amended). */
  undo: readonly (UndoEntry & { j: number; due?: true })[]
  irreversible?: true
  /** What this order and those under it have done that cannot be undone. */
  stays?: readonly Stays[]
  /** End that a waiting parent has been told already. */
  released?: string
  /** Facts from outside, each once by its id. */
  received?: readonly { kind: string; id: string; facts: Readonly<Record<string, Fact>>; at: number }[]
  /** The journal was cut back to `kept` entries; openings beyond count on from `top`, by step and key. */
  amended?: { kept: number; top: Readonly<Record<string, number>> }
  /** The latest commands and the version each led to. */
  recent: readonly (readonly [string, number])[]
  stopped?: { code: string; message: string }
}

/** Latest commands that an order remembers itself; the record remembers all. */
export const RECENT_COMMANDS = 24
