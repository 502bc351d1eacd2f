/**
 * The writing half of a move: one SQL statement, and so one transaction. Every part depends on the order's row being at the
 * version from which the move begins; where it is not, nothing at all is written.
 */
import type pg from 'pg'
import { LIVE_CHANNEL, type LiveMove } from '../domain/order/live.ts'

type Json = Record<string, unknown>

/** One part: columns of a table, rows for it, and what happens where a row is there already. */
export interface Part {
  table: string
  /** Column → SQL type. `order_id` is added. */
  columns: Readonly<Record<string, string>>
  rows: readonly Json[]
  conflict?: string
}

/** A data-modifying statement of a projection; `$rows` stands for its JSON parameter, `o.id` for the order. */
export interface Statement {
  name: string
  sql: string
  param: unknown
}

const orderColumns = {
  no: 'text',
  process: 'text',
  status: 'text',
  end: 'text',
  customer_id: 'text',
  service_id: 'text',
  contract_id: 'text',
  region_path: 'text',
  title: 'text',
  priority: 'int',
  grade: 'text',
  source_channel: 'text',
  source_no: 'text',
  parent_id: 'text',
  parent_key: 'text',
  continued_from: 'text',
  started_by: 'text',
  responsible_id: 'text',
  seq: 'int',
  hash: 'text',
  state: 'jsonb',
  opened_at: 'timestamptz',
  closed_at: 'timestamptz',
  next_due_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const

/** What a later move may change of an order; the rest was settled when it opened. */
const changing = [
  'no',
  'status',
  'end',
  'priority',
  'responsible_id',
  'seq',
  'hash',
  'state',
  'closed_at',
  'next_due_at',
  'updated_at',
] as const

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ')
const typed = (columns: Readonly<Record<string, string>>) =>
  Object.entries(columns)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(', ')

const opening = () => {
  const names = Object.keys(orderColumns)
  return `o AS (
  INSERT INTO orders (id, ${quoted(names)}) SELECT $1, ${quoted(names)} FROM jsonb_to_record($4::jsonb) AS r (${typed(orderColumns)})
  WHERE $2::int = 0 AND $3::text = '' ON CONFLICT (id) DO NOTHING RETURNING id)`
}

const moving = () => {
  const columns = { ...Object.fromEntries(changing.map((name) => [name, orderColumns[name]])), contract_id: 'text' }
  const sets = changing.map((name) => `"${name}" = r."${name}"`).join(', ')
  return `o AS (
  UPDATE orders SET ${sets}, contract_id = coalesce(r.contract_id, orders.contract_id) FROM jsonb_to_record($4::jsonb) AS r (${typed(columns)})
  WHERE orders.id = $1 AND orders.seq = $2::int AND orders.hash = $3::text RETURNING orders.id)`
}

/**
 * Writes a move, and tells whoever listens: the database passes it on when the move is committed, and only then.
 * @param order the columns of the order's row
 * @returns false where the order is not at `base` with the hash `prev`: then nothing is written
 */
export async function write(
  db: pg.Pool | pg.ClientBase,
  move: { order: string; base: number; prev: string },
  order: Json,
  parts: readonly Part[],
  statements: readonly Statement[],
  live: LiveMove,
): Promise<boolean> {
  const values: unknown[] = [move.order, move.base, move.prev, JSON.stringify(order), JSON.stringify(live)]
  const ctes = [move.base === 0 ? opening() : moving()]
  for (const { table, columns, rows, conflict } of parts) {
    if (rows.length === 0) continue
    values.push(JSON.stringify(rows))
    ctes.push(`w_${table} AS (
  INSERT INTO ${table} AS t (order_id, ${quoted(Object.keys(columns))}) SELECT o.id, r.* FROM o, jsonb_to_recordset($${values.length}::jsonb) AS r (${typed(columns)})
  ${conflict ?? ''})`)
  }
  for (const { name, sql, param } of statements) {
    values.push(JSON.stringify(param))
    ctes.push(`${name} AS (${sql.replaceAll('$rows', `$${values.length}::jsonb`)})`)
  }
  const text = `WITH ${ctes.join(', ')} SELECT pg_notify('${LIVE_CHANNEL}', $5) FROM o`
  const { rowCount } = await db.query({ name: nameOf(text), text, values })
  return rowCount === 1
}

/** Statements differ in which parts they have; each shape is prepared once per connection. */
const names = new Map<string, string>()
const nameOf = (text: string): string => {
  let name = names.get(text)
  if (!name) {
    name = `recorder-write-${names.size}`
    names.set(text, name)
  }
  return name
}

/** Marks the rungs of clocks that ended as settled, and those of clocks that run on as open again. */
export function settle(ended: readonly string[], reopened: readonly string[], at: string): Statement[] {
  const statement = (name: string, clocks: readonly string[], value: string | null, where: string): Statement => ({
    name,
    sql: `UPDATE rung SET settled_at = ($rows ->> 'at')::timestamptz FROM o
  WHERE rung.order_id = o.id AND rung.clock IN (SELECT jsonb_array_elements_text($rows -> 'clocks')) AND ${where}`,
    param: { clocks, at: value },
  })
  return [
    ...(ended.length > 0 ? [statement('settled', ended, at, 'rung.settled_at IS NULL')] : []),
    ...(reopened.length > 0 ? [statement('unsettled', reopened, null, 'rung.settled_at IS NOT NULL')] : []),
  ]
}
