/** What orders owe each other and an engine that was away did not bring: openings, ends of children, withdrawals, facts. */
import type { FindingKindId } from '../../domain/health/findings.ts'
import { childEnd, nextOpening } from '../../domain/order/relatives.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Revivals } from './engine.ts'
import { type Db, unopened, unstarted, untold, untransferred, unwanted, type Which } from './rows.ts'

export interface Owed {
  kind: FindingKindId
  /** The order that misses it. */
  id: string
  detail: string
  /** Brings it; counts once however often. False: nobody was there to take it. */
  pay(engine: Revivals): Promise<boolean>
}

export async function owed(db: Db, specOf: (process: string) => ProcessSpec, which: Which): Promise<Owed[]> {
  const [next, beside, ends, withdrawn, facts] = await Promise.all([
    unopened(db, which),
    unstarted(db, which),
    untold(db, which),
    unwanted(db, which),
    untransferred(db, which),
  ])
  return [
    ...next.map(
      ({ id, next, state }): Owed => ({
        kind: 'order-not-opened',
        id,
        detail: `${next} continues it`,
        pay: async (engine) => {
          await engine.begin(nextOpening(specOf(state.process), state))
          return true
        },
      }),
    ),
    // Its workflow does what was left to do, and ends once more.
    ...beside.map(
      ({ id, child, state, started }): Owed => ({
        kind: 'order-not-opened',
        id,
        detail: `${child} was to be opened beside it`,
        pay: async (engine) => (await engine.revive({ id, snapshot: state, started })) === 'revived',
      }),
    ),
    ...ends.map(({ id, parent, state }): Owed => {
      const end = state.end ?? state.released ?? ''
      return {
        kind: 'parent-not-told',
        id: parent,
        detail: `${id} came to ${end}`,
        pay: (engine) => engine.childEnded(parent, childEnd(specOf(state.process), state, end)),
      }
    }),
    ...withdrawn.map(
      ({ id, parent, withdrawing }): Owed => ({
        kind: 'child-not-told',
        id,
        detail: withdrawing ? `${parent} is withdrawn` : `${parent} has ended`,
        pay: (engine) => engine.parentWithdrew(id, { parent, reason: withdrawing ? 'parent withdrawn' : 'no longer needed' }),
      }),
    ),
    ...facts.map(
      ({ id, fact }): Owed => ({
        kind: 'fact-not-told',
        id,
        detail: `${fact.id}: ${String(fact.facts.accountManager)}`,
        pay: (engine) => engine.received(id, fact),
      }),
    ),
  ]
}
