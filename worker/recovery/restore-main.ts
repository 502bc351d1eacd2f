/** `npm run restore`: a backup back into the local stack. */
import { loadConfig, loadDotEnv } from '../config/config.ts'
import { readArguments, runProgram } from './program.ts'
import { restore } from './restore.ts'

const usage = `npm run restore -- <folder> [--replace]

Puts a backup of npm run backup into its place, while npm start does not run. Every file is checked before anything is touched. A backup
of another major version of PostgreSQL, of another kind of processor or of a newer schema is refused.

  --replace  where there are data already: they are moved aside (….before-<instant>), not removed`

const next = {
  restored: 'Record and engine are of one moment: npm start goes on.',
  kept: 'The engine is newer than the record: npm run recover before npm start, and what was moved since the backup is recorded again.',
  none: 'There is no engine: npm start, and when it is ready npm run rehydrate -- --missing.',
} as const

runProgram(async () => {
  const read = readArguments(usage, { replace: { type: 'boolean' } })
  if (!read) return 0
  const [from] = read.positionals
  if (!from) throw new Error(usage)
  loadDotEnv()
  const { manifest, aside, engine } = await restore(from, {
    config: loadConfig(),
    replace: read.values.replace ?? false,
    log: console.error,
  })
  for (const folder of aside) console.log(`moved aside: ${folder}`)
  console.log(`The backup of ${manifest.at} is in its place: ${manifest.record.orders} orders, ${manifest.record.events} events.`)
  console.log(next[engine])
  return 0
})
