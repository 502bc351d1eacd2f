/** The tables that moves write: columns with their types, and what happens where a row is there already. */
import type { Part } from './write.ts'

type Json = Record<string, unknown>

const sets = (table: readonly string[]) => table.map((name) => `"${name}" = excluded."${name}"`).join(', ')

const eventColumns = {
  seq: 'int',
  move_seq: 'int',
  type: 'text',
  data: 'jsonb',
  actor_kind: 'text',
  actor_id: 'text',
  on_behalf_of: 'text',
  at: 'timestamptz',
  cmd: 'text',
  prev_hash: 'text',
  hash: 'text',
}
const taskColumns = {
  task: 'text',
  step: 'text',
  key: 'text',
  n: 'int',
  status: 'text',
  unit_id: 'text',
  person_id: 'text',
  queue: 'text',
  queue_unit_id: 'text',
  absent_id: 'text',
  opened_at: 'timestamptz',
  accepted_at: 'timestamptz',
  closed_at: 'timestamptz',
  outcome: 'text',
  form: 'jsonb',
  note: 'text',
  done_by: 'text',
  done_for: 'text',
  due_at: 'timestamptz',
  next_rung_at: 'timestamptz',
  breached_at: 'timestamptz',
  region_path: 'text',
  process: 'text',
  priority: 'int',
  refusals: 'int',
  advice: 'jsonb',
}
const replacedOfTask = [
  ...[
    'status',
    'unit_id',
    'person_id',
    'queue',
    'queue_unit_id',
    'absent_id',
    'closed_at',
    'outcome',
    'form',
    'note',
    'done_by',
    'done_for',
  ],
  ...['due_at', 'next_rung_at', 'priority'],
]
const signatureColumns = {
  task: 'text',
  party: 'text',
  title_en: 'text',
  title_zh: 'text',
  roles: 'text[]',
  mandatory: 'boolean',
  unit_id: 'text',
  person_id: 'text',
  answer: 'text',
  opinion: 'text',
  signed_by: 'text',
  signed_for: 'text',
  asked_at: 'timestamptz',
  signed_at: 'timestamptz',
  removed_at: 'timestamptz',
}
const clockColumns = {
  clock: 'text',
  task: 'text',
  kind: 'text',
  calendar: 'text',
  budget_ms: 'bigint',
  used_ms: 'bigint',
  due_at: 'timestamptz',
  started_at: 'timestamptz',
  paused_at: 'timestamptz',
  pause_party: 'text',
  pause_reason: 'text',
  paused_until: 'timestamptz',
  stopped_at: 'timestamptz',
  mark: 'text',
  policy: 'text',
  ladder: 'text',
  provisional: 'boolean',
}
const rungColumns = {
  clock: 'text',
  pct: 'int',
  due_at: 'timestamptz',
  task: 'text',
  step: 'text',
  fired_at: 'timestamptz',
  late_ms: 'bigint',
  holder_id: 'text',
  unit_id: 'text',
  region_path: 'text',
  settled_at: 'timestamptz',
}
const messageTimes = { next_at: 'timestamptz', created_at: 'timestamptz', sent_at: 'timestamptz' }

/** The tables of a move, by name. */
export const parts = {
  events: (rows: Json[]): Part => ({ table: 'order_event', columns: eventColumns, rows }),
  commands: (rows: Json[]): Part => ({
    table: 'order_command',
    columns: { command_id: 'text', request_hash: 'text', seq: 'int', at: 'timestamptz' },
    rows,
  }),
  tasks: (rows: Json[]): Part => ({
    table: 'task',
    columns: taskColumns,
    rows,
    // What happened once stays: who gives a task back has not undone its breach or its refusals.
    conflict: `ON CONFLICT (order_id, task) DO UPDATE SET ${sets(replacedOfTask)},
    accepted_at = CASE WHEN excluded.status IN ('undispatched', 'offered') THEN NULL ELSE coalesce(excluded.accepted_at, t.accepted_at) END,
    breached_at = coalesce(t.breached_at, excluded.breached_at), refusals = greatest(t.refusals, excluded.refusals),
    advice = coalesce(excluded.advice, t.advice)`,
  }),
  signatures: (rows: Json[]): Part => ({
    table: 'signature',
    columns: signatureColumns,
    rows,
    conflict: `ON CONFLICT (order_id, task, party) DO UPDATE SET ${sets(['unit_id', 'person_id'])},
    ${['answer', 'opinion', 'signed_by', 'signed_for', 'signed_at'].map((name) => `${name} = coalesce(t.${name}, excluded.${name})`).join(', ')},
    asked_at = coalesce(t.asked_at, excluded.asked_at), removed_at = excluded.removed_at`,
  }),
  clocks: (rows: Json[]): Part => ({
    table: 'clock',
    columns: clockColumns,
    rows,
    // A clock that runs on after a pause keeps its beginning; one that is set anew begins anew.
    conflict: `ON CONFLICT (order_id, clock) DO UPDATE SET
    ${sets(Object.keys(clockColumns).filter((name) => !['clock', 'task', 'kind', 'started_at'].includes(name)))},
    started_at = CASE WHEN t.stopped_at IS NULL THEN least(t.started_at, excluded.started_at) ELSE excluded.started_at END`,
  }),
  rungs: (rows: Json[]): Part => ({ table: 'rung', columns: rungColumns, rows }),
  offers: (rows: Json[]): Part => ({
    table: 'offer',
    columns: { seq: 'int', task: 'text', party: 'text', digest: 'text', chosen: 'text', explanation: 'jsonb', at: 'timestamptz' },
    rows,
  }),
  notifications: (rows: Json[]): Part => ({
    table: 'notification',
    columns: {
      seq: 'int',
      template: 'text',
      recipient_kind: 'text',
      staff_id: 'text',
      contact_id: 'text',
      channel: 'text',
      data: 'jsonb',
      state: 'text',
      ...messageTimes,
    },
    rows,
  }),
  outbox: (rows: Json[]): Part => ({
    table: 'outbox',
    columns: { topic: 'text', seq: 'int', payload: 'jsonb', next_at: 'timestamptz', created_at: 'timestamptz' },
    rows,
  }),
} as const
