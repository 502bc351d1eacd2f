/** `npm run rehydrate`: workflows that are gone go on from the record. */
import { pino } from 'pino'
import { connectEngine } from '../api/engine.ts'
import { logAdminAlone } from '../prisma/admin-log.ts'
import { tellAll } from '../api/schedules/keep.ts'
import { specOf } from '../domain/processes/index.ts'
import { rehydrate } from '../prisma/recovery/rehydrate.ts'
import { findConfig, openRecord, readOptions, run, UsageError } from './record.ts'
import { stopOnInterrupt } from './stop.ts'

const usage = `npm run rehydrate -- --order <id>[,<id>…] [--replace] | --missing | --all

Starts the workflows of open orders again from the record: state, journal, ends of children and facts from outside that were not
counted. Safe to repeat and to interrupt.

  --order     these orders only (their children are orders of their own)
  --missing   every open order of which the engine has no workflow: after its database was lost, or somebody ended them. What runs is
              left alone; the engine is told of all schedules again, too
  --all       every open order: also those that run are ended and go on from the record, with the code that is deployed now. After the
              engine came back from a backup older than the record; before, npm run gate says whether the code fits
  --replace   with --order: as --all, for these

Exit code: 0 when every order looked at runs, 1 when one could not be started.`

async function main(): Promise<number> {
  const options = readOptions(usage, {
    order: { type: 'string' },
    missing: { type: 'boolean' },
    all: { type: 'boolean' },
    replace: { type: 'boolean' },
  })
  if (!options) return 0
  const { order, missing, all, replace } = options
  if ([order, missing, all].filter((given) => given !== undefined).length !== 1) throw new UsageError(usage)
  if (replace && order === undefined) throw new UsageError(usage)
  const config = findConfig(['DATABASE_URL', 'TEMPORAL_ADDRESS'])
  const pool = openRecord(config.DATABASE_URL, 'rehydrate')
  const engine = connectEngine(config)
  const stop = stopOnInterrupt('Stopping; what was begun is finished. Run it again to go on.')
  const began = performance.now()
  try {
    await engine.check()
    // What follows takes effect in the engine, so it is said before that it was asked for.
    await logAdminAlone(pool, { actor: 'cli', action: 'orders-rehydrated', subject: options.order ?? 'missing', at: new Date() })
    const done = await rehydrate(
      { pool, engine: engine.revivals, specOf },
      {
        orders: order?.split(','),
        replace: all || replace,
        signal: stop.signal,
        onProgress: ({ looked, revived }) => process.stderr.write(`${looked} open orders looked at, ${revived} started again\n`),
      },
    )
    if (!order) await tellAll({ pool, engine, logger: pino({ level: 'warn' }) })
    for (const id of done.ahead) console.log(`${id}: the engine has had moves of it that the record does not have: npm run recover`)
    for (const failed of done.failed) console.log(`${failed.order}: ${failed.error}`)
    const { looked, revived, continued, told, ahead, failed } = done
    const left = failed.length + ahead.length
    const seconds = ((performance.now() - began) / 1_000).toFixed(1)
    console.error(
      `${looked} open orders: ${revived} started again, ${looked - revived - left} ran; ${continued} continuations opened, ${told} relatives told, ${left} failed (${seconds} s)`,
    )
    return left === 0 ? 0 : 1
  } finally {
    stop.release()
    await engine.close()
    await pool.end()
  }
}

run(main)
