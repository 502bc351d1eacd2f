/** Starts an order: the one code path of POST /orders and of the import. */
import type { Actor } from '../../domain/order/event.ts'
import { checkForm } from '../../domain/order/form.ts'
import { canonical, digest } from '../../domain/order/hash.ts'
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import { checkStarter } from '../../domain/order/starting.ts'
import type { Title } from '../../domain/title.ts'
import { type AppAbility, abilityFor, involved, mayStart, maySee, visibleOrders } from '../auth/ability.ts'
import { actingRoles, type Principal } from '../auth/principal.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Deps } from '../deps.ts'
import { EngineOrderMissing } from '../engine-errors.ts'
import { Problem, wrongField } from '../problem.ts'
import { problemCodes } from '../problem-codes.ts'
import { rows, sql } from '../queries/sql.ts'
import { priorityOf, subjectOf } from './facts.ts'
import { checkNamed, shortened, withInstants } from './form.ts'
import { orderIdOfKey, orderIdOfSource } from './ids.ts'
import { sealed } from './personal.ts'
import { References } from './references.ts'
import { repeatFacts } from './repeats.ts'
import { Texts } from './texts.ts'

export interface StartRequest {
  principal: Principal
  /** The Idempotency-Key, or anything that names this intention once. */
  key: string
  process: string
  /** Nobody's where the process is the company's own work. */
  customerId?: string | undefined
  title: string
  input: Readonly<Record<string, Fact>>
  source?: { channel: string; number: string } | undefined
  /** 1 (highest) to 4; default by process and customer grade. */
  priority?: number | undefined
}

export interface Started {
  order: string
  /** Version of the opening; with a source number that was there already, of the order as it is now. */
  seq: number
  /** `source`: an order of that source number was there; `key`: the same request had been made before. */
  existing?: 'source' | 'key'
}

type StartDeps = Pick<Deps, 'pool' | 'prisma' | 'engine' | 'catalogue' | 'now'>

/**
 * Starts an order, or finds the one that this key or source number stands for.
 * @throws Problem for what the request names; Refusal FORM_INVALID for its input; EngineLate, EngineDown
 */
export async function startOrder(deps: StartDeps, request: StartRequest): Promise<Started> {
  const { principal, key, source } = request
  const ability = abilityFor(principal)
  const order = startedOrderId(request)
  const requestHash = hashOf(request)
  const before = await existing(deps, ability, order, request, requestHash)
  if (before) return before
  const spec = specFor(deps, ability, request.process)
  const { input, texts } = await checkedInput(deps, ability, spec, request)
  const customer = customerFor(spec, request)
  const { region, grade, facts } =
    customer === ''
      ? { region: principal.region.path, grade: '', facts: {} }
      : await subjectOf(deps, ability, { customerId: customer, service: text(input.service), contract: text(input.contract) })
  const now = new Date(deps.now())
  const known = { ...input, ...facts }
  const repeated = await repeatFacts(deps.pool, spec, { facts: known, now, scope: visibleOrders(principal, ability) })
  await texts.store(deps.pool, now)
  try {
    const { seq } = await deps.engine.open({
      id: order,
      actor: starter(principal),
      cmd: key,
      req: requestHash,
      opened: {
        process: spec.id,
        customer,
        title: request.title,
        region,
        priority: request.priority ?? priorityOf(spec.id, grade),
        facts: { ...known, ...repeated },
        startedBy: principal.id,
        ...(source && { source: { channel: source.channel, no: source.number } }),
      },
    })
    // Another request may have opened it meanwhile, with other content.
    return (await existing(deps, ability, order, request, requestHash, 'ours')) ?? { order, seq }
  } catch (error) {
    // It ran and has ended between our two looks.
    const found = error instanceof EngineOrderMissing ? await existing(deps, ability, order, request, requestHash) : undefined
    if (found) return found
    throw error
  }
}

/** Id that the started order has or would have. */
export const startedOrderId = ({ principal, key, source }: Pick<StartRequest, 'principal' | 'key' | 'source'>): string =>
  source ? orderIdOfSource(source.channel, source.number) : orderIdOfKey(principal.id, key)

const text = (value: Fact | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

function hashOf({ principal, process, customerId, title, input, source, priority }: StartRequest): string {
  return digest(canonical({ by: principal.id, process, customerId, title, input, source, priority }))
}

function specFor(deps: StartDeps, ability: AppAbility, process: string): ProcessSpec {
  const spec = deps.catalogue.spec(process)
  if (!spec) throw unknownProcess(deps.catalogue)
  if (!mayStart(ability, process))
    throw new Problem('NOT_ALLOWED', { says: { zh: `您的角色不能发起 ${process}`, en: `your roles may not start ${process}` } })
  return spec
}

/** @throws Problem naming the processes that there are */
export const unknownProcess = ({ specs }: Pick<Catalogue, 'specs'>): Problem =>
  new Problem('UNKNOWN_PROCESS', {
    field: 'process',
    says: problemCodes.UNKNOWN_PROCESS.title,
    detail: specs.map(({ id }) => id).join(', '),
  })

export const OWN_WORK: Title = { zh: '请留空：这是公司内部工作', en: "leave it out: this is the company's own work" }

/** Customer that the order is about, or nobody. @throws Problem VALIDATION_FAILED */
function customerFor({ internal }: ProcessSpec, { customerId }: StartRequest): string {
  if (internal === true && customerId !== undefined) throw wrongField('customerId', 'INVALID', OWN_WORK)
  if (!internal && customerId === undefined)
    throw wrongField('customerId', 'REQUIRED', { zh: '请填写工单所涉及的客户', en: 'name the customer whom the order is about' })
  return customerId ?? ''
}

const starter = (principal: Principal): Actor => ({ kind: 'person', id: principal.id, roles: actingRoles(principal) })

async function checkedInput(deps: StartDeps, ability: AppAbility, spec: ProcessSpec, { principal, input, customerId }: StartRequest) {
  const given = withInstants(spec.input, input)
  checkStarter(spec, given, starter(principal))
  checkForm(spec.input, given, 'input')
  await checkNamed(new References(deps, principal, ability), spec.input, given, { prefix: 'input' })
  const texts = new Texts()
  const kept = { customer: customerId ?? '', prefix: 'input', now: new Date(deps.now()) }
  return { input: await sealed(deps.pool, spec.input, shortened(spec.input, given, texts, 'input'), kept), texts }
}

interface Found {
  seq: number
  region_path: string
  involved: boolean
  request_hash: string | null
  command_seq: number | null
}

/**
 * The order of this id, if the record has it. `ours`: we have just opened it, and an answer is due only where it was another's.
 * @throws Problem IDEMPOTENCY_MISMATCH, SOURCE_TAKEN
 */
async function existing(
  { pool }: StartDeps,
  ability: AppAbility,
  order: string,
  { principal, key, source }: StartRequest,
  requestHash: string,
  ours?: 'ours',
): Promise<Started | undefined> {
  const [found] = await rows<Found>(
    pool,
    sql`SELECT o.seq, o.region_path, ${involved(principal)} AS involved, c.request_hash, c.seq AS command_seq
          FROM orders o LEFT JOIN order_command c ON c.order_id = o.id AND c.command_id = ${key}
         WHERE o.id = ${order}`,
  )
  if (!found) return undefined
  if (found.request_hash !== null && found.request_hash !== requestHash) throw new Problem('IDEMPOTENCY_MISMATCH')
  if (found.request_hash === null && !source) throw new Problem('IDEMPOTENCY_MISMATCH')
  if (found.request_hash !== null) return ours ? undefined : { order, seq: found.command_seq!, existing: 'key' }
  if (!maySee(ability, { regionPath: found.region_path, involved: found.involved }))
    throw new Problem('SOURCE_TAKEN', { field: 'source.number' })
  return { order, seq: found.seq, existing: 'source' }
}
