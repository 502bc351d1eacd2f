/** `npm run simulate`: members of staff at work on the queues, through the HTTP API; demo and load. */
import { parseArgs } from 'node:util'
import { inGroup } from '../../domain/roles.ts'
import { demoPassword } from '../../prisma/seed/index.ts'
import { ConfigError, loadConfig, loadDotEnv } from '../../worker/config/config.ts'
import { runningStack } from '../../worker/config/running.ts'
import { stopOnInterrupt } from '../stop.ts'
import { Api, GaveUp } from './api.ts'
import { steadyHabits } from './choose.ts'
import type { Crew, Player } from './crew.ts'
import { UsageError, openOffice } from './office.ts'
import { Stats } from './stats.ts'
import { showStatus } from './status.ts'
import { verifyAll } from './verify.ts'
import { work } from './work.ts'

const usage = `npm run simulate -- [options]

Plays members of staff of the demo data: they log in, take what is offered, mostly complete it, sometimes refuse, return, suspend,
ask for more time, sign, dispatch. Where a process has no open order, somebody reports one.

  --people <n>     people at work at a time (default: 20)
  --minutes <n>    how long (default: 5; with --orders: until they are done)
  --process <ids>  what people report, by process, separated by commas (default: all that are reported)
  --orders <n>     stop when so many orders have come to their end
  --seed <n>       what happens by chance (default: 1)
  --speed <n>      1: ten seconds of thought before an action, 10: one second (default: as fast as they can)
  --url <url>      the API (default: of the running \`npm start\` in this folder)
  --only-open      report nothing: take on what is open, and stop when nothing is left that anybody could go on with
  --steady         nobody refuses, returns or strays: each does the next right thing
  --verify         afterwards: is every touched history unbroken, can every open order go on, is no resource held for nothing?

Exit code: 0, or 1 when the server was lost, an order stuck or the verification found something.`

interface Arguments {
  people: number
  minutes: number
  orders: number
  seed: number
  speed: number
  url: string
  verify: boolean
  onlyOpen: boolean
  steady: boolean
  process: readonly string[]
}

function readArguments(): Arguments | undefined {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      people: text,
      minutes: text,
      orders: text,
      seed: text,
      speed: text,
      url: text,
      process: text,
      verify: { type: 'boolean', default: false },
      'only-open': { type: 'boolean', default: false },
      steady: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  const number = (name: 'people' | 'minutes' | 'orders' | 'seed' | 'speed', least: number, most: number, whole: boolean, usual: number) => {
    const given = values[name]
    if (given === undefined) return usual
    const value = Number(given)
    if (given.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))) return value
    throw new UsageError(`--${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${given}".`)
  }
  return {
    people: number('people', 1, 500, true, 20),
    minutes: number('minutes', 0.05, 100_000, false, values.orders === undefined ? 5 : Number.POSITIVE_INFINITY),
    orders: number('orders', 1, 1_000_000, true, Number.POSITIVE_INFINITY),
    seed: number('seed', 0, 1_000_000, true, 1),
    speed: number('speed', 0.1, 1_000, false, Number.POSITIVE_INFINITY),
    url: values.url?.replace(/\/+$/, '') ?? runningUrl(),
    verify: values.verify,
    onlyOpen: values['only-open'],
    steady: values.steady,
    process: values.process?.split(',').filter((id) => id !== '') ?? [],
  }
}

function runningUrl(): string {
  loadDotEnv()
  const { PAIDAN_HOME: home } = loadConfig()
  const running = runningStack(home)
  if (!running)
    throw new UsageError(
      `Nothing runs in ${home}: run \`npm start\` in another terminal and wait until it is ready, or name the API with --url.`,
    )
  return running.url
}

async function main(): Promise<number> {
  const given = readArguments()
  if (!given) {
    console.log(usage)
    return 0
  }
  const { signal, release } = stopOnInterrupt('Finishing what is in flight. Once more to stop at once.')
  const over = new AbortController()
  const stop = AbortSignal.any([signal, over.signal])
  const stats = new Stats()
  const { office, claims, processes, failed } = await openOffice({
    url: given.url,
    stats,
    stop,
    speed: given.speed,
    ...(given.steady && { habits: steadyHabits }),
  })
  const { crew, observer } = office
  const unknown = given.process.filter((id) => !processes.some((process) => process.id === id))
  if (unknown.length > 0)
    throw new UsageError(`There is no process ${unknown.join(', ')}. Choose from ${processes.map(({ id }) => id).join(', ')}.`)
  const reported = processes.filter(({ id }) => given.process.length === 0 || given.process.includes(id))
  if (failed.length > 0) console.error(`Can't log in with the demo password, and so don't play: ${failed.join(', ')}`)
  console.log(`${crew.players.length} people known, ${given.people} at work at a time, at ${given.url}; seed ${given.seed}.`)

  // Longer than what a machine's step takes, or somebody's thought.
  const idle = 8_000 + (Number.isFinite(given.speed) ? 30_000 / given.speed : 0)
  const end = performance.now() + given.minutes * 60_000
  const done = () => {
    const nothingLeft = given.onlyOpen && stats.idleMs > idle
    if (!over.signal.aborted && (performance.now() >= end || stats.endedCount >= given.orders || nothingLeft)) over.abort()
    return stop.aborted
  }
  const watch = setInterval(done, 100)
  const status = showStatus(() => stats.line(given.people))
  let failure: unknown
  try {
    await work({ office, claims, people: given.people, seed: given.seed, processes: reported, onlyOpen: given.onlyOpen, done })
  } catch (error) {
    failure = error
    over.abort()
  }
  clearInterval(watch)
  status.stop()
  for (const line of [...stats.summary(), `people who did something: ${crew.workedCount}`]) console.log(line)
  if (failure !== undefined) console.error(failure instanceof GaveUp ? `The server does not answer: ${failure.message}` : failure)
  const sound = !given.verify || failure !== undefined || (await verified(given.url, crew, observer, stats))
  release()
  return failure !== undefined || !sound || stats.stuckCount > 0 ? 1 : 0
}

/** True when nothing was found. With a client of its own, since the run is over. */
async function verified(url: string, { players }: Crew, observer: Player, stats: Stats): Promise<boolean> {
  const api = new Api({ url, stats: new Stats(), stop: new AbortController().signal })
  const auditor = players.find(({ roles, region }) => inGroup(roles, 'auditor') && region === observer.region) ?? observer
  const session = await api.logIn(auditor.login, demoPassword)
  let now = ''
  const status = showStatus(() => `verifying: ${now}`)
  const { histories, events, open, problems } = await verifyAll(session, stats.orders, (text) => {
    now = text
  })
  status.stop()
  console.log(
    `verified ${histories} histories with ${events} events, looked at ${open} open orders: ${problems.length === 0 ? 'all is well' : `${problems.length} problems`}`,
  )
  for (const { order, what } of problems.slice(0, 20)) console.log(`  ${order} ${what}`)
  return problems.length === 0
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const plain =
      error instanceof UsageError ||
      error instanceof ConfigError ||
      error instanceof GaveUp ||
      /^ERR_PARSE_ARGS/.test(String((error as { code?: unknown }).code))
    console.error(plain ? (error as Error).message : error)
    process.exit(1)
  },
)
