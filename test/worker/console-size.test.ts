/** What a browser loads before the first page is there, compressed; the pages themselves come when they are asked for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

interface Chunk {
  file: string
  css?: string[]
  imports?: string[]
  isEntry?: boolean
  src?: string
}

const BUDGET_KB = 280
const dir = join('dist', 'web')

describe('the console as built', () => {
  it(`loads at most ${BUDGET_KB} KB for somebody's first page`, () => {
    const manifest = JSON.parse(readFileSync(join(dir, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>
    const entry = Object.values(manifest).find(({ isEntry }) => isEntry)
    const first = Object.values(manifest).filter(({ src }) => src === 'work/work-page.tsx' || src === 'texts/zh/index.ts')
    expect(entry).toBeDefined()
    expect(first).toHaveLength(2)
    const files = new Set<string>()
    const add = ({ file, css = [], imports = [] }: Chunk): void => {
      if (files.has(file)) return
      for (const one of [file, ...css]) files.add(one)
      for (const name of imports) add(manifest[name]!)
    }
    for (const chunk of [entry!, ...first]) add(chunk)
    const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dir, file))).length, 0)
    console.log(`first load: ${(bytes / 1024).toFixed(1)} KB compressed, ${files.size} files`)
    expect(bytes / 1024).toBeLessThanOrEqual(BUDGET_KB)
  })
})
