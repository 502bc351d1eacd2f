/** What the operator's programs of this folder share. */
import { readFileSync } from 'node:fs'
import { parseArgs, type ParseArgsConfig } from 'node:util'

/** The product's version; beside the sources or, after a build, one folder further up. */
export function productVersion(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { version: string }).version
    } catch {
      // Not here.
    }
  }
  return 'unknown'
}

/** Options and names; `--help` prints the usage and answers nothing. */
export function readArguments<const O extends NonNullable<ParseArgsConfig['options']>>(usage: string, options: O) {
  const parsed = parseArgs({ allowPositionals: true, options: { ...options, help: { type: 'boolean', short: 'h' } } })
  if (!(parsed.values as { help?: boolean }).help) return parsed
  console.log(usage)
  return undefined
}

/** Runs a program: its number is the exit code. What goes wrong is said as it is. */
export function runProgram(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 2
    },
  )
}
