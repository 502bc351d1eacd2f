/** What is done to a stack while people work with it. */
import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChaosStack, type PartName, partNames, signal } from './stack.ts'

export type KillKind = PartName | 'stack'
export type TroubleKind = 'cut record' | 'cut engine' | 'cut API' | 'slow record' | 'disk full' | 'clock jump' | 'frozen worker'
export type FaultKind = KillKind | TroubleKind

export interface Fault {
  kind: FaultKind
  /** Parts that are killed by it. */
  kills: readonly PartName[]
  /** Epoch ms. */
  at: number
  what: string
}

const killWeights: Record<KillKind, number> = { worker: 20, 'worker-2': 8, api: 17, temporal: 25, postgresql: 25, stack: 5 }
const troubleWeights: Record<TroubleKind, number> = {
  'cut record': 5,
  'cut engine': 5,
  'cut API': 5,
  'slow record': 3,
  'disk full': 2,
  'clock jump': 3,
  'frozen worker': 3,
}

export const isKill = (kind: FaultKind): kind is KillKind => kind in killWeights

function weighted<K extends string>(random: () => number, weights: Record<K, number>): K {
  const entries = Object.entries(weights) as [K, number][]
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries[0]!)[0]
}

/**
 * The next `n` kinds of kills. Of each kind there is one before any comes by chance, so that a short run has all.
 */
export function killPlan(random: () => number, n: number): KillKind[] {
  const each: KillKind[] = ['worker', 'api', 'temporal', 'postgresql', 'worker-2', 'stack']
  return Array.from({ length: n }, (_, i) => each[i] ?? weighted(random, killWeights))
}

export class Troubles {
  private readonly stack: ChaosStack
  private readonly random: () => number
  /** Kinds that can be made here, each once before any comes by chance. */
  private readonly first: TroubleKind[]
  private readonly possible: Record<TroubleKind, number>
  /** How long one lasts at most, in ms. */
  private readonly longest: number
  private under: Promise<void> = Promise.resolve()
  private readonly stop = new AbortController()

  constructor(stack: ChaosStack, random: () => number, longest: number) {
    this.stack = stack
    this.random = random
    this.longest = longest
    this.possible = { ...troubleWeights }
    if (!stack.disk) this.possible['disk full'] = 0
    if (!stack.clock) this.possible['clock jump'] = 0
    this.first = (Object.keys(troubleWeights) as TroubleKind[]).filter((kind) => this.possible[kind] > 0)
  }

  /** What cannot be done on this machine. */
  get leftOut(): TroubleKind[] {
    return (Object.keys(this.possible) as TroubleKind[]).filter((kind) => this.possible[kind] === 0)
  }

  /** Makes one, unless one is under way. It ends by itself. */
  make(busy: { is: boolean }): Fault | undefined {
    if (busy.is) return undefined
    const kind = this.first.shift() ?? weighted(this.random, this.possible)
    const ms = Math.round(this.longest * (0.3 + 0.7 * this.random()))
    busy.is = true
    const { what, undo } = this.begin(kind, ms)
    this.under = sleep(ms, undefined, { signal: this.stop.signal })
      .catch(() => {})
      .then(undo)
      .finally(() => {
        busy.is = false
      })
    return { kind, kills: [], at: Date.now(), what }
  }

  private begin(kind: TroubleKind, ms: number): { what: string; undo: () => void } {
    const { wires, disk, clock, pid } = this.stack
    const none = () => {}
    const wire = { 'cut record': wires.postgresql, 'cut engine': wires.temporal, 'cut API': wires.api } as const
    switch (kind) {
      case 'cut record':
      case 'cut engine':
      case 'cut API': {
        // Half of them only break what is said, the others last a while.
        if (this.random() < 0.5) return { what: `${wire[kind].cut()} connections cut`, undo: none }
        wire[kind].out(true)
        return { what: `out for ${ms} ms`, undo: () => wire[kind].out(false) }
      }
      case 'slow record':
        wires.postgresql.delay(200)
        return { what: `every statement 200 ms slower for ${ms} ms`, undo: () => wires.postgresql.delay(0) }
      case 'disk full': {
        const ballast = join(disk!, 'ballast')
        const undo = () => rmSync(ballast, { force: true })
        try {
          const { bavail, bsize } = statfsSync(disk!)
          execFileSync('fallocate', ['-l', String(bavail * bsize), ballast], { stdio: 'pipe' })
        } catch (error) {
          undo()
          return { what: `could not be filled: ${(error as Error).message.split('\n')[0]}`, undo }
        }
        return { what: `no byte left for ${ms} ms`, undo }
      }
      case 'clock jump': {
        const seconds = oneOf(this.random, [3_600, -3_600, 86_400, -120, 45])
        clock!(seconds)
        return { what: `API and second worker ${seconds} s away for ${ms} ms`, undo: () => clock!(0) }
      }
      case 'frozen worker': {
        const frozen = pid(oneOf(this.random, ['worker', 'worker-2'] as const))
        signal(frozen, 'SIGSTOP')
        return { what: `for ${ms} ms`, undo: () => signal(frozen, 'SIGCONT') }
      }
    }
  }

  /** Ends what is under way. */
  async end(): Promise<void> {
    this.stop.abort()
    await this.under
  }
}

const oneOf = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

/** Ends the parts with SIGKILL, all at once. */
export function kill(stack: ChaosStack, kind: KillKind): Fault {
  const kills = kind === 'stack' ? partNames : [kind]
  for (const part of kills) stack.kill(part)
  return { kind, kills, at: Date.now(), what: 'kill -9' }
}
