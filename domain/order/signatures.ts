/** Joint steps: several parties sign; the outcome follows from their answers. An absent signer is not an agreement. */
import type { Command } from './command.ts'
import type { Draft } from './event.ts'
import { checkDuties, isDispatcher, signature, standing } from './permission.ts'
import { Refusal } from './refusal.ts'
import type { JointSpec, ProcessSpec, StepSpec } from './spec.ts'
import type { OrderState, Party, Task } from './state.ts'
import { wants } from './wants.ts'

type Of<T extends Command['type']> = Extract<Command, { type: T }>
type Found = { step: StepSpec; task: Task }
type Complete = (task: Task, done: Extract<Draft, { type: 'task-completed' }>) => Draft[]

const JOINT_ANSWERS = ['agree', 'object']

function joint({ step, task }: Found): { spec: JointSpec; parties: Readonly<Record<string, Party>> } {
  if (!step.joint || !task.parties) throw new Refusal('NOT_JOINT')
  return { spec: step.joint, parties: task.parties }
}

export function sign(process: ProcessSpec, state: OrderState, found: Found, command: Of<'sign'>, complete: Complete): Draft[] {
  const { spec, parties } = joint(found)
  const party = parties[command.party]
  if (!party || !Object.hasOwn(parties, command.party)) throw new Refusal('NO_SUCH_PARTY', { field: 'party' })
  if (party.answer !== undefined) throw new Refusal('ALREADY_SIGNED')
  const stands = standing(command.actor, party, party.roles)
  if (!stands) throw new Refusal('NOT_ASSIGNEE')
  if (spec.order === 'in-turn' && turn(spec, parties) !== command.party) throw new Refusal('NOT_YOUR_TURN')
  const answers = spec.parties.find((p) => p.id === command.party)?.answers ?? JOINT_ANSWERS
  if (!answers.includes(command.answer)) throw new Refusal('UNKNOWN_ANSWER', { field: 'answer', says: wants.chooseOneOf(answers) })
  const actor = signature(command.actor, stands === 'own' ? undefined : stands)
  checkDuties(process, state, found.step, actor)
  const { task, party: id, answer, opinion } = command
  const signed: Draft = { type: 'signed', actor, data: { task, party: id, answer, ...(opinion && { opinion }) } }
  const outcome = outcomeOf(spec, { ...parties, [id]: { ...party, answer } })
  if (!outcome) return [signed]
  const form = votesOf(spec, { ...parties, [id]: { ...party, answer } })
  return [signed, ...complete(found.task, { type: 'task-completed', actor, data: { task, outcome, ...form } })]
}

/** The answers as facts, where the step keeps them. */
function votesOf(spec: JointSpec, parties: Readonly<Record<string, Party>>): { form?: Record<string, string> } {
  if (!spec.votes) return {}
  return { form: Object.fromEntries(Object.entries(parties).flatMap(([id, { answer }]) => (answer ? [[`${id}Vote`, answer]] : []))) }
}

export function addSigner(found: Found, command: Of<'add-signer'>): Draft[] {
  const { parties } = joint(found)
  // Whoever is asked may bring in a colleague; otherwise a dispatcher or supervisor.
  const asked = Object.values(parties).some((party) => standing(command.actor, party, party.roles))
  if (!asked && !isDispatcher(command.actor)) throw new Refusal('NOT_ALLOWED')
  if (!/^[a-z0-9-]{1,40}$/.test(command.party))
    throw new Refusal('BAD_VALUE', {
      field: 'party',
      says: { zh: '只能用小写字母、数字和连字符', en: 'lower-case letters, digits, hyphens' },
    })
  if (Object.hasOwn(parties, command.party)) throw new Refusal('PARTY_EXISTS', { field: 'party' })
  if (command.roles.length === 0 && !command.person) throw new Refusal('TARGET_REQUIRED', { field: 'roles' })
  const { task, party, roles, person, mandatory } = command
  return [
    {
      type: 'signer-added',
      actor: signature(command.actor),
      data: { task, party, roles, ...(person && { person }), ...(mandatory && { mandatory }) },
    },
  ]
}

export function removeSigner(found: Found, command: Of<'remove-signer'>, complete: Complete): Draft[] {
  const { spec, parties } = joint(found)
  if (command.reason.trim() === '') throw new Refusal('REASON_REQUIRED', { field: 'reason' })
  if (!isDispatcher(command.actor)) throw new Refusal('NOT_ALLOWED')
  const party = parties[command.party]
  if (!party) throw new Refusal('NO_SUCH_PARTY', { field: 'party' })
  if (party.answer !== undefined) throw new Refusal('ALREADY_SIGNED')
  if (party.mandatory) throw new Refusal('MANDATORY_SIGNER')
  const rest = Object.fromEntries(Object.entries(parties).filter(([id]) => id !== command.party))
  if (Object.keys(rest).length === 0) throw new Refusal('LAST_SIGNER')
  const { task, reason } = command
  const actor = signature(command.actor)
  const removed: Draft = { type: 'signer-removed', actor, data: { task, party: command.party, reason } }
  const outcome = outcomeOf(spec, rest)
  if (!outcome) return [removed]
  return [removed, ...complete(found.task, { type: 'task-completed', actor, data: { task, outcome, ...votesOf(spec, rest) } })]
}

/** Whose turn it is: the first that has not answered, in the order of the specification, then those added by name. */
export function turn(spec: JointSpec, parties: Readonly<Record<string, Party>>): string | undefined {
  const listed = spec.parties.map((party) => party.id)
  const added = Object.keys(parties)
    .filter((id) => !listed.includes(id))
    .sort()
  return [...listed, ...added].find((id) => parties[id] && parties[id].answer === undefined)
}

/** The outcome that the answers give, or nothing yet. */
export function outcomeOf(spec: JointSpec, parties: Readonly<Record<string, Party>>): string | undefined {
  const answers = Object.entries(parties)
  const all = answers.every(([, party]) => party.answer !== undefined)
  const mandatory = answers.every(([, party]) => !party.mandatory || party.answer !== undefined)
  for (const rule of spec.rules) {
    const met = answers.some(([id, party]) => (rule.party === undefined || rule.party === id) && party.answer === rule.answer)
    if (met && (all || rule.early)) return rule.outcome
  }
  const { quorum } = spec
  if (quorum && mandatory && answers.filter(([, party]) => party.answer === quorum.answer).length >= quorum.count) return quorum.outcome
  return all ? spec.else : undefined
}
