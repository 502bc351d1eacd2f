/** A company in one process: its people, its door, its engine, its record. One number says what happens next. */
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { workflowType } from '../../domain/order/names.ts'
import { workflow } from '../../workflows/kit/shell.ts'
import { verdictOf } from '../../workflows/kit/verdict.ts'
import { type Covered, count, nothingCovered, ofProcess } from './covered.ts'
import { Door } from './door.ts'
import { calm, type Faults, rough } from './engine/activities.ts'
import { drain } from './engine/instance.ts'
import { Server } from './engine/server.ts'
import { Hands } from './hands.ts'
import { Happenings } from './happenings.ts'
import { Quiet } from './quiet.ts'
import { Random } from './random.ts'
import { Database, type Kept, type Written } from './record/database.ts'
import { keptOrder } from './record/tables.ts'
import { Watch } from './watch.ts'

const START = Date.UTC(2026, 0, 5, 1)

/** What breaks ends the story. */
export class Broken extends Error {
  readonly what: string
  constructor(what: string) {
    super(what)
    this.name = 'Broken'
    this.what = what
  }
}

export interface WorldOptions {
  processes: readonly Process[]
  /** Ids of those whose orders are started by people; else all. */
  only?: readonly string[] | undefined
  /** How much goes wrong. */
  faults?: Faults
  /** Told what happens, in words. */
  says?: (line: string) => void
}

export class World {
  readonly covered: Covered = nothingCovered()
  readonly random = new Random()
  readonly database = new Database()
  readonly server: Server
  readonly door: Door
  private readonly open: string[] = []
  private readonly processes: ReadonlyMap<string, Process>
  private readonly watch = new Watch((what) => this.fail(what))
  private readonly quiet: Quiet
  private readonly faults: Faults
  private readonly says: ((line: string) => void) | undefined
  private readonly happenings: Happenings
  private wrong: string | undefined

  constructor({ processes, only, faults = rough, says }: WorldOptions) {
    this.processes = new Map(processes.map((process) => [process.spec.id, process]))
    this.faults = faults
    this.says = says
    const { random, database } = this
    const specOf = (process: string) => this.specOf(process)
    const hands = new Hands({ random, database, specOf, now: () => this.server.now })
    const workflows = new Map(processes.map((process) => [workflowType(process.spec.id), workflow(process)]))
    this.server = new Server(
      {
        random,
        workflow: (type) => workflows.get(type)!,
        hand: (name) => hands.all[name]!,
        broken: (what) => this.fail(what),
        note: (fault) => {
          count(this.covered.faults, fault)
          this.says?.(`  (${fault})`)
        },
      },
      START,
    )
    this.server.faults = faults
    this.database.onWritten = (kept, move) => this.written(kept, move)
    this.door = new Door({
      server: this.server,
      database,
      specOf,
      broken: (what) => this.fail(what),
      refused: (code) => count(this.covered.refused, code),
    })
    const { server, door, open } = this
    this.happenings = new Happenings({ random, server, database, door, open, ids: only ?? [...this.processes.keys()], specOf, says })
    this.quiet = new Quiet(server, database, door, (what) => this.fail(what))
  }

  /** One number decides what happens next, and how it goes wrong. @throws Broken */
  async play(choice: number): Promise<void> {
    const { random, server } = this
    random.reset(choice)
    server.now += 1 + random.below(2_000)
    this.happenings.happen()
    for (let steps = random.below(30); steps > 0 && (await server.step()); steps--) this.check()
  }

  /** Nothing goes wrong any more, and all that is under way comes to rest. @throws Broken */
  async rest(): Promise<void> {
    this.server.faults = calm
    // A story that never comes to rest is one too.
    for (let steps = 0; await this.server.step(); steps++) {
      this.check()
      if (steps > 100_000) this.fail('the engine does not come to rest')
    }
    await drain()
    // A clock that finds something due already looks a moment later.
    this.server.advance(this.server.now + 2)
    if (this.server.ready.length > 0) return this.rest()
    this.quiet.check()
    const { lost } = this.happenings
    if (lost !== undefined) this.fail(lost)
    this.check()
    this.server.faults = this.faults
  }

  /** Every order once more and whole, also where nothing should have touched it since it was looked at. @throws Broken */
  end(): void {
    this.watch.whole(this.database.orders.values())
    this.check()
  }

  /** An auditor looks at every order: chain, every row of every table, and where its process stands. @throws Broken */
  async audit(): Promise<void> {
    for (const kept of this.database.orders.values()) {
      const { ok, order, chain, rows, body } = await verdictOf(this.processes.get(kept.state.process), keptOrder(kept), drain)
      if (!ok) this.fail(`the auditor says of ${order}: ${body ?? JSON.stringify(chain ?? rows)}`)
    }
    this.check()
  }

  private check(): void {
    if (this.wrong !== undefined) throw new Broken(this.wrong)
  }

  private fail(what: string): void {
    this.wrong ??= what
  }

  private specOf(id: string): ProcessSpec {
    const process = this.processes.get(id)
    if (!process) throw new RangeError(`there is no process ${id}`)
    return process.spec
  }

  private written(kept: Kept, move: Written): void {
    const added = kept.events.slice(move.base)
    const { covered } = this
    const { state } = kept
    const of = ofProcess(covered, state.process)
    covered.moves++
    of.moves++
    if (move.base === 0) {
      covered.orders++
      of.opened++
      this.open.push(kept.id)
    }
    for (const event of added) {
      if (event.type === 'task-completed') {
        const { task, outcome } = event.data as { task: string; outcome: string }
        count(of.outcomes, `${task.slice(0, task.search(/[:.]/))}=${outcome}`)
      }
      if (event.cmd !== null && event.cmd.startsWith('k'))
        count(covered.commands, this.door.given[Number(event.cmd.slice(1))]!.deed.body.type)
    }
    if (state.status === 'closed') {
      count(of.ends, state.end ?? '')
      this.open.splice(this.open.indexOf(kept.id), 1)
    }
    this.says?.(`  ${kept.id} ${move.base + 1}-${kept.seq}: ${added.map(({ type, data }) => `${type}${brief(data)}`).join(', ')}`)
    this.watch.moved(kept, added)
  }
}

const brief = (data: object): string => {
  const { task, party, outcome, clock, pct, child, end, effect } = data as Record<string, unknown>
  const named = [task, party, outcome, clock, pct, child, end, effect].filter((value) => value !== undefined)
  return named.length > 0 ? ` ${named.join(' ')}` : ''
}
