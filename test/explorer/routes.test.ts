/** The route of every specification, which the promise goes by, is a way that its body really takes. */
import { describe, expect, it } from 'vitest'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { explore, type Graph, standAfter } from '../../workflows/kit/explorer.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { processes } from '../../workflows/processes.ts'

const groupsOf = ({ route }: ProcessSpec): (readonly string[])[] => route.map((step) => (typeof step === 'string' ? [step] : step))

/** What is wrong with a route, in words. */
async function faults(process: Process): Promise<string[]> {
  const graph = await explore(process)
  const start = await standAfter(process, {}, [])
  const groups = groupsOf(process.spec)
  const steps = groups.flat()
  const found = steps.filter((step, i) => steps.indexOf(step) !== i).map((step) => `${step} is twice on the route`)
  if (groups.length === 0 || groups.some((group) => group.length === 0)) found.push('the route, or a part of it, is empty')
  for (const step of groups[0] ?? []) if (!start.opened.includes(step)) found.push(`no order begins with ${step}`)
  for (const [i, group] of groups.slice(1).entries()) {
    const before = groups[i]!
    for (const step of group)
      if (!before.some((from) => leads(graph, from, step))) found.push(`${before.join(' or ')} does not lead to ${step}`)
  }
  const last = groups.at(-1) ?? []
  if (!last.some((step) => edgesOf(graph, step).some(({ end }) => end))) found.push(`${last.join(' or ')} does not lead to an end`)
  return found
}

const edgesOf = (graph: Graph, step: string) => graph.steps.find(({ id }) => id === step)?.outcomes ?? []
const leads = (graph: Graph, from: string, to: string) => edgesOf(graph, from).some(({ next, end }) => !end && next === to)

describe('the route', () => {
  it.each(processes.map((process) => [process.spec.no, process] as const))('of %s is a way through its body', async (_no, process) => {
    expect(await faults(process)).toEqual([])
  })

  it.each([
    [
      'leaves a step out',
      ['draft-contract', 'customer-review', 'director-review', 'sign-contract', 'archive-contract'],
      ['draft-contract does not lead to customer-review'],
    ],
    ['begins in the middle', ['director-review', 'sign-contract', 'archive-contract'], ['no order begins with director-review']],
    [
      'stops before the end',
      ['draft-contract', ['countersign-business', 'countersign-finance'], 'customer-review'],
      // The customer may give the contract up.
      [],
    ],
    [
      'names a step that there is not',
      ['draft-contract', 'gone'],
      ['draft-contract does not lead to gone', 'gone does not lead to an end'],
    ],
    [
      'ends where the order goes on',
      ['draft-contract', ['countersign-business', 'countersign-finance']],
      ['countersign-business or countersign-finance does not lead to an end'],
    ],
    ['is empty', [], ['the route, or a part of it, is empty', ' does not lead to an end']],
  ])('that %s is found', async (_what, route, expected) => {
    const process = processes.find(({ spec }) => spec.no === 'P-04')!
    expect(await faults({ ...process, spec: { ...process.spec, route } })).toEqual(expected)
  })
})
