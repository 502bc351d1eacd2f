/** `npm run bench`: what a move, telling of it, pages and a settlement cost, as ratios to the least they could cost on the same servers in the same run. */
import { parseArgs } from 'node:util'
import { execSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { buildConsole } from '../../worker/stack/console.ts'
import { FIRST_LOAD_BUDGET_KB, firstLoad } from '../support/first-load.ts'
import { engineText, measureEngine } from './engine.ts'
import { gateText, measureGate } from './gate.ts'
import { liveText, measureLive } from './live.ts'
import { type Report, measure } from './measure.ts'
import { measurePages, pagesText } from './pages.ts'
import { measureScroll, scrollText } from './scroll.ts'
import { type Servers, startServers } from './servers.ts'
import { measureSettlement, settlementText } from './settlement.ts'
import { measureStorm, stormText } from './storm.ts'
import { measureVerify, verifyText } from './verify.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    moves: { type: 'string', default: '400' },
    seconds: { type: 'string', default: '15' },
    rows: { type: 'string', default: '1000000' },
    agents: { type: 'string', default: '500' },
    kills: { type: 'string', default: '10' },
    orders: { type: 'string', default: '1000' },
    /** Rows of the lane that is scrolled. */
    lane: { type: 'string', default: '10000' },
    viewers: { type: 'string', default: '200' },
    /** Numbers of open orders, from small to large. */
    sizes: { type: 'string', default: '1000,100000,1000000' },
    rounds: { type: 'string', default: '100' },
    /** Folder in which what `pages` writes stays for the next run. */
    data: { type: 'string' },
    /** The name of one bench; all by default. */
    only: { type: 'string' },
  },
})
const note = (line: string) => void process.stderr.write(`${line}\n`)

interface Found {
  report: unknown
  text: string
}

/** Those of one row share their servers. */
const shared: Readonly<Record<string, (servers: Servers) => Promise<Found>>> = {
  async moves(servers) {
    const report = await measure(servers, { moves: Number(values.moves), seconds: Number(values.seconds), note })
    return { report, text: movesText(report) }
  },
  async live(servers) {
    const report = await measureLive(servers, { viewers: Number(values.viewers), note })
    return { report, text: liveText(report) }
  },
  async engine(servers) {
    const sizes = { moves: Number(values.moves), kills: Number(values.kills), orders: Number(values.orders) }
    const report = await measureEngine(servers, { ...sizes, note })
    return { report, text: engineText(report) }
  },
  async storm(servers) {
    const report = await measureStorm(servers, { orders: Number(values.orders), note })
    return { report, text: stormText(report) }
  },
  async settlement({ url, pool }) {
    const report = await measureSettlement({ url, pool, rows: Number(values.rows), agents: Number(values.agents), note })
    return { report, text: settlementText(report) }
  },
}

/** These start what they need. */
const alone: Readonly<Record<string, () => Promise<Found>>> = {
  async verify() {
    const report = await measureVerify({ seconds: Number(values.seconds), note })
    return { report, text: verifyText(report) }
  },
  async gate() {
    const report = await measureGate({ seconds: Number(values.seconds), note })
    return { report, text: gateText(report) }
  },
  async load() {
    await buildConsole()
    const report = firstLoad(join('dist', 'web'))
    return {
      report,
      text: `first load            ${report.kb.toFixed(1)} KB compressed, ${report.files} files (budget ${FIRST_LOAD_BUDGET_KB} KB)`,
    }
  },
  async scroll() {
    const report = await measureScroll({ rows: Number(values.lane), note })
    return { report, text: scrollText(report) }
  },
  async pages() {
    const report = await measurePages({
      sizes: values.sizes.split(',').map(Number),
      rounds: Number(values.rounds),
      data: values.data,
      note,
    })
    return { report, text: pagesText(report) }
  },
}

const names = [...Object.keys(shared), ...Object.keys(alone)]
if (values.only !== undefined && !names.includes(values.only)) throw new Error(`--only is one of ${names.join(', ')}`)
const wanted = names.filter((name) => values.only === undefined || values.only === name)
const load = loadavg()[0]!
const found: Record<string, Found> = {}
if (wanted.some((name) => name in shared)) {
  const servers = await startServers()
  try {
    for (const name of wanted) if (shared[name]) found[name] = await shared[name](servers)
  } finally {
    await servers.stop()
  }
}
for (const name of wanted) if (alone[name]) found[name] = await alone[name]()

const commit = execSync('git rev-parse --short HEAD', { encoding: 'utf8' }).trim()
const loads = { before: load, after: loadavg()[0]! }
if (values.json) {
  const { moves, ...reports } = Object.fromEntries(Object.entries(found).map(([name, { report }]) => [name, report]))
  console.log(JSON.stringify({ commit, node: process.version, loads, ...(moves as Report | undefined), ...reports }, null, 2))
} else {
  console.log(`${commit}, Node ${process.version}, load ${loads.before.toFixed(1)} before, ${loads.after.toFixed(1)} after`)
  console.log(
    Object.values(found)
      .map(({ text }) => text)
      .join('\n'),
  )
}

function movesText({ latency, history, commits, rungs, throughput }: Report): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`
  return [
    `move over HTTP        p50 ${ms(latency.move.p50)}  p99 ${ms(latency.move.p99)}   bare update + recording activity p50 ${ms(latency.bare.p50)}  p99 ${ms(latency.bare.p99)}   ratio p50 ${latency.ratio.toFixed(2)} (budget 1.30)`,
    `history per move      ${history.events.toFixed(1)} events (budget 13), ${Math.round(history.bytes)} bytes (budget 3072); over ${history.moves} moves of ${history.orders} whole orders, start included`,
    `transactions per move ${commits.toFixed(2)} writing (budget 1)`,
    `rung lateness         p50 ${ms(rungs.rung.p50)}  p99 ${ms(rungs.rung.p99)}   bare timer p50 ${ms(rungs.timer.p50)}  p99 ${ms(rungs.timer.p99)}   p99 above it ${ms(rungs.above)} (budget 250 ms); ${rungs.count} rungs`,
    `16 at once            ${throughput.moves.toFixed(0)} moves/s   bare ${throughput.bare.toFixed(0)}/s   ratio ${throughput.ratio.toFixed(2)}`,
  ].join('\n')
}
