/** The record and the engine of a running `npm start`, or as the environment says, for programs of operators. */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { createPool } from '../prisma/client.ts'
import { loadConfig, loadDotEnv } from '../worker/config/config.ts'
import { runningStack, withRunning } from '../worker/config/running.ts'

/** Said as it is, without a stack trace. */
export class UsageError extends Error {}

/** @throws UsageError when a part that is needed can't be found */
export function findConfig<const R extends 'DATABASE_URL' | 'TEMPORAL_ADDRESS'>(require: readonly R[]) {
  loadDotEnv()
  const env = withRunning(process.env, runningStack(loadConfig().PAIDAN_HOME))
  for (const name of require)
    if (!env[name]) throw new UsageError(`${name} is not set: run \`npm start\` in another terminal and wait until it is ready, or set it.`)
  return loadConfig(env, { require })
}

/** Connections to the record; whoever asked for them ends them. */
export const openRecord = (url: string, name: string) => createPool(url, { max: 4, applicationName: `paidan-${name}` })

/** Options of a program; `--help` prints the usage and answers nothing. @throws UsageError */
export function readOptions<const O extends NonNullable<ParseArgsConfig['options']>>(usage: string, options: O) {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
    if (!(values as { help?: boolean }).help) return values
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`)
  }
  console.log(usage)
  return undefined
}

/** Runs a program: its number is the exit code. */
export function run(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      console.error(error instanceof UsageError ? error.message : error)
      process.exitCode = 2
    },
  )
}
