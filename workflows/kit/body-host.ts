/** Runs a body: hands it outcomes in the order of the journal and reports what it opens. */
import type { Fact } from '../../domain/order/spec.ts'
import type { ChildRef, JournalEntry, OrderState } from '../../domain/order/state.ts'
import { occurrence, openingName, openNames, taskId, waitName } from '../../domain/order/journal.ts'
import type { Drain } from './machine.ts'
import type { Order, Process } from './process.ts'

type Facts = Readonly<Record<string, Fact>>

export type Opening =
  | { kind: 'task'; task: string; step: string; key?: string; n: number }
  | { kind: 'child'; child: ChildRef & { child: string } }
  | { kind: 'undo'; undo: { effect: string; args?: Facts } }
  | { kind: 'cancel'; task: string }

/** A branch of `first`; once another branch has won, nothing in it counts any more. */
interface Scope {
  parent?: Scope
  over?: true
}

/** What a body said while it was silent, after it had been told so many outcomes. */
export interface Said {
  told: number
  opening: Opening
}

interface Wait {
  tell(entry: JournalEntry): void
  scope: Scope
  opening: Opening & { kind: 'task' | 'child' }
}

const isOver = (scope: Scope): boolean => scope.over === true || (scope.parent !== undefined && isOver(scope.parent))

export class BodyHost {
  ended: string | undefined
  failed: string | undefined
  private readonly waits = new Map<string, Wait>()
  private readonly counts = new Map<string, number>()
  private told = 0
  private begun = false
  private silent = false
  private restarting = false
  private readonly said: Said[] = []
  private stands: Pick<OrderState, 'journal' | 'amended'> = { journal: [] }
  private children: OrderState['children'] = {}
  private readonly process: Process
  private readonly id: string
  private readonly report: (opening: Opening) => void
  /** Details of children by id, which a starter needs and the state does not keep. */
  readonly childStarts = new Map<string, { customer?: string; input?: Facts }>()

  constructor(process: Process, id: string, report: (opening: Opening) => void) {
    this.process = process
    this.id = id
    this.report = report
  }

  /** Starts the body from its beginning. */
  start(state: OrderState): void {
    this.stands = state
    this.children = state.children
    this.process.body(this.order({}, state.input)).then(
      (end) => {
        this.ended = end
      },
      (error: unknown) => {
        this.failed = error instanceof Error ? error.message : String(error)
      },
    )
  }

  /** Starts over after an amendment: silent until the outcomes that were kept have been told, then it says what stands open. */
  restart(state: OrderState): void {
    this.silent = true
    this.restarting = true
    this.start(state)
  }

  /** Tells the next piece of news. True when the body may have run or has still to run: then it must be waited for. */
  tell(state: OrderState): boolean {
    this.children = state.children
    const entry = state.journal[this.told]
    if (entry === undefined) {
      // A body that begins with something asynchronous has its first steps still to open.
      const waited = this.begun
      this.begun = true
      if (waited && this.restarting) return this.speak()
      if (this.restarting) return true
      return !waited && this.waits.size === 0 && this.ended === undefined && this.failed === undefined
    }
    this.begun = true
    this.told++
    const name = waitName(entry)
    const wait = this.waits.get(name)
    this.waits.delete(name)
    wait?.tell(entry)
    return true
  }

  private speak(): boolean {
    this.restarting = false
    this.silent = false
    this.said.length = 0
    for (const { scope, opening } of [...this.waits.values()]) this.say(scope, opening)
    return true
  }

  /** Runs the body silently through the journal. Answers what is wrong if it does not come to its end. */
  private async through(state: OrderState, drain: Drain): Promise<string | undefined> {
    this.silent = true
    this.start(state)
    await drain()
    for (const entry of state.journal) {
      const name = waitName(entry)
      if (!this.waits.has(name))
        return `the journal says ${name} came next, but the body waits for ${this.waiting().join(', ') || 'nothing'}`
      this.tell(state)
      await drain()
    }
    this.silent = false
    return undefined
  }

  /** As {@link fastForward}, wherever the body comes to stand. Answers all that it said, or why it does not come through the journal. */
  async listen(state: OrderState, drain: Drain): Promise<Said[] | string> {
    const lost = await this.through(state, drain)
    return this.failed ?? lost ?? this.said.splice(0)
  }

  /** Runs the body silently through the journal. Answers what is wrong if it then stands elsewhere than the state says. */
  async fastForward(state: OrderState, drain: Drain): Promise<string | undefined> {
    const lost = await this.through(state, drain)
    if (lost !== undefined) return lost
    this.said.length = 0
    if (this.failed !== undefined) return `the body failed: ${this.failed}`
    const expected = openNames(state).sort().join(', ')
    const actual = this.waiting().join(', ')
    if (this.ended !== undefined) return `the body has ended with ${this.ended}, but the state says ${expected || 'nothing'} is open`
    return expected === actual
      ? undefined
      : `the body waits for ${actual || 'nothing'}, but the state says ${expected || 'nothing'} is open`
  }

  waitsFor(name: string): boolean {
    return this.waits.has(name)
  }

  /** Names of what the body waits for, sorted. */
  waiting(): string[] {
    return [...this.waits.keys()].sort()
  }

  private count(what: string): number {
    const n = (this.counts.get(what) ?? 0) + 1
    this.counts.set(what, n)
    return n
  }

  private say(scope: Scope, opening: Opening): void {
    if (isOver(scope)) return
    if (this.silent) this.said.push({ told: this.told, opening })
    else this.report(opening)
  }

  private wait<T>(scope: Scope, name: string, opening: Wait['opening'], read: (entry: JournalEntry) => T): Promise<T> {
    return new Promise((resolve) => {
      if (!isOver(scope)) this.waits.set(name, { scope, opening, tell: (entry) => resolve(read(entry)) })
    })
  }

  private openStep<T>(
    scope: Scope,
    step: string,
    key: string | undefined,
    read: (entry: JournalEntry & { step: string }) => T,
  ): Promise<T> {
    const name = openingName(step, key)
    const n = occurrence(this.stands, name, this.count(name))
    const task = taskId(step, n, key)
    const opening = { kind: 'task' as const, task, step, n, ...(key !== undefined && { key }) }
    this.say(scope, opening)
    return this.wait(scope, task, opening, (entry) => read(entry as JournalEntry & { step: string }))
  }

  private openChild(
    scope: Scope,
    process: string,
    { key, customer, input }: { key: string; customer?: string; input?: Facts },
    waits: boolean,
  ) {
    let child: string
    // What an amendment has left behind keeps its id to itself.
    do {
      const n = this.count(`child ${key}`)
      child = n === 1 ? `${this.id}.${key}` : `${this.id}.${key}.${n}`
    } while (this.children[child]?.left)
    this.childStarts.set(child, { ...(customer && { customer }), ...(input && { input }) })
    const opening = { kind: 'child' as const, child: { child, process, key, waits } }
    this.say(scope, opening)
    return opening
  }

  private order(scope: Scope, input: Facts): Order<Process['spec']> {
    return {
      id: this.id,
      input,
      step: (step, options) => this.openStep(scope, step, options?.key, (entry) => ('outcome' in entry ? entry.outcome : '')),
      form: (step, options) =>
        this.openStep(scope, step, options?.key, (entry) =>
          'outcome' in entry ? { outcome: entry.outcome, data: entry.data ?? {} } : undefined,
        ) as Promise<never>,
      child: (process, options) => {
        const opening = this.openChild(scope, process, options, true)
        return this.wait(scope, waitName(opening.child), opening, (entry) => ('end' in entry ? entry.end : ''))
      },
      start: (process, options) => {
        this.openChild(scope, process, options, false)
      },
      first: (...branches) => this.race(scope, input, branches),
      undo: (effect, args) => this.say(scope, { kind: 'undo', undo: { effect, ...(args && { args }) } }),
    }
  }

  private race<T>(scope: Scope, input: Facts, branches: readonly ((order: Order<Process['spec']>) => Promise<T>)[]): Promise<T> {
    const scopes = branches.map((): Scope => ({ parent: scope }))
    return new Promise((resolve, reject) => {
      branches.forEach((branch, index) => {
        branch(this.order(scopes[index]!, input)).then((value) => {
          if (isOver(scopes[index]!)) return
          for (const loser of scopes) if (loser !== scopes[index]) this.abandon(loser)
          resolve(value)
        }, reject)
      })
    })
  }

  private abandon(loser: Scope): void {
    for (const [name, wait] of [...this.waits].sort(([a], [b]) => (a < b ? -1 : 1))) {
      for (let scope: Scope | undefined = wait.scope; scope; scope = scope.parent) {
        if (scope !== loser) continue
        this.waits.delete(name)
        if (wait.opening.kind === 'task') this.say(wait.scope, { kind: 'cancel', task: name })
        break
      }
    }
    loser.over = true
  }
}
