/**
 * A deterministic world for one order: from a list of numbers it interleaves commands, instants, late and repeated machine
 * results, children's ends, crashes before and after recording, and new runs from snapshots. Whatever happens, the invariants hold.
 */
import { allowed } from '../../domain/order/allowed.ts'
import { nextDue } from '../../domain/order/clocks.ts'
import type { Command, CommandBody } from '../../domain/order/command.ts'
import type { Actor, OrderEvent } from '../../domain/order/event.ts'
import { nextUndo } from '../../domain/order/evolve.ts'
import { canonical, chainHash, GENESIS } from '../../domain/order/hash.ts'
import { Refusal } from '../../domain/order/refusal.ts'
import type { Fact, FieldSpec, ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { type Input, Machine } from '../../workflows/kit/machine.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { MemoryRecord } from './memory-record.ts'

const MINUTE = 60_000
const START = Date.UTC(2026, 0, 5, 1)
const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const roles = (spec: ProcessSpec): string[] =>
  [...new Set(Object.values(spec.steps).flatMap((step) => step.who))].filter((role) => role !== 'system')

/** Everybody who may appear: three people for each role, a supervisor, a dispatcher. */
const cast = (spec: ProcessSpec): Actor[] => [
  ...roles(spec).flatMap((role) => [1, 2, 3].map((n): Actor => ({ kind: 'person', id: `${role}-${n}`, roles: [role], units: [role] }))),
  { kind: 'person', id: 'boss', roles: ['supervisor'], authority: { rule: 'r@1', maxAmount: 1e12, maxTermMonths: 99, maxDiscountPct: 99 } },
  { kind: 'person', id: 'dispatcher', roles: ['dispatcher'] },
]

export interface Simulated {
  events: readonly OrderEvent[]
  state: OrderState
  moves: number
}

/** Plays a story. @throws Error naming the invariant that broke and after how many moves. */
export async function simulate(process: Process, story: readonly number[], input: Readonly<Record<string, Fact>> = {}): Promise<Simulated> {
  const world = new World(process, input)
  await world.begin()
  for (const choice of story) {
    if (world.machine.state.status === 'closed') break
    await world.play(choice)
  }
  return { events: world.record.events, state: world.machine.state, moves: world.moves }
}

class World {
  machine: Machine
  moves = 0
  readonly record: MemoryRecord
  private now = START
  private commands = 0
  private readonly people: Actor[]
  private readonly process: Process
  private readonly input: Readonly<Record<string, Fact>>
  private last: Input | undefined

  constructor(process: Process, input: Readonly<Record<string, Fact>>) {
    this.process = process
    this.input = input
    this.record = new MemoryRecord('sim', process.spec)
    this.machine = new Machine(process, 'sim', drain)
    this.people = cast(process.spec)
  }

  begin(): Promise<void> {
    const actor = { kind: 'person' as const, id: 'kac-staff-1' }
    const opened = { process: this.process.spec.id, customer: 'c1', title: 'sim', region: '/cn', priority: 3, facts: this.input }
    return this.give({ kind: 'open', opened, actor }, 'straight')
  }

  /** One number decides what happens next and how it goes wrong. */
  async play(choice: number): Promise<void> {
    const kind = choice % 16
    const detail = Math.floor(choice / 16)
    const how = (['straight', 'crash-before-record', 'crash-after-record', 'straight'] as const)[detail % 4]!
    if (kind < 9) return this.command(Math.floor(detail / 4), how)
    if (kind === 9) return this.time(detail)
    if (kind === 10) return this.newRun()
    if (kind === 11) return this.machines(Math.floor(detail / 4), how)
    if (kind === 12) return this.children(Math.floor(detail / 4), how)
    if (kind === 13 && this.last) return this.again(this.last)
    this.now += (detail % 50) * MINUTE
    return this.give({ kind: 'tick' }, how)
  }

  private async command(detail: number, how: Failure): Promise<void> {
    const { state } = this.machine
    // Somebody who is asked, most of the time; anybody at all otherwise.
    const asked = Object.values(state.tasks).flatMap((task) => [
      task.person,
      ...Object.values(task.parties ?? {}).map((party) => party.person),
    ])
    const concerned = this.people.filter(({ id }) => asked.includes(id) || (detail % 5 === 0 && (id === 'boss' || id === 'dispatcher')))
    const pick = detail % 11 === 0 || concerned.length === 0 ? this.people : concerned
    const actor = pick[detail % pick.length]!
    const options = allowed(this.process.spec, state, actor, this.now).flatMap((option) => bodies(option, state, this.now))
    // Withdrawing and stopping would end most stories at once.
    const calm = options.filter(({ type }) => type !== 'withdraw' && type !== 'raise' && type !== 'comment' && type !== 'urge')
    const pool = detail % 15 === 0 ? options : calm
    const body = pool[Math.floor(detail / 7) % Math.max(1, pool.length)]
    if (!body) return
    const command = { ...body, id: `k${this.commands++}`, actor } as Command
    this.now += 1000
    await this.give({ kind: 'command', command }, how)
  }

  private async time(detail: number): Promise<void> {
    const due = nextDue(this.machine.state)
    if (due === undefined) return
    this.now = Math.max(this.now, due + (detail % 3) * MINUTE)
    await this.give({ kind: 'tick' }, 'straight')
  }

  private async machines(detail: number, how: Failure): Promise<void> {
    const { tasks, undo } = this.machine.state
    const next = undo[nextUndo(this.machine.state)]
    if (next) return this.give({ kind: 'undone', effect: next.effect }, how)
    if (detail % 4 === 0) {
      const id = `b${detail % 3}`
      return this.give({ kind: 'received', fact: { kind: 'payment', id, facts: { amount: 100 } } }, how)
    }
    const task = Object.values(tasks).find(({ status }) => status === 'automatic')
    if (!task) return this.give({ kind: 'automatic-done', task: 'gone.1', result: { outcome: 'x' } }, how)
    if (detail % 3 === 0) return this.give({ kind: 'automatic-failed', task: task.id, message: 'no answer' }, how)
    const outcomes = Object.keys(this.process.spec.steps[task.step]!.outcomes)
    return this.give({ kind: 'automatic-done', task: task.id, result: { outcome: outcomes[detail % outcomes.length]! } }, how)
  }

  private async children(detail: number, how: Failure): Promise<void> {
    const open = Object.entries(this.machine.state.children).filter(([, child]) => child.waits)
    const [id, child] = open[detail % Math.max(1, open.length)] ?? []
    if (!id || !child) return
    const ends = child.task
      ? Object.keys(this.process.spec.steps[child.task.split(/[:.]/)[0]!]!.child!.ends)
      : ['visited', 'opportunity-opened']
    await this.give({ kind: 'child-ended', child: id, end: ends[detail % ends.length]! }, how)
  }

  /** The same input once more: a late or repeated delivery. */
  private async again(input: Input): Promise<void> {
    if (input.kind === 'open') return
    if (input.kind === 'command' && this.machine.recall(input.command.id) !== undefined) return
    await this.give(input, 'straight')
  }

  /** A new run from the snapshot, as after continue-as-new, or from the record, as after a lost engine. */
  private async newRun(): Promise<void> {
    const snapshot = JSON.parse(JSON.stringify(this.moves % 2 ? this.machine.state : this.record.state)) as OrderState
    this.machine = new Machine(this.process, snapshot, drain)
    const stopped = await this.machine.fastForward(this.now)
    if (stopped) this.broken(`fast-forward: ${JSON.stringify(stopped.events)}`)
  }

  private async give(input: Input, how: Failure): Promise<void> {
    this.last = input
    const before = JSON.stringify(this.machine.state)
    try {
      let move = await this.machine.advance(input, this.now)
      if (!move) return
      if (how === 'crash-after-record') this.record.record(move)
      if (how !== 'straight') {
        // The engine replays: the same input at the same instant on the state before it.
        const head = move.head
        this.machine = new Machine(this.process, input.kind === 'open' ? 'sim' : (JSON.parse(before) as OrderState), drain)
        if (input.kind !== 'open') await this.machine.fastForward(this.now)
        move = (await this.machine.advance(input, this.now))!
        if (move.head !== head) this.broken('a replayed move hashes differently')
      }
      this.machine.planned(this.record.record(move))
      this.moves++
      this.invariants()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (JSON.stringify(this.machine.state) !== before) this.broken('a refused command changed the state')
    }
  }

  private invariants(): void {
    const { state } = this.machine
    if (canonical(state) !== canonical(this.record.state)) this.broken('the machine and the record differ')
    for (const task of Object.values(state.tasks)) {
      if (task.status === 'accepted' && !task.person) this.broken(`${task.id} is accepted by nobody`)
      if (task.status === 'undispatched' && (task.person || task.unit) && !task.queue) this.broken(`${task.id} is held though undispatched`)
    }
    for (const clock of Object.values(state.clocks)) {
      if (clock.used < 0) this.broken(`${clock.clock} has used ${clock.used}`)
      if (new Set(clock.fired).size !== clock.fired.length) this.broken(`${clock.clock} fired a rung twice: ${clock.fired.join()}`)
      if (clock.fired.join() !== [...clock.fired].sort((a, b) => a - b).join())
        this.broken(`${clock.clock} fired out of order: ${clock.fired.join()}`)
      if (clock.task && !state.tasks[clock.task]) this.broken(`${clock.clock} has no task`)
    }
    if (state.status === 'stopped') this.broken(`stopped: ${state.stopped?.message}`)
    const wayOn =
      Object.keys(state.tasks).length > 0 ||
      Object.values(state.children).some((child) => child.waits && child.end === undefined) ||
      state.undo.length > 0
    if (state.status !== 'closed' && !wayOn) this.broken('an open order has no way on')
    if (state.status === 'closed' && Object.keys(state.tasks).length > 0) this.broken('a closed order has open tasks')
    let hash = GENESIS
    for (const [i, event] of this.record.events.entries()) {
      if (event.seq !== i + 1) this.broken(`event ${i + 1} is missing`)
      hash = chainHash(hash, event)
    }
    if (hash !== state.hash) this.broken('the chain does not lead to the state')
  }

  private broken(what: string): never {
    throw new Error(`after ${this.moves} moves: ${what}`)
  }
}

type Failure = 'straight' | 'crash-before-record' | 'crash-after-record'
type Option = ReturnType<typeof allowed>[number]

function bodies({ command, task = '', outcomes, parties, clocks }: Option, state: OrderState, now: number): CommandBody[] {
  const reason = 'because'
  switch (command) {
    case 'complete':
      // Most things go well, or no story would come to its end.
      return (outcomes ?? []).flatMap(({ id, form }, i) =>
        Array<CommandBody>(i === 0 ? 4 : 1).fill({ type: 'complete', task, outcome: id, form: example(form, now) }),
      )
    case 'sign':
      return (parties ?? []).flatMap(({ id, answers }) =>
        answers.flatMap((answer, i) => Array<CommandBody>(i === 0 ? 4 : 1).fill({ type: 'sign', task, party: id, answer })),
      )
    case 'remove-signer':
      return (parties ?? []).map(({ id }) => ({ type: 'remove-signer', task, party: id, reason }))
    case 'add-signer':
      return [
        {
          type: 'add-signer',
          task,
          party: `more-${Object.keys(state.tasks[task]?.parties ?? {}).length}`,
          roles: ['lawyer'],
          person: 'lawyer-2',
        },
      ]
    case 'dispatch':
      return [{ type: 'dispatch', task, person: 'maintenance-dept-2' }]
    case 'reassign':
      return [{ type: 'reassign', task, person: 'finance-dept-2', reason }]
    case 'suspend':
      return [
        { type: 'suspend', task, reason, party: 'customer' },
        { type: 'suspend', task, reason, party: 'vendor', until: now + 17 * MINUTE },
      ]
    case 'extend':
      return (clocks ?? []).map((clock) => ({ type: 'extend', clock, by: 10 * MINUTE, reason }))
    case 'ask-extension':
      return (clocks ?? []).map((clock) => ({ type: 'ask-extension', task, clock, by: 7 * MINUTE, reason }))
    case 'set-priority':
      return [{ type: 'set-priority', priority: 1 }]
    case 'comment':
      return [{ type: 'comment', text: 'seen', told: 'customer' }]
    case 'urge':
      return [{ type: 'urge' }]
    case 'amend':
      return [{ type: 'amend', facts: { wish: `wish ${now}` }, reason }]
    case 'withdraw':
    case 'raise':
      return [{ type: command, reason }]
    case 'refuse':
    case 'return':
    case 'deny-extension':
      return [{ type: command, task, reason }]
    case 'accept':
    case 'resume':
    case 'grant-extension':
      return [{ type: command, task }]
  }
}

/** A form filled in so that it passes. */
export const example = (form: Readonly<Record<string, FieldSpec>>, now: number): Record<string, Fact> =>
  Object.fromEntries(
    Object.entries(form).map(([name, field]): [string, Fact] => {
      if (field.type === 'boolean') return [name, false]
      if (field.type === 'number' || field.type === 'money') return [name, 1]
      if (field.type === 'instant') return [name, now + 60 * MINUTE]
      if (field.type === 'choice') return [name, field.choices?.[0] ?? '']
      return [name, ['customers', 'units', 'resources'].includes(field.type) ? ['c1'] : 'x']
    }),
  )
