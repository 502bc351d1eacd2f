/**
 * Prints every process with its computed graph: `npm run processes` for people, `npm run -s processes -- --json` for programs.
 * Names (P-12, fault-level-1) narrow it down.
 */
import { parseArgs } from 'node:util'
import { processes } from '../workflows/processes.ts'
import { describe } from './tables/describe.ts'
import { processText } from './tables/terminal.ts'

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true })
  const unknown = positionals.filter((name) => !processes.some(({ spec }) => spec.no === name || spec.id === name))
  if (unknown.length > 0)
    throw new Error(`no process ${unknown.join(', ')}; there are ${processes.map(({ spec }) => `${spec.no} ${spec.id}`).join(', ')}`)
  const chosen = processes.filter(({ spec }) => positionals.length === 0 || positionals.includes(spec.no) || positionals.includes(spec.id))
  const tables = await Promise.all(chosen.map(describe))
  process.stdout.write(values.json ? `${JSON.stringify(tables, null, 1)}\n` : tables.map(processText).join('\n'))
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
