/** Seeded stories over the machine and a process that has every shape; over all processes and their engine: test/dst. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sample } from '../../support/sample.ts'
import { simulate } from '../../support/simulator.ts'

const story = fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 160 })

/** What stories end in, and how many moves they made. */
async function play(process: typeof sample, numRuns: number): Promise<{ moves: number; ends: string[] }> {
  let moves = 0
  const ends = new Set<string>()
  const property = fc.asyncProperty(story, async (choices) => {
    const played = await simulate(process, choices)
    moves += played.moves
    if (played.state.end) ends.add(played.state.end)
  })
  await fc.assert(property, { numRuns, seed: 20260105 })
  return { moves, ends: [...ends].sort() }
}

describe('simulated stories', () => {
  it('of the sample process keep every invariant and come to every end', async () => {
    const { moves, ends } = await play(sample, 500)
    expect(moves).toBeGreaterThan(8_000)
    expect(ends).toEqual(['done', 'dropped', 'moved', 'withdrawn'])
  }, 120_000)
})
