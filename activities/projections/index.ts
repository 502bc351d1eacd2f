/** Which outcome of which process leaves which record. */
import type { Folded } from '../seal.ts'
import type { Facts } from '../facts.ts'
import type { Statement } from '../write.ts'
import * as compensation from './compensation.ts'
import * as contract from './contract.ts'
import { archivedCase } from './fault-case.ts'
import type { Projected, Projection } from './projection.ts'

const ofCompensation: Readonly<Record<string, Projection>> = {
  'propose-by-contract=approved': compensation.proposed,
  'negotiate-compensation=agreed': compensation.negotiated,
  'negotiate-compensation=waived': compensation.waived,
  'sign-agreement=signed': compensation.agreementSigned,
  'sign-agreement=abandoned': compensation.agreementAbandoned,
  'execute-compensation=executed': compensation.executed,
}

/** By process, then by `step=outcome`. */
const projections: Readonly<Record<string, Readonly<Record<string, Projection>>>> = {
  'contract-countersign': {
    'draft-contract=drafted': contract.drafted,
    'sign-contract=signed': contract.signed,
    'archive-contract=archived': contract.archived,
  },
  'fault-level-1': ofCompensation,
  'fault-level-2': ofCompensation,
  'graded-fault': { 'archive-fault=archived': archivedCase },
}

/** The records that a move leaves, as parts of its statement. */
export function project({ events, states, state: after }: Folded, facts: Facts): Projected {
  const statements: Statement[] = []
  let about: string | undefined
  events.forEach((event, i) => {
    if (event.type === 'order-closed' && after.process === 'contract-countersign' && event.data.end === 'abandoned')
      statements.push(contract.abandoned(after.id))
    if (event.type !== 'task-completed') return
    const task = states[i]!.tasks[event.data.task]
    const projection = task && projections[after.process]?.[`${task.step}=${event.data.outcome}`]
    if (!task || !projection) return
    const projected = projection({ event, task, form: event.data.form ?? {}, after, facts, doer: event.actor.id })
    statements.push(...projected.statements)
    about ??= projected.contract
  })
  return { statements, ...(about !== undefined && { contract: about }) }
}
