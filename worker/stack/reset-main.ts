/** `npm run reset`: removes all local data, so that the next start begins anew. */
import { loadConfig, loadDotEnv } from '../config/config.ts'
import { reset } from './reset.ts'

try {
  loadDotEnv()
  const home = loadConfig().PAIDAN_HOME
  const removed = reset(home)
  console.log(removed.length > 0 ? `removed ${removed.join(' and ')}` : `nothing to remove in ${home}`)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
