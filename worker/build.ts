/** The second half of `npm run build`: the workflow bundle beside the emitted JavaScript. */
import { mkdir, writeFile } from 'node:fs/promises'
import { bundleWorkflows } from './bundle.ts'

const target = new URL('../dist/workflow-bundle.js', import.meta.url)
await mkdir(new URL('.', target), { recursive: true })
await writeFile(target, await bundleWorkflows())
