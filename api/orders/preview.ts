/** What a command would do now, found by the rules that will decide on it. Nothing is changed, kept or sent. */
import { decide } from '../../domain/order/decide.ts'
import type { Draft } from '../../domain/order/event.ts'
import { Refusal } from '../../domain/order/refusal.ts'
import type { OrderState } from '../../domain/order/state.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { rows, sql } from '../queries/sql.ts'
import { type CommandRequest, prepare } from './command.ts'
import { type Caller, staffGiver } from './giver.ts'
import { accountOf, requireAgreement, withdrawalOf } from './withdrawal.ts'

/** No Idempotency-Key is empty: nothing has been recorded under it. */
const NO_KEY = ''

/**
 * Tries the command on the stored state. Resources that it names are not taken, so another may have them when it is given.
 * @throws Problem, Refusal and EngineRefused as the command itself; a withdrawal that lacks only an agreement is answered, since who must
 * agree is what is asked for
 */
export async function previewCommand(
  deps: Pick<Deps, 'pool' | 'prisma' | 'engine' | 'catalogue'>,
  caller: Caller,
  request: Omit<CommandRequest, 'key'>,
) {
  const { order, body } = request
  const prepared = await prepare(deps, staffGiver(deps, caller), { ...request, key: NO_KEY })
  if ('replayed' in prepared) throw new Problem('INTERNAL', { cause: new Error(`order ${order} has a command without an id`) })
  const { spec, command } = prepared
  const [found] = await rows<{ state: OrderState }>(deps.pool, sql`SELECT state FROM orders WHERE id = ${order}`)
  if (!found) throw new Problem('NOT_FOUND')
  const { state } = found
  const account = body.type === 'withdraw' ? await withdrawalOf(deps, order) : undefined
  let drafts: Draft[] = []
  let allowed = true
  try {
    drafts = decide(spec, state, command, caller.now.getTime())
    if (account) requireAgreement(account, command.actor)
  } catch (error) {
    if (!account || !(error instanceof Refusal) || error.code !== 'AGREEMENT_NEEDED') throw error
    allowed = false
  }
  return {
    order,
    seq: state.seq,
    allowed,
    effects: allowed ? drafts.map(effectOf) : [],
    ...(account && { withdrawal: accountOf(account, deps.catalogue.spec) }),
  }
}

function effectOf({ type, data }: Draft) {
  const { task, outcome, clock } = data as { task?: string; outcome?: string; clock?: string }
  return { type, ...(task && { task }), ...(outcome && { outcome }), ...(clock && { clock }) }
}
