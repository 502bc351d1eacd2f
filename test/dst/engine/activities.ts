/** Activities as the engine sees to them: done at least once, by workers that die, by databases that do not answer, by zombies. */
import type { Random } from '../random.ts'
import { ActivityFailure, ApplicationFailure } from './failures.ts'
import { drain } from './instance.ts'

/** How often something goes wrong, of a thousand times that it could. */
export interface Faults {
  /** A worker dies with a workflow task that is done and not reported. */
  taskLost: number
  /** A task's report is under way while other things happen. */
  taskHeld: number
  /** A run is dropped from its worker's memory: the next task plays its history again. */
  evicted: number
  /** An activity's statements are sent one at a time, and others come between. */
  slow: number
  /** A worker dies at a statement of an activity. */
  died: number
  /** The database answers with an error, having done it or not. */
  refused: number
  /** The server takes an attempt for dead that goes on: a zombie. */
  zombie: number
  /** An activity was done and its answer never came. */
  answerLost: number
}

export const calm: Faults = { taskLost: 0, taskHeld: 0, evicted: 0, slow: 0, died: 0, refused: 0, zombie: 0, answerLost: 0 }
export const rough: Faults = { taskLost: 20, taskHeld: 40, evicted: 20, slow: 200, died: 60, refused: 40, zombie: 150, answerLost: 20 }

export interface Activity {
  name: string
  input: unknown
  seq: number
  /** Attempts at most; nothing: until it is done. */
  attempts: number | undefined
  attempt: number
}

/** What an activity does with the world, through a connection that may break. */
export type Hand = (input: never, session: Session) => Promise<unknown>

export interface Session {
  /** One statement. It takes effect when the world comes to it. */
  gate<T>(statement: () => T): Promise<T>
}

/** What it needs of a run. */
interface Run {
  activities: Map<number, Activity>
}

/** What it needs of the server. */
export interface Engine<R> {
  readonly host: { random: Random; hand(name: string): Hand; note(fault: string): void }
  readonly faults: Faults
  readonly ready: (() => Promise<void> | void)[]
  resolve(run: R, seq: number, outcome: { result?: unknown; error?: Error }): void
}

const lost = (): Error => Object.assign(new Error('the connection is lost'), { code: '08006' })

export class Activities<R extends Run> {
  private readonly engine: Engine<R>

  constructor(engine: Engine<R>) {
    this.engine = engine
  }

  /** Gives an activity to a worker, once more where it was given before. */
  attempt(run: R, activity: Activity): void {
    activity.attempt++
    const { attempt } = activity
    this.engine.ready.push(async () => {
      const current = () => run.activities.get(activity.seq) === activity && activity.attempt === attempt
      if (!current()) return
      const { random, note } = this.engine.host
      const slow = random.chance(this.engine.faults.slow)
      const session = slow ? this.slowly(run, activity, current) : quick
      if (slow && random.chance(this.engine.faults.zombie))
        this.engine.ready.push(() => {
          if (!current()) return
          note('zombie')
          this.attempt(run, activity)
        })
      void this.engine.host
        .hand(activity.name)(activity.input as never, session)
        .then(
          (result) => this.done(run, activity, current, { result }),
          (error: Error) => this.done(run, activity, current, { error }),
        )
      await drain()
    })
  }

  /** Each statement waits for its turn, and may be the last that its worker sends. */
  private slowly(run: R, activity: Activity, current: () => boolean): Session {
    return {
      gate: (statement) =>
        new Promise((resolve, reject) => {
          this.engine.ready.push(async () => {
            const { random, note } = this.engine.host
            if (random.chance(this.engine.faults.died)) {
              note('worker died in an activity')
              if (random.chance(500)) attempted(statement)
              if (current()) this.attempt(run, activity)
              return
            }
            if (random.chance(this.engine.faults.refused)) {
              note('database did not answer')
              if (random.chance(500)) attempted(statement)
              reject(lost())
            } else
              try {
                resolve(statement())
              } catch (error) {
                reject(error)
              }
            await drain()
          })
        }),
    }
  }

  private done(run: R, activity: Activity, current: () => boolean, { result, error }: { result?: unknown; error?: Error }): void {
    // The server has given up on this attempt: nobody listens to it any more.
    if (!current()) return
    const { random, note } = this.engine.host
    if (random.chance(this.engine.faults.answerLost)) {
      note('answer of an activity lost')
      return this.attempt(run, activity)
    }
    if (error && !(error instanceof ApplicationFailure && error.nonRetryable) && activity.attempt < (activity.attempts ?? Infinity))
      return this.attempt(run, activity)
    run.activities.delete(activity.seq)
    this.engine.resolve(run, activity.seq, error ? { error: new ActivityFailure(error) } : { result })
  }
}

const quick: Session = {
  gate: async (statement) => statement(),
}

function attempted(statement: () => unknown): void {
  try {
    statement()
  } catch {
    // Whoever sent it is dead, or hears of a lost connection.
  }
}
