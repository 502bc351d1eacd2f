/** `npm run backup`: the local stack into a folder. */
import { loadConfig, loadDotEnv } from '../config/config.ts'
import { backup } from './backup.ts'
import { productVersion, readArguments, runProgram } from './program.ts'

const usage = `npm run backup -- <folder>

Copies the local stack into a folder that is not there yet: the record, attachments, anchors; and, where npm start does not run, the
engine's database. While it runs the copy is of one moment all the same; the engine is left out then, since the record alone is enough to
start orders again (npm run rehydrate -- --missing).`

runProgram(async () => {
  const read = readArguments(usage, {})
  if (!read) return 0
  const [to] = read.positionals
  if (!to) throw new Error(usage)
  loadDotEnv()
  const began = performance.now()
  const { record, files, running, engine } = await backup(to, { config: loadConfig(), version: productVersion(), log: console.error })
  const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0)
  console.log(
    `${to}: ${record.orders} orders (${record.open} open) with ${record.events} events, last move ${record.lastMoveAt ?? 'never'}; ` +
      `${engine ? 'with' : 'without'} the engine${running ? ', which was running' : ''}; ` +
      `${Object.keys(files).length} files, ${(bytes / 1e6).toFixed(0)} MB, ${((performance.now() - began) / 1_000).toFixed(1)} s`,
  )
  return 0
})
