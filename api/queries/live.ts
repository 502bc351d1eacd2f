/** What the record says of moves that were just made: read once for everybody who watches. */
import type { LiveMove } from '../../domain/order/live.ts'
import { type RungRow, breachOf, rungColumns } from './breaches.ts'
import { namesOf } from './names.ts'
import { type NotificationRow, notificationOf } from './notifications.ts'
import { type OrderRow, summaries, summary } from './orders.ts'
import { type Db, hotRows, rows, sql } from './sql.ts'

/** Whom an order concerns, beside those of its region: the same as `involved` in auth/ability.ts, for everybody at once. */
export interface Concerned {
  region: string
  /** Who has an open task or is asked for a signature: such a person, who stands for one, or such a unit. */
  people: readonly string[]
  units: readonly string[]
  /** Who started it, did a task or signed. */
  doers: readonly string[]
}

export type Told = ReturnType<typeof notificationOf>
export type Fired = ReturnType<typeof breachOf>

export interface LiveChange {
  order: ReturnType<typeof summary> & { names: Awaited<ReturnType<typeof namesOf>> }
  concerned: Concerned
  rungs: readonly Fired[]
  /** What people of ours were told, by their ids. */
  told: readonly { staff: string; notification: Told }[]
}

type Row = OrderRow & { people: string[]; units: string[]; doers: (string | null)[] }

const concernedColumns = sql`, o.region_path AS region,
  ARRAY(SELECT t.person_id FROM task t WHERE t.order_id = o.id AND t.closed_at IS NULL AND t.person_id IS NOT NULL
        UNION SELECT s.person_id FROM signature s WHERE s.order_id = o.id AND s.answer IS NULL AND s.removed_at IS NULL AND s.person_id IS NOT NULL) AS people,
  ARRAY(SELECT t.unit_id FROM task t WHERE t.order_id = o.id AND t.closed_at IS NULL AND t.unit_id IS NOT NULL
        UNION SELECT s.unit_id FROM signature s WHERE s.order_id = o.id AND s.answer IS NULL AND s.removed_at IS NULL AND s.unit_id IS NOT NULL) AS units,
  ARRAY(SELECT t.done_by FROM task t WHERE t.order_id = o.id AND t.done_by IS NOT NULL
        UNION SELECT s.signed_by FROM signature s WHERE s.order_id = o.id AND s.signed_by IS NOT NULL
        UNION SELECT o.started_by) AS doers`

/** The orders of the moves as they are now, with what the moves set off. `staff`: who watches; nobody else's messages are read. */
export async function readChanges(
  db: Db,
  moves: readonly LiveMove[],
  staff: readonly string[],
  now: Date,
): Promise<Map<string, LiveChange>> {
  const ids = moves.map(({ order }) => order)
  const spans = JSON.stringify(moves.map(({ order, base, seq }) => ({ order, base, seq })))
  const [found, rungs, told] = await Promise.all([
    hotRows<Row>(db, summaries(sql`SELECT o.* FROM orders o WHERE o.id = ANY (${ids})`, now, concernedColumns)),
    moves.some((move) => move.rungs) ? readRungs(db, spans) : [],
    moves.some((move) => move.told) && staff.length > 0 ? readTold(db, spans, staff) : [],
  ])
  const names = await namesOf(
    db,
    found.flatMap(({ tasks }) => (tasks ?? []).flatMap(({ person, unit }) => [person, unit])),
  )
  return new Map(
    found.map((row) => {
      const mentioned = (row.tasks ?? []).flatMap(({ person, unit }) => [person, unit])
      const own = Object.fromEntries(mentioned.flatMap((id) => (id !== null && names[id] ? [[id, names[id]]] : [])))
      return [
        row.id,
        {
          order: { ...summary(row), names: own },
          concerned: { region: row.region_path, people: row.people, units: row.units, doers: row.doers.filter((id) => id !== null) },
          rungs: rungs.filter(({ order }) => order === row.id),
          told: told.filter(({ notification }) => notification.order === row.id),
        },
      ]
    }),
  )
}

const spansOf = (spans: string) => sql`jsonb_to_recordset(${spans}::jsonb) AS m ("order" text, base int, seq int)`

async function readRungs(db: Db, spans: string): Promise<Fired[]> {
  const found = await rows<RungRow>(
    db,
    sql`SELECT ${rungColumns}
          FROM ${spansOf(spans)} JOIN orders o ON o.id = m."order"
          JOIN order_event e ON e.order_id = o.id AND e.seq > m.base AND e.seq <= m.seq AND e.type = 'rung-fired'
          JOIN rung r ON r.order_id = o.id AND r.clock = e.data ->> 'clock' AND r.pct = (e.data ->> 'pct')::int AND r.fired_at = e.at
         ORDER BY e.order_id, e.seq`,
  )
  return found.map(breachOf)
}

async function readTold(db: Db, spans: string, staff: readonly string[]): Promise<LiveChange['told']> {
  const found = await rows<NotificationRow & { staff_id: string }>(
    db,
    sql`SELECT n.id, n.order_id, o.no AS order_no, o.title AS order_title, n.template, n.data, n.state, n.created_at, n.read_at, n.staff_id
          FROM ${spansOf(spans)} JOIN notification n ON n.order_id = m."order" AND n.seq > m.base AND n.seq <= m.seq
          JOIN orders o ON o.id = n.order_id
         WHERE n.channel = 'inbox' AND n.staff_id = ANY (${staff})
         ORDER BY n.id`,
  )
  return found.map((row) => ({ staff: row.staff_id, notification: notificationOf(row) }))
}

/** Of the sessions and tokens, by their hashes, those that live. */
export async function liveSessions(db: Db, hashes: readonly string[], now: Date): Promise<Set<string>> {
  const found = await rows<{ token_hash: string }>(
    db,
    sql`SELECT token_hash FROM session WHERE token_hash = ANY (${hashes}) AND revoked_at IS NULL AND expires_at > ${now}
        UNION ALL SELECT token_hash FROM api_token
         WHERE token_hash = ANY (${hashes}) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now})`,
  )
  return new Set(found.map(({ token_hash: hash }) => hash))
}
