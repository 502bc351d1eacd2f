/** `npm run drill`: the drills of docs/recovery.md with as many orders as one likes, on servers of their own. */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

const usage = `npm run drill -- lost-engine | old-backup [--orders <n>]

  lost-engine  the engine's database is deleted with orders open; npm run rehydrate brings them back
  old-backup   the record is restored from an older backup; npm run recover records what was moved since

  --orders     default: 300

Starts a PostgreSQL and a Temporal server of its own, and leaves nothing. Exit code: 0 when everything held.`

const { values, positionals } = parseArgs({ allowPositionals: true, options: { orders: { type: 'string', default: '300' } } })
const [drill] = positionals
if ((drill !== 'lost-engine' && drill !== 'old-backup') || !(Number(values.orders) >= 8)) {
  console.error(usage)
  process.exit(2)
}
const env = { ...process.env, DRILL_ORDERS: values.orders, DATABASE_URL: '', TEMPORAL_ADDRESS: '' }
const vitest = spawn('npx', ['vitest', 'run', '--project', 'servers', `test/drills/${drill}.test.ts`], { env, stdio: 'inherit' })
vitest.once('exit', (code) => process.exit(code ?? 1))
