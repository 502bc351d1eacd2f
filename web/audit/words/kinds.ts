/** What stands under each name in states and facts of a history: it decides how a value is written. A name without a kind does not compile. */
import type { EventBody } from '../../../domain/order/event.ts'
import type { ChildRef, Clock, OrderState, Party, Task } from '../../../domain/order/state.ts'

type KeysOf<T> = T extends unknown ? keyof T & string : never

export type Name =
  | KeysOf<EventBody['data']>
  | KeysOf<OrderState>
  | KeysOf<Task>
  | KeysOf<Party>
  | KeysOf<Clock>
  | KeysOf<ChildRef>
  | KeysOf<OrderState['undo'][number]>
  | KeysOf<NonNullable<Task['extensionAsked']>>
  | KeysOf<NonNullable<OrderState['amended']>>
  | KeysOf<NonNullable<OrderState['source']>>

export type Kind =
  | 'actor'
  | 'answer'
  | 'calendar'
  | 'clock'
  | 'effect'
  | 'end'
  | 'facts'
  | 'how'
  | 'instant'
  | 'ladder'
  | 'late'
  | 'length'
  | 'list'
  | 'mark'
  | 'name'
  | 'order'
  | 'outcome'
  | 'parts'
  | 'party'
  | 'percent'
  | 'policy'
  | 'priority'
  | 'process'
  | 'region'
  | 'role'
  | 'rungs'
  | 'signatures'
  | 'status'
  | 'stays'
  | 'step'
  | 'steps'
  | 'task'
  | 'text'
  | 'undo'

export const kinds: Readonly<Record<Name, Kind>> = {
  absent: 'name',
  added: 'text',
  amended: 'parts',
  answer: 'answer',
  args: 'facts',
  at: 'instant',
  budget: 'length',
  by: 'name',
  cal: 'calendar',
  channel: 'text',
  child: 'order',
  children: 'list',
  clock: 'clock',
  clocks: 'list',
  code: 'text',
  continuedFrom: 'order',
  customer: 'name',
  doers: 'steps',
  due: 'instant',
  effect: 'effect',
  end: 'end',
  extensionAsked: 'parts',
  facts: 'facts',
  failed: 'parts',
  fired: 'percent',
  form: 'facts',
  from: 'instant',
  hash: 'text',
  held: 'text',
  id: 'text',
  input: 'facts',
  irreversible: 'text',
  j: 'text',
  journal: 'list',
  kept: 'text',
  key: 'name',
  kind: 'how',
  ladder: 'ladder',
  late: 'late',
  left: 'text',
  mandatory: 'text',
  mark: 'mark',
  mentions: 'name',
  message: 'text',
  more: 'length',
  mode: 'how',
  n: 'text',
  next: 'order',
  no: 'text',
  notAgain: 'steps',
  note: 'text',
  openedAt: 'instant',
  opinion: 'text',
  order: 'order',
  outcome: 'outcome',
  parent: 'parts',
  parties: 'signatures',
  party: 'party',
  paused: 'parts',
  pct: 'percent',
  person: 'name',
  policy: 'policy',
  priority: 'priority',
  process: 'process',
  provisional: 'text',
  queue: 'role',
  reason: 'text',
  received: 'list',
  recent: 'list',
  refusals: 'steps',
  region: 'region',
  release: 'end',
  released: 'end',
  reopens: 'step',
  responsible: 'actor',
  roles: 'role',
  rule: 'text',
  rungs: 'rungs',
  seq: 'text',
  settles: 'effect',
  source: 'parts',
  startedBy: 'name',
  status: 'status',
  stays: 'stays',
  step: 'step',
  stopped: 'instant',
  suspendAsked: 'parts',
  suspended: 'parts',
  task: 'task',
  tasks: 'list',
  text: 'text',
  times: 'text',
  title: 'text',
  to: 'role',
  told: 'party',
  top: 'steps',
  undo: 'undo',
  unit: 'name',
  until: 'instant',
  used: 'length',
  waits: 'text',
  why: 'text',
}

export const isName = (name: string): name is Name => Object.hasOwn(kinds, name)

/** What a reader looks for first; the rest follows as it comes. */
const first: readonly Name[] = [
  'title',
  'process',
  'customer',
  'no',
  'status',
  'outcome',
  'form',
  'party',
  'answer',
  'opinion',
  'person',
  'unit',
  'absent',
  'queue',
  'reason',
  'text',
  'note',
  'message',
  'clock',
  'due',
  'budget',
  'used',
  'from',
  'pct',
  'late',
  'fired',
  'rungs',
  'cal',
  'mark',
  'policy',
  'ladder',
  'end',
]
const place = (name: string): number => {
  const at = (first as readonly string[]).indexOf(name)
  return at < 0 ? first.length : at
}

/** Names in the sequence in which they are read. */
export const inTurn = <T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] =>
  entries.toSorted(([a], [b]) => place(a) - place(b))
