/**
 * Replays the histories of running orders with the code of today, for `npm run gate`. Takes the ids as JSON on its input, answers a line of
 * JSON for the code and one for each order: `{order}`, with `error` where the code goes another way, `missing` where the engine has none.
 */
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { Client, Connection } from '@temporalio/client'
import { Runtime } from '@temporalio/worker'
import type { History } from '../auditor/history.ts'
import { codeOf } from '../auditor/index.ts'
import { replay } from '../auditor/replay.ts'
import { bundleWorkflows } from '../bundle.ts'
import { loadConfig, loadDotEnv } from '../config/config.ts'
import { temporalConnectionOptions } from '../config/temporal.ts'
import { isForgotten } from '../engine/forgotten.ts'

/** Histories in memory at a time. */
const AT_ONCE = 25

loadDotEnv()
const config = loadConfig(process.env, { require: ['TEMPORAL_ADDRESS'] })
const logger = { log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
Runtime.install({ logger, telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } } })
const orders = JSON.parse(await text(process.stdin)) as string[]
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
const bundle = config.WORKFLOW_BUNDLE ? { codePath: config.WORKFLOW_BUNDLE } : { code: await bundleWorkflows() }
const code = await codeOf(bundle, version)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
say({ bundle: code.hash, version })
const connection = await Connection.connect(temporalConnectionOptions(config))
const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE })
for (let i = 0; i < orders.length; i += AT_ONCE) {
  const found: { order: string; history: History }[] = []
  for (const order of orders.slice(i, i + AT_ONCE)) {
    try {
      found.push({ order, history: await client.workflow.getHandle(order).fetchHistory() })
    } catch (error) {
      if (!isForgotten(error)) throw error
      say({ order, missing: true })
    }
  }
  const replayed = await replay(code, found)
  for (const [n, { error }] of replayed.entries()) say({ order: found[n]!.order, ...(error && { error }) })
}
await connection.close()
process.exit(0)
