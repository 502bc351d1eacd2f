/** What stories came to: counted, so that it shows what they never do. */
export interface OfProcess {
  opened: number
  moves: number
  ends: Record<string, number>
  /** By `step=outcome`. */
  outcomes: Record<string, number>
}

export interface Covered {
  moves: number
  orders: number
  processes: Record<string, OfProcess>
  /** Commands that took effect, by type; and those refused, by code. */
  commands: Record<string, number>
  refused: Record<string, number>
  faults: Record<string, number>
}

export const nothingCovered = (): Covered => ({ moves: 0, orders: 0, processes: {}, commands: {}, refused: {}, faults: {} })

export const count = (into: Record<string, number>, what: string, times = 1): void => {
  into[what] = (into[what] ?? 0) + times
}

export const ofProcess = ({ processes }: Covered, process: string): OfProcess =>
  (processes[process] ??= { opened: 0, moves: 0, ends: {}, outcomes: {} })

/** Adds what another has counted. */
export function add(into: Covered, more: Covered): void {
  const sum = (a: Record<string, number>, b: Record<string, number>) => {
    for (const [what, times] of Object.entries(b)) count(a, what, times)
  }
  into.moves += more.moves
  into.orders += more.orders
  for (const [process, { opened, moves, ends, outcomes }] of Object.entries(more.processes)) {
    const of = ofProcess(into, process)
    of.opened += opened
    of.moves += moves
    sum(of.ends, ends)
    sum(of.outcomes, outcomes)
  }
  sum(into.commands, more.commands)
  sum(into.refused, more.refused)
  sum(into.faults, more.faults)
}
