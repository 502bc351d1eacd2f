import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FIRST_LOAD_BUDGET_KB, firstLoad } from '../support/first-load.ts'

describe('the console as built', () => {
  it(`loads at most ${FIRST_LOAD_BUDGET_KB} KB for somebody's first page`, () => {
    const { kb, files } = firstLoad(join('dist', 'web'))
    console.log(`first load: ${kb.toFixed(1)} KB compressed, ${files} files`)
    expect(kb).toBeLessThanOrEqual(FIRST_LOAD_BUDGET_KB)
  })
})
