/**
 * The product's code and the simulator as one module, in which the engine's SDK, the writing statement and the clock are models.
 * A patch is a change of one source as it is read: what is on disk stays as it is.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createHash } from 'node:crypto'
import { build, type Plugin } from 'vite'

/** `from` stands in `file` once; `to` takes its place. */
export interface Patch {
  file: string
  from: string
  to: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = (path: string) => join(root, 'test/dst', path)

const models: Readonly<Record<string, string>> = {
  '@temporalio/workflow': here('engine/sdk.ts'),
  '@temporalio/common': here('engine/failures.ts'),
  '@noble/hashes/sha2.js': here('native.ts'),
  '@noble/hashes/utils.js': here('native.ts'),
}

const CLOCK = 'workflowNow'
// eslint-disable-next-line no-template-curly-in-string -- it is source text
const HASHING = 'sha256(`${previous}\\n${canonical(event)}`)'

/** Puts the models in their places, and the patches. @throws Error where a patch fits nowhere */
function substitution(patches: readonly Patch[]): Plugin {
  const left = new Set(patches)
  return {
    name: 'models',
    enforce: 'pre',
    resolveId(source, importer) {
      if (models[source]) return models[source]
      const from = importer && relative(root, importer)
      if (source === './write.ts' && (from === 'activities/record.ts' || from === 'activities/move-rows.ts')) return here('record/write.ts')
      if (source === './move-rows.ts' && from === 'activities/record.ts') return here('record/rows.ts')
      return undefined
    },
    transform(code, id) {
      const file = relative(root, id)
      let text = code
      for (const patch of patches) {
        if (patch.file !== file) continue
        if (text.split(patch.from).length !== 2) throw new Error(`${file} does not have "${patch.from}" once: the patch no longer fits`)
        text = text.replace(patch.from, () => patch.to)
        left.delete(patch)
      }
      // A workflow's time is that of its task.
      if (/^workflows\/kit\/shell.*[.]ts$/.test(file) && text.includes('Date.now()'))
        text = `import { workflowNow as ${CLOCK} } from '@temporalio/workflow'\n${text.replaceAll('Date.now()', `${CLOCK}()`)}`
      // An event's hash is reckoned by the machine and by the recorder: the second time it is known already, where it is the same event.
      if (file === 'domain/order/hash.ts') {
        const [before, after, ...more] = text.split(HASHING)
        if (before === undefined || after === undefined || more.length > 0) throw new Error(`${file} does not have "${HASHING}" once`)
        text = `import { remembered } from '../../test/dst/native.ts'\n${before}remembered(previous, event, () => ${HASHING})${after}`
      }
      return text === code ? undefined : { code: text, map: null }
    },
    buildEnd() {
      const [patch] = left
      if (patch) throw new Error(`${patch.file} is not part of what is simulated`)
    },
  }
}

type Simulator = typeof import('./story.ts')

/** Builds and loads it. Each set of patches is a module of its own. */
export async function loadSimulator(patches: readonly Patch[] = []): Promise<Simulator> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [substitution(patches)],
    build: { ssr: here('story.ts'), write: false, minify: false, target: 'node20', rollupOptions: { output: { format: 'es' } } },
    ssr: { noExternal: [/temporal-polyfill/, /@noble/] },
  })
  const [result] = [built].flat()
  if (!result || !('output' in result)) throw new Error('nothing was built')
  const { code } = result.output[0]
  const folder = join(root, 'node_modules/.cache/paidan-dst')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`)
  writeFileSync(file, code)
  return (await import(pathToFileURL(file).href)) as Simulator
}
