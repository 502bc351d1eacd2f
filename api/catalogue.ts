/** The processes that this door offers, and their computed graphs. */
import type { ProcessSpec } from '../domain/order/spec.ts'
import { type Graph, explore } from '../workflows/kit/explorer.ts'
import type { Process } from '../workflows/kit/process.ts'

export interface Catalogue {
  readonly specs: readonly ProcessSpec[]
  spec(id: string): ProcessSpec | undefined
  process(id: string): Process | undefined
  /** The computed graph. Found once, then remembered: a process does not change while the program runs. */
  graph(id: string): Promise<Graph | undefined>
}

export function createCatalogue(processes: readonly Process[]): Catalogue {
  const byId = new Map(processes.map((process) => [process.spec.id, process]))
  const graphs = new Map<string, Promise<Graph>>()
  return {
    specs: processes.map(({ spec }) => spec),
    spec: (id) => byId.get(id)?.spec,
    process: (id) => byId.get(id),
    graph: async (id) => {
      const process = byId.get(id)
      if (!process) return undefined
      const graph = graphs.get(id) ?? explore(process)
      graphs.set(id, graph)
      return graph
    },
  }
}
