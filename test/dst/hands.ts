/** The activities: the recorder as it is, and the machine's work, which comes to any of its outcomes or fails. */
import { record } from '../../activities/record.ts'
import { asFailure } from '../../activities/errors.ts'
import type { AutomaticInput, AutomaticResult, Move } from '../../activities/types.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Hand, Session } from './engine/activities.ts'
import { ApplicationFailure } from './engine/failures.ts'
import { filled } from './people/forms.ts'
import type { Random } from './random.ts'
import { Connection } from './record/connection.ts'
import type { Database } from './record/database.ts'
import { reference } from './record/reference.ts'

export class Hands {
  private readonly random: Random
  private readonly database: Database
  private readonly specOf: (process: string) => ProcessSpec
  private readonly now: () => number
  private readonly done = new Map<string, AutomaticResult>()

  constructor(of: { random: Random; database: Database; specOf: (process: string) => ProcessSpec; now: () => number }) {
    this.random = of.random
    this.database = of.database
    this.specOf = of.specOf
    this.now = of.now
  }

  /** By the names under which workflows ask for them. */
  readonly all: Record<string, Hand> = {
    record: async (move: Move, session: Session) => {
      const pool = new Connection(this.database, session) as never
      const deps = { pool, reference: { get: async () => reference } as never, specOf: (id: string) => this.specOf(id), email: true }
      try {
        return await record(deps, move)
      } catch (error) {
        throw asFailure(error)
      }
    },
    automatic: (input: AutomaticInput, session: Session) => session.gate(() => this.automatic(input)),
    undo: async ({ order, effect }: { order: string; effect: string }, session: Session) => {
      await session.gate(() => {
        if (effect === 'release-resources') this.database.holds.free(order, false)
      })
    },
  }

  /** The machine's work: done once, however often it is asked for. */
  private automatic({ order, task, process, step }: AutomaticInput): AutomaticResult {
    const name = `${order} ${task}`
    const before = this.done.get(name)
    if (before) return before
    const { random } = this
    if (random.chance(100)) throw random.chance(500) ? ApplicationFailure.nonRetryable('cannot be done', 'NO') : new Error('no answer')
    const { outcomes, waits } = this.specOf(process).steps[step]!
    const ids = Object.keys(outcomes)
    const outcome = waits ? undefined : random.chance(600) ? ids[0] : random.of(ids)
    const form = outcome === undefined ? {} : filled(random, outcomes[outcome]!.form ?? {}, undefined, this.now())
    const result: AutomaticResult = { ...(outcome !== undefined && { outcome }), ...(Object.keys(form).length > 0 && { form }) }
    this.done.set(name, result)
    return result
  }
}
