/** What a browser loads before the first page is there, compressed; the pages themselves come when they are asked for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

interface Chunk {
  file: string
  css?: string[]
  imports?: string[]
  isEntry?: boolean
  src?: string
}

export const FIRST_LOAD_BUDGET_KB = 280

export interface FirstLoad {
  kb: number
  files: number
}

/** Of the console in `dir`, as somebody's first page there. @throws Error where it has no such page or language */
export function firstLoad(dir: string, page = 'work/work-page.tsx', lang = 'zh'): FirstLoad {
  const manifest = JSON.parse(readFileSync(join(dir, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>
  const first = [page, `texts/${lang}/index.ts`].map((src) => Object.values(manifest).find((chunk) => chunk.src === src))
  const chunks = [Object.values(manifest).find(({ isEntry }) => isEntry), ...first]
  const files = new Set<string>()
  const add = ({ file, css = [], imports = [] }: Chunk): void => {
    if (files.has(file)) return
    for (const one of [file, ...css]) files.add(one)
    for (const name of imports) add(manifest[name]!)
  }
  for (const chunk of chunks) {
    if (!chunk) throw new Error(`the console in ${dir} has no ${page} in ${lang}`)
    add(chunk)
  }
  const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dir, file))).length, 0)
  return { kb: bytes / 1024, files: files.size }
}
