/** Writes docs/processes: `npm run docs:processes`. A test compares what is committed with what this would write. */
import { mkdir, writeFile } from 'node:fs/promises'
import { processes } from '../workflows/processes.ts'
import { pages } from './tables/pages.ts'

const folder = new URL('../docs/processes/', import.meta.url)

await mkdir(folder, { recursive: true })
for (const [name, text] of await pages(processes)) await writeFile(new URL(name, folder), text)
process.stdout.write(`docs/processes: ${processes.length} processes written\n`)
