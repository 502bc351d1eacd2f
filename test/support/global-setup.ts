/** Starts the servers of a run (servers.ts) before its first test that needs one, and stops them after the last. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ProvidedContext } from 'vitest'
import type { TestProject } from 'vitest/node'
import { buildConsole } from '../../worker/stack/console.ts'
import type { Message } from './servers.ts'

declare module 'vitest' {
  // What `inject('…')` gives to a test file of the project `servers`.
  export interface ProvidedContext {
    /** Administrator's URL of the database `postgres`; a test takes its own database with createTestDatabase(). */
    databaseUrl: string
    /** Database with all migrations and the demo data. Nobody connects to it. */
    databaseTemplate: string
    temporalAddress: string
    /** File with the workflow code, for `workflowBundle: { codePath }`. */
    bundlePath: string
    /** Program of the time-skipping server, for `createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`. */
    testServerPath: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const child = fork(fileURLToPath(new URL('./servers.ts', import.meta.url)), {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    execArgv: ['--import', 'tsx'],
  })
  // Once, so that no two stacks of the run build it at the same time.
  await buildConsole()
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const message = await Promise.race([
    new Promise<Message>((resolve) => child.once('message', resolve)),
    exited.then((code): Message => ({ failed: `the program ended with code ${code}` })),
  ])
  if ('failed' in message) {
    await exited
    throw new Error(`The test servers did not start. ${message.failed}`)
  }
  for (const [key, value] of Object.entries(message.provided)) project.provide(key as keyof ProvidedContext, value)
  return async () => {
    child.disconnect()
    // The runner only prints an error of the teardown; the run must fail.
    if ((await exited) !== 0) process.exitCode = 1
  }
}
