/** `npm run recover`: what the engine has had since the backup that the record was restored from is recorded again. */
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { recover } from '../../activities/recover.ts'
import { specOf } from '../../domain/processes/index.ts'
import { createPool } from '../../prisma/client.ts'
import { rehydrate } from '../../prisma/recovery/rehydrate.ts'
import { loadConfig, loadDotEnv } from '../config/config.ts'
import { runningStack, withRunning } from '../config/running.ts'
import { temporalConnectionOptions } from '../config/temporal.ts'
import { revivalsOf } from '../engine/revivals.ts'

const usage = `npm run recover [-- --since <instant>] [--only-record]

After the record was restored from a backup that is older than the engine: looks into the engine's histories and records again, in
their order and with the plans of then, the moves that the record does not have. Then workflows that ended meanwhile because the
record did not fit go on. Safe to repeat and to interrupt.

Stop the API and the workers before (npm start: with PAIDAN_PARTS=servers), start them after.

  --since        look into workflows that ended after this, too. Default: an hour before the record's last move
  --only-record  start no workflow

Exit code: 0 when everything was recorded, 1 when something could not be.`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { since: { type: 'string' }, 'only-record': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const since = values.since === undefined ? undefined : Date.parse(values.since)
  if (Number.isNaN(since)) throw new Error(`--since must be an instant such as 2026-01-31T00:00:00Z, not "${values.since}".`)
  loadDotEnv()
  const env = withRunning(process.env, runningStack(loadConfig().PAIDAN_HOME))
  const config = loadConfig(env, { require: ['DATABASE_URL', 'TEMPORAL_ADDRESS'] })
  const pool = createPool(config.DATABASE_URL, { max: 4, applicationName: 'paidan-recover' })
  const connection = await Connection.connect(temporalConnectionOptions(config))
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    const engine = revivalsOf(new Client({ connection, namespace: config.TEMPORAL_NAMESPACE }), config.TASK_QUEUE)
    const done = await recover(
      { pool, engine },
      {
        since,
        signal: stop.signal,
        onProgress: ({ looked, moves }) => process.stderr.write(`${looked} histories looked into, ${moves} moves recorded\n`),
      },
    )
    for (const { order, error } of done.failed) console.log(`${order}: ${error}`)
    console.error(
      `${done.looked} histories: ${done.moves} moves of ${done.orders} orders recorded, ${done.pending} still being recorded by their workflows, ${done.failed.length} orders failed`,
    )
    if (values['only-record'] || stop.signal.aborted) return done.failed.length === 0 ? 0 : 1
    const brought = await rehydrate({ pool, engine, specOf }, { signal: stop.signal })
    for (const { order, error } of brought.failed) console.log(`${order}: ${error}`)
    const left = done.failed.length + brought.failed.length + brought.ahead.length
    console.error(`${brought.looked} open orders: ${brought.revived} started again, ${brought.told} relatives told, ${left} failed`)
    return left === 0 ? 0 : 1
  } finally {
    await connection.close()
    await pool.end()
  }
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  },
)
