/** `npm run generate -- settlement`: a billing period from a seed. Without a subject: the database client (prisma/generate.mjs). */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createPool } from '../prisma/client.ts'
import { isPeriod } from '../domain/settlement/period.ts'
import { prismaFolder } from '../prisma/migrate/files.ts'
import { DEFAULT_DEPARTMENT, generateSettlement } from '../prisma/settlement/generate.ts'
import { loadConfig, loadDotEnv } from '../worker/config/config.ts'
import { runningStack, withRunning } from '../worker/config/running.ts'

const usage = `npm run generate                              the database client from prisma/schema.prisma
npm run generate -- settlement [options]      agents with schemes, and the user records of a billing period

  --rows <n>           user records (default: 1000000)
  --agents <n>         agents (default: 500); the first has the most users, the n-th about 1/n of them
  --seed <n>           the same seed gives the same rows (default: 1)
  --period <yyyy-mm>   billing period (default: 2026-10)
  --department <id>    market department (default: ${DEFAULT_DEPARTMENT})

The database is that of a running \`npm start\` in this folder, or DATABASE_URL. Run again with the same seed it adds nothing.`

class UsageError extends Error {}

function whole(name: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value
  throw new UsageError(`--${name} must be a whole number from 1 to ${most}, not "${text}".`)
}

async function settlement(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      rows: { type: 'string', default: '1000000' },
      agents: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      period: { type: 'string', default: '2026-10' },
      department: { type: 'string', default: DEFAULT_DEPARTMENT },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return
  }
  if (!isPeriod(values.period)) throw new UsageError(`--period must be a month such as 2026-10, not "${values.period}".`)
  const options = {
    rows: whole('rows', values.rows, 50_000_000),
    agents: whole('agents', values.agents, 99_999),
    seed: whole('seed', values.seed, 999),
    period: values.period,
    department: values.department,
    log: (line: string) => console.log(line),
  }
  loadDotEnv()
  const env = withRunning(process.env, runningStack(loadConfig().PAIDAN_HOME))
  if (!env.DATABASE_URL)
    throw new UsageError('No database: run `npm start` in another terminal and wait until it is ready, or set DATABASE_URL.')
  const pool = createPool(loadConfig(env, { require: ['DATABASE_URL'] }).DATABASE_URL, { max: 2, applicationName: 'paidan-generate' })
  const began = performance.now()
  try {
    await generateSettlement(pool, options)
    console.log(`${((performance.now() - began) / 1000).toFixed(1)} s`)
  } finally {
    await pool.end()
  }
}

const [subject, ...rest] = process.argv.slice(2)
try {
  if (subject === undefined || subject === '--force')
    process.exitCode =
      spawnSync(process.execPath, [join(prismaFolder, 'generate.mjs'), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1
  else if (subject === 'settlement') await settlement(rest)
  else throw new UsageError(usage)
} catch (error) {
  const plain = error instanceof UsageError || /^ERR_PARSE_ARGS/.test(String((error as { code?: unknown }).code))
  console.error(plain ? (error as Error).message : error)
  process.exitCode = 1
}
