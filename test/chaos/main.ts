/** `npm run chaos`: people work while the stack is killed under them; afterwards everything that they were told must be true. */
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stopOnInterrupt } from '../../cli/stop.ts'
import { type Report, summary } from './report.ts'
import { chaos, type ChaosOptions } from './run.ts'

const usage = `npm run chaos -- [options]

Twenty people of the demo data work with a stack of their own, in a folder of its own, while its parts are killed with -9, connections
are cut, statements slow, the disk full, clocks wrong and a worker frozen. What they are told is written down before they go on.
Afterwards: is all of it in the record, once; do record and engine agree; does every history verify?

  --moves <n>     acknowledged commands and reports (default: 10000)
  --kills <n>     kills (default: one for 50 moves)
  --seed <n>      what happens by chance (default: 1)
  --people <n>    people at work at a time (default: 20)
  --minutes <n>   end after so long at most (default: 90)
  --home <dir>    the folder; it stays afterwards (default: a new one, which goes unless something was found)
  --report        only look at what a run has left in --home
  --json          the report as a line of JSON at the end

Ctrl-C ends the run and reports what there is.
Exit code: 0, 1 when something was found, 2 when it could not be done.`

function readArguments(): (ChaosOptions & { json: boolean; keep: boolean }) | undefined {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: {
      moves: text,
      kills: text,
      seed: text,
      people: text,
      minutes: text,
      home: text,
      report: flag,
      json: flag,
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return undefined
  const number = (name: 'moves' | 'kills' | 'seed' | 'people' | 'minutes', usual: number): number => {
    const value = values[name] === undefined ? usual : Number(values[name])
    if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} must be a number, not "${values[name]}".`)
    return value
  }
  if (values.report && (!values.home || !existsSync(values.home))) throw new Error('--report looks at a folder that --home names.')
  const moves = number('moves', 10_000)
  return {
    moves,
    kills: number('kills', Math.ceil(moves / 50)),
    seed: number('seed', 1),
    people: number('people', 20),
    minutes: number('minutes', 90),
    home: values.home ?? mkdtempSync(join(tmpdir(), 'paidan-chaos-')),
    reportOnly: values.report,
    json: values.json,
    keep: values.home !== undefined,
  }
}

async function main(): Promise<number> {
  const options = readArguments()
  if (!options) {
    console.log(usage)
    return 0
  }
  const { signal, release } = stopOnInterrupt('Ending the run; what there is is looked at. Once more to stop at once.')
  const logFile = join(options.home, 'chaos.log')
  const log = (line: string) => {
    if (existsSync(options.home)) appendFileSync(logFile, `${new Date().toISOString()} ${line}\n`)
    if (!line.startsWith('    ')) console.log(line)
  }
  let report: Report | undefined
  try {
    report = await chaos(options, signal, log)
  } finally {
    release()
    if (report) for (const line of summary(report)) console.log(line)
    if (report && options.json) console.log(JSON.stringify(report))
    if (report?.findings.length === 0 && !options.keep) rmSync(options.home, { recursive: true, force: true })
    else console.log(`Logs, ledger and faults: ${options.home}`)
  }
  return report.findings.length === 0 ? 0 : 1
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error)
    process.exit(2)
  },
)
