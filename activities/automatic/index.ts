/** Steps that the machine does, and what a withdrawal undoes. */
import type pg from 'pg'
import type { Fact } from '../../domain/order/spec.ts'
import { never } from '../errors.ts'
import { contractId } from '../projections/contract.ts'
import { refund } from '../projections/payments.ts'
import { retentionSteps } from '../retention/steps.ts'
import { settlementSteps } from '../settlement/steps.ts'
import type { AutomaticInput, AutomaticResult } from '../types.ts'
import { startBusinessAcceptance } from './business-acceptance.ts'
import { customerLifeSteps } from '../customer-life/index.ts'
import { escalate } from './escalate.ts'
import { selectCustomers } from './select-customers.ts'
import { startReturnVisit } from './transfer.ts'

/** How long work says that it lives, and hears that it is no longer wanted. */
export interface Pulse {
  heartbeat(details?: unknown): void
  signal: AbortSignal
}

export type AutomaticStep = (pool: pg.Pool, input: AutomaticInput, pulse: Pulse) => Promise<AutomaticResult>
export interface UndoInput {
  order: string
  effect: string
  args?: Readonly<Record<string, Fact>>
  at: number
}
export type Undo = (pool: pg.Pool, input: UndoInput) => Promise<void>

/** By `process/step`. A step may run twice; the second run has to find what the first did. */
export const automaticSteps: Readonly<Record<string, AutomaticStep>> = {
  'return-visit/select-customers': selectCustomers,
  'return-visit/start-business-acceptance': startBusinessAcceptance,
  ...customerLifeSteps,
  'complaint/escalate-next': escalate,
  'customer-transfer/start-return-visit': startReturnVisit,
  ...settlementSteps,
  ...retentionSteps,
}

/** By the name that a body gave to `order.undo`. */
export const undoEffects: Readonly<Record<string, Undo>> = {
  /** P-04: what was drafted is void; what was signed is not undone by a withdrawal. */
  'void-contract': async (pool, { order }) => {
    await pool.query(`UPDATE contract SET status = 'void' WHERE id = $1 AND status <> 'signed'`, [contractId(order)])
  },
  /** P-05, P-06, P-07: what the order reserved is free for others; what a service uses stays in use. */
  'release-resources': async (pool, { order, at }) => {
    await pool.query(
      `UPDATE resource_hold SET state = 'released', until = NULL, released_at = $2 WHERE order_id = $1 AND state IN ('asked', 'reserved')`,
      [order, new Date(at)],
    )
  },
  /** P-06, P-07: what was received is to be paid back, and finance hears of it, once. */
  'refund-payment': async (pool, { order, at }) => {
    const { due, told } = refund('$1', '$2::timestamptz')
    await pool.query(`WITH refund_due AS (${due}) ${told}`, [order, new Date(at)])
  },
  /** P-10: whoever is still with the manager whom this order gave him goes back; open orders stay with whoever does them. */
  'return-customers': async (pool, { order }) => {
    await pool.query(
      `UPDATE customer c SET account_manager_id = t.previous_manager FROM customer_transfer t
        WHERE t.order_id = $1 AND c.id = t.customer_id AND c.account_manager_id = t.account_manager_id`,
      [order],
    )
  },
  /** P-12, P-13: what was proposed or agreed is void; what was paid stays paid. */
  'void-compensation': async (pool, { order }) => {
    await pool.query(`UPDATE compensation SET state = 'void' WHERE order_id = $1 AND state NOT IN ('paid', 'waived')`, [order])
  },
}

/** @throws ApplicationFailure NO_SUCH_STEP, not retryable: a person has to take the step over */
export async function doAutomatic(
  pool: pg.Pool,
  input: AutomaticInput,
  steps = automaticSteps,
  pulse: Pulse = { heartbeat: () => {}, signal: new AbortController().signal },
): Promise<AutomaticResult> {
  const step = steps[`${input.process}/${input.step}`]
  if (!step) throw never('NO_SUCH_STEP', `the machine does not know how to do ${input.process}/${input.step}: dispatch it to a person`)
  return step(pool, input, pulse)
}

/** @throws ApplicationFailure NO_SUCH_EFFECT, not retryable */
export async function undoEffect(pool: pg.Pool, input: UndoInput, effects = undoEffects): Promise<void> {
  const effect = effects[input.effect]
  if (!effect) throw never('NO_SUCH_EFFECT', `nobody knows how to undo ${input.effect}`)
  await effect(pool, input)
}
