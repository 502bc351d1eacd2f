/** `npm run bench`: what a move, telling of it and a settlement cost, as ratios to the least they could cost on the same servers in the same run. */
import { parseArgs } from 'node:util'
import { execSync } from 'node:child_process'
import { type LiveReport, liveText, measureLive } from './live.ts'
import { type Report, measure } from './measure.ts'
import { startServers } from './servers.ts'
import { measureSettlement, settlementText, type SettlementReport } from './settlement.ts'
import { measureVerify, verifyText } from './verify.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    moves: { type: 'string', default: '400' },
    seconds: { type: 'string', default: '15' },
    rows: { type: 'string', default: '1000000' },
    agents: { type: 'string', default: '500' },
    viewers: { type: 'string', default: '200' },
    /** moves, live, settlement or verify; all by default. */
    only: { type: 'string' },
  },
})
const wanted = (part: string) => values.only === undefined || values.only === part
const note = (line: string) => void process.stderr.write(`${line}\n`)

const verified = wanted('verify') ? await measureVerify({ seconds: Number(values.seconds), note }) : undefined
if (verified && !values.json) console.log(verifyText(verified))
if (values.only === 'verify') {
  if (values.json) console.log(JSON.stringify({ node: process.version, verified }, null, 2))
  process.exit(0)
}
const servers = await startServers()
let report: Report | undefined
let live: LiveReport | undefined
let settlement: SettlementReport | undefined
try {
  if (wanted('moves')) report = await measure(servers, { moves: Number(values.moves), seconds: Number(values.seconds), note })
  if (wanted('live')) live = await measureLive(servers, { viewers: Number(values.viewers), note })
  const { url, pool } = servers
  if (wanted('settlement'))
    settlement = await measureSettlement({ url, pool, rows: Number(values.rows), agents: Number(values.agents), note })
} finally {
  await servers.stop()
}
const commit = execSync('git rev-parse --short HEAD', { encoding: 'utf8' }).trim()
if (values.json) console.log(JSON.stringify({ commit, node: process.version, ...report, live, settlement, verified }, null, 2))
else
  console.log(
    [...(report ? [text(report)] : []), ...(live ? [liveText(live)] : []), ...(settlement ? [settlementText(settlement)] : [])].join('\n'),
  )

function text({ latency, history, commits, rungs, throughput }: Report): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`
  return [
    `move over HTTP        p50 ${ms(latency.move.p50)}  p99 ${ms(latency.move.p99)}   bare update + recording activity p50 ${ms(latency.bare.p50)}  p99 ${ms(latency.bare.p99)}   ratio p50 ${latency.ratio.toFixed(2)} (budget 1.30)`,
    `history per move      ${history.events.toFixed(1)} events (budget 13), ${Math.round(history.bytes)} bytes (budget 3072); over ${history.moves} moves of ${history.orders} whole orders, start included`,
    `transactions per move ${commits.toFixed(2)} writing (budget 1)`,
    `rung lateness         p50 ${ms(rungs.rung.p50)}  p99 ${ms(rungs.rung.p99)}   bare timer p50 ${ms(rungs.timer.p50)}  p99 ${ms(rungs.timer.p99)}   p99 above it ${ms(rungs.above)} (budget 250 ms); ${rungs.count} rungs`,
    `16 at once            ${throughput.moves.toFixed(0)} moves/s   bare ${throughput.bare.toFixed(0)}/s   ratio ${throughput.ratio.toFixed(2)}`,
  ].join('\n')
}
