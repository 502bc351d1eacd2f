/**
 * An order that stopped because its body threw an error, and a body that does not any more: what it asks for beyond the record. All
 * that it said before the outcomes of its last move is in the record; of what it said since, as much as it came to before it threw.
 */
import { canonical } from '../../domain/order/hash.ts'
import { openNames, waitName } from '../../domain/order/journal.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import type { BodyHost, Opening, Said } from './body-host.ts'
import type { Drain } from './machine.ts'

/**
 * How many outcomes the body had been told when it began to say what may not be in the record. The outcomes of one move are of one
 * instant. After an amendment it starts over, and says all anew.
 */
function since({ journal, openedAt, amended }: OrderState): number {
  const last = journal.at(-1)?.at ?? openedAt
  if (last === openedAt || amended?.kept === journal.length) return 0
  return journal.findIndex(({ at }) => at === last) + 1
}

/** A later outcome has settled the effect: it is not to be undone any more. */
const isSettled = (spec: ProcessSpec, { journal }: OrderState, told: number, effect: string): boolean =>
  journal.slice(told).some((entry) => 'step' in entry && spec.steps[entry.step]?.outcomes[entry.outcome]?.settles?.includes(effect))

/**
 * Runs the body silently through the journal and answers what is to be opened, cancelled and kept to be undone beyond the record; or,
 * in words, why the order cannot go on: the body throws still, or comes to stand elsewhere. What is open must stay so, or be given up.
 */
export async function asksBeyond(host: BodyHost, spec: ProcessSpec, state: OrderState, drain: Drain): Promise<Opening[] | string> {
  const all = await host.listen(state, drain)
  if (typeof all === 'string') return all
  const from = since(state)
  const open = new Set(openNames(state))
  const late = new Set(all.flatMap(({ told, opening }) => (told >= from && opening.kind !== 'undo' ? [nameOf(opening)] : [])))
  const missing = [...open].filter((name) => !host.waitsFor(name) && !late.has(name))
  const early = host.waiting().filter((name) => !open.has(name) && !late.has(name))
  if (missing.length + early.length > 0)
    return `the body waits for ${host.waiting().join(', ') || 'nothing'}, but the state says ${[...open].sort().join(', ') || 'nothing'} is open`
  return beyond(all, from, host, spec, state)
}

function beyond(all: readonly Said[], from: number, host: BodyHost, spec: ProcessSpec, state: OrderState): Opening[] {
  // What the body has asked to be undone, as far as it is in the record: neither its children's, nor what an amendment took back.
  const kept = state.undo.filter(({ order, due }) => order === undefined && !due)
  return all.flatMap(({ told, opening }): Opening[] => {
    if (opening.kind === 'undo') {
      const { effect, args } = opening.undo
      if (isSettled(spec, state, told, effect)) return []
      const at = kept.findIndex((one) => one.effect === effect && canonical(one.args) === canonical(args))
      if (at >= 0) kept.splice(at, 1)
      return at < 0 && told >= from ? [opening] : []
    }
    if (told < from) return []
    if (opening.kind === 'task') return host.waitsFor(opening.task) && !state.tasks[opening.task] ? [opening] : []
    if (opening.kind === 'cancel') return state.tasks[opening.task] ? [opening] : []
    return state.children[opening.child.child] ? [] : [opening]
  })
}

/** Name under which it is waited for. */
const nameOf = (opening: Exclude<Opening, { kind: 'undo' }>): string => (opening.kind === 'child' ? waitName(opening.child) : opening.task)
