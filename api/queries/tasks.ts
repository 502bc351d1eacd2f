/** The queues: what is mine, my unit's, undispatched, overdue, waits for my word, or is in sight at all; and how much of each there is. */
import type { z } from 'zod'
import type { Task as OpenTask } from '../../domain/order/state.ts'
import { inGroup } from '../../domain/roles.ts'
import { type AppAbility, ownTasks, selves, visibleTasks } from '../auth/ability.ts'
import { actingRoles, type Principal } from '../auth/principal.ts'
import type { Catalogue } from '../catalogue.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import { COUNT_CAP, type Lane, lanes, type tasksQuery } from '../schemas/task.ts'
import { ofProduct } from './breaches.ts'
import { namesOf } from './names.ts'
import { extension, pause } from './order.ts'
import { type Db, type Sql, all, below, join, oneOf, raw, rows, sql } from './sql.ts'

type Query = z.output<typeof tasksQuery>

interface TaskRow {
  order_id: string
  task: string
  party: string | null
  step: string
  process: string
  region_path: string
  priority: number
  status: string
  person_id: string | null
  unit_id: string | null
  absent_id: string | null
  queue: string | null
  opened_at: Date
  accepted_at: Date | null
  due_at: Date | null
  breached_at: Date | null
  refusals: number
  order_no: string | null
  order_title: string
  customer_id: string | null
  customer_zh: string | null
  customer_en: string | null
  rung: { pct: number; firedAt: string; lateMs: number } | null
  pause: OpenTask['suspendAsked'] | null
  extension: OpenTask['extensionAsked'] | null
}

interface Who {
  principal: Principal
  ability: AppAbility
  now: Date
}

const OPEN = sql`t.closed_at IS NULL`

/** Conditions of the open tasks `t` of a lane, beside its signatures. */
function tasksIn(lane: Lane, { principal, ability, now }: Who): Sql {
  const visible = visibleTasks(principal, ability)
  switch (lane) {
    case 'mine':
      return sql`${OPEN} AND t.person_id IS NOT NULL AND ${oneOf(sql`t.person_id`, selves(principal))}`
    case 'unit':
      return sql`${OPEN} AND t.unit_id IS NOT NULL AND ${oneOf(sql`t.unit_id`, principal.units)}`
    case 'undispatched':
      return sql`t.status = 'undispatched' AND ${visible}`
    case 'offered':
      return sql`${OPEN} AND t.status = 'offered' AND ${visible}`
    case 'working':
      return sql`${OPEN} AND t.status IN ('accepted', 'automatic') AND ${visible}`
    case 'waiting':
      return sql`${OPEN} AND t.status IN ('suspended', 'child') AND ${visible}`
    case 'risk':
      // From the few warnings that are open, not from all tasks.
      return sql`${OPEN} AND t.due_at >= ${now} AND ${visible}
        AND (t.order_id, t.task) IN (SELECT r.order_id, r.task FROM rung r WHERE r.settled_at IS NULL AND r.pct < 100)`
    case 'overdue':
      return sql`${OPEN} AND t.due_at < ${now} AND ${visible}`
    case 'approvals':
      return sql`${OPEN} AND ${visible} AND ${wordAsked({ principal, ability, now })}`
    case 'all':
      return sql`${OPEN} AND ${visible}`
  }
}

/** Tasks `t` that somebody asks to suspend or wants more time for, where this person may answer: a supervisor, and not what is his own. */
function wordAsked({ principal }: Who): Sql {
  if (!inGroup(actingRoles(principal), 'supervisor')) return sql`FALSE`
  const by = (asked: string): Sql => sql`o.state #>> ARRAY['tasks', t.task, ${asked}, 'by']`
  // An array, so that the planner goes from the few orders to their tasks, and not from all tasks.
  return sql`t.person_id IS DISTINCT FROM ${principal.id}
    AND t.order_id = ANY (ARRAY(
      SELECT o.id FROM orders o WHERE o.status IN ('open', 'withdrawing') AND jsonb_path_exists(o.state, '$.tasks.*.suspendAsked')
      UNION SELECT o.id FROM orders o WHERE o.status IN ('open', 'withdrawing') AND jsonb_path_exists(o.state, '$.tasks.*.extensionAsked')))
    AND (SELECT ${by('suspendAsked')} <> ${principal.id} OR ${by('extensionAsked')} <> ${principal.id} FROM orders o WHERE o.id = t.order_id)`
}

/** Signatures `s` of open tasks `t` that a lane asks for. */
function signaturesIn(lane: Lane, { principal }: Who): Sql | undefined {
  const waiting = sql`s.answer IS NULL AND s.removed_at IS NULL AND s.asked_at IS NOT NULL AND ${OPEN}`
  if (lane === 'mine') return sql`${waiting} AND s.person_id IS NOT NULL AND ${oneOf(sql`s.person_id`, selves(principal))}`
  if (lane === 'unit') return sql`${waiting} AND s.unit_id IS NOT NULL AND ${oneOf(sql`s.unit_id`, principal.units)}`
  if (lane === 'approvals')
    return sql`${waiting} AND (${oneOf(sql`s.person_id`, selves(principal))} OR (s.person_id IS NULL AND ${oneOf(sql`s.unit_id`, principal.units)}))`
  return undefined
}

const fields = (party: Sql, person: Sql, unit: Sql): Sql => sql`
  t.order_id, t.task, ${party} AS party, t.step, t.process, t.region_path, t.priority, t.status, ${person} AS person_id, ${unit} AS unit_id,
  t.absent_id, t.queue, t.opened_at, t.accepted_at, t.due_at, t.breached_at, t.refusals`

/** Tasks and signatures of a lane as one relation. */
function lane(query: Query, who: Who, part: Sql, limit: Sql): Sql {
  const wanted = sql`${all(filters(query))} AND ${part}`
  const order = sql`ORDER BY t.due_at, t.order_id, t.task`
  const tasks = sql`(SELECT ${fields(sql`NULL::text`, sql`t.person_id`, sql`t.unit_id`)} FROM task t
    WHERE ${tasksIn(query.lane, who)} AND ${wanted} ${order} ${limit})`
  const asked = signaturesIn(query.lane, who)
  if (!asked) return tasks
  return sql`${tasks} UNION ALL (SELECT ${fields(sql`s.party`, sql`s.person_id`, sql`s.unit_id`)}
    FROM signature s JOIN task t ON t.order_id = s.order_id AND t.task = s.task WHERE ${asked} AND ${wanted} ${order} ${limit})`
}

const filters = (query: Query): (Sql | false)[] => [
  query.order !== undefined && oneOf(sql`t.order_id`, query.order),
  query.process !== undefined && sql`t.process = ${query.process}`,
  query.step !== undefined && sql`t.step = ${query.step}`,
  query.region !== undefined && below(sql`t.region_path`, query.region.replace(/\/+$/, '')),
  query.person !== undefined && sql`t.person_id = ${query.person}`,
  query.unit !== undefined && sql`t.unit_id = ${query.unit}`,
  query.product !== undefined && sql`EXISTS (SELECT FROM orders o WHERE o.id = t.order_id AND ${ofProduct(query.product)})`,
]

type Key = readonly [string | null, string, string, string]

/**
 * One part of a lane, what has a limit or what has none, from the cursor on. Two parts, so that each is a range of an index;
 * tasks without a limit come last.
 */
function part(query: Query, who: Who, cursor: Key | undefined, due: boolean, limit: number): Sql {
  const place = sql`t.order_id, t.task`
  const after = !cursor
    ? sql`TRUE`
    : due
      ? sql`(t.due_at, ${place}) >= (${new Date(cursor[0]!)}, ${cursor[1]}, ${cursor[2]})`
      : cursor[0] === null
        ? sql`(${place}) >= (${cursor[1]}, ${cursor[2]})`
        : sql`TRUE`
  // A joint task may be asked of one person for several parties: the party breaks the tie.
  const past =
    cursor && (due || cursor[0] === null)
      ? sql`NOT (q.order_id = ${cursor[1]} AND q.task = ${cursor[2]} AND coalesce(q.party, '') <= ${cursor[3]})`
      : sql`TRUE`
  const has = due ? sql`t.due_at IS NOT NULL` : sql`t.due_at IS NULL`
  // One party more than the page may share the cursor's task.
  const inner = lane(query, who, sql`${has} AND ${after}`, sql`LIMIT ${limit + (cursor ? 20 : 0)}`)
  const asked = (what: string): Sql =>
    query.lane === 'approvals' ? sql`CASE WHEN q.party IS NULL THEN o.state #> ARRAY['tasks', q.task, ${what}] END` : sql`NULL`
  return sql`
    SELECT q.*, o.no AS order_no, o.title AS order_title, o.customer_id, c.name_zh AS customer_zh, c.name_en AS customer_en,
           (SELECT json_build_object('pct', r.pct, 'firedAt', r.fired_at, 'lateMs', r.late_ms) FROM rung r
             WHERE r.order_id = q.order_id AND r.task = q.task AND r.settled_at IS NULL ORDER BY r.pct DESC, r.fired_at LIMIT 1) AS rung,
           ${asked('suspendAsked')} AS pause, ${asked('extensionAsked')} AS extension
      FROM (SELECT * FROM (${inner}) u ORDER BY u.due_at, u.order_id, u.task, coalesce(u.party, '')) q
      JOIN orders o ON o.id = q.order_id LEFT JOIN customer c ON c.id = o.customer_id
     WHERE ${past}
     ORDER BY q.due_at, q.order_id, q.task, coalesce(q.party, '') LIMIT ${limit}`
}

/** One page of a lane: by due instant, what has none last. `now` of `who` decides what is overdue. */
export async function listTasks(db: Db, catalogue: Catalogue, who: Who, query: Query) {
  // Side by side: neither waits for the other.
  const [{ items, page }, counts] = await Promise.all([pageOf(db, who, query), query.counts === false ? null : countLanes(db, who)])
  const names = await namesOf(
    db,
    items.flatMap((row) => [row.person_id, row.unit_id, row.absent_id, row.pause?.by ?? null, row.extension?.by ?? null]),
  )
  return { items: items.map((row) => item(catalogue, row, who.now)), counts, names, page }
}

async function pageOf(db: Db, who: Who, query: Query) {
  const cursor = decodeCursor<Key>(query.cursor, ['instant?', 'text', 'text', 'text'])
  const wanted = query.limit + 1
  const found = cursor && cursor[0] === null ? [] : await rows<TaskRow>(db, part(query, who, cursor, true, wanted))
  if (found.length < wanted && query.lane !== 'overdue' && query.lane !== 'risk')
    found.push(...(await rows<TaskRow>(db, part(query, who, cursor, false, wanted - found.length))))
  return paged(found, query.limit, (row) => [row.due_at?.toISOString() ?? null, row.order_id, row.task, row.party ?? ''])
}

/** How much every lane holds, up to the cap: a number on a tab needs no more, so it costs as much with a million open tasks as with a
 * thousand. */
export async function countLanes(db: Db, who: Who): Promise<Record<Lane, number>> {
  const count = (name: Lane): Sql => {
    const capped = sql`LIMIT ${COUNT_CAP}`
    // In the order of an index of open tasks: without, the planner reads the table from its oldest end, where all is closed.
    const tasks = sql`(SELECT 1 FROM task t WHERE ${tasksIn(name, who)} ORDER BY t.due_at, t.order_id, t.task ${capped})`
    const asked = signaturesIn(name, who)
    const signatures =
      asked &&
      sql`UNION ALL (SELECT 1 FROM signature s JOIN task t ON t.order_id = s.order_id AND t.task = s.task WHERE ${asked} ${capped})`
    return sql`(SELECT count(*)::int FROM (SELECT 1 FROM (${tasks} ${signatures ?? sql``}) u ${capped}) n)`
  }
  const [found] = await rows<Record<Lane, number>>(db, sql`SELECT ${join(lanes.map((lane) => sql`${count(lane)} AS ${raw(`"${lane}"`)}`))}`)
  return found!
}

function item(catalogue: Catalogue, row: TaskRow, now: Date) {
  const fallback = { en: row.step, zh: row.step }
  const spec = catalogue.spec(row.process)
  const step = spec?.steps[row.step]
  const party = step?.joint?.parties.find(({ id }) => id === row.party)
  return {
    order: row.order_id,
    task: row.task,
    step: row.step,
    title: party?.title ?? step?.title ?? fallback,
    process: row.process,
    orderNo: row.order_no,
    orderTitle: row.order_title,
    customer: row.customer_id === null ? null : { id: row.customer_id, name: { en: row.customer_en!, zh: row.customer_zh! } },
    region: row.region_path,
    priority: row.priority,
    status: row.status,
    person: row.person_id,
    unit: row.unit_id,
    absent: row.absent_id,
    queue: row.queue,
    party: row.party,
    openedAt: row.opened_at.toISOString(),
    acceptedAt: row.accepted_at?.toISOString() ?? null,
    dueAt: row.due_at?.toISOString() ?? null,
    breachedAt: row.breached_at?.toISOString() ?? null,
    overdue: row.due_at !== null && row.due_at < now,
    refusals: row.refusals,
    pauseAsked: row.pause ? { ...pause(row.pause), by: row.pause.by } : null,
    extensionAsked: row.extension
      ? { ...extension(row.extension), title: spec?.clocks?.[row.extension.clock]?.title ?? step?.title ?? fallback }
      : null,
    rung: row.rung && { ...row.rung, firedAt: new Date(row.rung.firedAt).toISOString() },
  }
}

/** Whether the person is asked for, or holds, this task: then its offer is the person's business. */
export async function isOwn(db: Db, principal: Principal, order: string, task: string): Promise<boolean> {
  const found = await rows(db, sql`SELECT 1 FROM task t WHERE t.order_id = ${order} AND t.task = ${task} AND ${ownTasks(principal)}`)
  return found.length > 0
}

/** Why a task was offered to whom, the latest first. */
export async function listOffers(db: Db, order: string, task: string) {
  const found = await rows<{ seq: number; party: string | null; chosen: string | null; at: Date; digest: string; explanation: unknown }>(
    db,
    sql`SELECT seq, party, chosen, at, digest, explanation FROM offer WHERE order_id = ${order} AND task = ${task} ORDER BY seq DESC`,
  )
  return found.map((row) => ({ ...row, at: row.at.toISOString() }))
}
