/**
 * The recorder: writes a move in one transaction and plans what it opened. It reads (where the order stands, what the planner has to
 * know), thinks, and writes everything in one statement that only takes effect if the order still stands there. So a repeated call,
 * a second worker and a crash after the commit all end in the same record and the same answer.
 */
import type pg from 'pg'
import { type Ask, asks } from '../domain/order/asks.ts'
import { deskRoles } from '../domain/order/desks.ts'
import type { OrderEvent } from '../domain/order/event.ts'
import { blank } from '../domain/order/evolve.ts'
import { noticeRoles } from '../domain/order/notices.ts'
import { type Place, type Plan, plan } from '../domain/order/plan.ts'
import { namedPeople } from '../domain/order/plan-offers.ts'
import { fold, type Folded } from '../domain/order/rows/fold.ts'
import type { ProcessSpec } from '../domain/order/spec.ts'
import type { OrderState } from '../domain/order/state.ts'
import { type SubjectColumns, subjectColumns } from '../prisma/reference.ts'
import { adviseOn } from './advice.ts'
import { brokenConstraint, never } from './errors.ts'
import { type Facts, readFacts } from './facts.ts'
import { moveRows } from './move-rows.ts'
import { type Reference, type ReferenceCache, referenceVersion } from './reference.ts'
import { PLANNER, sealMove, sealPlan } from './seal.ts'
import type { Move, MoveEvent, Recorded } from './types.ts'
import { write } from './write.ts'

export interface RecorderDeps {
  pool: pg.Pool
  reference: ReferenceCache
  /** @throws RangeError for a process that there is not */
  specOf: (process: string) => ProcessSpec
  /** Whether e-mails go out; else messages stay in the application. */
  email: boolean
  /** Told of each move that this recorder has written, once it is committed. */
  written?: ((move: Move, process: string) => void) | undefined
}

/** Another worker may have written the same move between our reading and our writing: then the second look finds it. */
const LOOKS = 3

/**
 * Records a move. Repeating it changes nothing and answers the same.
 * @param given what was planned when the move was recorded before, where the record has lost it: then nothing is planned anew
 * @throws ApplicationFailure, not retryable: CHAIN_BROKEN (gap, another predecessor, another hash), SOURCE_TAKEN (another order has the
 *   source's number), UNKNOWN_PROCESS, UNKNOWN_CUSTOMER
 * @throws database errors as they are
 */
export async function record(deps: RecorderDeps, move: Move, given?: Recorded): Promise<Recorded> {
  for (let look = 0; look < LOOKS; look++) {
    const stored = await read(deps.pool, move)
    if (stored.seq >= move.base + move.events.length && move.events.length > 0) return recorded(deps.pool, move, stored)
    if (stored.seq !== move.base || stored.hash !== move.prev) throw chainBroken(move, stored)
    const answer = await take(deps, move, stored, given)
    if (answer) return answer
  }
  throw new Error(`order ${move.order}: others were faster ${LOOKS} times; trying again`)
}

interface Stored {
  seq: number
  hash: string
  state: OrderState
  version: string
  /** What limits go by beside the order's own facts. */
  customer?: Facts['customer']
  service?: Facts['service']
}

interface StoredRow extends SubjectColumns {
  version: string
  seq: number | null
  hash: string | null
  state: OrderState | null
}

async function read(pool: pg.Pool, move: Move): Promise<Stored> {
  const text = `SELECT ${referenceVersion} AS version, o.seq, o.hash, o.state, ${subjectColumns}
    FROM (SELECT $1::text AS id) x LEFT JOIN orders o USING (id)`
  const { rows } = await pool.query<StoredRow>({ name: 'recorder-read', text, values: [move.order] })
  const { version, seq, hash, state, customer, service } = rows[0]!
  return {
    version,
    seq: seq ?? 0,
    hash: hash ?? '',
    state: state ?? blank(move.order),
    ...(customer && { customer }),
    ...(service && { service }),
  }
}

/** The answer that was given before, from the record. */
async function recorded(pool: pg.Pool, move: Move, stored: Stored): Promise<Recorded> {
  const own = move.base + move.events.length
  const text = `SELECT e.seq, e.type, e.data, e.actor_kind, e.actor_id, e.on_behalf_of, e.prev_hash, e.hash, e.move_seq
    FROM order_event e WHERE e.order_id = $1 AND e.seq >= $2
      AND e.move_seq = (SELECT move_seq FROM order_event WHERE order_id = $1 AND seq = $2) ORDER BY e.seq`
  const values = [move.order, own]
  const { rows } = await pool.query<StoredEvent>({ name: 'recorder-recorded', text, values })
  if (rows[0]?.hash !== move.head) throw chainBroken(move, { seq: own, hash: rows[0]?.hash ?? stored.hash })
  return { plan: rows.slice(1).map(asMoveEvent), head: rows.at(-1)!.hash }
}

interface StoredEvent {
  type: string
  data: object
  actor_kind: string
  actor_id: string
  on_behalf_of: string | null
  hash: string
}

/** An event as the engine applies it; the planner's need no actor. */
function asMoveEvent({ type, data, actor_kind: kind, actor_id: id, on_behalf_of: absent }: StoredEvent): MoveEvent {
  const planner = kind === PLANNER.kind && id === PLANNER.id
  return { type, data, ...(!planner && { actor: { kind, id, ...(absent && { for: absent }) } }) } as MoveEvent
}

const chainBroken = (move: Move, { seq, hash }: { seq: number; hash: string }) =>
  never(
    'CHAIN_BROKEN',
    `order ${move.order}: the record ends with event ${seq} (${hash.slice(0, 12) || 'none'}), the move follows event ${move.base} (${move.prev.slice(0, 12) || 'none'}) and ends in ${move.head.slice(0, 12)}`,
    { record: { seq, hash }, move: { base: move.base, prev: move.prev, head: move.head } },
  )

/** Plans and writes; nothing where the order has moved meanwhile. */
async function take(deps: RecorderDeps, move: Move, stored: Stored, given: Recorded | undefined): Promise<Recorded | undefined> {
  const { pool } = deps
  const own = fold(stored.state, sealMove(move))
  if (own.state.hash !== move.head) throw chainBroken(move, { seq: move.base, hash: stored.hash })
  const spec = specOf(deps, own.state.process)
  const place =
    move.base === 0 && (move.actor.kind === 'order' || move.actor.kind === 'system') ? await placeOf(pool, own.state) : undefined
  const reference = await deps.reference.get(stored.version)
  const asked = asks(spec, stored.state, own.state, own.events)
  const facts = isQuiet(own.events, asked)
    ? nothingAsked(reference, stored)
    : await readFacts(
        pool,
        reference,
        { ...wanted(spec, stored.state, own, asked, reference), ...(place && { region: place.region }) },
        move.at,
      )
  if (move.base === 0 && own.state.customer !== '' && !facts.customerKnown)
    throw never('UNKNOWN_CUSTOMER', `there is no customer ${own.state.customer}: create it first`)

  const known = { spec, specOf: deps.specOf, facts: { ...facts, ...(place && { place }) }, desks: deskRoles(spec), now: move.at }
  const wouldPlan = plan({ ...known, before: stored.state, state: own.state, events: own.events })
  const planned = given ? asGiven(given, wouldPlan) : wouldPlan
  const more = fold(own.state, sealPlan(planned.events, own.state.seq, move.at))
  const whole: Folded = { state: more.state, events: [...own.events, ...more.events], states: [...own.states, ...more.states] }
  if (given && whole.state.hash !== given.head)
    throw chainBroken({ ...move, head: given.head }, { seq: whole.state.seq, hash: whole.state.hash })
  const advice = await adviceFor(deps, spec, whole, facts, move.at)
  try {
    const written = await write(pool, move, ...moveRows(deps.email, spec, move, whole, planned.offers, facts, advice))
    if (!written) return undefined
    deps.written?.(move, spec.id)
    return { plan: planned.events, head: whole.state.hash }
  } catch (error) {
    throw (await sourceTaken(pool, own.state, error)) ?? error
  }
}

/** The plan of before; explanations of offers as far as the record of today leads to the same ones. */
const asGiven = ({ plan: events }: Recorded, { offers }: Plan): Plan => ({
  events: [...events],
  offers: offers.filter(({ index, task, digest }) => {
    const event = events[index]
    return event !== undefined && 'why' in event.data && event.data.why === digest && event.data.task === task
  }),
})

/** Where another order's customer belongs; nothing where the order is about the customer of the one that opened it. */
async function placeOf(pool: pg.Pool, { customer, parent, startedBy }: OrderState): Promise<Place | undefined> {
  const text = `SELECT c.region_path AS region, jsonb_strip_nulls(jsonb_build_object('customerGrade', c.grade, 'tags', nullif(to_jsonb(c.tags), '[]'),
      'accountManager', c.account_manager_id)) AS facts
    FROM customer c WHERE c.id = $1 AND NOT EXISTS (SELECT FROM orders p WHERE p.id = $2 AND p.customer_id = c.id)`
  const { rows } = await pool.query<Place>({ name: 'recorder-place', text, values: [customer, parent?.id ?? startedBy] })
  return rows[0]
}

function specOf(deps: RecorderDeps, process: string): ProcessSpec {
  try {
    return deps.specOf(process)
  } catch (error) {
    throw never('UNKNOWN_PROCESS', error instanceof Error ? error.message : String(error))
  }
}

/** Facts that nobody is told of and that open nothing: a third of all moves need nothing but the limits. */
const QUIET = new Set<OrderEvent['type']>([
  'task-accepted',
  'signed',
  'priority-set',
  'child-ended',
  'child-left',
  'undo-added',
  'undo-done',
])
const tellsNobody = (event: OrderEvent): boolean =>
  event.type === 'comment-added' && event.data.told === undefined && event.data.mentions === undefined
const isQuiet = (events: readonly OrderEvent[], asked: readonly Ask[]): boolean =>
  asked.length === 0 && events.every((event) => QUIET.has(event.type) || tellsNobody(event))

const nothingAsked = ({ limits, rules, units }: Reference, { customer, service }: Stored): Facts => ({
  limits,
  rules,
  units,
  people: new Map(),
  holders: [],
  customerKnown: true,
  ...(customer && { customer }),
  ...(service && { service }),
})

/** Everybody whom the plan or the messages of a move may name. */
function wanted(spec: ProcessSpec, before: OrderState, own: Folded, asked: readonly Ask[], { limits }: Reference) {
  const { state, events } = own
  const open = [...Object.values(before.tasks), ...Object.values(state.tasks)]
  const holders = open.flatMap((task) => [task.person, ...Object.values(task.parties ?? {}).map(({ person }) => person)])
  return {
    roles: [...new Set(asked.flatMap((ask) => (ask.how === 'check' || ask.how === 'dispatcher' ? [] : ask.roles)))],
    people: [...new Set([...namedPeople(asked), ...holders.filter((id) => id !== undefined)])],
    units: [
      ...new Set([...asked.flatMap((ask) => ('unit' in ask && ask.unit !== undefined ? [ask.unit] : [])), ...unitsTold(state, events)]),
    ],
    holders: noticeRoles(spec, before, events, limits),
    customer: state.customer,
    region: state.region,
    service: state.facts.service,
    contract: state.facts.contract,
    ...(before.seq === 0 && { numbered: state.process }),
  }
}

/** Units whose members are told one by one. */
const unitsTold = (state: OrderState, events: readonly OrderEvent[]): string[] =>
  events.flatMap((event) => {
    if (event.type === 'task-dispatched' || event.type === 'task-reassigned')
      return !event.data.person && event.data.unit ? [event.data.unit] : []
    const tasks = event.type === 'rung-fired' || event.type === 'order-urged' ? Object.values(state.tasks) : []
    return tasks.flatMap(({ person, unit, status }) => (person === undefined && unit !== undefined && status === 'offered' ? [unit] : []))
  })

async function adviceFor(
  { pool }: RecorderDeps,
  spec: ProcessSpec,
  { events, state }: Folded,
  facts: Facts,
  now: number,
): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>()
  for (const event of events) {
    if (event.type !== 'task-opened' || !state.tasks[event.data.task]) continue
    const name = spec.steps[event.data.step]?.advice
    if (name !== undefined) found.set(event.data.task, await adviseOn(name, pool, state, facts, now, event.data.task))
  }
  return found
}

/** Catalogue 0.3 KEY: a source's number belongs to one order; whoever comes second is told which. */
async function sourceTaken(pool: pg.Pool, { id, source }: OrderState, error: unknown): Promise<Error | undefined> {
  if (brokenConstraint(error) !== 'orders_source' || !source) return undefined
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM orders WHERE source_channel = $1 AND source_no = $2', [
    source.channel,
    source.no,
  ])
  const other = rows[0]?.id
  return never(
    'SOURCE_TAKEN',
    `number ${source.no} of ${source.channel} already runs as order ${other ?? 'unknown'}, not as ${id}: use that order`,
    { order: other },
  )
}
