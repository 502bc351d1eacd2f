/** Which commands a person could give now: what the console enables and the door lists. The same `decide` refuses the rest. */
import type { CommandBody, CommandType } from './command.ts'
import { decide, find } from './decide.ts'
import type { Actor } from './event.ts'
import { Refusal } from './refusal.ts'
import type { Fact, FieldSpec, ProcessSpec } from './spec.ts'
import type { OrderState } from './state.ts'
import { askable } from './time-commands.ts'

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

const PROBE = 'probe'

/** A command as far as it can be tried without what a person would write into it. */
interface Probe {
  body: CommandBody
  /** What of it is tried: an outcome, a party. */
  part?: string
}

/** Outcomes of an open task, each with values that its form takes. */
const outcomesOf = (spec: ProcessSpec, state: OrderState, task: string, now: number): Probe[] =>
  Object.entries(find(spec, state, task).step.outcomes).map(([outcome, { form, requires = [] }]) => {
    const asked = requires.map(({ fact }) => fact)
    return { part: outcome, body: { type: 'complete', task, outcome, form: filled(form, now, asked) } }
  })

const partiesOf = (state: OrderState, task: string): string[] => Object.keys(state.tasks[task]?.parties ?? {})

const answersOf = (spec: ProcessSpec, state: OrderState, task: string, party: string): readonly string[] =>
  find(spec, state, task).step.joint?.parties.find(({ id }) => id === party)?.answers ?? ['agree', 'object']

const signsOf = (spec: ProcessSpec, state: OrderState, task: string): Probe[] =>
  partiesOf(state, task).map((party) => ({
    part: party,
    body: { type: 'sign', task, party, answer: answersOf(spec, state, task, party)[0]! },
  }))

const removalsOf = (state: OrderState, task: string): Probe[] =>
  partiesOf(state, task).map((party) => ({ part: party, body: { type: 'remove-signer', task, party, reason: PROBE } }))

const simpleOf = (task: string): CommandBody[] => [
  { type: 'dispatch', task, person: PROBE },
  { type: 'accept', task },
  { type: 'refuse', task, reason: PROBE },
  { type: 'return', task, reason: PROBE },
  { type: 'reassign', task, person: PROBE, reason: PROBE },
  { type: 'suspend', task, reason: PROBE, party: 'own' },
  { type: 'resume', task },
  { type: 'grant-extension', task },
  { type: 'deny-extension', task, reason: PROBE },
  { type: 'add-signer', task, party: PROBE, roles: [], person: PROBE },
]

/** More time on each clock that the holder of a task could mean. */
const requestsOf = (state: OrderState, task: string): Probe[] =>
  askable(state, task).map((clock) => ({ part: clock, body: { type: 'ask-extension', task, clock, by: 1, reason: PROBE } }))

const ofOrder: readonly CommandBody[] = [
  { type: 'comment', text: PROBE },
  { type: 'urge' },
  { type: 'set-priority', priority: 1 },
  { type: 'withdraw', reason: PROBE },
  { type: 'raise', reason: PROBE },
]

function amendment(spec: ProcessSpec, now: number): CommandBody {
  const probe = Object.keys(spec.amend ?? {}).slice(0, 1)
  const fields = Object.fromEntries(probe.map((name) => [name, { ...spec.input[name]!, required: true }]))
  return { type: 'amend', facts: filled(fields, now), reason: PROBE }
}

const extensions = (state: OrderState): Probe[] =>
  Object.keys(state.clocks).map((clock) => ({ part: clock, body: { type: 'extend', clock, by: 1, reason: PROBE } }))

/** Why a command is refused; nothing where it would be taken. */
function refusalOf(
  spec: ProcessSpec,
  state: OrderState,
  body: CommandBody,
  { actor, now }: { actor: Actor; now: number },
): Refusal | undefined {
  try {
    decide(spec, state, { ...body, id: PROBE, actor }, now)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** Commands open to `actor`, per task and for the order as a whole. */
export function allowed(spec: ProcessSpec, state: OrderState, actor: Actor, now: number): Allowed[] {
  const may = (body: CommandBody): boolean => refusalOf(spec, state, body, { actor, now }) === undefined
  const open = (probes: readonly Probe[]): string[] => probes.flatMap(({ body, part }) => (part !== undefined && may(body) ? [part] : []))
  const ofTask = (task: string): Allowed[] => {
    const { step } = find(spec, state, task)
    const outcomes = open(outcomesOf(spec, state, task, now)).map((id) => ({ id, form: step.outcomes[id]!.form ?? {} }))
    const parties = open(signsOf(spec, state, task)).map((id) => ({ id, answers: answersOf(spec, state, task, id) }))
    const removable = open(removalsOf(state, task))
    const longer = open(requestsOf(state, task))
    return [
      ...(outcomes.length > 0 ? [{ command: 'complete' as const, task, outcomes }] : []),
      ...(parties.length > 0 ? [{ command: 'sign' as const, task, parties }] : []),
      ...simpleOf(task)
        .filter(may)
        .map(({ type }) => ({ command: type, task })),
      ...(removable.length > 0 ? [{ command: 'remove-signer' as const, task, parties: removable.map((id) => ({ id, answers: [] })) }] : []),
      ...(longer.length > 0 ? [{ command: 'ask-extension' as const, task, clocks: longer }] : []),
    ]
  }
  const clocks = open(extensions(state))
  return [
    ...Object.keys(state.tasks).sort().flatMap(ofTask),
    ...ofOrder.filter(may).map(({ type }) => ({ command: type })),
    ...(clocks.length > 0 ? [{ command: 'extend' as const, clocks }] : []),
    ...(may(amendment(spec, now)) ? [{ command: 'amend' as const, facts: Object.keys(spec.amend ?? {}) }] : []),
  ]
}

export interface Refused {
  command: CommandType
  task?: string
  why: Refusal
}

/** The commands that {@link allowed} leaves out, each with why `decide` refuses it. Of several ways to give one, the first speaks. */
export function refused(spec: ProcessSpec, state: OrderState, actor: Actor, now: number): Refused[] {
  const all = (probes: readonly Probe[], task?: string): Refused[] => {
    const whys = probes.map(({ body }) => refusalOf(spec, state, body, { actor, now }))
    const [why] = whys
    return why === undefined || whys.includes(undefined) ? [] : [{ command: probes[0]!.body.type, ...(task && { task }), why }]
  }
  const each = (bodies: readonly CommandBody[], task?: string): Refused[] => bodies.flatMap((body) => all([{ body }], task))
  return [
    ...Object.keys(state.tasks)
      .sort()
      .flatMap((task) => [
        ...all(outcomesOf(spec, state, task, now), task),
        ...all(signsOf(spec, state, task), task),
        ...each(simpleOf(task), task),
        ...all(removalsOf(state, task), task),
        ...all(requestsOf(state, task), task),
      ]),
    ...each(ofOrder),
    ...all(extensions(state)),
    ...each([amendment(spec, now)]),
  ]
}
