/** `npm run recover`: what the engine has had since the backup that the record was restored from is recorded again. */
import { Client, Connection } from '@temporalio/client'
import { recover } from '../../activities/recover.ts'
import { specOf } from '../../domain/processes/index.ts'
import { createPool } from '../../prisma/client.ts'
import { migrate } from '../../prisma/migrate/index.ts'
import { rehydrate } from '../../prisma/recovery/rehydrate.ts'
import type { Config } from '../config/config.ts'
import { temporalConnectionOptions } from '../config/temporal.ts'
import { revivalsOf } from '../engine/revivals.ts'
import { readArguments, runProgram } from './program.ts'
import { withServers } from './servers.ts'

const usage = `npm run recover [-- --since <instant>] [--only-record] [--live]

After the record was restored from a backup that is older than the engine: looks into the engine's histories and records again, in
their order and with the plans of then, the moves that the record does not have. Then workflows that ended meanwhile because the
record did not fit go on. Safe to repeat and to interrupt.

API and workers have to stand still before. Where npm start does not run, the local servers are started for as long as it takes.

  --since        look into workflows that ended after this, too. Default: an hour before the record's last move
  --only-record  start no workflow
  --live         also while npm start runs

Exit code: 0 when everything was recorded, 1 when something could not be, 2 when it could not be done.`

interface Options {
  since: number | undefined
  onlyRecord: boolean
}

async function work(config: Config & { DATABASE_URL: string; TEMPORAL_ADDRESS: string }, { since, onlyRecord }: Options): Promise<number> {
  await migrate(config.DATABASE_URL)
  const pool = createPool(config.DATABASE_URL, { max: 4, applicationName: 'paidan-recover' })
  const connection = await Connection.connect(temporalConnectionOptions(config))
  const stop = new AbortController()
  const { signal } = stop
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  try {
    const engine = revivalsOf(new Client({ connection, namespace: config.TEMPORAL_NAMESPACE }), config.TASK_QUEUE)
    const onProgress = ({ looked, moves }: { looked: number; moves: number }) =>
      process.stderr.write(`${looked} histories looked into, ${moves} moves recorded\n`)
    const { looked, moves, orders, pending, failed } = await recover({ pool, engine }, { since, signal, onProgress })
    for (const { order, error } of failed) console.log(`${order}: ${error}`)
    console.error(
      `${looked} histories: ${moves} moves of ${orders} orders recorded, ${pending} still being recorded by their workflows, ${failed.length} orders failed`,
    )
    if (onlyRecord || signal.aborted) return failed.length === 0 ? 0 : 1
    const brought = await rehydrate({ pool, engine, specOf }, { signal })
    for (const { order, error } of brought.failed) console.log(`${order}: ${error}`)
    const left = brought.failed.length + brought.ahead.length
    console.error(`${brought.looked} open orders: ${brought.revived} started again, ${brought.told} relatives told, ${left} failed`)
    return left + failed.length === 0 ? 0 : 1
  } finally {
    await connection.close()
    await pool.end()
  }
}

runProgram(async () => {
  const read = readArguments(usage, { since: { type: 'string' }, 'only-record': { type: 'boolean' }, live: { type: 'boolean' } })
  if (!read) return 0
  const { since, 'only-record': onlyRecord = false, live = false } = read.values
  const at = since === undefined ? undefined : Date.parse(since)
  if (Number.isNaN(at)) throw new Error(`--since must be an instant such as 2026-01-31T00:00:00Z, not "${since}".`)
  return withServers({ live, log: (line) => process.stderr.write(`${line}\n`) }, (config) => work(config, { since: at, onlyRecord }))
})
