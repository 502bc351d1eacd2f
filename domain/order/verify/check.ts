/** Whether an order's record can be believed: its chain, and every row against what the chain tells. */
import { canonical, chainHash, GENESIS } from '../hash.ts'
import type { ProcessSpec } from '../spec.ts'
import type { OrderState } from '../state.ts'
import { eventOf, type KeptOrder, type Row } from './kept.ts'
import { rowName, told } from './told.ts'

/** The first place where the record and what it should be part ways. */
export interface Difference {
  /** Which row: the number of an event, the name of a task, of a clock … */
  of: string
  field: string
  /** What the history leads to, and what the record holds. */
  told: unknown
  kept: unknown
}

export interface Checked {
  events: number
  /** Hash of the last event. */
  head: string
  /** The chain: every event follows from the one before, none is missing, and the order names the last. */
  chain?: Difference
  /** The rows, where the chain holds: order, tasks, signatures, clocks and rungs are what the events tell. */
  rows?: Difference & { table: string }
  state: OrderState | undefined
}

const isInstant = (field: string) => field.endsWith('_at') || field === 'paused_until'

/** One text for one value, whichever store it came from. */
function plain(field: string, value: unknown): unknown {
  if (value === undefined || value === null) return null
  return isInstant(field) ? Date.parse(String(value)) : value
}

function firstUnequal(of: string, should: Row, is: Row): Difference | undefined {
  for (const [field, value] of Object.entries(should)) {
    if (field === 'advice') continue
    const [a, b] = [plain(field, value), plain(field, is[field])]
    if (a !== b && canonical(a) !== canonical(b)) return { of, field, told: value ?? null, kept: is[field] ?? null }
  }
  return undefined
}

function firstUnequalRow(should: ReadonlyMap<string, Row>, kept: readonly Row[], name: (row: Row) => string): Difference | undefined {
  const rest = new Map(kept.map((row) => [name(row), row]))
  for (const [of, row] of should) {
    const is = rest.get(of)
    if (!is) return { of, field: '', told: row, kept: null }
    const found = firstUnequal(of, row, is)
    if (found) return found
    rest.delete(of)
  }
  const [more] = rest
  return more && { of: more[0], field: '', told: null, kept: more[1] }
}

/** The chain alone. */
export function checkChain({ order, events }: KeptOrder, sha256?: (text: string) => string): Difference | undefined {
  let previous = GENESIS
  for (const [i, row] of events.entries()) {
    const of = String(i + 1)
    if (row.seq !== i + 1) return { of, field: 'seq', told: i + 1, kept: row.seq }
    if (row.prev_hash !== previous) return { of, field: 'prev_hash', told: previous, kept: row.prev_hash }
    const hash = chainHash(previous, eventOf(row), sha256)
    if (row.hash !== hash) return { of, field: 'hash', told: hash, kept: row.hash }
    previous = hash
  }
  if (order.seq !== events.length) return { of: String(order.seq), field: 'seq', told: events.length, kept: order.seq }
  return order.hash === previous ? undefined : { of: String(order.seq), field: 'hash', told: previous, kept: order.hash }
}

/** Chain and rows of one order. The rows are looked at only where the chain holds: otherwise nobody knows what they should be. */
export function checkRecord(spec: ProcessSpec, kept: KeptOrder, sha256?: (text: string) => string): Checked {
  const seen = { events: kept.events.length, head: kept.events.at(-1)?.hash ?? GENESIS }
  const chain = checkChain(kept, sha256)
  if (chain) return { ...seen, chain, state: undefined }
  const should = told(spec, kept.id, movesOf(kept))
  const unequal = { state: should.state }
  const tables = [
    ['orders', () => firstUnequal(kept.id, should.order, kept.order)],
    ['task', () => firstUnequalRow(should.tasks, kept.tasks, rowName.tasks)],
    ['signature', () => firstUnequalRow(should.signatures, kept.signatures, rowName.signatures)],
    ['clock', () => firstUnequalRow(should.clocks, kept.clocks, rowName.clocks)],
    ['rung', () => firstUnequalRow(should.rungs, kept.rungs, rowName.rungs)],
  ] as const
  for (const [table, look] of tables) {
    const found = look()
    if (found) return { ...seen, ...unequal, rows: { table, ...found } }
  }
  return { ...seen, ...unequal }
}

/** Events by the moves that they were written with. */
function movesOf({ events }: KeptOrder) {
  const moves: { events: ReturnType<typeof eventOf>[]; hashes: string[] }[] = []
  let last: number | undefined
  for (const row of events) {
    if (row.move_seq !== last) moves.push({ events: [], hashes: [] })
    last = row.move_seq
    moves.at(-1)!.events.push(eventOf(row))
    moves.at(-1)!.hashes.push(row.hash)
  }
  return moves
}
