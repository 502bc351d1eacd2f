import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNamed, resourceFields } from '../../../domain/order/occupied.ts'
import type { ProcessSpec } from '../../../domain/order/spec.ts'
import { specs } from '../../../domain/processes/index.ts'

describe('a file against what is occupied', () => {
  it.each([
    [[], [], [], []],
    [['a'], ['a'], [], []],
    [['b', 'a'], ['a', 'b'], [], []],
    [['a', 'a'], ['a'], [], []],
    [['a'], ['a', 'b', 'c'], ['b', 'c'], []],
    [['a', 'x'], ['a'], [], ['x']],
    [['x'], ['a'], ['a'], ['x']],
  ])('%j against %j', (named, occupied, unnamed, foreign) => {
    expect(compareNamed(named, occupied)).toEqual({ unnamed, foreign })
  })

  it('agrees exactly where both are the same set', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 6 })
    fc.assert(
      fc.property(ids, ids, (named, occupied) => {
        const { unnamed, foreign } = compareNamed(named, occupied)
        expect(unnamed.length + foreign.length === 0).toBe([...new Set(named)].sort().join() === [...new Set(occupied)].sort().join())
      }),
    )
  })
})

describe('fields of resources', () => {
  it('take what they name, but for the project file', () => {
    for (const spec of Object.values(specs) as ProcessSpec[])
      for (const [step, { outcomes }] of Object.entries(spec.steps))
        for (const [outcome, { form }] of Object.entries(outcomes)) {
          const { fields, naming } = resourceFields(spec, step, outcome)
          expect(fields).toEqual(Object.keys(form ?? {}).filter((name) => form![name]!.type === 'resources'))
          expect([spec.id, step, naming]).toEqual([spec.id, step, step === 'archive-project' ? 'accounts' : 'takes'])
        }
  })

  it('of a step or outcome that there is not are none', () => {
    const [spec] = Object.values(specs) as ProcessSpec[]
    expect(resourceFields(spec!, 'nothing', 'x').fields).toEqual([])
    expect(resourceFields(spec!, 'constructor', 'x').fields).toEqual([])
    expect(resourceFields(spec!, Object.keys(spec!.steps)[0]!, 'constructor').fields).toEqual([])
  })
})
