/** Stories: what happens in a world, as a list of numbers. From a seed comes a story; from one that breaks, a shorter one that still does. */
import { processes } from '../../workflows/processes.ts'
import type { Covered } from './covered.ts'
import type { Faults } from './engine/activities.ts'
import { Random } from './random.ts'
import { rows } from './record/rows.ts'
import { Broken, World } from './world.ts'

export { add, type Covered, nothingCovered } from './covered.ts'
export { calm, rough } from './engine/activities.ts'

export interface Told {
  covered: Covered
  /** What broke, and at which number of the story. */
  broken?: { what: string; at: number }
}

export interface Telling {
  /** Ids of the processes whose orders are started; else all. */
  only?: readonly string[] | undefined
  faults?: Faults
  /** Write every row of every table, and let the auditor look at each order in the end. */
  deep?: boolean
  says?: ((line: string) => void) | undefined
}

/** After so many numbers all comes to rest, and is looked over. */
const RESTS = 64

/** The story of a seed. */
export function storyOf(seed: number, length: number): number[] {
  const random = new Random(seed)
  return Array.from({ length }, () => random.next())
}

/** Tells a story from beginning to end, or until something breaks. */
export async function tell(story: readonly number[], { only, faults, deep = false, says }: Telling = {}): Promise<Told> {
  const world = new World({
    processes,
    only,
    ...(faults && { faults }),
    ...(says && { says }),
  })
  rows.deep = deep
  const { stackTraceLimit } = Error
  // Refusals are made by the thousand, and nobody reads where.
  Error.stackTraceLimit = 0
  let at = 0
  try {
    for (; at < story.length; at++) {
      await world.play(story[at]!)
      if (at % RESTS === RESTS - 1) await world.rest()
    }
    await world.rest()
    world.end()
    if (deep) await world.audit()
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { covered: world.covered, broken: { what: error.what, at } }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  return { covered: world.covered }
}

/** What broke, whichever order it was and whenever. */
const kindOf = (what: string): string =>
  what
    .replace(/\bo\d+[\w.:-]*/g, 'order')
    .replace(/[\w:-]+\.\d+\b/g, 'task')
    .replace(/[0-9a-f]{12,}|\d+/g, 'n')
    .slice(0, 60)

export interface Shrunk {
  story: number[]
  what: string
  tries: number
}

/**
 * A shorter story that breaks in the same way: first without its end, then without as many of its numbers as can be done without, large
 * pieces first. Always the same for the same story.
 */
export async function shrink(
  story: readonly number[],
  broken: NonNullable<Told['broken']>,
  telling: Telling = {},
  most = 400,
): Promise<Shrunk> {
  const kind = kindOf(broken.what)
  let best = story.slice(0, broken.at + 1)
  let { what } = broken
  let tries = 0
  const breaks = async (shorter: readonly number[]): Promise<boolean> => {
    tries++
    const told = await tell(shorter, { ...telling, says: undefined })
    if (!told.broken || kindOf(told.broken.what) !== kind) return false
    best = shorter.slice(0, told.broken.at + 1)
    what = told.broken.what
    return true
  }
  for (let size = best.length >> 1; size >= 1; size >>= 1)
    for (let more = true; more && tries < most; ) {
      more = false
      for (let from = Math.max(0, best.length - size); from >= 0 && tries < most; from -= size)
        if (await breaks([...best.slice(0, from), ...best.slice(from + size)])) more = size === 1
    }
  return { story: best, what, tries }
}
