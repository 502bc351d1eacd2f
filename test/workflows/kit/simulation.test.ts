/** Seeded stories over the machine: any sequence of inputs, failures and new runs keeps the invariants. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sample } from '../../support/sample.ts'
import { simulate } from '../../support/simulator.ts'

const story = fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 120 })

describe('simulated stories of the sample process', () => {
  it('keep every invariant', async () => {
    let moves = 0
    const ends = new Set<string>()
    await fc.assert(
      fc.asyncProperty(story, async (choices) => {
        const played = await simulate(sample, choices)
        moves += played.moves
        if (played.state.end) ends.add(played.state.end)
      }),
      { numRuns: 800, seed: 20260105 },
    )
    // The stories go somewhere: orders end in every way the process knows.
    expect(moves).toBeGreaterThan(10_000)
    expect([...ends].sort()).toEqual(['done', 'dropped', 'moved', 'withdrawn'])
  })
})
