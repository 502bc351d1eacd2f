/** Tries every outcome of a body, without an engine, and reports the edges: the diagram is computed, not drawn. */
import type { JournalEntry } from '../../domain/order/state.ts'
import { BodyHost, type Opening } from './body-host.ts'
import { blank } from '../../domain/order/evolve.ts'
import type { Process } from './process.ts'
import type { Fact } from '../../domain/order/spec.ts'

export interface Edge {
  outcome: string
  next: string
  end: boolean
}

export interface Graph {
  steps: { id: string; outcomes: Edge[] }[]
  ends: string[]
  /** Bodies run to find it. */
  runs: number
}

const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** How often one outcome may repeat on a path: enough to see what a second round leads to. */
const ROUNDS = 2

type Facts = Readonly<Record<string, Fact>>

/** The computed graph of a process: for an input, or for all those with which its body goes different ways. */
export async function explore(process: Process, input?: Facts): Promise<Graph> {
  const edges = new Map<string, Map<string, Edge>>(Object.keys(process.spec.steps).map((step) => [step, new Map()]))
  const ends = new Set<string>()
  const seen = new Set<string>()
  const inputs: readonly Facts[] = input ? [input] : [{}, ...(process.spec.entries ?? [])]
  const open = inputs.map((facts): { facts: Facts; journal: readonly JournalEntry[] } => ({ facts, journal: [] }))
  let runs = 0
  for (let next = open.pop(); next; next = open.pop()) {
    const { facts, journal } = next
    const stand = await standAfter(process, facts, journal)
    runs++
    note(process, edges, ends, journal.at(-1), stand)
    // What was told while something that is still open was open may matter beside its outcome: a group's edges depend on several.
    const group = journal.slice(stand.since).map((entry) => ('step' in entry ? `${entry.step}=${entry.outcome}` : ''))
    const signature = JSON.stringify([facts, stand.waiting.map(stepOf), group.sort(), stand.ended])
    if (stand.ended !== undefined || seen.has(signature)) continue
    seen.add(signature)
    for (const waiting of stand.waiting) {
      const step = stepOf(waiting)
      for (const outcome of Object.keys(process.spec.steps[step]?.outcomes ?? {})) {
        const rounds = journal.filter((entry) => 'step' in entry && entry.step === step && entry.outcome === outcome).length
        if (rounds >= ROUNDS) continue
        const n = Number(waiting.slice(waiting.lastIndexOf('.') + 1))
        const key = /:(.*)\.\d+$/.exec(waiting)?.[1]
        const entry: JournalEntry = { step, n, outcome, at: 0, ...(key !== undefined && { key }) }
        open.push({ facts, journal: [...journal, entry] })
      }
    }
  }
  return {
    steps: [...edges].map(([id, outcomes]) => ({ id, outcomes: [...outcomes.values()] })),
    ends: [...ends],
    runs,
  }
}

const stepOf = (task: string): string => task.slice(0, task.search(/[:.]/))

interface Stand {
  waiting: string[]
  /** Opened by the last entry of the journal. */
  opened: string[]
  /** Length of the journal when the oldest of what waits was opened. */
  since: number
  ended: string | undefined
}

/** Where the body stands after a journal. */
export async function standAfter(
  process: Process,
  input: Readonly<Record<string, Fact>>,
  journal: readonly JournalEntry[],
): Promise<Stand> {
  let opened: string[] = []
  let told = 0
  const openedAt = new Map<string, number>()
  const host = new BodyHost(process, 'explored', (opening: Opening) => {
    if (opening.kind !== 'task') return
    opened.push(opening.step)
    openedAt.set(opening.task, told)
  })
  host.start({ ...blank('explored'), input })
  await drain()
  while (told < journal.length) {
    opened = []
    told++
    host.tell({ ...blank('explored'), input, journal: journal.slice(0, told) })
    await drain()
  }
  if (host.failed !== undefined) throw new Error(`${process.spec.id}: the body failed: ${host.failed}`)
  const waiting = host.waiting()
  return { waiting, opened, since: Math.min(...waiting.map((task) => openedAt.get(task) ?? 0), told), ended: host.ended }
}

function note(
  process: Process,
  edges: Map<string, Map<string, Edge>>,
  ends: Set<string>,
  last: JournalEntry | undefined,
  stand: Stand,
): void {
  if (stand.ended !== undefined) ends.add(stand.ended)
  if (!last || !('step' in last)) return
  const row = edges.get(last.step)
  const add = (edge: Edge) => row?.set(`${edge.outcome} ${edge.next}`, edge)
  if (stand.ended !== undefined) add({ outcome: last.outcome, next: stand.ended, end: true })
  for (const next of stand.opened) add({ outcome: last.outcome, next, end: false })
  if (stand.ended === undefined && stand.waiting.length === 0)
    throw new Error(`${process.spec.id}: after ${last.step}=${last.outcome} nothing is open and the order has not ended`)
}
