/**
 * Holds resources for an order before the command that names them is sent: a circuit that two orders want is one's only, whichever
 * command the engine looks at first. What the command leads to turns the hold into a reservation, in the move's own transaction;
 * a command that was refused gives it back; one whose answer was lost is settled by the hold's end.
 */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { CommandBody } from '../../domain/order/command.ts'
import { compareNamed, resourceFields } from '../../domain/order/occupied.ts'
import { Refusal } from '../../domain/order/refusal.ts'
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import type { Title } from '../../domain/title.ts'
import { type AppAbility, visibleOrders } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import { EngineOrderMissing, EngineRefused } from '../engine-errors.ts'
import { type FieldError, fieldError } from '../field-errors.ts'
import { Problem } from '../problem.ts'
import { occupiedBy, sameTree } from '../queries/resources.ts'
import { scoped } from '../queries/scoped.ts'
import { rows, sql, transaction } from '../queries/sql.ts'
import { stepOf } from './ids.ts'

/** How long a command may be on its way: longer than any engine takes that still answers. */
export const ASKED_MS = 5 * 60_000

interface Caller {
  principal: Principal
  ability: AppAbility
  now: Date
}

type HoldDeps = Pick<Deps, 'pool' | 'prisma'>

/** What one request has taken, and can give back. */
export interface Held {
  /** Frees what this request took and no other has relied on since. */
  release(now: Date): Promise<void>
}

const nothing: Held = { release: () => Promise.resolve() }

/**
 * Sends the command for which resources are held. What was refused gives them back; what may still take effect keeps them to their end.
 */
export async function whileHeld<T>(held: Held, now: Date, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    const definite = [Problem, Refusal, EngineRefused, EngineOrderMissing].some((kind) => error instanceof kind)
    // Where they can't be given back now, their end does it.
    if (definite) await held.release(now).catch(() => {})
    throw error
  }
}

/** A resource and the field that names it first. */
type Named = ReadonlyMap<string, string>

/**
 * Takes every resource that a completion's form names, or none. Steps that account for resources take none: theirs are compared with
 * what the order and those below it occupy.
 * @throws Problem UNKNOWN_REFERENCE, RESOURCE_TAKEN, RESOURCE_UNNAMED, RESOURCE_NOT_OCCUPIED
 */
export async function holdFor(deps: HoldDeps, caller: Caller, order: string, spec: ProcessSpec, command: CommandBody): Promise<Held> {
  if (command.type !== 'complete') return nothing
  const { fields, naming } = resourceFields(spec, stepOf(command.task), command.outcome)
  const form = command.form ?? {}
  const named = namedIn(fields, form)
  if (naming === 'accounts' && fields.length > 0) {
    // A value of a wrong type is the order's to refuse.
    const readable = fields.every((name) => form[name] === undefined || Array.isArray(form[name]))
    if (readable) await checkAccount(deps.pool, order, named, `form.${fields[0]!}`)
    return nothing
  }
  if (named.size === 0) return nothing
  await checkKnown(deps, caller, order, named)
  const mine = await transaction(deps.pool, (client) => take(client, caller, order, named))
  return { release: (now) => release(deps.pool, mine, now) }
}

/** Values of a wrong type are left to the form's own rules. */
function namedIn(fields: readonly string[], form: Readonly<Record<string, Fact>>): Named {
  const named = new Map<string, string>()
  for (const name of fields) {
    const value = form[name]
    for (const id of Array.isArray(value) ? value : []) if (typeof id === 'string' && !named.has(id)) named.set(id, `form.${name}`)
  }
  return named
}

/** P-01 rule 4: the file names every resource that the customer occupies. */
async function checkAccount(pool: pg.Pool, order: string, named: Named, field: string): Promise<void> {
  const occupied = await occupiedBy(pool, order)
  const { unnamed, foreign } = compareNamed(
    [...named.keys()],
    occupied.map(({ id }) => id),
  )
  if (foreign.length > 0) {
    const ids = foreign.join(', ')
    throw new Problem('RESOURCE_NOT_OCCUPIED', {
      field,
      says: { zh: `本工单未占用：${ids}`, en: `not occupied by the order: ${ids}` },
      detail: ids,
    })
  }
  const missing = occupied.filter(({ id }) => unnamed.includes(id)).map(({ id, no }) => `${no} (${id})`)
  if (missing.length > 0) {
    const nos = missing.join(', ')
    throw new Problem('RESOURCE_UNNAMED', { field, says: { zh: `未列明：${nos}`, en: `not named: ${nos}` }, detail: nos })
  }
}

/** All are in the caller's region and in use at all; what the order's tree holds already may lie anywhere. */
async function checkKnown({ pool, prisma }: HoldDeps, { ability }: Caller, order: string, named: Named): Promise<void> {
  const ids = [...named.keys()]
  const seen = ability.can('read', 'Resource')
    ? await prisma.resource.findMany({
        where: { AND: [scoped(ability, 'Resource'), { id: { in: ids }, blocked: false }] },
        select: { id: true },
      })
    : []
  const known = new Set(seen.map(({ id }) => id))
  const unseen = ids.filter((id) => !known.has(id))
  if (unseen.length === 0) return
  const own = await rows<{ id: string }>(
    pool,
    sql`SELECT h.resource_id AS id FROM resource_hold h
         WHERE h.released_at IS NULL AND h.resource_id = ANY (${unseen}) AND ${sameTree(sql`h.order_id`, order)}`,
  )
  for (const { id } of own) known.add(id)
  const errors = unseen
    .filter((id) => !known.has(id))
    .map((id) => fieldError(named.get(id)!, 'UNKNOWN_REFERENCE', { zh: `没有资源 ${id}`, en: `no resource ${id}` }))
  if (errors.length > 0) throw new Problem('UNKNOWN_REFERENCE', { errors, says: joined(errors) })
}

const joined = (errors: readonly FieldError[]): Title => ({
  zh: errors.map(({ says }) => says.zh).join(','),
  en: errors.map(({ says }) => says.en).join(', '),
})

/** A hold as this request wrote it: another that relies on it has moved its end since. */
interface Mine {
  ids: string[]
  until: Date
}

async function take(client: pg.PoolClient, caller: Caller, order: string, named: Named): Promise<Mine> {
  const { now } = caller
  const ids = [...named.keys()]
  // Always in the same order, so that two requests never wait for each other. The constraint would hold without.
  await rows(client, sql`SELECT 1 FROM resource WHERE id = ANY (${ids}) ORDER BY id FOR NO KEY UPDATE`)
  await rows(
    client,
    sql`UPDATE resource_hold SET state = 'released', released_at = ${now}
         WHERE resource_id = ANY (${ids}) AND state = 'asked' AND until < ${now}`,
  )
  const until = new Date(now.getTime() + ASKED_MS)
  // The order's own, asked for by another command on its way: from now on neither gives it back, its end does.
  const own = await rows<{ resource_id: string }>(
    client,
    sql`UPDATE resource_hold h
           SET until = CASE WHEN h.state = 'asked' THEN greatest(h.until + interval '1 ms', ${until}::timestamptz) END
         WHERE h.resource_id = ANY (${ids}) AND h.released_at IS NULL AND ${sameTree(sql`h.order_id`, order)} RETURNING h.resource_id`,
  )
  const has = new Set(own.map(({ resource_id }) => resource_id))
  const wanted = ids.filter((id) => !has.has(id))
  const holds = wanted.map(() => randomUUID())
  const taken = await rows<{ id: string; resource_id: string }>(
    client,
    sql`INSERT INTO resource_hold (id, resource_id, order_id, state, since, until)
        SELECT t.id, t.resource, ${order}, 'asked', ${now}, ${until}
          FROM unnest(${holds}::text[], ${wanted}::text[]) AS t (id, resource) ORDER BY t.resource
        ON CONFLICT DO NOTHING RETURNING id, resource_id`,
  )
  const got = new Set(taken.map(({ resource_id }) => resource_id))
  const conflicts = wanted.filter((id) => !got.has(id))
  if (conflicts.length > 0) throw await takenProblem(client, caller, named, conflicts)
  return { ids: taken.map(({ id }) => id), until }
}

/** Names the resources; who has them, only where the caller may see that order. */
async function takenProblem(client: pg.PoolClient, { principal, ability }: Caller, named: Named, ids: readonly string[]): Promise<Problem> {
  const found = await rows<{ id: string; no: string; holder: string | null }>(
    client,
    sql`SELECT r.id, r.no, o.no AS holder
          FROM resource r
          LEFT JOIN resource_hold h ON h.resource_id = r.id AND h.released_at IS NULL
          LEFT JOIN orders o ON o.id = h.order_id AND ${visibleOrders(principal, ability)}
         WHERE r.id = ANY (${[...ids]}) ORDER BY r.no`,
  )
  const errors = found.map(({ id, no, holder }) => {
    const [zh, en] = holder === null ? [`${no} 已被占用`, `${no} is taken`] : [`${no} 已被工单 ${holder} 占用`, `${no}, held by ${holder}`]
    return fieldError(named.get(id)!, 'RESOURCE_TAKEN', { zh, en }, holder === null ? no : en)
  })
  const nos = found.map(({ no }) => no).join(', ')
  return new Problem('RESOURCE_TAKEN', { errors, says: { zh: `已被占用：${nos}`, en: `taken: ${nos}` }, detail: nos })
}

async function release(pool: pg.Pool, { ids, until }: Mine, now: Date): Promise<void> {
  if (ids.length === 0) return
  await rows(
    pool,
    sql`UPDATE resource_hold SET state = 'released', released_at = ${now} WHERE id = ANY (${ids}) AND state = 'asked' AND until = ${until}`,
  )
}
