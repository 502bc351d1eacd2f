/** `npm run rehydrate`: workflows that are gone go on from the record. */
import { pino } from 'pino'
import { connectEngine } from '../api/engine.ts'
import { logAdminAlone } from '../prisma/admin-log.ts'
import { tellAll } from '../api/schedules/keep.ts'
import { rehydrate } from '../api/trust/rehydrate.ts'
import { processes } from '../workflows/processes.ts'
import { findConfig, openRecord, readOptions, run, UsageError } from './record.ts'
import { stopOnInterrupt } from './stop.ts'

const usage = `npm run rehydrate -- --order <id>[,<id>…] | --missing

Starts the workflows of open orders again from the record, where the engine has none: after its database was lost, or somebody ended
them. What runs is left alone. Safe to repeat and to interrupt.

  --order     these orders only (their children are orders of their own)
  --missing   every open order; the engine is told of all schedules again, too

Exit code: 0 when every order looked at runs, 1 when one could not be started.`

async function main(): Promise<number> {
  const options = readOptions(usage, { order: { type: 'string' }, missing: { type: 'boolean' } })
  if (!options) return 0
  if ((options.order === undefined) === (options.missing === undefined)) throw new UsageError(usage)
  const config = findConfig(['DATABASE_URL', 'TEMPORAL_ADDRESS'])
  const pool = openRecord(config.DATABASE_URL, 'rehydrate')
  const engine = connectEngine(config)
  const stop = stopOnInterrupt('Stopping; what was begun is finished. Run it again to go on.')
  const byId = new Map(processes.map((process) => [process.spec.id, process]))
  try {
    await engine.check()
    // What follows takes effect in the engine, so it is said before that it was asked for.
    await logAdminAlone(pool, { actor: 'cli', action: 'orders-rehydrated', subject: options.order ?? 'missing', at: new Date() })
    const done = await rehydrate(
      { pool, engine, processOf: (id) => byId.get(id) },
      {
        orders: options.order?.split(','),
        signal: stop.signal,
        onProgress: ({ looked, revived }) => process.stderr.write(`${looked} open orders looked at, ${revived} started again\n`),
      },
    )
    if (options.missing) await tellAll({ pool, engine, logger: pino({ level: 'warn' }) })
    for (const { order, error } of done.failed) console.log(`${order}: ${error}`)
    const { looked, revived, continued, told, failed } = done
    console.error(
      `${looked} open orders: ${revived} started again, ${looked - revived - failed.length} ran; ${continued} continuations opened, ${told} relatives told, ${failed.length} failed`,
    )
    return failed.length === 0 ? 0 : 1
  } finally {
    stop.release()
    await engine.close()
    await pool.end()
  }
}

run(main)
