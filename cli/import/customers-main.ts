/** `npm run import -- customers <file>`: customers with what they have and pay, as history and for the models of retention. */
import { parseArgs } from 'node:util'
import { createPool } from '../../prisma/client.ts'
import { stopOnInterrupt } from '../stop.ts'
import { InputError } from './csv.ts'
import { SOURCE } from './customers-record.ts'
import { type CustomerSummary, importCustomers } from './import-customers.ts'
import { createProgress, duration } from './progress.ts'
import { writeRejects } from './rejects.ts'

export const customersUsage = `npm run import -- customers <file> [options]

Writes one customer with his profile for each row of a list (customerID, tenure, Contract, …, Churn) as CSV in UTF-8 or GB18030.
Who left is history: he is needed to fit scorecards. Run again, it goes on where it was: whoever is there stays as he is, unless --update
says that the list is a later one.

  --update             take over what the list says of customers who are there, and who of them has left since
  --rejects <file>     where rows that can't be imported are listed with line and reason (default: rejects-${SOURCE}.csv)
  --dry-run            check everything, change nothing

The database is that of a running \`npm start\` in this folder, or DATABASE_URL.
Exit code: 0 when every customer of the list is there, 1 otherwise.`

/** @returns the exit code */
export async function runCustomers(argv: string[], databaseUrl: () => string): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      rejects: { type: 'string', default: `rejects-${SOURCE}.csv` },
      'dry-run': { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(customersUsage)
    return 0
  }
  const [path, more] = positionals
  if (path === undefined || more !== undefined) throw new InputError(customersUsage)
  const pool = createPool(databaseUrl(), { max: 2, applicationName: 'paidan-import' })
  const began = performance.now()
  const { signal, release } = stopOnInterrupt('Finishing the batch in flight. Once more to stop at once.')
  let progress: ReturnType<typeof createProgress> | undefined
  try {
    const summary = await importCustomers(pool, {
      path,
      stop: signal,
      dryRun: values['dry-run'],
      update: values.update,
      onProgress: (done, all, rejected) => {
        progress ??= createProgress(all)
        progress.update(done, rejected)
      },
    })
    progress?.stop()
    writeRejects(values.rejects, summary.rejects)
    const seconds = (performance.now() - began) / 1000
    for (const line of customerLines(summary, { rejects: values.rejects, seconds, dryRun: values['dry-run'] })) console.log(line)
    return summary.rejected > 0 || signal.aborted ? 1 : 0
  } finally {
    progress?.stop()
    release()
    await pool.end()
  }
}

/** What an import says at its end. */
export function customerLines(
  { read, written, existing, updated, rejected, left }: CustomerSummary,
  { rejects, seconds, dryRun }: { rejects: string; seconds: number; dryRun: boolean },
): string[] {
  const counts = `read ${read}, written ${written}, already there ${existing}${updated > 0 ? ` (${updated} of them changed)` : ''}, rejected ${rejected}`
  if (dryRun) return [`Nothing changed: ${counts}, to write ${left}`, ...(rejected > 0 ? [`The rejected rows are in ${rejects}.`] : [])]
  return [
    `${counts}${left > 0 ? `, left ${left}` : ''}, in ${duration(seconds)}`,
    ...(rejected > 0
      ? [`${rejected} ${rejected === 1 ? 'row' : 'rows'} with a reason in ${rejects}: correct them and run the same command again.`]
      : []),
    ...(left > 0 ? ['Run the same command again: it goes on with what is left.'] : []),
  ]
}
