/** With what another order begins that this one starts. */
import type { ChildEnd, EventActor } from '../../domain/order/event.ts'
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { withoutSubject } from '../../domain/order/subject-facts.ts'
import type { Machine } from './machine.ts'
import type { StartArgs } from './messages.ts'

type Opening = Extract<StartArgs, { opened: unknown }>
type Facts = Readonly<Record<string, Fact>>

const ORDER = (id: string): EventActor => ({ kind: 'order', id })

const pick = (facts: Facts, names: readonly string[] | undefined): Facts =>
  names ? Object.fromEntries(names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]]))) : facts

/** A child of a step or of the body, or an order that an outcome starts beside. */
export function childArgs(spec: ProcessSpec, machine: Machine, child: string): Opening {
  const { state } = machine
  const ref = state.children[child]!
  const { customer, input } = machine.childStart(child)
  const step = spec.steps[(ref.task ?? ref.key).split(/[:.]/)[0]!]
  const rule = ref.task ? step?.child : step?.starts?.find((starts) => ref.key.endsWith(`.${starts.process}`))
  const known = pick(state.facts, rule?.take)
  const another = customer !== undefined && customer !== state.customer
  const facts = { ...(another ? withoutSubject(known) : known), ...rule?.input, ...input }
  return {
    id: child,
    actor: ORDER(state.id),
    opened: {
      process: ref.process,
      customer: customer ?? state.customer,
      title: state.title,
      region: state.region,
      priority: state.priority,
      facts,
      ...(ref.waits ? { parent: { id: state.id, key: ref.key } } : { startedBy: state.id }),
    },
  }
}

/** What a waiting parent is told: the end, what came of it, and what the parent would have to undo. */
export function childEnd(spec: ProcessSpec, state: OrderState, end: string): ChildEnd & { child: string } {
  const records = Object.entries(spec.produces ?? {}).map(([fact, prefix]) => [fact, `${prefix}${state.id}`])
  const facts = { ...pick(state.facts, spec.results ?? []), ...Object.fromEntries(records) }
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
export function nextArgs(spec: ProcessSpec, state: OrderState): Opening {
  const process = spec.ends[state.end ?? '']?.continuesAs ?? spec.raise?.to
  if (!state.next || !process) throw new Error(`${state.id}: nothing continues ${state.end}`)
  const { customer, title, region, priority, facts } = state
  return { id: state.next, actor: ORDER(state.id), opened: { process, customer, title, region, priority, facts, continuedFrom: state.id } }
}
