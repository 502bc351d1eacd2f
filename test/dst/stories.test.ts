/** Stories as `npm run dst` tells them when something breaks: each once broke, and holds since. */
import { expect, it } from 'vitest'
import { loadSimulator } from './bundle.ts'

const { tell } = await loadSimulator()

async function keeps(story: readonly number[], how: { only?: readonly string[]; deep?: boolean } = {}): Promise<void> {
  expect((await tell(story, how)).broken).toBeUndefined()
}

it('an order is opened, taken and looked over', () => keeps([1, 2, 3], { deep: true }))
