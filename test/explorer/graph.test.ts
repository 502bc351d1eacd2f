/** The graph that each body computes is the documented one, but for what is declared with a reason. */
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../domain/order/state.ts'
import { explore, standAfter } from '../../workflows/kit/explorer.ts'
import { processes } from '../../workflows/processes.ts'
import { specs } from '../../domain/processes/index.ts'
import { documented, routes } from '../domain/processes/catalogue.ts'

const processOf = (no: string) => processes.find(({ spec }) => spec.no === no)!
const rowOf = (route: string): string => route.slice(0, route.indexOf(' →'))

it('every specification has its body', () => {
  expect(processes.map(({ spec }) => spec)).toEqual([...specs])
})

describe.each(documented)('$no $id', ({ no, steps }) => {
  const process = processOf(no)
  const declared = new Set((process.spec.differences ?? []).map(({ step, outcome }) => `${step} = ${outcome}`))

  it('computes the documented routes', async () => {
    const graph = await explore(process)
    const undeclared = (of: string[]) => of.filter((route) => !declared.has(rowOf(route)))
    expect(undeclared(routes(graph.steps))).toEqual(undeclared(routes(steps)))
  })

  it('declares no difference that is none, and each with a reason', async () => {
    const computed = routes((await explore(process)).steps)
    const drawn = routes(steps)
    const rows = (of: string[], row: string) => of.filter((route) => rowOf(route) === row)
    for (const row of declared) expect(rows(computed, row), row).not.toEqual(rows(drawn, row))
    for (const { reason } of process.spec.differences ?? []) expect(reason.length).toBeGreaterThan(60)
  })

  it('reaches every end and every outcome of every step', async () => {
    const graph = await explore(process)
    expect([...graph.ends].sort()).toEqual(Object.keys(process.spec.ends).sort())
    for (const { id, outcomes } of graph.steps)
      expect([...new Set(outcomes.map(({ outcome }) => outcome))].sort()).toEqual(Object.keys(process.spec.steps[id]!.outcomes).sort())
  })
})

describe('P-04', () => {
  it('in turn has exactly the drawn route', async () => {
    const graph = await explore(processOf('P-04'), { countersign: 'serial' })
    expect(routes(graph.steps)).toEqual(routes(documented.find(({ no }) => no === 'P-04')!.steps))
  })

  it('side by side waits for both opinions, and one objection is enough whoever is last', async () => {
    const process = processOf('P-04')
    const drafted: JournalEntry = { step: 'draft-contract', n: 1, outcome: 'drafted', at: 0 }
    const opinion = (who: string, outcome: string): JournalEntry => ({ step: `countersign-${who}`, n: 1, outcome, at: 0 })
    const open = async (...opinions: JournalEntry[]) => (await standAfter(process, {}, [drafted, ...opinions])).waiting
    expect(await open()).toEqual(['countersign-business.1', 'countersign-finance.1'])
    expect(await open(opinion('finance', 'objection'))).toEqual(['countersign-business.1'])
    expect(await open(opinion('finance', 'objection'), opinion('business', 'agreed'))).toEqual(['draft-contract.2'])
    expect(await open(opinion('business', 'objection'), opinion('finance', 'agreed'))).toEqual(['draft-contract.2'])
    expect(await open(opinion('business', 'agreed'), opinion('finance', 'agreed'))).toEqual(['customer-review.1'])
  })
})

describe.each(['P-12', 'P-13'])('%s', (no) => {
  it('pays nothing without an approved proposal by clause or a signed agreement', async () => {
    const process = processOf(no)
    const paths = await pathsTo(process, 'execute-compensation')
    expect(paths.length).toBeGreaterThanOrEqual(3)
    for (const path of paths) {
      const byClause = path.includes('decide-clause=yes') && path.at(-1) === 'propose-by-contract=approved'
      const byAgreement = path.includes('negotiate-compensation=agreed') && path.at(-1) === 'sign-agreement=signed'
      expect(byClause !== byAgreement, path.join(' ')).toBe(true)
    }
  })
})

/** Every way, with each outcome at most once, by which the body comes to open a step. */
async function pathsTo(process: (typeof processes)[number], step: string): Promise<string[][]> {
  const found: string[][] = []
  const open: JournalEntry[][] = [[]]
  for (let journal = open.pop(); journal; journal = open.pop()) {
    const stand = await standAfter(process, {}, journal)
    const names = journal.map((entry) => ('step' in entry ? `${entry.step}=${entry.outcome}` : ''))
    if (stand.opened.includes(step)) {
      found.push(names)
      continue
    }
    for (const task of stand.waiting) {
      const [id, n] = task.split('.') as [string, string]
      for (const outcome of Object.keys(process.spec.steps[id]!.outcomes))
        if (!names.includes(`${id}=${outcome}`)) open.push([...journal, { step: id, n: Number(n), outcome, at: 0 }])
    }
  }
  return found
}
