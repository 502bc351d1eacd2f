/** Whether what has happened is what the process's graph allows: move by move, as a log of process mining is replayed. */
import type { OrderEvent } from '../../domain/order/event.ts'
import { logEntry } from '../../domain/order/verify/log.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { explore, type Graph, standAfter } from './explorer.ts'
import type { Process } from './process.ts'

export interface Model {
  process: string
  /** Steps that an order may begin with. */
  starts: ReadonlySet<string>
  /** `step outcome` → steps and ends that it leads to. */
  leads: ReadonlyMap<string, { steps: ReadonlySet<string>; ends: ReadonlySet<string> }>
}

export interface Deviation {
  /** Event where it shows. */
  seq: number
  at: number
  step: string
  what: 'not-allowed-here' | 'not-open' | 'unknown-outcome' | 'not-an-end-here'
  /** What happened, and what the graph would have allowed. */
  was: string
  allowed: string[]
}

export interface Conformance {
  /** Openings, outcomes and ends that were looked at, and those of them that the graph allows. */
  moves: number
  fit: number
  deviations: Deviation[]
}

/** The computed graph of a process, as openings are checked against it. */
export async function modelOf(process: Process, graph?: Graph): Promise<Model> {
  const { steps } = graph ?? (await explore(process))
  const leads = new Map<string, { steps: Set<string>; ends: Set<string> }>()
  for (const { id, outcomes } of steps)
    for (const { outcome, next, end } of outcomes) {
      const lead = leads.get(`${id} ${outcome}`) ?? { steps: new Set(), ends: new Set() }
      leads.set(`${id} ${outcome}`, lead)
      if (end) lead.ends.add(next)
      else lead.steps.add(next)
    }
  const starts = new Set<string>()
  const inputs: readonly Readonly<Record<string, Fact>>[] = [{}, ...(process.spec.entries ?? [])]
  for (const input of inputs) for (const step of (await standAfter(process, input, [])).opened) starts.add(step)
  return { process: process.spec.id, starts, leads }
}

/**
 * Replays a history. What lies outside the graph is no deviation: a withdrawal, and what an amendment opens anew. An outcome enables what
 * it leads to; opening it uses that up, however many of the step one move opens.
 */
export function conform(model: Model, events: readonly (OrderEvent & { move: number })[]): Conformance {
  const enabled = new Map<string, number>()
  const ends = new Set<string>()
  const open = new Set<string>()
  const found: Conformance = { moves: 0, fit: 0, deviations: [] }
  let free = false
  let move = 0
  const used = new Set<string>()
  const look = (fits: boolean, deviation: () => Deviation) => {
    found.moves++
    if (fits) found.fit++
    else found.deviations.push(deviation())
  }
  for (const step of model.starts) enabled.set(step, 1)
  for (const event of events) {
    if (event.move !== move) {
      for (const step of used) enabled.set(step, (enabled.get(step) ?? 1) - 1)
      used.clear()
      free = false
      move = event.move
    }
    const at = { seq: event.seq, at: event.at }
    if (event.type === 'order-amended') free = event.data.kept !== undefined
    if (event.type === 'task-opened') {
      const { task, step } = event.data
      const allowed = [...enabled].flatMap(([name, n]) => (n > 0 ? [name] : [])).sort()
      look(free || (enabled.get(step) ?? 0) > 0, () => ({ ...at, step, what: 'not-allowed-here', was: `${step} opened`, allowed }))
      used.add(step)
      open.add(task)
    } else if (event.type === 'task-completed') {
      const { task, outcome } = event.data
      const step = logEntry(event).step!
      const lead = model.leads.get(`${step} ${outcome}`)
      const outcomes = [...model.leads.keys()].filter((key) => key.startsWith(`${step} `)).map((key) => key.slice(step.length + 1))
      if (!open.delete(task))
        look(false, () => ({ ...at, step, what: 'not-open', was: `${task} ended with ${outcome}`, allowed: [...open] }))
      else
        look(lead !== undefined, () => ({ ...at, step, what: 'unknown-outcome', was: `${task} ended with ${outcome}`, allowed: outcomes }))
      for (const next of lead?.steps ?? []) enabled.set(next, (enabled.get(next) ?? 0) + 1)
      for (const end of lead?.ends ?? []) ends.add(end)
    } else if (event.type === 'task-cancelled') open.delete(event.data.task)
    else if (event.type === 'order-withdrawn' || event.type === 'order-raised')
      ends.add(event.type === 'order-withdrawn' ? 'withdrawn' : '*')
    else if (event.type === 'order-closed') {
      const { end } = event.data
      look(ends.has(end) || ends.has('*'), () => ({
        ...at,
        step: '',
        what: 'not-an-end-here',
        was: `it ended with ${end}`,
        allowed: [...ends].sort(),
      }))
    }
  }
  return found
}
