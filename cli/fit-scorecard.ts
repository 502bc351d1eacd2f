/** `npm run fit-scorecard`: a scorecard of leaving from the customers in the record; a person releases it. */
import { parseArgs } from 'node:util'
import { createPool } from '../prisma/client.ts'
import { loadConfig, loadDotEnv } from '../worker/config/config.ts'
import { runningStack, withRunning } from '../worker/config/running.ts'
import { cardLines, fit, FitError, fitLines } from './retention/fit.ts'

const usage = `npm run fit-scorecard -- --as <login> [options]

Fits a points card to the customers of whom it is known whether they left (npm run import -- customers), measures it on a third that
it has not seen, and saves it as a draft.

  --as <login>         in whose name: an analyst or a director of the key-account centre
  --id <model>         model (default: churn-card); each fit after a release is its next version
  --seed <n>           which third is held out (default: 1)
  --release            put it in force: runs from now on go by it
  --show               print the whole card

The database is that of a running \`npm start\` in this folder, or DATABASE_URL.`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      as: { type: 'string' },
      id: { type: 'string', default: 'churn-card' },
      seed: { type: 'string', default: '1' },
      release: { type: 'boolean', default: false },
      show: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return
  }
  if (values.as === undefined) throw new FitError(usage)
  if (!/^\d{1,9}$/.test(values.seed)) throw new FitError(`--seed must be a whole number from 0, not "${values.seed}".`)
  if (!/^[a-z0-9-]{1,60}$/.test(values.id)) throw new FitError(`--id must be 1 to 60 of a-z, 0-9 and -, not "${values.id}".`)
  loadDotEnv()
  const env = withRunning(process.env, runningStack(loadConfig().PAIDAN_HOME))
  if (!env.DATABASE_URL)
    throw new FitError('No database: run `npm start` in another terminal and wait until it is ready, or set DATABASE_URL.')
  const pool = createPool(loadConfig(env, { require: ['DATABASE_URL'] }).DATABASE_URL, { max: 2, applicationName: 'paidan-fit' })
  try {
    const fitted = await fit(pool, { login: values.as, id: values.id, seed: Number(values.seed), release: values.release })
    for (const line of [...(values.show ? cardLines(fitted.card) : []), ...fitLines(values.id, fitted)]) console.log(line)
  } finally {
    await pool.end()
  }
}

main().catch((error: unknown) => {
  const plain = error instanceof FitError || /^ERR_PARSE_ARGS/.test(String((error as { code?: unknown }).code))
  console.error(plain ? (error as Error).message : error)
  process.exitCode = 1
})
