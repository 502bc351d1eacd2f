/**
 * `npm start`: the whole system on this machine, in one terminal. `npm run stack:production-like`: the same, with Temporal's production
 * server on PostgreSQL in place of its development server.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { demoLogins, seedDemo } from '../../prisma/seed/index.ts'
import { formatConfig, loadConfig, loadDotEnv } from '../config/config.ts'
import { variableNames } from '../config/variables.ts'
import { buildConsole } from './console.ts'
import { modulePath } from './process.ts'
import { runStack } from './run.ts'
import { stopOnSignals } from './signals.ts'
import { welcome } from './welcome.ts'

async function main(): Promise<void> {
  loadDotEnv()
  const config = loadConfig()
  const env = { ...process.env }
  // Built code brings its workflow bundle along.
  const bundle = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url))
  if (import.meta.url.endsWith('.js') && !env.WORKFLOW_BUNDLE && existsSync(bundle)) env.WORKFLOW_BUNDLE = bundle

  console.log(`Paidan 派单, data in ${config.PAIDAN_HOME}`)
  const set = Object.fromEntries(variableNames.filter((name) => env[name]?.trim()).map((name) => [name, config[name]]))
  if (Object.keys(set).length > 0) console.log(formatConfig(set).replaceAll(/^/gm, '  '))

  const programs = { worker: modulePath('../main', import.meta.url), api: modulePath('../../api/main', import.meta.url) }
  // Built code brings its console along; somebody's own folder is his to fill.
  const webConsole = import.meta.url.endsWith('.js') || env.CONSOLE_DIR?.trim() ? () => Promise.resolve(config.CONSOLE_DIR) : buildConsole
  const signal = stopOnSignals(console.log)
  const engine = process.argv.includes('--production-like') ? 'production' : 'development'
  await runStack({ config, engine, env, programs, console: webConsole, seed: seedDemo, out: console.log, signal }, (stack) => {
    console.log(`\n${welcome(stack, demoLogins, config.PAIDAN_HOME, performance.now() / 1000)}\n`)
  })
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
