/** Seeded stories over everything but the servers: whatever goes wrong, the invariants hold; and bugs put in on purpose are found. */
import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { bugs } from './bugs.ts'
import { loadSimulator } from './bundle.ts'

type Simulator = Awaited<ReturnType<typeof loadSimulator>>

const SEEDS = 1_000
const LENGTH = 64

let simulator: Simulator

beforeAll(async () => {
  simulator = await loadSimulator()
})

/** The first of the seeds that breaks, and how. */
async function firstBroken({ tell, storyOf }: Simulator, seeds: number, length: number, only?: readonly string[]) {
  for (let seed = 1; seed <= seeds; seed++) {
    const { broken } = await tell(storyOf(seed, length), { only, deep: true })
    if (broken) return { seed, ...broken }
  }
  return undefined
}

describe('simulated', () => {
  it(`${SEEDS} seeds keep every invariant`, async () => {
    const { add, nothingCovered, storyOf, tell } = simulator
    const covered = nothingCovered()
    for (let seed = 1; seed <= SEEDS; seed++) {
      const told = await tell(storyOf(seed, LENGTH), { deep: seed % 10 === 0 })
      expect(told.broken, `npm run dst -- --seed ${seed} --length ${LENGTH}`).toBeUndefined()
      add(covered, told.covered)
    }
    expect(covered.moves).toBeGreaterThan(15_000)
    expect(Object.keys(covered.processes)).toHaveLength(27)
  }, 180_000)

  it('the same seed tells the same story', async () => {
    const { storyOf, tell } = simulator
    const [first, again] = [await tell(storyOf(7, 300)), await tell(storyOf(7, 300))]
    expect(again).toEqual(first)
  })
})

describe('what breaks', () => {
  it('is told again, as short as it can be, and always the same', async () => {
    const bug = bugs.find(({ name }) => name.startsWith('late rungs'))!
    const { shrink, storyOf, tell } = await loadSimulator(bug.patches)
    const story = storyOf(1, 250)
    const { broken } = await tell(story)
    const shrunk = await shrink(story, broken!)
    expect(shrunk.what).toMatch(bug.caught)
    expect(shrunk.story.length).toBeLessThan(12)
    const again = await tell(shrunk.story)
    expect(again.broken?.what).toBe(shrunk.what)
    expect(await shrink(story, broken!)).toEqual(shrunk)
    // What shows the bug is whole without it.
    expect((await simulator.tell(shrunk.story)).broken).toBeUndefined()
  }, 60_000)

  it('is said with its seed, its story and a test; what holds is counted', () => {
    const dst = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'test/dst/main.ts', ...args], { encoding: 'utf8', timeout: 60_000 })
    const { status, stdout } = dst('--seeds', '3', '--length', '40', '--seed', '9')
    expect(stdout).toMatch(/^P-14 +graded-fault/m)
    expect(stdout).toMatch(/3 seeds, \d+ orders, \d+ moves; \d+ moves a minute/)
    expect(status).toBe(0)
    expect(dst('--only', 'no-such-process').stderr).toContain('there is no process no-such-process')
  }, 120_000)
})

describe('a bug put in on purpose is found:', () => {
  it.each(bugs.map((bug) => [bug.name, bug] as const))(
    '%s',
    async (_name, { patches, caught, only }) => {
      const broken = await firstBroken(await loadSimulator(patches), 100, 250, only)
      expect(broken?.what).toMatch(caught)
    },
    60_000,
  )
})
