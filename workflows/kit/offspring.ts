/** With what another order begins that this one starts. */
import type { EventActor } from '../../domain/order/event.ts'
import { pickFacts } from '../../domain/order/relatives.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { withoutSubject } from '../../domain/order/subject-facts.ts'
import type { Machine } from './machine.ts'
import type { StartArgs } from './messages.ts'

type Opening = Extract<StartArgs, { opened: unknown }>

const ORDER = (id: string): EventActor => ({ kind: 'order', id })

/** A child of a step or of the body, or an order that an outcome starts beside. */
export function childArgs(spec: ProcessSpec, machine: Machine, child: string): Opening {
  const { state } = machine
  const ref = state.children[child]!
  const { customer, input } = machine.childStart(child)
  const step = spec.steps[(ref.task ?? ref.key).split(/[:.]/)[0]!]
  const rule = ref.task ? step?.child : step?.starts?.find((starts) => ref.key.endsWith(`.${starts.process}`))
  const known = pickFacts(state.facts, rule?.take)
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
