/** Gives an order a command: the record's memory first, then what the command names, then the engine. */
import type { Command } from '../../domain/order/command.ts'
import { canonical, digest } from '../../domain/order/hash.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Task } from '../../domain/order/state.ts'
import type { Deps } from '../deps.ts'
import { EngineOrderMissing, EngineRefused } from '../engine-errors.ts'
import { Problem } from '../problem.ts'
import { hotRows, sql } from '../queries/sql.ts'
import type { CommandIn } from '../schemas/command.ts'
import { checked } from './checked.ts'
import { type Caller, type Giver, staffGiver } from './giver.ts'
import { whileHeld } from './holds.ts'
import { stepOf } from './ids.ts'
import { Texts } from './texts.ts'
import { requireAgreement, withdrawalOf } from './withdrawal.ts'

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

/** What the command comes to, once everything that it names has been looked up. */
export interface Prepared {
  spec: ProcessSpec
  command: Command
  texts: Texts
  requestHash: string
}

/** One of our people gives a command. As {@link give}. */
export const giveCommand = (deps: CommandDeps, caller: Caller, request: CommandRequest): Promise<Given> =>
  give(deps, staffGiver(deps, caller), request)

/**
 * Gives the command. The same key again is answered from the record.
 * @throws Problem NOT_FOUND, NOT_ALLOWED, IDEMPOTENCY_MISMATCH, UNKNOWN_REFERENCE, UNFIT_TARGET, RESOURCE_TAKEN, RESOURCE_UNNAMED,
 * RESOURCE_NOT_OCCUPIED; Refusal; EngineRefused, EngineLate, EngineDown
 */
export async function give(deps: CommandDeps, giver: Giver, request: CommandRequest): Promise<Given> {
  const { order, key, body } = request
  const prepared = await prepare(deps, giver, request)
  if ('replayed' in prepared) return prepared
  const { spec, command, texts, requestHash } = prepared
  if (body.type === 'withdraw') requireAgreement(await withdrawalOf(deps, order), command.actor)
  await texts.store(deps.pool, giver.now)
  const held = await giver.hold(order, spec, command)
  return whileHeld(held, giver.now, async () => {
    try {
      const { seq } = await deps.engine.act(order, command, requestHash)
      // The engine answers a key with what it did for it first; whether that was this request, the record knows.
      const recorded = await findOrder(deps, giver, order, key, undefined)
      if (recorded?.request_hash != null && recorded.request_hash !== requestHash) throw new Problem('IDEMPOTENCY_MISMATCH')
      return { order, seq: recorded?.command_seq ?? seq, replayed: false }
    } catch (error) {
      if (!(error instanceof EngineOrderMissing)) throw error
      return ended(deps, giver, request, requestHash, error)
    }
  })
}

/** Everything before the command is sent, or tried: the record's memory, who may, and what it names. Changes nothing. */
export async function prepare(
  deps: CommandDeps,
  giver: Giver,
  { order: id, key, body, expect }: CommandRequest,
): Promise<Prepared | Given> {
  const task = 'task' in body ? body.task : undefined
  const requestHash = digest(canonical({ by: giver.by, body, expect }))
  const order = await findOrder(deps, giver, id, key, task)
  if (!order || !giver.sees({ regionPath: order.region_path, involved: order.involved })) throw new Problem('NOT_FOUND')
  if (order.request_hash !== null) return replay(order, id, requestHash)
  if (!giver.mayGive(body.type))
    throw new Problem('NOT_ALLOWED', { says: { zh: `您的角色不能进行此操作：${body.type}`, en: `your roles do not let you ${body.type}` } })
  if (order.status === 'closed') throw new EngineRefused('ORDER_CLOSED')
  const spec = deps.catalogue.spec(order.process)
  if (!spec) throw new Problem('INTERNAL', { cause: new Error(`order ${id} has the unknown process ${order.process}`) })
  giver.checkTask?.(spec, order.task, body)
  const step = task === undefined ? undefined : spec.steps[stepOf(task)]
  const roles = order.task?.roles ?? step?.who ?? []
  const texts = new Texts()
  const given = await checked(deps.pool, giver, {
    body,
    spec,
    step,
    roles,
    order: id,
    texts,
    customer: order.customer_id ?? '',
    now: giver.now,
  })
  const actor = await giver.actor({ openedAt: order.opened_at, roles, ...(step && { step }) })
  return { spec, command: { ...given, id: key, actor, ...(expect !== undefined && { expect }) }, texts, requestHash }
}

interface Found {
  process: string
  customer_id: string | null
  status: string
  region_path: string
  opened_at: Date
  involved: boolean
  task: Task | null
  request_hash: string | null
  command_seq: number | null
}

async function findOrder(
  { pool }: Pick<CommandDeps, 'pool'>,
  giver: Giver,
  order: string,
  key: string,
  task: string | undefined,
): Promise<Found | undefined> {
  const [found] = await hotRows<Found>(
    pool,
    sql`SELECT o.process, o.customer_id, o.status, o.region_path, o.opened_at, ${giver.involved} AS involved, o.state -> 'tasks' -> ${task ?? ''}::text AS task,
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
  giver: Giver,
  { order, key }: CommandRequest,
  requestHash: string,
  error: EngineOrderMissing,
): Promise<Given> {
  const found = await findOrder(deps, giver, order, key, undefined)
  if (found?.request_hash != null) return replay(found, order, requestHash)
  if (found?.status === 'closed') throw new EngineRefused('ORDER_CLOSED')
  throw error
}
