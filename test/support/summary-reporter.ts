/**
 * Ends every run with one line that a machine can read: `N passed, N failed`.
 *
 * What is not a test but broke counts as failed too: a file that does not load, a hook, an unhandled rejection, a server that did not
 * start. A skipped test fails the run, because a run that skips proves less than it seems to; only a run narrowed with `-t` may skip.
 */
import { writeSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule, Vitest } from 'vitest/node'

export interface Tally {
  passed: number
  failed: number
  /** Full names of the tests that did not run. */
  skipped: string[]
}

/** Counts the tests, and everything else that failed. */
export function tally(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Tally {
  const counted: Tally = { passed: 0, failed: unhandled.length, skipped: [] }
  for (const module of modules) {
    if (module.errors().length > 0) counted.failed += 1
    for (const suite of module.children.allSuites()) if (suite.errors().length > 0) counted.failed += 1
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') counted.passed += 1
      else if (state === 'failed') counted.failed += 1
      else counted.skipped.push(`${module.relativeModuleId} > ${test.fullName}`)
    }
  }
  return counted
}

export default class SummaryReporter implements Reporter {
  private narrowed = false
  private counted: Tally | undefined

  onInit(vitest: Vitest): void {
    this.narrowed = vitest.config.testNamePattern !== undefined
    // The line must be the last one, after the servers are stopped and the other reporters are done.
    if (!vitest.config.watch) process.once('exit', (code) => this.print(code))
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counted = tally(modules, unhandled)
    if (!this.narrowed && counted.skipped.length > 0) {
      counted.failed += counted.skipped.length
      process.exitCode = 1
    }
    this.counted = counted
  }

  private print(code: number): void {
    const { passed, failed, skipped } = this.counted ?? { passed: 0, failed: 0, skipped: [] }
    const lines = this.narrowed ? [] : skipped.map((name) => `did not run: ${name}`)
    // An exit code without a failed test: nothing was found to run, the set-up broke, or the servers did not stop.
    lines.push(`${passed} passed, ${code !== 0 && failed === 0 ? 1 : failed} failed`)
    writeSync(1, `${lines.join('\n')}\n`)
  }
}
