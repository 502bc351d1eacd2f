/** Which outcome of which process leaves which record. */
import type { OrderState } from '../../domain/order/state.ts'
import type { Folded } from '../../domain/order/rows/fold.ts'
import type { Facts } from '../facts.ts'
import type { Statement } from '../write.ts'
import { iso } from '../../domain/order/rows/order.ts'
import * as activation from './activation.ts'
import * as complaint from './complaint.ts'
import * as compensation from './compensation.ts'
import * as construction from './construction.ts'
import * as contract from './contract.ts'
import * as life from './customer-life.ts'
import * as transfer from './customer-transfer.ts'
import { archivedCase } from './fault-case.ts'
import * as payments from './payments.ts'
import type { Projected, Projection } from './projection.ts'
import { freed } from './resources.ts'
import * as retention from './retention.ts'
import { ended, settlementProjections } from './settlement.ts'
import * as solutions from './solutions.ts'
import * as suggestion from './suggestion.ts'
import * as visits from './visits.ts'

const ofCompensation: Readonly<Record<string, Projection>> = {
  'propose-by-contract=approved': compensation.proposed,
  'negotiate-compensation=agreed': compensation.negotiated,
  'negotiate-compensation=waived': compensation.waived,
  'sign-agreement=signed': compensation.agreementSigned,
  'sign-agreement=abandoned': compensation.agreementAbandoned,
  'execute-compensation=executed': compensation.executed,
}

/** What P-06 and P-07 share. */
const ofActivation: Readonly<Record<string, Projection>> = {
  'collect-payment=collected': payments.collected,
  'issue-invoice=issued': payments.invoiced,
  'enter-customer-data=entered': activation.entered,
  'activate-service=activated': activation.activated,
}

/** Orders that end like this have come to nothing: what they held is free, what was paid for them goes back. */
const TO_NOTHING = new Set(['terminated', 'withdrawn'])

/** Ends of a retention case that cost nothing. */
const NO_COST = new Set(['withdrawn', 'no-action'])

/** Ends after which customer and demand are kept as potential. */
const POTENTIAL = new Set(['order-fulfilment=archived-as-potential', 'customer-visit=archived'])

/** By process, then by `step=outcome`. */
const projections: Readonly<Record<string, Readonly<Record<string, Projection>>>> = {
  'order-fulfilment': { 'archive-project=archived': visits.projectFile },
  'arrears-dunning': {
    'dun-by-person=unpaid': life.dunned,
    'dun-by-person=promise': life.promised,
    'decide-restriction=extend': life.promised,
    'feed-back-payment=fed-back': life.recovered,
    'hand-to-legal=written-off': life.writtenOff,
  },
  'network-leave': {
    'formal-cancel=cancelled': life.cancelled,
    'release-resources=released': life.released,
    'record-churn-reason=recorded': life.lost,
  },
  'customer-visit': {
    'contact-customer=contacted': visits.visited,
    'revisit-customer=exchanged': visits.visited,
    'clarify-needs=clarified': visits.visited,
    'submit-solution=submitted': solutions.shown,
    'decide-satisfied=yes': solutions.answered,
    'decide-satisfied=no': solutions.answered,
    'decide-satisfied=gives-up': solutions.answered,
  },
  'solution-argumentation': {
    'draft-solution=drafted': solutions.drafted,
    'decide-argued=passed': solutions.argued,
    'decide-argued=failed': solutions.argued,
    'decide-argued=hopeless': solutions.argued,
    'archive-solution=archived': solutions.archived,
  },
  'contract-countersign': {
    'draft-contract=drafted': contract.drafted,
    'sign-contract=signed': contract.signed,
    'archive-contract=archived': contract.archived,
  },
  construction: {
    'prepare-circuit=ready': construction.prepared,
    'joint-acceptance=qualified': construction.accepted,
    'joint-acceptance=not-qualified': construction.accepted,
  },
  'service-activation': {
    ...ofActivation,
    'decide-contract=signed': activation.aboutContract,
    'urge-contract=contract-signed': activation.aboutContract,
  },
  'data-service-activation': {
    ...ofActivation,
    'hand-to-finance=handed': activation.aboutContract,
    'notify-departments=notified': activation.departmentsTold,
  },
  complaint: {
    'record-classify=classified': complaint.classified,
    'self-resolve=resolved': complaint.answeredBy('self'),
    'department-feedback=fed-back': complaint.answeredBy('departments'),
    'yellow-channel=resolved': complaint.answeredBy('yellow'),
    'red-channel=resolved': complaint.answeredBy('red'),
    'red-channel=final-answer': complaint.answeredBy('red'),
    'decide-satisfied=satisfied': complaint.asked('satisfied'),
    'decide-satisfied=not-satisfied': complaint.asked('not-satisfied'),
    'decide-satisfied=no-answer': complaint.asked('no-answer'),
    'decide-satisfied=final-answer-given': complaint.asked('final-answer'),
    'archive-needs=archived': complaint.archived,
  },
  'customer-transfer': {
    'submit-monthly-report=submitted': transfer.submitted,
    'screen-customers=found': transfer.screened,
    'screen-customers=none': transfer.screened,
    'transfer-data=transferred': transfer.transferred,
  },
  suggestion: {
    'analyse-suggestions=analysed': suggestion.summarised,
    'director-review=adopt': suggestion.adopted,
    'director-review=decline': suggestion.declined,
    'handle-suggestion=handled': suggestion.handled,
    'reply-and-thank=replied': suggestion.answered,
  },
  'fault-level-1': ofCompensation,
  'fault-level-2': ofCompensation,
  'graded-fault': { 'archive-fault=archived': archivedCase },
  ...settlementProjections,
}

/** Processes whose record is there from their opening on. */
const openings: Readonly<Record<string, (opened: OrderState, at: number) => Statement | undefined>> = {
  'customer-visit': visits.requested,
  complaint: complaint.opened,
  suggestion: suggestion.opened,
  retention: retention.opened,
}

/** The records that a move leaves, as parts of its statement. */
export function project({ events, states, state: after }: Folded, facts: Facts): Projected {
  const statements: Statement[] = []
  let about: string | undefined
  events.forEach((event, i) => {
    const record = event.type === 'order-opened' ? openings[after.process]?.(after, event.at) : undefined
    if (record) statements.push(record)
    if (event.type === 'order-closed' && after.process === 'contract-countersign' && event.data.end === 'abandoned')
      statements.push(contract.abandoned(after.id))
    if (event.type === 'order-closed' && POTENTIAL.has(`${after.process}=${event.data.end}`))
      statements.push(visits.keptForLater(after, event.at))
    if (event.type === 'order-closed' && after.process === 'retention') statements.push(retention.closed(event.data.end, event.at))
    if (event.type === 'order-closed' && after.process === 'retention' && NO_COST.has(event.data.end))
      statements.push(retention.costReturned(after.id))
    if (event.type === 'order-closed') statements.push(...ended(after.process, event.data.end, iso(event.at)!))
    if (event.type === 'order-closed' && TO_NOTHING.has(event.data.end)) statements.push(...nothing(after.process, iso(event.at)!))
    if (event.type !== 'task-completed') return
    const task = states[i]!.tasks[event.data.task]
    const projection = task && projections[after.process]?.[`${task.step}=${event.data.outcome}`]
    if (!task || !projection) return
    const projected = projection({ event, events, task, form: event.data.form ?? {}, after, facts, doer: event.actor.id })
    statements.push(...projected.statements)
    about ??= projected.contract
  })
  return { statements, ...(about !== undefined && { contract: about }) }
}

const nothing = (process: string, at: string): Statement[] => [
  freed(at),
  ...(process === 'service-activation' || process === 'data-service-activation' ? payments.refunded(at) : []),
]
