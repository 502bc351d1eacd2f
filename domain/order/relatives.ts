/** What an order that ends leaves to its relatives: the word to its parent, and the order that continues it. */
import type { ChildEnd, EventActor, OpenedData } from './event.ts'
import type { Fact, ProcessSpec } from './spec.ts'
import type { OrderState } from './state.ts'

type Facts = Readonly<Record<string, Fact>>

/** How an order begins that another one opens. */
export interface Opening {
  id: string
  actor: EventActor
  opened: OpenedData
}

export const pickFacts = (facts: Facts, names: readonly string[] | undefined): Facts =>
  names ? Object.fromEntries(names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]]))) : facts

/** What a waiting parent is told: the end, what came of it, and what the parent would have to undo. */
export function childEnd(spec: ProcessSpec, state: OrderState, end: string): ChildEnd & { child: string } {
  const records = Object.entries(spec.produces ?? {}).map(([fact, prefix]) => [fact, `${prefix}${state.id}`])
  const facts = { ...pickFacts(state.facts, spec.results ?? []), ...Object.fromEntries(records) }
  const undo = state.undo.map(({ effect, args, order }) => ({ effect, ...(args && { args }), order: order ?? state.id }))
  const { stays } = state
  return {
    child: state.id,
    end,
    ...(Object.keys(facts).length > 0 && { facts }),
    ...(undo.length > 0 && { undo }),
    ...(stays && { stays }),
  }
}

/** The order that continues a regraded one, with the data taken over. */
export function nextOpening(spec: ProcessSpec, state: OrderState): Opening {
  const process = spec.ends[state.end ?? '']?.continuesAs ?? spec.raise?.to
  if (!state.next || !process) throw new Error(`${state.id}: nothing continues ${state.end}`)
  const { customer, title, region, priority, facts } = state
  const opened = { process, customer, title, region, priority, facts, continuedFrom: state.id }
  return { id: state.next, actor: { kind: 'order', id: state.id }, opened }
}
