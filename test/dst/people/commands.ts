/** What people do with an order: mostly what is asked of them, sometimes anything. */
import type { CommandBody } from '../../../domain/order/command.ts'
import type { Actor } from '../../../domain/order/event.ts'
import { rolesOf } from '../../../domain/order/permission.ts'
import type { ProcessSpec, StepSpec } from '../../../domain/order/spec.ts'
import type { OrderState, Task } from '../../../domain/order/state.ts'
import type { Random } from '../random.ts'
import { actorOf, byRole } from '../record/people.ts'
import { filled, meeting } from './forms.ts'

export interface Deed {
  actor: Actor
  body: CommandBody
}

const MINUTE = 60_000
const reason = 'because'

/** Something that somebody does with one of the open tasks, or nothing where they are the machine's. */
export function taskDeed(random: Random, spec: ProcessSpec, state: OrderState, now: number): Deed | undefined {
  const tasks = Object.values(state.tasks)
  const task = random.of(tasks)
  if (!task) return undefined
  const step = spec.steps[task.step]!
  if (task.parties) return joint(random, step, task, now)
  if (task.status === 'automatic' || task.status === 'child') return machine(random, task, step, now)
  if (task.status === 'undispatched') return dispatch(random, task, step, now)
  const actor = holderOf(random, step, task, now)
  if (task.suspendAsked && random.chance(700)) return approval(random, task, now)
  if (task.extensionAsked && random.chance(400)) return answer(random, task, now)
  if (task.suspended && random.chance(600)) return { actor, body: { type: 'resume', task: task.id } }
  const odd = random.below(100)
  if (odd < 4) return { actor: random.chance(500) ? actor : boss(now), body: reassign(random, task, step) }
  if (odd < 9) return { actor, body: suspend(random, task, now) }
  if (task.status === 'offered' && !step.implicitAccept) {
    if (odd < 18) return { actor, body: { type: 'refuse', task: task.id, reason } }
    if (step.acceptIs === undefined || odd < 80) return { actor, body: { type: 'accept', task: task.id } }
  }
  if (odd < 13) return { actor, body: { type: task.status === 'accepted' ? 'return' : 'refuse', task: task.id, reason } }
  if (odd < 18 && task.status === 'accepted' && !task.extensionAsked) return { actor, body: askExtension(random, state, task) }
  return completion(random, step, task, state, actor, now)
}

/** Whoever has been asked; where a unit was, one of its members. */
function holderOf(random: Random, step: StepSpec, task: Task, now: number): Actor {
  if (step.customer && random.chance(300)) return { kind: 'customer', id: 'customer' }
  if (task.person !== undefined) return actorOf(task.person, now)
  const of = byRole.get((task.unit ?? '').slice(2)) ?? byRole.get('kac-staff')!
  return actorOf(random.of(of)!.id, now)
}

const boss = (now: number): Actor => actorOf('supervisor-1', now)

function completion(random: Random, step: StepSpec, task: Task, state: OrderState, actor: Actor, now: number): Deed | undefined {
  const outcomes = Object.keys(step.outcomes).filter((outcome) => outcome !== step.refuseIs)
  // Most things go well, or no order would come to its end.
  const outcome = random.chance(500) ? outcomes[0] : random.of(outcomes)
  if (outcome === undefined) return undefined
  const { form = {}, requires } = step.outcomes[outcome]!
  const facts = meeting(filled(random, form, state, now), form, requires, state.facts)
  return { actor, body: { type: 'complete', task: task.id, outcome, ...(Object.keys(facts).length > 0 && { form: facts }) } }
}

function joint(random: Random, step: StepSpec, task: Task, now: number): Deed | undefined {
  const parties = Object.entries(task.parties ?? {})
  const open = parties.filter(([, { answer }]) => answer === undefined)
  const [id, party] = random.of(random.chance(950) ? open : parties) ?? []
  if (id === undefined || !party) return undefined
  const odd = random.below(100)
  if (odd < 3)
    return {
      actor: boss(now),
      body: {
        type: 'add-signer',
        task: task.id,
        party: `more-${parties.length}`,
        roles: ['lawyer'],
        person: `lawyer-${1 + random.below(3)}`,
      },
    }
  if (odd < 6) return { actor: boss(now), body: { type: 'remove-signer', task: task.id, party: id, reason } }
  const actor = actorOf(party.person ?? `${party.roles[0]}-1`, now)
  const answers = step.joint?.parties.find((asked) => asked.id === id)?.answers ?? ['agree', 'object']
  return { actor, body: { type: 'sign', task: task.id, party: id, answer: random.chance(650) ? answers[0]! : random.of(answers)! } }
}

/** The machine's own work is only taken over by somebody where it failed or waits. */
function machine(random: Random, task: Task, step: StepSpec, now: number): Deed | undefined {
  if (task.status !== 'automatic' || !random.chance(task.failed ? 300 : step.waits ? 150 : 20)) return undefined
  return dispatch(random, task, step, now)
}

function dispatch(random: Random, task: Task, step: StepSpec, now: number): Deed {
  const actor = random.chance(900) ? boss(now) : actorOf('dispatcher-1', now)
  return { actor, body: { type: 'dispatch', task: task.id, ...target(random, task, step) } }
}

function target(random: Random, task: Task, step: StepSpec): { unit?: string; person?: string } {
  const role = random.of(rolesOf(step, task).filter((of) => byRole.has(of))) ?? 'kac-staff'
  return random.chance(200) ? { unit: `u-${role}` } : { person: random.of(byRole.get(role)!)!.id }
}

const reassign = (random: Random, task: Task, step: StepSpec): CommandBody => ({
  type: 'reassign',
  task: task.id,
  ...target(random, task, step),
  reason,
})

function suspend(random: Random, task: Task, now: number): CommandBody {
  const until = random.chance(500) ? { until: now + (5 + random.below(500)) * MINUTE } : {}
  return { type: 'suspend', task: task.id, reason, party: random.of(['customer', 'vendor', 'own', 'third-party'] as const)!, ...until }
}

function approval(random: Random, task: Task, now: number): Deed {
  const actor = boss(now)
  if (random.chance(300)) return { actor, body: { type: 'resume', task: task.id } }
  return {
    actor,
    body: { type: 'suspend', task: task.id, reason, party: 'own', ...(task.suspendAsked?.until && { until: task.suspendAsked.until }) },
  }
}

function askExtension(random: Random, state: OrderState, task: Task): CommandBody {
  const clock = random.of(Object.keys(state.clocks)) ?? 'promise'
  return { type: 'ask-extension', task: task.id, clock, by: (1 + random.below(300)) * MINUTE, reason }
}

/** By a supervisor; now and then by the one who asked, who may be one. */
function answer(random: Random, task: Task, now: number): Deed {
  const actor = random.chance(500) ? boss(now) : actorOf(task.extensionAsked!.by, now)
  if (random.chance(300)) return { actor, body: { type: 'deny-extension', task: task.id, reason } }
  return { actor, body: { type: 'grant-extension', task: task.id } }
}

/** Something that is done with the order as a whole. */
export function orderDeed(random: Random, state: OrderState, now: number): Deed {
  const actor = boss(now)
  switch (random.below(4)) {
    case 0:
      return { actor, body: { type: 'comment', text: 'seen', ...(random.chance(500) && { told: 'customer' as const }) } }
    case 1:
      return { actor, body: { type: 'set-priority', priority: 1 + random.below(5) } }
    case 2: {
      const clock = random.of(Object.keys(state.clocks)) ?? 'promise'
      return { actor, body: { type: 'extend', clock, by: (1 + random.below(300)) * MINUTE, reason } }
    }
    default: {
      const task = random.of(Object.keys(state.tasks))
      return { actor: actorOf('kac-staff-1', now), body: { type: 'urge', ...(task !== undefined && random.chance(700) && { task }) } }
    }
  }
}

/** What ends an order, or changes its way. */
export function graveDeed(random: Random, spec: ProcessSpec, state: OrderState, now: number): Deed {
  const actor = boss(now)
  const raised = spec.raise && Object.values(state.tasks).some(({ step }) => step === spec.raise?.step)
  if (raised && random.chance(700)) return { actor, body: { type: 'raise', reason } }
  const amendable = Object.keys(spec.amend ?? {})
  if (amendable.length > 0 && random.chance(600)) {
    const name = random.of(amendable)!
    return {
      actor,
      body: { type: 'amend', facts: filled(random, { [name]: { ...spec.input[name]!, required: true } }, undefined, now), reason },
    }
  }
  return { actor: random.chance(700) ? actorOf('vp-in-charge-1', now) : actor, body: { type: 'withdraw', reason } }
}

/** What anybody may try, asked or not. */
export function strayDeed(random: Random, spec: ProcessSpec, state: OrderState, now: number): Deed | undefined {
  const deed = taskDeed(random, spec, state, now)
  const role = random.of([...byRole.keys()])!
  return deed && { ...deed, actor: actorOf(`${role}-${1 + random.below(3)}`, now) }
}
