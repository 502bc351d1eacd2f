import { ConfigError, formatConfig, loadConfig, loadDotEnv } from '../../worker/config/config.ts'
import { migrate } from './migrate.ts'

try {
  loadDotEnv()
  const { DATABASE_URL } = loadConfig(process.env, { require: ['DATABASE_URL'] })
  console.log(formatConfig({ DATABASE_URL }))
  const { applied } = await migrate(DATABASE_URL, { log: console.log })
  console.log(applied.length > 0 ? `${applied.length} applied` : 'nothing to apply')
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : `Migration failed. ${(error as Error).message}`)
  process.exitCode = 1
}
