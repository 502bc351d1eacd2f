/** Facts from outside that must not be refused: a payment, a change of account manager. Each counts once, by its id. */
import { completion } from './decide.ts'
import type { Draft, EventActor } from './event.ts'
import { taskId } from './journal.ts'
import type { Fact, ProcessSpec, StepSpec } from './spec.ts'
import type { OrderState, Task } from './state.ts'

/** What is told. `id` is the outside's number for it (a bank's, a transfer's). */
export interface OutsideFact {
  kind: string
  id: string
  facts: Readonly<Record<string, Fact>>
}

const OUTSIDE: EventActor = { kind: 'system', id: 'outside' }
const RULE: EventActor = { kind: 'system', id: 'rule' }

/** What a fact makes true; nothing where the order has it already or has ended. */
export function receive(spec: ProcessSpec, state: OrderState, fact: OutsideFact): Draft[] {
  if (state.status !== 'open' && state.status !== 'withdrawing') return []
  if (state.received?.some(({ kind, id }) => kind === fact.kind && id === fact.id)) return []
  if (enteredByHand(spec, state, fact)) return []
  const received: Extract<Draft, { type: 'fact-received' }> = {
    type: 'fact-received',
    actor: OUTSIDE,
    data: { ...fact, facts: factsOf(state, fact) },
  }
  if (state.status !== 'open') return [received]
  const known = { ...state, facts: { ...state.facts, ...received.data.facts } }
  return [received, ...handedOver(spec, state, fact), ...Object.values(state.tasks).flatMap((task) => awaited(spec, known, task, fact))]
}

/** The outcome of a step that opens where its fact has come before; each fact opens one gate only. */
export function keptFor(spec: ProcessSpec, state: OrderState, task: Task): Draft[] {
  const { awaits } = spec.steps[task.step] ?? {}
  const fact =
    awaits &&
    state.received?.find(
      (one) => one.kind === awaits.fact && !used(state, task.step, awaits.idField, one.id) && outcomeOf(awaits, one) !== undefined,
    )
  return fact && covered(spec, state, task) ? given(spec, state, task, fact) : []
}

/** Part of a sum is received and kept, but does not do yet. */
function covered(spec: ProcessSpec, { facts }: OrderState, task: Task): boolean {
  const covers = spec.steps[task.step]?.awaits?.covers
  return covers === undefined || Number(facts.paid ?? 0) >= Number(facts[covers] ?? 0)
}

const awaited = (spec: ProcessSpec, state: OrderState, task: Task, fact: OutsideFact): Draft[] =>
  spec.steps[task.step]?.awaits?.fact === fact.kind && covered(spec, state, task) ? given(spec, state, task, fact) : []

/** Where its rule does not ask a step at all, the outcome that the rule gives. */
export function ruledOut(spec: ProcessSpec, state: OrderState, task: Task): Draft[] {
  const { onlyWhen } = spec.steps[task.step] ?? {}
  const asked = onlyWhen?.any.some((facts) => Object.entries(facts).every(([name, value]) => state.facts[name] === value))
  if (!onlyWhen || asked) return []
  return completion(spec, state, task, { type: 'task-completed', actor: RULE, data: { task: task.id, outcome: onlyWhen.otherwise } })
}

function given(spec: ProcessSpec, state: OrderState, task: Task, fact: OutsideFact): Draft[] {
  const { awaits, outcomes } = spec.steps[task.step]!
  const outcome = outcomeOf(awaits!, fact)
  if (outcome === undefined) return []
  const asked = Object.entries(awaits!.fills ?? {}).flatMap(([name, of]): [string, Fact][] => {
    const value = fact.facts[of]
    return value !== undefined && value !== '' && outcomes[outcome]?.form?.[name] ? [[name, value]] : []
  })
  return completion(spec, state, task, {
    type: 'task-completed',
    actor: OUTSIDE,
    data: { task: taskId(task.step, task.n, task.key), outcome, form: { [awaits!.idField]: fact.id, ...Object.fromEntries(asked) } },
  })
}

/** Nothing where what the fact says does not end the step. */
function outcomeOf({ outcome }: NonNullable<StepSpec['awaits']>, { facts }: Pick<OutsideFact, 'facts'>): string | undefined {
  if (typeof outcome === 'string') return outcome
  const said = facts[outcome.by]
  return typeof said === 'string' && Object.hasOwn(outcome.when, said) ? outcome.when[said] : undefined
}

/** Somebody had entered the same number by hand before the outside told of it. */
const enteredByHand = (spec: ProcessSpec, state: OrderState, { kind, id }: OutsideFact): boolean =>
  Object.entries(spec.steps).some(
    ([step, { awaits }]: [string, StepSpec]) => awaits?.fact === kind && used(state, step, awaits.idField, id),
  )

const used = ({ journal }: OrderState, step: string, idField: string, id: string): boolean =>
  journal.some((entry) => 'step' in entry && entry.step === step && entry.data?.[idField] === id)

/** What the order then knows: of payments the sum, since money may come in parts. */
function factsOf(state: OrderState, { kind, id, facts }: OutsideFact): Record<string, Fact> {
  if (kind !== 'payment') return { ...facts }
  const { amount, ...rest } = facts
  return { ...rest, bankNo: id, received: Number(amount), paid: Number(state.facts.paid ?? 0) + Number(amount) }
}

/** A customer who has another account manager takes the open tasks of the former one along (P-10 rule). */
function handedOver(spec: ProcessSpec, state: OrderState, { kind, facts }: OutsideFact): Draft[] {
  const { accountManager, previous } = facts
  if (kind !== 'customer-transferred' || typeof accountManager !== 'string' || typeof previous !== 'string') return []
  return Object.values(state.tasks)
    .filter((task) => task.person === previous && (task.roles ?? spec.steps[task.step]?.who ?? []).includes('account-manager'))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((task) => ({
      type: 'task-reassigned',
      actor: OUTSIDE,
      data: { task: task.id, person: accountManager, reason: 'customer-transferred' },
    }))
}
