/** Where an order has been on the graph of its process: what was done how often, which edges were taken, what is open. */
import type { Order, ProcessDetail, Task } from '../../http/types.ts'

export type Graph = ProcessDetail['graph']

export interface StepSoFar {
  /** Openings that have ended with an outcome. */
  done: number
  open: readonly Task[]
  cancelled: number
}

export interface Route {
  steps: ReadonlyMap<string, StepSoFar>
  /** How often an edge was taken, by {@link edgeKey}. */
  taken: ReadonlyMap<string, number>
}

export const START = 'start()'
export const endId = (end: string): string => `end(${end})`
export const edgeKey = (from: string, outcome: string, to: string): string => `${from}\n${outcome}\n${to}`

type Told = Pick<Order, 'tasks' | 'end'>

/** Steps that nothing leads to: the order begins there. Where all are led to (a loop), the first. */
export function firstSteps({ steps }: Graph): string[] {
  const led = new Set(steps.flatMap(({ id, outcomes }) => outcomes.flatMap(({ next, end }) => (end || next === id ? [] : [next]))))
  const free = steps.filter(({ id, outcomes }) => !led.has(id) && outcomes.length > 0).map(({ id }) => id)
  return free.length > 0 ? free : steps.slice(0, 1).map(({ id }) => id)
}

const at = (iso: string): number => Date.parse(iso)

/**
 * An outcome that leads to several steps led to those that opened next: where a branch waited for another, to what both led to.
 */
export function routeOf(graph: Graph, { tasks, end }: Told): Route {
  const steps = new Map<string, { done: number; open: Task[]; cancelled: number }>()
  for (const task of tasks) {
    const so = steps.get(task.step) ?? { done: 0, open: [], cancelled: 0 }
    if (task.closedAt === null) so.open.push(task)
    else if (task.outcome !== null) so.done++
    else so.cancelled++
    steps.set(task.step, so)
  }
  const taken = new Map<string, number>()
  const take = (key: string) => taken.set(key, (taken.get(key) ?? 0) + 1)
  const openings = (step: string) => tasks.filter((task) => task.step === step).map(({ openedAt }) => at(openedAt))
  for (const first of firstSteps(graph)) if (tasks.some(({ step }) => step === first)) take(edgeKey(START, '', first))
  for (const { step, outcome, closedAt } of tasks) {
    if (outcome === null || closedAt === null) continue
    const closed = at(closedAt)
    const nexts = graph.steps.find(({ id }) => id === step)?.outcomes.filter((edge) => edge.outcome === outcome) ?? []
    const reached = nexts.flatMap((edge) => {
      if (edge.end) return edge.next === end ? [{ edge, opened: Number.MAX_SAFE_INTEGER }] : []
      const opened = openings(edge.next).filter((instant) => instant >= closed)
      return opened.length > 0 ? [{ edge, opened: Math.min(...opened) }] : []
    })
    const soonest = Math.min(...reached.map(({ opened }) => opened))
    // Done again before what follows opened: this time led nowhere.
    const again = openings(step).some((instant) => instant > closed && instant < soonest)
    if (again && !nexts.some(({ next }) => next === step)) continue
    for (const { edge, opened } of reached) if (opened === soonest) take(edgeKey(step, outcome, edge.end ? endId(edge.next) : edge.next))
  }
  return { steps, taken }
}
