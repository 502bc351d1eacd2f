/** Gives an order a command: the record's memory first, then what the command names, then the engine. */
import type { CommandBody } from '../../domain/order/command.ts'
import { canonical, digest } from '../../domain/order/hash.ts'
import type { ProcessSpec, StepSpec } from '../../domain/order/spec.ts'
import type { Task } from '../../domain/order/state.ts'
import { isRole } from '../../domain/roles.ts'
import { actorOf } from '../auth/actor.ts'
import { type AppAbility, involved, mayGive, maySee } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import { EngineOrderMissing, EngineRefused } from '../engine-errors.ts'
import { Problem } from '../problem.ts'
import { hotRows, sql } from '../queries/sql.ts'
import type { CommandIn } from '../schemas/command.ts'
import { checkActivation } from './activation.ts'
import { checkNamed, shortened, withInstants } from './form.ts'
import { holdFor, whileHeld } from './holds.ts'
import { stepOf } from './ids.ts'
import { References } from './references.ts'
import { Texts } from './texts.ts'

export interface CommandRequest {
  order: string
  /** The Idempotency-Key; the command's id. */
  key: string
  body: CommandIn
  /** Version that it was decided on, where the client names one. */
  expect: number | undefined
}

export interface Given {
  order: string
  seq: number
  /** The command had been recorded before; this is the first answer. */
  replayed: boolean
}

type CommandDeps = Pick<Deps, 'pool' | 'prisma' | 'engine' | 'catalogue'>

interface Caller {
  principal: Principal
  ability: AppAbility
  now: Date
}

/**
 * Gives the command. The same key again is answered from the record.
 * @throws Problem NOT_FOUND, NOT_ALLOWED, IDEMPOTENCY_MISMATCH, UNKNOWN_REFERENCE, UNFIT_TARGET, RESOURCE_TAKEN, RESOURCE_UNNAMED,
 * RESOURCE_NOT_OCCUPIED; Refusal; EngineRefused, EngineLate, EngineDown
 */
export async function giveCommand(deps: CommandDeps, caller: Caller, request: CommandRequest): Promise<Given> {
  const { principal, ability, now } = caller
  const { order: id, key, body, expect } = request
  const task = 'task' in body ? body.task : undefined
  const requestHash = digest(canonical({ by: principal.id, body, expect }))
  const order = await findOrder(deps, principal, id, key, task)
  if (!order || !maySee(ability, { regionPath: order.region_path, involved: order.involved })) throw new Problem('NOT_FOUND')
  if (order.request_hash !== null) return replay(order, id, requestHash)
  if (!mayGive(ability, body.type)) throw new Problem('NOT_ALLOWED', { detail: `your roles do not let you ${body.type}` })
  if (order.status === 'closed') throw new EngineRefused('ORDER_CLOSED')
  const spec = deps.catalogue.spec(order.process)
  if (!spec) throw new Problem('INTERNAL', { cause: new Error(`order ${id} has the unknown process ${order.process}`) })
  const step = task === undefined ? undefined : spec.steps[stepOf(task)]
  const roles = order.task?.roles ?? step?.who ?? []
  const texts = new Texts()
  const given = await checked(deps, caller, { body, spec, step, roles, order: id, texts })
  const actor = await actorOf(deps.pool, principal, { openedAt: order.opened_at, ...(step && { step, roles }) })
  const command = { ...given, id: key, actor, ...(expect !== undefined && { expect }) }
  await texts.store(deps.pool, now)
  const held = await holdFor(deps, caller, id, spec, given)
  return whileHeld(held, now, async () => {
    try {
      const { seq } = await deps.engine.act(id, command, requestHash)
      // The engine answers a key with what it did for it first; whether that was this request, the record knows.
      const recorded = await findOrder(deps, principal, id, key, undefined)
      if (recorded?.request_hash != null && recorded.request_hash !== requestHash) throw new Problem('IDEMPOTENCY_MISMATCH')
      return { order: id, seq: recorded?.command_seq ?? seq, replayed: false }
    } catch (error) {
      if (!(error instanceof EngineOrderMissing)) throw error
      return ended(deps, principal, request, requestHash, error)
    }
  })
}

interface Found {
  process: string
  status: string
  region_path: string
  opened_at: Date
  involved: boolean
  task: Task | null
  request_hash: string | null
  command_seq: number | null
}

async function findOrder(
  { pool }: CommandDeps,
  principal: Principal,
  order: string,
  key: string,
  task: string | undefined,
): Promise<Found | undefined> {
  const [found] = await hotRows<Found>(
    pool,
    sql`SELECT o.process, o.status, o.region_path, o.opened_at, ${involved(principal)} AS involved, o.state -> 'tasks' -> ${task ?? ''}::text AS task,
               c.request_hash, c.seq AS command_seq
          FROM orders o LEFT JOIN order_command c ON c.order_id = o.id AND c.command_id = ${key}
         WHERE o.id = ${order}`,
  )
  return found
}

function replay({ request_hash, command_seq }: Found, order: string, requestHash: string): Given {
  if (request_hash !== requestHash) throw new Problem('IDEMPOTENCY_MISMATCH')
  return { order, seq: command_seq!, replayed: true }
}

/** No workflow runs: the order has ended, perhaps by this very command, or the engine has lost it. */
async function ended(
  deps: CommandDeps,
  principal: Principal,
  { order, key }: CommandRequest,
  requestHash: string,
  error: EngineOrderMissing,
): Promise<Given> {
  const found = await findOrder(deps, principal, order, key, undefined)
  if (found?.request_hash != null) return replay(found, order, requestHash)
  if (found?.status === 'closed') throw new EngineRefused('ORDER_CLOSED')
  throw error
}

interface Checking {
  body: CommandIn
  spec: ProcessSpec
  step: StepSpec | undefined
  roles: readonly string[]
  order: string
  texts: Texts
}

/** The command as the order takes it. What it names exists and fits; what it says at length is kept apart. */
async function checked(
  deps: CommandDeps,
  { principal, ability }: Caller,
  { body, spec, step, roles, order, texts }: Checking,
): Promise<CommandBody> {
  const references = new References(deps, principal, ability)
  switch (body.type) {
    case 'dispatch':
    case 'reassign':
      if (body.unit !== undefined) await references.unit(body.unit, roles, 'unit')
      if (body.person !== undefined) await references.person(body.person, roles, 'person', body.unit)
      return body
    case 'add-signer': {
      const unknown = body.roles.find((role) => !isRole(role))
      if (unknown !== undefined) throw new Problem('UNKNOWN_REFERENCE', { field: 'roles', detail: `no role ${unknown}` })
      if (body.person !== undefined) await references.person(body.person, body.roles, 'person')
      return body
    }
    case 'complete': {
      const { form, note, ...rest } = body
      const fields = step && Object.hasOwn(step.outcomes, body.outcome) ? (step.outcomes[body.outcome]?.form ?? {}) : {}
      const given = withInstants(fields, form ?? {})
      await checkNamed(references, fields, given, { prefix: 'form', order, spec, step: stepOf(body.task) })
      await checkActivation(deps.pool, { order, spec, step: stepOf(body.task), outcome: body.outcome, form: given })
      return {
        ...rest,
        ...(form && { form: shortened(fields, given, texts, 'form') }),
        ...(note !== undefined && { note: texts.shorten(note) }),
      }
    }
    case 'comment':
      return { ...body, text: texts.shorten(body.text) }
    case 'urge':
      return { ...body, ...(body.note !== undefined && { note: texts.shorten(body.note) }) }
    case 'sign':
      return { ...body, ...(body.opinion !== undefined && { opinion: texts.shorten(body.opinion) }) }
    default:
      return body
  }
}
