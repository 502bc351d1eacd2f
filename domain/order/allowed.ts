/** Which commands a person could give now: what the console enables and the door lists. The same `decide` refuses the rest. */
import type { CommandBody, CommandType } from './command.ts'
import { decide, find } from './decide.ts'
import type { Actor } from './event.ts'
import { Refusal } from './refusal.ts'
import type { Fact, FieldSpec, ProcessSpec } from './spec.ts'
import type { OrderState } from './state.ts'

export interface Allowed {
  command: CommandType
  task?: string
  /** Outcomes to choose from, with their forms. */
  outcomes?: { id: string; form: Readonly<Record<string, FieldSpec>> }[]
  /** Parties for whom the person may sign, and the answers they may give. */
  parties?: { id: string; answers: readonly string[] }[]
  clocks?: string[]
  /** Facts that may be changed in flight. */
  facts?: string[]
}

/** Values that satisfy a form and what the outcome asks of it, so that only the right to answer it is asked. */
const filled = (form: Readonly<Record<string, FieldSpec>> = {}, now: number, asked: readonly string[] = []): Record<string, Fact> =>
  Object.fromEntries(
    Object.entries(form)
      .filter(([name, field]) => field.required || asked.includes(name))
      .map(([name, field]): [string, Fact] => {
        if (field.type === 'boolean') return [name, true]
        if (field.type === 'number' || field.type === 'money') return [name, 0]
        if (field.type === 'instant') return [name, now + 86_400_000]
        if (field.type === 'choice') return [name, field.choices?.[0] ?? '']
        return [name, ['customers', 'units', 'resources', 'agents', 'texts'].includes(field.type) ? ['x'] : 'x']
      }),
  )

/** Commands open to `actor`, per task and for the order as a whole. */
export function allowed(spec: ProcessSpec, state: OrderState, actor: Actor, now: number): Allowed[] {
  const may = (body: CommandBody): boolean => {
    try {
      decide(spec, state, { ...body, id: 'probe', actor }, now)
      return true
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  }
  const reason = 'probe'
  const ofTask = (task: string): Allowed[] => {
    const { step, task: open } = find(spec, state, task)
    const outcomes = Object.entries(step.outcomes)
      .filter(([outcome, { form, requires = [] }]) => {
        const asked = requires.map(({ fact }) => fact)
        return may({ type: 'complete', task, outcome, form: filled(form, now, asked) })
      })
      .map(([id, { form }]) => ({ id, form: form ?? {} }))
    const parties = Object.entries(open.parties ?? {})
      .map(([id]) => ({ id, answers: step.joint?.parties.find((party) => party.id === id)?.answers ?? ['agree', 'object'] }))
      .filter(({ id, answers }) => may({ type: 'sign', task, party: id, answer: answers[0]! }))
    const simple: CommandBody[] = [
      { type: 'dispatch', task, person: 'probe' },
      { type: 'accept', task },
      { type: 'refuse', task, reason },
      { type: 'return', task, reason },
      { type: 'reassign', task, person: 'probe', reason },
      { type: 'suspend', task, reason, party: 'own' },
      { type: 'resume', task },
      { type: 'add-signer', task, party: 'probe', roles: [], person: 'probe' },
    ]
    const removable = Object.keys(open.parties ?? {}).filter((party) => may({ type: 'remove-signer', task, party, reason }))
    return [
      ...(outcomes.length > 0 ? [{ command: 'complete' as const, task, outcomes }] : []),
      ...(parties.length > 0 ? [{ command: 'sign' as const, task, parties }] : []),
      ...simple.filter(may).map(({ type }) => ({ command: type, task })),
      ...(removable.length > 0 ? [{ command: 'remove-signer' as const, task, parties: removable.map((id) => ({ id, answers: [] })) }] : []),
    ]
  }
  const ofOrder: CommandBody[] = [
    { type: 'comment', text: 'probe' },
    { type: 'urge' },
    { type: 'set-priority', priority: 1 },
    { type: 'withdraw', reason },
    { type: 'raise', reason },
  ]
  const amendable = Object.keys(spec.amend ?? {})
  const probe = amendable.slice(0, 1).map((name) => [name, spec.input[name]!] as const)
  const amend = may({
    type: 'amend',
    facts: filled(Object.fromEntries(probe.map(([name, field]) => [name, { ...field, required: true }])), now),
    reason,
  })
  const clocks = Object.keys(state.clocks).filter((clock) => may({ type: 'extend', clock, by: 1, reason }))
  return [
    ...Object.keys(state.tasks).sort().flatMap(ofTask),
    ...ofOrder.filter(may).map(({ type }) => ({ command: type })),
    ...(clocks.length > 0 ? [{ command: 'extend' as const, clocks }] : []),
    ...(amend ? [{ command: 'amend' as const, facts: amendable }] : []),
  ]
}
