/** The graph of a process as boxes and lines, laid out from above by layers (dagre). */
import { Graph as Dagre, layout as place } from '@dagrejs/dagre'
import type { Title } from '../../http/types.ts'
import type { ProcessDetail } from '../../http/types.ts'
import { edgeKey, endId, firstSteps, type Graph, START } from './route.ts'
import { measure, wrap } from './wrap.ts'

export const FONT = 13
export const LINE = 18
export const SMALL = 11
const BOX = 152
const LABEL = 96
const PAD = 10
/** Two lines below the title: who holds it, and until when. */
const FOOT = 34
/** How far a step's way back to itself reaches. */
const LOOP = 30

export interface Box {
  id: string
  kind: 'start' | 'step' | 'end'
  lines: string[]
  x: number
  y: number
  width: number
  height: number
}

export interface Line {
  /** Keys of the edges that it stands for: several outcomes may lead the same way. */
  keys: string[]
  from: string
  to: string
  lines: string[]
  x: number
  y: number
  path: string
  /** Leads back to what came before. */
  back: boolean
}

export interface Drawing {
  boxes: Box[]
  lines: Line[]
  width: number
  height: number
}

interface Point {
  x: number
  y: number
}

type Say = (title: Title | undefined) => string

/** @param foot steps whose boxes need room for holder and due */
export function drawing(process: ProcessDetail, say: Say, foot: ReadonlySet<string>): Drawing {
  const graph = process.graph
  const dagre = new Dagre({ multigraph: true })
  dagre.setGraph({ rankdir: 'TB', nodesep: 30, ranksep: 34, edgesep: 18, marginx: 16, marginy: 16, ranker: 'network-simplex' })
  const boxes = new Map<string, Omit<Box, 'x' | 'y'>>()
  const add = (box: Omit<Box, 'x' | 'y'>) => {
    boxes.set(box.id, box)
    dagre.setNode(box.id, { width: box.width, height: box.height })
  }
  add({ id: START, kind: 'start', lines: [], width: 22, height: 22 })
  for (const id of reached(graph)) {
    const lines = wrap(say(process.steps[id]?.title) || id, (BOX - 2 * PAD) / FONT)
    add({ id, kind: 'step', lines, width: BOX, height: lines.length * LINE + 2 * PAD + (foot.has(id) ? FOOT : 0) })
  }
  for (const end of graph.ends) {
    const lines = wrap(say(process.ends[end]?.title) || end, 9)
    const width = Math.max(64, Math.max(...lines.map(measure)) * FONT + 32)
    add({ id: endId(end), kind: 'end', lines, width, height: lines.length * LINE + 14 })
  }
  const edges = new Map<string, Omit<Line, 'x' | 'y' | 'path' | 'back' | 'lines'> & { titles: string[] }>()
  const lead = (from: string, outcome: string, to: string, title: string) => {
    const known = edges.get(`${from}\n${to}`)
    if (known) {
      known.keys.push(edgeKey(from, outcome, to))
      known.titles.push(title)
    } else edges.set(`${from}\n${to}`, { from, to, keys: [edgeKey(from, outcome, to)], titles: [title] })
  }
  for (const first of firstSteps(graph)) lead(START, '', first, '')
  for (const { id, outcomes } of graph.steps)
    for (const { outcome, next, end } of outcomes) {
      const to = end ? endId(next) : next
      // A step without a choice says nothing by its outcome.
      const single = new Set(outcomes.map((one) => one.outcome)).size === 1
      lead(id, outcome, to, single ? '' : say(process.steps[id]?.outcomes[outcome]?.title) || outcome)
    }
  const loops = backward(graph)
  const labelled = new Map<string, string[]>()
  for (const [key, { from, to, titles }] of edges) {
    const text = [...new Set(titles)].filter(Boolean).join(' / ')
    const lines = text === '' ? [] : wrap(text, LABEL / SMALL, 3)
    labelled.set(key, lines)
    const width = lines.length === 0 ? 0 : Math.max(...lines.map(measure)) * SMALL + 10 + (from === to ? LOOP : 0)
    const back = loops.has(key)
    const [upper, lower] = back ? [to, from] : [from, to]
    dagre.setEdge(upper, lower, { width, height: lines.length * 14, labelpos: 'c', weight: back ? 1 : from === START ? 4 : 2 }, key)
  }
  place(dagre)
  const { width = 0, height = 0 } = dagre.graph() as { width?: number; height?: number }
  const placed = [...boxes.values()].map((box) => ({ ...box, ...(dagre.node(box.id) as unknown as Point) }))
  const lines = [...edges].map(([key, { from, to, keys }]): Line => {
    const back = loops.has(key)
    const [upper, lower] = back ? [to, from] : [from, to]
    const { points, x, y } = dagre.edge(upper, lower, key) as unknown as { points: Point[] } & Partial<Point>
    if (from === to) {
      const box = placed.find(({ id }) => id === from)!
      return { from, to, keys, back, lines: labelled.get(key)!, ...around(box, labelled.get(key)!) }
    }
    const path = smooth(back ? [...points].reverse() : points)
    return { from, to, keys, back, lines: labelled.get(key)!, x: x ?? 0, y: y ?? 0, path }
  })
  return { boxes: placed, lines, width, height }
}

/**
 * Edges that lead back: part of a loop, and against the order in which the specification lists the steps. Drawn the other way round
 * they leave no loop, so that the way that is meant runs from above.
 */
function backward({ steps }: Graph): Set<string> {
  const place = new Map(steps.map(({ id }, i) => [id, i]))
  const next = new Map(steps.map(({ id, outcomes }) => [id, outcomes.flatMap((edge) => (edge.end ? [] : [edge.next]))]))
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set<string>()
    const open = [from]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === to) return true
      if (seen.has(id)) continue
      seen.add(id)
      open.push(...(next.get(id) ?? []))
    }
    return false
  }
  const found = new Set<string>()
  for (const [from, targets] of next)
    for (const to of targets) if (place.get(to)! <= place.get(from)! && reaches(to, from)) found.add(`${from}\n${to}`)
  return found
}

/** Steps that the body can come to; a specification may name one that a rule always answers. */
const reached = (graph: Graph): string[] => {
  const led = new Set(graph.steps.flatMap(({ outcomes }) => outcomes.map(({ next }) => next)))
  return graph.steps.filter(({ id, outcomes }) => outcomes.length > 0 || led.has(id)).map(({ id }) => id)
}

/** Out of a box at its right and back into it, the words beside; the layout keeps this room free. */
function around({ x, y, width }: Point & { width: number }, lines: readonly string[]): Pick<Line, 'x' | 'y' | 'path'> {
  const edge = x + width / 2
  const wide = Math.max(0, ...lines.map(measure)) * SMALL
  const path = `M${n(edge)} ${n(y - 10)}C${n(edge + LOOP)} ${n(y - 24)} ${n(edge + LOOP)} ${n(y + 24)} ${n(edge)} ${n(y + 10)}`
  return { x: edge + LOOP * 0.75 + 6 + wide / 2, y, path }
}

const n = (value: number): string => value.toFixed(1)

/** Through the middles of the parts, rounded at the corners. */
function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  let path = `M${n(first.x)} ${n(first.y)}`
  rest.forEach((point, i) => {
    const next = rest[i + 1]
    path += next ? `Q${n(point.x)} ${n(point.y)} ${n((point.x + next.x) / 2)} ${n((point.y + next.y) / 2)}` : `L${n(point.x)} ${n(point.y)}`
  })
  return path
}
