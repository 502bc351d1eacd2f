import { describe, expect, it } from 'vitest'
import type { ProcessSpec } from '../../../domain/order/spec.ts'
import { documents, versionOf } from '../../../domain/processes/documents.ts'
import { specs } from '../../../domain/processes/index.ts'

describe('the steps of a document', () => {
  it.each(Object.entries(documents))('%s are steps of its process', (process, { drawnUpBy, outcome, reviewedBy }) => {
    const spec = (Object.values(specs) as ProcessSpec[]).find(({ id }) => id === process)
    expect(spec).toBeDefined()
    expect(Object.keys(spec!.steps[drawnUpBy]?.outcomes ?? {})).toContain(outcome)
    for (const step of reviewedBy) expect(Object.keys(spec!.steps)).toContain(step)
  })

  it.each([
    ['contract-countersign', 'draft-contract', 0, 1],
    ['contract-countersign', 'draft-contract', 2, 3],
    ['contract-countersign', 'customer-review', 2, 2],
    ['contract-countersign', 'customer-review', 0, null],
    ['solution-argumentation', 'study-needs', 0, null],
    ['solution-argumentation', 'study-needs', 1, null],
    ['solution-argumentation', 'argue-solution', 1, 1],
    ['graded-fault', 'diagnose', 1, null],
    ['constructor', 'draft-contract', 1, null],
  ])('%s %s after %i: %s', (process, step, before, version) => {
    expect(versionOf(process, step, before)).toBe(version)
  })
})
