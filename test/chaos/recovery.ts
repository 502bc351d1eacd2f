/** How long it takes after a kill: until the parts are up, and until people get on. */
import type { Fault, FaultKind } from './faults.ts'
import type { PartName } from './stack.ts'

interface Kill {
  fault: Fault
  waiting: Set<PartName>
  /** Keys of requests that were under way. */
  caught: Set<string>
  /** Ms after the kill. */
  upAfter?: number
  servedAfter?: number
  caughtAfter?: number
}

export interface Spread {
  n: number
  min: number
  median: number
  max: number
}

export interface Times {
  /** The parts are up again. */
  up: Spread
  /** Somebody who asked after the kill has been answered. */
  served: Spread
  /** The last of those who had asked before has been answered. */
  caught: Spread
}

export class Recovery {
  private readonly kills: Kill[] = []

  killed(fault: Fault, underWay: Iterable<string>): void {
    this.kills.push({ fault, waiting: new Set(fault.kills), caught: new Set(underWay) })
  }

  up(part: PartName, at = Date.now()): void {
    for (const kill of this.kills) {
      if (!kill.waiting.delete(part) || kill.waiting.size > 0) continue
      kill.upAfter = at - kill.fault.at
    }
  }

  /** @param asked when the request was first sent; both epoch ms */
  acknowledged(key: string, asked: number, at: number): void {
    for (const kill of this.kills) {
      if (kill.servedAfter === undefined && asked >= kill.fault.at) kill.servedAfter = at - kill.fault.at
      this.answered(kill, key, at)
    }
  }

  /** Refusals and what was given up end the waiting, too. */
  settled(underWay: ReadonlySet<string>, at = Date.now()): void {
    for (const kill of this.kills) for (const key of kill.caught) if (!underWay.has(key)) this.answered(kill, key, at)
  }

  private answered(kill: Kill, key: string, at: number): void {
    if (kill.caught.delete(key)) kill.caughtAfter = at - kill.fault.at
  }

  /** Parts that are down still. */
  get down(): PartName[] {
    return [...new Set(this.kills.flatMap(({ waiting }) => [...waiting]))]
  }

  /** After the last kill somebody has been answered. */
  get served(): boolean {
    return this.kills.every(({ servedAfter }) => servedAfter !== undefined)
  }

  get byKind(): Map<FaultKind, Times> {
    const kinds = [...new Set(this.kills.map(({ fault }) => fault.kind))]
    return new Map(
      kinds.map((kind) => {
        const of = this.kills.filter(({ fault }) => fault.kind === kind)
        return [
          kind,
          {
            up: spread(of.map(({ upAfter }) => upAfter)),
            served: spread(of.map(({ servedAfter }) => servedAfter)),
            caught: spread(of.map(({ caughtAfter }) => caughtAfter)),
          },
        ]
      }),
    )
  }
}

export function spread(values: readonly (number | undefined)[]): Spread {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b)
  const at = (share: number) => known[Math.min(known.length - 1, Math.floor(share * known.length))] ?? Number.NaN
  return { n: known.length, min: at(0), median: at(0.5), max: at(1) }
}
